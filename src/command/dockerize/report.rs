//! The findings and the plan as JSON.

use serde::Serialize;

use super::existing_told;
use super::files::Veiled;
use super::proposal::{Planned, Proposal};
use super::questions::MODE;
use super::serving;
use super::told;
use super::uncovered::not_covered;
use crate::change::Written;
use crate::error::{Error, Result};
use crate::proof::Proof;
use crate::report::{Done, detail};
use crate::state;
use crate::template::{Answer, Answers};
use crate::tree::TreePath;
use django_facts::{Containers, Decision, Findings, Key, Literal, Variable, Verdict};

/// The findings, and beside them either the plan or why there is none.
#[derive(Serialize)]
pub(super) struct DryReport<'a> {
    #[serde(flatten)]
    findings: Findings,
    environment: Environment,
    /// The Docker files that the project has.
    containers: Containers,
    plan: Option<PlanReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_plan: Option<String>,
    /// Why a run would not carry out the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// What the project reads, and the addresses that stand in its code instead, each with its kind and place.
#[derive(Serialize)]
struct Environment {
    reads: Vec<Variable>,
    hard_coded: Vec<Literal>,
}

impl Environment {
    fn of(findings: &Findings) -> Self {
        let found = &findings.details.addresses;
        Self {
            reads: found.variables.clone(),
            hard_coded: found.literals.clone(),
        }
    }
}

#[derive(Serialize)]
struct PlanReport<'a> {
    release: String,
    mode: &'a str,
    answers: &'a Answers,
    steps: Vec<String>,
    files: Vec<FileReport<'a>>,
    /// Committed files whose names call them secret, and that stay in the clear.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    in_the_clear: Vec<&'a str>,
    /// Variables that stand for secrets which are not copied.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    variables: &'a [Veiled],
    /// What the production site will run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    production: Vec<String>,
    /// What becomes of the Docker files that the project has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    docker: Vec<String>,
    /// What is set of the addresses that the project reads, and what stands in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<String>,
    /// The edits to make of the addresses in the code, by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<(&'a str, String)>,
    /// Services and databases of the project that the template has nothing for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_covered: Vec<String>,
}

/// The end of a run.
#[derive(Serialize)]
pub(super) struct Ended<'a> {
    #[serde(flatten)]
    done: Done<'a>,
    /// What held in a copy, where it was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<&'a Proof>,
    /// The outside steps that were run.
    ran: Vec<&'static str>,
    /// Why the next one was not; the files are written all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<String>,
}

impl<'a> Ended<'a> {
    pub(super) fn new(
        written: &'a Written,
        proof: Option<&'a Proof>,
        ran: Vec<&'static str>,
        failed: Option<&Error>,
    ) -> Self {
        Self {
            done: Done::new(written, None),
            proof,
            ran,
            failed: failed.map(ToString::to_string),
        }
    }
}

/// The end of a run that wrote nothing, since what it would have written does not hold.
#[derive(Serialize)]
pub(super) struct Unproven<'a> {
    status: &'static str,
    written: [&'static str; 0],
    proof: &'a Proof,
}

impl<'a> Unproven<'a> {
    pub(super) fn new(proof: &'a Proof) -> Self {
        Self {
            status: "unproven",
            written: [],
            proof,
        }
    }
}

/// What becomes of one file: `new`, `merged`, `updated`, `removed`, `kept` or `conflict`.
#[derive(Serialize)]
struct FileReport<'a> {
    path: &'a str,
    class: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    /// What has to be known of the merge.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

impl<'a> DryReport<'a> {
    pub(super) fn new(findings: &Findings, planned: &'a Result<Planned>) -> Self {
        match planned {
            Ok(run) => Self {
                findings: Findings {
                    // What a guess stands for is still to be confirmed.
                    verdict: findings.verdict.clone(),
                    ..run.proposal.findings.clone()
                },
                environment: Environment::of(&run.proposal.findings),
                containers: run.proposal.findings.details.containers.clone(),
                plan: Some(PlanReport::of(&run.proposal)),
                no_plan: None,
                refused: run.refused.as_ref().map(ToString::to_string),
            },
            Err(error) => Self {
                findings: without_plan(findings, error),
                environment: Environment::of(findings),
                containers: findings.details.containers.clone(),
                plan: None,
                no_plan: Some(error.to_string()),
                refused: None,
            },
        }
    }
}

/// The findings where there is no plan, with a verdict that says so.
fn without_plan(findings: &Findings, error: &Error) -> Findings {
    let mut findings = findings.clone();
    let verdict = &mut findings.verdict;
    match error {
        _ if verdict.decision == Decision::Refuse => {}
        Error::Uncertain { first, .. } => {
            verdict.decision = Decision::Ask;
            let key = Key::named(first.key).filter(|key| !verdict.ask_for.contains(key));
            verdict.ask_for.extend(key);
        }
        error => *verdict = Verdict::refuse(error.to_string()),
    }
    findings
}

impl<'a> PlanReport<'a> {
    fn of(proposal: &'a Proposal) -> Self {
        let proposed = &proposal.proposed;
        let plain = |path, class| FileReport {
            path,
            class,
            detail: String::new(),
            notes: Vec::new(),
        };
        let changes = proposed.plan.changes.iter().map(|change| FileReport {
            path: change.path.as_str(),
            class: change.class(),
            detail: detail(&change.verdict),
            notes: change.notes(),
        });
        let mut files: Vec<FileReport> = changes
            .chain(proposed.extra.iter().map(|edit| {
                let class = if edit.after.is_some() {
                    "updated"
                } else {
                    "removed"
                };
                plain(edit.path.as_str(), class)
            }))
            .chain(std::iter::once(plain(state::FILE, "new")))
            .collect();
        files.sort_by_key(|file| file.path);
        Self {
            release: proposal.release.manifest.version.to_string(),
            mode: match proposal.answers.get(MODE) {
                Some(Answer::Text(mode)) => mode,
                _ => "",
            },
            answers: &proposal.answers,
            steps: proposal.steps.names(),
            files,
            variables: &proposal.veiled,
            production: serving::production(&proposal.findings, &proposal.answers)
                .into_iter()
                .chain(proposal.unpinned.clone())
                .collect(),
            docker: existing_told::sentences(proposal),
            addresses: told::sentences(proposal),
            edits: told::left(proposal)
                .into_iter()
                .map(|literal| (literal.place.as_str(), told::edit(literal)))
                .collect(),
            not_covered: not_covered(&proposal.findings, &proposal.answers, &proposal.steps),
            in_the_clear: proposal.in_the_clear.iter().map(TreePath::as_str).collect(),
        }
    }
}
