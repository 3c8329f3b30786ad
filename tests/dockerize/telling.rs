//! What is said is so: about names, secrets in the clear, refusals, and what is left after `undo`.

use std::fs;

use serde_json::Value;

use super::project::{DOCKERIZE, commit, dockerize, modern, settings};
use crate::cli::sandbox::{Ran, Sandbox};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {ran}"))
}

/// The project in a folder of another name.
fn in_folder(name: &str) -> Sandbox {
    let sandbox = modern();
    fs::rename(sandbox.path("p"), sandbox.path(name)).unwrap();
    sandbox
}

#[test]
fn a_folder_of_any_name_gives_the_project_a_valid_one() {
    let long = "a".repeat(60);
    for (folder, name) in [
        ("my.site", "my_site"),
        ("My Site", "my_site"),
        ("2017-site", "project_2017_site"),
        ("größe", "gr_e"),
        ("日本", "project"),
        ("-x", "x"),
        ("class", "class_site"),
        ("django", "django_site"),
        ("code", "code_site"),
        (long.as_str(), &long[..40]),
    ] {
        let sandbox = in_folder(folder);
        let path = format!("./{folder}");
        let mut args = DOCKERIZE.to_vec();
        args[1] = &path;
        args.extend(["--defaults", "--yes"]);
        let ran = sandbox.ixd(&args);
        assert_eq!(ran.code, 0, "{folder}: {ran}");
        let base = sandbox.read(&format!("{folder}/.env.base"));
        assert!(
            base.contains(&format!("PROJECT_NAME=\"{name}\"\n")),
            "{folder}: {base}"
        );
        let is_other = name.ends_with("_site") && !folder.ends_with("ite") || folder.len() > 40;
        assert_eq!(
            ran.stderr.contains(&format!("is called `{name}`,")),
            is_other,
            "{folder}: {ran}"
        );
    }
}

#[test]
fn lists_that_git_reads_get_their_rules_whatever_they_hold() {
    type Prepare = fn(&Sandbox);
    let cases: [(&[u8], Prepare); 4] = [
        (b"# K\xe4se\n*.log\n", commit),
        (b"*.log", |sandbox| {
            let own = fs::read(sandbox.path("p/.gitignore")).unwrap();
            fs::remove_file(sandbox.path("p/.gitignore")).unwrap();
            commit(sandbox);
            sandbox.write("p/.gitignore", own);
        }),
        (b".gitignore\n*.log\n", |sandbox| {
            sandbox.git("p", &["init", "-q"]);
            sandbox.git("p", &["add", "-A"]);
            sandbox.git("p", &["commit", "-q", "-m", "as it was"]);
        }),
        (b"# \xff\xfe\r\n*.log\r\n", commit),
    ];
    for (own, prepare) in cases {
        let sandbox = modern();
        sandbox.write("p/.gitignore", own);
        prepare(&sandbox);
        let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        assert!(!ran.stderr.contains("does not ignore"), "{ran}");
        let now = fs::read(sandbox.path("p/.gitignore")).unwrap();
        assert!(now.starts_with(own), "{ran}");
        sandbox
            .write("p/.env.local", "SECRET=1\n")
            .write("p/initial_data.sql", "x\n");
        let seen = sandbox.git("p", &["status", "--short", "--untracked-files=all"]);
        assert!(
            !seen.contains(".env.local\n") && !seen.contains("initial_data"),
            "{seen}"
        );
    }
}

#[test]
fn what_git_would_commit_all_the_same_is_said() {
    let sandbox = modern();
    sandbox.write("p/.gitignore", "*.log\n!.env.local\n");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
    assert!(
        ran.stderr
            .contains("Git does not ignore these, which hold passwords or data once they are there: .env.local\n"),
        "{ran}"
    );
    assert!(
        ran.stderr
            .contains("echo /.env.local >>\"$(git rev-parse --git-path info/exclude)\""),
        "{ran}"
    );

    // Lists that cannot grow: git does not read the one, and the other is a file for several projects.
    for is_link in [false, true] {
        let sandbox = modern();
        if is_link {
            sandbox.write("p/shared/ignored", "*.log\n");
            std::os::unix::fs::symlink("shared/ignored", sandbox.path("p/.gitignore")).unwrap();
        } else {
            let text = "\u{feff}*.log\n".encode_utf16();
            let text: Vec<u8> = text.flat_map(u16::to_le_bytes).collect();
            sandbox.write("p/.gitignore", text);
        }
        commit(&sandbox);
        let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        assert!(
            ran.stderr
                .contains("are there: .env, .env.local, initial_data.sql, initial_data.sql.gz\n"),
            "{ran}"
        );
        let commands = ran
            .stderr
            .lines()
            .filter(|line| line.starts_with("  echo "));
        for command in commands {
            let shell = std::process::Command::new("sh")
                .args(["-c", command])
                .current_dir(sandbox.path("p"))
                .status();
            assert!(shell.unwrap().success());
        }
        sandbox.write("p/.env.local", "SECRET=1\n");
        let seen = sandbox.git("p", &["status", "--short", "--untracked-files=all"]);
        assert!(!seen.contains(".env.local\n"), "{seen}");
    }
}

#[test]
fn committed_files_with_a_secret_name_stay_as_they_are() {
    let sandbox = modern();
    let names = [
        "client.secrets.json",
        "my app/a[1].secret",
        "deploy/x.secret.key",
    ];
    for name in names {
        sandbox.write(&format!("p/{name}"), "plain\n");
    }
    sandbox.write("p/.gitattributes", "*.key -diff\n");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--defaults", "--dry-run", "--json"]);
    assert_eq!(
        json(&ran)["plan"]["in_the_clear"].as_array().unwrap().len(),
        names.len()
    );
    let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    for name in names {
        assert!(ran.stdout.contains(&format!("    {name}\n")), "{ran}");
        let filter = sandbox.git("p", &["check-attr", "filter", name]);
        assert!(filter.ends_with("filter: unset\n"), "{filter}");
        // What git would take for the next commit is what the last one has.
        sandbox.write(&format!("p/{name}"), "plain\n");
    }
    let diff = sandbox.git("p", &["check-attr", "diff", "deploy/x.secret.key"]);
    assert!(diff.ends_with("diff: unset\n"), "{diff}");
    let ours = sandbox.git("p", &["check-attr", "filter", ".env.develop.secret"]);
    assert!(ours.ends_with("filter: crypt\n"), "{ours}");
    sandbox.git("p", &["add", "-A"]);
    let changed = sandbox.git("p", &["diff", "--cached", "--name-only", "--diff-filter=M"]);
    assert_eq!(changed, ".gitattributes\n");
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    let checked = command
        .args(["secrets", "check"])
        .current_dir(sandbox.path("p"))
        .output();
    let checked = sandbox.ran(checked.unwrap());
    assert_eq!(checked.code, 0, "{checked}");
    assert!(
        checked
            .stdout
            .contains("client.secrets.json: in the clear, as .gitattributes says"),
        "{checked}"
    );

    // Without the step there is no such rule, and nothing to tell.
    let sandbox = modern();
    sandbox.write("p/client.secrets.json", "plain\n");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--defaults", "--yes", "--skip", "secrets"]);
    assert!(!ran.stdout.contains("in the clear"), "{ran}");
}

#[test]
fn a_dry_run_tells_what_a_run_would_refuse() {
    let sandbox = modern();
    sandbox
        .write("p/.gitignore", "*.log\n")
        .write("p/go.sh", "mine\n");
    commit(&sandbox);
    sandbox.write("p/.gitignore", "*.log\n*.tmp\n");
    for flags in [
        &["--defaults", "--yes"][..],
        &["--defaults", "--allow-dirty", "--on-conflict", "stop"],
    ] {
        let run = dockerize(&sandbox, flags);
        assert_eq!(run.code, 1, "{run}");
        let reason = run.stderr.split("error: ").nth(1).unwrap();
        let reason = reason.lines().next().unwrap();
        let dry = dockerize(&sandbox, &[flags, &["--dry-run"]].concat());
        assert_eq!(dry.code, 1, "{dry}");
        assert!(
            dry.stderr.contains(&format!(
                "Without it nothing would be written either: {reason}"
            )),
            "{reason} not in {dry}"
        );
        let dry = dockerize(&sandbox, &[flags, &["--dry-run", "--json"]].concat());
        assert_eq!(json(&dry)["refused"], reason, "{dry}");
        assert_eq!(dry.code, 1, "{dry}");
    }
    let flags = ["--defaults", "--allow-dirty", "--on-conflict", "markers"];
    for more in [&["--dry-run"][..], &["--dry-run", "--json"], &["--yes"]] {
        let ran = dockerize(&sandbox, &[&flags, more].concat());
        assert_eq!(ran.code, 3, "{ran}");
    }
    sandbox.git("p", &["add", "-A"]);
    sandbox.ixd(&["undo", "p", "--yes"]);
    let dry = dockerize(
        &sandbox,
        &[
            "--defaults",
            "--yes",
            "--allow-dirty",
            "--dry-run",
            "--json",
        ],
    );
    assert_eq!(json(&dry)["refused"], Value::Null);
}

#[test]
fn a_run_prints_one_json_document() {
    let sandbox = modern();
    sandbox.write("p/go.sh", "mine\n");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--defaults", "--yes", "--json"]);
    assert_eq!(ran.code, 0, "{ran}");
    let report = json(&ran);
    assert_eq!(report["status"], "done");
    assert_eq!(report["kept"][0][0], "go.sh");
    assert_eq!(report["ran"], Value::Array(Vec::new()));
    assert!(!ran.stderr.contains("Next:"), "{ran}");

    let sandbox = modern();
    sandbox.write("p/shop/settings.py", settings("postgresql", ""));
    let ran = dockerize(
        &sandbox,
        &["--defaults", "--yes", "--json", "--run", "data"],
    );
    assert_eq!(ran.code, 4, "{ran}");
    let report = json(&ran);
    assert_eq!(report["status"], "done");
    assert!(
        report["failed"].as_str().unwrap().contains("`data`"),
        "{report}"
    );
}

#[test]
fn what_looks_like_no_project_is_taken_by_who_says_so() {
    let sandbox = modern();
    sandbox.write(
        "p/setup.py",
        "from setuptools import setup\nsetup(name='django-x', packages=['x'], classifiers=['Framework :: Django'])\n",
    );
    fs::remove_dir_all(sandbox.path("p/shop")).unwrap();
    fs::remove_file(sandbox.path("p/manage.py")).unwrap();
    sandbox
        .write("p/x/__init__.py", "")
        .write("p/x/models.py", "from django.db import models\n")
        .write("p/tests/settings.py", settings("sqlite3", ""));
    let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("cannot be brought onto"), "{ran}");
    assert!(ran.stderr.contains("`--anyway`"), "{ran}");
    let flags = [
        "--defaults",
        "--yes",
        "--anyway",
        "--answer",
        "settings_module=tests.settings",
        "--answer",
        "database=sqlite",
        "--answer",
        "mode=bypass",
        "--answer",
        "python_path=.",
        "--answer",
        "requirements_file=requirements.txt",
    ];
    let ran = dockerize(&sandbox, &flags);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(sandbox.exists("p/go.sh"));
}

#[test]
fn undo_says_what_it_leaves_in_git() {
    let sandbox = modern();
    commit(&sandbox);
    assert_eq!(dockerize(&sandbox, &["--defaults", "--yes"]).code, 0);
    sandbox
        .write("p/.env.local", "SECRET=1\n")
        .write("p/var/x", "made\n");
    let ran = sandbox.ixd(&["undo", "p"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        ran.stderr.contains(
            "git ignores these no longer, which running the project may have made: .env.local var\n"
        ),
        "{ran}"
    );
    let command = ran
        .stderr
        .lines()
        .find(|line| line.trim().starts_with("for section"))
        .unwrap();
    let shell = std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(sandbox.path("p"))
        .status()
        .unwrap();
    assert!(shell.success());
    let config = sandbox.git("p", &["config", "--local", "--list"]);
    assert!(!config.contains("crypt."), "{config}");
}

#[test]
fn what_comes_next_is_said_last_and_can_be_done() {
    let last = |sandbox: &Sandbox| {
        let ran = dockerize(sandbox, &["--defaults", "--yes"]);
        let (_, next) = ran.stderr.split_once("\nNext:\n").unwrap();
        next.to_owned()
    };
    let sandbox = modern();
    let next = last(&sandbox);
    assert_eq!(next.lines().count(), 2, "{next}");
    assert!(next.contains("./go.sh manage.py check"), "{next}");
    // Their own is no way to the scripts.
    let sandbox = modern();
    sandbox.write("p/go.sh", "mine\n");
    let next = last(&sandbox);
    assert!(
        !next.contains("./go.sh") && next.contains("upgrade --ask"),
        "{next}"
    );
    // The settings in charge do not know the containers' server.
    let sandbox = modern();
    sandbox
        .write("p/requirements.txt", "Django==3.2.1\n")
        .write("p/shop/settings.py", settings("mysql", ""));
    assert!(last(&sandbox).contains("MYSQL_HOST"));
}

#[test]
fn what_is_served_otherwise_is_told() {
    let sandbox = modern();
    let dry = |sandbox: &Sandbox| dockerize(sandbox, &["--defaults", "--yes", "--dry-run"]);
    assert!(!dry(&sandbox).stdout.contains("websockets"));
    sandbox.write(
        "p/requirements.txt",
        "Django==4.2.11\nchannels[daphne]==4.1\n",
    );
    let ran = dry(&sandbox);
    assert!(ran.stdout.contains("asks for channels"), "{ran}");
    // Served with its websockets, there is nothing to tell.
    sandbox
        .write("p/shop/asgi.py", "application = None\n")
        .write(
            "p/shop/settings.py",
            settings("sqlite3", "ASGI_APPLICATION = 'shop.asgi.application'\n"),
        );
    let ran = dry(&sandbox);
    assert!(ran.stdout.contains("`shop.asgi` is served"), "{ran}");
    assert!(!ran.stdout.contains("asks for channels"), "{ran}");
}
