//! The wizard from end to end, typed on a real pseudo-terminal.

use std::time::Duration;

use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

use super::outside;
use super::project::{DOCKERIZE, commit, modern, settings};
use crate::cli::sandbox::Sandbox;

const DOWN: &str = "\x1b[B";

fn start(sandbox: &Sandbox) -> OsSession {
    start_with(sandbox, &[])
}

fn start_with(sandbox: &Sandbox, flags: &[&str]) -> OsSession {
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .env("PATH", outside::path(sandbox))
        .args(DOCKERIZE)
        .args(flags);
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session
}

/// Takes the mode that is proposed, up to the choice of steps.
fn to_the_steps(p: &mut OsSession) {
    p.expect("How shall the project use the template?").unwrap();
    p.expect("bypass").unwrap();
    p.send("\r").unwrap();
    p.expect("Which steps?").unwrap();
    p.expect("lock the requirements").unwrap();
}

/// Has it written without a proof.
fn write_unproven(p: &mut OsSession) {
    p.expect("Prove it in a copy of the project first?")
        .unwrap();
    p.expect("no, write it now").unwrap();
    p.send("\r").unwrap();
}

/// Takes all that is proposed, until the files are written.
fn take_all(p: &mut OsSession) {
    to_the_steps(p);
    p.send("\r").unwrap();
    p.expect("[a] all").unwrap();
    p.send("a").unwrap();
    write_unproven(p);
}

fn uncertain() -> Sandbox {
    let sandbox = modern();
    sandbox.write(
        "p/shop/settings.py",
        settings("x", "").replace("\"django.db.backends.x\"", "ENGINE"),
    );
    commit(&sandbox);
    sandbox
}

#[test]
fn from_the_findings_to_the_files() {
    let sandbox = uncertain();
    outside::program(&sandbox, "pg_dump", "echo \"-- $PGDATABASE\"");
    let mut p = start(&sandbox);
    p.expect("What p is:").unwrap();
    p.expect("shop.settings").unwrap();
    p.expect("manage.py:4").unwrap();
    // Only what is uncertain is asked: the database.
    p.expect("database: see shop/settings.py:5").unwrap();
    p.expect("postgis").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("database: postgresql").unwrap();
    p.expect("How shall the project use the template?").unwrap();
    p.expect("bypass").unwrap();
    p.send("\r").unwrap();
    p.expect("mode: wrap").unwrap();
    p.expect("Which steps?").unwrap();
    p.expect("lock the requirements").unwrap();
    // Those that make sense for the project; the first one is declined.
    p.expect("dump the database").unwrap();
    p.send(" \r").unwrap();
    p.expect("steps: docker, secrets, lock, data").unwrap();
    p.expect("mode wrap: the wrapper's settings include the project's")
        .unwrap();
    p.expect("[a] all").unwrap();
    p.send("d").unwrap();
    p.expect("go.sh: new").unwrap();
    p.expect("[a] all").unwrap();
    assert!(
        !sandbox.exists("p/go.sh"),
        "nothing is written before the last answer"
    );
    p.send("a").unwrap();
    write_unproven(&mut p);
    p.expect("files written").unwrap();
    p.expect("pg_dump --no-owner").unwrap();
    p.expect("Run it now?").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("Name of the database to copy").unwrap();
    p.send("live\r").unwrap();
    p.expect("initial_data.sql has 0.0 MB").unwrap();
    p.expect("Next:").unwrap();
    p.expect("ixd-template undo").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.read("p/initial_data.sql"), "-- live\n");
    assert!(sandbox.exists("p/go.sh"));
    assert!(!sandbox.exists("p/requirements.in"), "it was declined");
    assert!(sandbox.read("p/compose.yaml").contains("image: postgres:"));
    assert!(
        sandbox
            .read("p/.ixd-template.yml")
            .contains("database: postgresql")
    );
}

#[test]
fn escape_writes_nothing() {
    let sandbox = uncertain();
    let before = sandbox.tree("p");
    let mut p = start(&sandbox);
    p.expect("database: see").unwrap();
    p.expect("postgis").unwrap();
    p.send("\x1b").unwrap();
    p.expect("cancelled; nothing was written").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.tree("p"), before);
}

#[test]
fn another_program_runs_when_a_person_says_so() {
    let sandbox = modern();
    outside::program(
        &sandbox,
        "uv",
        "echo django==4.2.11 >requirements.txt; echo resolved >&2",
    );
    commit(&sandbox);
    let mut p = start(&sandbox);
    take_all(&mut p);
    p.expect("uv pip compile --quiet").unwrap();
    p.expect("Run it now?").unwrap();
    p.expect("run it").unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("resolved").unwrap();
    p.expect("requirements.txt is locked").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.read("p/requirements.txt"), "django==4.2.11\n");
}

#[test]
fn escape_at_another_program_keeps_what_is_written() {
    let sandbox = modern();
    outside::program(&sandbox, "uv", "touch ran");
    commit(&sandbox);
    let mut p = start(&sandbox);
    take_all(&mut p);
    p.expect("Run it now?").unwrap();
    p.expect("run it").unwrap();
    p.send("\x1b").unwrap();
    p.expect("the files are written, and no other step is run")
        .unwrap();
    p.expect("Next:").unwrap();
    p.expect(Eof).unwrap();
    assert!(sandbox.exists("p/go.sh") && !sandbox.exists("p/ran"));
}

#[test]
fn an_edited_manage_py_is_not_removed() {
    let sandbox = modern();
    commit(&sandbox);
    let edited = sandbox.read("p/manage.py") + "# edited\n";
    sandbox.write("p/manage.py", &edited);
    let mut p = start(&sandbox);
    to_the_steps(&mut p);
    p.send(format!("{DOWN}{DOWN}{DOWN} \r")).unwrap();
    p.expect("removed").unwrap();
    p.expect("uncommitted changes").unwrap();
    p.expect(Eof).unwrap();
    assert_eq!(sandbox.read("p/manage.py"), edited);
    assert!(!sandbox.exists("p/go.sh"));
}

#[test]
fn what_names_nothing_is_asked_again() {
    let sandbox = super::told::two();
    commit(&sandbox);
    let mut p = start(&sandbox);
    p.expect("Which file is the project's manage.py").unwrap();
    p.send("c/manage.py\r").unwrap();
    p.expect("is not a valid answer to `manage_py`").unwrap();
    p.expect("Which file is the project's manage.py").unwrap();
    p.send("b/manage.py\r").unwrap();
    p.expect("so settings_module is till.settings").unwrap();
    p.expect("so database is mysql").unwrap();
    p.expect("How shall the project use the template?").unwrap();
    p.send("\x1b").unwrap();
    p.expect("cancelled; nothing was written").unwrap();
    p.expect(Eof).unwrap();
}

#[test]
fn what_does_not_hold_is_written_only_if_somebody_says_so() {
    let json: &[&str] = &["--json"];
    for (flags, keys, code, is_written) in [
        (&[][..], "\r", 5, false),
        (&[], "\x1b[B\r", 0, true),
        (json, "\r", 5, false),
    ] {
        let sandbox = modern();
        commit(&sandbox);
        outside::program(
            &sandbox,
            "docker",
            "case \"$*\" in version*) echo 99.1 ;; *config*) exit 1 ;; esac",
        );
        let mut p = start_with(&sandbox, flags);
        to_the_steps(&mut p);
        p.send("\r").unwrap();
        p.expect("[a] all").unwrap();
        p.send("a").unwrap();
        p.expect("Prove it in a copy of the project first?")
            .unwrap();
        p.expect("no, write it now").unwrap();
        p.send(format!("{DOWN}\r")).unwrap();
        p.expect("compose.yaml cannot be read").unwrap();
        p.expect("It does not hold. Write it all the same?")
            .unwrap();
        p.expect("yes, write it").unwrap();
        p.send(keys).unwrap();
        if flags == json {
            p.expect("\"status\": \"unproven\"").unwrap();
        }
        p.expect(if is_written {
            "files written"
        } else {
            "nothing was written"
        })
        .unwrap();
        p.expect(Eof).unwrap();
        let status = p.get_process_mut().wait().unwrap();
        assert!(format!("{status:?}").contains(&format!(", {code})")));
        assert_eq!(sandbox.exists("p/go.sh"), is_written);
    }
}

/// Whoever has Docker files is shown what they lack, and asked; the step of that name is none of the list any more.
#[test]
fn docker_files_that_are_there_are_a_question_of_their_own() {
    let sandbox = super::existing::own();
    let mut p = start(&sandbox);
    p.expect("How shall the project use the template?").unwrap();
    p.expect("bypass").unwrap();
    p.send("\r").unwrap();
    p.expect("The project has Docker files: Dockerfile, docker-compose.yml")
        .unwrap();
    p.expect("the site runs as root").unwrap();
    p.expect("What shall become of them?").unwrap();
    p.expect("replace yours, of which git has a copy: Dockerfile, docker-compose.yml")
        .unwrap();
    p.send(format!("{DOWN}\r")).unwrap();
    p.expect("docker_files: beside").unwrap();
    p.expect("Which steps?").unwrap();
    p.expect("lock the requirements").unwrap();
    p.send("\r").unwrap();
    p.expect("steps: requirements, docker, secrets, lock")
        .unwrap();
    p.expect("Which of your services").unwrap();
    p.expect("minio").unwrap();
    p.send(" \r").unwrap();
    p.expect("own_services: minio").unwrap();
    p.expect("[a] all").unwrap();
    p.send("a").unwrap();
    write_unproven(&mut p);
    p.expect("files written").unwrap();
    p.expect("Next:").unwrap();
    p.expect(Eof).unwrap();
    let compose = sandbox.read("p/compose.ixc.yaml");
    assert!(
        compose.contains("minio:") && !compose.contains("mailhog"),
        "{compose}"
    );
    let state = sandbox.read("p/.ixd-template.yml");
    assert!(
        state.contains("docker_files: beside") && state.contains("docker: true"),
        "{state}"
    );
}

#[test]
fn an_answer_is_checked_when_it_is_given_and_none_is_lost() {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/runtime.txt")).unwrap();
    commit(&sandbox);
    let mut p = start(&sandbox);
    for nonsense in ["?", "3", "3.99"] {
        p.expect("to choose from: any Python").unwrap();
        p.expect("Python of the image").unwrap();
        p.send(format!("{nonsense}\r")).unwrap();
        p.expect("is not a valid answer to `image_python`").unwrap();
    }
    p.expect("Python of the image").unwrap();
    p.send("3.11\r").unwrap();
    p.expect("How shall the project use the template?").unwrap();
    p.send("\x1b").unwrap();
    p.expect("Your answers, for another run:").unwrap();
    p.expect("--answer image_python=3.11").unwrap();
    p.expect("cancelled; nothing was written").unwrap();
    p.expect(Eof).unwrap();
}
