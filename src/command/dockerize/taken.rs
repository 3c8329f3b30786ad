//! Services of the project's own compose files that the template's compose file takes over.
//!
//! Their lines are put into the file as they are, so that they are the project's from then on: an upgrade merges around them
//! as around any other edit.

use super::questions::{BESIDE, DOCKER, OWN_SERVICES, is_about_docker};
use crate::ask::Given;
use crate::error::{Error, Result};
use crate::git::Git;
use crate::template::{Answer, Answers};
use crate::tree::{File, Tree, TreePath};
use crate::ui::Ui;
use django_facts::{Findings, OwnService};

/// What stands for no service.
const NONE: &str = "none";

/// A service, and why it is not taken over.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) why: &'static str,
}

/// What is taken over, and what is not though it was wanted.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) services: Vec<OwnService>,
    pub(super) left: Vec<Left>,
}

/// Asks which services are taken over, where the template has a compose file: all that can be, unless somebody says otherwise.
///
/// # Errors
/// Where an answer names a service that is not there.
pub(super) fn choose(
    given: &mut Given,
    findings: &Findings,
    git: Option<&Git>,
    may_ask: bool,
    ui: &mut Ui,
) -> Result<Taken> {
    let mut taken = Taken::default();
    let found = &findings.details.containers.services;
    let named = given.list(OWN_SERVICES);
    let is_none = named.iter().any(|name| name == NONE);
    if let Some(unknown) = named
        .iter()
        .find(|name| *name != NONE && !found.iter().any(|service| service.name == **name))
    {
        let known: Vec<&str> = found.iter().map(|service| service.name.as_str()).collect();
        return Err(Error::Answer {
            name: OWN_SERVICES.into(),
            value: unknown.clone(),
            message: format!(
                "no compose file of the project has a service of that name that can be taken over; there is {}",
                if known.is_empty() {
                    NONE.into()
                } else {
                    known.join(", ")
                }
            ),
        });
    }
    if !given.is_yes(DOCKER) || found.is_empty() || is_none {
        return Ok(taken);
    }
    let mut can: Vec<&OwnService> = Vec::new();
    for service in found {
        match why_not(service, git)? {
            None => can.push(service),
            Some(why) => taken.left.push(Left {
                name: service.name.clone(),
                place: service.place.clone(),
                why,
            }),
        }
    }
    if !named.is_empty() {
        can.retain(|service| named.contains(&service.name));
        taken.left.retain(|left| named.contains(&left.name));
    } else if may_ask && !can.is_empty() {
        let items: Vec<(String, bool)> = can
            .iter()
            .map(|service| (format!("{} ({})", service.name, service.place), true))
            .collect();
        let prompt = "Which of your services shall the template's compose file start too?";
        let chosen = ui.prompt.choose(prompt, &items)?;
        can = chosen
            .iter()
            .filter_map(|index| can.get(*index))
            .copied()
            .collect();
    }
    let chosen: Vec<&str> = can.iter().map(|service| service.name.as_str()).collect();
    let answer = match &chosen[..] {
        [] => NONE.to_owned(),
        chosen => chosen.join(","),
    };
    if may_ask {
        ui.say(format!("  {OWN_SERVICES}: {answer}"));
        given.said.push((OWN_SERVICES, answer.clone()));
    }
    given.suggest(OWN_SERVICES, Answer::Text(answer));
    taken.services = can.into_iter().cloned().collect();
    Ok(taken)
}

fn why_not(service: &OwnService, git: Option<&Git>) -> Result<Option<&'static str>> {
    if service.why_not.is_some() {
        return Ok(service.why_not);
    }
    let file = service.place.rsplit_once(':').map_or("", |(file, _)| file);
    let (Some(git), Ok(path)) = (git, TreePath::new(file)) else {
        return Ok(None);
    };
    // What git was never shown may hold what it never should be.
    let is_unknown = !git.untracked(std::iter::once(&path))?.is_empty();
    Ok(is_unknown.then_some("git does not have its file"))
}

/// The compose file of the template.
pub(super) fn compose_file(answers: &Answers) -> &'static str {
    if is_about_docker(answers, BESIDE) {
        "compose.ixc.yaml"
    } else {
        "compose.yaml"
    }
}

/// Puts the services into the compose file among `tree`; what clashes with a name of the template is left.
pub(super) fn add(tree: &mut Tree, answers: &Answers, taken: &mut Taken) {
    let path = compose_file(answers);
    let Some((path, file)) = tree.get_key_value(path) else {
        return;
    };
    let (path, mut text) = (
        path.clone(),
        String::from_utf8_lossy(&file.raw()).into_owned(),
    );
    let mut services = Vec::new();
    for service in std::mem::take(&mut taken.services) {
        let names = service.volumes.iter().map(|(name, _)| name);
        let is_known = |name: &String| text.lines().any(|line| line == format!("  {name}:"));
        if std::iter::once(&service.name).chain(names).any(is_known) {
            taken.left.push(Left {
                name: service.name,
                place: service.place,
                why: "the template's file has something of that name",
            });
            continue;
        }
        services.push(service);
    }
    for service in &services {
        text = with(&text, service);
    }
    taken.services = services;
    let made = File {
        executable: file.executable,
        ..File::new(text.into_bytes())
    };
    tree.insert(path, made);
}

/// The text of a compose file with one service more.
fn with(text: &str, service: &OwnService) -> String {
    const FIRST: &str = "    prepare: {condition: service_completed_successfully}\n";
    let place = service.place.rsplit_once(':');
    let file = place.map_or(service.place.as_str(), |(file, _)| file);
    let block = format!(
        "  # Taken over from {file}.\n{}\n\n",
        service.lines.join("\n")
    );
    let (mut before, mut after) = match text.rsplit_once("\nvolumes:\n") {
        Some((before, after)) => (format!("{before}\n"), format!("volumes:\n{after}")),
        None => (format!("{text}\n"), String::new()),
    };
    before += &block;
    if !service.has_profile && !service.looks_on {
        let name = &service.name;
        let line = format!("{FIRST}    {name}: {{condition: service_started}}\n");
        before = before.replacen(FIRST, &line, 1);
    }
    if after.is_empty() && !service.volumes.is_empty() {
        after = "volumes:\n".into();
    }
    for (_, lines) in &service.volumes {
        let lines = lines.join("\n") + "\n";
        if !after.contains(&lines) {
            after += &lines;
        }
    }
    before + &after
}

/// What the plan says of it.
pub(super) fn sentences(taken: &Taken, answers: &Answers) -> Vec<String> {
    let file = compose_file(answers);
    let mut said = Vec::new();
    for service in &taken.services {
        let without = if service.without.is_empty() {
            String::new()
        } else {
            format!(", without {}", service.without.join(" and "))
        };
        let (name, place) = (&service.name, &service.place);
        let apart = if service.looks_on && !service.has_profile {
            format!(": `docker compose up -d {name}` starts it, the site does not need it")
        } else {
            String::new()
        };
        said.push(format!(
            "{file} takes over your service {name} ({place}){without}{apart}."
        ));
    }
    for left in &taken.left {
        said.push(format!(
            "Your service {} ({}) is not taken over: {}.",
            left.name, left.place, left.why
        ));
    }
    said
}
