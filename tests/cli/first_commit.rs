//! `new` with encrypted files: nothing of them is in git in the clear, from the first commit on.

use std::process::Stdio;
use std::time::Duration;

use expectrl::{Eof, Expect as _, Session};

use super::sandbox::{Ran, Sandbox};

const PLAIN: &str = "API_KEY=plain-and-secret\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        "once: ['.env.*.secret']\n",
        &[
            (".env.develop.secret", PLAIN),
            (
                ".gitattributes.tera",
                "*.secret* filter=crypt diff=crypt merge=crypt\n",
            ),
            ("empty.secret", ""),
            ("open", "open\n"),
        ],
    );
    sandbox
}

fn new(sandbox: &Sandbox, flags: &[&str]) -> Ran {
    let ran = sandbox.ixd(&[&["new", "shop", "--from", "cat", "--defaults"], flags].concat());
    assert_eq!(ran.code, 0, "{ran}");
    ran
}

fn password(sandbox: &Sandbox) -> String {
    let found = sandbox.git("shop", &["config", "--local", "transcrypt.password"]);
    found.trim_end().to_owned()
}

/// No object holds the plain text, git sees nothing to do, and our filter decrypts what is in the index.
fn is_sealed(sandbox: &Sandbox) {
    let blob = sandbox.git("shop", &["cat-file", "blob", ":.env.develop.secret"]);
    assert!(blob.starts_with("U2FsdGVk"), "{blob}");
    let objects = sandbox.git("shop", &["cat-file", "--batch-all-objects", "--batch"]);
    assert!(!objects.contains("plain-and-secret"));
    assert_eq!(sandbox.read("shop/.env.develop.secret"), PLAIN);
    assert_eq!(sandbox.git("shop", &["status", "--porcelain"]), "");
    assert_eq!(password(sandbox).len(), 32);
    assert_eq!(sandbox.mode("shop/.git/config"), 0o600);
    // The filter is found although our program is not on PATH, and gives the same bytes.
    sandbox.write("shop/.env.develop.secret", PLAIN);
    sandbox.git("shop", &["add", "--renormalize", "."]);
    assert_eq!(
        sandbox.git("shop", &["diff", "--cached", "--name-only"]),
        ""
    );
    for (path, content) in sandbox.tree("shop") {
        assert!(
            !content.contains(&password(sandbox)),
            "{path} holds the password"
        );
    }
}

#[test]
fn the_first_commit_is_encrypted() {
    let sandbox = sandbox();
    let ran = new(&sandbox, &[]);
    is_sealed(&sandbox);
    assert!(!ran.to_string().contains(&password(&sandbox)), "{ran}");
    assert!(
        ran.stderr.contains("git config transcrypt.password"),
        "{ran}"
    );
    assert_eq!(
        sandbox.git("shop", &["ls-files"]),
        ".env.develop.secret\n.gitattributes\n.ixd-template.yml\nempty.secret\nopen\n"
    );
}

#[test]
fn a_folder_that_exists_gets_the_same() {
    let sandbox = sandbox();
    sandbox.write("shop/mine", "mine\n");
    new(&sandbox, &[]);
    sandbox.git("shop", &["add", "mine"]);
    sandbox.git("shop", &["commit", "-qm", "mine"]);
    is_sealed(&sandbox);
}

#[test]
fn a_repository_that_exists_is_set_up_before_the_files_are_there() {
    let sandbox = sandbox();
    sandbox.write("shop/mine", "mine\n");
    sandbox.git("shop", &["init", "-q"]);
    let ran = new(&sandbox, &[]);
    assert!(!ran.to_string().contains(&password(&sandbox)), "{ran}");
    sandbox.git("shop", &["add", "-A"]);
    sandbox.git("shop", &["commit", "-qm", "all"]);
    is_sealed(&sandbox);
}

#[test]
fn a_password_that_git_knows_is_kept() {
    let sandbox = sandbox();
    sandbox.write("shop/mine", "mine\n");
    sandbox.git("shop", &["init", "-q"]);
    let known = "the password of other branches";
    sandbox.git("shop", &["config", "transcrypt.password", known]);
    new(&sandbox, &[]);
    assert_eq!(password(&sandbox), known);
    sandbox.git("shop", &["add", "-A"]);
    let blob = sandbox.git("shop", &["cat-file", "blob", ":.env.develop.secret"]);
    assert!(blob.starts_with("U2FsdGVk"), "{blob}");
}

#[test]
fn without_git_the_command_is_told() {
    let sandbox = sandbox();
    let ran = new(&sandbox, &["--no-git"]);
    assert!(
        ran.stderr
            .contains("git init && ixd-template secrets init --generate"),
        "{ran}"
    );
    assert!(!sandbox.exists("shop/.git"));
}

#[test]
fn a_diff_shows_what_is_encrypted_only_on_request() {
    let sandbox = sandbox();
    new(&sandbox, &[]);
    sandbox.write("shop/.env.develop.secret", "API_KEY=the-real-one\n");
    let ran = sandbox.ixd(&["diff", "shop", "--from", "cat"]);
    assert!(
        ran.code == 0 && !ran.stdout.contains("the-real-one"),
        "{ran}"
    );
    assert!(ran.stdout.contains(".env.develop.secret: changed"), "{ran}");
    let named = ["diff", "shop", "shop/.env.develop.secret", "--from", "cat"];
    assert!(sandbox.ixd(&named).stdout.contains("+API_KEY=the-real-one"));
}

#[test]
fn a_dry_run_makes_no_password() {
    let sandbox = sandbox();
    let before = sandbox.tree("");
    new(&sandbox, &["--dry-run"]);
    assert_eq!(sandbox.tree(""), before);
}

#[test]
fn a_given_password_is_taken_or_refused() {
    let sandbox = sandbox();
    let run = |password: &str| {
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
        command
            .args(["new", "shop", "--from", "cat", "--defaults"])
            .env("TRANSCRYPT_PASSWORD", password)
            .stdin(Stdio::null());
        sandbox.ran(command.output().unwrap())
    };
    let ran = run("short");
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("at least 20 characters"), "{ran}");
    assert_eq!(std::fs::read_dir(sandbox.path("")).unwrap().count(), 1);
    assert_eq!(run("correct horse battery staple").code, 0);
    assert_eq!(password(&sandbox), "correct horse battery staple");
}

#[test]
fn a_person_is_told_the_password_once() {
    let sandbox = sandbox();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command
        .env("TERM", "xterm")
        .args(["new", "shop", "--from", "cat"]);
    let mut p = Session::spawn(command).unwrap();
    p.set_expect_timeout(Some(Duration::from_secs(60)));
    p.expect("All right?").unwrap();
    p.send("\r").unwrap();
    p.expect("The password of the secret files").unwrap();
    let rest = p.expect(Eof).unwrap();
    let rest = String::from_utf8_lossy(rest.as_bytes()).into_owned();
    assert_eq!(rest.matches(&password(&sandbox)).count(), 1, "{rest}");
}

#[test]
fn an_upgrade_that_brings_secrets_sets_the_repository_up() {
    let sandbox = Sandbox::new();
    let manifest = |version: &str| format!("name: tiny\nversion: {version}\n");
    let (old, new) = ("cat/snapshots/0.1.0", "cat/template");
    sandbox
        .write(&format!("{old}/template.yml"), manifest("0.1.0"))
        .write(&format!("{old}/project/.gitignore.tera"), "*.secret*\n")
        .write(
            &format!("{old}/project/.gitattributes.tera"),
            "*.sh eol=lf\n",
        )
        .write(
            &format!("{new}/template.yml"),
            manifest("0.2.0") + "once: ['*.secret']\n",
        )
        .write(&format!("{new}/project/.gitignore.tera"), "*.log\n")
        .write(
            &format!("{new}/project/.gitattributes.tera"),
            "*.secret* filter=crypt\n",
        )
        .write(&format!("{new}/project/.env.develop.secret"), "EXAMPLE=1\n");
    let made = [
        "new",
        "shop",
        "--from",
        "cat",
        "--release",
        "0.1.0",
        "--defaults",
    ];
    assert_eq!(sandbox.ixd(&made).code, 0);
    // The user's own, which git has ignored so far.
    sandbox.write("shop/.env.develop.secret", PLAIN);
    let ran = sandbox.ixd(&["upgrade", "shop", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        ran.stderr.contains("git config transcrypt.password"),
        "{ran}"
    );
    assert!(!ran.to_string().contains(&password(&sandbox)), "{ran}");
    // Taken back and done again, it needs no second password.
    let before = password(&sandbox);
    assert_eq!(sandbox.ixd(&["undo", "shop", "--from", "cat"]).code, 0);
    let ran = sandbox.ixd(&["upgrade", "shop", "--from", "cat", "--yes"]);
    assert_eq!((ran.code, password(&sandbox)), (0, before), "{ran}");
    sandbox.git("shop", &["add", "-A"]);
    sandbox.git("shop", &["commit", "-qm", "upgrade"]);
    is_sealed(&sandbox);
    let ran = sandbox.ixd(&["undo", "shop", "--from", "cat"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("git rm --cached :/.env.develop.secret"),
        "{ran}"
    );
}
