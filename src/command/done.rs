//! What was done, as every command that merges into a project tells it.

use serde::Serialize;

use crate::plan::{Edit, Plan};
use crate::review::Reviewed;
use crate::state::Open;
use crate::ui::Ui;
use crate::workplace::Store;

/// The end of a run, for scripts.
#[derive(Serialize)]
pub(super) struct Done<'a> {
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
    pub(super) fn new(edits: &'a [Edit], reviewed: &'a Reviewed, open: Option<&'a [Open]>) -> Self {
        let conflicts = reviewed.left.iter().map(|left| left.path.as_str());
        Self {
            status: if reviewed.left.is_empty() {
                "done"
            } else {
                "conflicts"
            },
            written: edits.iter().map(|edit| edit.path.as_str()).collect(),
            conflicts: conflicts.collect(),
            kept: &reviewed.kept,
            notes: &[],
            open,
        }
    }

    pub(super) fn noting(mut self, notes: &'a [(String, String)]) -> Self {
        self.notes = notes;
        self
    }
}

/// The notes of a plan's merges, each with its path.
pub(super) fn notes(plan: &Plan) -> Vec<(String, String)> {
    let notes = plan.changes.iter().flat_map(|change| {
        let path = change.path.to_string();
        let notes = change.notes().into_iter();
        notes.map(move |note| (path.clone(), note))
    });
    notes.collect()
}

/// The files that stay as they are, with the reason.
pub(super) fn say_kept(reviewed: &Reviewed, ui: &mut Ui) {
    for (path, reason) in &reviewed.kept {
        ui.say(format!("  kept yours: {path} ({reason})"));
    }
}

/// The conflicts that are left.
pub(super) fn say_conflicts(reviewed: &Reviewed, ui: &mut Ui) {
    for left in &reviewed.left {
        match &left.beside {
            Some(beside) => ui.say(format!(
                "  conflict: {}: the template's version is in {beside}",
                left.path
            )),
            None if left.theirs.is_none() => ui.say(format!(
                "  conflict: {}: yours is still there, and the template deletes it",
                left.path
            )),
            None => ui.say(format!("  conflict: {}", left.path)),
        }
    }
}

/// Says what files lost that were replaced.
pub(crate) fn tell_lost(store: &Store, ui: &mut Ui) {
    for lost in store.take_lost() {
        ui.say(format!("  {lost}, which this program may not give back"));
    }
}
