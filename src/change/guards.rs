//! What keeps a proposal from being carried out: uncommitted changes, and files that are not checked out.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::once;
use crate::error::{Error, Result};
use crate::fs::{self, Entry};
use crate::git::Git;
use crate::plan::{Edit, Plan};
use crate::state;
use crate::template::Rendered;
use crate::tree::{File, TreePath};
use crate::workplace::Workplace;

/// Uncommitted changes in files that would be written, the state file among them. `extra` are edits beside the plan's.
pub(super) fn refuse_dirty(place: &Workplace, plan: &Plan, extra: &[Edit]) -> Result<()> {
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
    for edit in extra {
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

/// A file with fewer bytes says nothing of where it came from.
const SMALL: u64 = 32;

/// Refuses to bring `theirs` into a project where git keeps files off the disk that this would change: nobody can tell
/// there whether the user deleted or edited them.
pub(crate) fn refuse_skipped(place: &Workplace, base: &Rendered, theirs: &Rendered) -> Result<()> {
    let (base_tree, theirs_tree) = (&base.tree, &theirs.tree);
    let paths: BTreeSet<&TreePath> = base_tree.keys().chain(theirs_tree.keys()).collect();
    let is_changed = |path: &&TreePath| base_tree.get(*path) != theirs_tree.get(*path);
    let found = fs::entries(place.root(), paths.into_iter().filter(is_changed))?;
    let missing: BTreeSet<&TreePath> = found
        .into_iter()
        .filter(|(_, entry)| *entry == Entry::Missing)
        .map(|(path, _)| path)
        .collect();
    let is_doubtful = |git: &&Git| {
        !missing.is_empty()
            && (git.is_sparse() || missing.iter().any(|path| base_tree.contains_key(*path)))
    };
    let Some(git) = place.git().filter(is_doubtful) else {
        return Ok(());
    };
    let once = once(base, theirs);
    let skipped = match git.skipped() {
        // Without a git program nothing is known of such files, and nothing says that there are any.
        Err(Error::GitUnknown { .. }) if !git.is_sparse() => BTreeMap::new(),
        skipped => skipped?,
    };
    // A file may have gone to where nothing is checked out; small ones are everywhere.
    let is_gone = |(path, file): &(&TreePath, &File)| {
        missing.contains(*path) && !skipped.contains_key(*path) && file.content.len() > SMALL
    };
    let gone = base_tree.iter().filter(is_gone);
    let moved: BTreeSet<String> = gone.filter_map(|(_, file)| git.id_of(file)).collect();
    let is_wanted = |(path, id): &(&TreePath, &String)| {
        if missing.contains(*path) {
            let has_it = theirs_tree.get(*path).and_then(|file| git.id_of(file));
            has_it.as_ref() != Some(*id) && !once.contains(*path)
        } else {
            !base_tree.contains_key(*path) && moved.contains(*id)
        }
    };
    let paths: Vec<&TreePath> = skipped
        .iter()
        .filter(is_wanted)
        .map(|(path, _)| path)
        .collect();
    if paths.is_empty() {
        return Ok(());
    }
    let folders: BTreeSet<String> = paths
        .iter()
        .filter_map(|path| path.as_str().rsplit_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .collect();
    Err(Error::NotCheckedOut {
        paths: paths.iter().map(ToString::to_string).collect(),
        folders: folders.into_iter().collect(),
    })
}
