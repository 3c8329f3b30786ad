//! Where a secret must not appear: on a screen, in an object of git's, behind a link.

use std::os::unix::fs::symlink;

use super::sandbox::Sandbox;
use super::secrets::{PASSWORD, PLAIN, blob, commit, git, password, repository, secrets};

const ANSWER: &str = "hunter2-of-somebody";

/// A project of a template that asks for a secret, with the answer in one of its files.
fn answered() -> Sandbox {
    let manifest = |version: &str| {
        format!(
            "name: tiny\nversion: {version}\nquestions:\n- {{name: token, prompt: T, type: secret}}\n"
        )
    };
    let sandbox = Sandbox::new();
    for (place, version, port) in [("snapshots/0.1.0", "0.1.0", 1), ("template", "0.2.0", 2)] {
        sandbox
            .write(&format!("cat/{place}/template.yml"), manifest(version))
            .write(
                &format!("cat/{place}/project/settings.py.tera"),
                format!("PORT = {port}\nTOKEN = '{{{{ token }}}}'\n"),
            )
            .write(&format!("cat/{place}/project/open.py"), "A = 1\n")
            .write(&format!("cat/{place}/project/key.secret"), "KEY=\n");
    }
    let answer = format!("token={ANSWER}");
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--release",
        "0.1.0",
        "--answer",
        &answer,
    ]);
    assert_eq!(ran.code, 0, "{ran}");
    sandbox
}

#[test]
fn diff_shows_no_secret_that_is_not_named() {
    let sandbox = answered();
    sandbox.write("shop/open.py", "A = 2\n");
    sandbox.write("shop/key.secret", format!("KEY={ANSWER}\n"));
    for args in [
        &["diff", "shop", "--from", "cat"][..],
        &["diff", "shop", ".", "--from", "cat"],
    ] {
        let ran = sandbox.ixd(args);
        assert!(!ran.to_string().contains(ANSWER), "{ran}");
    }
    let ran = sandbox.ixd(&["diff", "shop", "--from", "cat"]);
    assert!(ran.stdout.contains("+A = 2"), "{ran}");
    for (path, why) in [
        ("settings.py", "a secret answer has a part in it"),
        ("key.secret", "its name calls it secret"),
    ] {
        assert!(
            ran.stdout
                .contains(&format!("{path}: changed, and not shown because {why}")),
            "{ran}"
        );
        let ran = sandbox.ixd(&["diff", "shop", "--from", "cat", "--", path]);
        assert!(ran.stdout.contains(ANSWER), "{ran}");
    }
}

#[test]
fn a_conflict_puts_no_secret_into_git() {
    let sandbox = answered();
    // The team tracks them, with the answer and the secret only in its folder so far.
    sandbox.write("shop/settings.py", "PORT = 0\nTOKEN = ''\n");
    git(&sandbox, "shop", &["add", "-A"]);
    git(&sandbox, "shop", &["commit", "-qm", "all"]);
    sandbox.write(
        "shop/settings.py",
        format!("PORT = 3\nTOKEN = '{ANSWER}'\n"),
    );
    sandbox.write("shop/key.secret", format!("KEY={ANSWER}\n"));
    sandbox.write("cat/template/project/key.secret", "KEY=other\n");
    let ran = sandbox.ixd(&[
        "upgrade",
        "shop",
        "--from",
        "cat",
        "--yes",
        "--allow-dirty",
        "--defaults",
    ]);
    assert_eq!(ran.code, 3, "{ran}");
    assert!(!ran.to_string().contains(ANSWER), "{ran}");
    let objects = git(
        &sandbox,
        "shop",
        &["cat-file", "--batch-all-objects", "--batch"],
    );
    assert!(!objects.contains(ANSWER), "{ran}");
    // It is a conflict all the same.
    let ran = sandbox.ixd(&["upgrade", "shop", "--continue"]);
    assert!(ran.code != 0 && ran.stderr.contains("settings.py"), "{ran}");
}

/// The record for `undo` holds what was written in the clear: for its owner alone, and not for git.
#[test]
fn records_with_a_secret_are_for_their_owner_alone() {
    for with_git in [true, false] {
        let sandbox = answered();
        if !with_git {
            std::fs::remove_dir_all(sandbox.path("shop/.git")).unwrap();
        }
        let answer = format!("token={ANSWER}");
        let ran = sandbox.ixd(&[
            "upgrade",
            "shop",
            "--from",
            "cat",
            "--yes",
            "--allow-dirty",
            "--answer",
            &answer,
        ]);
        assert_eq!(ran.code, 0, "{ran}");
        let store = if with_git {
            "shop/.git/ixd-template/root"
        } else {
            "shop/.ixd-template"
        };
        assert_eq!(sandbox.mode(store), 0o700, "{store}");
        let names = sandbox.paths(store);
        assert!(names.contains("undo"), "{names}");
        for name in std::fs::read_dir(sandbox.path(store)).unwrap() {
            let name = name.unwrap().file_name().into_string().unwrap();
            let whole = format!("{store}/{name}");
            assert!(
                !["journal", "new", "old"].contains(&name.as_str()),
                "{name}"
            );
            assert_eq!(sandbox.mode(&whole) & 0o077, 0, "{whole}");
        }
        if !with_git {
            git(&sandbox, "shop", &["init", "-q"]);
        }
        let untracked = ["status", "--porcelain", "--untracked-files=all"];
        let untracked = git(&sandbox, "shop", &untracked);
        assert!(!untracked.contains(".ixd-template/"), "{untracked}");
    }
}

#[test]
fn links_stay_links_and_what_they_lead_to_keeps_its_mode() {
    let sandbox = repository();
    sandbox.write("local", format!("TRANSCRYPT_PASSWORD='{PASSWORD}'\n"));
    symlink("../local", sandbox.path("shop/.env.local")).unwrap();
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    let new = password(&sandbox, "shop");
    assert_eq!(
        sandbox.read("local"),
        format!("TRANSCRYPT_PASSWORD='{new}'\n")
    );
    assert_eq!(sandbox.mode("local"), 0o600);
    assert!(sandbox.path("shop/.env.local").is_symlink());

    for (name, text) in [
        ("base", "1\n2\n3\n"),
        ("real", "1\n2\n3\nours\n"),
        ("theirs", "theirs\n1\n2\n3\n"),
    ] {
        sandbox.write(name, text);
    }
    symlink("real", sandbox.path("ours")).unwrap();
    let mode = sandbox.mode("real");
    let ran = sandbox.ixd(&["merge-file", "--in-place", "base", "ours", "theirs"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("real"), "theirs\n1\n2\n3\nours\n");
    assert!(sandbox.path("ours").is_symlink() && sandbox.mode("real") == mode);
}

/// Through a link out of the project nothing is written, and git reads no attributes through one.
#[test]
fn init_writes_through_no_link() {
    let sandbox = repository();
    git(&sandbox, "", &["clone", "-q", "shop", "clone"]);
    sandbox.write("outside", blob(&sandbox, "shop"));
    std::fs::remove_file(sandbox.path("clone/.env.develop.secret")).unwrap();
    symlink("../outside", sandbox.path("clone/.env.develop.secret")).unwrap();
    assert_eq!(secrets(&sandbox, "clone", PASSWORD, &["init"]).code, 0);
    assert_eq!(sandbox.read("outside"), blob(&sandbox, "shop"));
    // Nor through one on the way.
    sandbox.write("shop/sub/a.secret", "A=1\n");
    commit(&sandbox, "shop", "sub");
    let raw = git(&sandbox, "shop", &["cat-file", "blob", ":sub/a.secret"]);
    git(&sandbox, "", &["clone", "-q", "shop", "again"]);
    std::fs::remove_dir_all(sandbox.path("again/sub")).unwrap();
    sandbox.write("elsewhere/a.secret", &raw);
    symlink("../elsewhere", sandbox.path("again/sub")).unwrap();
    assert_eq!(secrets(&sandbox, "again", PASSWORD, &["init"]).code, 0);
    assert_eq!(sandbox.read("elsewhere/a.secret"), raw);

    git(&sandbox, "", &["init", "-q", "other"]);
    sandbox.write("attributes", "# empty\n");
    symlink("../attributes", sandbox.path("other/.gitattributes")).unwrap();
    let ran = secrets(&sandbox, "other", PASSWORD, &["init"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("it is a link"),
        "{ran}"
    );
    assert_eq!(sandbox.read("attributes"), "# empty\n");
    assert_eq!(sandbox.read("shop/.env.develop.secret"), PLAIN);
}

/// What was committed with a former password, is in another work tree or a stash, can be read after `rekey`.
#[test]
fn a_new_password_hides_nothing_of_the_old_one() {
    let sandbox = repository();
    let path = ".env.develop.secret";
    git(&sandbox, "shop", &["worktree", "add", "-q", "../second"]);
    sandbox.write("shop/.env.develop.secret", "A=stashed\n");
    git(&sandbox, "shop", &["stash", "-q"]);
    for _ in 0..2 {
        let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
        assert_eq!(ran.code, 0, "{ran}");
        assert!(!ran.to_string().contains(PASSWORD), "{ran}");
    }
    let ran = secrets(&sandbox, "second", "", &["check"]);
    assert!(
        ran.code == 1 && ran.stdout.contains("it has a former password"),
        "{ran}"
    );
    std::fs::remove_file(sandbox.path("second").join(path)).unwrap();
    git(&sandbox, "second", &["checkout", "-q", "--", path]);
    // Git would take it for changed, were it decrypted at once.
    assert_eq!(git(&sandbox, "second", &["status", "--porcelain"]), "");
    let shown = secrets(&sandbox, "second", "", &["show", path]);
    assert_eq!(shown.stdout, PLAIN);
    assert_eq!(secrets(&sandbox, "second", "", &["init"]).code, 0);
    assert_eq!(sandbox.read("second/.env.develop.secret"), PLAIN);
    git(&sandbox, "second", &["add", "."]);
    assert_eq!(secrets(&sandbox, "second", "", &["check"]).code, 0);
    // The user thinks better of it.
    git(&sandbox, "shop", &["reset", "-q", "--hard"]);
    git(&sandbox, "shop", &["stash", "pop", "-q"]);
    assert_eq!(secrets(&sandbox, "shop", "", &["init"]).code, 0);
    assert_eq!(sandbox.read("shop/.env.develop.secret"), "A=stashed\n");
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(secrets(&sandbox, "shop", "", &["check"]).code, 0);
}
