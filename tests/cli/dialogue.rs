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
