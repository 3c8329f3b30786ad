//! The steps that other programs do: run when asked for, and else told. Programs of ours stand in for theirs, and write
//! down how they were called.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use super::project::{DOCKERIZE, commit, modern, settings};
use crate::cli::sandbox::{Ran, Sandbox};

/// Puts a program of this name in front of the others; `--version` succeeds.
pub(super) fn program(sandbox: &Sandbox, name: &str, script: &str) {
    let file = format!("bin/{name}");
    let text = format!("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n{script}\n");
    sandbox.write(&file, text);
    let path = sandbox.path(&file);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The path with those programs.
pub(super) fn path(sandbox: &Sandbox) -> String {
    format!(
        "{}:{}",
        sandbox.path("bin").display(),
        std::env::var("PATH").unwrap()
    )
}

/// A project on a database server, with uploads in `media`.
pub(super) fn project() -> Sandbox {
    let sandbox = modern();
    let more = "MEDIA_ROOT = \"media\"\nMEDIA_URL = \"/media/\"\n";
    sandbox
        .write("p/shop/settings.py", settings("postgresql", more))
        .write("p/media/a.txt", "uploaded");
    commit(&sandbox);
    sandbox
}

const SECRET: &str = "hunter2-of-production";

/// Runs with those programs and secrets in the environment, which must not be told.
pub(super) fn run(sandbox: &Sandbox, flags: &[&str], env: &[(&str, &str)]) -> Ran {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command
        .env("PATH", path(sandbox))
        .env("MEDIA_AWS_SECRET_ACCESS_KEY", SECRET)
        .env("SRC_PGPASSWORD", SECRET)
        .env("PGPASSWORD", "of-this-machine")
        .envs(env.iter().copied())
        .args(DOCKERIZE)
        .args(["--yes"])
        .args(flags);
    let ran = sandbox.ran(command.stdin(Stdio::null()).output().unwrap());
    assert!(
        !format!("{}{}", ran.stdout, ran.stderr).contains(SECRET),
        "{ran}"
    );
    ran
}

#[test]
fn without_being_asked_they_are_only_told() {
    let sandbox = project();
    for name in ["uv", "pip-compile", "pg_dump", "aws"] {
        program(&sandbox, name, "touch ran");
    }
    let ran = run(&sandbox, &[], &[]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(!sandbox.exists("p/ran"));
    for told in [
        "uv pip compile --quiet --python-version 3.11 --output-file requirements.txt requirements.in",
        "pg_dump --no-owner --no-privileges --no-password > initial_data.sql",
        "aws s3 sync media s3://BUCKET/media/ --no-progress",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {ran}");
    }
}

#[test]
fn they_run_when_asked_for_with_secrets_in_their_environment_alone() {
    let sandbox = project();
    let log = "echo \"$0 $*\" | sed 's,.*/bin/,,' >>../log";
    program(
        &sandbox,
        "uv",
        &format!("{log}\necho 'django==4.2.11' >requirements.txt"),
    );
    program(
        &sandbox,
        "pg_dump",
        &format!("{log}\necho \"$PGHOST/$PGDATABASE/$PGUSER/$PGPASSWORD/$PGPORT\""),
    );
    program(
        &sandbox,
        "aws",
        &format!("{log}\necho \"upload: $AWS_SECRET_ACCESS_KEY\" >../aws"),
    );
    let requirements = sandbox.read("p/requirements.txt");
    let ran = run(
        &sandbox,
        &["--run", "lock", "--run", "data", "--run", "media"],
        &[
            ("SRC_PGHOST", "live.example.com"),
            ("SRC_PGDATABASE", "shop"),
            ("SRC_PGUSER", "reader"),
            ("PGPORT", "5433"),
            ("MEDIA_AWS_STORAGE_BUCKET_NAME", "shop-media"),
        ],
    );
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(
        sandbox.read("log"),
        "uv pip compile --quiet --python-version 3.11 --output-file requirements.txt requirements.in\n\
         pg_dump --no-owner --no-privileges --no-password\n\
         aws s3 sync media s3://shop-media/media/ --no-progress\n"
    );
    assert_eq!(sandbox.read("p/requirements.txt"), "django==4.2.11\n");
    // Neither the port nor the password of this machine's server goes to the other one.
    assert_eq!(
        sandbox.read("p/initial_data.sql"),
        format!("live.example.com/shop/reader/{SECRET}/\n")
    );
    assert_eq!(sandbox.mode("p/initial_data.sql"), 0o600);
    assert_eq!(sandbox.read("aws"), format!("upload: {SECRET}\n"));
    let written = sandbox.tree("p");
    let ran = sandbox.ixd(&["undo", "p"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(sandbox.read("p/requirements.txt"), requirements);
    assert!(!sandbox.exists("p/go.sh"));
    for (path, text) in written {
        let is_data = path == "initial_data.sql" || path.starts_with(".git/");
        assert!(is_data || !text.contains(SECRET), "{path}");
    }
}

#[test]
fn what_cannot_be_done_is_an_error_and_leaves_nothing_half() {
    let sandbox = project();
    program(&sandbox, "pg_dump", "echo half; exit 1");
    let ran = run(&sandbox, &["--run", "data"], &[]);
    assert_eq!(ran.code, 4, "{ran}");
    assert!(
        ran.stderr
            .contains("error: the step `data` was not done: neither SRC_PGDATABASE nor PGDATABASE names a database"),
        "{ran}"
    );
    assert!(sandbox.exists("p/go.sh"), "the files are written");

    let sandbox = project();
    program(&sandbox, "pg_dump", "echo half; exit 1");
    let ran = run(&sandbox, &["--run", "data"], &[("PGDATABASE", "shop")]);
    assert_eq!(ran.code, 4, "{ran}");
    assert!(ran.stderr.contains("pg_dump ended with"), "{ran}");
    assert!(!sandbox.exists("p/initial_data.sql"));
    assert!(!sandbox.exists("p/initial_data.sql.part"));

    // A file of that name is somebody's, be it ours or not.
    for code in [0, 1] {
        let sandbox = project();
        program(&sandbox, "pg_dump", &format!("echo new; exit {code}"));
        for name in ["initial_data.sql.part", ".initial_data.sql.part"] {
            sandbox.write(&format!("p/{name}"), "mine");
        }
        let ran = run(&sandbox, &["--run", "data"], &[("PGDATABASE", "shop")]);
        assert_eq!(ran.code, 4 * code, "{ran}");
        for name in ["initial_data.sql.part", ".initial_data.sql.part"] {
            assert_eq!(sandbox.read(&format!("p/{name}")), "mine");
        }
        assert!(!sandbox.exists("p/.initial_data.sql.part-1"));
        assert_eq!(sandbox.exists("p/initial_data.sql"), code == 0);
    }

    // What git would commit is not said to be left out.
    let sandbox = project();
    program(&sandbox, "pg_dump", "echo new");
    sandbox.write("p/.gitignore", "*.log\n!/initial_data.sql\n");
    commit(&sandbox);
    let ran = run(&sandbox, &["--run", "data"], &[("PGDATABASE", "shop")]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stderr.contains("git does not ignore it"), "{ran}");

    let sandbox = project();
    program(&sandbox, "pg_dump", "echo new");
    sandbox.write("p/initial_data.sql", "mine");
    let ran = run(&sandbox, &["--run", "data"], &[("PGDATABASE", "shop")]);
    assert_eq!(ran.code, 4, "{ran}");
    assert_eq!(sandbox.read("p/initial_data.sql"), "mine");

    let ran = sandbox.ixd(&["dockerize", "p", "--run", "docker"]);
    assert_eq!(ran.code, 2, "{ran}");
}

#[test]
fn a_lock_that_fails_leaves_the_requirements_as_they_were() {
    let sandbox = project();
    let before = sandbox.read("p/requirements.txt");
    program(&sandbox, "uv", "echo BROKEN >requirements.txt; exit 1");
    let ran = run(&sandbox, &["--run", "lock"], &[]);
    assert_eq!(ran.code, 4, "{ran}");
    assert!(
        ran.stderr.contains("requirements.txt is as it was"),
        "{ran}"
    );
    assert_eq!(sandbox.read("p/requirements.txt"), before);
}

#[test]
fn a_folder_of_uploads_that_holds_the_project_is_not_copied() {
    for folder in [".", "..", "shop"] {
        let sandbox = project();
        let more = format!("MEDIA_ROOT = \"{folder}\"\nMEDIA_URL = \"/media/\"\n");
        sandbox.write("p/shop/settings.py", settings("postgresql", &more));
        commit(&sandbox);
        program(&sandbox, "aws", "touch ../ran");
        let bucket = [("MEDIA_AWS_STORAGE_BUCKET_NAME", "shop-media")];
        let ran = run(&sandbox, &["--run", "media"], &bucket);
        assert_eq!(ran.code, 1, "{folder}: {ran}");
        assert!(
            !sandbox.exists("ran") && !sandbox.exists("p/go.sh"),
            "{folder}: {ran}"
        );
    }
}

#[test]
fn a_step_that_the_project_has_nothing_for_is_refused_before_anything_is_written() {
    let sandbox = modern();
    commit(&sandbox);
    for (step, reason, instead) in [
        (
            "data",
            "a database of `sqlite` is a file",
            "copy that file while nothing writes to it",
        ),
        (
            "media",
            "no folder of uploaded files was found",
            "`aws s3 sync`",
        ),
    ] {
        let before = sandbox.tree("p");
        let ran = run(&sandbox, &["--run", step], &[]);
        assert_eq!(ran.code, 1, "{ran}");
        for told in [
            &format!("error: the step `{step}` cannot be done: {reason}"),
            instead,
        ] {
            assert!(ran.stderr.contains(told), "{told}: {ran}");
        }
        assert_eq!(sandbox.tree("p"), before);
        let dry = run(&sandbox, &["--run", step, "--dry-run", "--json"], &[]);
        let found: serde_json::Value = serde_json::from_str(&dry.stdout).unwrap();
        assert!(found["refused"].as_str().unwrap().contains(reason), "{dry}");
    }
}
