//! `--on-conflict ours` and `theirs`: they decide what both changed, and nothing else.

use super::case::{Case, case, file};

/// Both changed the third line, the template the first too, the user the last.
const BASE: &str = "1\na\n2\nb\n3\nc\n4\n";
const OURS: &str = "1\na\nours\nb\n3\nc\nOURS\n";
const THEIRS: &str = "THEIRS\na\ntheirs\nb\n3\nc\n4\n";
const MERGED: &str = "THEIRS\na\n?\nb\n3\nc\nOURS\n";

fn merged(word: &str) -> String {
    MERGED.replace('?', word)
}

fn with(case: Case, how: &str) -> Case {
    case.upgrade_with(&format!("--yes --on-conflict {how}"))
}

#[test]
fn clean_changes_of_the_file_are_kept() {
    with(file(BASE, OURS, THEIRS), "ours")
        .done()
        .is("f", &merged("ours"))
        .says("kept yours: f (you kept yours in part)")
        .holds(".ixd-template.yml", &["path: f", "yours in part"]);
    let case = with(file(BASE, OURS, THEIRS), "theirs").done();
    let case = case.is("f", &merged("theirs")).silent_about("kept");
    assert!(!case.text(".ixd-template.yml").contains("open"));
    // The bit, too.
    with(file(BASE, OURS, THEIRS).modes("f", 0o644, 0o755), "ours")
        .done()
        .is("f", &merged("ours"))
        .has_mode("f", 0o755)
        .run("undo")
        .done()
        .is("f", OURS)
        .has_mode("f", 0o644);
}

#[test]
fn a_file_that_is_all_conflict_stays_as_it_is() {
    with(file("a\n", "ours\n", "theirs\n"), "ours")
        .done()
        .is("f", "ours\n")
        .status("")
        .says("kept yours: f (you kept yours)");
}

/// Also what moved meanwhile.
#[test]
fn a_moved_file_is_decided_in_its_new_place() {
    let moved = |how: &str| {
        let manifest = "renames: [{from: f, to: g, in: 0.2.0}]\n";
        let case = case(&[("f", BASE)], &[("g", THEIRS)]).asking("", manifest);
        with(case.edit("f", OURS), how).done().gone("f")
    };
    moved("ours").is("g", &merged("ours"));
    moved("theirs").is("g", &merged("theirs"));
}

/// What is no text, and what both made, has no clean changes.
#[test]
fn other_files_stay_whole() {
    let all = |how: &str| {
        let case = case(
            &[("link", "-> a"), ("gone", "1\n"), ("a", "1\n")],
            &[("link", "-> b"), ("both", "1\ntheirs\n3\n"), ("a", "1\n")],
        )
        .bytes("bin", b"\0base\n1\n", b"\0theirs\n1\n")
        .edit("link", "-> c")
        .edit("gone", "mine\n")
        .edit("both", "1\nours\n3\nmore\n")
        .edit_bytes("bin", b"\0ours\n2\n");
        with(case, how).done()
    };
    all("ours")
        .links_to("link", "c")
        .is("gone", "mine\n")
        .is("both", "1\nours\n3\nmore\n")
        .has_bytes("bin", b"\0ours\n2\n")
        .status("");
    all("theirs")
        .links_to("link", "b")
        .gone("gone")
        .is("both", "1\ntheirs\n3\n")
        .has_bytes("bin", b"\0theirs\n1\n");
}
