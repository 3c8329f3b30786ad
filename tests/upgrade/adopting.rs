//! A project whose state file is gone: the release and the answers are found again, and it is upgraded from there.

use super::case::{Case, case};

/// Twenty lines of one file, told apart by `word`.
fn lines(word: &str) -> String {
    let lines: Vec<String> = (0..20).map(|n| format!("{word} line {n}")).collect();
    lines.join("\n") + "\n"
}

const QUESTIONS: &str = "\
questions:
  - {name: who, prompt: Who?, type: text, default: nobody}
  - {name: big, prompt: Big?, type: bool, default: false}
files:
  big.txt: {when: big}
";

/// A project made from 0.1.0 with `who` and `big` answered, whose state file is gone.
fn orphan() -> Case {
    let (old, new, big) = (lines("old"), lines("new"), lines("big"));
    let case = case(
        &[
            ("f", old.as_str()),
            ("who.txt.tera", "It was made by {{ who }}.\n"),
            ("big.txt", big.as_str()),
        ],
        &[
            ("f", new.as_str()),
            ("who.txt.tera", "It was made by {{ who }}.\n"),
            ("big.txt", big.as_str()),
        ],
    );
    case.asking(QUESTIONS, QUESTIONS)
        .answering("who=Ada Lovelace")
        .answering("big=true")
        .delete(".ixd-template.yml")
        .edit("own.txt", "my own\n")
        .commit()
}

#[test]
fn nothing_is_adopted_unasked() {
    orphan()
        .run("upgrade --from ../cat --yes")
        .code(1)
        .says("it looks made from release 0.1.0")
        .says("--adopt --dry-run")
        .untouched();
}

#[test]
fn a_check_says_so() {
    orphan()
        .run("upgrade --from ../cat --check")
        .code(3)
        .says("looks made from 0.1.0")
        .run("upgrade --from ../cat --check --json")
        .code(3)
        .says("\"made_from\": \"0.1.0\"")
        .says("\"confident\": true")
        .untouched();
}

#[test]
fn what_was_made_from_something_else_is_no_project() {
    orphan()
        .edit("f", "something else\n")
        .delete("same")
        .delete("who.txt")
        .delete("big.txt")
        .run("upgrade --from ../cat --adopt --yes")
        .code(1)
        .says("its files resemble no release")
        .untouched()
        .run("upgrade --from ../cat --adopt=0.1.0 --yes")
        .code(1)
        .says("does not look made from release 0.1.0")
        .untouched();
}

#[test]
fn it_is_adopted_upgraded_and_taken_back() {
    let case = orphan();
    let before = case.contents();
    let case = case
        .run("upgrade --from ../cat --adopt --dry-run --json")
        .done()
        .says("\"release\": \"0.1.0\"")
        .says("\"who\": \"Ada Lovelace\"")
        .says("\"path\": \"f\"")
        .untouched()
        .run("upgrade --from ../cat --adopt --yes")
        .done()
        .is("f", &lines("new"))
        .is("own.txt", "my own\n")
        .holds(
            ".ixd-template.yml",
            &["version: 0.2.0", "who: Ada Lovelace", "big: true"],
        )
        .run("upgrade --from ../cat")
        .done()
        .says("Nothing to do")
        .run("undo")
        .done();
    assert_eq!(case.contents(), before);
}

#[test]
fn a_team_s_edits_are_merged() {
    let edited = lines("old").replace("old line 3\n", "old line 3\nmy own line\n");
    let both = (10..20).fold(lines("old"), |text, n| {
        text.replace(&format!("old line {n}\n"), &format!("new line {n}\n"))
    });
    orphan()
        .their("f", &both)
        .edit("f", &edited)
        .upgrade_with("--adopt --yes")
        .done()
        .is(
            "f",
            &both.replace("old line 3\n", "old line 3\nmy own line\n"),
        );
}

#[test]
fn only_the_state_file_is_written_at_the_release_it_has() {
    orphan()
        .upgrade_with("--adopt --release 0.1.0 --yes")
        .done()
        .says("only .ixd-template.yml is written")
        .is("f", &lines("old"))
        .run("diff --from ../cat")
        .done();
}

#[test]
fn a_doubt_is_not_decided_without_a_person() {
    // One line tells the releases apart, and it is gone.
    let new = lines("old").replace("old line 3\n", "new line 3\n");
    let edited = lines("old").replace("old line 3\n", "");
    let case = orphan().their("f", &new).edit("f", &edited);
    case.upgrade_with("--adopt --yes")
        .code(1)
        .says("0.1.0 or 0.2.0")
        .says("`--adopt=0.1.0`")
        .untouched()
        .run("upgrade --from ../cat --adopt=0.2.0 --yes")
        .done()
        .holds(".ixd-template.yml", &["version: 0.2.0"]);
}

#[test]
fn releases_that_make_the_same_files_are_one() {
    orphan()
        .their("f", &lines("old"))
        .upgrade_with("--adopt --yes")
        .done()
        .says("0.1.0")
        .is("f", &lines("old"));
}

#[test]
fn a_project_with_a_state_file_needs_no_adoption() {
    case(&[("f", "1\n")], &[("f", "2\n")])
        .upgrade_with("--adopt --yes")
        .code(1)
        .says("is a project made by ixd-template already")
        .untouched();
}

#[test]
fn a_person_is_offered_it() {
    let offer = "[a] adopt it and go on to 0.2.0   [o] only adopt it, at 0.1.0";
    orphan()
        .converse(&[(offer, "q")])
        .code(1)
        .untouched()
        .converse(&[(offer, "a"), ("Apply?", "a")])
        .done()
        .says("looks made from tiny 0.1.0")
        .says("Ada Lovelace")
        .is("f", &lines("new"));
    orphan()
        .converse(&[(offer, "o"), ("Apply?", "a")])
        .done()
        .is("f", &lines("old"))
        .holds(".ixd-template.yml", &["version: 0.1.0"]);
}

#[test]
fn a_person_decides_a_doubt() {
    let new = lines("old").replace("old line 3\n", "new line 3\n");
    let edited = lines("old").replace("old line 3\n", "");
    orphan()
        .their("f", &new)
        .edit("f", &edited)
        .converse(&[
            // Of two that fit alike, the older one is offered first.
            ("Which release was shop made from?", ""),
            ("0.2.0", "\r"),
            (
                "[a] adopt it and go on to 0.2.0   [o] only adopt it, at 0.1.0",
                "o",
            ),
            ("Apply?", "a"),
        ])
        .done()
        .holds(".ixd-template.yml", &["version: 0.1.0"]);
}
