//! Whose records are carried out: our own, and nobody else's.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt, chown};
use std::path::PathBuf;

use super::sandbox::Sandbox;

/// A project without git in `shop` with the file `same`, and a catalogue that it comes from.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("same", "same\n")]);
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--no-git"]);
    assert_eq!(ran.code, 0, "{ran}");
    sandbox
}

/// A journal that makes `evil` of the file `same` at `path`, with these other parts.
fn journal(path: &str, folders: &str, mode: u32) -> String {
    let side = |mode| format!(r#"{{"link": false, "mode": {mode}, "length": 5}}"#);
    let (before, after) = (side(0o644), side(mode));
    format!(
        "ixd-template journal 1\n{{\"title\": \"upgrade\", \"made\": [{folders}], \"dirs\": {{}}, \"sweep\": [{folders}], \
         \"process\": 1, \"follow\": {{\"index\": [], \"start\": null, \"pending\": \"Keep\", \"records\": \"This\", \
         \"left\": []}}, \"entries\": [{{\"path\": \"{path}\", \"before\": {before}, \"after\": {after}}}]}}\nsame\nevil\n"
    )
}

/// Puts a journal into a store as we make it.
fn plant(sandbox: &Sandbox, at: &str, text: &str) -> PathBuf {
    sandbox.write(&format!("{at}/.ixd-template/journal"), text);
    let store = sandbox.path(at).join(".ixd-template");
    std::fs::set_permissions(&store, PermissionsExt::from_mode(0o700)).unwrap();
    store
}

/// Every command that opens the records of `shop` refuses with `reason`, and `same` stays.
#[track_caller]
fn refused(sandbox: &Sandbox, reason: &str) {
    for command in [
        &["status"][..],
        &["diff"],
        &["undo"],
        &["upgrade", "--yes"],
        &["upgrade", "--abort"],
        &["upgrade", "--continue"],
        &["new", "--defaults"],
    ] {
        let ran = sandbox.ixd(&[command, &["shop", "--from", "cat"]].concat());
        assert_eq!(ran.code, 1, "{command:?}: {ran}");
        assert!(
            ran.stderr.contains("/.ixd-template/` are not used: "),
            "{command:?}: {ran}"
        );
        assert!(ran.stderr.contains(reason), "{command:?}: {ran}");
        assert_eq!(sandbox.read("shop/same"), "same\n", "{command:?}");
    }
}

#[test]
fn a_journal_of_our_own_is_finished() {
    let sandbox = project();
    plant(&sandbox, "shop", &journal("same", "", 0o644));
    let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("shop/same"), "evil\n");
}

#[test]
fn a_journal_that_a_commit_brings_is_refused() {
    let sandbox = project();
    plant(&sandbox, "shop", &journal("same", "", 0o644));
    sandbox.git("shop", &["init", "-q"]);
    sandbox.git("shop", &["add", "-Af"]);
    refused(&sandbox, "git tracks it, so it came with a commit");
}

#[test]
fn a_journal_that_everybody_may_have_written_is_refused() {
    for (place, mode) in [
        ("shop/.ixd-template", 0o777),
        ("shop", 0o777),
        ("shop/.ixd-template/journal", 0o666),
    ] {
        let sandbox = project();
        plant(&sandbox, "shop", &journal("same", "", 0o644));
        std::fs::set_permissions(sandbox.path(place), PermissionsExt::from_mode(mode)).unwrap();
        refused(&sandbox, "everybody");
    }
}

#[test]
fn a_journal_of_another_user_is_refused() {
    for place in ["", "/journal"] {
        let sandbox = project();
        let store = plant(&sandbox, "shop", &journal("same", "", 0o644));
        let place = format!("{}{place}", store.display());
        if chown(&place, Some(65_534), None).is_err() {
            // Only root gives files away.
            assert_ne!(std::fs::metadata(&store).unwrap().uid(), 0);
            return;
        }
        refused(&sandbox, "belongs to another user, number 65534");
        // Who calls sudo runs us as root, and the files are the caller's.
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
        command
            .env("SUDO_UID", "65534")
            .args(["status", "shop", "--from", "cat"]);
        let ran = sandbox.ran(command.output().unwrap());
        assert_eq!(ran.code, 0, "{ran}");
    }
}

#[test]
fn a_journal_in_a_folder_above_is_not_looked_for() {
    let sandbox = Sandbox::new();
    sandbox
        .write("share/victim/work/a", "")
        .write("share/victim/same", "same\n");
    plant(&sandbox, "share", &journal("victim/same", "", 0o644));
    let ran = sandbox.ixd(&["status", "share/victim/work"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(sandbox.read("share/victim/same"), "same\n");
    // It is where it is named.
    let ran = sandbox.ixd(&["status", "share"]);
    assert!(ran.stderr.contains("had been broken off"), "{ran}");
    assert_eq!(sandbox.read("share/victim/same"), "evil\n");
}

#[test]
fn a_journal_names_no_folder_outside_and_gives_no_file_to_its_owner_s_rights() {
    let sandbox = project();
    std::fs::create_dir(sandbox.path("outside")).unwrap();
    for made in [
        "\"../outside\"",
        "\"/tmp\"",
        "\"a/../../outside\"",
        "\".git\"",
    ] {
        plant(&sandbox, "shop", &journal("same", made, 0o644));
        let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
        assert_eq!(ran.code, 1, "{made}: {ran}");
        assert!(ran.stderr.contains("damaged"), "{made}: {ran}");
        assert!(sandbox.path("outside").is_dir(), "{made}");
        assert_eq!(sandbox.read("shop/same"), "same\n", "{made}");
    }
    plant(&sandbox, "shop", &journal("same", "", 0o6755));
    let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 0, "{ran}");
    let mode = std::fs::metadata(sandbox.path("shop/same")).unwrap().mode();
    assert_eq!(mode & 0o7777, 0o755);
}

#[test]
fn a_journal_makes_nothing_writable_for_everybody() {
    for (given, got) in [
        (0o666, 0o644),
        (0o777, 0o755),
        (0o2775, 0o755),
        (0o600, 0o600),
    ] {
        let sandbox = project();
        let text = journal("new/same", "\"new\"", given)
            .replace(r#""dirs": {}"#, r#""dirs": {"new": 3583}"#)
            .replace(
                r#""before": {"link": false, "mode": 420, "length": 5}"#,
                r#""before": null"#,
            )
            .replace("\nsame\n", "\n");
        plant(&sandbox, "shop", &text);
        let mut command = sandbox.command("sh");
        let script = "umask 022 && exec \"$0\" status shop --from cat";
        command.args(["-c", script, env!("CARGO_BIN_EXE_ixd-template")]);
        let ran = sandbox.ran(command.output().unwrap());
        assert_eq!(ran.code, 0, "{ran}");
        let mode = |path| std::fs::metadata(sandbox.path(path)).unwrap().mode() & 0o7777;
        assert_eq!(sandbox.read("shop/new/same"), "evil\n");
        assert_eq!(mode("shop/new/same"), got, "{given:o}");
        assert_eq!(mode("shop/new"), 0o755);
    }
    // What stands there so may stay so.
    let sandbox = project();
    let file = sandbox.path("shop/same");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o666)).unwrap();
    plant(&sandbox, "shop", &journal("same", "", 0o666));
    let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o7777, 0o666);
}

#[test]
fn no_path_of_what_follows_leads_outside() {
    let pending = |path: &str| {
        format!(
            r#"{{"Set": {{"title": "upgrade 0.1.0", "conflicts": [], "open": [], "beside": ["{path}"], "label": "x", "staged": []}}}}"#
        )
    };
    let slot = r#"{"stage": 0, "mode": 33188, "id": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"}"#;
    for path in ["../outside", "/etc/passwd", "a/../../b", ".git/config"] {
        for (from, to) in [
            (r#""left": []"#, format!(r#""left": ["{path}"]"#)),
            (
                r#""start": null"#,
                format!(r#""start": {{"paths": ["{path}"], "message": "x"}}"#),
            ),
            (
                r#""pending": "Keep""#,
                format!(r#""pending": {}"#, pending(path)),
            ),
            (
                r#""index": []"#,
                format!(r#""index": [{{"path": "{path}", "before": [], "after": [{slot}]}}]"#),
            ),
        ] {
            let sandbox = project();
            let text = journal("same", "", 0o644).replace(from, &to);
            assert!(text.contains(path));
            plant(&sandbox, "shop", &text);
            let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
            assert_eq!(ran.code, 1, "{to}: {ran}");
            assert!(ran.stderr.contains("damaged"), "{to}: {ran}");
            assert_eq!(sandbox.read("shop/same"), "same\n", "{to}");
        }
    }
    // The record that is left after it, too.
    let sandbox = project();
    let store = plant(&sandbox, "shop", "");
    std::fs::remove_file(store.join("journal")).unwrap();
    let record = pending("../outside");
    let record = record.trim_start_matches(r#"{"Set": "#);
    std::fs::write(store.join("pending"), &record[..record.len() - 1]).unwrap();
    for flag in ["--continue", "--abort"] {
        let ran = sandbox.ixd(&["upgrade", flag, "shop", "--from", "cat"]);
        assert_eq!(ran.code, 1, "{ran}");
        assert!(ran.stderr.contains("leads outside"), "{ran}");
    }
}

#[test]
fn a_template_brings_no_records_along() {
    for path in [
        ".ixd-template/journal",
        ".IXD-Template/journal",
        ".ixd-template",
        "app/.ixd-template/journal",
        ".ixd-template./journal",
    ] {
        let sandbox = Sandbox::new();
        sandbox.catalogue("", &[("same", "same\n"), (path, "x")]);
        let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--no-git"]);
        assert_eq!(ran.code, 1, "{path}: {ran}");
        assert!(
            ran.stderr.contains("ixd-template's own folder"),
            "{path}: {ran}"
        );
        assert!(!sandbox.exists("shop"), "{path}");
    }
}

#[test]
fn no_template_ships_a_state_file() {
    let sandbox = Sandbox::new();
    let files = [("same", "same\n"), (".ixd-template.yml", "template: x\n")];
    sandbox.catalogue("", &files);
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--no-git"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("ixd-template's own record"), "{ran}");
    assert!(!sandbox.exists("shop"));
}

/// What a clone of `shop` does with records that its commits bring along: it names them, and `same` stays.
#[track_caller]
fn refused_in_a_clone(sandbox: &Sandbox, project: &str, reason: &str) {
    sandbox.git("", &["clone", "-q", "--recursive", "shop", "clone"]);
    for command in [&["status"][..], &["undo"], &["upgrade", "--yes"]] {
        let ran = sandbox.ixd(&[command, &[project, "--from", "cat"]].concat());
        assert_eq!(ran.code, 1, "{command:?}: {ran}");
        assert!(ran.stderr.contains(reason), "{command:?}: {ran}");
        assert_eq!(sandbox.read(&format!("{project}/same")), "same\n");
    }
}

fn commit(sandbox: &Sandbox, dir: &str) {
    sandbox.git(dir, &["add", "-Af"]);
    sandbox.git(dir, &["commit", "-qm", "x"]);
}

#[test]
fn a_journal_that_a_submodule_brings_is_refused() {
    let sandbox = project();
    sandbox.write("records/journal", journal("same", "", 0o644));
    sandbox.git("records", &["init", "-q"]);
    commit(&sandbox, "records");
    let url = sandbox.path("records").display().to_string();
    let any = ["config", "--global", "protocol.file.allow", "always"];
    sandbox.git("shop", &["init", "-q"]);
    sandbox.git("shop", &any);
    sandbox.git("shop", &["submodule", "add", "-q", &url, ".ixd-template"]);
    commit(&sandbox, "shop");
    refused_in_a_clone(&sandbox, "clone", "git tracks it");
}

#[test]
fn a_journal_tracked_under_the_name_in_other_letters_is_refused() {
    let sandbox = project();
    plant(&sandbox, "shop", &journal("same", "", 0o644));
    sandbox.git("shop", &["init", "-q"]);
    // As on a disk that takes both names for one.
    let file = "100644,e69de29bb2d1d6434b8b29ae775ad8c2e48c5391,.IXD-Template/journal";
    sandbox.git("shop", &["update-index", "--add", "--cacheinfo", file]);
    refused(&sandbox, "git tracks it");
}

#[test]
fn a_journal_in_a_repository_that_libgit2_cannot_read_is_refused_too() {
    let sandbox = project();
    plant(&sandbox, "shop", &journal("same", "", 0o644));
    sandbox.git("shop", &["init", "-q", "--object-format=sha256"]);
    commit(&sandbox, "shop");
    refused(&sandbox, "git tracks it");
}

/// A folder of a commit that looks like git's own, in the project's: what it says of a work tree and of records is no more
/// than content.
#[test]
fn a_repository_that_is_content_of_another_is_none() {
    for (bare, records) in [
        (false, "ixd-template/root"),
        (true, ".ixd-template"),
        (false, ".ixd-template"),
    ] {
        let sandbox = project();
        std::fs::create_dir(sandbox.path("host")).unwrap();
        sandbox.git("host", &["init", "-q"]);
        std::fs::rename(sandbox.path("shop"), sandbox.path("host/sub")).unwrap();
        std::fs::rename(sandbox.path("host"), sandbox.path("shop")).unwrap();
        let config = format!("[core]\nrepositoryformatversion = 0\nbare = {bare}\n");
        let work_tree = if bare { "" } else { "worktree = .\n" };
        sandbox
            .write("shop/sub/HEAD", "ref: refs/heads/main\n")
            .write("shop/sub/objects/keep", "")
            .write("shop/sub/refs/keep", "")
            .write("shop/sub/config", format!("{config}{work_tree}"))
            .write(
                &format!("shop/sub/{records}/journal"),
                journal("same", "", 0o644),
            );
        commit(&sandbox, "shop");
        sandbox.git("", &["clone", "-q", "shop", "clone"]);
        let ran = sandbox.ixd(&["status", "clone/sub", "--from", "cat"]);
        assert_eq!(sandbox.read("clone/sub/same"), "same\n", "{records}: {ran}");
        assert!(!ran.stderr.contains("had been broken off"), "{ran}");
        if records == ".ixd-template" {
            assert!(ran.stderr.contains("git tracks it"), "{ran}");
        }
    }
}

#[test]
fn records_in_a_folder_of_git_s_that_everybody_may_change_are_refused() {
    // Of a project below the top of its repository, and of one that is reached through a link.
    for (project, store, named) in [
        ("top/shop", "top/.git/ixd-template/shop", "top/shop"),
        ("shop", "shop/.git/ixd-template/root", "link"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.catalogue("", &[("same", "same\n")]);
        let top = project.split('/').next().unwrap();
        std::fs::create_dir_all(sandbox.path(project)).unwrap();
        sandbox.git(top, &["init", "-q"]);
        let new = ["new", project, "--from", "cat", "--defaults", "--no-git"];
        let ran = sandbox.ixd(&new);
        assert_eq!(ran.code, 0, "{ran}");
        if named == "link" {
            std::os::unix::fs::symlink("shop", sandbox.path("link")).unwrap();
        }
        sandbox.write(&format!("{store}/journal"), journal("same", "", 0o644));
        for place in [store, &format!("{top}/.git")] {
            let mode = |mode| PermissionsExt::from_mode(mode);
            std::fs::set_permissions(sandbox.path(store), mode(0o700)).unwrap();
            std::fs::set_permissions(sandbox.path(place), mode(0o777)).unwrap();
            let ran = sandbox.ixd(&["status", named, "--from", "cat"]);
            assert_eq!(ran.code, 1, "{named}, {place}: {ran}");
            assert!(ran.stderr.contains("everybody"), "{named}, {place}: {ran}");
            assert_eq!(sandbox.read(&format!("{project}/same")), "same\n");
            std::fs::set_permissions(sandbox.path(place), mode(0o755)).unwrap();
        }
    }
}

#[test]
fn none_of_the_records_counts_that_another_user_wrote() {
    for name in ["undo", "pending", "new-project", "review"] {
        let sandbox = project();
        let store = plant(&sandbox, "shop", "");
        std::fs::rename(store.join("journal"), store.join(name)).unwrap();
        if chown(store.join(name), Some(65_534), None).is_err() {
            return;
        }
        refused(&sandbox, &format!("`{name}` in it belongs to another user"));
    }
}
