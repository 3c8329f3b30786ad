//! The questions of `new`, typed on a real pseudo-terminal.

use std::time::Duration;

use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

use super::sandbox::Sandbox;

const DOWN: &str = "\x1b[B";
const MANIFEST: &str = "\
questions:
- {name: title, prompt: Title please, help: It goes on the front page., type: text, default: '{{ directory | title }}', check: {matches: '^[A-Z]', message: must start with a capital}}
- {name: docker, prompt: Docker files, type: bool, default: true}
- {name: color, prompt: Favourite color, type: choice, default: green, choices: [{value: red}, {value: green}, {value: blue}]}
- {name: parts, prompt: Which parts, help: Parts are parts., type: choices, default: [a], choices: [{value: a, label: Part A}, {value: b, label: Part B}]}
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        MANIFEST,
        &[(
            "out.tera",
            "{{ title }} {{ docker }} {{ color }} {{ parts | join(sep='+') }}\n",
        )],
    );
    sandbox
}

fn start(sandbox: &Sandbox) -> OsSession {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command
        .env("TERM", "xterm")
        .args(["new", "my-shop", "--from", "cat"]);
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session
}

#[test]
fn the_whole_dialogue() {
    let sandbox = sandbox();
    let mut p = start(&sandbox);
    p.expect("Title please").unwrap();
    p.expect("My Shop").unwrap();
    p.send("?\r").unwrap();
    p.expect("It goes on the front page.").unwrap();
    p.expect("Title please").unwrap();
    p.send("lower\r").unwrap();
    p.expect("must start with a capital").unwrap();
    p.expect("Title please").unwrap();
    p.send("Upper\r").unwrap();
    p.expect("Docker files").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("Favourite color").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("Which parts").unwrap();
    p.send(format!("{DOWN}{DOWN} \r")).unwrap();
    p.expect("Parts are parts.").unwrap();
    p.expect("Which parts").unwrap();
    p.send(format!("{DOWN} \r")).unwrap();
    p.expect("All right?").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("Which one?").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("Docker files").unwrap();
    p.send("\r").unwrap();
    p.expect("All right?").unwrap();
    assert!(
        !sandbox.exists("my-shop"),
        "nothing is written before the last answer"
    );
    p.send("\r").unwrap();
    p.expect("files written").unwrap();
    p.expect(Eof).unwrap();
    // Back at `docker`, Enter took what had been answered before: no.
    assert_eq!(sandbox.read("my-shop/out"), "Upper false blue a+b\n");
}

const MORE: &str = "\
questions:
- {name: title, prompt: Title please, type: text, default: Shop}
- {name: zone, prompt: Which zone, type: text, default: UTC, more: true}
- {name: extra, prompt: An extra, type: bool, default: false, more: true}
- {name: level, prompt: How much of it, type: choice, default: low, choices: [{value: low}, {value: high}], when: extra, more: true}
";

fn more() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        MORE,
        &[(
            "out.tera",
            "{{ title }} {{ zone }} {{ extra }} {{ level }}\n",
        )],
    );
    sandbox
}

#[test]
fn more_options_are_left_at_their_defaults() {
    let sandbox = more();
    let mut p = start(&sandbox);
    p.expect("Title please").unwrap();
    p.send("\r").unwrap();
    p.expect("at their defaults: zone UTC; extra no").unwrap();
    p.expect("More options?").unwrap();
    p.send("\r").unwrap();
    p.expect("More options? · no").unwrap();
    // The summary names them, and the way back leads to them too.
    p.expect("UTC").unwrap();
    p.expect("All right?").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("Which one?").unwrap();
    p.send(format!("{DOWN}{DOWN}\r")).unwrap();
    p.expect("An extra").unwrap();
    p.send("\x1b[A\r").unwrap();
    p.expect("All right?").unwrap();
    p.send("\r").unwrap();
    p.expect("files written").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.read("my-shop/out"), "Shop UTC true low\n");
}

#[test]
fn more_options_are_asked_of_those_who_want_them() {
    let sandbox = more();
    let mut p = start(&sandbox);
    p.expect("Title please").unwrap();
    p.send("\r").unwrap();
    p.expect("More options?").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("Which zone").unwrap();
    p.send("Mars\r").unwrap();
    p.expect("An extra").unwrap();
    p.send("\x1b[A\r").unwrap();
    p.expect("How much of it").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("All right?").unwrap();
    p.send("\r").unwrap();
    p.expect("files written").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.read("my-shop/out"), "Shop Mars true high\n");
}

/// What is answered on the command line is not asked about, one of `more` or not.
#[test]
fn nothing_is_asked_when_all_of_more_is_given() {
    let sandbox = more();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command
        .env("TERM", "xterm")
        .args(["new", "my-shop", "--from", "cat"])
        .args(["--answer", "zone=Mars", "--answer", "extra=no"]);
    let mut p = Session::spawn(command).unwrap();
    p.set_expect_timeout(Some(Duration::from_secs(20)));
    p.expect("Title please").unwrap();
    p.send("\r").unwrap();
    let before = p.expect("All right?").unwrap();
    let seen = String::from_utf8_lossy(before.before()).into_owned();
    assert!(!seen.contains("More options?"), "{seen}");
    p.send("\r").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.read("my-shop/out"), "Shop Mars false \n");
}

/// Whatever breaks the dialogue off leaves nothing behind and exits with 1.
fn broken_off(type_it: impl FnOnce(&mut OsSession)) {
    let sandbox = sandbox();
    let mut p = start(&sandbox);
    p.expect("Title please").unwrap();
    type_it(&mut p);
    p.expect("cancelled; nothing was written").unwrap();
    p.expect(Eof).unwrap();
    let status = p.get_process().wait().unwrap();
    assert!(format!("{status:?}").contains(", 1)"), "{status:?}");
    assert_eq!(std::fs::read_dir(sandbox.path("")).unwrap().count(), 1);
}

#[test]
fn ctrl_c_at_a_text() {
    broken_off(|p| p.send("abc\x03").unwrap());
}

#[test]
fn ctrl_c_at_a_list() {
    broken_off(|p| {
        p.send("\r").unwrap();
        p.expect("Docker files").unwrap();
        p.send("\x03").unwrap();
    });
}

#[test]
fn escape_at_a_list() {
    broken_off(|p| {
        p.send("\r").unwrap();
        p.expect("Docker files").unwrap();
        p.send("\x1b").unwrap();
    });
}

#[test]
fn cancel_in_the_summary() {
    broken_off(|p| {
        p.send("\r").unwrap();
        p.expect("Docker files").unwrap();
        p.send("\r").unwrap();
        p.expect("Favourite color").unwrap();
        p.send("\r").unwrap();
        p.expect("Which parts").unwrap();
        p.send("\r").unwrap();
        p.expect("All right?").unwrap();
        p.send(format!("{DOWN}{DOWN}\r")).unwrap();
    });
}
