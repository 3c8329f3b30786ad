//! How an upgrade ends: by itself, with `--continue` or `--abort`, or taken back with `undo`.

use super::case::{Case, case, file};

const LINES: &str = "one\ntwo\nthree\nfour\nfive\n";

/// A bit of everything: merged, conflict, new, removed, moved, private, executable, a link.
pub(crate) fn mixed() -> Case {
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
    // Also what was staged meanwhile, with and without the conflicts.
    let case = case.upgrade().code(3);
    case.git("add -A");
    let case = case.run("upgrade --abort").done().status("");
    assert_eq!(case.contents(), before);
    assert_eq!(index(&case), staged);
    let case = case.upgrade().code(3);
    case.git("add merged new run");
    let case = case.run("upgrade --abort").done().status("");
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

/// Git knows the three sides, and can make its own markers of them.
#[test]
fn continue_knows_the_markers_of_git() {
    let case = file("a\n", "ours\n", "theirs\n").upgrade().code(3);
    case.git("checkout --merge f");
    let case = case.holds("f", &["<<<<<<< ours\n"]);
    let case = case.run("upgrade --continue").code(1).untouched();
    case.git("checkout --theirs f");
    case.run("upgrade --continue").done().is("f", "theirs\n");
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
        .holds("f", &["||||||| template 0.2.0\ntheirs\n=======\nagain\n"]);
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
