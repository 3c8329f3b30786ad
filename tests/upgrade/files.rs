//! Whole files: deleted, added, emptied, ignored, written once.

use super::case::{case, file};

/// Row 28.
#[test]
fn a_file_that_the_template_drops_goes_when_it_is_untouched() {
    case(&[("a", "a\n"), ("d/b", "b\n")], &[])
        .upgrade()
        .done()
        .gone("a")
        .gone("d")
        .says("removed");
}

/// Row 29.
#[test]
fn a_file_that_the_template_drops_and_ours_edited_is_kept_as_a_conflict() {
    case(&[("f", "a\n")], &[])
        .edit("f", "ours\n")
        .upgrade()
        .conflict("UD f")
        .is("f", "ours\n")
        .says("f: the template deletes it, you changed it");
}

/// Row 30.
#[test]
fn an_empty_file_that_the_template_drops_and_ours_filled_is_kept_as_a_conflict() {
    case(&[("d/__init__.py", "")], &[])
        .edit("d/__init__.py", "ours\n")
        .upgrade()
        .conflict("UD d/__init__.py")
        .is("d/__init__.py", "ours\n");
}

/// Rows 31 and 107.
#[test]
fn a_file_that_ours_deleted_stays_deleted_and_is_named() {
    let why = "you deleted it, and the template changed it";
    let case = case(&[("f", "a\n")], &[("f", "b\n")]).delete("f").commit();
    case.run("upgrade --from ../cat --yes --dry-run --json")
        .done()
        .says(&format!("\"detail\": \"{why}\""))
        .upgrade()
        .done()
        .gone("f")
        .says(&format!("kept yours: f ({why})"));
}

/// Row 31.
#[test]
fn a_file_that_ours_deleted_and_theirs_left_alone_is_no_news() {
    case(&[("f", "a\n")], &[("f", "a\n")])
        .delete("f")
        .upgrade()
        .done()
        .gone("f")
        .silent_about("f (you");
}

/// Row 32: what you deleted stays deleted, and `--ask` offers it.
#[test]
fn a_file_written_once_stays_deleted() {
    let once = |theirs, said: &str| {
        case(&[("f", "a\n")], &[("f", theirs)])
            .asking("once: [f]\n", "once: [f]\n")
            .delete("f")
            .upgrade()
            .done()
            .gone("f")
            .says(said)
            .commit()
    };
    once("b\n", "f: you deleted it")
        .run("upgrade --yes --from ../cat")
        .done()
        .gone("f");
    once("a\n", "")
        .run("upgrade --ask --yes --from ../cat")
        .done()
        .is("f", "a\n");
    // A new one is written all the same.
    case(&[], &[("f", "a\n")])
        .asking("", "once: [f]\n")
        .upgrade()
        .done()
        .is("f", "a\n");
}

/// It stays where it stands, also where the template needs its place for a folder, or that of its folder for a file.
#[test]
fn a_file_written_once_makes_no_room() {
    let in_the_way = |base: &str, theirs: &str| {
        let case = case(&[(base, "mine\n")], &[(theirs, "new\n")]);
        let case = case.asking(&format!("once: ['{base}']\n"), "");
        let dry = case
            .make()
            .commit()
            .run("upgrade --dry-run --yes --from ../cat")
            .code(3);
        dry.upgrade().code(3).is(base, "mine\n")
    };
    in_the_way("p", "p/in").is("p.theirs/in", "new\n");
    in_the_way("p/in", "p").is("p.theirs", "new\n");
}

/// Row 32.
#[test]
fn a_file_written_once_is_never_touched_again() {
    let once = |base, theirs, ours: &str, said: &str| {
        case(base, theirs)
            .asking("once: [f]\n", "once: [f]\n")
            .edit("f", ours)
            .upgrade()
            .done()
            .is("f", ours)
            .says(said)
            .status("");
    };
    let kept = "kept yours: f (written once";
    once(&[("f", "a\n")], &[("f", "b\n")], "a\n", kept);
    once(&[("f", "a\n")], &[("f", "b\n")], "ours\n", kept);
    once(&[("f", "a\n")], &[], "a\n", "");
}

/// Row 46: the nearest that we have to a path which a release excludes.
#[test]
fn a_file_that_becomes_written_once_stays_as_it_is() {
    case(&[("f", "a\n")], &[("f", "b\n")])
        .asking("", "once: [f]\n")
        .upgrade()
        .done()
        .is("f", "a\n")
        .status("");
}

/// Row 33.
#[test]
fn a_file_that_both_deleted_is_nothing() {
    case(&[("f", "a\n"), ("g", "")], &[("g", "")])
        .delete("f")
        .upgrade()
        .done()
        .status("")
        .says("only .ixd-template.yml is written");
}

/// Row 34.
#[test]
fn a_folder_that_the_template_drops_keeps_the_users_files() {
    case(&[("d/a", "a\n"), ("d/e/b", "b\n")], &[])
        .edit("d/own", "own\n")
        .upgrade()
        .done()
        .gone("d/a")
        .gone("d/e")
        .is("d/own", "own\n")
        .says("d/own");
}

/// Row 35.
#[test]
fn only_the_very_path_is_deleted() {
    let odd = [
        ("*", ""),
        ("!a", ""),
        ("a b", ""),
        ("it's \"q\"", ""),
        ("[ab]", ""),
        ("#c", ""),
        ("-r", ""),
        (":(top)a", ""),
        ("ü", ""),
    ];
    let case = case(&odd, &[]);
    let own = ["a", "b", "ab", "c", "aü", "it's"];
    let case = own.iter().fold(case, |case, own| case.edit(own, "own\n"));
    let case = case.upgrade().done();
    for (path, _) in odd {
        assert!(!case.path(path).exists(), "{path}");
    }
    own.iter().fold(case, |case, own| case.is(own, "own\n"));
}

/// Row 36.
#[test]
fn the_same_file_added_by_both_is_nothing() {
    case(&[], &[("f", "a\n")])
        .edit("f", "a\n")
        .upgrade()
        .done()
        .status("")
        .says("only .ixd-template.yml is written");
}

/// Row 37.
#[test]
fn different_files_added_by_both_are_a_conflict() {
    case(&[], &[("f", "theirs\n")])
        .edit("f", "ours\n")
        .upgrade()
        .conflict("AA f")
        .holds("f", &["ours\n", "theirs\n", "<<<<<<< yours\n"]);
}

/// Row 38.
#[test]
fn a_file_that_git_ignores_is_never_written_over() {
    case(
        &[(".gitignore.tera", "f\n")],
        &[(".gitignore.tera", "f\n"), ("f", "theirs\n")],
    )
    .edit("f", "ours\n")
    .upgrade()
    .conflict("")
    .is("f", "ours\n")
    .is("f.theirs", "theirs\n")
    .says("f: already there, with other content")
    .says("the template's version is in f.theirs");
}

/// Row 38.
#[test]
fn a_file_that_git_does_not_know_is_never_written_over() {
    case(&[], &[("f", "theirs\n")])
        .commit()
        .edit("f", "ours\n")
        .run("upgrade --from ../cat --yes")
        .conflict("")
        .is("f", "ours\n")
        .is("f.theirs", "theirs\n");
}

/// A file of the user's that has the name of the one beside is not written over either.
#[test]
fn the_templates_version_finds_a_free_name() {
    case(&[], &[("f", "theirs\n")])
        .commit()
        .edit("f", "ours\n")
        .edit("f.theirs", "mine too\n")
        .run("upgrade --from ../cat --yes")
        .conflict("")
        .is("f", "ours\n")
        .is("f.theirs", "mine too\n")
        .is("f.theirs.2", "theirs\n");
}

/// Row 39.
#[test]
fn an_ignored_file_of_the_template_is_merged_with_local_edits() {
    let text = "a\nb\nc\nd\ne\n";
    case(
        &[(".gitignore.tera", "f\n"), ("f", text)],
        &[(".gitignore.tera", "f\n"), ("f", &text.replace('e', "E"))],
    )
    .edit("f", &text.replace('a', "A"))
    .upgrade()
    .done()
    .is("f", "A\nb\nc\nd\nE\n");
}

/// Row 40.
#[test]
fn an_ignored_file_of_the_template_without_edits_is_updated() {
    case(
        &[(".gitignore.tera", "f\n"), ("f", "a\n")],
        &[(".gitignore.tera", "f\n"), ("f", "b\n")],
    )
    .upgrade()
    .done()
    .is("f", "b\n");
}

/// Row 47.
#[test]
fn a_file_whose_condition_no_longer_holds_goes_when_it_is_untouched() {
    const ASK: &str = "\
questions: [{name: docker, prompt: D, type: bool, default: true}]
files: {'d/*': {when: docker}}
";
    let files = &[("d/a", "a\n"), ("d/b", "b\n"), ("c", "c\n")];
    case(files, files)
        .asking(ASK, ASK)
        .edit("d/b", "ours\n")
        .upgrade_with("--yes --answer docker=false")
        .conflict("UD d/b")
        .gone("d/a")
        .is("d/b", "ours\n")
        .is("c", "c\n");
}

/// Row 105.
#[test]
fn a_feature_that_was_left_out_does_not_come_back() {
    const ASK: &str = "\
questions: [{name: docker, prompt: D, type: bool, default: true}]
files: {'d/*': {when: docker}}
";
    case(
        &[("d/a", "a\n"), ("c", "c\n")],
        &[("d/a", "b\n"), ("d/b", "b\n"), ("c", "C\n")],
    )
    .asking(ASK, ASK)
    .answering("docker=false")
    .upgrade()
    .done()
    .gone("d")
    .is("c", "C\n");
}

/// Row 63.
#[test]
fn a_binary_file_that_theirs_changed_is_replaced() {
    case(&[], &[])
        .bytes("f", b"\0base", b"\0theirs")
        .upgrade()
        .done()
        .has_bytes("f", b"\0theirs");
}

/// Row 64.
#[test]
fn a_binary_file_that_ours_changed_stays() {
    case(&[], &[])
        .bytes("f", b"\0base", b"\0base")
        .edit_bytes("f", b"\0ours")
        .upgrade()
        .done()
        .has_bytes("f", b"\0ours");
}

/// Row 65.
#[test]
fn a_binary_file_that_both_changed_is_kept_with_theirs_beside() {
    case(&[], &[])
        .bytes("f", b"\0base", b"\0theirs")
        .edit_bytes("f", b"\0ours")
        .upgrade()
        .conflict("UU f")
        .has_bytes("f", b"\0ours")
        .has_bytes("f.theirs", b"\0theirs")
        .run("upgrade --continue")
        .code(1)
        .says("f.theirs")
        .delete("f.theirs")
        .run("upgrade --continue")
        .done()
        .has_bytes("f", b"\0ours");
}

/// Row 66.
#[test]
fn files_of_the_users_own_are_no_concern_of_ours() {
    let case = file("a\n", "a\n", "b\n")
        .edit_bytes("own.bin", b"\0\xff\xfe")
        .edit_bytes("own.txt", b"caf\xe9\n")
        .upgrade()
        .done()
        .is("f", "b\n")
        .has_bytes("own.bin", b"\0\xff\xfe");
    case.has_bytes("own.txt", b"caf\xe9\n").status(" M f");
}

/// Row 73.
#[test]
fn odd_names_are_handled_everywhere() {
    let odd = ["ü b", "it's \"q\"", "*?[x]", "日本/語", "-x", "a\u{301}"];
    let base: Vec<(&str, &str)> = odd.iter().map(|path| (*path, "a\nb\nc\nd\n")).collect();
    let theirs: Vec<(&str, &str)> = odd.iter().map(|path| (*path, "a\nb\nc\nD\n")).collect();
    let case = case(&base, &theirs);
    let case = odd
        .iter()
        .fold(case, |case, path| case.edit(path, "a\nB\nc\nd\n"));
    let case = case.edit("ü b", "a\nb\nc\nours\n").upgrade();
    let case = case
        .code(3)
        .is("日本/語", "a\nB\nc\nD\n")
        .is("-x", "a\nB\nc\nD\n");
    case.edit("ü b", "a\nB\nc\nD\n")
        .run("upgrade --continue")
        .done()
        .run("undo")
        .done();
}

/// Row 99.
#[test]
fn files_that_other_tools_left_stay() {
    case(
        &[("f", "a\n"), (".gitignore.tera", "*.rej\n")],
        &[("f", "b\n"), (".gitignore.tera", "*.rej\n")],
    )
    .edit("f.rej", "rej\n")
    .edit("f.orig", "orig\n")
    .upgrade()
    .done()
    .is("f.rej", "rej\n")
    .is("f.orig", "orig\n");
}
