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

/// `git reset --hard` takes the state file back as well: nothing is open any more, and nothing is finished.
#[test]
fn what_git_took_back_is_not_finished() {
    let case = conflict();
    case.git("reset -q --hard");
    let case = case.run("upgrade --continue").code(1);
    let case = case.says("no unfinished upgrade").is("f", "ours\n");
    let case = case.holds(".ixd-template.yml", &["version: 0.1.0"]);
    case.upgrade().conflict("UU f");
}

#[test]
fn links_that_loop_hold_nothing() {
    // The template's, in the place of a folder.
    let looping = || {
        case(
            &[("d/x", "1\n"), ("f", "a\n")],
            &[("d", "-> d"), ("f", "b\n")],
        )
    };
    let case = looping().upgrade().done().links_to("d", "d");
    case.run("undo").done().is("d/x", "1\n").is("f", "a\n");
    let case = looping().edit("f", "ours\n").upgrade().code(3);
    let case = case.run("upgrade --abort").done();
    let case = case.is("d/x", "1\n").is("f", "ours\n");
    // The user's own.
    let case = case.delete("d").edit("d", "-> d").edit("f", "a\n").commit();
    let case = case.upgrade().done().is("f", "b\n").links_to("d", "d");
    case.run("undo").done().is("f", "a\n").links_to("d", "d");
}

/// The system takes no path of more than 4096 bytes, and yet there may be one.
#[test]
fn a_path_without_end_stays_and_is_told_in_short() {
    let case = case(&[("d/x", "1\n")], &[]).make().commit();
    let deep = "mkdir -p d && cd d && for i in $(seq 40); do n=$(printf %0200d $i); mkdir $n && cd ./$n || exit 1; done";
    let mut shell = case.sandbox.command("bash");
    let made = shell.current_dir(case.path("")).args(["-c", deep]).status();
    assert!(made.unwrap().success());
    let run = |args: &[&str]| {
        let ran = case
            .sandbox
            .ixd(&[args, &["shop", "--from", "cat"]].concat());
        assert_eq!(ran.code, 0, "{ran}");
        ran
    };
    let ran = run(&["upgrade", "--yes"]);
    assert!(ran.stdout.contains("d/0000"), "{ran}");
    assert!(ran.stdout.len() < 2_000, "{ran}");
    assert!(!case.path("d/x").exists());
    run(&["undo"]);
    assert_eq!(case.text("d/x"), "1\n");
}

#[test]
fn a_repository_that_is_not_read_is_not_taken_for_none() {
    let case = file("a\n", "a\n", "b\n").make();
    std::fs::remove_file(case.path(".git/HEAD")).unwrap();
    let case = case.run("upgrade --yes --from ../cat").code(1).untouched();
    let case = case.says("the git repository in").says("--allow-dirty");
    let case = case.run("upgrade --yes --dry-run --from ../cat").code(1);
    let case = case.run("upgrade --yes --allow-dirty --from ../cat").done();
    let case = case.is("f", "b\n");
    // An empty folder is none, for git too.
    std::fs::remove_dir_all(case.path(".git")).unwrap();
    std::fs::create_dir(case.path(".git")).unwrap();
    case.release("0.3.0")
        .their("f", "c\n")
        .run("upgrade --yes --from ../cat")
        .done();
}

#[test]
fn a_damaged_index_is_called_so() {
    let case = file("a\n", "a\n", "b\n").make().commit();
    let index = case.path(".git/index");
    let mut bytes = std::fs::read(&index).unwrap();
    bytes.truncate(40);
    std::fs::write(&index, bytes).unwrap();
    let case = case.run("upgrade --yes --from ../cat").code(1).untouched();
    case.says("index`, is damaged").silent_about("split");
}

/// What cannot be replaced stays what it is, and with it all others.
#[test]
fn an_immutable_file_takes_all_others_back() {
    let files = |text| [("a", text), ("f", text), ("z", text)];
    let case = case(&files("1\n"), &files("2\n")).without_git().make();
    let set = |flag: &str| {
        let mut chattr = case.sandbox.command("chattr");
        let set = chattr.arg(flag).arg(case.path("f")).output();
        set.is_ok_and(|output| output.status.success())
    };
    if !set("+i") {
        eprintln!("not run: nothing can be made immutable here");
        return;
    }
    let ran = case
        .sandbox
        .ixd(&["upgrade", "shop", "--from", "cat", "--yes"]);
    assert!(set("-i"));
    assert_eq!(ran.code, 1, "{ran}");
    for path in ["a", "f", "z"] {
        assert_eq!(case.text(path), "1\n", "{ran}");
    }
    case.run("upgrade --yes --from ../cat")
        .done()
        .is("f", "2\n");
}
