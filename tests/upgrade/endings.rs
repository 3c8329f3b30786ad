//! How an upgrade ends: by itself, with `--continue` or `--abort`, taken back with `undo`, or only looked at.

use super::case::{Case, case, file};

const LINES: &str = "one\ntwo\nthree\nfour\nfive\n";

/// A bit of everything: merged, conflict, new, removed, moved, private, executable, a link.
fn mixed() -> Case {
    let long =
        "a line that is long enough\nto be found again\nunder another name\nby what it holds\n";
    case(
        &[
            ("merged", LINES),
            ("conflict", "a\n"),
            ("removed/deep/f", "a\n"),
            ("old/name", long),
            ("run", "a\n"),
            ("link", "-> conflict"),
            ("bin", "\0base"),
        ],
        &[
            ("merged", &LINES.replace("five", "THEIRS")),
            ("conflict", "theirs\n"),
            ("new/deep/f", "n\n"),
            ("new/name", long),
            ("run", "b\n"),
            ("link", "-> merged"),
            ("bin", "\0theirs"),
        ],
    )
    .modes("run", 0o644, 0o755)
    .edit("merged", &LINES.replace("one", "OURS"))
    .edit("conflict", "ours\n")
    .edit("bin", "\0ours")
    .chmod("merged", 0o600)
    .chmod("old/name", 0o640)
    .commit()
}

fn index(case: &Case) -> String {
    case.git("ls-files --stage")
}

#[test]
fn abort_brings_back_files_modes_and_index() {
    let case = mixed();
    let (before, staged) = (case.contents(), index(&case));
    let case = case
        .upgrade()
        .conflict("UU bin, UU conflict")
        .run("upgrade --abort")
        .done()
        .says("took back upgrade 0.1.0 → 0.2.0")
        .status("");
    assert_eq!(case.contents(), before);
    assert_eq!(index(&case), staged);
    // There is nothing to abort twice, and the upgrade can be done again.
    case.run("upgrade --abort")
        .code(1)
        .untouched()
        .says("no unfinished upgrade")
        .upgrade()
        .conflict("UU bin, UU conflict");
}

#[test]
fn abort_brings_back_what_was_edited_meanwhile() {
    let case = mixed();
    let (before, staged) = (case.contents(), index(&case));
    let case = case
        .upgrade()
        .code(3)
        .edit("conflict", "half resolved\n")
        .edit("merged", "edited meanwhile\n")
        .delete("run")
        .edit("bin.theirs", "changed\n");
    case.git("add conflict");
    let case = case.run("upgrade --abort").done();
    assert_eq!(case.contents(), before);
    assert_eq!(index(&case), staged);
}

#[test]
fn continue_wants_every_conflict_resolved() {
    let case = mixed()
        .upgrade()
        .code(3)
        .run("upgrade --continue")
        .code(1)
        .untouched()
        .says("conflict")
        .says("bin.theirs")
        .edit("conflict", "both\n")
        .run("upgrade --continue")
        .code(1)
        .untouched();
    let case = case.delete("bin.theirs").run("upgrade --continue").done();
    assert_eq!(case.unmerged(), "");
    assert!(!case.text(".ixd-template.yml").contains("open"));
    case.run("upgrade --continue")
        .code(1)
        .says("no unfinished upgrade");
}

#[test]
fn continue_takes_what_git_was_told() {
    let case = file("a\n", "ours\n", "theirs\n")
        .upgrade()
        .code(3)
        .edit("f", "both\n");
    case.git("add f");
    let case = case.run("upgrade --continue").done().status("M  f");
    assert_eq!(case.git("show :f"), "both\n");
}

#[test]
fn undo_after_continue_brings_everything_back() {
    let case = mixed();
    let (before, staged) = (case.contents(), index(&case));
    let case = case
        .upgrade()
        .code(3)
        .edit("conflict", "both\n")
        .delete("bin.theirs")
        .run("upgrade --continue")
        .done()
        .run("undo")
        .done();
    assert_eq!(case.contents(), before);
    assert_eq!(index(&case), staged);
}

#[test]
fn undo_brings_back_a_clean_upgrade_and_refuses_when_files_changed_since() {
    let case = case(&[("f", "a\n"), ("g", "a\n")], &[("f", "b\n"), ("h", "b\n")]).commit();
    let before = case.contents();
    let case = case.upgrade().done().run("undo").done();
    assert_eq!(case.contents(), before);
    case.upgrade()
        .done()
        .edit("f", "mine\n")
        .run("undo")
        .code(1)
        .untouched()
        .says("these files changed: f");
}

#[test]
fn undo_and_upgrade_wait_for_the_end_of_an_unfinished_upgrade() {
    let case = file("a\n", "ours\n", "theirs\n").upgrade().code(3);
    let case = case
        .run("undo")
        .code(1)
        .untouched()
        .says("--abort")
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("upgrade 0.1.0 → 0.2.0` is not finished: conflicts are left in f")
        .says("--continue");
    case.run("status --from ../cat").done().says("f");
}

/// A conflict in a moved file is forgotten too once it is resolved.
#[test]
fn continue_forgets_the_conflicts_of_moved_files() {
    let case = case(
        &[("a", &LINES.repeat(5))],
        &[("b", &LINES.repeat(5).replacen("one", "THEIRS", 1))],
    )
    .edit("a", &LINES.repeat(5).replacen("one", "OURS", 1))
    .upgrade()
    .conflict("UU b")
    .edit("b", "both\n")
    .run("upgrade --continue")
    .done();
    assert!(!case.text(".ixd-template.yml").contains("open"));
}

#[test]
fn conflicts_are_decided_by_a_flag() {
    let go = |how: &str| mixed().upgrade_with(&format!("--yes --on-conflict {how}"));
    let both = LINES.replace("one", "OURS").replace("five", "THEIRS");
    go("ours")
        .done()
        .is("conflict", "ours\n")
        .is("merged", &both)
        .says("kept yours: conflict")
        .holds(
            ".ixd-template.yml",
            &["open:\n- path: bin\n", "path: conflict\n"],
        );
    go("theirs")
        .done()
        .is("conflict", "theirs\n")
        .is("bin", "\0theirs")
        .is("merged", &both);
    go("stop").code(1).untouched().says("conflict");
    go("markers")
        .code(3)
        .holds("conflict", &["<<<<<<< yours\n"]);
}

/// What was declined is remembered, and offered again only when asked for or when the template touches it again.
#[test]
fn a_declined_change_is_offered_again_only_when_there_is_reason() {
    let declined = || {
        file("a\n", "ours\n", "theirs\n")
            .upgrade_with("--yes --on-conflict ours")
            .done()
            .run("status --from ../cat")
            .says("open")
            .says("f: you kept yours")
    };
    declined()
        .upgrade()
        .done()
        .untouched()
        .says("Nothing to do");
    declined().upgrade_with("--yes --ask").conflict("UU f");
    let release = |case: Case, text: &str| {
        case.sandbox.write(
            "cat/snapshots/0.2.0/template.yml",
            "name: tiny\nversion: 0.2.0\n",
        );
        case.sandbox
            .write("cat/snapshots/0.2.0/project/f", "theirs\n");
        case.sandbox
            .write("cat/snapshots/0.2.0/project/same", "same\n");
        case.sandbox
            .write("cat/template/template.yml", "name: tiny\nversion: 0.3.0\n");
        case.their("f", text)
    };
    release(declined(), "theirs\n")
        .upgrade()
        .done()
        .is("f", "ours\n")
        .holds(
            ".ixd-template.yml",
            &["version: 0.3.0\n", "path: f\n", "base: 0.1.0\n"],
        );
    release(declined(), "again\n")
        .upgrade()
        .conflict("UU f")
        .holds("f", &["||||||| template", "\na\n", "again\n"]);
}

/// Every kind of declined change can be had later: an addition, a deletion, a move.
#[test]
fn declined_additions_deletions_and_moves_are_offered_again() {
    case(&[("gone", "a\n")], &[])
        .edit("gone", "ours\n")
        .upgrade_with("--yes --on-conflict ours")
        .done()
        .upgrade_with("--yes --ask --on-conflict theirs")
        .done()
        .gone("gone");
    case(&[], &[("new", "theirs\n")])
        .edit("new", "ours\n")
        .upgrade_with("--yes --on-conflict ours")
        .done()
        .upgrade_with("--yes --ask --on-conflict theirs")
        .done()
        .is("new", "theirs\n");
    case(&[("a", "1\n")], &[("b", "2\n")])
        .asking("", "renames: [{from: a, to: b, in: 0.2.0}]\n")
        .edit("a", "ours\n")
        .upgrade_with("--yes --on-conflict ours")
        .done()
        .is("a", "ours\n")
        .gone("b")
        .upgrade_with("--yes --ask --on-conflict theirs")
        .done()
        .is("b", "2\n")
        .gone("a");
}

/// Row 103.
#[test]
fn a_dry_run_shows_the_plan_of_the_run_and_writes_nothing() {
    let case = mixed()
        .run("upgrade --from ../cat --dry-run")
        .done()
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
        .done()
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
    let case = file("a\n", "a\n", "b\n")
        .upgrade()
        .done()
        .run("undo")
        .done();
    let lock = std::fs::File::open(case.path(".git/ixd-template/root/lock")).unwrap();
    lock.lock().unwrap();
    case.upgrade()
        .code(1)
        .untouched()
        .says("another ixd-template is working in");
}
