//! Projects that were there before the template: what it has not for them, and what answers bring along.

use crate::ask::Given;
use crate::error::{Error, Result};
use crate::fs::Entry;
use crate::template::{Answer, Answers, Kind, Manifest};
use crate::tree::TreePath;
use crate::workplace::Workplace;

/// The question whose answer says that a project was there before.
const MODE: &str = "mode";
const DOCKER: &str = "docker";
const DEPLOYMENT: &str = "deployment";
const DOCKER_FILES: &str = "docker_files";

/// What stands in the place of the template's files, or is read by `docker compose` in their place or on top of them.
pub(super) const OWN_FILES: [&str; 9] = [
    "Dockerfile",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yaml",
    "docker-compose.override.yml",
];

/// Questions of projects that `new` makes, and why they mean nothing for older ones.
const OF_NEW: [(&str, &str); 5] = [
    (
        "features",
        "is for projects that `new` made: this one has its features in its own settings and requirements",
    ),
    (
        DEPLOYMENT,
        "is for projects that `new` made: for this one there are the image and compose.yaml, and no files of Swarm or Kubernetes",
    ),
    (
        "nginx",
        "is for projects that `new` made: the image of this one is served by gunicorn or its ASGI server, behind haproxy",
    ),
    (
        "ci",
        "is for projects that `new` made: this one keeps the checks that it has",
    ),
    (
        "pre_commit",
        "is for projects that `new` made: this one keeps the checks that it has",
    ),
];

/// Refuses answers that a project like this would get nothing for.
///
/// # Errors
/// [`Error::Answer`] for the first of them that says more than `recorded` does.
pub(super) fn refuse(given: &Given, recorded: &Answers, manifest: &Manifest) -> Result<()> {
    for (name, message) in OF_NEW {
        let Some(question) = manifest.question(name).filter(|_| given.has(name)) else {
            continue;
        };
        let (answer, is_wanted) = match question.kind {
            Kind::Bool => (Answer::Bool(given.is_yes(name)), given.is_yes(name)),
            Kind::Choices => {
                let list = given.list(name);
                let is_wanted = !list.is_empty();
                (Answer::List(list), is_wanted)
            }
            _ => {
                let text = given.text(name).unwrap_or_default();
                let is_wanted = text != "none";
                (Answer::Text(text), is_wanted)
            }
        };
        if is_wanted && recorded.get(name) != Some(&answer) {
            return Err(Error::Answer {
                name: name.into(),
                value: answer.to_string(),
                message: message.into(),
            });
        }
    }
    Ok(())
}

/// Refuses to put the template's Docker files where the project's own stand: an upgrade would only mix the two.
///
/// # Errors
/// [`Error::Answer`], with what to do first.
pub(super) fn refuse_two(given: &Given, recorded: &Answers, place: &Workplace) -> Result<()> {
    let replaces = |text: Option<String>| text.as_deref() == Some("replace");
    let was = recorded.get(DOCKER_FILES);
    let was_kept = matches!(was, Some(Answer::Text(was)) if was == "keep" || was == "beside");
    if !was_kept || !replaces(given.text(DOCKER_FILES)) {
        return Ok(());
    }
    let mut own = Vec::new();
    for name in OWN_FILES {
        let path = TreePath::new(name).map_err(|reason| Error::Path {
            path: name.into(),
            reason,
        })?;
        if place.entry(&path)? != Entry::Missing {
            own.push(name);
        }
    }
    if own.is_empty() {
        return Ok(());
    }
    Err(Error::Answer {
        name: DOCKER_FILES.into(),
        value: "replace".into(),
        message: format!(
            "your own files are still there; take them out and commit first: git rm {}",
            own.join(" ")
        ),
    })
}

/// Completes what was given for the upgrade of a project that was there before: whoever says what becomes of its Docker files
/// has said whether the template has any.
pub(super) fn complete(given: &mut Given) {
    let Some(choice) = given.text(DOCKER_FILES).filter(|text| !text.is_empty()) else {
        return;
    };
    given.suggest(DOCKER, Answer::Bool(choice != "keep"));
    given.suggest(DEPLOYMENT, Answer::List(Vec::new()));
}

/// Whether a project was there before.
pub(super) fn is_older(recorded: &Answers) -> bool {
    recorded.get(MODE).is_some()
}
