//! What is left of a conflict in a file that somebody has edited: it stays open, and text that only looks like it does not.

use super::case::{Case, file};
use super::hunks::script;
use super::review::{END, FILE, START};

const LINES: &str = "1\n2\n3\n4\n5\n6\n7\n";

/// A conflict in the middle of `f`.
fn conflict() -> Case {
    file(
        LINES,
        &LINES.replace('4', "ours"),
        &LINES.replace('4', "theirs"),
    )
    .upgrade()
    .conflict("UU f")
}

/// `f` without the lines that begin so.
fn without(case: Case, starts: &[&str]) -> Case {
    let text = case.text("f");
    let keep = |line: &&str| !starts.iter().any(|start| line.starts_with(start));
    let lines: Vec<&str> = text.lines().filter(keep).collect();
    case.edit("f", &(lines.join("\n") + "\n"))
}

#[test]
fn each_part_of_a_conflict_keeps_the_file_open() {
    for gone in [
        &["<<<<<<<"][..],
        &[">>>>>>>"],
        &["<<<<<<<", "|||||||"],
        &["<<<<<<<", "|||||||", "======="],
        &["<<<<<<<", "|||||||", ">>>>>>>"],
        &["<<<<<<<", "=======", ">>>>>>>"],
    ] {
        let case = without(conflict(), gone).run("upgrade --continue");
        let case = case
            .code(1)
            .untouched()
            .says("conflict markers are left in f (line ");
        // Also for those who ask for another upgrade, and with git's word that it is resolved.
        case.git("add f");
        let case = case.run("upgrade --continue").code(1).untouched();
        case.run("upgrade --from ../cat --yes").code(1).untouched();
    }
    let all = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
    without(conflict(), &all).run("upgrade --continue").done();
}

#[test]
fn a_part_of_gits_own_markers_does_too() {
    for gone in ["<<<<<<<", ">>>>>>>"] {
        let case = conflict();
        case.git("checkout --conflict=diff3 f");
        let case = without(case, &[gone, "|||||||"]).run("upgrade --continue");
        case.code(1).untouched();
    }
}

#[test]
fn a_heading_is_no_conflict() {
    let text = |word: &str| format!("Title\n=======\n{word}\n\nLicense\n=======\nMIT\n");
    let case = file(&text("base"), &text("ours"), &text("theirs"))
        .upgrade()
        .conflict("UU f")
        .holds("f", &["<<<<<<<< yours"]);
    let case = without(case, &["<<<<<<<<"]).run("upgrade --continue");
    let case = case.code(1).untouched();
    case.edit("f", &text("both"))
        .run("upgrade --continue")
        .done();
}

/// Files with CRLF, and one that both sides made.
#[test]
fn line_ends_and_missing_bases_make_no_difference() {
    let crlf = |word: &str| format!("1\r\n{word}\r\n3\r\n");
    let case = file(&crlf("2"), &crlf("ours"), &crlf("theirs")).upgrade();
    without(case.code(3), &["<<<<<<<", "|||||||"])
        .run("upgrade --continue")
        .code(1)
        .untouched();
    let case = super::case::case(&[], &[("f", "theirs\n")]).edit("f", "ours\n");
    without(case.upgrade().code(3), &["<<<<<<<"])
        .run("upgrade --continue")
        .code(1)
        .untouched();
}

/// A record of the release before knows of the label of ours only.
#[test]
fn an_older_record_is_understood() {
    let case = conflict();
    let path = case.path(".git/ixd-template/root/pending");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut record: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(record.as_object_mut().unwrap().remove("marks").is_some());
    std::fs::write(&path, record.to_string()).unwrap();
    let case = case.run("upgrade --continue").code(1).untouched();
    case.edit("f", "done\n").run("upgrade --continue").done();
}

#[test]
fn an_editor_that_leaves_a_part_decides_nothing() {
    let case = file("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n");
    script(case, "editor", "sed -i '/^<<<<<<</d' \"$1\"")
        .converse(&[
            (START, "a"),
            (FILE, "e"),
            ("conflict markers left in it, at line 3", ""),
            (FILE, "h"),
            ("leave markers", "o"),
            (END, "a"),
        ])
        .done()
        .is("f", "a\nours\nc\n");
    let case = file("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n");
    script(case, "editor", "echo '>>>>>>> template 0.2.0' >> \"$1\"")
        .converse(&[
            (START, "a"),
            (FILE, "h"),
            ("leave markers", "e"),
            ("conflict markers left in it", ""),
            ("leave markers", "t"),
            (END, "a"),
        ])
        .done()
        .is("f", "a\ntheirs\nc\n");
}

/// What lies beside is no marker, and nobody is told to edit an image.
#[test]
fn a_version_beside_is_called_one() {
    super::case::case(&[], &[])
        .bytes("x.png", b"\0a", b"\0b")
        .edit_bytes("x.png", b"\0c")
        .upgrade()
        .code(3)
        .run("upgrade --continue")
        .code(1)
        .untouched()
        .says("the template's version still lies beside yours: x.png.theirs")
        .silent_about("markers");
}
