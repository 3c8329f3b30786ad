//! An upgrade that is finished somewhere else than where it ran: the committed state file is all that is known.

use serde_json::Value;

use super::case::{Case, case, file};

const STATE: &str = ".ixd-template.yml";

/// A conflict in `f` that was committed and pushed.
fn pushed() -> Case {
    lines("5", "5 mine", "5 theirs")
        .upgrade()
        .conflict("UU f")
        .elsewhere()
}

/// Twenty numbered lines, one of which both sides changed.
fn lines(line: &str, ours: &str, theirs: &str) -> Case {
    let text = |line: &str| numbers().replace("\n5\n", &format!("\n{line}\n"));
    file(&text(line), &text(ours), &text(theirs))
}

fn numbers() -> String {
    let numbers: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    numbers.join("\n") + "\n"
}

fn json(case: &Case) -> Value {
    serde_json::from_str(&case.ran().stdout).unwrap()
}

#[test]
fn markers_are_never_beside_an_exit_of_0() {
    let case = pushed();
    let case = case
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("the upgrade to 0.2.0 is not finished: conflicts are left in f")
        .says("upgrade --continue")
        .says("git revert")
        .run("upgrade --from ../cat --dry-run")
        .code(1)
        .untouched()
        .run("upgrade --continue")
        .code(1)
        .untouched()
        .says("f")
        .run("upgrade --from ../cat --check")
        .code(3)
        .untouched()
        .says("not finished: conflicts are left in f");
    let case = case.run("upgrade --from ../cat --check --json").code(3);
    let check = json(&case);
    assert_eq!(check["upgrade_available"], false, "{check}");
    assert_eq!(check["unfinished"], serde_json::json!(["f"]), "{check}");
    assert_eq!(check["open"][0]["kind"], "conflict", "{check}");
    let case = case.run("status --from ../cat --json").done().untouched();
    assert_eq!(json(&case)["unfinished"], serde_json::json!(["f"]));
    case.run("status --from ../cat")
        .done()
        .untouched()
        .says("The upgrade to 0.2.0 is not finished: resolve f");
}

/// Any line of a conflict of ours is one that is left.
#[test]
fn a_part_of_a_conflict_is_left_too() {
    for line in [
        "<<<<<<< yours",
        "=======",
        "||||||| template 0.1.0",
        ">>>>>>> template 0.2.0",
        ">>>>>>>>> template 0.2.0\r",
    ] {
        pushed()
            .edit("f", &format!("1\n{line}\n2\n"))
            .commit()
            .run("upgrade --from ../cat --yes")
            .code(1)
            .untouched()
            .run("upgrade --continue")
            .code(1)
            .untouched();
    }
    // Text that looks like one is none.
    pushed()
        .edit(
            "f",
            "Title\n======\n<<<<<<< HEAD is what git says\n>>>>>>> template\n",
        )
        .commit()
        .run("upgrade --continue")
        .done();
}

/// Where a side has a heading underlined like a separator, separators are longer, in every clone.
#[test]
fn a_heading_is_no_part_of_one() {
    let text = |word: &str| format!("{word}\n\nLicense\n=======\nMIT\n");
    let case = file(&text("base"), &text("ours"), &text("theirs"))
        .upgrade()
        .conflict("UU f")
        .elsewhere()
        .edit("f", &text("========"))
        .commit();
    let case = case.run("upgrade --continue").code(1).untouched();
    case.edit("f", &text("done"))
        .commit()
        .run("upgrade --continue")
        .done();
}

#[test]
fn continue_finishes_what_another_clone_left() {
    let case = pushed()
        .edit("f", "resolved\n")
        .run("upgrade --continue")
        .done()
        .says("the upgrade to 0.2.0 is finished")
        .is("f", "resolved\n")
        .lacks(STATE, "open:")
        .status(" M f");
    case.run("upgrade --continue")
        .code(1)
        .untouched()
        .says("no unfinished upgrade")
        .commit()
        .run("upgrade --from ../cat --yes")
        .done()
        .untouched()
        .says("Nothing to do");
}

#[test]
fn abort_says_that_it_cannot_in_another_clone() {
    pushed()
        .run("upgrade --abort")
        .code(1)
        .untouched()
        .says("the upgrade to 0.2.0 was written elsewhere")
        .says("git revert")
        .run("undo")
        .untouched();
}

/// Who resolved and committed is done, there and where the upgrade ran.
#[test]
fn a_resolution_that_was_committed_needs_no_continue() {
    let resolved = numbers().replace("\n5\n", "\n5 both\n");
    let here = lines("5", "5 mine", "5 theirs").upgrade().conflict("UU f");
    for case in [here, pushed()] {
        let case = case.edit("f", &resolved).commit();
        let case = case
            .run("upgrade --from ../cat --check")
            .done()
            .untouched()
            .run("upgrade --from ../cat --yes --dry-run")
            .done()
            .untouched()
            .run("status --from ../cat")
            .done()
            .untouched()
            .says(
                "are resolved; the next one, or `ixd-template upgrade --continue`, writes it down",
            )
            .silent_about("not finished")
            .run("upgrade --from ../cat --yes")
            .done()
            .says("The conflicts of the upgrade to 0.2.0 are resolved: f")
            .says("Nothing to do")
            .is("f", &resolved)
            .lacks(STATE, "open:")
            .status("");
        case.run("upgrade --abort")
            .code(1)
            .says("no unfinished upgrade")
            .commit()
            .run("upgrade --from ../cat --yes")
            .done()
            .untouched()
            .silent_about("resolved");
    }
}

/// It goes on to the next release in the same run, over the release in which the conflict was.
#[test]
fn the_next_upgrade_goes_on_from_a_resolution() {
    let resolved = numbers().replace("\n5\n", "\n5 both\n");
    let theirs = numbers()
        .replace("\n5\n", "\n5 theirs\n")
        .replace("\n15\n", "\n15 theirs\n");
    let here = lines("5", "5 mine", "5 theirs").upgrade().conflict("UU f");
    for case in [here, pushed()] {
        let case = case
            .release("0.3.0")
            .their("f", &theirs)
            .edit("f", &resolved);
        let case = case.commit();
        let before = case.contents();
        let case = case
            .run("upgrade --from ../cat --yes")
            .done()
            .says("are resolved: f")
            .is("f", &resolved.replace("\n15\n", "\n15 theirs\n"))
            .lacks(STATE, "open:")
            .run("upgrade --abort")
            .code(1)
            .run("undo")
            .done();
        assert_eq!(case.contents(), before);
        case.run("upgrade --from ../cat --yes").done();
    }
}

/// Where the upgrade ran it is not over before it is committed, or `--continue` says so.
#[test]
fn what_is_only_staged_waits_here() {
    let case = lines("5", "5 mine", "5 theirs")
        .upgrade()
        .conflict("UU f")
        .edit("f", "resolved\n");
    let waits = |case: Case| {
        let case = case
            .run("upgrade --from ../cat --yes")
            .code(1)
            .untouched()
            .says("is not finished")
            .run("upgrade --from ../cat --check --json")
            .code(3);
        assert_eq!(json(&case)["unfinished"], serde_json::json!(["f"]));
        case
    };
    let case = waits(case);
    case.git("add -A");
    let case = waits(case);
    case.run("upgrade --abort").done().holds("f", &["5 mine\n"]);
}

/// A file that the resolution deletes is resolved as well.
#[test]
fn a_deleted_file_is_resolved() {
    let here = lines("5", "5 mine", "5 theirs").upgrade().conflict("UU f");
    for case in [here, pushed()] {
        case.delete("f")
            .commit()
            .run("upgrade --from ../cat --yes")
            .done()
            .says("are resolved: f")
            .gone("f")
            .lacks(STATE, "open:");
    }
}

/// The record of a run counts for nothing where the state file does not know of it.
#[test]
fn an_unfinished_upgrade_stays_on_its_branch() {
    let case = lines("5", "5 mine", "5 theirs").commit();
    case.git("checkout -q -b bot");
    let case = case.run("upgrade --from ../cat --yes").code(3).commit();
    case.git("checkout -q main");
    let case = case
        .run("upgrade --continue")
        .code(1)
        .untouched()
        .says("no unfinished upgrade")
        .run("upgrade --from ../cat --check --json")
        .code(3);
    assert_eq!(json(&case)["unfinished"], serde_json::json!([]));
    let case = case
        .run("upgrade --abort")
        .code(1)
        .untouched()
        .says("no unfinished upgrade")
        .run("undo")
        .untouched()
        .run("upgrade --from ../cat --yes --on-conflict ours")
        .done()
        .commit();
    case.git("checkout -q bot");
    case.run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("conflicts are left in f")
        .edit("f", "resolved\n")
        .run("upgrade --continue")
        .done();
}

/// Nor where others finished it and went on, and left conflicts of their own in the same file.
#[test]
fn an_upgrade_that_others_finished_is_over_here() {
    let away = |case: &Case, from: &str, to: &str| {
        std::fs::rename(case.sandbox.path(from), case.sandbox.path(to)).unwrap();
    };
    let case = pushed()
        .edit("f", "resolved\n")
        .run("upgrade --continue")
        .done()
        .release("0.3.0")
        .their("f", "again\n")
        .upgrade()
        .conflict("UU f")
        .commit();
    away(&case, "shop", "colleague");
    away(&case, "bot", "shop");
    case.git("pull -q ../colleague main");
    case.run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("the upgrade to 0.3.0 is not finished")
        .says("git revert")
        .run("upgrade --abort")
        .code(1)
        .untouched()
        .says("the upgrade to 0.3.0 was written elsewhere")
        .run("undo")
        .untouched()
        .edit("f", "both\n")
        .run("upgrade --continue")
        .done()
        .lacks(STATE, "open:");
}

/// What cannot be marked: the template's version beside ours, a deletion, something in the way.
#[test]
fn conflicts_without_markers_are_finished_elsewhere() {
    case(
        &[("bin", "\0base"), ("gone", "a\n")],
        &[("bin", "\0theirs")],
    )
    .edit("bin", "\0ours")
    .edit("gone", "ours\n")
    .upgrade()
    .code(3)
    .elsewhere()
    .run("upgrade --continue")
    .code(1)
    .untouched()
    .says("bin.theirs")
    .run("upgrade --from ../cat --yes")
    .code(1)
    .untouched()
    .says("bin.theirs")
    .delete("bin.theirs")
    .run("upgrade --continue")
    .done()
    .is("gone", "ours\n")
    .lacks(STATE, "open:");
}

/// The state file calls a file as the template does, and says where it is.
#[test]
fn a_file_that_was_moved_is_found_elsewhere() {
    let base = numbers();
    let case = file(&base, &base, &base.replace("\n5\n", "\n5 theirs\n"))
        .rename("f", "sub/f")
        .edit("sub/f", &base.replace("\n5\n", "\n5 mine\n"))
        .upgrade()
        .conflict("UU sub/f")
        .elsewhere();
    case.run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("conflicts are left in sub/f")
        .run("upgrade --continue")
        .code(1)
        .untouched()
        .edit("sub/f", &base)
        .run("upgrade --continue")
        .done()
        .lacks(STATE, "open:");
}

/// `new` in a folder with files leaves conflicts too, and so does a project without git.
#[test]
fn what_new_left_is_open() {
    let case = case(&[], &[("f", "theirs\n")]);
    case.sandbox.write("shop/f", "ours\n");
    let case = case
        .already_made()
        .run("new . --from ../cat --defaults --no-git --on-conflict markers")
        .code(3)
        .holds(STATE, &["what: conflict markers\n"])
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("conflicts are left in f")
        .run("upgrade --from ../cat --check")
        .code(3)
        .edit("f", "both\n")
        .run("upgrade --continue")
        .done()
        .lacks(STATE, "open:");
    case.run("upgrade --from ../cat --yes").done().untouched();
}

/// Two branches of a project that is at 0.1.0, merged by git; the second one is the one at hand.
fn merged(first: &str, second: &str) -> Case {
    let case = case(&[("f", "a\n"), ("g", "a\n")], &[("f", "b\n"), ("g", "a\n")])
        .release("0.3.0")
        .their("g", "c\n")
        .edit("f", "ours\n")
        .commit();
    case.git("checkout -q -b other");
    let case = case
        .run(&format!(
            "upgrade --from ../cat --yes --on-conflict ours {first}"
        ))
        .done()
        .commit();
    case.git("checkout -q main");
    let case = case
        .run(&format!(
            "upgrade --from ../cat --yes --on-conflict ours {second}"
        ))
        .done()
        .commit();
    let merge = case
        .sandbox
        .command("git")
        .current_dir(case.path(""))
        .args(["merge", "-q", "other"])
        .output();
    assert!(!merge.unwrap().status.success(), "git merged it");
    case.holds(STATE, &["<<<<<<< HEAD\n"])
}

#[test]
fn a_state_file_in_a_conflict_merges_by_itself() {
    for (first, second) in [("--release 0.2.0", ""), ("", "--release 0.2.0")] {
        let case = merged(first, second)
            .run("status --from ../cat")
            .done()
            .untouched()
            .says("tiny 0.3.0")
            .says("is in a git conflict, and both sides agree on the answers")
            .run("upgrade --from ../cat --check")
            .code(3)
            .untouched()
            .says("is in a git conflict")
            .run("diff --from ../cat")
            .done()
            .untouched()
            .says("is in a git conflict")
            .run("upgrade --from ../cat --yes")
            .code(1)
            .untouched()
            .says("upgrade --continue")
            .run("upgrade --continue")
            .done()
            .holds(STATE, &["version: 0.3.0\n", "- path: f\n"])
            .lacks(STATE, "<<<<<<<")
            .commit();
        case.run("upgrade --from ../cat --yes")
            .done()
            .untouched()
            .says("Nothing to do")
            .is("f", "ours\n")
            .is("g", "c\n");
    }
}

/// Markers that were committed, in git's other style.
#[test]
fn a_conflict_that_was_committed_is_merged_by_the_next_upgrade() {
    let case = merged("--release 0.2.0", "").config("merge.conflictStyle=diff3");
    case.git(&format!("checkout --merge {STATE}"));
    case.holds(STATE, &["|||||||"])
        .commit()
        .run("upgrade --from ../cat --yes")
        .done()
        .lacks(STATE, "<<<<<<<")
        .commit()
        .run("upgrade --from ../cat --yes")
        .done()
        .untouched();
}

#[test]
fn a_state_file_whose_sides_do_not_agree_is_named() {
    let ask = "questions: [{name: n, prompt: N, type: text, default: x}]\n";
    let case = case(&[("f.tera", "{{ n }}\n")], &[("f.tera", "{{ n }}\n")])
        .asking(ask, ask)
        .commit();
    case.git("checkout -q -b other");
    let case = case
        .run("upgrade --from ../cat --yes --answer n=one")
        .commit();
    case.git("checkout -q main");
    let mut case = case
        .run("upgrade --from ../cat --yes --answer n=two")
        .commit();
    let merge = case
        .sandbox
        .command("git")
        .current_dir(case.path(""))
        .args(["merge", "-q", "other"])
        .output();
    assert!(!merge.unwrap().status.success());
    for command in [
        "status --from ../cat",
        "diff --from ../cat",
        "upgrade --from ../cat --yes",
        "upgrade --from ../cat --check",
        "upgrade --continue",
    ] {
        case = case
            .run(command)
            .code(1)
            .untouched()
            .says("is in a git conflict, and the two sides answer `n` differently")
            .says("git checkout --ours .ixd-template.yml");
    }
    // A newer program's side is not to be merged here.
    let text = case
        .text(STATE)
        .replace("=======\n", "=======\nformat: 2\n");
    case.edit(STATE, &text)
        .run("upgrade --continue")
        .code(1)
        .untouched()
        .says("get the newer one");
}
