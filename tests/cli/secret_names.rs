//! Secret files with names that a shell, git or a program may take for something else.

use super::sandbox::Sandbox;
use super::secrets::{PASSWORD, command, commit, git, repository, secrets};

const NAMES: [&str; 14] = [
    "-h.secret",
    "-V.secret",
    "-n.secret",
    "--.secret",
    "--help.secret",
    "-.secret",
    "a b.secret",
    "it's.secret",
    "\"quoted\".secret",
    "%f.secret",
    "100%.secret",
    "new\nline.secret",
    "$(touch run).secret",
    "folder/-h.secret",
];

fn written(text: &str) -> Sandbox {
    let sandbox = repository();
    write(&sandbox, text);
    commit(&sandbox, "shop", "names");
    sandbox
}

fn write(sandbox: &Sandbox, text: &str) {
    for name in NAMES {
        sandbox.write(&format!("shop/{name}"), text.replace("NAME", name));
    }
}

fn have(sandbox: &Sandbox, text: &str) {
    for name in NAMES {
        let found = sandbox.read(&format!("shop/{name}"));
        assert_eq!(found, text.replace("NAME", name), "{name}");
    }
    assert!(!sandbox.exists("shop/run"), "a name was run");
}

fn are_encrypted(sandbox: &Sandbox) {
    for name in NAMES {
        let blob = git(sandbox, "shop", &["cat-file", "blob", &format!(":{name}")]);
        assert!(blob.starts_with("U2FsdGVk"), "{name}: {blob}");
    }
    let ran = secrets(sandbox, "shop", "", &["check"]);
    assert_eq!(ran.code, 0, "{ran}");
}

#[test]
fn they_come_back_as_they_were() {
    let sandbox = written("one\nNAME\nthree\n");
    are_encrypted(&sandbox);
    git(&sandbox, "shop", &["rm", "-qr", "--cached", "."]);
    git(&sandbox, "shop", &["reset", "-q", "--hard"]);
    have(&sandbox, "one\nNAME\nthree\n");
    for name in NAMES {
        std::fs::remove_file(sandbox.path(&format!("shop/{name}"))).unwrap();
    }
    git(&sandbox, "shop", &["checkout", "-q", "--", "."]);
    have(&sandbox, "one\nNAME\nthree\n");
    assert_eq!(git(&sandbox, "shop", &["status", "--porcelain"]), "");
    let ran = secrets(&sandbox, "shop", "", &["rekey", "--generate"]);
    assert_eq!(ran.code, 0, "{ran}");
    are_encrypted(&sandbox);
}

#[test]
fn they_are_compared_and_merged() {
    let sandbox = written("one\n2\n3\n4\n5\nNAME\nseven\n");
    write(&sandbox, "one\n2\n3\n4\n5\nNAME\nSEVEN\n");
    let diff = git(&sandbox, "shop", &["diff"]);
    assert_eq!(diff.matches("+SEVEN").count(), NAMES.len(), "{diff}");
    git(&sandbox, "shop", &["checkout", "-qb", "other"]);
    commit(&sandbox, "shop", "theirs");
    git(&sandbox, "shop", &["checkout", "-q", "main"]);
    write(&sandbox, "ONE\n2\n3\n4\n5\nNAME\nseven\n");
    commit(&sandbox, "shop", "ours");
    git(&sandbox, "shop", &["merge", "-q", "-m", "both", "other"]);
    have(&sandbox, "ONE\n2\n3\n4\n5\nNAME\nSEVEN\n");
    are_encrypted(&sandbox);
}

/// The lines that releases before 0.2.1 wrote.
const OLD: [(&str, &str); 4] = [
    ("filter.crypt.clean", "ixd-template secrets clean %f"),
    ("filter.crypt.smudge", "ixd-template secrets smudge %f"),
    ("diff.crypt.textconv", "ixd-template secrets textconv"),
    (
        "merge.crypt.driver",
        "ixd-template secrets merge %O %A %B %P",
    ),
];
const WARNING: &str = "This clone was set up by an older release";

/// A project whose git has the old lines.
fn old() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n")]);
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(secrets(&sandbox, "shop", PASSWORD, &["init"]).code, 0);
    commit(&sandbox, "shop", "secrets");
    for (name, line) in OLD {
        git(&sandbox, "shop", &["config", name, line]);
    }
    sandbox
}

fn is_mended(sandbox: &Sandbox) -> bool {
    let found = OLD.map(|(name, _)| git(sandbox, "shop", &["config", name]));
    let new = found.iter().filter(|line| line.contains(" --")).count();
    assert!([0, OLD.len()].contains(&new), "{found:?}");
    new > 0
}

#[test]
fn clones_with_the_old_lines_are_mended() {
    let sandbox = old();
    let ran = secrets(&sandbox, "shop", "", &["init"]);
    assert!(ran.code == 0 && is_mended(&sandbox), "{ran}");
    assert!(!ran.stderr.contains(WARNING), "{ran}");

    let sandbox = old();
    git(
        &sandbox,
        "shop",
        &[
            "config",
            "filter.crypt.clean",
            "'/opt/a b/ixd-template' secrets clean %f",
        ],
    );
    let ran = sandbox.ixd(&["upgrade", "shop", "--from", "cat", "--dry-run"]);
    assert!(
        ran.stderr.contains(WARNING) && !is_mended(&sandbox),
        "{ran}"
    );
    // There is nothing else to do.
    let ran = sandbox.ixd(&["upgrade", "shop", "--from", "cat", "--yes"]);
    assert!(ran.code == 0 && is_mended(&sandbox), "{ran}");
    assert!(ran.stderr.contains("was mended"), "{ran}");
    assert_eq!(sandbox.mode("shop/.git/config"), 0o600);
    assert_eq!(
        git(&sandbox, "shop", &["config", "filter.crypt.clean"]),
        "'/opt/a b/ixd-template' secrets clean -- %f\n"
    );
    let ran = sandbox.ixd(&["upgrade", "shop", "--from", "cat", "--yes"]);
    assert!(!ran.stderr.contains("mended"), "{ran}");
}

#[test]
fn all_other_commands_warn() {
    let sandbox = old();
    for args in [
        &["status", "shop", "--from", "cat"][..],
        &["diff", "shop", "--from", "cat"],
        &["undo", "shop", "--from", "cat"],
        &["dockerize", "shop", "--dry-run"],
        &["upgrade", "shop", "--from", "cat", "--check"],
    ] {
        let ran = sandbox.ixd(args);
        assert!(ran.stderr.contains(WARNING), "{args:?}: {ran}");
    }
    let ran = secrets(&sandbox, "shop", "", &["check"]);
    assert!(ran.stderr.contains(WARNING), "{ran}");
    assert!(!is_mended(&sandbox));
    // Git's own calls say nothing that is not about the file.
    sandbox.write("shop/b.secret", "b\n");
    let mut add = command(&sandbox, "shop", "git");
    let ran = sandbox.ran(add.args(["add", "b.secret"]).output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran}");
    // What another program set up is its own affair.
    let line = "\"$(git config transcrypt.crypt-dir)\"/transcrypt clean context=default %f";
    for (name, _) in OLD {
        git(&sandbox, "shop", &["config", name, line]);
    }
    let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
    assert!(!ran.stderr.contains(WARNING), "{ran}");
}
