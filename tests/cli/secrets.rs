//! `secrets`, through git and openssl themselves.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::sandbox::{Ran, Sandbox};

pub(super) const PASSWORD: &str = "correct horse \"b@ttery\" $taple";
pub(super) const PLAIN: &str = "export A='1'\nB=2\nC=3\nD=4\nE=5\n";

/// Git finds our program as its filter.
pub(super) fn command(sandbox: &Sandbox, dir: &str, program: &str) -> Command {
    let ours = Path::new(env!("CARGO_BIN_EXE_ixd-template"))
        .parent()
        .unwrap()
        .to_path_buf();
    let path = std::env::var_os("PATH").unwrap();
    let path =
        std::env::join_paths(std::iter::once(ours).chain(std::env::split_paths(&path))).unwrap();
    let mut command = sandbox.command(program);
    command
        .current_dir(sandbox.path(dir))
        .env("PATH", path)
        .stdin(Stdio::null());
    command
}

pub(super) fn git(sandbox: &Sandbox, dir: &str, args: &[&str]) -> String {
    let ran = sandbox.ran(command(sandbox, dir, "git").args(args).output().unwrap());
    assert_eq!(ran.code, 0, "git {args:?}: {ran}");
    ran.stdout
}

pub(super) fn secrets(sandbox: &Sandbox, dir: &str, password: &str, args: &[&str]) -> Ran {
    let mut command = command(sandbox, dir, "ixd-template");
    command.arg("secrets").args(args);
    if !password.is_empty() {
        command.env("TRANSCRYPT_PASSWORD", password);
    }
    sandbox.ran(command.output().unwrap())
}

/// A repository with one committed secret.
pub(super) fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("shop/.env.develop.secret", PLAIN);
    git(&sandbox, "shop", &["init", "-q", "-b", "main"]);
    let ran = secrets(&sandbox, "shop", PASSWORD, &["init"]);
    assert_eq!(ran.code, 0, "{ran}");
    commit(&sandbox, "shop", "start");
    sandbox
}

pub(super) fn commit(sandbox: &Sandbox, dir: &str, message: &str) {
    git(sandbox, dir, &["add", "-A"]);
    git(sandbox, dir, &["commit", "-qm", message]);
}

pub(super) fn blob(sandbox: &Sandbox, dir: &str) -> String {
    git(sandbox, dir, &["cat-file", "blob", ":.env.develop.secret"])
}

#[test]
fn commits_are_encrypted_and_the_disk_is_plain() {
    let sandbox = repository();
    assert!(blob(&sandbox, "shop").starts_with("U2FsdGVk"));
    assert_eq!(sandbox.read("shop/.env.develop.secret"), PLAIN);
    assert_eq!(git(&sandbox, "shop", &["status", "--porcelain"]), "");
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
    let objects = git(
        &sandbox,
        "shop",
        &["cat-file", "--batch-all-objects", "--batch"],
    );
    assert!(
        !objects.contains("export A"),
        "no object holds the plain text"
    );
    sandbox.write("shop/.env.develop.secret", PLAIN.replace("B=2", "B=two"));
    assert!(git(&sandbox, "shop", &["diff"]).contains("+B=two"));
}

#[test]
fn openssl_alone_reads_it() {
    let sandbox = repository();
    let mut openssl = command(&sandbox, "shop", "openssl");
    openssl
        .args([
            "enc",
            "-d",
            "-aes-256-cbc",
            "-md",
            "md5",
            "-a",
            "-pass",
            "env:P",
        ])
        .env("P", PASSWORD);
    let mut child = openssl
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(blob(&sandbox, "shop").as_bytes())
        .unwrap();
    assert_eq!(
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap(),
        PLAIN
    );
}

#[test]
fn a_clone_is_encrypted_until_it_is_set_up() {
    let sandbox = repository();
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    assert!(
        sandbox
            .read("clone/.env.develop.secret")
            .starts_with("U2FsdGVk")
    );
    let ran = secrets(&sandbox, "clone", "this is not the password", &["init"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr
            .contains("the password is wrong, or it is damaged"),
        "{ran}"
    );
    assert_eq!(
        secrets(
            &sandbox,
            "clone",
            PASSWORD,
            &["show", ".env.develop.secret"]
        )
        .stdout,
        PLAIN
    );
    assert_eq!(secrets(&sandbox, "clone", PASSWORD, &["init"]).code, 0);
    assert_eq!(sandbox.read("clone/.env.develop.secret"), PLAIN);
    assert_eq!(git(&sandbox, "clone", &["status", "--porcelain"]), "");
}

#[test]
fn without_a_password_nothing_is_committed_in_the_clear() {
    let sandbox = repository();
    git(
        &sandbox,
        "shop",
        &["config", "--unset", "transcrypt.password"],
    );
    sandbox.write("shop/.env.develop.secret", "NEW=1\n");
    let ran = sandbox.ran(
        command(&sandbox, "shop", "git")
            .args(["add", "-A"])
            .output()
            .unwrap(),
    );
    assert_ne!(ran.code, 0, "{ran}");
    assert!(
        ran.stderr
            .contains("the password of the secret files is not known here"),
        "{ran}"
    );
}

#[test]
fn merges_happen_in_the_clear() {
    let sandbox = repository();
    git(&sandbox, "shop", &["checkout", "-qb", "other"]);
    sandbox.write("shop/.env.develop.secret", PLAIN.replace("E=5", "E=five"));
    commit(&sandbox, "shop", "theirs");
    git(&sandbox, "shop", &["checkout", "-q", "main"]);
    sandbox.write("shop/.env.develop.secret", PLAIN.replace("B=2", "B=two"));
    commit(&sandbox, "shop", "ours");
    git(&sandbox, "shop", &["merge", "-q", "-m", "both", "other"]);
    assert_eq!(
        sandbox.read("shop/.env.develop.secret"),
        PLAIN.replace("E=5", "E=five").replace("B=2", "B=two")
    );
    assert!(blob(&sandbox, "shop").starts_with("U2FsdGVk"));
    assert_eq!(git(&sandbox, "shop", &["status", "--porcelain"]), "");
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
}

#[test]
fn the_notes_of_a_merge_quote_nothing_secret() {
    let sandbox = repository();
    for (name, version) in [("b", "1.0"), ("o", "1.1"), ("t", "1.2")] {
        let plain = format!("{{\n  \"a\": {{\n    \"version\": \"{version}\"\n  }}\n}}\n");
        sandbox.write("shop/plain", plain);
        let clean = format!("ixd-template secrets clean package-lock.json <plain >{name}");
        let output = command(&sandbox, "shop", "sh")
            .args(["-c", &clean])
            .output();
        assert!(output.unwrap().status.success());
    }
    let sides = ["merge", "b", "o", "t", "package-lock.json"];
    let ran = secrets(&sandbox, "shop", "", &sides);
    assert_eq!(ran.code, 1, "{ran}");
    let expected = "package-lock.json: the merge may double an edit or take one back; look at it (what it is may be secret)\n";
    assert_eq!(ran.stderr, expected);
}

#[test]
fn what_is_not_as_it_should_be_is_found() {
    let sandbox = repository();
    let put = |content: &str| {
        sandbox.write("raw", content);
        let id = git(
            &sandbox,
            "shop",
            &["hash-object", "-w", "--no-filters", "../raw"],
        );
        git(
            &sandbox,
            "shop",
            &[
                "update-index",
                "--cacheinfo",
                &format!("100644,{},.env.develop.secret", id.trim()),
            ],
        );
        secrets(&sandbox, "shop", "", &["check"])
    };
    let good = blob(&sandbox, "shop");
    let ran = put("PLAIN=1\n");
    assert!(
        ran.code == 1 && ran.stdout.contains("in the index in the clear"),
        "{ran}"
    );
    let ran = put("9/Wt2BHZn7T3H2C/wtMPt5mYl3Vqzz0gOYv2R6s7w1g=\n");
    assert!(
        ran.code == 1 && ran.stdout.contains("its salt is missing"),
        "{ran}"
    );
    let ran = put(&good.replacen("U2FsdGVkX1", "U2FsdGVkX2", 1));
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(put(&good).code, 0);
    git(
        &sandbox,
        "shop",
        &["mv", ".env.develop.secret", "moved.secret"],
    );
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 1);
    sandbox.write("shop/.gitattributes", "");
    git(&sandbox, "shop", &["add", ".gitattributes"]);
    let ran = secrets(&sandbox, "shop", "", &["check"]);
    assert!(
        ran.code == 1 && ran.stdout.contains("no filter encrypts it"),
        "{ran}"
    );
}

pub(super) fn password(sandbox: &Sandbox, dir: &str) -> String {
    let found = git(sandbox, dir, &["config", "--local", "transcrypt.password"]);
    found.trim_end().to_owned()
}

#[test]
fn a_new_password_is_generated_kept_and_never_shown() {
    let sandbox = repository();
    let before = blob(&sandbox, "shop");
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    let new = password(&sandbox, "shop");
    assert_eq!((new.len(), sandbox.mode("shop/.git/config")), (32, 0o600));
    assert!(!ran.to_string().contains(&new));
    assert_ne!(blob(&sandbox, "shop"), before);
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
    assert_eq!(sandbox.read("shop/.env.develop.secret"), PLAIN);
    git(&sandbox, "shop", &["commit", "-qm", "new password"]);
    assert_eq!(git(&sandbox, "shop", &["status", "--porcelain"]), "");
    // Nothing says that git ignores .env.local here, so it must not be made.
    assert!(!sandbox.exists("shop/.env.local"));
}

#[test]
fn a_new_password_replaces_the_old_one_on_this_machine() {
    let sandbox = repository();
    sandbox.write(
        "shop/.env.local",
        format!("DOTENV=develop\nTRANSCRYPT_PASSWORD='{PASSWORD}'\n"),
    );
    // A shell that was opened before still has the old one.
    let ran = secrets(&sandbox, "shop", PASSWORD, &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    let new = password(&sandbox, "shop");
    assert_ne!(new, PASSWORD);
    assert_eq!(
        sandbox.read("shop/.env.local"),
        format!("DOTENV=develop\nTRANSCRYPT_PASSWORD='{new}'\n")
    );
    assert_eq!(sandbox.mode("shop/.env.local"), 0o600);
    sandbox.write("shop/.env.develop.secret", "NEW=1\n");
    let mut add = command(&sandbox, "shop", "git");
    add.args(["add", "-u"]).env("TRANSCRYPT_PASSWORD", PASSWORD);
    assert_eq!(sandbox.ran(add.output().unwrap()).code, 0);
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
    assert_eq!(secrets(&sandbox, "shop", PASSWORD, &["check"]).code, 0);
}

/// One password in 256 gives bytes and no error. None of them may be taken for the secret.
#[test]
fn a_wrong_password_that_decrypts_writes_no_garbage() {
    let sandbox = repository();
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    let cipher = sandbox.read("clone/.env.develop.secret");
    let bytes = openssl_decrypts(&sandbox, &cipher);
    let ran = secrets(&sandbox, "clone", &bytes, &["init"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr
            .contains("the password is wrong, or it was tampered with"),
        "{ran}"
    );
    assert_eq!(sandbox.read("clone/.env.develop.secret"), cipher);
    let ran = secrets(&sandbox, "clone", &bytes, &["show", ".env.develop.secret"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran}");
}

/// A password other than ours with which the padding fits.
fn openssl_decrypts(sandbox: &Sandbox, cipher: &str) -> String {
    sandbox.write("cipher", cipher);
    let script = r#"for i in $(seq 10000); do
        export P="this is not the password $i"
        if openssl enc -d -aes-256-cbc -md md5 -a -pass env:P -in cipher >/dev/null 2>&1; then
            printf %s "$P"; exit; fi; done; exit 1"#;
    let found = sandbox
        .command("bash")
        .args(["-c", script])
        .output()
        .unwrap();
    assert!(found.status.success());
    String::from_utf8(found.stdout).unwrap()
}

#[test]
fn weak_passwords_and_missing_repositories_are_refused() {
    let sandbox = Sandbox::new();
    let ran = secrets(&sandbox, "", PASSWORD, &["init"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("there is no git repository"),
        "{ran}"
    );
    git(&sandbox, "", &["init", "-q"]);
    let ran = secrets(&sandbox, "", "short", &["init"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("at least 20 characters"),
        "{ran}"
    );
    let ran = secrets(&sandbox, "", "", &["init"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("is not known here"),
        "{ran}"
    );
    assert!(!sandbox.exists(".gitattributes"));
}

/// In a repository with SHA-256 objects, which libgit2 cannot open.
#[test]
fn newer_repositories_keep_secrets_too() {
    let sandbox = Sandbox::new();
    sandbox.write("shop/.env.develop.secret", PLAIN);
    let mut init = command(&sandbox, "shop", "git");
    init.args(["init", "-q", "-b", "main", "--object-format=sha256"]);
    if !init.output().unwrap().status.success() {
        return;
    }
    let ran = secrets(&sandbox, "shop", PASSWORD, &["init"]);
    assert_eq!(ran.code, 0, "{ran}");
    commit(&sandbox, "shop", "start");
    let is_locked = || git(&sandbox, "shop", &["show", ":.env.develop.secret"]) != PLAIN;
    assert!(is_locked());
    let first = git(&sandbox, "shop", &["rev-parse", ":.env.develop.secret"]);
    let ran = secrets(&sandbox, "shop", "", &["check"]);
    assert_eq!(ran.code, 0, "{ran}");
    let mut rekey = command(&sandbox, "shop", "ixd-template");
    rekey.args(["secrets", "rekey"]).env(
        "NEW_TRANSCRYPT_PASSWORD",
        "another horse \"b@ttery\" $taple",
    );
    let ran = sandbox.ran(rekey.output().unwrap());
    assert_eq!(ran.code, 0, "{ran}");
    assert!(is_locked());
    assert_ne!(
        first,
        git(&sandbox, "shop", &["rev-parse", ":.env.develop.secret"])
    );
    commit(&sandbox, "shop", "rekeyed");
    assert_eq!(git(&sandbox, "shop", &["status", "--porcelain"]), "");
    // A clone gets them with the new password alone.
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    assert_ne!(sandbox.read("clone/.env.develop.secret"), PLAIN);
    let ran = secrets(&sandbox, "clone", PASSWORD, &["init"]);
    assert_ne!(ran.code, 0, "{ran}");
    let ran = secrets(
        &sandbox,
        "clone",
        "another horse \"b@ttery\" $taple",
        &["init"],
    );
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("clone/.env.develop.secret"), PLAIN);
    assert_eq!(git(&sandbox, "clone", &["status", "--porcelain"]), "");
}
