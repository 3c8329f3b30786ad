//! The review hunk by hunk, and with the user's own programs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::case::{Case, case, file, named};
use super::review::{END, FILE, HUNK, LINES, START, lines};

/// Two conflicts and a clean hunk in one file.
fn text() -> Case {
    file(
        LINES,
        &lines(&[("two", "OURS 2"), ("six", "OURS 6")]),
        &lines(&[
            ("two", "THEIRS 2"),
            ("four", "THEIRS 4"),
            ("six", "THEIRS 6"),
        ]),
    )
}

fn conflict() -> Case {
    file("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n")
}

pub(crate) fn script(case: Case, name: &str, body: &str) -> Case {
    case.sandbox.write(name, format!("#!/bin/sh\n{body}\n"));
    fs::set_permissions(case.sandbox.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    case
}

#[test]
fn hunks_are_decided_one_by_one() {
    text()
        .converse(&[
            (START, "a"),
            (FILE, "h"),
            ("hunk 1 of 3", ""),
            (HUNK, "t"),
            ("hunk 2 of 3", ""),
            (HUNK, "y"),
            ("hunk 3 of 3", ""),
            (HUNK, "B"),
            (END, "a"),
        ])
        .done()
        .is(
            "f",
            &lines(&[
                ("two", "THEIRS 2"),
                ("four", "THEIRS 4"),
                ("six", "THEIRS 6\nOURS 6"),
            ]),
        );
}

#[test]
fn a_hunk_of_ours_is_kept_and_listed() {
    text()
        .converse(&[
            (START, "a"),
            (FILE, "h"),
            (HUNK, "b"),
            (HUNK, "o"),
            (HUNK, "o"),
            (END, "a"),
        ])
        .done()
        .is(
            "f",
            &lines(&[("two", "OURS 2\nTHEIRS 2"), ("six", "OURS 6")]),
        )
        .holds(".ixd-template.yml", &["what: you kept yours in part"]);
}

#[test]
fn a_hunk_can_be_left_for_later() {
    text()
        .converse(&[
            (START, "a"),
            (FILE, "h"),
            (HUNK, "l"),
            (HUNK, "y"),
            (HUNK, "t"),
            (END, "a"),
        ])
        .conflict("UU f")
        .holds(
            "f",
            &["<<<<<<< yours\nOURS 2\n", "THEIRS 4\n", "five\nTHEIRS 6\n"],
        );
}

#[test]
fn a_hunk_can_be_edited() {
    script(text(), "editor", "sed -i 's/THEIRS/EDITED/' \"$1\"")
        .converse(&[
            (START, "a"),
            (FILE, "h"),
            (HUNK, "o"),
            (HUNK, "e"),
            (HUNK, "o"),
            (END, "a"),
        ])
        .done()
        .is(
            "f",
            &lines(&[("two", "OURS 2"), ("four", "EDITED 4"), ("six", "OURS 6")]),
        );
}

#[test]
fn back_in_hunks_goes_to_the_hunk_before_and_out() {
    text()
        .converse(&[
            (START, "a"),
            (FILE, "h"),
            (HUNK, "t"),
            ("hunk 2 of 3", ""),
            (HUNK, "p"),
            ("hunk 1 of 3", ""),
            (HUNK, "p"),
            (FILE, "t"),
            (END, "a"),
        ])
        .done()
        .is(
            "f",
            &lines(&[
                ("two", "THEIRS 2"),
                ("four", "THEIRS 4"),
                ("six", "THEIRS 6"),
            ]),
        );
}

#[test]
fn the_editor_resolves_a_conflict() {
    script(
        conflict(),
        "editor",
        "grep -q '<<<<<<< yours' \"$1\" && printf 'a\\nedited\\nc\\n' > \"$1\"",
    )
    .chmod("f", 0o640)
    .converse(&[(START, "a"), (FILE, "e"), (END, "a")])
    .done()
    .is("f", "a\nedited\nc\n")
    .has_mode("f", 0o640);
}

/// Somebody decides something else in the state file while the review is open.
#[test]
fn a_state_file_that_was_edited_meanwhile_is_not_written_over() {
    let edit = "printf 'a\\nedited\\nc\\n' > \"$1\"; echo '# mine' >> .ixd-template.yml";
    script(conflict(), "editor", edit)
        .converse(&[(START, "a"), (FILE, "e"), (END, "a")])
        .code(1)
        .says("changed while you were deciding: .ixd-template.yml")
        .is("f", "a\nours\nc\n")
        .holds(".ixd-template.yml", &["# mine", "version: 0.1.0"]);
}

#[test]
fn an_editor_that_fails_or_leaves_markers_decides_nothing() {
    script(conflict(), "editor", "echo x > \"$1\"; exit 1")
        .converse(&[
            (START, "a"),
            (FILE, "e"),
            ("nothing is decided", ""),
            (FILE, "q"),
            ("[t] throw them away: ", "t"),
        ])
        .code(1)
        .untouched();
    script(conflict(), "editor", "true")
        .converse(&[
            (START, "a"),
            (FILE, "e"),
            ("conflict markers left", ""),
            (FILE, "q"),
        ])
        .code(1)
        .untouched();
}

#[test]
fn a_new_file_can_be_edited_before_it_is_taken() {
    script(
        case(&[], &[("new", "theirs\n")]),
        "editor",
        "echo mine >> \"$1\"",
    )
    .converse(&[(START, "r"), (FILE, "e"), (END, "a")])
    .done()
    .is("new", "theirs\nmine\n");
}

#[test]
fn the_merge_tool_resolves_a_conflict() {
    let tool = "cat \"$BASE\" \"$LOCAL\" \"$REMOTE\" > \"$MERGED\"";
    let case = conflict()
        .config("merge.tool=mine")
        .config(&format!("mergetool.mine.cmd={tool}"))
        .config("mergetool.mine.trustExitCode=true");
    case.converse(&[(START, "a"), (FILE, "m"), (END, "a")])
        .done()
        .is("f", "a\nb\nc\na\nours\nc\na\ntheirs\nc\n");
    conflict()
        .config("merge.tool=mine")
        .config("mergetool.mine.cmd=false")
        .config("mergetool.mine.trustExitCode=true")
        .converse(&[
            (START, "a"),
            (FILE, "m"),
            ("nothing is decided", ""),
            (FILE, "q"),
        ])
        .code(1)
        .untouched();
}

#[test]
fn a_hunk_that_begins_within_a_line_is_shown_edited_and_written_with_the_line() {
    let sides = || {
        named(
            "f.json",
            "{\n  \"a\": 1,\n  \"z\": 2\n}\n",
            "{\n  \"a\": 1\n}\n",
            "{\n  \"a\": 3,\n  \"z\": 4\n}\n",
        )
    };
    for (key, expected) in [
        ("o", "{\n  \"a\": 3\n}\n"),
        ("t", "{\n  \"a\": 3,\n  \"z\": 4\n}\n"),
        ("e", "{\n  \"a\": 3,\n  \"z\": 5\n}\n"),
    ] {
        script(sides(), "editor", "sed -i -e 1d -e 's/4/5/' \"$1\"")
            .converse(&[
                (START, "a"),
                (FILE, "h"),
                ("hunk 1 of 2", ""),
                (HUNK, "y"),
                ("< \x20 \"a\": 3", ""),
                ("> \x20 \"a\": 3,", ""),
                ("> \x20 \"z\": 4", ""),
                (HUNK, key),
                (END, "a"),
            ])
            .done()
            .is("f.json", expected);
    }
}
