//! The last transaction, taken back: the same transaction with its sides exchanged.

use std::path::Path;

use super::Interrupt;
use super::journal::{Journal, Side};
use super::store::Store;
use super::swap;
use crate::error::{Error, Result};
use crate::fs;
use crate::plan::Edit;
use crate::tree::{File, TreePath};

/// What was taken back.
#[derive(Debug, PartialEq, Eq)]
pub struct Undone {
    /// The command that was taken back.
    pub title: String,
    /// How many files are as they were before it.
    pub files: usize,
}

/// Takes back the last transaction of the project in `root`; `None` when there is none.
///
/// Files that changed since are an error that names them, unless `force`: then they too become what they were before
/// the transaction, and what they were now can be had back by undoing the undo.
pub fn undo(
    root: &Path,
    store: &mut Store,
    force: bool,
    interrupt: &Interrupt,
) -> Result<Option<Undone>> {
    if !store.exists()? {
        return Ok(None);
    }
    store.lock()?;
    let Some(journal) = Journal::read(&store.undo())? else {
        return Ok(None);
    };
    let mut edits = Vec::new();
    let mut changed = Vec::new();
    for entry in &journal.entries {
        let now = match fs::entry(root, &entry.path)? {
            fs::Entry::File(file) => Some(file),
            fs::Entry::Missing | fs::Entry::Dir => None,
            // What stands in the way came with the transaction and goes with it.
            fs::Entry::Blocked(at, _)
                if journal
                    .entries
                    .iter()
                    .any(|other| other.path.as_str() == at && other.before.is_none()) =>
            {
                None
            }
            fs::Entry::Blocked(..) => {
                changed.push(entry.path.to_string());
                continue;
            }
        };
        let (before, after) = (file(entry.before.as_ref()), file(entry.after.as_ref()));
        if now != after && !force {
            changed.push(entry.path.to_string());
        }
        if now != before {
            edits.push(Edit {
                path: entry.path.clone(),
                before: now,
                after: before,
                like: None,
            });
        }
    }
    if !changed.is_empty() {
        return Err(Error::ChangedSince {
            title: journal.title,
            paths: changed,
        });
    }
    let modes = journal
        .entries
        .iter()
        .filter_map(|entry| Some((entry.path.clone(), entry.before.as_ref()?.mode)));
    swap::transact_with_modes(
        root,
        store,
        &format!("undo of {}", journal.title),
        &edits,
        modes.collect(),
        interrupt,
    )?;
    if !force {
        fs::remove(&store.undo())?;
    }
    Ok(Some(Undone {
        title: journal.title,
        files: edits.len(),
    }))
}

/// Writes `edits` as a part of the last transaction, whose record then takes back these too, and `settled` files as they
/// are now.
pub fn amend(
    root: &Path,
    store: &mut Store,
    edits: &[Edit],
    settled: &[TreePath],
    interrupt: &Interrupt,
) -> Result<()> {
    store.lock()?;
    let last = Journal::read(&store.undo())?;
    swap::transact(root, store, "the end of an upgrade", edits, interrupt)?;
    let Some(mut last) = last else {
        return Ok(());
    };
    for entry in &mut last.entries {
        let is_amended =
            settled.contains(&entry.path) || edits.iter().any(|edit| edit.path == entry.path);
        if is_amended {
            entry.after = match fs::entry(root, &entry.path)? {
                fs::Entry::File(file) => Some(Side {
                    mode: entry.after.as_ref().map_or(0o644, |after| after.mode),
                    file,
                }),
                _ => None,
            };
        }
    }
    last.write(&store.staging("journal.tmp"), &store.undo())
}

fn file(side: Option<&Side>) -> Option<File> {
    side.map(|side| side.file.clone())
}
