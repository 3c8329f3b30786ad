//! Repositories that libgit2 cannot open: what is in them is asked of git, and without it nothing is presumed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::case::{Case, case};

const KINDS: [&str; 3] = ["--object-format=sha256", "--ref-format=reftable", ""];

/// `case` in a repository of that kind, all committed; `None` where this git has it not. The last one has an extension.
fn of_kind(kind: &str, case: Case) -> Option<Case> {
    let case = case.without_git().make();
    let mut init = case.sandbox.command("git");
    init.current_dir(case.path("")).args(["init", "-q"]);
    init.args(kind.split_whitespace());
    if !init.output().unwrap().status.success() {
        return None;
    }
    if kind.is_empty() {
        case.git("config core.repositoryFormatVersion 1");
        case.git("config extensions.partialClone origin");
    }
    case.git("add -A");
    case.git("commit -qm start");
    Some(case)
}

fn of_each(make: impl Fn() -> Case) -> Vec<Case> {
    let cases: Vec<Case> = KINDS
        .iter()
        .filter_map(|kind| of_kind(kind, make()))
        .collect();
    assert!(!cases.is_empty());
    cases
}

fn simple() -> Case {
    case(&[("f", "a\n"), ("g", "a\n")], &[("f", "b\n"), ("g", "b\n")])
}

/// Runs a command of ours where there is no git program.
fn without_program(mut case: Case, args: &str) -> Case {
    case.note();
    let mut command = case.sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command.current_dir(case.path("")).env("PATH", "");
    let ran = command.args(args.split(' ')).output().unwrap();
    let ran = case.sandbox.ran(ran);
    case.end(ran);
    case
}

#[test]
fn every_command_works_there() {
    for case in of_each(simple) {
        let before = case.contents();
        let case = case.run("status --from ../cat").done().untouched();
        let case = case.run("diff --from ../cat").done().untouched();
        let case = case.run("upgrade --from ../cat --check").code(3);
        let case = case.edit("f", "mine\n").run("upgrade --from ../cat --yes");
        let case = case
            .code(1)
            .untouched()
            .says("uncommitted changes in files that would be written: f");
        let case = case
            .edit("f", "a\n")
            .run("upgrade --from ../cat --yes")
            .done();
        let case = case.is("f", "b\n").run("undo").done();
        assert_eq!(case.contents(), before);
        case.git("fsck");
    }
}

#[test]
fn conflicts_end_there_too() {
    for end in ["upgrade --abort", "undo --yes", "upgrade --continue"] {
        for case in of_each(|| case(&[("f", "a\n")], &[("f", "theirs\n")])) {
            let case = case.edit("f", "ours\n").commit();
            let before = case.contents();
            let case = case.run("upgrade --from ../cat --yes").code(3);
            let case = case.holds("f", &["<<<<<<< yours"]);
            if end.ends_with("continue") {
                let case = case.run(end).code(1).edit("f", "both\n").run(end).done();
                assert_eq!(case.run("undo").done().contents(), before);
            } else {
                assert_eq!(case.run(end).done().contents(), before);
            }
        }
    }
}

/// Staged but not committed, in a worktree, below the top, and in the middle of a merge.
#[test]
fn what_git_says_counts() {
    for case in of_each(simple) {
        let case = case.edit("f", "staged\n");
        case.git("add f");
        let case = case.edit("f", "a\n").run("upgrade --from ../cat --yes");
        let case = case.code(1).untouched();
        case.git("checkout -q -f HEAD");
        case.git("worktree add -q ../tree");
        let ran = case
            .sandbox
            .ixd(&["upgrade", "tree", "--from", "cat", "--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        let ran = case.sandbox.ixd(&["undo", "tree"]);
        assert_eq!(ran.code, 0, "{ran}");
        assert_eq!(case.sandbox.read("tree/f"), "a\n");
        let case = case.edit("own", "1\n").commit();
        case.git("checkout -q -b other HEAD~1");
        let case = case.edit("own", "2\n").commit();
        let mut pick = case.sandbox.command("git");
        pick.current_dir(case.path(""))
            .args(["cherry-pick", "main"]);
        assert!(!pick.output().unwrap().status.success() || case.git("branch").contains("master"));
        if case.git("status").contains("cherry-pick") {
            case.run("upgrade --from ../cat --yes")
                .code(1)
                .untouched()
                .says("in the middle of a cherry-pick");
        }
    }
}

/// Neither hooks nor a monitor of files is run by looking.
#[test]
fn nothing_of_the_configuration_is_run() {
    for case in of_each(simple) {
        case.sandbox
            .write("hook", "#!/bin/sh\necho ran >> \"$HOME/ran\"\n");
        let hook = case.sandbox.path("hook");
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(case.path(".git/hooks")).unwrap();
        for name in ["post-index-change", "reference-transaction"] {
            fs::copy(&hook, case.path(&format!(".git/hooks/{name}"))).unwrap();
        }
        case.git(&format!("config core.fsmonitor {}", hook.display()));
        let case = case.run("upgrade --from ../cat --yes").done();
        let case = case.run("status --from ../cat").done().run("undo").done();
        assert!(!case.sandbox.exists("../home/ran"), "{:?}", case.ran());
    }
}

#[test]
fn without_the_program_nothing_is_written_unless_told_so() {
    for case in of_each(simple) {
        let case = without_program(case, "status --from ../cat").done();
        let case = without_program(case, "diff --from ../cat").done();
        let case = without_program(case, "upgrade --from ../cat --dry-run")
            .code(1)
            .untouched();
        let case = without_program(case, "upgrade --from ../cat --yes")
            .code(1)
            .untouched()
            .says("nobody knows what is uncommitted here")
            .says("--allow-dirty");
        let case = without_program(case, "upgrade --from ../cat --yes --allow-dirty").done();
        without_program(case.is("f", "b\n"), "undo")
            .done()
            .is("f", "a\n");
    }
}

/// A file that git knows is merged, one that it does not know is not written over.
#[test]
fn files_in_the_way_are_told_apart() {
    let make = || case(&[], &[("known", "1\ntheirs\n"), ("unknown", "1\ntheirs\n")]);
    for case in of_each(make) {
        let case = case.edit("known", "1\n").commit().edit("unknown", "1\n");
        case.run("upgrade --from ../cat --yes")
            .code(3)
            .is("unknown", "1\n")
            .is("unknown.theirs", "1\ntheirs\n");
    }
}

#[test]
fn a_sparse_checkout_is_known_there() {
    let make = || {
        case(
            &[("a/f", "1\n"), ("b/f", "1\n")],
            &[("a/f", "2\n"), ("b/f", "2\n")],
        )
    };
    for case in of_each(make) {
        case.git("sparse-checkout set a");
        let case = case
            .run("status --from ../cat")
            .done()
            .silent_about("deleted");
        case.run("upgrade --from ../cat --yes")
            .code(1)
            .untouched()
            .says("written: b/f");
    }
}

#[test]
fn a_new_project_is_made_below_one() {
    for case in of_each(simple) {
        let new = "new kid --from ../cat --release 0.1.0 --defaults";
        let case = case.run(new).done().is("kid/f", "a\n");
        case.gone("kid/.git").run("undo kid --from ../cat");
    }
}
