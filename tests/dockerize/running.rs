//! What is written runs as it is: the files that a shell or a server reads at every start.

use super::project::{commit, dockerize, modern};

/// What our own files say is no reason for a warning of our own, which would stand above every command of every day.
#[test]
fn a_start_warns_of_nothing_that_was_just_written() {
    for mode in ["wrap", "bypass"] {
        let sandbox = modern();
        commit(&sandbox);
        let answer = format!("--answer=mode={mode}");
        let flags = [
            "--defaults",
            "--yes",
            &answer,
            "--answer=static_server=whitenoise",
        ];
        let ran = dockerize(&sandbox, &flags);
        assert_eq!(ran.code, 0, "{ran}");
        for (given, serves) in [(None, "1"), (Some(""), ""), (Some("2"), "2")] {
            let mut start = sandbox.command("bash");
            start
                .current_dir(sandbox.path("p"))
                .env("PROJECT_DIR", sandbox.path("p"))
                .env("DOTENV", "develop")
                .args(["ixc_django_docker/bin/entrypoint.sh", "printenv"])
                .arg("SERVE_STATIC");
            if let Some(given) = given {
                start.env("SERVE_STATIC", given);
            }
            let ran = sandbox.ran(start.output().unwrap());
            assert_eq!(
                (ran.stdout.trim(), ran.stderr.trim()),
                (serves, ""),
                "{ran}"
            );
        }
    }
}
