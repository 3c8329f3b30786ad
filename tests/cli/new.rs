//! `new` into a folder that does not exist.

use insta::assert_snapshot;

use super::sandbox::Sandbox;

const QUESTIONS: &str = "\
questions:
- {name: title, prompt: Title, type: text, default: '{{ directory | title }}', check: {matches: '^.{1,20}$', message: must be short}}
- {name: docker, prompt: Docker, type: bool, default: true}
- {name: color, prompt: Color, type: choice, default: red, choices: [{value: red}, {value: green, when: docker}]}
- {name: parts, prompt: Parts, type: choices, default: [a, b], choices: [{value: a}, {value: b}, {value: c}]}
files:
  compose.yaml: {when: docker}
executable: [run]
";

fn tiny() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        QUESTIONS,
        &[
            (
                "README.md.tera",
                "# {{ title }}\n{% for part in parts %}{{ part }},{% endfor %}\n",
            ),
            ("run", "#!/bin/sh\n"),
            ("compose.yaml", "services: {}\n"),
            ("{{ color }}/x", "braces: {{ stay }}\n"),
        ],
    );
    sandbox
}

#[test]
fn a_project_is_made_committed_and_described() {
    let sandbox = tiny();
    let ran = sandbox.ixd(&["new", "my-shop", "--from", "cat", "--defaults"]);
    let commit = sandbox.git("my-shop", &["rev-parse", "--short=9", "HEAD"]);
    assert_snapshot!(ran.to_string().replace(commit.trim(), "[COMMIT]"), @r"
    exit 0
    --- stdout
    my-shop, from tiny 0.1.0:

      new          5   .ixd-template.yml, README.md, compose.yaml, red/x, run
    --- stderr

    ✓ my-shop: 5 files written, committed as [COMMIT]

    Next:
      cd my-shop
    ");
    assert_snapshot!(sandbox.read("my-shop/README.md"), @r"
    # My Shop
    a,b,
    ");
    assert_eq!(sandbox.read("my-shop/red/x"), "braces: {{ stay }}\n");
    assert_eq!(sandbox.mode("my-shop/run") & 0o111, 0o111);
    assert_eq!(sandbox.mode("my-shop/README.md") & 0o111, 0);
    assert_eq!(sandbox.git("my-shop", &["status", "--porcelain"]), "");
    assert_eq!(
        sandbox.git("my-shop", &["log", "--format=%an %ae %s"]),
        "Ada ada@example.com Start the project from its template\n"
    );
}

#[test]
fn answers_come_from_flags_and_files() {
    let sandbox = tiny();
    sandbox.write(
        "answers.yml",
        "title: From file\ndocker: false\nparts: [c]\n",
    );
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--answers",
        "answers.yml",
        "--answer",
        "title=Flag = wins",
        "--answer",
        "color=red",
        "--no-git",
    ]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("shop/README.md"), "# Flag = wins\nc,\n");
    assert!(!sandbox.exists("shop/compose.yaml"));
    assert!(!sandbox.exists("shop/.git"));
    let state = sandbox.read("shop/.ixd-template.yml");
    let answers = state.split_once("answers:\n").unwrap().1;
    assert_snapshot!(answers, @r"
    title: Flag = wins
    docker: false
    color: red
    parts:
    - c
    ");
}

#[test]
fn without_a_terminal_nothing_is_guessed() {
    let sandbox = tiny();
    assert_snapshot!(sandbox.ixd(&["new", "shop", "--from", "cat"]), @r"
    exit 1
    --- stderr
    error: `title` has no answer, and there is no terminal to ask on

    hint: add `--answer title=…`, or `--defaults` to take every default
    ");
    sandbox.catalogue(
        "questions:\n- {name: must, prompt: Must, type: text}\n",
        &[("a", "")],
    );
    assert_snapshot!(sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]), @r"
    exit 1
    --- stderr
    error: `must` has no answer, and there is no terminal to ask on

    hint: add `--answer must=…`
    ");
    assert_eq!(sandbox.paths("shop"), "");
}

#[test]
fn the_dry_run_prints_the_plan_of_the_run() {
    let sandbox = tiny();
    let dry = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--dry-run"]);
    assert!(!sandbox.exists("shop"));
    let wet = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_eq!(dry.stdout, wet.stdout);
    assert_eq!(dry.code, 0);
}

#[test]
fn an_older_release_can_be_asked_for() {
    let sandbox = tiny();
    sandbox.write(
        "cat/snapshots/0.0.9/template.yml",
        "name: tiny\nversion: 0.0.9\n",
    );
    sandbox.write("cat/snapshots/0.0.9/project/old", "old\n");
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--release",
        "0.0.9",
        "--no-git",
    ]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.paths("shop"), ".ixd-template.yml old");
    assert_snapshot!(sandbox.ixd(&["new", "other", "--from", "cat", "--release", "0.3.0"]), @r"
    exit 1
    --- stderr
    error: there is no release 0.3.0; available: 0.0.9, 0.1.0

    hint: leave `--release` out to get the newest one
    ");
}

#[test]
fn git_without_a_name_gets_a_staged_index_and_a_hint() {
    let sandbox = Sandbox::nameless();
    sandbox.catalogue("", &[("a", "a\n")]);
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        ran.stderr.contains("staged in a new git repository"),
        "{ran}"
    );
    assert!(
        ran.stderr.contains("git config --global user.name"),
        "{ran}"
    );
    assert_eq!(
        sandbox.git("shop", &["status", "--porcelain"]),
        "A  .ixd-template.yml\nA  a\n"
    );
}

#[test]
fn inside_a_repository_no_nested_one_is_made() {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n")]);
    sandbox.git("", &["init", "-q"]);
    let ran = sandbox.ixd(&["new", "sites/shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.paths("sites/shop"), ".ixd-template.yml a");
    assert!(!sandbox.exists("sites/shop/.git"));
}

#[test]
fn secrets_reach_their_file_and_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.catalogue(
        "questions:\n- {name: password, prompt: Password, type: secret}\n- {name: port, prompt: Port, type: text, default: '1'}\n",
        &[
            ("env.tera", "PASSWORD={{ password }}\n"),
            ("env.json.tera", "{{ password | upper | json }}\n"),
            ("has.tera", "{% if password %}set{% endif %}\n"),
            ("one.secret", "filtered\n"),
            (".gitattributes.tera", "*.secret* filter=hidden\n"),
            ("ignored.log", "x\n"),
            (".gitignore.tera", "*.log\n"),
        ],
    );
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--from",
        "cat",
        "--defaults",
        "--answer",
        "password=hunter2-is-long",
    ]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("shop/env"), "PASSWORD=hunter2-is-long\n");
    assert!(!sandbox.read("shop/.ixd-template.yml").contains("hunter2"));
    assert!(!ran.to_string().contains("hunter2"));
    assert_eq!(
        sandbox.git("shop", &["ls-files"]),
        ".gitattributes\n.gitignore\n.ixd-template.yml\n"
    );
    let objects = sandbox.git("shop", &["cat-file", "--batch-all-objects", "--batch"]);
    let objects = objects.to_lowercase();
    assert!(!objects.contains("hunter2") && !objects.contains("filtered"));
    for left_out in ["env", "env.json", "has", "ignored.log", "one.secret"] {
        let told = format!("  {left_out} is not in git: ");
        assert!(ran.stderr.contains(&told), "{left_out}: {ran}");
    }
    // What is stored is enough for a base: nothing looks edited by hand.
    let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 0, "{ran}");
}

#[test]
fn nothing_but_the_content_of_files_is_made_from_a_secret() {
    let secret = "questions:\n- {name: password, prompt: Password, type: secret}\n";
    for (rest, file, expected) in [
        (
            "next: ['login {{ password }}']\n",
            "a",
            "refers to `password`, which is a secret",
        ),
        (
            "- {name: b, prompt: B, type: text, default: '{{ password }}'}\n",
            "a",
            "refers to `password`, which is a secret",
        ),
        (
            "files: {a: {when: password}}\n",
            "a",
            "refers to `password`, which is a secret",
        ),
        ("", "x{{ password }}", "a secret answer is part of a path"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.catalogue(&format!("{secret}{rest}"), &[(file, "")]);
        let answer = "password=hunter2";
        let ran = sandbox.ixd(&[
            "new",
            "shop",
            "--from",
            "cat",
            "--defaults",
            "--answer",
            answer,
        ]);
        assert_eq!(ran.code, 1, "{ran}");
        assert!(ran.stderr.contains(expected), "{ran}");
        assert!(!ran.to_string().contains("hunter2"), "{ran}");
        assert!(!sandbox.exists("shop"));
    }
}

#[test]
fn a_project_is_not_made_again() {
    let sandbox = tiny();
    sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_snapshot!(sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]), @r"
    exit 1
    --- stderr
    error: `[DIR]/shop` is a project made by ixd-template already

    hint: `ixd-template upgrade [DIR]/shop` brings it to a newer release; with `--ask` it changes the answers
    ");
}

#[test]
fn the_next_command_can_be_pasted() {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n")]);
    for (place, expected) in [
        ("my shop's", r"  cd 'my shop'\''s'"),
        ("-shop", "  cd ./-shop"),
    ] {
        let ran = sandbox.ixd(&["new", "--from", "cat", "--no-git", "--", place]);
        assert!(ran.stderr.contains(expected), "{ran}");
    }
}

#[test]
fn the_embedded_template_needs_no_file_of_ours() {
    let sandbox = Sandbox::new();
    let ran = sandbox.ixd(&["new", "shop", "--defaults"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.git("shop", &["status", "--porcelain"]), "");
    for path in [
        "go.sh",
        "manage.py",
        "Dockerfile",
        "compose.yaml",
        "requirements.txt",
        ".ixd-template.yml",
    ] {
        assert!(sandbox.exists(&format!("shop/{path}")), "{path}");
    }
    assert_eq!(sandbox.mode("shop/go.sh") & 0o111, 0o111);
}

/// The first commit is made by us, and we have nobody's key.
#[test]
fn who_signs_commits_is_told_how_to_sign_the_first() {
    let sandbox = tiny();
    let new = |dest: &str| {
        let ran = sandbox.ixd(&["new", dest, "--from", "cat", "--defaults"]);
        assert_eq!(ran.code, 0, "{ran}");
        ran.stderr.contains("git commit --amend --no-edit")
    };
    assert!(!new("plain"));
    sandbox.git("", &["config", "--global", "commit.gpgSign", "true"]);
    assert!(new("signed"));
    let ran = sandbox.ixd(&["new", "none", "--from", "cat", "--defaults", "--no-git"]);
    assert!(!ran.stderr.contains("--amend"), "{ran}");
}
