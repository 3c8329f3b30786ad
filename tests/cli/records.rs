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
fn journal(path: &str, made: &str, mode: u32) -> String {
    let side = format!(r#"{{"link": false, "mode": {mode}, "length": 5}}"#);
    format!(
        "ixd-template journal 1\n{{\"title\": \"upgrade\", \"made\": [{made}], \"dirs\": {{}}, \"sweep\": [{made}], \
         \"process\": 1, \"follow\": {{\"index\": [], \"start\": null, \"pending\": \"Keep\", \"records\": \"This\", \
         \"left\": []}}, \"entries\": [{{\"path\": \"{path}\", \"before\": {side}, \"after\": {side}}}]}}\nsame\nevil\n"
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
