//! The findings and the plan as JSON.

use serde::Serialize;

use super::Proposal;
use crate::command::reason;
use crate::error::Result;
use crate::plan::Edit;
use crate::project::Findings;
use crate::state;
use crate::template::{Answer, Answers};

/// The findings, and beside them either the plan or why there is none.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    #[serde(flatten)]
    findings: &'a Findings,
    plan: Option<Planned<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_plan: Option<String>,
}

#[derive(Serialize)]
struct Planned<'a> {
    release: String,
    mode: &'a str,
    answers: &'a Answers,
    steps: Vec<String>,
    files: Vec<FileReport<'a>>,
}

/// What becomes of one file: `new`, `merged`, `updated`, `removed`, `kept` or `conflict`.
#[derive(Serialize)]
struct FileReport<'a> {
    path: &'a str,
    class: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
}

impl<'a> Report<'a> {
    pub(super) fn new(findings: &'a Findings, planned: &'a Result<(Proposal, Vec<Edit>)>) -> Self {
        match planned {
            Ok((proposal, removed)) => Self {
                findings,
                plan: Some(Planned::of(proposal, removed)),
                no_plan: None,
            },
            Err(error) => Self {
                findings,
                plan: None,
                no_plan: Some(error.to_string()),
            },
        }
    }
}

impl<'a> Planned<'a> {
    fn of(proposal: &'a Proposal, removed: &'a [Edit]) -> Self {
        let plain = |path, class| FileReport {
            path,
            class,
            detail: String::new(),
        };
        let changes = proposal.plan.changes.iter().map(|change| FileReport {
            path: change.path.as_str(),
            class: change.class(),
            detail: reason(&change.verdict),
        });
        let mut files: Vec<FileReport> = changes
            .chain(
                removed
                    .iter()
                    .map(|edit| plain(edit.path.as_str(), "removed")),
            )
            .chain(std::iter::once(plain(state::FILE, "new")))
            .collect();
        files.sort_by_key(|file| file.path);
        Self {
            release: proposal.release.manifest.version.to_string(),
            mode: match proposal.answers.get("mode") {
                Some(Answer::Text(mode)) => mode,
                _ => "",
            },
            answers: &proposal.answers,
            steps: proposal.steps.names(),
            files,
        }
    }
}
