//! What the team declined, by hunk: it stays declined until it is asked for, or the template touches that very hunk.

use super::case::{Case, case, file};
use super::review::{END, FILE, HUNK, LINES, START, lines};

const STATE: &str = ".ixd-template.yml";

/// Line two is in conflict, and six is the template's.
fn declined() -> Case {
    file(
        LINES,
        &lines(&[("two", "OURS")]),
        &lines(&[("two", "THEIRS"), ("six", "SIX")]),
    )
    .converse(&[
        (START, "a"),
        (FILE, "h"),
        (HUNK, "o"),
        (HUNK, "y"),
        (END, "a"),
    ])
    .done()
    .is("f", &lines(&[("two", "OURS"), ("six", "SIX")]))
}

/// One line of the state file for each hunk, and never its text.
#[test]
fn a_hunk_is_kept_by_its_hash() {
    let case = declined();
    let text = case.text(STATE);
    let (_, list) = text.split_once("declined:\n").unwrap();
    let words: Vec<&str> = list.lines().next().unwrap().split(' ').collect();
    assert_eq!(list.lines().count(), 1, "{text}");
    assert_eq!(&words[..3], ["-", "f", "0.2.0"], "{text}");
    assert!(words[3].len() == 12 && words[3].bytes().all(|byte| byte.is_ascii_hexdigit()));
    case.lacks(STATE, "THEIRS")
        .run("status --from ../cat")
        .done()
        .says("f: you kept yours in part (1 hunk declined)");
}

#[test]
fn it_stays_declined_when_the_template_changes_something_else() {
    let theirs = lines(&[("two", "THEIRS"), ("four", "FOUR"), ("six", "SIX")]);
    declined()
        .release("0.3.0")
        .their("f", &theirs)
        .upgrade()
        .done()
        .is(
            "f",
            &lines(&[("two", "OURS"), ("four", "FOUR"), ("six", "SIX")]),
        )
        .holds(STATE, &["declined:\n- f 0.2.0 ", "base: 0.1.0\n"])
        // Who asks is offered it, over the base that it was declined on.
        .upgrade_with("--yes --ask")
        .conflict("UU f")
        .holds(
            "f",
            &["||||||| template 0.1.0\ntwo\n=======\nTHEIRS\n>>>>>>> template 0.3.0\n"],
        );
}

#[test]
fn it_comes_again_over_its_own_text_when_the_template_changes_it() {
    declined()
        .release("0.3.0")
        .their("f", &lines(&[("two", "AGAIN"), ("six", "SIX")]))
        .upgrade()
        .conflict("UU f")
        .holds(
            "f",
            &["||||||| template 0.2.0\nTHEIRS\n=======\nAGAIN\n>>>>>>> template 0.3.0\n"],
        );
}

/// A conflict that is left and resolved takes no earlier decline with it.
#[test]
fn a_conflict_of_a_later_release_leaves_earlier_declines() {
    declined()
        .edit("f", &lines(&[("two", "OURS"), ("six", "SIX OURS")]))
        .release("0.3.0")
        .their("f", &lines(&[("two", "THEIRS"), ("six", "SIX THEIRS")]))
        .upgrade()
        .conflict("UU f")
        .edit("f", &lines(&[("two", "OURS"), ("six", "SIX BOTH")]))
        .run("upgrade --continue")
        .done()
        .lacks(STATE, "markers")
        .holds(
            STATE,
            &["what: you kept yours in part\n", "declined:\n- f 0.2.0 "],
        )
        .upgrade_with("--yes --ask")
        .code(3)
        .holds("f", &["OURS\n||||||| template 0.1.0\ntwo\n"]);
}

/// What was taken after all, by hand or by asking, is forgotten.
#[test]
fn a_decline_ends_when_the_file_follows_the_template() {
    let theirs = lines(&[("two", "THEIRS"), ("six", "SIX")]);
    declined()
        .upgrade_with("--yes --ask --on-conflict theirs")
        .done()
        .is("f", &theirs)
        .lacks(STATE, "open:")
        .lacks(STATE, "declined:");
    declined()
        .edit("f", &theirs)
        .commit()
        .run("upgrade --from ../cat")
        .done()
        .says("Nothing to do")
        .lacks(STATE, "open:")
        .lacks(STATE, "declined:");
}

/// Whole files as well: text, what is no text, an addition, a deletion.
#[test]
fn whole_files_stay_declined() {
    let numbers = |five: &str, nine: &str| format!("1\n2\n3\n4\n{five}\n6\n7\n8\n{nine}\n");
    let theirs = numbers("five", "9");
    let case = case(
        &[
            ("f", &numbers("5", "9")),
            ("bin", "\0base"),
            ("gone", "a\n"),
        ],
        &[("f", &theirs), ("bin", "\0theirs"), ("both", "theirs\n")],
    )
    .edit("f", &numbers("5 mine", "9"))
    .edit("bin", "\0ours")
    .edit("gone", "ours\n")
    .edit("both", "ours\n")
    .upgrade_with("--yes --on-conflict ours")
    .done()
    .holds(
        STATE,
        &[
            "- both 0.2.0 ",
            "- bin 0.2.0 ",
            "- f 0.2.0 ",
            "- gone 0.2.0 ",
        ],
    );
    // Another clone knows of it.
    case.elsewhere()
        .release("0.3.0")
        .their("f", &numbers("five", "nine"))
        .upgrade()
        .done()
        .is("f", &numbers("5 mine", "nine"))
        .is("bin", "\0ours")
        .is("gone", "ours\n")
        .is("both", "ours\n")
        .holds(
            STATE,
            &[
                "- both 0.2.0 ",
                "- bin 0.2.0 ",
                "- f 0.2.0 ",
                "- gone 0.2.0 ",
            ],
        )
        .upgrade_with("--yes --ask --on-conflict theirs")
        .done()
        .is("f", &numbers("five", "nine"))
        .is("bin", "\0theirs")
        .is("both", "theirs\n")
        .gone("gone")
        .lacks(STATE, "declined:");
}

/// What was not decided comes again when the file is touched; the hunks that were declined in it do not.
#[test]
fn an_undecided_file_comes_again_without_its_declined_hunks() {
    let case = declined()
        .release("0.3.0")
        .edit(
            "f",
            &lines(&[("two", "OURS"), ("four", "FOUR OURS"), ("six", "SIX")]),
        )
        .their(
            "f",
            &lines(&[("two", "THEIRS"), ("four", "FOUR"), ("six", "SIX")]),
        )
        .commit()
        .converse(&[(START, "a"), (FILE, "s"), (END, "a")])
        .done()
        .holds(STATE, &["what: not decided\n", "base: 0.1.0\n"]);
    case.release("0.4.0")
        .their(
            "f",
            &lines(&[("two", "THEIRS"), ("four", "FOUR"), ("six", "SIX AGAIN")]),
        )
        .upgrade()
        .conflict("UU f")
        .holds(
            "f",
            &["one\nOURS\nthree\n<<<<<<< yours\nFOUR OURS\n||||||| template 0.1.0\nfour\n"],
        )
        .edit(
            "f",
            &lines(&[("two", "OURS"), ("four", "BOTH"), ("six", "SIX AGAIN")]),
        )
        .run("upgrade --continue")
        .done()
        .holds(
            STATE,
            &["what: you kept yours in part\n", "declined:\n- f 0.2.0 "],
        );
}

/// A file that the template moves takes its declined hunks along, and a move that was taken is none that is declined.
#[test]
fn a_decline_moves_with_its_file() {
    let theirs = lines(&[("two", "THEIRS"), ("six", "SIX")]);
    let ours = lines(&[("two", "OURS"), ("six", "SIX")]);
    let manifest = |version: &str| {
        format!("name: tiny\nversion: {version}\nrenames: [{{from: f, to: g, in: 0.3.0}}]\n")
    };
    let case = declined().release("0.3.0");
    std::fs::remove_file(case.sandbox.path("cat/template/project/f")).unwrap();
    case.sandbox
        .write("cat/template/template.yml", manifest("0.3.0"));
    let case = case
        .their("g", &theirs)
        .upgrade()
        .done()
        .is("g", &ours)
        .gone("f")
        .holds(STATE, &["- path: g\n", "was: f\n", "- g 0.2.0 "]);
    let case = case
        .commit()
        .run("upgrade --from ../cat --yes")
        .done()
        .untouched()
        .release("0.4.0")
        .their("g", &theirs.replace("eight", "EIGHT"))
        .upgrade()
        .done()
        .is("g", &ours.replace("eight", "EIGHT"))
        .holds(STATE, &["- path: g\n", "was: f\n", "- g 0.2.0 "]);
    case.upgrade_with("--yes --ask")
        .conflict("UU g")
        .holds("g", &["||||||| template 0.1.0\ntwo\n"]);
}

/// A hash of a short text can be guessed: none of a file that a secret answer is part of is written down.
#[test]
fn no_hash_of_a_secret_is_kept() {
    let ask = "questions: [{name: key, prompt: K, type: secret}]\n";
    case(
        &[("env.tera", "A=1\n")],
        &[("env.tera", "A=1\nKEY={{ key }}\n")],
    )
    .asking("", ask)
    .edit("env", "A=1\nKEY=mine\n")
    .upgrade_with("--yes --on-conflict ours --answer key=hunter2-hunter2")
    .done()
    .lacks(STATE, "declined:");
}
