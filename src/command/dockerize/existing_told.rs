//! What the plan says of Docker files that the project has already.

use super::existing;
use super::proposal::Proposal;
use super::questions::{BESIDE, KEEP, REPLACE, is_about_docker};
use crate::report::Report;
use crate::ui::{hang, visible};

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
    if is_about_docker(answers, KEEP) {
        said.push(format!(
            "Your Docker files stay as they are, and the template adds none: {there}"
        ));
        said.push(
            "So no image, compose.yaml, load balancer or .dockerignore of the template comes. `ixd-template upgrade --answer \
             docker_files=beside` adds them later, beside yours."
                .into(),
        );
    } else if is_about_docker(answers, BESIDE) {
        said.push(format!(
            "The template's Docker files stand beside yours, which stay as they are: {there}"
        ));
        said.push("`docker compose -f compose.ixc.yaml up -d haproxy` starts them, as a project of their own.".into());
        said.push(
            "To change over: `git rm` yours and commit, then `ixd-template upgrade --answer docker_files=replace`."
                .into(),
        );
    } else if is_about_docker(answers, REPLACE) {
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
    said.extend(super::taken::sentences(&proposal.taken, answers));
    said
}

fn joined(paths: &[&String]) -> String {
    let paths: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
    paths.join(", ")
}
