//! Holds the result of a proof: what held and what did not.

use std::path::PathBuf;

use serde::Serialize;

/// What became of one step.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) judgement: Judgement,
    /// What was seen, or why it was not seen, in a few words.
    pub(crate) said: String,
    pub(crate) seconds: u64,
    /// The end of what the program of a failed step printed, without secrets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) last_lines: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Judgement {
    Held,
    Failed,
    /// The step tells something, and judges nothing.
    Told,
    NotRun,
}

/// All steps of one run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Proof {
    /// What the proof was done with: `Docker 28.2.2` or `go.sh`.
    pub(crate) with: String,
    pub(crate) steps: Vec<Row>,
    /// The file with all that was printed, without secrets. It is kept where something failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log: Option<PathBuf>,
    /// What could not be taken away, with the command that takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) left_behind: Option<String>,
}

impl Proof {
    /// The names of the steps that failed.
    pub(crate) fn failed(&self) -> Vec<&'static str> {
        let failed = self
            .steps
            .iter()
            .filter(|row| row.judgement == Judgement::Failed);
        failed.map(|row| row.name).collect()
    }
}

/// The sentence about a proof that left something behind.
pub(crate) fn still_there(command: &str) -> String {
    format!("  Something of it is still there; this takes it away: {command}")
}
