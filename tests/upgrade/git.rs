//! The repository around the project, its state and its owner's settings.

use super::case::{Case, case, file};

const LINES: &str = "one\ntwo\nthree\nfour\nfive\n";

fn lines(ours: &str, theirs: &str) -> String {
    LINES.replace("one", ours).replace("five", theirs)
}

/// A clean merge and a conflict under a setting of git's come out as without it.
fn indifferent(settings: &[&str]) {
    let set = |case: Case| settings.iter().fold(case, |case, line| case.config(line));
    set(file(LINES, &lines("OURS", "five"), &lines("one", "THEIRS")))
        .upgrade()
        .done()
        .is("f", &lines("OURS", "THEIRS"));
    set(file("a  \n", "ours  \n", "theirs \t\n"))
        .upgrade()
        .conflict("UU f")
        .is(
            "f",
            "<<<<<<< yours\nours  \n||||||| template 0.1.0\na  \n=======\ntheirs \t\n>>>>>>> template 0.2.0\n",
        )
        .edit("f", "mine\n")
        .run("upgrade --continue")
        .done()
        .is("f", "mine\n");
}

/// Row 24.
#[test]
fn automatic_line_ends_change_nothing() {
    indifferent(&["core.autocrlf=true", "core.safecrlf=false"]);
    indifferent(&[
        "core.autocrlf=input",
        "core.eol=crlf",
        "core.safecrlf=false",
    ]);
}

/// Row 24: a checkout with CRLF stays one.
#[test]
fn a_checkout_with_crlf_stays_one() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    file(
        LINES,
        &crlf(&lines("OURS", "five")),
        &lines("one", "THEIRS"),
    )
    .config("core.autocrlf=true")
    .upgrade()
    .done()
    .is("f", &crlf(&lines("OURS", "THEIRS")));
}

/// Row 25.
#[test]
fn rules_for_white_space_change_nothing() {
    indifferent(&[
        "apply.whitespace=error",
        "core.whitespace=trailing-space",
        "apply.ignoreWhitespace=change",
    ]);
}

/// Row 26.
#[test]
fn settings_of_diffs_change_nothing() {
    indifferent(&[
        "diff.noprefix=true",
        "diff.mnemonicPrefix=true",
        "color.ui=always",
        "core.quotePath=true",
    ]);
    indifferent(&[
        "merge.conflictStyle=zdiff3",
        "merge.renames=false",
        "diff.algorithm=minimal",
        "core.pager=false",
    ]);
}

/// Row 27.
#[test]
fn hooks_and_signatures_are_not_run() {
    let case = file("a\n", "ours\n", "theirs\n");
    let hook = "#!/bin/sh\ntouch \"$HOME/ran\"\nexit 1\n";
    let case = case.commit();
    for name in [
        "post-checkout",
        "pre-commit",
        "post-index-change",
        "reference-transaction",
    ] {
        case.sandbox.write(&format!("hooks/{name}"), hook);
        let path = case.sandbox.path(&format!("hooks/{name}"));
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
    }
    let hooks = case.sandbox.path("hooks").display().to_string();
    let case = case
        .config("commit.gpgsign=true")
        .config("gpg.program=false")
        .config(&format!("core.hooksPath={hooks}"))
        .config("core.fsmonitor=false")
        .run("upgrade --from ../cat --yes")
        .code(3)
        .edit("f", "both\n")
        .run("upgrade --continue")
        .done();
    assert!(!case.sandbox.path("../home/ran").exists());
}

/// Row 91.
#[test]
fn uncommitted_changes_in_files_of_the_plan_are_refused() {
    let changed = || {
        case(&[("f", LINES)], &[("f", &lines("one", "THEIRS"))]).edit("f", &lines("OURS", "five"))
    };
    changed()
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("uncommitted changes in files that would be written: f")
        .says("--allow-dirty");
    let staged = changed();
    staged.git("add f");
    staged
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched();
    changed()
        .run("upgrade --from ../cat --yes --allow-dirty")
        .done()
        .is("f", &lines("OURS", "THEIRS"));
}

/// Row 91: a dry run looks and does not touch, and ends as the run would.
#[test]
fn a_dry_run_works_on_uncommitted_changes() {
    case(&[("f", LINES)], &[("f", &lines("one", "THEIRS"))])
        .edit("f", &lines("OURS", "five"))
        .run("upgrade --from ../cat --dry-run")
        .code(1)
        .untouched()
        .says("merged")
        .says("nothing would be written either: uncommitted changes");
}

/// Row 91: a change of the state file is one of the project's.
#[test]
fn an_uncommitted_state_file_is_refused() {
    let case = file("a\n", "a\n", "b\n");
    let state = case.text(".ixd-template.yml");
    case.commit()
        .edit(".ixd-template.yml", &format!("# a comment\n{state}"))
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says(".ixd-template.yml");
}

/// Row 92.
#[test]
fn unrelated_changes_do_not_matter() {
    let case = case(&[("f", "a\n"), ("g", "a\n")], &[("f", "b\n"), ("g", "a\n")])
        .edit("g", "changed\n")
        .edit("untracked", "x\n");
    case.git("add g");
    case.edit("g", "changed again\n")
        .run("upgrade --from ../cat --yes")
        .done()
        .is("f", "b\n")
        .is("g", "changed again\n")
        .status(" M f, MM g, ?? untracked");
}

/// A repository `work` with the project `shop` in it and a sibling.
fn monorepo(case: Case) -> Case {
    case.sandbox.git("", &["init", "-q"]);
    case.sandbox
        .write("sibling/f", "a\n")
        .write(".gitignore", "/cat\n");
    let case = case.make();
    case.sandbox.git("", &["add", "-A"]);
    case.sandbox.git("", &["commit", "-qm", "all"]);
    case
}

/// Rows 93 and 94.
#[test]
fn a_project_in_a_folder_of_a_repository_is_upgraded_there() {
    let case = monorepo(case(
        &[("f", LINES), ("g", "a\n")],
        &[("f", &lines("one", "THEIRS")), ("g", "theirs\n")],
    ));
    let case = case.edit("f", &lines("OURS", "five")).edit("g", "ours\n");
    case.sandbox.git("", &["commit", "-qam", "edits"]);
    case.sandbox.write("sibling/f", "dirty\n");
    let case = case
        .run("upgrade --from ../cat --yes")
        .code(3)
        .is("f", &lines("OURS", "THEIRS"));
    let status = |case: &Case| case.sandbox.git("", &["status", "--short"]);
    assert_eq!(
        status(&case),
        " M shop/.ixd-template.yml\n M shop/f\nUU shop/g\n M sibling/f\n",
    );
    assert_eq!(case.sandbox.git("", &["show", ":3:shop/g"]), "theirs\n");
    let case = case
        .edit("g", "both\n")
        .run("upgrade --continue")
        .done()
        .run("undo")
        .done();
    assert_eq!(status(&case), " M sibling/f\n");
    assert_eq!(case.text("g"), "ours\n");
}

/// Row 93: two projects in one repository have records of their own.
#[test]
fn two_projects_in_one_repository_do_not_meet() {
    let case = monorepo(case(&[("f", "a\n")], &[("f", "theirs\n")]));
    let ran = case
        .sandbox
        .ixd(&["new", "other/shop", "--from", "cat", "--release", "0.1.0"]);
    assert_eq!(ran.code, 0, "{ran}");
    let case = case.edit("f", "ours\n");
    case.sandbox.git("", &["add", "-A"]);
    case.sandbox.git("", &["commit", "-qm", "more"]);
    let case = case.run("upgrade --from ../cat --yes").code(3);
    let ran = case
        .sandbox
        .ixd(&["upgrade", "other/shop", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let case = case.run("upgrade --abort").done().is("f", "ours\n");
    assert_eq!(case.sandbox.read("other/shop/f"), "theirs\n");
}

/// Row 95.
#[test]
fn a_worktree_is_a_project_like_any_other() {
    let case = file("a\n", "ours\n", "theirs\n").commit();
    case.git("worktree add -q ../tree");
    let ran = case
        .sandbox
        .ixd(&["upgrade", "tree", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(
        case.sandbox.git("tree", &["status", "--short", "f"]),
        "UU f\n"
    );
    let case = case.status("");
    let ran = case.sandbox.ixd(&["upgrade", "tree", "--abort"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(case.sandbox.git("tree", &["status", "--short"]), "");
}

/// Row 95.
#[test]
fn a_submodule_and_a_separate_git_folder_are_projects_like_any_other() {
    let case = file("a\n", "ours\n", "theirs\n")
        .commit()
        .config("protocol.file.allow=always");
    case.sandbox.git("", &["init", "-q", "super"]);
    case.sandbox
        .git("super", &["submodule", "--quiet", "add", "../shop", "sub"]);
    let ran = case
        .sandbox
        .ixd(&["upgrade", "super/sub", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(
        case.sandbox.git("super/sub", &["status", "--short", "f"]),
        "UU f\n"
    );
    case.sandbox.git(
        "",
        &[
            "clone",
            "-q",
            "--separate-git-dir",
            "apart.git",
            "shop",
            "apart",
        ],
    );
    let ran = case
        .sandbox
        .ixd(&["upgrade", "apart", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(
        case.sandbox.git("apart", &["status", "--short", "f"]),
        "UU f\n"
    );
}

/// Row 96.
#[test]
fn a_shallow_clone_gets_its_markers() {
    let case = file("a\n", "ours\n", "theirs\n").commit();
    let url = format!("file://{}", case.sandbox.path("shop").display());
    case.sandbox
        .git("", &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let ran = case
        .sandbox
        .ixd(&["upgrade", "shallow", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(case.sandbox.git("shallow", &["show", ":1:f"]), "a\n");
    assert!(
        case.sandbox
            .read("shallow/f")
            .contains("<<<<<<< yours\nours\n")
    );
}

/// Row 97.
#[test]
fn a_project_without_git_is_upgraded_and_taken_back() {
    let case = case(
        &[("f", LINES), ("g", "a\n"), ("gone", "a\n")],
        &[
            ("f", &lines("one", "THEIRS")),
            ("g", "theirs\n"),
            ("new", "n\n"),
        ],
    );
    let case = case
        .without_git()
        .edit("f", &lines("OURS", "five"))
        .edit("g", "ours\n");
    let before = case.contents();
    let case = case
        .upgrade()
        .code(3)
        .is("f", &lines("OURS", "THEIRS"))
        .holds("g", &["<<<<<<< yours\n"])
        .gone("gone")
        .run("upgrade --abort")
        .done();
    assert_eq!(case.contents(), before);
    let case = case
        .upgrade()
        .code(3)
        .edit("g", "both\n")
        .run("upgrade --continue")
        .done()
        .run("undo")
        .done();
    assert_eq!(case.contents(), before);
}

/// Row 98.
#[test]
fn nothing_is_done_in_the_middle_of_a_merge_or_a_rebase() {
    let two = |how: &str| {
        let case = file("a\n", "a\n", "theirs\n")
            .edit("own", "base\n")
            .commit();
        case.git("checkout -q -b other");
        let case = case.edit("own", "other\n").commit();
        case.git("checkout -q -");
        let case = case.edit("own", "this\n").commit();
        let mut command = case.sandbox.command("git");
        let command = command.current_dir(case.path("")).args(how.split(' '));
        assert!(!command.output().unwrap().status.success(), "no conflict");
        case.run("upgrade --from ../cat --yes").code(1).untouched()
    };
    two("merge other").says("git is in the middle of a merge");
    two("rebase other").says("git is in the middle of a rebase");
    two("cherry-pick other").says("git is in the middle of a cherry-pick");
}

/// Row 98: also where conflicts stand in the index without a merge, as after `git stash pop`.
#[test]
fn a_file_that_is_unmerged_already_is_refused() {
    let case = file("a\n", "a\n", "theirs\n").edit("f", "stashed\n");
    case.git("stash -q");
    let case = case.edit("f", "this\n").commit();
    let mut command = case.sandbox.command("git");
    let command = command.current_dir(case.path("")).args(["stash", "pop"]);
    assert!(!command.output().unwrap().status.success());
    case.run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says(": f");
}

/// A bare repository above the project, and one without a commit, are no obstacle.
#[test]
fn a_repository_without_a_commit_is_no_obstacle() {
    let case = case(&[("f", "a\n")], &[("f", "theirs\n")])
        .without_git()
        .edit("f", "ours\n");
    case.sandbox.git("shop", &["init", "-q"]);
    case.run("upgrade --from ../cat --yes")
        .code(3)
        .holds("f", &["ours\n", "theirs\n"]);
}

/// Git trusts no repository of somebody else's, and neither do we; the way out is git's own.
#[test]
fn a_repository_of_another_user_is_refused_with_the_way_out() {
    let case = file("a\n", "a\n", "b\n").commit();
    let other = |path: &str| std::os::unix::fs::chown(case.path(path), Some(12_345), None);
    if other("").and_then(|()| other(".git")).is_err() {
        eprintln!("not run: only root can give files away");
        return;
    }
    let case = case
        .run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("belongs to another user")
        .says("git config --global --add safe.directory");
    let shop = case.path("").display().to_string();
    case.config(&format!("safe.directory={}", shop.trim_end_matches('/')))
        .run("upgrade --from ../cat --yes")
        .done()
        .is("f", "b\n");
}

/// A file with a filter is the one thing that the git program is asked for here: its filter runs, and nothing else.
#[test]
fn of_a_foreign_configuration_only_filters_run() {
    let attributes = "f filter=mine\n";
    let case = case(
        &[("f", "a\n"), (".gitattributes", attributes)],
        &[("f", "b\n"), (".gitattributes", attributes)],
    );
    let case = case.make().commit();
    let script = |name: &str, body: &str| {
        let text = format!("#!/bin/sh\necho {name} >> \"$HOME/ran\"\n{body}\n");
        case.sandbox.write(&format!("hooks/{name}"), text);
        let path = case.sandbox.path(&format!("hooks/{name}"));
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&path, mode).unwrap();
        path.display().to_string()
    };
    for hook in ["post-index-change", "reference-transaction", "pre-auto-gc"] {
        script(hook, "");
    }
    for (name, body) in [
        ("monitor", ""),
        ("clean", "cat"),
        ("pager", "cat"),
        ("ssh", "exit 1"),
    ] {
        script(name, body);
    }
    let path = |name: &str| {
        case.sandbox
            .path(&format!("hooks/{name}"))
            .display()
            .to_string()
    };
    for (key, value) in [
        (
            "core.hooksPath",
            case.sandbox.path("hooks").display().to_string(),
        ),
        ("core.fsmonitor", path("monitor")),
        ("core.pager", path("pager")),
        ("core.sshCommand", path("ssh")),
        ("filter.mine.clean", path("clean")),
        ("alias.status", format!("!{}", path("pager"))),
    ] {
        case.git(&format!("config {key} {value}"));
    }
    // As it is in the last commit, but for its time: git would look at it again.
    let case = case.edit("f", "a\n");
    let home = case.sandbox.path("../home/ran");
    let _ = std::fs::remove_file(&home);
    for command in [
        "status",
        "diff",
        "upgrade --dry-run",
        "upgrade --yes",
        "undo",
    ] {
        let ran = case.sandbox.ixd(
            &[
                &command.split(' ').collect::<Vec<_>>()[..],
                &["shop", "--from", "cat"],
            ]
            .concat(),
        );
        assert_eq!(ran.code, 0, "{command}: {ran}");
    }
    let ran = std::fs::read_to_string(&home).unwrap_or_default();
    let others: Vec<&str> = ran.lines().filter(|line| *line != "clean").collect();
    assert!(others.is_empty(), "{others:?}");
}
