//! How a run ends that cannot do all: what is written by then, and what it says.

use std::fs::File;
use std::process::Stdio;

use super::outside::{program, project, run};
use super::project::{DOCKERIZE, commit, dockerize, modern};
use crate::cli::sandbox::{Ran, Sandbox};

/// Runs with a stdout that takes nothing.
fn into_full(sandbox: &Sandbox, flags: &[&str]) -> Ran {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command.args(DOCKERIZE).args(flags).args(["--yes"]);
    sandbox.ran(command.stdin(Stdio::null()).stdout(full).output().unwrap())
}

#[test]
fn a_plan_that_could_not_be_shown_is_not_carried_out() {
    let sandbox = modern();
    commit(&sandbox);
    let before = sandbox.tree("p");
    let ran = into_full(&sandbox, &[]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("could not write to"), "{ran}");
    assert_eq!(sandbox.tree("p"), before);
}

#[test]
fn a_report_that_could_not_be_written_is_told_from_a_run_that_wrote_nothing() {
    let sandbox = modern();
    commit(&sandbox);
    let ran = into_full(&sandbox, &["--json"]);
    assert_eq!(ran.code, 4, "{ran}");
    assert!(ran.stderr.contains("it stays done"), "{ran}");
    assert!(sandbox.exists("p/go.sh"));
}

#[test]
fn a_step_that_fails_keeps_no_other_from_its_turn() {
    let sandbox = project();
    program(&sandbox, "uv", "exit 1");
    program(&sandbox, "pg_dump", "exit 1");
    program(&sandbox, "aws", "touch ../copied");
    let ran = run(
        &sandbox,
        &["--json", "--run", "lock", "--run", "data", "--run", "media"],
        &[
            ("PGDATABASE", "shop"),
            ("MEDIA_AWS_STORAGE_BUCKET_NAME", "shop-media"),
        ],
    );
    assert_eq!(ran.code, 4, "{ran}");
    assert!(sandbox.exists("copied"), "{ran}");
    for step in ["lock", "data"] {
        let told = format!("the step `{step}` was not done");
        assert!(ran.stderr.contains(&told), "{ran}");
    }
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["ran"], serde_json::json!(["media"]));
    assert!(report["failed"].as_str().unwrap().contains("`lock`"));
}

#[test]
fn git_is_told_of_secrets_only_by_a_run_that_writes() {
    let sandbox = modern();
    commit(&sandbox);
    let config = sandbox.read("p/.git/config");
    let mode = sandbox.mode("p/.git/config");
    let unchanged = |ran: &Ran| {
        assert_eq!(sandbox.read("p/.git/config"), config, "{ran}");
        assert_eq!(sandbox.mode("p/.git/config"), mode, "{ran}");
        assert!(!sandbox.exists("p/go.sh"), "{ran}");
    };

    sandbox.write("p/.git/ixd-template/root/lock", "");
    let lock = File::open(sandbox.path("p/.git/ixd-template/root/lock")).unwrap();
    lock.lock().unwrap();
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("another ixd-template"), "{ran}");
    unchanged(&ran);
    drop(lock);

    // A process of git's that was broken off, or is at work.
    sandbox.write("p/.git/config.lock", "");
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr.contains("config.lock") && ran.stderr.contains("remove that file"),
        "{ran}"
    );
    unchanged(&ran);
    std::fs::remove_file(sandbox.path("p/.git/config.lock")).unwrap();

    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_ne!(sandbox.read("p/.git/config"), config);
}

#[test]
fn what_undo_says_of_git_leaves_nothing_of_ours_in_it() {
    let sandbox = modern();
    commit(&sandbox);
    let settings = || {
        let listed = sandbox.git("p", &["config", "--local", "--name-only", "--list"]);
        listed.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let before = settings();
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let alias = "alias.ls-crypt".to_owned();
    assert!(settings().contains(&alias), "{:?}", settings());
    let ran = sandbox.ixd(&["undo", "p"]);
    assert_eq!(ran.code, 0, "{ran}");
    let told: Vec<&str> = ran
        .stderr
        .lines()
        .skip_while(|line| !line.contains("still knows how to encrypt"))
        .skip(1)
        .collect();
    let mut shell = sandbox.command("sh");
    shell.current_dir(sandbox.path("p")).arg("-ec");
    let done = shell.arg(told.join("\n")).output().unwrap();
    assert!(done.status.success(), "{told:?} {done:?}");
    assert_eq!(settings(), before);
}

#[test]
fn undo_leaves_the_project_around_a_repository_alone() {
    let sandbox = modern();
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    sandbox.write("p/vendor/tool/a.py", "");
    sandbox.git("p/vendor/tool", &["init", "-q"]);
    for command in ["undo", "status", "upgrade"] {
        let ran = sandbox.ixd(&[command, "p/vendor/tool"]);
        assert_eq!(ran.code, 1, "{ran}");
        assert!(sandbox.exists("p/go.sh"), "{ran}");
    }
    std::fs::remove_dir_all(sandbox.path("p/vendor/tool/.git")).unwrap();
    let ran = sandbox.ixd(&["undo", "p/vendor/tool"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(!sandbox.exists("p/go.sh"));
}

/// A rule with a set of letters hides what is compiled, not every Python file.
#[test]
fn the_ignore_rule_for_compiled_files_is_taken_over() {
    let sandbox = modern();
    sandbox.write("p/.gitignore", "*.log\n");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let rules = sandbox.read("p/.gitignore");
    assert!(rules.lines().any(|rule| rule == "*.py[cod]"), "{rules}");
}

/// What ends an unfinished run is what it names.
#[test]
fn a_run_that_leaves_conflicts_names_the_way_back() {
    let sandbox = modern();
    sandbox.write("p/go.sh", "mine\n");
    commit(&sandbox);
    let before = sandbox.tree("p");
    let ran = dockerize(&sandbox, &["--yes", "--on-conflict", "markers"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stderr.contains("ixd-template upgrade --abort"), "{ran}");
    assert!(!ran.stderr.contains("ixd-template undo"), "{ran}");
    let ran = sandbox.ixd(&["undo", "p"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("upgrade --abort"), "{ran}");
    let ran = sandbox.ixd(&["upgrade", "p", "--abort"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.tree("p"), before);
}

#[test]
fn a_command_line_that_says_two_things_is_refused() {
    let sandbox = modern();
    commit(&sandbox);
    for (flags, told) in [
        (
            &["--answer", "database=mysql", "--answer", "database=sqlite"][..],
            "given twice",
        ),
        (&["--release", ""], "a value is required"),
    ] {
        let mut args = vec!["dockerize", "p", "--yes"];
        args.extend(flags);
        let ran = sandbox.ixd(&args);
        assert_eq!(ran.code, 2, "{ran}");
        assert!(ran.stderr.contains(told), "{ran}");
    }
    let ran = sandbox.ixd(&["dockerize", "p/manage.py"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("not a directory"), "{ran}");
}
