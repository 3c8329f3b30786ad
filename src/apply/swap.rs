//! The transaction: verify, stage, write the journal, swap by renames, or take it all back.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::Interrupt;
use super::journal::{Entry, Journal, Side};
use super::store::Store;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::plan::Edit;
use crate::tree::{File, TreePath};

/// Applies `edits` to the project in `root`: all of them, or none.
///
/// Every path is compared with its edit's `before` first; where they differ nothing is written. From the journal's
/// appearance on, the transaction is finished by whoever runs next.
pub fn transact(
    root: &Path,
    store: &mut Store,
    title: &str,
    edits: &[Edit],
    interrupt: &Interrupt,
) -> Result<()> {
    transact_with_modes(root, store, title, edits, BTreeMap::new(), interrupt)
}

/// As [`transact`]; `modes` are the permission bits that files get which are not there now.
pub(super) fn transact_with_modes(
    root: &Path,
    store: &mut Store,
    title: &str,
    edits: &[Edit],
    modes: BTreeMap<TreePath, u32>,
    interrupt: &Interrupt,
) -> Result<()> {
    let _writing = interrupt.writing();
    store.lock()?;
    let result = prepare(root, store, title, edits, &modes, interrupt).and_then(|journal| {
        journal.write(&store.staging("journal.tmp"), &store.journal())?;
        finish(root, store, &journal)
    });
    if result.is_ok()
        && let Some(git) = Git::around(root)?
    {
        git.follow_modes(edits.iter().filter_map(|edit| {
            let (before, after) = (edit.before.as_ref()?, edit.after.as_ref()?);
            (before.kind() != after.kind()).then_some((&edit.path, after))
        }))?;
    }
    if result.is_err() && !store.journal().exists() {
        clear_staging(store);
        store.discard_if_unused();
    }
    result
}

/// Verifies and stages; nothing of the project is touched.
fn prepare(
    root: &Path,
    store: &Store,
    title: &str,
    edits: &[Edit],
    modes: &BTreeMap<TreePath, u32>,
    interrupt: &Interrupt,
) -> Result<Journal> {
    verify(root, edits)?;
    let mut entries = Vec::new();
    for edit in edits {
        let mode = match (mode_of(root, &edit.path)?, &edit.like) {
            (None, Some(like)) => mode_of(root, like)?,
            (mode, _) => mode,
        };
        entries.push(Entry {
            path: edit.path.clone(),
            before: edit.before.as_ref().map(|file| side(file, mode)),
            after: edit
                .after
                .as_ref()
                .map(|file| side(file, modes.get(&edit.path).copied().or(mode))),
        });
    }
    // Deletions come first, since a file may make way for a folder; the state file is the last to change.
    entries.sort_by_key(|entry| {
        (
            entry.after.is_some(),
            entry.path.as_str() == crate::state::FILE,
        )
    });
    let journal = Journal {
        title: title.to_owned(),
        made: missing_dirs(root, &entries)?,
        entries,
    };
    stage(store, &journal, interrupt)?;
    Ok(journal)
}

/// The permission bits of the file that stands at a path.
fn mode_of(root: &Path, path: &TreePath) -> Result<Option<u32>> {
    let meta = fs::metadata(&root.join(path.as_str()))?;
    Ok(meta
        .filter(std::fs::Metadata::is_file)
        .map(|meta| meta.permissions().mode() & 0o7777))
}

fn verify(root: &Path, edits: &[Edit]) -> Result<()> {
    let mut changed = Vec::new();
    for edit in edits {
        let now = match fs::entry(root, &edit.path)? {
            fs::Entry::File(file) => Some(file),
            fs::Entry::Missing | fs::Entry::Dir => None,
            // A file that stands where a folder shall be is removed by an edit of its own.
            fs::Entry::Blocked(at, _)
                if edits
                    .iter()
                    .any(|other| other.path.as_str() == at && other.after.is_none()) =>
            {
                None
            }
            fs::Entry::Blocked(at, what) => {
                return Err(Error::Path {
                    path: edit.path.to_string(),
                    reason: format!("`{at}` is {what}"),
                });
            }
        };
        if now != edit.before {
            changed.push(edit.path.to_string());
        }
    }
    if changed.is_empty() {
        Ok(())
    } else {
        Err(Error::Changed { paths: changed })
    }
}

/// A file keeps the permission bits that it has, but for those that make it executable.
fn side(file: &File, existing: Option<u32>) -> Side {
    let mode = existing.unwrap_or_else(|| 0o666 & !fs::umask());
    let mode = if file.executable {
        mode | (mode & 0o444) >> 2
    } else {
        mode & !0o111
    };
    Side {
        file: file.clone(),
        mode,
    }
}

fn missing_dirs(root: &Path, entries: &[Entry]) -> Result<Vec<String>> {
    let mut missing = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.after.is_some()) {
        for parent in entry.path.parents() {
            if !fs::metadata(&root.join(parent))?.is_some_and(|meta| meta.is_dir()) {
                missing.insert(parent.to_owned());
            }
        }
    }
    Ok(missing.into_iter().collect())
}

fn stage(store: &Store, journal: &Journal, interrupt: &Interrupt) -> Result<()> {
    clear_staging(store);
    let (incoming, outgoing) = (store.staging("new"), store.staging("old"));
    fs::create_private_dir(&incoming)?;
    fs::create_private_dir(&outgoing)?;
    for (number, entry) in journal.entries.iter().enumerate() {
        interrupt.check()?;
        if let Some(after) = &entry.after {
            place(&incoming.join(number.to_string()), after)?;
        }
    }
    Ok(())
}

/// Writes one staged file with exactly the mode that it shall have.
fn place(path: &Path, side: &Side) -> Result<()> {
    fs::create(path, &side.file, 0o600)?;
    if side.file.bytes().is_some() {
        fs::set_mode(path, side.mode)?;
    }
    Ok(())
}

/// Does those entries of a broken-off transaction that are still to be done. What fails leaves the journal in place,
/// for the next run.
pub(super) fn resume(
    root: &Path,
    store: &Store,
    journal: &Journal,
    rest: Vec<Entry>,
) -> Result<()> {
    let rest = Journal {
        entries: rest,
        ..journal.clone()
    };
    stage(store, &rest, &Interrupt::default())?;
    let swap = Swap {
        root,
        store,
        journal: &rest,
    };
    swap.forward(&mut 0)?;
    swap.settle()
}

/// From the journal to the end: swaps, and on failure swaps back.
fn finish(root: &Path, store: &Store, journal: &Journal) -> Result<()> {
    let swap = Swap {
        root,
        store,
        journal,
    };
    let mut done = 0;
    if let Err(error) = swap.forward(&mut done) {
        swap.back(done)?;
        fs::remove(&store.journal())?;
        return Err(error);
    }
    swap.settle()
}

struct Swap<'a> {
    root: &'a Path,
    store: &'a Store,
    journal: &'a Journal,
}

impl Swap<'_> {
    fn forward(&self, done: &mut usize) -> Result<()> {
        for (number, entry) in self.journal.entries.iter().enumerate() {
            self.one(number, entry)?;
            *done = number + 1;
        }
        Ok(())
    }

    fn one(&self, number: usize, entry: &Entry) -> Result<()> {
        let target = self.target(&entry.path);
        let aside = self.store.staging("old").join(number.to_string());
        if entry.after.is_none() {
            fs::relocate(&target, &aside)?;
            remove_empty_parents(self.root, &entry.path);
            return Ok(());
        }
        for parent in entry.path.parents() {
            fs::create_dir(&self.root.join(parent))?;
        }
        let owner = fs::metadata(&target)?.map(|meta| (meta.uid(), meta.gid()));
        if entry.before.is_some() {
            fs::link(&target, &aside);
        }
        let incoming = self.store.staging("new").join(number.to_string());
        fs::keep_owner(&incoming, owner);
        fs::relocate(&incoming, &target)
    }

    /// Takes back the first `done` entries, and what a failed one may have left, newest first.
    fn back(&self, done: usize) -> Result<()> {
        for (number, entry) in self.journal.entries.iter().enumerate().take(done + 1).rev() {
            let target = self.target(&entry.path);
            let aside = self.store.staging("old").join(number.to_string());
            match &entry.before {
                None if number < done => {
                    fs::remove(&target)?;
                    // A folder that was made for it may stand where a file comes back.
                    for dir in entry.path.parents().collect::<Vec<_>>().iter().rev() {
                        if self.journal.made.iter().any(|made| made == dir) {
                            fs::remove_dir_if_empty(&self.root.join(dir));
                        }
                    }
                }
                Some(_) if fs::metadata(&aside)?.is_some() => {
                    fs::create_dir_all(target.parent().unwrap_or(self.root))?;
                    fs::relocate(&aside, &target)?;
                }
                Some(before) if number < done => {
                    fs::create_dir_all(target.parent().unwrap_or(self.root))?;
                    let again = self.store.staging("new").join(format!("{number}.back"));
                    place(&again, before)?;
                    fs::relocate(&again, &target)?;
                }
                _ => {}
            }
        }
        for dir in self.journal.made.iter().rev() {
            fs::remove_dir_if_empty(&self.root.join(dir));
        }
        Ok(())
    }

    /// Waits until what was written is on the disk itself, then keeps the journal as the record for `undo`.
    fn settle(&self) -> Result<()> {
        let mut dirs = BTreeSet::new();
        for entry in &self.journal.entries {
            let target = self.target(&entry.path);
            if entry
                .after
                .as_ref()
                .is_some_and(|side| side.file.bytes().is_some())
            {
                fs::sync(&target)?;
            }
            if let Some(dir) = target.parent().filter(|dir| dir.is_dir()) {
                dirs.insert(dir.to_owned());
            }
        }
        dirs.iter().try_for_each(|dir| fs::sync(dir))?;
        fs::rename(&self.store.journal(), &self.store.undo())?;
        self.store.forget_new()?;
        fs::sync(self.store.dir())?;
        clear_staging(self.store);
        Ok(())
    }

    fn target(&self, path: &TreePath) -> PathBuf {
        self.root.join(path.as_str())
    }
}

/// Git keeps no empty folder, and neither does a template: those that a deletion empties go with it.
fn remove_empty_parents(root: &Path, path: &TreePath) {
    let parents: Vec<&str> = path.parents().collect();
    for parent in parents.iter().rev() {
        if !fs::remove_dir_if_empty(&root.join(parent)) {
            break;
        }
    }
}

pub(super) fn clear_staging(store: &Store) {
    for which in ["new", "old"] {
        let _ = fs::remove_own_dir(&store.staging(which));
    }
}
