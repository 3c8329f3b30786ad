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
            ("5-updated", "a\n"),
            ("4-removed", "a\n"),
            ("3-merged", LINES),
            ("1-deleted", "a\n"),
            ("2-text", "a\n"),
        ],
        &[
            ("5-updated", "b\n"),
            ("3-merged", &lines(&[("eight", "THEIRS")])),
            ("6-new", "n\n"),
            ("2-text", "theirs\n"),
        ],
    )
    .edit("3-merged", &lines(&[("one", "OURS")]))
    .edit("1-deleted", "ours\n")
    .edit("2-text", "ours\n")
}

#[test]
fn all_clean_changes_then_the_conflicts() {
    mixed()
        .converse(&[
            (START, "a"),
            ("[1/2] 1-deleted", ""),
            (FILE, "t"),
            ("[2/2] 2-text", ""),
            (FILE, "b"),
            (END, "a"),
        ])
        .done()
        .is("5-updated", "b\n")
        .gone("4-removed")
        .is("3-merged", &lines(&[("one", "OURS"), ("eight", "THEIRS")]))
        .is("6-new", "n\n")
        .gone("1-deleted")
        .is("2-text", "ours\ntheirs\n");
}

#[test]
fn one_by_one_with_yes_everywhere() {
    mixed()
        .converse(&[
            (START, "r"),
            ("[1/6] 1-deleted: conflict", ""),
            (FILE, "l"),
            ("[2/6] 2-text: conflict", ""),
            (FILE, "l"),
            ("[3/6] 3-merged: merged", ""),
            (FILE, "y"),
            ("[4/6] 4-removed: removed", ""),
            (FILE, "y"),
            ("[5/6] 5-updated: updated", ""),
            (FILE, "y"),
            ("[6/6] 6-new: new", ""),
            (FILE, "y"),
            (END, "a"),
        ])
        .conflict("UD 1-deleted, UU 2-text")
        .says("leave for later      2-text")
        .is("6-new", "n\n")
        .holds("2-text", &["<<<<<<< yours\n"]);
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
                "path: 5-updated",
                "path: 4-removed",
                "path: 6-new",
                "path: 2-text",
            ],
        );
    mixed()
        .converse(&[(START, "r"), (FILE, "ooy"), (FILE, "S"), (END, "a")])
        .done()
        .status(" M 3-merged");
    // `Y` is no answer to a conflict; `L` and `B` stop at what cannot have them.
    mixed()
        .converse(&[
            (START, "r"),
            (FILE, "YL"),
            ("[3/6] 3-merged", ""),
            (FILE, "Y"),
            (END, "a"),
        ])
        .conflict("UD 1-deleted, UU 2-text")
        .gone("4-removed");
    mixed()
        .converse(&[(START, "a"), ("1-deleted", ""), (FILE, "T"), (END, "a")])
        .done()
        .gone("1-deleted")
        .is("2-text", "theirs\n");
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
            ("keep yours           1-deleted", ""),
            (END, "p"),
            ("[2/2]", ""),
            (FILE, "o"),
            ("keep yours           2-text", ""),
            (END, "a"),
        ])
        .done()
        .is("1-deleted", "ours\n")
        .is("2-text", "ours\n");
}

#[test]
fn diffs_and_help_decide_nothing() {
    mixed()
        .converse(&[
            (START, "d"),
            ("2-text: conflict", ""),
            ("5-updated: updated", ""),
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
            // Where something was decided, it asks once whether that shall be kept; Ctrl-C ends that too, and it is.
            if steps.len() > 2 && key != "\x03" {
                steps.push(("[t] throw them away: ", "t"));
            }
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
        .conflict("UD 1-deleted, UU 2-text");
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
    let sides = ["1", "2", "3"].map(|minor| format!("python-version: '3.{minor}'\n"));
    named("ci.yml", &sides[0], &sides[1], &sides[2])
        .converse(&[(START, "a"), ("as suggested", ""), (FILE, "y"), (END, "a")])
        .done()
        .is("ci.yml", &sides[2]);
}

#[test]
fn the_changelog_explains_a_change() {
    let case = case(&[("f.txt", "a\n")], &[("f.txt", "b\n")]);
    case.sandbox.write(
        "cat/CHANGELOG.md",
        "# Changelog\n\n## 0.2.0\n\nThe tool:\n\n- Quicker.\n\nThe template:\n\n- The letter is another one (`f.txt`).\n\n## 0.1.0\n\n- First.\n",
    );
    let case = case
        .run("upgrade --from ../cat --dry-run")
        .done()
        .says("  0.2.0  The letter is another one.\n")
        .silent_about("Quicker")
        .run("upgrade --from ../cat --dry-run --changelog")
        .done()
        .says("  0.2.0  Quicker.\n")
        .says("  0.2.0  The letter is another one (`f.txt`).\n");
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
            ("a/b: removed", ""),
            (FILE, "o"),
            ("a: new", ""),
            (FILE, "y"),
            (END, "a"),
        ])
        .done()
        .is("a/b", "b\n");
}

/// What needs a person is not behind forty new files, and decisions like all others are not a page of them.
#[test]
fn many_files_are_reviewed_in_the_order_of_their_weight() {
    let names: Vec<String> = (10..30).map(|number| format!("a/{number}")).collect();
    let new: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "n\n")).collect();
    let theirs = [new.as_slice(), &[("z", "theirs\n")]].concat();
    case(&[("z", "a\n")], &theirs)
        .edit("z", "ours\n")
        .converse(&[
            (START, "r"),
            ("[1/21] z: conflict", ""),
            (FILE, "o"),
            ("[2/21] a/10: new", ""),
            (FILE, "Y"),
            ("keep yours           z", ""),
            ("apply                the other 20 files", ""),
            (END, "a"),
        ])
        .done()
        .is("a/29", "n\n");
}

#[test]
fn a_moved_file_is_shown_with_where_it_was() {
    let text = "a line that is long enough\nto be found again under another name\n";
    case(&[("old/name", text)], &[("new/name", text)])
        .upgrade()
        .done()
        .says("  moved        1   old/name → new/name\n");
}
