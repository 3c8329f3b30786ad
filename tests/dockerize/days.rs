//! Packages of the day of the last commit are offered where the newest ones may not fit.

use super::project::{commit, dockerize, modern};
use crate::cli::sandbox::Sandbox;

/// A project whose last commit is of the first of May 2023, in the middle of the day.
fn from_2023(python: &str) -> Sandbox {
    let sandbox = modern();
    sandbox.write("p/runtime.txt", format!("python-{python}\n"));
    commit(&sandbox);
    let day = "2023-05-01T12:00:00+0000";
    sandbox.git(
        "p",
        &[
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "commit",
            "-q",
            "--amend",
            "--no-edit",
            "--date",
            day,
        ],
    );
    // The day of the committer, which no option of git sets.
    let commit = sandbox.git("p", &["cat-file", "commit", "HEAD"]);
    let lines = commit.lines().map(|line| match line.rsplit_once("> ") {
        Some((who, _)) if line.starts_with("committer ") => format!("{who}> 1682942400 +0000"),
        _ => line.to_owned(),
    });
    sandbox.write("commit", lines.collect::<Vec<_>>().join("\n") + "\n");
    let id = sandbox.git("p", &["hash-object", "-t", "commit", "-w", "../commit"]);
    sandbox.git("p", &["reset", "-q", "--hard", id.trim()]);
    sandbox
}

#[test]
fn packages_of_the_last_commits_day_are_offered_where_nothing_pins_them_all() {
    let offer = "`--answer packages_until=2023-05-01` takes them as they were that day";
    let shown = |sandbox: &Sandbox| {
        let ran = dockerize(sandbox, &["--dry-run"]);
        assert_eq!(ran.code, 0, "{ran}");
        ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let sandbox = from_2023("3.11.4");
    let said = shown(&sandbox);
    assert!(said.contains("The last commit is of 2023-05-01"), "{said}");
    assert!(said.contains(offer), "{said}");
    // No pip of such a Python can be told a day.
    assert!(!shown(&from_2023("3.8.4")).contains("packages_until"));
    // Whoever commits now has today's packages in mind.
    sandbox.git("p", &["commit", "-q", "--allow-empty", "-m", "now"]);
    assert!(!shown(&sandbox).contains("packages_until"));
    let locked = from_2023("3.11.4");
    locked.write("p/requirements.txt", "Django==4.2.11 --hash=sha256:00\n");
    assert!(!shown(&locked).contains("packages_until"));
}

#[test]
fn the_image_and_the_scripts_take_packages_of_the_day_that_is_answered() {
    let sandbox = from_2023("3.11.4");
    let ran = dockerize(
        &sandbox,
        &["--yes", "--answer", "packages_until=2023-05-01"],
    );
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        sandbox
            .read("p/.env.base")
            .contains("\nPACKAGES_UNTIL=\"2023-05-01\"\n")
    );
    let image = sandbox.read("p/Dockerfile");
    assert!(
        image.contains("PACKAGES_UNTIL=2023-05-01 PIP_NO_CACHE_DIR=1 pip-install.sh --system"),
        "{image}"
    );
    assert!(ran.stderr.contains("--exclude-newer 2023-05-01"), "{ran}");
    let ran = dockerize(
        &from_2023("3.11.4"),
        &["--yes", "--answer", "packages_until=yesterday"],
    );
    assert_eq!(ran.code, 2, "{ran}");
}
