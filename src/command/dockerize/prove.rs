//! What is decided is tried in a copy before it is written, where somebody asks for that.

use super::proposal::Proposal;
use super::questions::{DOCKER, MODE, PYTHON_PATH, SETTINGS_TEST, SITE_DOMAIN};
use super::{DockerizeArgs, report as json};
use crate::apply::Interrupt;
use crate::change::Settled;
use crate::error::{Error, Result};
use crate::proof::{Proof, Subject, Traits, prove};
use crate::report::{Report, tell_proof};
use crate::template::Answer;
use crate::tree::TreePath;
use crate::ui::Ui;
use crate::workplace::Workplace;
use django_facts::Survey;

/// Tries what would be written, where the command line says so or a person wants it, and asks whether to write it.
///
/// # Errors
/// [`Error::Unproven`] where it does not hold and nobody wants it all the same; [`Error::Cancelled`] where somebody stops.
pub(super) fn check(
    args: &DockerizeArgs,
    proposal: &Proposal,
    (place, settled): (&Workplace, &Settled),
    interrupt: &Interrupt,
    ui: &mut Ui,
) -> Result<Option<Proof>> {
    let may_ask = ui.prompt.is_interactive() && !args.yes;
    if !args.prove {
        if !may_ask || args.defaults {
            return Ok(None);
        }
        let items = [
            "no, write it now",
            "yes: build it, test it, serve it and ask it, which takes some minutes",
        ];
        let items = items.map(str::to_owned);
        if ui
            .prompt
            .select("Prove it in a copy of the project first?", &items, 0)?
            == 0
        {
            return Ok(None);
        }
    }
    let subject = Subject {
        root: place.root(),
        files: files(place)?,
        edits: &settled.edits,
        traits: traits(proposal),
    };
    let proof = prove(&subject, interrupt, ui)?;
    let mut report = Report::new();
    tell_proof(&proof, &mut report);
    report.show(ui);
    let failed = proof.failed();
    let is_wanted = if may_ask {
        wants(failed.is_empty(), ui)?
    } else {
        failed.is_empty()
    };
    if is_wanted {
        return Ok(Some(proof));
    }
    if failed.is_empty() {
        return Err(Error::Cancelled);
    }
    if args.json {
        let mut report = Report::new();
        report.json(&json::Unproven::new(&proof));
        report.show(ui);
    }
    Err(Error::Unproven { steps: failed })
}

/// Asks whether to write what was proven.
fn wants(holds: bool, ui: &mut Ui) -> Result<bool> {
    let (question, default) = if holds {
        ("It holds. Write it?", 1)
    } else {
        ("It does not hold. Write it all the same?", 0)
    };
    let items = ["no, leave the project as it is", "yes, write it"].map(str::to_owned);
    Ok(ui.prompt.select(question, &items, default)? == 1)
}

/// What git has; where it has nothing, what is there and was not made by running the project.
fn files(place: &Workplace) -> Result<Vec<TreePath>> {
    let tracked = place.git().map(|git| git.tracked(|_| true)).transpose()?;
    // A repository in which nothing is yet says nothing.
    if let Some(tracked) = tracked.filter(|tracked| !tracked.is_empty()) {
        return Ok(tracked);
    }
    let survey = Survey::of(place.root());
    let paths = survey.files().iter();
    Ok(paths
        .filter_map(|path| TreePath::new(path.as_str()).ok())
        .collect())
}

fn traits(proposal: &Proposal) -> Traits {
    let answers = &proposal.answers;
    let text = |name: &str| match answers.get(name) {
        Some(Answer::Text(text)) => text.clone(),
        _ => String::new(),
    };
    Traits {
        domain: text(SITE_DOMAIN),
        manage_py: proposal.findings.manage_py.text().map(str::to_owned),
        python_path: text(PYTHON_PATH),
        settings_of_tests: text(SETTINGS_TEST),
        is_wrapped: text(MODE) == "wrap",
        has_docker: answers.get(DOCKER) == Some(&Answer::Bool(true)),
    }
}
