//! A file that is not what its name says is named, and nothing is certain that it may overrule.

use super::project::{Project, shown};

const CONFLICT: &str =
    "[project]\nrequires-python = \">=3.8\"\n<<<<<<< HEAD\ndependencies = [\"Django>=3\"]\n";

#[test]
fn a_manifest_alone() {
    let report = Project::new(&[("pyproject.toml", CONFLICT)]).report();
    assert_eq!(
        shown(&report, "unreadable"),
        "[\"pyproject.toml\"] (high) pyproject.toml:3"
    );
    assert_eq!(
        shown(&report, "python.version"),
        "null (low) pyproject.toml:3"
    );
    assert_eq!(shown(&report, "django.spec"), "null (low) pyproject.toml:3");
    assert_eq!(
        shown(&report, "requirements.main"),
        "null (low) pyproject.toml:3"
    );
    assert_eq!(report["verdict"], "ask");
}

#[test]
fn a_manifest_beside_another() {
    let project = Project::new(&[
        ("requirements.txt", "Django==4.2.1\n"),
        (".travis.yml", "python: 3.11\n"),
        ("Pipfile", "[packages\ndjango = \"*\"\n"),
    ]);
    let report = project.report();
    assert_eq!(
        shown(&report, "requirements.main"),
        "requirements.txt (low) requirements.txt Pipfile:1"
    );
    assert_eq!(
        shown(&report, "django.spec"),
        "==4.2.1 (low) requirements.txt:1 Pipfile:1"
    );
    assert_eq!(
        shown(&report, "python.version"),
        "3.11 (low) .travis.yml:1 Pipfile:1"
    );
    // What an image is built from is what runs.
    project.write(
        "Dockerfile",
        "FROM python:3.12\nRUN pip install -r requirements.txt\n",
    );
    let report = project.report();
    assert_eq!(
        shown(&report, "requirements.main"),
        "requirements.txt (high) requirements.txt"
    );
    assert_eq!(
        shown(&report, "django.spec"),
        "==4.2.1 (high) requirements.txt:1"
    );
}

#[test]
fn a_lock() {
    for (name, text, line) in [
        (
            "poetry.lock",
            "[[package]]\nname = \"django\"\n=======\n",
            3,
        ),
        ("Pipfile.lock", "{\"default\": {\n", 2),
    ] {
        let project = Project::new(&[
            ("requirements.txt", "Django==4.2.1\n"),
            (".python-version", "3.11\n"),
            (name, text),
        ]);
        let report = project.report();
        assert_eq!(
            shown(&report, "unreadable"),
            format!("[\"{name}\"] (high) {name}:{line}")
        );
        assert_eq!(
            shown(&report, "django.spec"),
            format!("==4.2.1 (medium) requirements.txt:1 {name}:{line}")
        );
        assert_eq!(report["verdict"], "ok");
    }
}

#[test]
fn a_lock_that_is_longer_than_what_is_read() {
    let package = "[[package]]\nname = \"aaaaaaaa\"\nversion = \"1\"\n\n";
    let many = package.repeat((2 << 20) / package.len() + 2);
    let lock = format!("[[package]]\nname = \"django\"\nversion = \"4.2.9\"\n\n{many}");
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"^4.2\"\n",
        ),
        ("poetry.lock", &lock),
    ]);
    let report = project.report();
    assert_eq!(
        shown(&report, "django.spec"),
        "==4.2.9 (high) poetry.lock:2"
    );
    assert!(report.get("unreadable").is_none());
}
