//! Executable bits, permissions and symbolic links.

use super::case::{case, file};

/// Row 58.
#[test]
fn an_executable_bit_of_theirs_is_set() {
    case(&[("run", "a\n")], &[("run", "a\n")])
        .modes("run", 0o644, 0o755)
        .upgrade()
        .done()
        .has_mode("run", 0o755)
        .status(" M run");
}

/// Row 58: git would not see it by itself.
#[test]
fn an_executable_bit_is_set_in_the_index_where_git_does_not_look_at_modes() {
    let case = case(
        &[("run", "a\n"), ("old", "")],
        &[("run", "b\n"), ("old", "")],
    )
    .modes("run", 0o644, 0o755)
    .modes("old", 0o755, 0o644)
    .make();
    case.git("config core.fileMode false");
    let mode = |case: &super::case::Case, path: &str| {
        case.git(&format!("ls-files --stage {path}"))[..6].to_owned()
    };
    let case = case.upgrade().done().has_mode("run", 0o755);
    assert_eq!(
        (mode(&case, "run"), mode(&case, "old")),
        ("100755".into(), "100644".into())
    );
    let case = case.run("undo").done().status("");
    assert_eq!(
        (mode(&case, "run"), mode(&case, "old")),
        ("100644".into(), "100755".into())
    );
}

/// Row 58: a new file is for the user to add.
#[test]
fn new_executables_are_named_where_git_does_not_look_at_modes() {
    let case = case(
        &[("f", "a\n")],
        &[("f", "b\n"), ("plain", "a\n"), ("bin/run it", "a\n")],
    )
    .asking("", "executable: ['bin/*']\n")
    .make();
    case.git("config core.fileMode false");
    let case = case
        .upgrade()
        .done()
        .says("git add --chmod=+x 'bin/run it'   #");
    case.sandbox
        .git("shop", &["add", "--chmod=+x", "bin/run it"]);
    assert_eq!(&case.git("ls-files --stage bin")[..6], "100755");
}

/// Row 59.
#[test]
fn an_executable_bit_that_theirs_drops_is_dropped() {
    case(&[("run", "a\n")], &[("run", "a\n")])
        .modes("run", 0o755, 0o644)
        .upgrade()
        .done()
        .has_mode("run", 0o644);
}

/// Row 60.
#[test]
fn an_executable_bit_of_ours_and_a_text_of_theirs_come_together() {
    let go = |mode: u32, changed: u32| {
        case(&[("run", "a\n")], &[("run", "b\n")])
            .modes("run", mode, mode)
            .chmod("run", changed)
            .upgrade()
            .done()
            .is("run", "b\n")
            .has_mode("run", changed);
    };
    go(0o644, 0o755);
    go(0o755, 0o644);
}

/// Row 61.
#[test]
fn an_executable_bit_and_a_conflict_are_both_there() {
    let case = case(&[("run", "a\n")], &[("run", "theirs\n")])
        .modes("run", 0o644, 0o755)
        .edit("run", "ours\n")
        .upgrade()
        .conflict("UU run")
        .has_mode("run", 0o755);
    let stages = case.git("ls-files --stage run");
    let modes: Vec<&str> = stages.lines().map(|line| &line[..6]).collect();
    assert_eq!(modes, ["100644", "100644", "100755"]);
}

/// Row 62.
#[test]
fn private_permissions_stay() {
    let go = |mode: u32| {
        file("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")
            .chmod("f", mode)
            .upgrade()
            .done()
            .is("f", "A\nb\nC\n")
            .has_mode("f", mode);
        case(&[("f", "a\n")], &[("f", "b\n")])
            .chmod("f", mode)
            .upgrade()
            .done()
            .has_mode("f", mode);
    };
    go(0o600);
    go(0o640);
    go(0o444);
}

/// Row 62: also through a conflict and back.
#[test]
fn private_permissions_stay_through_a_conflict() {
    let case = file("a\n", "ours\n", "theirs\n").chmod("f", 0o600).commit();
    let before = case.contents();
    let case = case.upgrade().conflict("UU f").has_mode("f", 0o600);
    let case = case.run("upgrade --abort").done().has_mode("f", 0o600);
    assert_eq!(case.contents(), before);
}

/// Row 67.
#[test]
fn a_link_that_theirs_retargets_is_retargeted() {
    case(&[("l", "-> a")], &[("l", "-> b")])
        .upgrade()
        .done()
        .links_to("l", "b");
}

/// Row 68.
#[test]
fn a_link_that_both_retarget_is_a_conflict() {
    case(&[("l", "-> a")], &[("l", "-> theirs")])
        .edit("l", "-> ours")
        .upgrade()
        .conflict("UU l")
        .links_to("l", "ours")
        .links_to("l.theirs", "theirs");
}

/// Row 69.
#[test]
fn a_file_that_ours_replaced_by_a_link_and_theirs_edits_is_a_conflict() {
    case(&[("f", "a\n")], &[("f", "b\n")])
        .edit("f", "-> elsewhere")
        .upgrade()
        .conflict("UU f")
        .links_to("f", "elsewhere")
        .is("f.theirs", "b\n");
}

/// Row 70.
#[test]
fn a_file_and_a_link_change_places() {
    let case = case(
        &[("f", "a\n"), ("l", "-> f")],
        &[("f", "-> l"), ("l", "b\n")],
    )
    .commit();
    let before = case.contents();
    let case = case.upgrade().done().links_to("f", "l").is("l", "b\n");
    let case = case.run("undo").done();
    assert_eq!(case.contents(), before);
}

/// A link that leads nowhere, of the user's or the template's, is a link like any other.
#[test]
fn links_that_lead_nowhere_are_kept() {
    case(
        &[("l", "-> nowhere")],
        &[("l", "-> nowhere"), ("m", "-> void")],
    )
    .edit("own", "-> missing")
    .upgrade()
    .done()
    .links_to("l", "nowhere")
    .links_to("m", "void")
    .links_to("own", "missing");
}

/// Row 71: a template cannot make one that leads outside.
#[test]
fn a_link_of_the_template_that_leads_outside_is_refused() {
    case(&[("f", "")], &[("l", "-> ../../etc")])
        .upgrade()
        .code(1)
        .untouched();
}

/// Row 72.
#[test]
fn a_template_that_is_itself_a_repository_gives_plain_files() {
    let case = case(&[("f", "a\n")], &[("f", "b\n")]).their("sub/.git", "gitdir: ../x\n");
    case.upgrade().code(1).untouched().says(".git");
}

/// A list of who may do what, in the system's own form: one more user may read and write, as far as `mask` lets all but the owner.
fn acl(mask: u16) -> Vec<u8> {
    let nobody = u32::MAX;
    let entries = [
        (1, 6, nobody),
        (2, 6, 4711),
        (4, 4, nobody),
        (16, mask, nobody),
        (32, 4, nobody),
    ];
    let mut bytes = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, user) in entries {
        bytes.extend(u16::to_le_bytes(tag));
        bytes.extend(u16::to_le_bytes(rights));
        bytes.extend(u32::to_le_bytes(user));
    }
    bytes
}

#[cfg(target_os = "linux")]
#[test]
fn attributes_lists_of_rights_and_set_id_bits_stay() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    let names = ["changed", "moved", "gone"];
    let files = [("changed", "1\n"), ("moved", MOVED), ("gone", "g\n")];
    let case = case(&files, &[("changed", "2\n"), ("elsewhere/moved", MOVED)]);
    let case = case.make().commit();
    // What a new file may have: a record gives no more to one that is gone.
    let list = |path: &str| acl(if path == "gone" { 4 } else { 6 });
    for name in names {
        let path = case.path(name);
        let set =
            |attribute: &str, value: &[u8]| setxattr(&path, attribute, value, XattrFlags::empty());
        if set("user.origin", b"here").is_err() || set(ACL, &list(name)).is_err() {
            eprintln!("not run: this file system knows no attributes");
            return;
        }
    }
    let has = |case: &super::case::Case, name: &str| {
        let path = case.path(name);
        let mut value = [0; 200];
        let length = getxattr(&path, "user.origin", &mut value[..]).unwrap_or(0);
        assert_eq!(&value[..length], b"here", "{}", path.display());
        let length = getxattr(&path, ACL, &mut value[..]).unwrap_or(0);
        assert_eq!(value[..length], list(name), "{}", path.display());
    };
    let case = case.chmod("changed", 0o6664);
    let case = case.upgrade().done().is("changed", "2\n").gone("gone");
    has(&case, "changed");
    has(&case, "elsewhere/moved");
    let case = case.has_mode("changed", 0o6664).run("undo").done();
    for name in names {
        has(&case, name);
    }
    case.is("changed", "1\n").has_mode("changed", 0o6664);
}

/// A record gives set-id bits to no file, so it is told that they are gone.
#[test]
fn set_id_bits_of_a_deleted_file_are_told_of() {
    let case = case(&[("run", "1\n")], &[]).make().commit();
    let case = case.chmod("run", 0o2644).upgrade().done().gone("run");
    let case = case.run("undo").done().says("run lost its set-id bits");
    case.is("run", "1\n").has_mode("run", 0o644);
}

const ACL: &str = "system.posix_acl_access";
const MOVED: &str = "a text of some length\nthat is long enough\nto be known again\n";
