//! Files with more bytes than anybody holds in memory: compared, copied and written, and never all at hand.

use std::fs;

use super::case::{Case, case};

/// Bytes that no text has, more of them than are held.
fn long(letter: u8) -> Vec<u8> {
    let mut bytes = vec![0, letter];
    bytes.resize(3 << 20, letter);
    bytes.push(letter);
    bytes
}

fn with_long() -> Case {
    case(&[("a", "1\n")], &[("a", "2\n")]).bytes("long", &long(b'1'), &long(b'2'))
}

fn holds(case: &Case, path: &str, bytes: &[u8]) {
    let found = fs::read(case.path(path)).unwrap();
    assert!(found == bytes, "{path} has other bytes: {}", found.len());
}

fn run(case: &Case, args: &[&str], code: i32) {
    let mut all = args.to_vec();
    all.push("shop");
    if !args.contains(&"--abort") {
        all.extend(["--from", "cat"]);
    }
    let ran = case.sandbox.ixd(&all);
    assert_eq!(ran.code, code, "{args:?}: {ran}");
}

#[test]
fn a_long_file_is_upgraded_and_taken_back() {
    for case in [with_long().make(), with_long().without_git().make()] {
        run(&case, &["upgrade", "--yes"], 0);
        holds(&case, "long", &long(b'2'));
        run(&case, &["status"], 0);
        run(&case, &["undo"], 0);
        holds(&case, "long", &long(b'1'));
        run(&case, &["upgrade", "--yes"], 0);
        holds(&case, "long", &long(b'2'));
    }
}

#[test]
fn a_long_file_that_both_changed_is_left_to_a_person() {
    for case in [with_long(), with_long().without_git()] {
        let case = case.edit_bytes("long", &long(b'3')).commit();
        run(&case, &["upgrade", "--yes"], 3);
        holds(&case, "long", &long(b'3'));
        holds(&case, "long.theirs", &long(b'2'));
        run(&case, &["upgrade", "--abort"], 0);
        holds(&case, "long", &long(b'3'));
        assert!(!case.path("long.theirs").exists());
        run(&case, &["upgrade", "--yes", "--on-conflict", "theirs"], 0);
        holds(&case, "long", &long(b'2'));
        run(&case, &["undo"], 0);
        holds(&case, "long", &long(b'3'));
    }
}

#[test]
fn a_long_text_that_both_changed_is_merged() {
    let text = |first: &str, last: &str| {
        let middle = (0..40_000).fold(String::new(), |text, n| {
            text + &format!("the line of number {n} is here\n")
        });
        format!("{first}\n{middle}{last}\n")
    };
    let (base, theirs) = (text("a", "z"), text("a", "y"));
    let case = case(&[("t", &base)], &[("t", &theirs)])
        .edit("t", &text("b", "z"))
        .commit();
    run(&case, &["upgrade", "--yes"], 0);
    holds(&case, "t", text("b", "y").as_bytes());
    run(&case, &["undo"], 0);
    holds(&case, "t", text("b", "z").as_bytes());
}

#[test]
fn what_no_memory_holds_stops_no_command() {
    let case = with_long().without_git().make();
    let file = fs::OpenOptions::new()
        .write(true)
        .open(case.path("a"))
        .unwrap();
    file.set_len(64 << 30).unwrap();
    run(&case, &["status"], 0);
    run(&case, &["diff"], 0);
    run(&case, &["upgrade", "--dry-run"], 3);
    run(&case, &["upgrade", "--yes"], 3);
    assert_eq!(fs::metadata(case.path("a")).unwrap().len(), 64 << 30);
    holds(&case, "a.theirs", b"2\n");
    run(&case, &["status"], 0);
    run(&case, &["upgrade", "--abort"], 0);
    holds(&case, "long", &long(b'1'));
    assert_eq!(fs::metadata(case.path("a")).unwrap().len(), 64 << 30);
}
