//! The end of an upgrade on disk: what must be committed before, the edits with the state file, the conflicts in git, the record of what is left.

use crate::apply::{Follow, Pending, ToDo};
use crate::command::Project;
use crate::error::{Error, Result};
use crate::fs::Entry;
use crate::git::{Git, Stages, is_called_secret};
use crate::plan::{Edit, Plan};
use crate::review::Reviewed;
use crate::state::{self, Open, State};
use crate::tree::{File, TreePath};
use crate::workplace::Workplace;
use three_way::Labels;

/// The edits of a transaction with, as its last one, the state file's.
pub(crate) fn with_state(
    place: &Workplace,
    mut edits: Vec<Edit>,
    state: &State,
) -> Result<Vec<Edit>> {
    let before = place.state_file()?;
    let after = state.to_file()?;
    let executable = before.as_ref().is_some_and(|before| before.executable);
    let after = Some(File {
        executable,
        ..after
    });
    if before != after {
        edits.push(Edit {
            path: state::path()?,
            before,
            after,
            like: None,
        });
    }
    Ok(edits)
}

/// As [`with_state`], and refuses to write over a state file that is not as it was read: somebody may have decided
/// something else in it meanwhile.
pub(super) fn with_state_as_read(
    place: &Workplace,
    project: &Project,
    edits: Vec<Edit>,
    state: &State,
) -> Result<Vec<Edit>> {
    let edits = with_state(place, edits, state)?;
    let mut found = edits.iter();
    let found = found.find(|edit| edit.path.as_str() == state::FILE);
    match found {
        Some(edit) if edit.before != project.state_file => Err(Error::Changed {
            paths: vec![state::FILE.to_owned()],
        }),
        _ => Ok(edits),
    }
}

/// The record of the conflicts that are left, and how they stand in git's index; also what stands there for the other
/// files of `edits`, since the user may stage them before going back.
///
/// Git's index names none of those that hold a secret: their bytes would become objects, in the clear.
pub(crate) fn conflicts_left(
    title: &str,
    reviewed: &Reviewed,
    edits: &[Edit],
    labels: &Labels,
    git: Option<&Git>,
    secret: &[&[TreePath]],
) -> Result<Follow> {
    let is_secret = |path: &TreePath| {
        is_called_secret(path.as_str()) || secret.iter().any(|paths| paths.contains(path))
    };
    if reviewed.left.is_empty() {
        return Ok(Follow::default());
    }
    let stages: Vec<Stages> = reviewed
        .left
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
    let is_left = |open: &&Open| reviewed.left.iter().any(|left| left.open == open.path);
    let pending = Pending {
        title: title.to_owned(),
        conflicts: reviewed.left.iter().map(|left| left.path.clone()).collect(),
        open: reviewed
            .open
            .iter()
            .filter(is_left)
            .filter_map(|open| TreePath::new(open.path.as_str()).ok())
            .collect(),
        beside: reviewed
            .left
            .iter()
            .filter_map(|left| left.beside.clone())
            .collect(),
        label: labels.ours.clone(),
        marks: reviewed
            .left
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

/// Uncommitted changes in files that would be written, the state file among them. `more` are edits beside the plan's.
pub(crate) fn refuse_dirty(place: &Workplace, plan: &Plan, more: &[Edit]) -> Result<()> {
    let Some(git) = place.git() else {
        return match Git::unreadable(place.root()) {
            Some(dir) => Err(Error::GitUnreadable { dir }),
            None => Ok(()),
        };
    };
    let state = TreePath::new(state::FILE).ok();
    let state = match &state {
        Some(path) => Some((path, place.entry(path)?)),
        None => None,
    };
    let mut touched: Vec<(&TreePath, &File)> = Vec::new();
    for change in plan
        .changes
        .iter()
        .filter(|change| change.class() != "kept")
    {
        let path = change.moved_from.as_ref().unwrap_or(&change.path);
        touched.extend(change.ours.as_ref().map(|ours| (path, ours)));
    }
    for edit in more {
        touched.extend(edit.before.as_ref().map(|before| (&edit.path, before)));
    }
    if let Some((path, Entry::File(file))) = &state {
        touched.push((path, file));
    }
    let dirty = git.dirty(&touched)?;
    if dirty.is_empty() {
        return Ok(());
    }
    Err(Error::Dirty {
        paths: dirty.iter().map(ToString::to_string).collect(),
    })
}
