//! One side gave a file another name, and the other one changed it.

use super::case::case;

const TEXT: &str =
    "one line of text\ntwo lines of text\nthree lines of text\nfour lines of text\nfive lines\n";

fn ours() -> String {
    TEXT.replace("one", "OURS")
}

fn theirs() -> String {
    TEXT.replace("five", "THEIRS")
}

fn both() -> String {
    ours().replace("five", "THEIRS")
}

/// Row 48.
#[test]
fn edits_follow_a_rename_of_the_template() {
    case(&[("a", TEXT)], &[("b", TEXT)])
        .edit("a", &ours())
        .upgrade()
        .done()
        .gone("a")
        .is("b", &ours());
}

/// Row 48.
#[test]
fn edits_follow_a_rename_that_the_manifest_tells() {
    case(
        &[("bower.json", "{}\n")],
        &[("package.json", "{\"x\": 1}\n")],
    )
    .asking(
        "",
        "renames: [{from: bower.json, to: package.json, in: 0.2.0}]\n",
    )
    .chmod("bower.json", 0o640)
    .upgrade()
    .done()
    .gone("bower.json")
    .is("package.json", "{\"x\": 1}\n")
    .has_mode("package.json", 0o640);
}

/// Row 49.
#[test]
fn edits_of_both_meet_under_the_new_name() {
    case(&[("a", TEXT)], &[("d/b", &theirs())])
        .edit("a", &ours())
        .upgrade()
        .done()
        .gone("a")
        .is("d/b", &both());
}

/// Row 49, with a conflict.
#[test]
fn a_conflict_stands_under_the_new_name() {
    let case = case(&[("a", TEXT)], &[("b", &TEXT.replace("one", "THEIRS"))])
        .edit("a", &ours())
        .commit();
    let before = case.contents();
    let case = case
        .upgrade()
        .conflict("UU b")
        .gone("a")
        .holds("b", &["<<<<<<< yours\nOURS line", "THEIRS line"]);
    let case = case.run("upgrade --abort").done().status("");
    assert_eq!(case.contents(), before);
}

/// Row 50.
#[test]
fn a_folder_is_renamed_with_edits_and_the_users_files_are_named() {
    case(
        &[("old/a", TEXT), ("old/sub/b", "b\n")],
        &[("new/a", &theirs()), ("new/sub/b", "b\n")],
    )
    .asking("", "renames: [{from: old, to: new, in: 0.2.0}]\n")
    .edit("old/a", &ours())
    .edit("old/own", "own\n")
    .edit("old/sub/mine", "mine\n")
    .upgrade()
    .done()
    .is("new/a", &both())
    .is("new/sub/b", "b\n")
    .gone("old/a")
    .is("old/own", "own\n")
    .says("old/own")
    .says("old/sub/mine");
}

/// Row 51.
#[test]
fn an_edit_of_theirs_follows_a_rename_of_ours() {
    case(&[("a", TEXT)], &[("a", &theirs())])
        .rename("a", "mine/a")
        .upgrade()
        .done()
        .gone("a")
        .is("mine/a", &theirs())
        .status(" M mine/a");
}

/// Row 51.
#[test]
fn edits_of_both_meet_under_the_name_that_ours_gave() {
    case(&[("d/a.py", TEXT)], &[("d/a.py", &theirs())])
        .rename("d/a.py", "d/b.py")
        .edit("d/b.py", &ours())
        .upgrade()
        .done()
        .gone("d/a.py")
        .is("d/b.py", &both());
}

/// Row 51, with a conflict.
#[test]
fn a_conflict_stands_under_the_name_that_ours_gave() {
    case(
        &[("d/a.py", TEXT)],
        &[("d/a.py", &TEXT.replace("one", "THEIRS"))],
    )
    .rename("d/a.py", "d/b.py")
    .edit("d/b.py", &ours())
    .upgrade()
    .conflict("UU d/b.py")
    .gone("d/a.py");
}

/// Rows 48 and 51.
#[test]
fn the_same_rename_on_both_sides_is_no_conflict() {
    case(&[("a", TEXT)], &[("b", &theirs())])
        .rename("a", "b")
        .edit("b", &ours())
        .upgrade()
        .done()
        .is("b", &both())
        .gone("a");
}

/// Rows 48 and 51: nothing is lost, and no third file is made.
#[test]
fn different_renames_on_both_sides_keep_the_edits() {
    let case = case(&[("d/a", TEXT)], &[("d/b", &theirs())])
        .rename("d/a", "d/c")
        .edit("d/c", &ours())
        .upgrade()
        .gone("d/a")
        .says("d/c");
    assert!(case.text("d/c").contains("OURS"), "{}", case.ran());
}

/// Row 52.
#[test]
fn what_ours_deleted_stays_deleted_under_its_new_name() {
    case(&[("a", TEXT)], &[("b", TEXT)])
        .delete("a")
        .upgrade()
        .done()
        .gone("b")
        .says("you deleted it, and the template moved it");
}

/// Row 53.
#[test]
fn what_ours_renamed_and_theirs_deletes_is_kept_and_named() {
    case(&[("d/a", TEXT)], &[])
        .rename("d/a", "d/b")
        .upgrade()
        .done()
        .is("d/b", TEXT)
        .says("d/b (you moved it, and the template deleted it)");
}

/// Row 54.
#[test]
fn edits_follow_an_answer_that_names_their_folder() {
    const ASK: &str = "questions: [{name: package, prompt: P, type: text, default: shop}]\n";
    let files = &[
        ("{{ package }}/a.py", TEXT),
        ("{{ package }}/__init__.py", ""),
    ];
    case(files, files)
        .asking(ASK, ASK)
        .edit("shop/a.py", &ours())
        .upgrade_with("--yes --answer package=store")
        .done()
        .is("store/a.py", &ours())
        .is("store/__init__.py", "")
        .gone("shop");
}

/// Row 55.
#[test]
fn edits_follow_a_rename_that_changes_only_the_case() {
    case(&[("Readme.md", TEXT)], &[("README.md", &theirs())])
        .edit("Readme.md", &ours())
        .upgrade()
        .done()
        .gone("Readme.md")
        .is("README.md", &both());
}

/// Row 56.
#[test]
fn a_file_that_theirs_splits_keeps_the_edit_of_the_part_that_went() {
    let part = "a line that goes
"
    .repeat(9)
    .replacen("a line", "line 5", 1);
    let stays = "a line that stays
"
    .repeat(9);
    case(
        &[("a", &format!("{stays}{part}"))],
        &[("a", &stays), ("b", &part)],
    )
    .edit("a", &format!("{stays}{}", part.replace("line 5", "OURS")))
    .upgrade()
    .conflict("UU a")
    .holds("a", &["OURS that goes"])
    .is("b", &part);
}

/// A rename over several releases is followed through all of them.
#[test]
fn renames_of_several_releases_are_followed() {
    case(&[("a", "1\n")], &[("c", "1\n")])
        .asking(
            "",
            "renames: [{from: a, to: b, in: 0.1.5}, {from: b, to: c, in: 0.2.0}, {from: c, to: z, in: 9.0.0}]\n",
        )
        .edit("a", "ours\n")
        .upgrade()
        .done()
        .gone("a")
        .is("c", "ours\n");
}

/// Row 48, where something of the user's stands at the new name.
#[test]
fn a_rename_onto_a_file_of_the_users_loses_neither() {
    case(&[("a", TEXT)], &[("b", TEXT)])
        .edit("a", &ours())
        .edit("b", "mine\n")
        .upgrade()
        .code(3)
        .is("a", &ours())
        .holds("b", &["mine\n"]);
}

/// What the manifest of the release says of renames, in one case.
fn renamed(pairs: &[(&str, &str)]) -> String {
    let renames: Vec<String> = pairs
        .iter()
        .map(|(from, to)| format!("{{from: {from}, to: {to}, in: 0.2.0}}"))
        .collect();
    format!("renames: [{}]\n", renames.join(", "))
}

#[test]
fn of_two_files_that_become_one_the_second_is_left_to_a_person() {
    case(&[("a", "a\n"), ("b", "b\n")], &[("c", "a\nb\n")])
        .asking("", &renamed(&[("a", "c"), ("b", "c")]))
        .edit("a", "a\nmine of a\n")
        .edit("b", "b\nmine of b\n")
        .upgrade()
        .code(3)
        .gone("a")
        .is("b", "b\nmine of b\n")
        .holds("c", &["mine of a"])
        .run("upgrade --abort")
        .code(0)
        .is("a", "a\nmine of a\n")
        .gone("c");
}

#[test]
fn files_that_change_places_or_follow_each_other_lose_nothing() {
    for pairs in [
        &[("a", "b"), ("b", "a")][..],
        &[("b", "c"), ("a", "b")],
        &[("a", "b"), ("b", "c")],
    ] {
        let theirs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(from, to)| (*to, if *from == "a" { "a\n" } else { "b\n" }))
            .collect();
        let upgraded = case(&[("a", "a\n"), ("b", "b\n")], &theirs)
            .asking("", &renamed(pairs))
            .edit("a", "a\nmine of a\n")
            .edit("b", "b\nmine of b\n")
            .upgrade();
        let there = ["a", "b", "c"]
            .into_iter()
            .filter(|path| upgraded.path(path).exists());
        let all: String = there.map(|path| upgraded.text(path)).collect();
        for line in ["mine of a", "mine of b"] {
            assert!(all.contains(line), "{pairs:?}: {all}");
        }
        let back = if upgraded.ran().code == 3 {
            "upgrade --abort"
        } else {
            "undo"
        };
        upgraded
            .run(back)
            .code(0)
            .is("a", "a\nmine of a\n")
            .is("b", "b\nmine of b\n");
    }
}
