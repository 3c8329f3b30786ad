//! `secrets init` and `secrets rekey` in clones that are not as they should be.

use std::process::Stdio;
use std::time::Duration;

use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

use super::sandbox::Sandbox;
use super::secrets::{PASSWORD, PLAIN, blob, command, commit, git, password, repository, secrets};

const SHORT: &str = "too short";

/// The repository, encrypted with a password that transcrypt took and we would not.
fn with_short_password() -> Sandbox {
    let sandbox = repository();
    git(&sandbox, "shop", &["config", "transcrypt.password", SHORT]);
    git(
        &sandbox,
        "shop",
        &["rm", "-q", "--cached", ".env.develop.secret"],
    );
    commit(&sandbox, "shop", "short");
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    sandbox
}

#[test]
fn a_short_password_that_reads_the_files_is_taken() {
    let sandbox = with_short_password();
    let shown = secrets(&sandbox, "clone", SHORT, &["show", ".env.develop.secret"]);
    assert_eq!(shown.stdout, PLAIN);
    let ran = secrets(&sandbox, "clone", SHORT, &["init"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stderr.contains("less than 20 characters"), "{ran}");
    assert_eq!(sandbox.read("clone/.env.develop.secret"), PLAIN);
    // The one that git has may belong to another branch; a new one must be long.
    sandbox.write("clone/.env.develop.secret", "");
    git(
        &sandbox,
        "clone",
        &["rm", "-qf", "--cached", ".env.develop.secret"],
    );
    assert_eq!(secrets(&sandbox, "clone", "", &["init"]).code, 0);
    let ran = secrets(&sandbox, "clone", "another one", &["init"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("git has another one here"),
        "{ran}"
    );
    git(
        &sandbox,
        "clone",
        &["config", "--unset", "transcrypt.password"],
    );
    let ran = secrets(&sandbox, "clone", "another one", &["init"]);
    assert!(ran.code == 1 && ran.stderr.contains("at least 20"), "{ran}");
}

fn typed(sandbox: &Sandbox, args: &[&str]) -> OsSession {
    let mut command = command(sandbox, "clone", "ixd-template");
    command
        .env("TERM", "xterm")
        .args(args)
        .stdin(Stdio::inherit());
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session
}

/// Types behind a prompt that shows nothing of it: what comes before the terminal is told so is thrown away.
fn answer(session: &mut OsSession, prompt: &str, typed: &str) {
    session.expect(prompt).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    session.send(format!("{typed}\r")).unwrap();
}

#[test]
fn a_password_that_decrypts_is_asked_for_once() {
    let sandbox = with_short_password();
    let mut p = typed(&sandbox, &["secrets", "init"]);
    answer(&mut p, "Password", SHORT);
    p.expect("this repository is set up").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.read("clone/.env.develop.secret"), PLAIN);
    // A new one is asked for twice, as nothing tells a slip.
    let mut p = typed(&sandbox, &["secrets", "rekey"]);
    answer(&mut p, "Password", PASSWORD);
    answer(&mut p, "The same again", "a slip");
    p.expect("not the same").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(password(&sandbox, "clone"), SHORT);
}

/// A clone with two secrets, of which one is damaged as `damage` says.
fn damaged(damage: impl Fn(&Sandbox, &str)) -> Sandbox {
    let sandbox = repository();
    sandbox.write("shop/a.secret", "A=1\n");
    commit(&sandbox, "shop", "another");
    let good = git(&sandbox, "shop", &["cat-file", "blob", ":a.secret"]);
    damage(&sandbox, &good);
    sandbox
}

#[test]
fn one_damaged_file_stops_no_clone() {
    for bad in [
        "U2FsdGVkX1+damaged\n",
        "9/Wt2BHZn7T3H2C/wtMPt5mYl3Vqzz0gOYv2R6s7w1g=\n",
    ] {
        let sandbox = damaged(|sandbox, _| {
            sandbox.write("raw", bad);
            let id = git(
                sandbox,
                "shop",
                &["hash-object", "-w", "--no-filters", "../raw"],
            );
            let entry = format!("100644,{},a.secret", id.trim());
            git(sandbox, "shop", &["update-index", "--cacheinfo", &entry]);
            git(sandbox, "shop", &["commit", "-qm", "damage"]);
            git(sandbox, "", &["clone", "-q", "shop", "clone"]);
        });
        let ran = secrets(&sandbox, "clone", PASSWORD, &["init"]);
        assert_eq!(ran.code, 0, "{ran}");
        assert_eq!(sandbox.read("clone/.env.develop.secret"), PLAIN);
        assert_eq!(sandbox.read("clone/a.secret"), bad);
        if bad.starts_with("U2") {
            assert!(ran.stderr.contains("a.secret: left encrypted"), "{ran}");
        }
        let ran = secrets(&sandbox, "clone", "", &["check"]);
        assert!(ran.code == 1 && ran.stdout.contains("✗ a.secret"), "{ran}");
        let ran = secrets(&sandbox, "clone", "not the password, but long", &["init"]);
        assert_eq!(ran.code, 1, "{ran}");
    }
}

#[test]
fn an_object_that_git_lost_stops_no_clone() {
    let sandbox = damaged(|_, _| {});
    let id = git(&sandbox, "shop", &["rev-parse", ":a.secret"]);
    let (folder, name) = id.trim().split_at(2);
    std::fs::remove_file(sandbox.path(&format!("shop/.git/objects/{folder}/{name}"))).unwrap();
    let ran = secrets(&sandbox, "shop", "", &["init"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("a.secret: git cannot read"),
        "{ran}"
    );
    let ran = secrets(&sandbox, "shop", "", &["check"]);
    assert!(
        ran.code == 1 && ran.stdout.contains("a.secret: git cannot read"),
        "{ran}"
    );
    // To give it another password would be to give it up.
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(
        (ran.code, password(&sandbox, "shop").as_str()),
        (1, PASSWORD),
        "{ran}"
    );
}

#[test]
fn what_is_locked_stops_a_change_of_the_password() {
    for lock in ["config.lock", "index.lock"] {
        let sandbox = repository();
        let local = format!("TRANSCRYPT_PASSWORD='{PASSWORD}'\n");
        sandbox.write("shop/.env.local", &local);
        let before = (blob(&sandbox, "shop"), sandbox.read("shop/.git/config"));
        sandbox.write(&format!("shop/.git/{lock}"), "");
        let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
        assert!(ran.code == 1 && ran.stderr.contains(lock), "{ran}");
        let after = (blob(&sandbox, "shop"), sandbox.read("shop/.git/config"));
        assert_eq!(before, after, "{lock}");
        assert_eq!(sandbox.read("shop/.env.local"), local);
        std::fs::remove_file(sandbox.path(&format!("shop/.git/{lock}"))).unwrap();
        assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
        let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
        assert_eq!(ran.code, 0, "{ran}");
    }
}

/// As a run leaves it that was killed between the password and the files.
#[test]
fn a_change_that_was_broken_off_is_told_and_finished() {
    let sandbox = repository();
    let new = "a new password that is long enough";
    git(&sandbox, "shop", &["config", "transcrypt.password", new]);
    git(
        &sandbox,
        "shop",
        &["config", "ixd-template.former-password", PASSWORD],
    );
    let ran = secrets(&sandbox, "shop", PASSWORD, &["init"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("secrets rekey"),
        "{ran}"
    );
    let ran = secrets(&sandbox, "shop", "", &["check"]);
    assert!(
        ran.code == 1 && ran.stdout.contains("former password"),
        "{ran}"
    );
    assert!(
        ran.stderr
            .contains("`ixd-template secrets rekey` finishes it"),
        "{ran}"
    );
    git(&sandbox, "shop", &["checkout", "-q", "--", "."]);
    assert_eq!(sandbox.read("shop/.env.develop.secret"), PLAIN);
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert!(ran.code == 0 && ran.stderr.contains("broken off"), "{ran}");
    assert_eq!(password(&sandbox, "shop"), new);
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
    assert!(!sandbox.read("shop/.git/config").contains("former-password"));
}

#[test]
fn what_a_person_said_of_a_file_stays() {
    let sandbox = repository();
    let path = ".env.develop.secret";
    git(&sandbox, "shop", &["update-index", "--skip-worktree", path]);
    std::fs::remove_file(sandbox.path("shop/.env.develop.secret")).unwrap();
    sandbox.write(
        "shop/.env.local",
        format!("A=1\r\n  export TRANSCRYPT_PASSWORD={PASSWORD}\r\nB=2\r\n"),
    );
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(git(&sandbox, "shop", &["ls-files", "-v"]).contains("S .env.develop.secret"));
    let new = password(&sandbox, "shop");
    assert_eq!(
        sandbox.read("shop/.env.local"),
        format!("A=1\r\n  export TRANSCRYPT_PASSWORD='{new}'\r\nB=2\r\n")
    );
}

/// What a clone left encrypted would be staged with the former password by the next `git add`.
#[test]
fn files_that_are_still_encrypted_are_decrypted_first() {
    let sandbox = repository();
    sandbox.write("shop/.env.develop.secret", blob(&sandbox, "shop"));
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("shop/.env.develop.secret"), PLAIN);
    git(&sandbox, "shop", &["add", "-A"]);
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
}

/// Whether it is the file or the password that is at fault is known where no password could be right.
#[test]
fn the_only_file_may_be_damaged() {
    let sandbox = repository();
    let whole = blob(&sandbox, "shop");
    sandbox.write("raw", &whole[..whole.len() / 2]);
    let store = ["hash-object", "-w", "--no-filters", "../raw"];
    let id = git(&sandbox, "shop", &store);
    let entry = format!("100644,{},.env.develop.secret", id.trim());
    git(&sandbox, "shop", &["update-index", "--cacheinfo", &entry]);
    git(&sandbox, "shop", &["commit", "-qm", "damage"]);
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    let ran = secrets(&sandbox, "clone", PASSWORD, &["init"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("it is damaged"),
        "{ran}"
    );
    assert_eq!(password(&sandbox, "clone"), PASSWORD);
}

fn replaced(sandbox: &Sandbox, dir: &str) -> String {
    let name = "ixd-template.replaced-password";
    git(sandbox, dir, &["config", name]).trim().to_owned()
}

/// Other branches and stashes may need it.
#[test]
fn no_password_that_git_holds_is_lost() {
    let other = "of another branch, and long enough";
    let sandbox = repository();
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    git(&sandbox, "clone", &["config", "transcrypt.password", other]);
    let ran = secrets(&sandbox, "clone", PASSWORD, &["init"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("replaced-password"),
        "{ran}"
    );
    assert_eq!(password(&sandbox, "clone"), PASSWORD);
    assert_eq!(replaced(&sandbox, "clone"), other);
    let ran = secrets(&sandbox, "clone", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(replaced(&sandbox, "clone"), PASSWORD);
    // With nothing to prove it, that of a shell replaces none.
    let tracked = ["rm", "-q", "--cached", ".env.develop.secret"];
    git(&sandbox, "shop", &tracked);
    let ran = secrets(&sandbox, "shop", other, &["init"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("git has another one here"),
        "{ran}"
    );
    assert_eq!(password(&sandbox, "shop"), PASSWORD);
    assert_eq!(secrets(&sandbox, "shop", "", &["init"]).code, 0);
}

#[test]
fn a_password_that_git_would_not_take_is_not_used() {
    for (place, setting, value) in [
        ("included", "include.path", "../../included"),
        (
            "shop/.git/config.worktree",
            "extensions.worktreeConfig",
            "true",
        ),
    ] {
        let sandbox = repository();
        git(&sandbox, "shop", &["config", setting, value]);
        let place = sandbox.path(place).display().to_string();
        let elsewhere = ["config", "-f", &place, "transcrypt.password", PASSWORD];
        git(&sandbox, "shop", &elsewhere);
        let state = || (blob(&sandbox, "shop"), sandbox.read("shop/.git/config"));
        let before = state();
        let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
        assert!(
            ran.code == 1 && ran.stderr.contains("is set elsewhere too"),
            "{ran}"
        );
        assert_eq!(state(), before);
        assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
    }
}

#[test]
fn the_last_of_several_lines_counts() {
    let sandbox = repository();
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    let lines = |password: &str| {
        format!("TRANSCRYPT_PASSWORD='{password}'\nA=1\nTRANSCRYPT_PASSWORD='{password}'\n")
    };
    let older = lines(PASSWORD).replacen(PASSWORD, "an older one, which was long too", 1);
    sandbox.write("clone/.env.local", older);
    let ran = secrets(&sandbox, "clone", "", &["init"]);
    assert_eq!(ran.code, 0, "{ran}");
    let ran = secrets(&sandbox, "clone", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    let new = password(&sandbox, "clone");
    assert_eq!(sandbox.read("clone/.env.local"), lines(&new));
}

/// The same holds where libgit2 cannot open the repository.
#[test]
fn a_repository_of_another_kind_is_as_safe() {
    let sandbox = Sandbox::new();
    sandbox
        .write("shop/.env.develop.secret", PLAIN)
        .write("shop/a.secret", "A=1\n");
    let mut init = command(&sandbox, "shop", "git");
    init.args(["init", "-q", "-b", "main", "--object-format=sha256"]);
    if !init.output().unwrap().status.success() {
        return;
    }
    assert_eq!(secrets(&sandbox, "shop", PASSWORD, &["init"]).code, 0);
    commit(&sandbox, "shop", "start");
    git(
        &sandbox,
        "shop",
        &["update-index", "--skip-worktree", "a.secret"],
    );
    std::fs::remove_file(sandbox.path("shop/a.secret")).unwrap();
    let state = || {
        (
            git(&sandbox, "shop", &["ls-files", "-s"]),
            sandbox.read("shop/.git/config"),
            sandbox.mode("shop/.git/config"),
        )
    };
    let before = state();
    for lock in ["config.lock", "index.lock"] {
        let lock = format!("shop/.git/{lock}");
        sandbox.write(&lock, "");
        let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
        assert_eq!(ran.code, 1, "{ran}");
        assert_eq!(state(), before, "{lock}");
        std::fs::remove_file(sandbox.path(&lock)).unwrap();
    }
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_ne!(password(&sandbox, "shop"), PASSWORD);
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
    assert!(git(&sandbox, "shop", &["ls-files", "-v"]).contains("S a.secret"));
    assert_eq!(sandbox.mode("shop/.git/config"), 0o600);
    // A damaged object stops nobody.
    commit(&sandbox, "shop", "rekeyed");
    let id = git(&sandbox, "shop", &["rev-parse", ":a.secret"]);
    let (folder, name) = id.trim().split_at(2);
    std::fs::remove_file(sandbox.path(&format!("shop/.git/objects/{folder}/{name}"))).unwrap();
    let ran = secrets(&sandbox, "shop", "", &["init"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("a.secret: git cannot read"),
        "{ran}"
    );
}
