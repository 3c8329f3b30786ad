//! The ways back from an upgrade with conflicts, in every order: `--abort`, `undo`, `--continue`, without git too.

use super::case::{Case, case, file};
use super::endings::mixed;

const NOTHING: &str = "There is nothing to take back here";

fn conflict() -> Case {
    file("a\n", "ours\n", "theirs\n").upgrade().conflict("UU f")
}

#[test]
fn an_aborted_upgrade_is_not_written_again() {
    let case = mixed();
    let before = case.contents();
    let case = case.upgrade().code(3).run("upgrade --abort").done();
    let case = case.run("undo").done().untouched().says(NOTHING);
    assert_eq!(case.contents(), before);
    let case = case.run("upgrade --abort").code(1).untouched();
    let case = case.run("upgrade --continue").code(1).untouched();
    // And nothing stands in the way of the next one.
    case.upgrade()
        .code(3)
        .run("undo --yes")
        .done()
        .run("undo")
        .done()
        .untouched()
        .says(NOTHING);
}

/// One before it is not the last one any more, and not taken back by surprise.
#[test]
fn the_upgrade_before_an_aborted_one_stays() {
    let case = file("a\n", "a\n", "b\n").upgrade().done().commit();
    case.sandbox
        .write(
            "cat/snapshots/0.2.0/template.yml",
            "name: tiny\nversion: 0.2.0\n",
        )
        .write("cat/snapshots/0.2.0/project/f", "b\n")
        .write("cat/snapshots/0.2.0/project/same", "same\n")
        .write("cat/template/template.yml", "name: tiny\nversion: 0.3.0\n");
    case.their("f", "c\n")
        .edit("f", "mine\n")
        .upgrade()
        .code(3)
        .run("upgrade --abort")
        .done()
        .run("undo")
        .done()
        .untouched()
        .says(NOTHING);
}

#[test]
fn undo_does_what_abort_does_when_told_so() {
    let case = mixed();
    let (before, staged) = (case.contents(), case.git("ls-files --stage"));
    let case = case.upgrade().code(3).edit("conflict", "half\n");
    let case = case.run("undo").code(1).untouched().says("undo --yes");
    let case = case.run("undo --yes").done().says("took back upgrade");
    assert_eq!(case.contents(), before);
    assert_eq!(case.git("ls-files --stage"), staged);
    // Of one that is finished it asks nothing, as ever.
    let case = case.upgrade().code(3);
    let case = case.edit("conflict", "both\n").delete("bin.theirs");
    let case = case.run("upgrade --continue").done().run("undo").done();
    assert_eq!(case.contents(), before);
    case.run("undo --yes").done().untouched().says(NOTHING);
}

#[test]
fn undo_asks_on_a_terminal() {
    let case = conflict();
    let case = case.converse_in("undo", &[("[y] take it back", "q")]);
    let case = case.code(1).untouched();
    case.converse_in("undo", &[("[y] take it back", "y")])
        .done()
        .is("f", "ours\n")
        .status("");
}

/// What was edited in the files of an upgrade before it was aborted is kept in git's folder.
#[test]
fn an_abort_keeps_what_was_edited_since() {
    let case = conflict().edit("f", "half resolved\n");
    let case = case.run("upgrade --abort").done().is("f", "ours\n");
    let case = case.is(".git/ixd-template/root/aborted/f", "half resolved\n");
    let case = case.says(".git/ixd-template/root/aborted").status("");
    // Nothing is said where nothing was edited.
    case.upgrade()
        .code(3)
        .run("upgrade --abort")
        .done()
        .silent_about("kept");
}

#[test]
fn without_git_no_folder_is_left() {
    for end in ["upgrade --abort", "undo --yes"] {
        let case = case(&[("f", "a\n")], &[("f", "theirs\n")]).without_git();
        let case = case.edit("f", "ours\n").upgrade().code(3);
        assert!(case.path(".ixd-template").exists());
        let case = case.edit("f", "edited\n").run(end).done().is("f", "ours\n");
        case.gone(".ixd-template").run("undo").done().says(NOTHING);
    }
}

/// A record that an older release left of an abort is none.
#[test]
fn an_older_record_of_an_abort_is_none() {
    let case = conflict();
    let record = case.path(".git/ixd-template/root/undo");
    let text = std::fs::read_to_string(&record).unwrap();
    let text = text.replacen("\"records\":\"This\"", "\"records\":\"Undoing\"", 1);
    std::fs::write(&record, text).unwrap();
    std::fs::remove_file(case.path(".git/ixd-template/root/pending")).unwrap();
    case.run("undo").done().untouched().says(NOTHING);
}
