//! A file where the other side has a folder, and links in the way.

use super::case::case;

/// Row 41.
#[test]
fn a_new_file_where_ours_has_a_folder_is_a_conflict() {
    case(&[("c", "c\n")], &[("a", "theirs\n"), ("c", "C\n")])
        .edit("a/own", "own\n")
        .upgrade()
        .conflict("")
        .says("a: `a` is a folder")
        .is("a/own", "own\n")
        .is("a.theirs", "theirs\n")
        .is("c", "C\n")
        .run("upgrade --continue")
        .code(1)
        .delete("a.theirs")
        .run("upgrade --continue")
        .done();
}

/// Row 42.
#[test]
fn a_new_folder_where_ours_has_a_file_is_a_conflict() {
    case(&[], &[("a/b", "theirs\n"), ("a/c/d", "theirs too\n")])
        .edit("a", "own\n")
        .upgrade()
        .conflict("")
        .says("a/b: `a` is a file")
        .is("a", "own\n")
        .is("a.theirs/b", "theirs\n")
        .is("a.theirs/c/d", "theirs too\n")
        .run("upgrade --abort")
        .done()
        .gone("a.theirs")
        .status("");
}

/// Row 43.
#[test]
fn a_file_becomes_a_folder() {
    let case = case(&[("a", "a\n")], &[("a/b", "b\n"), ("a/c", "c\n")]).commit();
    let before = case.contents();
    let case = case.upgrade().done().is("a/b", "b\n").is("a/c", "c\n");
    let case = case.run("undo").done();
    assert_eq!(case.contents(), before);
}

/// Row 44.
#[test]
fn a_folder_becomes_a_file() {
    let case = case(&[("a/b", "b\n"), ("a/c/d", "d\n")], &[("a", "a\n")]).commit();
    let before = case.contents();
    let case = case.upgrade().done().is("a", "a\n").run("undo").done();
    assert_eq!(case.contents(), before);
}

/// Rows 43, 44 and 49: also when the content moves along.
#[test]
fn a_file_moves_into_the_folder_that_takes_its_place() {
    const TEXT: &str = "settings of a kind\nand some more of them\nwith a third line\n";
    case(&[("a", TEXT)], &[("a/base", TEXT), ("a/more", "x\n")])
        .edit("a", &TEXT.replace("more", "MORE"))
        .upgrade()
        .done()
        .is("a/base", &TEXT.replace("more", "MORE"))
        .is("a/more", "x\n");
    case(&[("a/base", TEXT)], &[("a", TEXT)])
        .edit("a/base", &TEXT.replace("more", "MORE"))
        .upgrade()
        .done()
        .is("a", &TEXT.replace("more", "MORE"));
}

/// Row 45.
#[test]
fn a_folder_with_a_file_of_the_users_does_not_become_a_file() {
    case(&[("a/b", "b\n")], &[("a", "a\n")])
        .edit("a/own", "own\n")
        .upgrade()
        .conflict("")
        .says("a: `a` is a folder")
        .is("a/own", "own\n")
        .is("a.theirs", "a\n");
}

/// Row 45: an edited file of the template's counts as the user's.
#[test]
fn a_folder_with_an_edited_file_does_not_become_a_file() {
    case(&[("a/b", "b\n")], &[("a", "a\n")])
        .edit("a/b", "ours\n")
        .upgrade()
        .conflict("UD a/b")
        .is("a/b", "ours\n")
        .is("a.theirs", "a\n");
}

/// Row 43, with an edit.
#[test]
fn an_edited_file_does_not_become_a_folder() {
    case(&[("a", "a\n")], &[("a/b", "b\n")])
        .edit("a", "ours\n")
        .upgrade()
        .conflict("UD a")
        .is("a", "ours\n")
        .is("a.theirs/b", "b\n");
}

/// Row 71.
#[test]
fn nothing_is_written_through_a_link_that_leads_outside() {
    let case = case(&[("d/a", "a\n")], &[("d/a", "b\n"), ("d/new", "new\n")]);
    case.sandbox.write("outside/a", "a\n");
    let case = case
        .delete("d")
        .edit("d", "-> ../outside")
        .upgrade()
        .conflict("")
        .says("d/a: `d` is a link")
        .links_to("d", "../outside");
    assert_eq!(case.sandbox.read("outside/a"), "a\n");
    assert_eq!(case.sandbox.paths("outside"), "a");
    case.is("d.theirs/new", "new\n");
}

/// Row 71: the state file's path is checked like any other.
#[test]
fn a_link_in_place_of_the_state_file_is_not_followed() {
    let case = case(&[("f", "a\n")], &[("f", "b\n")]).commit();
    let state = case.text(".ixd-template.yml");
    case.sandbox.write("outside.yml", &state);
    let case = case
        .edit(".ixd-template.yml", "-> ../outside.yml")
        .upgrade_with("--yes --allow-dirty");
    assert_eq!(case.sandbox.read("outside.yml"), state, "{}", case.ran());
}

/// With every way to decide, what stands in the way stays.
#[test]
fn no_flag_removes_what_stands_in_the_way() {
    for (how, code) in [("ours", 0), ("theirs", 3), ("markers", 3), ("stop", 1)] {
        case(&[], &[("a", "theirs\n")])
            .edit("a/own", "own\n")
            .upgrade_with(&format!("--yes --on-conflict {how}"))
            .code(code)
            .is("a/own", "own\n");
    }
}
