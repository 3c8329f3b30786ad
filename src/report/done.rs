//! What was done, as every command that merges into a project tells it.

use serde::Serialize;

use crate::change::{Rehearsed, Written};
use crate::review::Reviewed;
use crate::state::Open;
use crate::workplace::Store;

use super::{Outcome, Report};

/// The end of a run, for scripts.
#[derive(Serialize)]
pub(crate) struct Done<'a> {
    status: &'static str,
    written: Vec<&'a str>,
    conflicts: Vec<&'a str>,
    kept: &'a [(String, String)],
    /// Paths with what has to be known of their merges.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<&'a [Open]>,
}

impl<'a> Done<'a> {
    /// `open` is left out where the command has no such files.
    pub(crate) fn new(written: &'a Written, open: Option<&'a [Open]>) -> Self {
        let reviewed = &written.reviewed;
        let conflicts = reviewed.unresolved.iter().map(|left| left.path.as_str());
        Self {
            status: if reviewed.unresolved.is_empty() {
                "done"
            } else {
                "conflicts"
            },
            written: written
                .edits
                .iter()
                .map(|edit| edit.path.as_str())
                .collect(),
            conflicts: conflicts.collect(),
            kept: &reviewed.kept,
            notes: &written.notes,
            open,
        }
    }
}

impl Written {
    /// How a run ends that has written it.
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::with_conflicts(!self.reviewed.unresolved.is_empty())
    }
}

impl Rehearsed {
    /// How the run would end.
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::of_dry_run(self.refused.is_some(), self.leaves_conflicts)
    }
}

/// The files that stay as they are, with the reason.
fn say_kept(reviewed: &Reviewed, report: &mut Report) {
    for (path, reason) in &reviewed.kept {
        report.say(format!("  kept yours: {path} ({reason})"));
    }
}

/// The conflicts that are left.
fn say_conflicts(reviewed: &Reviewed, report: &mut Report) {
    for left in &reviewed.unresolved {
        match &left.beside {
            Some(beside) => report.say(format!(
                "  conflict: {}: the template's version is in {beside}",
                left.path
            )),
            None if left.theirs.is_none() => report.say(format!(
                "  conflict: {}: yours is still there, and the template deletes it",
                left.path
            )),
            None => report.say(format!("  conflict: {}", left.path)),
        }
    }
}

/// Says what files lost that were replaced.
pub(crate) fn tell_lost(store: &Store, report: &mut Report) {
    for lost in store.take_lost() {
        report.say(format!("  {lost}, which this program may not give back"));
    }
}

/// The files that stay as they are, and the conflicts that are left; `is_offered` is whether an upgrade can offer again what
/// was declined.
pub(crate) fn kept_and_conflicts(reviewed: &Reviewed, is_offered: bool, report: &mut Report) {
    say_kept(reviewed, report);
    if is_offered {
        report.say("  `ixd-template upgrade --ask` offers again what you declined");
    }
    say_conflicts(reviewed, report);
}

/// The end of a dry run.
pub(crate) fn rehearsed(rehearsed: &Rehearsed) -> Report {
    let mut report = Report::new();
    report.say("\nNothing was written (--dry-run).");
    if let Some(reason) = &rehearsed.refused {
        report.say(format!(
            "Without it nothing would be written either: {reason}"
        ));
    }
    report.ended(rehearsed.outcome())
}
