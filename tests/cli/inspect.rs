//! `status`, `diff`, `completions` and `merge-file`.

use insta::assert_snapshot;

use super::sandbox::Sandbox;

fn edited() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        "",
        &[
            ("a", "one\ntwo\n"),
            ("b/c", "c\n"),
            ("gone", "gone\n"),
            ("run", "run\n"),
        ],
    );
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 0, "{ran}");
    sandbox
        .write("shop/a", "one\n2\n")
        .write("shop/own", "own\n");
    std::fs::remove_file(sandbox.path("shop/gone")).unwrap();
    sandbox
}

#[test]
fn status_tells_release_and_changes() {
    let sandbox = edited();
    assert_snapshot!(sandbox.ixd(&["status", "shop", "--from", "cat"]), @r"
    exit 0
    --- stdout
    tiny 0.1.0 (the newest)

      untouched    2
      changed      1
                       a
      deleted      1
                       gone

    `ixd-template diff` shows the changes.
    ");
    assert_snapshot!(sandbox.ixd(&["status", "shop/b", "--from", "cat", "--json"]).stdout, @r#"
    {
      "template": "tiny",
      "version": "0.1.0",
      "available": "0.1.0",
      "upgrade_available": false,
      "changed": [
        "a"
      ],
      "deleted": [
        "gone"
      ],
      "unchanged": 2,
      "unfinished": [],
      "open": []
    }
    "#);
}

#[test]
fn diff_shows_what_the_team_changed() {
    let sandbox = edited();
    assert_snapshot!(sandbox.ixd(&["diff", "shop", "--from", "cat"]).stdout, @r"
    --- a (template 0.1.0)
    +++ a (yours)
    @@ -1,2 +1,2 @@
     one
    -two
    +2
    --- gone (template 0.1.0)
    +++ /dev/null
    @@ -1 +0,0 @@
    -gone
    ");
    assert_eq!(
        sandbox.ixd(&["diff", "shop", "b", "--from", "cat"]).stdout,
        ""
    );
    assert!(
        sandbox
            .ixd(&["diff", "shop", "shop/gone", "--from", "cat"])
            .stdout
            .contains("-gone")
    );
}

#[test]
fn an_edited_state_file_is_detected() {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        "questions:\n- {name: t, prompt: T, type: text, default: x}\n",
        &[("a.tera", "{{ t }}\n")],
    );
    sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    let state = sandbox.read("shop/.ixd-template.yml");
    sandbox.write("shop/.ixd-template.yml", state.replace("t: x", "t: y"));
    let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("it was edited by hand"), "{ran}");
    sandbox.write("shop/.ixd-template.yml", "template: [\n");
    let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 1, "{ran}");
}

#[test]
fn a_folder_without_state_is_no_project() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.ixd(&["status"]), @r"
    exit 1
    --- stderr
    error: `[DIR]` is not a project made by ixd-template: it has no .ixd-template.yml

    hint: run it in the folder of a project, or name that folder; where that file is gone, `ixd-template upgrade --adopt` looks what the project was made from
    ");
}

#[test]
fn completions_exist_for_every_shell() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = sandbox.ixd(&["completions", shell]);
        assert!(
            ran.code == 0 && ran.stdout.contains("merge-file"),
            "{shell}: {ran}"
        );
    }
}

#[test]
fn merge_file_answers_as_git_does() {
    let sandbox = Sandbox::new();
    sandbox
        .write("b", "1\n2\n3\n")
        .write("o", "1\n2\n3\n4\n")
        .write("t", "0\n1\n2\n3\n")
        .write("x", "1\n2\nx\n");
    assert_eq!(
        sandbox.ixd(&["merge-file", "b", "o", "t"]).to_string(),
        "exit 0\n--- stdout\n0\n1\n2\n3\n4\n"
    );
    let ran = sandbox.ixd(&["merge-file", "b", "o", "x"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("<<<<<<< o\n"), "{ran}");
    // Git takes 1, 2, 101, 127 and 128 of a driver for conflicts, so a failure is none of these.
    for failing in [
        &["merge-file", "b", "o", "nowhere"][..],
        &["merge-file", "b", "o"],
        &["merge-file", "b", "o", "t", "--no-such-flag"],
        &["merge-file", "b", "o", "."],
        &["secrets", "merge", "b", "o"],
        &["secrets", "merge", "b", "o", "t", "p"],
    ] {
        assert_eq!(sandbox.ixd(failing).code, 255, "{failing:?}");
    }
    assert_eq!(sandbox.ixd(&["merge-file", "--help"]).code, 0);
    assert_eq!(sandbox.ixd(&["status", "--no-such-flag"]).code, 2);
}

#[test]
fn a_merge_driver_that_fails_leaves_no_conflict_to_be_overlooked() {
    let sandbox = Sandbox::new();
    let driver = format!(
        "{} merge-file --in-place %O %A %B --no-such-flag",
        env!("CARGO_BIN_EXE_ixd-template")
    );
    sandbox
        .write("shop/.gitattributes", "* merge=ixd\n")
        .write("shop/x", "x\n");
    sandbox.git("shop", &["init", "-q", "-b", "main"]);
    sandbox.git("shop", &["config", "merge.ixd.driver", &driver]);
    let commit = |text: &str| {
        sandbox.write("shop/x", text);
        sandbox.git("shop", &["add", "-A"]);
        sandbox.git("shop", &["commit", "-qm", "x"]);
    };
    commit("base\n");
    sandbox.git("shop", &["checkout", "-qb", "other"]);
    commit("theirs\n");
    sandbox.git("shop", &["checkout", "-q", "main"]);
    commit("ours\n");
    let mut merge = sandbox.command("git");
    merge
        .current_dir(sandbox.path("shop"))
        .args(["merge", "other"]);
    let code = merge.output().unwrap().status.code();
    assert!(code.is_some_and(|code| code > 1), "{code:?}");
    assert_eq!(sandbox.read("shop/x"), "ours\n");
    assert_eq!(sandbox.git("shop", &["status", "--porcelain"]), "");
}

#[test]
fn merge_file_goes_by_the_rules_of_an_upgrade() {
    let sandbox = Sandbox::new();
    let merge = |sides: [&str; 3], more: &[&str]| {
        for (name, text) in ["b", "o", "t"].into_iter().zip(sides) {
            sandbox.write(name, text);
        }
        let args = ["merge-file", "b", "o", "t", "--path", "ci.yml"];
        sandbox.ixd(&[&args, more].concat())
    };
    let pins = ["uses: x/y@v1\n", "uses: x/y@v3\n", "uses: x/y@v2\n"];
    assert_eq!(
        merge(pins, &[]).to_string(),
        "exit 0\n--- stdout\nuses: x/y@v3\n--- stderr\nci.yml: both sides raised a pin: `uses: x/y@v3` was taken, not \
         `uses: x/y@v2`\n"
    );
    let probable = [
        "ruby-version: '3.1'\n",
        "ruby-version: '3.2'\n",
        "ruby-version: '3.3'\n",
    ];
    assert_eq!(merge(probable, &[]).code, 1);
    assert_eq!(merge(probable, &["--policy", "suggest"]).code, 1);
    let ran = merge(probable, &["--policy", "apply"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, probable[2]));
}

#[test]
fn undo_takes_back_a_new_project_that_nobody_touched() {
    let sandbox = edited();
    let ran = sandbox.ixd(&["undo", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr
            .contains("since `new` these files changed: a, gone"),
        "{ran}"
    );

    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n"), ("b/c", "c\n")]);
    sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    sandbox.write("shop/own", "own\n");
    let ran = sandbox.ixd(&["undo", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.paths("shop"), "own");
    assert!(
        ran.stderr
            .contains("the git repository that it made stays; to be rid of it too: rm -r"),
        "{ran}"
    );
}

#[test]
fn merge_file_serves_as_a_merge_driver() {
    let sandbox = Sandbox::new();
    let driver = format!(
        "{} merge-file --in-place %O %A %B --path %P",
        env!("CARGO_BIN_EXE_ixd-template")
    );
    sandbox
        .write("shop/.gitattributes", "* merge=ixd\n")
        .write("shop/requirements.txt", "a==1\nb==1\n");
    sandbox.write("shop/x", "x\n");
    sandbox.git("shop", &["init", "-q", "-b", "main"]);
    sandbox.git("shop", &["config", "merge.ixd.driver", &driver]);
    let commit = |message: &str| {
        sandbox.git("shop", &["add", "-A"]);
        sandbox.git("shop", &["commit", "-qm", message]);
    };
    commit("base");
    sandbox.git("shop", &["checkout", "-qb", "other"]);
    sandbox
        .write("shop/requirements.txt", "a==1\nb==1\nc==1\n")
        .write("shop/x", "y\n");
    commit("theirs");
    sandbox.git("shop", &["checkout", "-q", "main"]);
    sandbox
        .write("shop/requirements.txt", "a==1\nb==1\nd==1\n")
        .write("shop/x", "z\n");
    commit("ours");
    let output = sandbox
        .command("git")
        .current_dir(sandbox.path("shop"))
        .args(["merge", "other"])
        .output()
        .unwrap();
    assert!(!output.status.success(), "x conflicts");
    assert_eq!(
        sandbox.read("shop/requirements.txt"),
        "a==1\nb==1\nc==1\nd==1\n"
    );
    assert!(sandbox.read("shop/x").contains("<<<<<<<"));
    assert_eq!(
        sandbox.git("shop", &["status", "--porcelain"]),
        "M  requirements.txt\nUU x\n"
    );
}

#[test]
fn a_path_that_the_release_does_not_have_is_no_empty_diff() {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("sub/a", "a\n")]);
    sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    let ran = sandbox.ixd(&["diff", "shop", "sub/b", "--from", "cat"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr.contains("release 0.1.0 has nothing at `sub/b`"),
        "{ran}"
    );
    for path in ["sub", "sub/a", "shop/sub"] {
        let ran = sandbox.ixd(&["diff", "shop", path, "--from", "cat"]);
        assert_eq!(ran.code, 0, "{path}: {ran}");
    }
}
