//! `--edit-settings`: addresses in the code become defaults of variables, where git has the files and a person asks for it.

use std::time::Duration;

use expectrl::{Eof, Expect as _, Session};

use super::outside;
use super::project::{DOCKERIZE, commit, dockerize, modern, settings};
use crate::cli::sandbox::Sandbox;

const ADDRESSES: &str = "CELERY_BROKER_URL = 'redis://localhost:6379/0'\r\nCACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://localhost:6379/1'}}\r\n";

fn project() -> Sandbox {
    let sandbox = modern();
    let text = settings("postgresql", "").replace(
        "\"NAME\": \"x\"",
        "\"NAME\": \"x\", \"HOST\": \"db\", \"USER\": \"u\", \"PASSWORD\": \"geheim\"",
    );
    sandbox
        .write("p/shop/settings.py", text.replace('\n', "\r\n") + ADDRESSES)
        .write(
            "p/requirements.txt",
            "Django==4.2.11\npsycopg2\nredis\ncelery\n",
        );
    commit(&sandbox);
    sandbox
}

const FLAGS: [&str; 4] = [
    "--defaults",
    "--yes",
    "--answer=mode=bypass",
    "--edit-settings",
];

#[test]
fn edits_are_shown_made_and_undone() {
    let sandbox = project();
    let before = sandbox.read("p/shop/settings.py");
    let rehearsed = dockerize(&sandbox, &[&FLAGS[..], &["--dry-run"]].concat());
    assert_eq!(sandbox.read("p/shop/settings.py"), before);
    let ran = dockerize(&sandbox, &FLAGS);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        rehearsed
            .stdout
            .contains("Your settings are edited, as you asked:"),
        "{rehearsed}"
    );
    assert!(
        ran.stdout.contains(
            "+ CELERY_BROKER_URL = os.environ.get('CELERY_BROKER_URL', 'redis://localhost:6379/0')"
        ),
        "{ran}"
    );
    assert!(!format!("{ran}").contains("geheim"), "{ran}");
    let after = sandbox.read("p/shop/settings.py");
    let wanted = before
        .replace("INSTALLED_APPS", "import os\r\nINSTALLED_APPS")
        .replace("\"db\"", "os.environ.get(\"PGHOST\", \"db\")")
        .replace("\"u\"", "os.environ.get(\"PGUSER\", \"u\")")
        .replace("\"geheim\"", "os.environ.get(\"PGPASSWORD\", \"geheim\")")
        .replace(
            "'redis://localhost:6379/0'",
            "os.environ.get('CELERY_BROKER_URL', 'redis://localhost:6379/0')",
        )
        .replace(
            "'redis://localhost:6379/1'",
            "os.environ.get('REDIS_URL', 'redis://localhost:6379/1')",
        );
    assert_eq!(after, wanted);
    let compose = sandbox.read("p/compose.yaml");
    for line in [
        "REDIS_URL: \"redis://redis:6379/1\"",
        "CELERY_BROKER_URL: \"redis://redis:6379/0\"",
        "PGHOST: \"postgres\"",
    ] {
        assert!(compose.contains(line), "{line}\n{compose}");
    }
    assert!(
        sandbox
            .read("p/.env.production.secret")
            .contains("# REDIS_URL=${REDIS_URL:-''}  # shop/settings.py:7\n")
    );
    let undone = sandbox.ixd(&["undo", "p", "--yes"]);
    assert_eq!(undone.code, 0, "{undone}");
    assert_eq!(sandbox.read("p/shop/settings.py"), before);
}

#[test]
fn what_git_does_not_have_is_left_alone() {
    let sandbox = project();
    let changed = sandbox.read("p/shop/settings.py") + "# mine\r\n";
    sandbox.write("p/shop/settings.py", changed.as_str());
    for flags in [&FLAGS[..], &[&FLAGS[..], &["--allow-dirty"]].concat()] {
        let ran = dockerize(&sandbox, &[flags, &["--dry-run"]].concat());
        assert!(
            ran.stdout
                .contains("shop/settings.py is not edited: git does not have it as it is"),
            "{ran}"
        );
        assert!(!ran.stdout.contains("Your settings are edited"), "{ran}");
    }
    std::fs::remove_dir_all(sandbox.path("p/.git")).unwrap();
    let ran = dockerize(&sandbox, &FLAGS);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        ran.stdout
            .contains("shop/settings.py is not edited: it is not in git"),
        "{ran}"
    );
    assert_eq!(sandbox.read("p/shop/settings.py"), changed);
}

#[test]
fn what_the_wrapper_names_needs_no_edit() {
    let sandbox = project();
    let ran = dockerize(&sandbox, &["--defaults", "--yes", "--edit-settings"]);
    assert_eq!(ran.code, 0, "{ran}");
    let after = sandbox.read("p/shop/settings.py");
    assert!(
        after.contains("\"HOST\": \"db\"") && after.contains("os.environ.get('REDIS_URL'"),
        "{after}"
    );
}

#[test]
fn the_wizard_asks_for_one_edit_after_the_other() {
    let sandbox = project();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .env("PATH", outside::path(&sandbox))
        .args(DOCKERIZE)
        .arg("--answer=mode=bypass");
    let mut p = Session::spawn(command).unwrap();
    p.set_expect_timeout(Some(Duration::from_secs(60)));
    p.expect("Which steps?").unwrap();
    p.expect("lock the requirements").unwrap();
    p.send("\r").unwrap();
    // The server of the database is left.
    p.expect("+ DATABASES").unwrap();
    p.expect("\"PASSWORD\": os.environ.get(\"PGPASSWORD\", \"…\")")
        .unwrap();
    p.expect("Edit shop/settings.py").unwrap();
    p.expect("PGHOST, PGUSER, PGPASSWORD").unwrap();
    p.send("\r").unwrap();
    p.expect("edit of shop/settings.py:5: no").unwrap();
    p.expect("+ CELERY_BROKER_URL").unwrap();
    p.expect("let CELERY_BROKER_URL name it").unwrap();
    p.send("\x1b[B\r").unwrap();
    p.expect("edit of shop/settings.py:6: yes").unwrap();
    p.expect("let REDIS_URL name it").unwrap();
    p.send("\r").unwrap();
    p.expect("edit of shop/settings.py:7: no").unwrap();
    p.expect("[a] all").unwrap();
    assert!(
        !sandbox.read("p/shop/settings.py").contains("environ.get"),
        "nothing is written before the last answer"
    );
    p.send("a").unwrap();
    p.expect("Prove it in a copy of the project first?")
        .unwrap();
    p.expect("no, write it now").unwrap();
    p.send("\r").unwrap();
    p.expect("files written").unwrap();
    p.send("\x1b").unwrap();
    p.expect(Eof).unwrap();
    let after = sandbox.read("p/shop/settings.py");
    assert_eq!(after.matches("environ.get").count(), 1, "{after}");
}
