//! A review that is left before its end: its decisions are there in the next run.

use super::case::{Case, case};
use super::hunks::script;
use super::review::{END, FILE, START};

const LEAVE: &str = "[t] throw them away: ";
const KEPT: &str = "are kept from the last time";

fn two() -> Case {
    case(
        &[("1", "a\n"), ("2", "a\n")],
        &[("1", "theirs\n"), ("2", "theirs\n")],
    )
    .edit("1", "ours\n")
    .edit("2", "ours\n")
}

/// The first conflict is decided, and the review left at the second.
fn left(key: &str) -> Case {
    two()
        .converse(&[
            (START, "a"),
            ("[1/2] 1", ""),
            (FILE, "t"),
            ("[2/2] 2", ""),
            (FILE, "q"),
            (LEAVE, key),
        ])
        .code(1)
        .untouched()
}

#[test]
fn decisions_are_kept_and_gone_on_from() {
    let case = left("k").says("your decisions are kept");
    let case = case.converse(&[
        (START, "a"),
        (KEPT, ""),
        ("[2/2] 2", ""),
        (FILE, "b"),
        (END, "a"),
    ]);
    let case = case.done().is("1", "theirs\n").is("2", "ours\ntheirs\n");
    case.gone(".git/ixd-template/root/review");
}

#[test]
fn they_can_be_thrown_away_and_changed() {
    left("t")
        .converse(&[(START, "a"), ("[1/2] 1", ""), (FILE, "q")])
        .code(1)
        .untouched()
        .silent_about(KEPT);
    left("k")
        .converse(&[
            (START, "a"),
            (FILE, "p"),
            ("[1/2] 1", ""),
            (FILE, "oo"),
            (END, "a"),
        ])
        .done()
        .is("1", "ours\n");
    // Escape leaves as well, and a second one decides nothing more.
    let case = two().converse(&[
        (START, "a"),
        (FILE, "t"),
        ("[2/2]", ""),
        (FILE, "\x1b"),
        (LEAVE, "\x1b"),
    ]);
    case.code(1).untouched().says("your decisions are kept");
}

/// What changed since is asked again, and scripts do not see any of it.
#[test]
fn they_hold_for_the_same_change_only() {
    let case = left("k").edit("1", "other\n");
    case.converse(&[(START, "a"), ("[1/2] 1", ""), (FILE, "q")])
        .code(1)
        .untouched()
        .silent_about(KEPT);
    left("k").upgrade().conflict("UU 1, UU 2");
}

#[test]
fn an_edited_text_is_kept_too_but_no_secret() {
    let texts: [(&str, &str); 2] = [("f", "a\n"), (".env.x.secret", "a\n")];
    let theirs = texts.map(|(path, _)| (path, "theirs\n"));
    let case = case(&texts, &theirs)
        .edit("f", "ours\n")
        .edit(".env.x.secret", "ours\n");
    let case = script(case, "editor", "echo hush > \"$1\"");
    let case = case.converse(&[
        (START, "a"),
        ("[1/2] .env.x.secret", ""),
        (FILE, "e"),
        ("[2/2] f", ""),
        (FILE, "e"),
        (END, "q"),
        (LEAVE, "k"),
    ]);
    let kept = case.code(1).untouched();
    let text = kept.text(".git/ixd-template/root/review");
    assert!(text.contains("\"f\"") && !text.contains(".env"), "{text}");
    kept.converse(&[
        (START, "a"),
        (KEPT, ""),
        ("[2/2] .env.x.secret", ""),
        (FILE, "o"),
        (END, "a"),
    ])
    .done()
    .is("f", "hush\n");
}
