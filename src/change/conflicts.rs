//! The conflicts that a run leaves, as they are recorded for its end and shown to git.

use crate::apply::{Follow, Pending, ToDo};
use crate::error::Result;
use crate::git::{Git, Stages, is_called_secret};
use crate::plan::Edit;
use crate::review::Reviewed;
use crate::state::Open;
use crate::tree::TreePath;
use three_way::Labels;

/// The record of the conflicts that are left, and how they stand in git's index; also what stands there for the other
/// files of `edits`, since the user may stage them before going back.
///
/// Git's index names none of those that hold a secret: their bytes would become objects, in the clear.
pub(super) fn conflicts_left(
    title: &str,
    reviewed: &Reviewed,
    edits: &[Edit],
    labels: &Labels,
    git: Option<&Git>,
    secret: &[TreePath],
) -> Result<Follow> {
    let is_secret = |path: &TreePath| is_called_secret(path.as_str()) || secret.contains(path);
    if reviewed.unresolved.is_empty() {
        return Ok(Follow::default());
    }
    let stages: Vec<Stages> = reviewed
        .unresolved
        .iter()
        .filter(|left| !is_secret(&left.path) && !left.moved_from.as_ref().is_some_and(is_secret))
        .map(|left| Stages {
            path: &left.path,
            moved_from: left.moved_from.as_ref(),
            base: left.base.as_ref(),
            ours: left.ours.as_ref(),
            theirs: left.theirs.as_ref(),
        })
        .collect();
    let (index, noted) = match git {
        Some(git) => {
            let index = git.marking(&stages)?;
            let noted = git.noting(edits.iter().map(|edit| &edit.path), &index)?;
            (index, noted)
        }
        None => (Vec::new(), Vec::new()),
    };
    let is_left = |open: &&Open| {
        reviewed
            .unresolved
            .iter()
            .any(|left| left.open == open.path)
    };
    let pending = Pending {
        title: title.to_owned(),
        conflicts: reviewed
            .unresolved
            .iter()
            .map(|left| left.path.clone())
            .collect(),
        open: reviewed
            .open
            .iter()
            .filter(is_left)
            .filter_map(|open| TreePath::new(open.path.as_str()).ok())
            .collect(),
        beside: reviewed
            .unresolved
            .iter()
            .filter_map(|left| left.beside.clone())
            .collect(),
        label: labels.ours.clone(),
        marks: reviewed
            .unresolved
            .iter()
            .filter_map(|left| Some((left.path.clone(), left.marks.clone()?)))
            .collect(),
        staged: index.iter().cloned().chain(noted).collect(),
    };
    Ok(Follow {
        index,
        left: pending.conflicts.clone(),
        pending: ToDo::Set(pending),
        ..Follow::default()
    })
}
