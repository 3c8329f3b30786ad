//! What somebody typed in an editor during the review is there when they come back.

use super::case::{Case, file};
use super::hunks::script;
use super::review::{END, FILE, START};

/// An editor that adds a line, and does what `then` says on its first run.
fn conflict(then: &str) -> Case {
    let case = file("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n");
    let count = "echo x >> \"$HOME/runs\"; echo typed >> \"$1\"";
    script(
        case,
        "editor",
        &format!(
            "{count}; if [ $(wc -l < \"$HOME/runs\") = 1 ]; then {then}; else sed -i '/^[<|=>]\\{{7\\}}/d' \"$1\"; fi"
        ),
    )
}

#[test]
fn an_editor_opens_what_it_saved() {
    // Markers were left, or the editor failed.
    for then in ["true", "exit 1"] {
        conflict(then)
            .converse(&[
                (START, "a"),
                (FILE, "e"),
                ("nothing is decided", ""),
                ("opens it again as it was saved", ""),
                (FILE, "e"),
                (END, "a"),
            ])
            .done()
            .is("f", "a\nours\nb\ntheirs\nc\ntyped\ntyped\n");
    }
    // Also after another decision, and after it was taken.
    conflict("sed -i '/^[<|=>]\\{7\\}/d' \"$1\"")
        .converse(&[
            (START, "a"),
            (FILE, "e"),
            (END, "p"),
            (FILE, "o"),
            (END, "p"),
            (FILE, "e"),
            (END, "a"),
        ])
        .done()
        .is("f", "a\nours\nb\ntheirs\nc\ntyped\ntyped\n");
}

#[test]
fn a_hunk_opens_as_it_was_saved() {
    conflict("exit 1")
        .converse(&[
            (START, "a"),
            (FILE, "h"),
            ("leave markers", "e"),
            ("nothing is decided", ""),
            ("leave markers", "p"),
            (FILE, "h"),
            ("leave markers", "e"),
            (END, "a"),
        ])
        .done()
        .is("f", "a\nours\ntheirs\ntyped\ntyped\nc\n");
}
