//! What the user declined earlier: offered again, or open still.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::command::project::Project;
use crate::error::Result;
use crate::fs::Entry;
use crate::plan::{Edit, Plan};
use crate::state::{self, Declined, Open, OpenKind, State};
use crate::template::{Catalogue, Rendered, render};
use crate::tree::{File, Tree, TreePath};
use crate::workplace::Workplace;
use three_way::Labels;

/// What is offered again.
#[derive(Debug, Default)]
pub(super) struct Again {
    /// The renames among it.
    pub(super) renames: Vec<(String, String)>,
    /// The files, as the template calls them, and the release that their base is of.
    older: BTreeMap<TreePath, Version>,
    /// Where the plan moves files: from which path of the template, to which one, and where that is in the project.
    moved: Vec<(TreePath, TreePath, TreePath)>,
    /// The files in which hunks stay declined.
    kept: BTreeSet<TreePath>,
    /// Whether the user asks for all of it.
    ask: bool,
}

impl Again {
    /// The files whose base is of an older release, with that release and the names of the sides.
    pub(super) fn labels(&self, labels: &Labels) -> BTreeMap<TreePath, (Version, Labels)> {
        let label = |version: &Version| {
            let base = if *version == state::NO_RELEASE {
                "nothing".into()
            } else {
                format!("template {version}")
            };
            Labels {
                base,
                ..labels.clone()
            }
        };
        let older = self.older.iter();
        older
            .map(|(path, version)| (path.clone(), (version.clone(), label(version))))
            .collect()
    }

    /// Notes where `plan` moves files to, since what was declined in them moves along.
    pub(super) fn follow(&mut self, plan: &Plan) {
        for change in &plan.changes {
            if let Some(from) = &change.base_path {
                let (from, to) = (from.clone(), change.in_template().clone());
                self.moved.push((from, to, change.path.clone()));
            }
        }
    }

    /// An entry of what is open where its file is after the move, once the move is done.
    fn moved(&self, place: &Workplace, mut open: Open, edits: &[Edit]) -> Result<Open> {
        let is_its = |(from, to, _): &&(TreePath, TreePath, TreePath)| {
            from.as_str() == open.path && from != to
        };
        let Some((from, to, at)) = self.moved.iter().find(is_its) else {
            return Ok(open);
        };
        if after(place, at, edits)?.is_some() {
            open.was = open.was.or_else(|| Some(from.to_string()));
            open.path = to.to_string();
            open.at = (at != to).then(|| at.to_string());
        }
        Ok(open)
    }

    /// Keeps hunks declined in files that are offered again for another reason.
    pub(super) fn keep_declined(&mut self, plan: &mut Plan, declined: &[Declined]) {
        if self.ask {
            return;
        }
        for change in &mut plan.changes {
            let path = change.in_template().clone();
            let is_declined = |hunk: &str| {
                declined
                    .iter()
                    .any(|declined| declined.path == path.as_str() && declined.hunk == hunk)
            };
            if self.older.contains_key(&path)
                && change
                    .keep_ours(|region| is_declined(&state::hunk(&region.base, &region.theirs)))
            {
                self.kept.insert(path);
            }
        }
        plan.changes
            .retain(|change| !(change.is_idle() && self.kept.contains(change.in_template())));
    }
}

/// Gives files back their older base, so that the merge offers again what the user has not taken: all of it when the user
/// asks; else what was not decided, or can be told by the older base alone, and that only when the template touches the
/// file. A hunk that was declined is the user's own since then: its base is what was declined.
pub(super) fn offer_again(
    place: &Workplace,
    project: &mut Project,
    theirs: &Rendered,
    catalogue: &Catalogue,
    ask: bool,
) -> Result<Again> {
    let mut again = Again {
        ask,
        ..Again::default()
    };
    let mut older_trees: BTreeMap<&Version, Option<Tree>> = BTreeMap::new();
    for open in &project.state.open {
        let path = open.path.as_str();
        let base = project.base.tree.get(path);
        let is_touched = base != theirs.tree.get(path);
        let has_not_moved = open.was.is_some() && !has(place, open.place())?;
        let needs_older = open.kind() != OpenKind::Declined || has_not_moved || base.is_none();
        let is_offered = ask || is_touched && needs_older;
        if !is_offered {
            continue;
        }
        if !older_trees.contains_key(&open.base) {
            let tree = if open.base == state::NO_RELEASE {
                Some(Tree::new())
            } else {
                let release = catalogue.release(Some(&open.base.to_string())).ok();
                let rendered = release.map(|release| render(&release, &project.state.answers));
                rendered.transpose()?.map(|rendered| rendered.tree)
            };
            older_trees.insert(&open.base, tree);
        }
        // Without that release the change stays declined.
        let (Some(older), Ok(offered)) = (&older_trees[&open.base], TreePath::new(path)) else {
            continue;
        };
        let was = open.was.as_deref().unwrap_or(path);
        project.base.tree.remove(path);
        if let Some((was, file)) = older.get_key_value(was) {
            project.base.tree.insert(was.clone(), file.clone());
        }
        if was != path {
            again.renames.push((was.to_owned(), path.to_owned()));
        }
        again.older.insert(offered, open.base.clone());
    }
    Ok(again)
}

/// The state to come with what was open before and still is, once `edits` are written.
pub(super) fn still_open(
    place: &Workplace,
    project: &Project,
    theirs: &Rendered,
    again: &Again,
    edits: &[Edit],
    mut state: State,
) -> Result<State> {
    for old in &project.state.open {
        let is_kept = again.kept.contains(old.path.as_str());
        if again.older.contains_key(old.path.as_str()) && !is_kept {
            continue;
        }
        let mut open = again.moved(place, old.clone(), edits)?;
        if follows(place, &open, &theirs.tree, edits)? {
            continue;
        }
        if is_kept {
            Open::KEPT_IN_PART.clone_into(&mut open.what);
        }
        let of_this = project.state.declined.iter();
        let of_this = of_this.filter(|declined| declined.path == old.path);
        state.declined.extend(of_this.map(|declined| Declined {
            path: open.path.clone(),
            ..declined.clone()
        }));
        state.open.push(open);
    }
    Ok(state)
}

/// Whether a file stands at a path that comes from the state file.
fn has(place: &Workplace, path: &str) -> Result<bool> {
    match TreePath::new(path) {
        Ok(path) => Ok(matches!(place.entry(&path)?, Entry::File(_))),
        Err(_) => Ok(false),
    }
}

/// Whether the project has the file as the template has it now.
fn follows(place: &Workplace, open: &Open, theirs: &Tree, edits: &[Edit]) -> Result<bool> {
    let Ok(path) = TreePath::new(open.place()) else {
        return Ok(true);
    };
    match place.entry(&path)? {
        Entry::Dir | Entry::Blocked(..) if edits.iter().all(|edit| edit.path != path) => Ok(false),
        _ => Ok(after(place, &path, edits)?.as_ref() == theirs.get(open.path.as_str())),
    }
}

/// What stands at a path once `edits` are written.
fn after(place: &Workplace, path: &TreePath, edits: &[Edit]) -> Result<Option<File>> {
    if let Some(edit) = edits.iter().find(|edit| edit.path == *path) {
        return Ok(edit.after.clone());
    }
    Ok(match place.entry(path)? {
        Entry::File(file) => Some(file),
        _ => None,
    })
}
