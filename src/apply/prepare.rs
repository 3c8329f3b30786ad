//! Before the point of no return: is the project what the edits expect, and is all that they write already written?

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::Interrupt;
use super::follow::Follow;
use super::journal::{Journal, JournalEntry, Side};
use super::transaction::Transaction;
use crate::error::{Error, Result};
use crate::fs::{self, Attributes};
use crate::plan::Edit;
use crate::tree::{File, TreePath};
use crate::workplace::{Store, Workplace};

/// From so many files on, one wait for the whole file system is cheaper than one for each file.
const MANY: usize = 32;

/// Verifies that every path is as its edit's `before` says and stages what will be written; nothing of the project is
/// touched.
pub(super) fn prepare(
    place: &Workplace,
    transaction: &Transaction,
    interrupt: &Interrupt,
) -> Result<Journal> {
    let root = place.root();
    verify(root, transaction.edits)?;
    let mut entries = Vec::new();
    for edit in transaction.edits {
        let (like, mode) = match (mode_of(root, &edit.path)?, &edit.like) {
            (None, Some(like)) => (like, mode_of(root, like)?),
            (mode, _) => (&edit.path, mode),
        };
        let known = match mode {
            Some(_) => fs::attributes(&root.join(like.as_str())),
            None => Attributes::new(),
        };
        let (wanted, dress) = match transaction.modes.get(&edit.path) {
            Some((mode, attributes)) => (Some(*mode), attributes.clone()),
            None => (mode, known.clone()),
        };
        entries.push(JournalEntry {
            path: edit.path.clone(),
            before: edit.before.as_ref().map(|file| side(file, mode, known)),
            after: edit.after.as_ref().map(|file| side(file, wanted, dress)),
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
        title: transaction.title.clone(),
        made: {
            let mut made = missing_dirs(root, &entries)?;
            made.extend(transaction.made.iter().cloned());
            made.into_iter().collect()
        },
        dirs: {
            let mut dirs = transaction.dirs.clone();
            dirs.extend(emptied_dirs(root, &entries)?);
            dirs
        },
        sweep: transaction.sweep.clone(),
        process: std::process::id(),
        follow: with_modes(place, transaction)?,
        bounded: Vec::new(),
        entries,
    };
    stage(place.store(), &journal, interrupt)?;
    Ok(journal)
}

/// What follows the files, and among it the executable bits that git would not see on the disk.
fn with_modes(place: &Workplace, transaction: &Transaction) -> Result<Follow> {
    let mut follow = transaction.follow.clone();
    if let Some(git) = place.git() {
        let changed = transaction.edits.iter().filter_map(|edit| {
            let (before, after) = (edit.before.as_ref()?, edit.after.as_ref()?);
            (before.kind() != after.kind()).then_some((&edit.path, after))
        });
        follow.index.extend(git.following_modes(changed)?);
    }
    Ok(follow)
}

/// The permission bits of the file that stands at a path.
fn mode_of(root: &Path, path: &TreePath) -> Result<Option<u32>> {
    let meta = fs::metadata(&root.join(path.as_str()))?;
    Ok(meta
        .filter(Metadata::is_file)
        .map(|meta| meta.permissions().mode() & 0o7777))
}

/// Fails unless every path is as its edit expects.
fn verify(root: &Path, edits: &[Edit]) -> Result<()> {
    Edit::check_once(edits)?;
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
fn side(file: &File, existing: Option<u32>, attributes: Attributes) -> Side {
    let mode = existing.unwrap_or_else(|| 0o666 & !fs::umask());
    let is_so = existing.is_some() && (mode & 0o100 != 0) == file.executable;
    let mode = if is_so {
        mode
    } else if file.executable {
        mode | (mode & 0o444) >> 2
    } else {
        mode & !0o111
    };
    Side {
        file: file.clone(),
        mode,
        attributes,
    }
}

fn missing_dirs(root: &Path, entries: &[JournalEntry]) -> Result<BTreeSet<TreePath>> {
    let mut missing = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.after.is_some()) {
        for parent in entry.path.folders() {
            if !fs::metadata(&root.join(parent.as_str()))?.is_some_and(|meta| meta.is_dir()) {
                missing.insert(parent);
            }
        }
    }
    Ok(missing)
}

fn emptied_dirs(root: &Path, entries: &[JournalEntry]) -> Result<BTreeMap<TreePath, u32>> {
    let mut dirs = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.after.is_none()) {
        for parent in entry.path.folders() {
            let found = fs::metadata(&root.join(parent.as_str()))?;
            if let Some(meta) = found.filter(Metadata::is_dir) {
                dirs.insert(parent, meta.permissions().mode() & 0o7777);
            }
        }
    }
    Ok(dirs)
}

/// Writes every file on its way in, and waits until they are on the disk: a rename must not be there before its content.
pub(super) fn stage(store: &Store, journal: &Journal, interrupt: &Interrupt) -> Result<()> {
    store.clear_staging();
    let (incoming, outgoing) = (store.staging("new"), store.staging("old"));
    fs::create_private_dir(&incoming)?;
    fs::create_private_dir(&outgoing)?;
    let mut files = Vec::new();
    for (number, entry) in journal.entries.iter().enumerate() {
        interrupt.check()?;
        if let Some(after) = &entry.after {
            let path = incoming.join(number.to_string());
            place(&path, after)?;
            if !after.file.is_link() {
                files.push(path);
            }
        }
    }
    journal.follow.stage(store)?;
    if files.len() <= MANY || !fs::sync_file_system(&incoming) {
        files.iter().try_for_each(|file| fs::sync(file))?;
    }
    interrupt.check()
}

/// Waits until the names of `dirs`' files are on the disk.
pub(super) fn sync_dirs(root: &Path, dirs: &BTreeSet<std::path::PathBuf>) -> Result<()> {
    if dirs.len() <= MANY || !fs::sync_file_system(root) {
        dirs.iter().try_for_each(|dir| fs::sync(dir))?;
    }
    Ok(())
}

/// Writes one staged file with exactly the mode that it shall have.
pub(super) fn place(path: &Path, side: &Side) -> Result<()> {
    fs::create(path, &side.file, 0o600)?;
    if !side.file.is_link() {
        fs::set_mode(path, side.mode)?;
        side.dress(None).put_on(path);
    }
    Ok(())
}
