//! Upgrades that are only looked at, that scripts read, and that run at the same time.

use std::fs;
use std::process::Stdio;

use super::case::{Case, case, file};
use super::endings::mixed;

/// Row 103.
#[test]
fn a_dry_run_shows_the_plan_of_the_run_and_writes_nothing() {
    let case = mixed()
        .run("upgrade --from ../cat --dry-run")
        .code(3)
        .untouched();
    let dry = case.ran().stdout.clone();
    let case = case.run("upgrade --from ../cat --yes").code(3);
    assert_eq!(dry, case.ran().stdout);
}

/// Row 104.
#[test]
fn a_dry_run_wins_over_every_other_flag() {
    mixed()
        .run("upgrade --from ../cat --dry-run --yes --on-conflict theirs --allow-dirty --ask --defaults")
        .done()
        .untouched()
        .says("Nothing was written");
}

/// Also without `--yes`, and with each way of deciding conflicts; what would be refused is refused.
#[test]
fn a_dry_run_ends_as_the_run() {
    for flags in [
        "",
        " --on-conflict markers",
        " --on-conflict ours",
        " --on-conflict theirs",
        " --on-conflict stop",
    ] {
        let case = mixed();
        case.sandbox.write("cat/CHANGELOG.md", CHANGELOG);
        let upgrade = format!("upgrade --from ../cat{flags}");
        let case = case.run(&format!("{upgrade} --dry-run")).untouched();
        let code = case.ran().code;
        let case = case.run(&format!("{upgrade} --dry-run --yes --json"));
        let case = case
            .code(code)
            .untouched()
            .says("\"text\": \"is spelled out");
        case.run(&format!("{upgrade} --yes")).code(code);
    }
    // Uncommitted changes.
    let case = file("a\n", "a\n", "b\n").edit("f", "mine\n");
    case.run("upgrade --from ../cat --dry-run")
        .code(1)
        .untouched()
        .says("nothing would be written either: uncommitted")
        .run("upgrade --from ../cat --dry-run --allow-dirty")
        .code(3)
        .untouched();
    // Nothing to do, and nothing that clashes.
    file("a\n", "a\n", "b\n")
        .run("upgrade --from ../cat --dry-run --json")
        .done()
        .untouched()
        .upgrade()
        .done()
        .commit()
        .run("upgrade --from ../cat --dry-run --yes")
        .done()
        .untouched();
}

const CHANGELOG: &str =
    "# Changelog\n\n## 0.2.0\n\nThe template:\n\n- is spelled out (`conflict.py`).\n";

#[test]
fn json_of_a_dry_run_has_the_changelog() {
    let case = mixed();
    case.sandbox.write("cat/CHANGELOG.md", CHANGELOG);
    let case = case.run("upgrade --from ../cat --dry-run --json");
    let plan: serde_json::Value = serde_json::from_str(&case.ran().stdout).unwrap();
    let news = &plan["news"][0];
    assert_eq!(news["version"], "0.2.0");
    assert_eq!(news["text"], "is spelled out (`conflict.py`).");
    assert_eq!(news["paths"][0], "conflict.py");
}

#[test]
fn check_tells_whether_there_is_a_newer_release() {
    file("a\n", "a\n", "b\n")
        .run("upgrade --from ../cat --check")
        .code(3)
        .untouched()
        .says("0.1.0 → 0.2.0 is available")
        .run("upgrade --from ../cat --check --json")
        .code(3)
        .says("\"upgrade_available\": true")
        .upgrade()
        .done()
        .run("upgrade --from ../cat --check")
        .done()
        .says("0.2.0 is the newest release");
}

#[test]
fn json_tells_the_plan_and_the_end() {
    let json = |case: &Case| serde_json::from_str::<serde_json::Value>(&case.ran().stdout).unwrap();
    let case = mixed()
        .run("upgrade --from ../cat --dry-run --json")
        .code(3)
        .untouched();
    let plan = json(&case);
    let class = |path: &str| {
        let changes = plan["changes"].as_array().unwrap();
        let change = changes
            .iter()
            .find(|change| change["path"] == path)
            .unwrap();
        change["class"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (plan["from"].as_str(), plan["to"].as_str()),
        (Some("0.1.0"), Some("0.2.0"))
    );
    let classes = [
        "merged",
        "conflict",
        "new/deep/f",
        "removed/deep/f",
        "new/name",
        "run",
    ]
    .map(class);
    assert_eq!(
        classes,
        ["merged", "conflict", "new", "removed", "moved", "updated"]
    );
    let case = case.run("upgrade --from ../cat --yes --json").code(3);
    let end = json(&case);
    assert_eq!(end["status"], "conflicts");
    assert_eq!(end["conflicts"], serde_json::json!(["bin", "conflict"]));
    let case = case
        .run("upgrade --abort")
        .done()
        .upgrade_with("--yes --on-conflict theirs --json")
        .done();
    assert_eq!(json(&case)["status"], "done");
    let case = case.upgrade_with("--json").done();
    assert_eq!(json(&case)["status"], "nothing");
}

/// Two at once: one works, the other is refused or finds the work done.
#[test]
fn two_upgrades_at_once_do_not_mix() {
    let names: Vec<String> = (0..100).map(|n| format!("d/{n}")).collect();
    let files = |text| {
        names
            .iter()
            .map(|name| (name.as_str(), text))
            .collect::<Vec<_>>()
    };
    let case = case(&files("a\n"), &files("b\n")).commit();
    let children: Vec<_> = (0..4)
        .map(|_| {
            let mut command = case.sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
            command
                .current_dir(case.path(""))
                .args(["upgrade", "--from", "../cat", "--yes"])
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    let ran: Vec<_> = children
        .into_iter()
        .map(|child| case.sandbox.ran(child.wait_with_output().unwrap()))
        .collect();
    assert!(ran.iter().any(|ran| ran.code == 0), "{ran:?}");
    for ran in ran.iter().filter(|ran| ran.code != 0) {
        let refused = [
            "another ixd-template",
            "changed while you were deciding",
            "uncommitted changes",
        ];
        assert!(
            refused.iter().any(|text| ran.stderr.contains(text)),
            "{ran}"
        );
    }
    let case = names.iter().fold(case, |case, name| case.is(name, "b\n"));
    case.run("upgrade --from ../cat --yes")
        .done()
        .untouched()
        .run("undo")
        .done()
        .is("d/7", "a\n")
        .status("");
}

/// A lock that another process holds refuses, in words.
#[test]
fn a_project_that_another_process_works_in_is_refused() {
    let case = file("a\n", "a\n", "b\n").upgrade().done();
    let lock = std::fs::File::open(case.path(".git/ixd-template/root/lock")).unwrap();
    lock.lock().unwrap();
    case.run("undo")
        .code(1)
        .untouched()
        .says("another ixd-template is working in");
}

/// Who cannot be told what will be done has nothing done, and no script takes half an answer for one.
#[test]
fn a_full_stdout_is_a_failure() {
    for flags in [
        "upgrade --yes",
        "upgrade --dry-run --json",
        "upgrade --check --json",
        "status --json",
    ] {
        let mut case = file("a\n", "a\n", "b\n").commit();
        case.note();
        let mut command = case.sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
        command
            .current_dir(case.path(""))
            .args(flags.split(' '))
            .args(["--from", "../cat"])
            .stdin(Stdio::null())
            .stdout(
                fs::OpenOptions::new()
                    .write(true)
                    .open("/dev/full")
                    .unwrap(),
            );
        let ran = case.sandbox.ran(command.output().unwrap());
        case.end(ran);
        case.code(1).untouched().says("could not write to");
    }
}
