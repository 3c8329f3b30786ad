//! Docker files that the project has already: kept, the template's put beside them, or replaced.

use super::edits;
use super::questions::{BESIDE, DOCKER, DOCKER_FILES, KEEP, REPLACE, is_about_docker};
use crate::ask::Given;
use crate::change::Proposed;
use crate::command::older::OWN_FILES;
use crate::error::{Error, Result};
use crate::fs::Entry;
use crate::plan::{Edit, Plan, Verdict};
use crate::review::OnConflict;
use crate::template::{Answer, Answers};
use crate::tree::{File, TreePath};
use crate::ui::Ui;
use crate::workplace::Workplace;
use django_facts::Findings;

/// What the template writes for Docker, where nothing else of that name is there.
pub(super) const TEMPLATE: [&str; 2] = ["Dockerfile", "compose.yaml"];

/// The Docker files that are for the whole project, to go by their places.
pub(super) fn there(findings: &Findings) -> Vec<String> {
    let found = findings.existing_docker.list().iter();
    let found = found.filter(|path| is_for_the_project(path));
    found.cloned().collect()
}

/// At the top, or in a folder made for such files.
fn is_for_the_project(path: &str) -> bool {
    match path.split_once('/') {
        None => path != ".dockerignore",
        Some((folder, _)) => {
            let folder = folder.trim_start_matches('.').to_ascii_lowercase();
            folder != "devcontainer"
                && ["docker", "compose", "container", "deploy"]
                    .iter()
                    .any(|word| folder.contains(word))
        }
    }
}

/// What a run says of them beside the answers.
pub(super) struct Asked {
    /// The step is left out.
    pub(super) is_skipped: bool,
    pub(super) on_conflict: Option<OnConflict>,
    pub(super) may_ask: bool,
}

/// Answers what becomes of the files that are `there`, and with it whether the template has any.
///
/// # Errors
/// Where answers contradict each other, and where files are to be replaced of which git has no copy.
pub(super) fn choose(
    given: &mut Given,
    there: &[String],
    asked: &Asked,
    place: &Workplace,
    ui: &mut Ui,
) -> Result<()> {
    let text = given.text(DOCKER_FILES).unwrap_or_default();
    let is_declined = asked.is_skipped || given.has(DOCKER) && !given.is_yes(DOCKER);
    let choice = match text.as_str() {
        "" if there.is_empty() => return Ok(()),
        "" if is_declined => KEEP,
        "" if given.is_yes(DOCKER) => match asked.on_conflict {
            // Whoever asks for the template's files gets them under their own names, where these are free.
            Some(OnConflict::Theirs) => return Ok(()),
            _ if !TEMPLATE
                .iter()
                .any(|path| there.iter().any(|own| own == path)) =>
            {
                return Ok(());
            }
            _ => BESIDE,
        },
        "" if asked.may_ask => {
            let choice = ask(place, ui)?;
            given.said.push((DOCKER_FILES, choice.to_owned()));
            choice
        }
        "" => KEEP,
        KEEP if given.is_yes(DOCKER) => return Err(contradiction(KEEP, "docker=true")),
        KEEP => KEEP,
        other if is_declined => return Err(contradiction(other, "without the step `docker`")),
        BESIDE => BESIDE,
        _ => REPLACE,
    };
    if choice == REPLACE {
        refuse_unkept(place)?;
    }
    given.suggest(DOCKER_FILES, Answer::Text(choice.into()));
    given.suggest(DOCKER, Answer::Bool(choice != KEEP));
    Ok(())
}

fn contradiction(choice: &str, other: &str) -> Error {
    Error::Usage(format!(
        "`docker_files={choice}` and `{other}` contradict each other"
    ))
}

fn ask(place: &Workplace, ui: &mut Ui) -> Result<&'static str> {
    let mut choices = vec![
        (
            KEEP,
            "keep yours: the template adds no Docker files".to_owned(),
        ),
        (
            BESIDE,
            "put the template's beside them: Dockerfile.ixc, compose.ixc.yaml".to_owned(),
        ),
    ];
    match refuse_unkept(place) {
        Ok(()) => choices.push((
            REPLACE,
            format!(
                "replace yours, of which git has a copy: {}",
                names(&in_the_place(place)?)
            ),
        )),
        Err(error) => ui.say(format!("  They cannot be replaced: {error}")),
    }
    let items: Vec<String> = choices.iter().map(|(_, label)| label.clone()).collect();
    let prompt = "The project has Docker files. What shall become of them?";
    let index = ui.prompt.select(prompt, &items, 0)?;
    let choice = choices.get(index).map_or(KEEP, |(choice, _)| choice);
    ui.say(format!("  docker_files: {choice}"));
    Ok(choice)
}

/// An error where a file that would be replaced is not in git as it is.
fn refuse_unkept(place: &Workplace) -> Result<()> {
    for (path, _) in in_the_place(place)? {
        if let Err(why) = edits::clean(place, path.as_str())? {
            return Err(Error::Answer {
                name: DOCKER_FILES.into(),
                value: REPLACE.into(),
                message: format!("`{path}` would be replaced, and {why}"),
            });
        }
    }
    Ok(())
}

/// The project's files that the template's would stand in the place of.
fn in_the_place(place: &Workplace) -> Result<Vec<(TreePath, File)>> {
    let mut found = Vec::new();
    for name in OWN_FILES {
        let Ok(path) = TreePath::new(name) else {
            continue;
        };
        if let Entry::File(file) = place.entry(&path)? {
            found.push((path, file));
        }
    }
    Ok(found)
}

fn names(files: &[(TreePath, File)]) -> String {
    let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    names.join(", ")
}

/// The files that are removed.
pub(super) fn removed(proposed: &Proposed) -> Vec<&str> {
    let edits = proposed.extra.iter().filter(|edit| edit.after.is_none());
    edits.map(|edit| edit.path.as_str()).collect()
}

/// Lets the template's files take the place of the project's, where that was said; returns the removals of the others that
/// `docker compose` would read.
pub(super) fn replaced(plan: &mut Plan, answers: &Answers, place: &Workplace) -> Result<Vec<Edit>> {
    if !is_about_docker(answers, REPLACE) {
        return Ok(Vec::new());
    }
    for change in &mut plan.changes {
        let is_in_place = TEMPLATE.contains(&change.path.as_str()) && change.ours.is_some();
        if is_in_place && matches!(change.verdict, Verdict::Conflict(_)) {
            change.verdict = Verdict::Take;
        }
    }
    let others = in_the_place(place)?.into_iter();
    let others = others.filter(|(path, _)| !TEMPLATE.contains(&path.as_str()));
    Ok(others
        .map(|(path, file)| Edit {
            path,
            before: Some(file),
            after: None,
            like: None,
        })
        .collect())
}
