//! Projects of which git checks out a part only.

use super::case::{Case, case};

const LONG: &str = "a line that is long enough\nto be found again\nunder another name\n";

/// `in/f` is checked out, and nothing of `out` is.
fn sparse() -> Case {
    let case = case(
        &[
            ("in/f", "1\n"),
            ("out/f", "1\n"),
            ("out/gone", "x\n"),
            ("out/mine", "1\n"),
            ("out/same", "s\n"),
        ],
        &[
            ("in/f", "2\n"),
            ("out/f", "2\n"),
            ("out/mine", "2\n"),
            ("out/same", "s\n"),
            ("out/new", "n\n"),
        ],
    )
    .edit("out/mine", "mine\n")
    .commit();
    case.git("sparse-checkout set in");
    case.gone("out")
}

#[test]
fn what_is_not_checked_out_is_not_deleted() {
    let case = sparse().run("status --from ../cat").done().untouched();
    let case = case.silent_about("deleted").says("out/mine");
    let case = case.run("diff --from ../cat").done().silent_about("-s");
    let refused = "would be written: out/f, out/gone, out/mine";
    for flags in [
        "--yes",
        "--yes --allow-dirty",
        "--dry-run",
        "--yes --on-conflict theirs",
    ] {
        let run = format!("upgrade --from ../cat {flags}");
        case.git("status");
        let again = sparse().run(&run).code(1).untouched().says(refused);
        assert!(flags == "--dry-run" || again.ran().stderr.contains("git sparse-checkout add out"));
    }
    case.git("sparse-checkout add out");
    case.run("upgrade --from ../cat --yes")
        .code(3)
        .is("out/f", "2\n")
        .gone("out/gone");
}

/// Nothing is in the way of an upgrade that changes what is there.
#[test]
fn what_the_template_leaves_alone_need_not_be_there() {
    let case = case(
        &[("in/f", "1\n"), ("out/f", "1\n"), ("out/there", "1\n")],
        &[("in/f", "2\n"), ("out/f", "1\n"), ("out/there", "2\n")],
    )
    .edit("out/there", "2\n")
    .commit();
    case.git("sparse-checkout set in");
    let case = case.upgrade().done().is("in/f", "2\n").gone("out");
    let case = case.silent_about("deleted").run("undo").done();
    case.is("in/f", "1\n").gone("out").status("");
}

/// Files that git was told of one by one, that were moved there, and a real deletion beside them.
#[test]
fn other_ways_off_the_disk() {
    let one = case(&[("f", "1\n"), ("g", "1\n")], &[("f", "2\n"), ("g", "2\n")]).commit();
    one.git("update-index --skip-worktree f");
    let one = one.delete("f").run("upgrade --from ../cat --yes");
    one.code(1).untouched().says("written: f");

    let moved = case(&[("f", LONG)], &[("f", &LONG.replace("found", "FOUND"))]);
    let moved = moved.rename("f", "out/f").commit();
    moved.git("sparse-checkout set in");
    moved.upgrade().code(1).untouched().says("written: out/f");

    let gone = case(
        &[("f", LONG), ("out/f", "1\n")],
        &[("f", "2\n"), ("out/f", "1\n")],
    );
    let gone = gone.delete("f").commit();
    gone.git("sparse-checkout set in");
    gone.upgrade().done().says("you deleted it").gone("out");
}

/// What was added on both sides would be written over one that nobody sees.
#[test]
fn new_files_stay_off_what_is_not_checked_out() {
    let case = case(
        &[("in/f", "1\n")],
        &[("in/f", "1\n"), ("out/f", "theirs\n")],
    );
    let case = case.edit("out/f", "mine\n").commit();
    case.git("sparse-checkout set in");
    case.upgrade().code(1).untouched().says("written: out/f");
}

#[test]
fn a_new_project_is_not_taken_back_in_part() {
    let case = case(&[("in/f", "1\n"), ("out/f", "1\n")], &[]).make();
    case.git("sparse-checkout set in");
    case.run("undo --from ../cat")
        .code(1)
        .untouched()
        .says("written: out/f");
}
