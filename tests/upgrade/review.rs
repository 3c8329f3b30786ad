//! The review on a pseudo-terminal: every key, and what a stray one does not do.

use super::case::{Case, case, named};

pub(crate) const LINES: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";
/// Where the conversation waits for a key: at the start and in the list of decisions, at a file, at a hunk.
pub(crate) const START: &str = "[q] quit: ";
pub(crate) const FILE: &str = "decide for the rest: ";
pub(crate) const HUNK: &str = "[q] quit: ";
pub(crate) const END: &str = "[a] apply   [p] back   [q] quit: ";

pub(crate) fn lines(edits: &[(&str, &str)]) -> String {
    edits
        .iter()
        .fold(LINES.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// One change of each kind, in the order of the queue.
fn mixed() -> Case {
    case(
        &[
            ("1-updated", "a\n"),
            ("2-removed", "a\n"),
            ("3-merged", LINES),
            ("5-deleted", "a\n"),
            ("6-text", "a\n"),
        ],
        &[
            ("1-updated", "b\n"),
            ("3-merged", &lines(&[("eight", "THEIRS")])),
            ("4-new", "n\n"),
            ("6-text", "theirs\n"),
        ],
    )
    .edit("3-merged", &lines(&[("one", "OURS")]))
    .edit("5-deleted", "ours\n")
    .edit("6-text", "ours\n")
}

#[test]
fn all_clean_changes_then_the_conflicts() {
    mixed()
        .converse(&[
            (START, "a"),
            ("[1/2] 5-deleted", ""),
            (FILE, "t"),
            ("[2/2] 6-text", ""),
            (FILE, "b"),
            (END, "a"),
        ])
        .done()
        .is("1-updated", "b\n")
        .gone("2-removed")
        .is("3-merged", &lines(&[("one", "OURS"), ("eight", "THEIRS")]))
        .is("4-new", "n\n")
        .gone("5-deleted")
        .is("6-text", "ours\ntheirs\n");
}

#[test]
fn one_by_one_with_yes_everywhere() {
    mixed()
        .converse(&[
            (START, "r"),
            ("[1/6] 1-updated: updated", ""),
            (FILE, "y"),
            ("[2/6] 2-removed: removed", ""),
            (FILE, "y"),
            ("[3/6] 3-merged: merged", ""),
            (FILE, "y"),
            ("[4/6] 4-new: new", ""),
            (FILE, "y"),
            ("[5/6] 5-deleted: conflict", ""),
            (FILE, "l"),
            ("[6/6] 6-text: conflict", ""),
            (FILE, "l"),
            (END, "a"),
        ])
        .conflict("UD 5-deleted, UU 6-text")
        .says("leave the conflict for later 6-text")
        .is("4-new", "n\n")
        .holds("6-text", &["<<<<<<< yours\n"]);
}

#[test]
fn capitals_decide_for_the_rest() {
    mixed()
        .converse(&[(START, "r"), (FILE, "O"), (END, "a")])
        .done()
        .status("")
        .holds(
            ".ixd-template.yml",
            &[
                "path: 1-updated",
                "path: 2-removed",
                "path: 4-new",
                "path: 6-text",
            ],
        );
    mixed()
        .converse(&[(START, "r"), (FILE, "y"), (FILE, "S"), (END, "a")])
        .done()
        .status(" M 1-updated");
    // `Y` stops at each conflict, since yes is no answer there; `L` and `B` at what cannot have them.
    mixed()
        .converse(&[
            (START, "r"),
            (FILE, "Y"),
            ("[5/6] 5-deleted", ""),
            (FILE, "L"),
            (END, "a"),
        ])
        .conflict("UD 5-deleted, UU 6-text")
        .gone("2-removed");
    mixed()
        .converse(&[(START, "a"), ("5-deleted", ""), (FILE, "T"), (END, "a")])
        .done()
        .gone("5-deleted")
        .is("6-text", "theirs\n");
    case(&[("a", "1\n"), ("b", "1\n")], &[("a", "2\n"), ("b", "2\n")])
        .edit("a", "3\n")
        .edit("b", "3\n")
        .converse(&[(START, "a"), (FILE, "B"), (END, "a")])
        .done()
        .is("b", "3\n2\n");
}

#[test]
fn back_goes_to_the_file_before() {
    mixed()
        .converse(&[
            (START, "a"),
            ("[1/2]", ""),
            (FILE, "t"),
            ("[2/2]", ""),
            (FILE, "p"),
            ("[1/2]", ""),
            (FILE, "p"),
            ("[1/2]", ""),
            (FILE, "o"),
            ("[2/2]", ""),
            (FILE, "t"),
            ("keep yours           5-deleted", ""),
            (END, "p"),
            ("[2/2]", ""),
            (FILE, "o"),
            ("keep yours           6-text", ""),
            (END, "a"),
        ])
        .done()
        .is("5-deleted", "ours\n")
        .is("6-text", "ours\n");
}

#[test]
fn diffs_and_help_decide_nothing() {
    mixed()
        .converse(&[
            (START, "d"),
            ("1-updated: updated", ""),
            ("6-text: conflict", ""),
            (START, "a"),
            (FILE, "?"),
            ("o  keep what you have", ""),
            (FILE, "d"),
            ("what you changed:", ""),
            ("what the template changed:", ""),
            (FILE, "x1\r\t q"),
        ])
        .code(1)
        .untouched()
        .says("cancelled; nothing was written");
}

/// Row 101: whatever breaks the conversation off, wherever it is, leaves everything as it was.
#[test]
fn breaking_off_writes_nothing() {
    let levels: [&[(&str, &str)]; 5] = [
        &[],
        &[(START, "r")],
        &[(START, "a"), (FILE, "o"), (FILE, "h")],
        &[(START, "a"), (FILE, "o"), (FILE, "h"), (HUNK, "t")],
        &[(START, "a"), (FILE, "T")],
    ];
    let waits = [START, FILE, HUNK, END, END];
    for key in ["\x1b", "\x03", "q", "\x04"] {
        for (steps, wait) in levels.iter().zip(waits) {
            let mut steps = steps.to_vec();
            steps.push((wait, key));
            let case = mixed().converse(&steps).code(1).untouched();
            case.says("cancelled; nothing was written").status("");
        }
    }
}

/// Row 101: also at a question, before anything is shown.
#[test]
fn breaking_off_at_a_question_writes_nothing() {
    for key in ["\x03", "\x1b"] {
        case(&[("f", "a\n")], &[("f", "b\n")])
            .asking("", "questions: [{name: color, prompt: Colour, type: choice, choices: [{value: red}, {value: blue}]}]\n")
            .converse(&[("Colour", key)])
            .code(1)
            .untouched();
    }
}

#[test]
fn new_questions_are_asked_and_old_ones_are_not() {
    let name = "{name: name, prompt: Name, type: text, default: shop}";
    case(&[("f.tera", "a\n")], &[("f.tera", "{{ color }}\n")])
        .asking(
            &format!("questions: [{name}]\n"),
            &format!(
                "questions: [{name}, {{name: color, prompt: Colour, type: text, default: red}}]\n"
            ),
        )
        .converse(&[("Colour", "blue\r"), (START, "a")])
        .done()
        .silent_about("Name")
        .is("f", "blue\n");
}

#[test]
fn every_question_is_asked_again_on_request() {
    let ask = "questions: [{name: name, prompt: Name, type: text, default: shop}]\n";
    case(&[("f.tera", "{{ name }}\n")], &[("f.tera", "{{ name }}\n")])
        .asking(ask, ask)
        .converse_with("--ask", &[("Name", "store\r"), (START, "a")])
        .done()
        .is("f", "store\n");
}

#[test]
fn with_yes_only_conflicts_are_asked_about_where_the_flag_says_nothing_else() {
    mixed()
        .converse_with("--yes", &[])
        .conflict("UD 5-deleted, UU 6-text");
    mixed()
        .converse_with("--yes --on-conflict stop", &[])
        .code(1)
        .untouched();
}

#[test]
fn what_is_in_the_way_is_asked_about_and_never_taken_away() {
    case(&[], &[("a", "theirs\n")])
        .edit("a/own", "own\n")
        .converse(&[
            (START, "a"),
            ("`a` is a folder", ""),
            (FILE, "tl"),
            (END, "a"),
        ])
        .code(3)
        .is("a/own", "own\n")
        .is("a.theirs", "theirs\n");
}

#[test]
fn suggestions_are_taken_with_one_key() {
    named("requirements.in", "a==1\n", "a==2\n", "a==3\n")
        .converse(&[(START, "a"), ("as suggested", ""), (FILE, "y"), (END, "a")])
        .done()
        .is("requirements.in", "a==3\n");
}

#[test]
fn the_changelog_explains_a_change() {
    let case = case(&[("f.txt", "a\n")], &[("f.txt", "b\n")]);
    case.sandbox.write(
        "cat/CHANGELOG.md",
        "# Changelog\n\n## 0.2.0\n\n### Template\n\n- The letter is another one (`f.txt`).\n\n## 0.1.0\n\n- First.\n",
    );
    case.converse(&[
        (START, "r"),
        ("The letter is another one", ""),
        (FILE, "y"),
        (END, "a"),
    ])
    .done();
}

/// Rows 43 and 44, where what should make room is kept: the rest waits, and nothing fails at the end.
#[test]
fn what_needs_the_room_of_something_kept_waits() {
    case(&[("a", "a\n")], &[("a/b", "b\n"), ("c", "c\n")])
        .converse(&[
            (START, "r"),
            ("a: removed", ""),
            (FILE, "o"),
            ("a/b: new", ""),
            (FILE, "Y"),
            (END, "a"),
        ])
        .done()
        .is("a", "a\n")
        .is("c", "c\n")
        .says("kept yours: a/b (what you kept stands in its place)")
        .upgrade_with("--yes --ask")
        .done()
        .is("a/b", "b\n");
    case(&[("a/b", "b\n")], &[("a", "a\n")])
        .converse(&[
            (START, "r"),
            ("a: new", ""),
            (FILE, "y"),
            ("a/b: removed", ""),
            (FILE, "o"),
            (END, "a"),
        ])
        .done()
        .is("a/b", "b\n");
}
