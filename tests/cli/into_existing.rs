//! `new` into a folder that holds files: a merge, never an overwrite.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use insta::assert_snapshot;

use super::sandbox::Sandbox;

fn clashing() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        "",
        &[
            ("README.md", "# Template\n"),
            ("same", "same\n"),
            ("sub/new", "new\n"),
            ("dir", "file\n"),
        ],
    );
    sandbox
        .write("shop/README.md", "# Mine\n")
        .write("shop/same", "same\n")
        .write("shop/own", "own\n");
    sandbox.write("shop/dir/inner", "inner\n");
    sandbox
}

#[test]
fn clashes_are_conflicts_and_nothing_is_written() {
    let sandbox = clashing();
    let before = sandbox.tree("shop");
    assert_snapshot!(sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]), @r"
    exit 1
    --- stdout
    shop, from tiny 0.1.0:

      new          2   .ixd-template.yml, sub/new
      conflict     2
                       README.md: 1 place changed by both
                       dir: `dir` is a folder
    --- stderr
    error: 2 of the template's files clash with files already there: README.md, dir

    hint: decide with `--on-conflict ours` (keep what is there), `theirs` (the template's) or `markers` (both, marked), or run it on a terminal
    ");
    assert_eq!(sandbox.tree("shop"), before);
}

#[test]
fn a_dry_run_ends_as_the_run() {
    for how in ["", "ours", "theirs", "markers", "stop"] {
        let sandbox = clashing();
        let mut args = vec!["new", "shop", "--from", "cat", "--defaults"];
        if !how.is_empty() {
            args.extend(["--on-conflict", how]);
        }
        let before = sandbox.tree("shop");
        let dry = sandbox.ixd(&[&args[..], &["--dry-run"]].concat());
        assert_eq!(sandbox.tree("shop"), before);
        let wet = sandbox.ixd(&args);
        assert_eq!((dry.code, dry.stdout), (wet.code, wet.stdout), "{how}");
    }
}

#[test]
fn ours_keeps_what_is_there() {
    let sandbox = clashing();
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--defaults",
        "--on-conflict",
        "ours",
        "--no-git",
    ]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("shop/README.md"), "# Mine\n");
    assert_eq!(sandbox.read("shop/sub/new"), "new\n");
    assert_eq!(sandbox.read("shop/dir/inner"), "inner\n");
}

#[test]
fn theirs_takes_the_template_and_markers_take_both() {
    let sandbox = clashing();
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--defaults",
        "--on-conflict",
        "theirs",
        "--no-git",
    ]);
    // A folder cannot be taken away for a file.
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(sandbox.read("shop/README.md"), "# Template\n");
    assert_eq!(sandbox.read("shop/dir/inner"), "inner\n");
    assert!(sandbox.exists("shop/dir.theirs"), "{ran}");

    let sandbox = clashing();
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--defaults",
        "--on-conflict",
        "markers",
        "--no-git",
    ]);
    assert_eq!(ran.code, 3, "{ran}");
    assert_snapshot!(sandbox.read("shop/README.md"), @r"
    <<<<<<< yours
    # Mine
    ||||||| nothing
    =======
    # Template
    >>>>>>> template 0.1.0
    ");
}

#[test]
fn links_are_not_written_through() {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("etc/app.conf", "x\n")]);
    sandbox
        .write("outside/keep", "keep\n")
        .write("shop/own", "own\n");
    std::os::unix::fs::symlink("../outside", sandbox.path("shop/etc")).unwrap();
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stdout.contains("etc/app.conf: `etc` is a link"),
        "{ran}"
    );
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--defaults",
        "--on-conflict",
        "theirs",
    ]);
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(sandbox.paths("outside"), "keep");
    assert_eq!(sandbox.read("shop/etc.theirs/app.conf"), "x\n");
}

#[test]
fn modes_of_existing_files_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("private", "template\n")]);
    sandbox.write("shop/private", "mine\n");
    let path = sandbox.path("shop/private");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--defaults",
        "--on-conflict",
        "theirs",
        "--no-git",
    ]);
    assert_eq!(sandbox.read("shop/private"), "template\n");
    assert_eq!(sandbox.mode("shop/private"), 0o600);
}

#[test]
fn an_empty_folder_stays_the_same_folder() {
    use std::os::unix::fs::MetadataExt as _;
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n")]);
    std::fs::create_dir(sandbox.path("shop")).unwrap();
    let inode = std::fs::metadata(sandbox.path("shop")).unwrap().ino();
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(
        std::fs::metadata(sandbox.path("shop")).unwrap().ino(),
        inode
    );
    assert_eq!(sandbox.git("shop", &["status", "--porcelain"]), "");
}

#[test]
fn a_signal_leaves_all_of_it_or_nothing() {
    for delay in (0..16).map(|step| step * 20) {
        let sandbox = Sandbox::new();
        sandbox.write("shop/own", "own\n");
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
        command.args(["new", "shop", "--defaults"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        thread::sleep(Duration::from_millis(delay));
        let mut kill = sandbox.command("kill");
        let _ = kill.arg(child.id().to_string()).status();
        if child.wait().unwrap().code() == Some(0) {
            assert_eq!(sandbox.git("shop", &["status", "--porcelain"]), "?? own\n");
        } else {
            assert_eq!(sandbox.paths("shop"), "own", "after {delay} ms");
            assert!(!sandbox.exists("shop/.git"), "after {delay} ms");
        }
    }
}
