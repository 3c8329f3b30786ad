//! What a person is told of the Docker files that the project has, and of what becomes of them.

use super::existing::{self, BESIDE, KEEP, REPLACE};
use super::proposal::Proposal;
use crate::report::Report;
use crate::ui::{Ui, hang, visible};
use django_facts::{Containers, Findings, Weakness, WeaknessKind};

/// How many lines of one kind are shown; all of them stand in the JSON.
const MOST: usize = 4;

/// Says what there is, and what of it will not do; before anybody is asked.
pub(super) fn show(findings: &Findings, there: &[String], ui: &mut Ui) {
    if there.is_empty() {
        return;
    }
    let Containers {
        entrypoints,
        weaknesses,
        services,
    } = &findings.details.containers;
    let mut has = format!("The project has Docker files: {}", there.join(", "));
    if !entrypoints.is_empty() {
        has += "; its containers start with ";
        has += &entrypoints.join(", ");
    }
    ui.data(visible(&hang("", &has, "  ")).into_owned());
    if !services.is_empty() {
        let names: Vec<&str> = services
            .iter()
            .map(|service| service.name.as_str())
            .collect();
        let has = format!("They start, beside the site: {}", names.join(", "));
        ui.data(visible(&hang("", &has, "  ")).into_owned());
    }
    if !weaknesses.is_empty() {
        ui.data("What of them will not do for a site on several nodes:");
    }
    let mut kinds: Vec<WeaknessKind> = weaknesses.iter().map(|one| one.kind).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let all: Vec<&Weakness> = weaknesses.iter().filter(|one| one.kind == kind).collect();
        for one in all.iter().take(MOST) {
            let line = format!("  {:<28}  {}", one.place, sentence(one));
            ui.data(visible(&line).into_owned());
        }
        if all.len() > MOST {
            ui.data(format!("  and {} more of that kind", all.len() - MOST));
        }
    }
    ui.data("");
}

/// What is wrong, without a value of any variable.
pub(super) fn sentence(weakness: &Weakness) -> String {
    let name = &weakness.name;
    match weakness.kind {
        WeaknessKind::NoHealthCheck => {
            "no HEALTHCHECK: a site that hangs goes on getting requests".into()
        }
        WeaknessKind::Root => "the site runs as root".into(),
        WeaknessKind::DevelopmentServer => "runserver is a server for developers alone".into(),
        WeaknessKind::Secret => format!("the value of {name} is written down here"),
        WeaknessKind::DotenvFile => format!("{name} is copied into the image, with its secrets"),
        WeaknessKind::NoVersion => format!("{name} has no version: tomorrow it may be another"),
        WeaknessKind::NoStaticFiles => {
            "nothing runs collectstatic: production has no static files".into()
        }
        WeaknessKind::LocalVolume => {
            format!("{name} is a volume of one machine: other nodes do not see it")
        }
        WeaknessKind::MountedSources => {
            format!("{name} of the machine stands in the place of the image's files")
        }
        WeaknessKind::FileDatabase => {
            "the database is a file: each node, or each new container, has its own".into()
        }
    }
}

/// Says in the plan what becomes of them.
pub(super) fn tell(proposal: &Proposal, report: &mut Report) {
    for said in sentences(proposal) {
        report.data(visible(&hang("  ", &said, "    ")).into_owned());
    }
}

/// The sentences of the plan about it.
pub(super) fn sentences(proposal: &Proposal) -> Vec<String> {
    let there = proposal.steps.docker_there.join(", ");
    let answers = &proposal.answers;
    let mut said = Vec::new();
    if existing::is(answers, KEEP) {
        said.push(format!(
            "Your Docker files stay as they are, and the template adds none: {there}"
        ));
        said.push(
            "So no image, compose.yaml, load balancer or .dockerignore of the template comes. `ixd-template upgrade --answer \
             docker_files=beside` adds them later, beside yours."
                .into(),
        );
    } else if existing::is(answers, BESIDE) {
        said.push(format!(
            "The template's Docker files stand beside yours, which stay as they are: {there}"
        ));
        said.push("`docker compose -f compose.ixc.yaml up -d haproxy` starts them, as a project of their own.".into());
        said.push(
            "To change over: `git rm` yours and commit, then `ixd-template upgrade --answer docker_files=replace`."
                .into(),
        );
    } else if existing::is(answers, REPLACE) {
        let gone = existing::removed(&proposal.proposed);
        let is_gone = |path: &&String| gone.contains(&path.as_str());
        let (gone, left): (Vec<&String>, Vec<&String>) = proposal
            .steps
            .docker_there
            .iter()
            .filter(|path| !existing::TEMPLATE.contains(&path.as_str()))
            .partition(is_gone);
        if !gone.is_empty() {
            said.push(format!("Removed, as git has them: {}", joined(&gone)));
        }
        if !left.is_empty() {
            said.push(format!(
                "These stay, and nothing of the template uses them: {}",
                joined(&left)
            ));
        }
    }
    said.extend(super::taken::sentences(proposal));
    said
}

fn joined(paths: &[&String]) -> String {
    let paths: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
    paths.join(", ")
}
