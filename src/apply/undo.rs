//! The last transaction, taken back: the same transaction with its sides exchanged.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::Interrupt;
use super::follow::{Follow, Records};
use super::journal::{Journal, JournalEntry, Side};
use super::swap;
use super::transaction::Transaction;
use crate::error::{Error, Result};
use crate::fs::{self, Attributes};
use crate::plan::Edit;
use crate::tree::{File, TreePath};
use crate::workplace::Workplace;

/// What was taken back.
#[derive(Debug, PartialEq, Eq)]
pub struct Undone {
    /// The command that was taken back.
    pub title: String,
    /// How many files are as they were before it.
    pub files: usize,
    /// It made a git repository, which stays: it may hold the user's work by now.
    pub repository_stays: bool,
    /// Where the files lie as they had become since, for whoever wants something of theirs back.
    pub set_aside: Option<PathBuf>,
}

/// Takes back the last transaction of the project at `place`; `None` when there is none.
///
/// Files that changed since are an error that names them, unless `follow` says [`Records::Undoing`]: then they too become
/// what they were before the transaction, and a copy of what they are now is kept in git's folder, where there is one.
pub fn undo(
    place: &mut Workplace,
    follow: Follow,
    interrupt: &Interrupt,
) -> Result<Option<Undone>> {
    if !place.store().exists()? {
        return Ok(None);
    }
    place.store_mut().lock()?;
    let root = place.root();
    let force = follow.records == Records::Undoing;
    let Some(journal) = Journal::read(root, &place.store().undo())?.filter(is_record) else {
        return Ok(None);
    };
    let mut edits = Vec::new();
    let mut changed = Vec::new();
    let mut edited = Vec::new();
    for entry in &journal.entries {
        let now = match fs::entry(root, &entry.path)? {
            fs::Entry::File(file) => Some(file),
            fs::Entry::Missing | fs::Entry::Dir => None,
            // The file that took the place of the folder in which this one was.
            fs::Entry::Blocked(at, _) if entry.after.is_none() && journal.puts(&at) => None,
            fs::Entry::Blocked(..) => {
                changed.push(entry.path.to_string());
                continue;
            }
        };
        let (before, after) = (file(entry.before.as_ref()), file(entry.after.as_ref()));
        if now != after && !force {
            changed.push(entry.path.to_string());
        }
        if let Some(now) = now
            .as_ref()
            .filter(|now| ![&before, &after].contains(&&Some((*now).clone())))
        {
            edited.push((entry.path.clone(), now.clone()));
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
    let modes = journal.entries.iter().filter_map(|entry| {
        let before = entry.before.as_ref()?;
        let dress = (before.mode, before.attributes.clone());
        Some((entry.path.clone(), dress))
    });
    let set_aside = if force {
        set_aside(place, &edited)?
    } else {
        None
    };
    let transaction = Transaction {
        title: format!("undo of {}", journal.title),
        edits: &edits,
        follow,
        modes: modes.collect(),
        sweep: Some(journal.made.clone()),
        made: Vec::new(),
        dirs: journal.dirs.clone(),
    };
    swap::transact(place, &transaction, interrupt)?;
    for (path, what) in &journal.bounded {
        place.store().note_lost(path, &[(*what).to_owned()]);
    }
    Ok(Some(Undone {
        title: journal.title,
        files: edits.len(),
        repository_stays: journal.follow.start.is_some(),
        set_aside,
    }))
}

/// Copies of files in a folder of the store, in the place of those of the last time; `None` without any, and where the
/// store lies in the project, which shall be as it was.
fn set_aside(place: &Workplace, files: &[(TreePath, File)]) -> Result<Option<PathBuf>> {
    let store = place.store();
    let dir = store.staging("aborted");
    if files.is_empty() || store.dir().parent() == Some(place.root()) {
        return Ok(None);
    }
    fs::remove_own_dir(&dir)?;
    for (path, file) in files {
        let copy = dir.join(path.as_str());
        fs::create_private_dir(copy.parent().unwrap_or(&dir))?;
        fs::create(&copy, file, 0o600)?;
    }
    Ok(Some(dir))
}

/// Whether the record can be taken back: one that took another back is none, should it have been left by a kill or by an
/// older release.
fn is_record(journal: &Journal) -> bool {
    !matches!(journal.follow.records, Records::None | Records::Undoing)
}

/// What belongs to the last transaction although it is done later.
#[derive(Debug, Default)]
pub struct Amendment<'a> {
    /// What is done, for people.
    pub title: &'a str,
    pub edits: &'a [Edit],
    /// Files of the transaction that are right as they are now.
    pub settled: &'a [TreePath],
    /// What is done after the files.
    pub follow: Follow,
}

/// Writes an amendment as a part of the last transaction, whose record then takes back both.
pub fn amend(place: &mut Workplace, amendment: Amendment, interrupt: &Interrupt) -> Result<()> {
    let Amendment {
        title,
        edits,
        settled,
        mut follow,
    } = amendment;
    place.store_mut().lock()?;
    let (root, store) = (place.root(), place.store());
    follow.records = Records::Former;
    if let Some(mut last) = Journal::read(root, &store.undo())? {
        for entry in &mut last.entries {
            if let Some(edit) = edits.iter().find(|edit| edit.path == entry.path) {
                let (mode, attributes) = dress(root, &entry.path)?;
                let side = |file| Side {
                    file,
                    mode,
                    attributes,
                };
                entry.after = edit.after.clone().map(side);
            } else if settled.contains(&entry.path) {
                let (mode, attributes) = dress(root, &entry.path)?;
                entry.after = match fs::entry(root, &entry.path)? {
                    fs::Entry::File(file) => Some(Side {
                        file,
                        mode,
                        attributes,
                    }),
                    _ => None,
                };
            }
        }
        // These files are written only now.
        for edit in edits {
            if last.entries.iter().all(|entry| entry.path != edit.path) {
                let (mode, attributes) = dress(root, &edit.path)?;
                let side = |file: &Option<File>| {
                    file.clone().map(|file| Side {
                        file,
                        mode,
                        attributes: attributes.clone(),
                    })
                };
                last.entries.push(JournalEntry {
                    path: edit.path.clone(),
                    before: side(&edit.before),
                    after: side(&edit.after),
                });
            }
        }
        // What followed the files is settled by now.
        last.follow = Follow::default();
        last.write(&store.staging("undo.tmp"), &store.staging("undo.next"))?;
        follow.records = Records::Amended;
    }
    let transaction = Transaction::new(title, edits, follow);
    let result = swap::transact(place, &transaction, interrupt);
    if !place.store().is_broken_off() {
        let _ = fs::remove(&place.store().staging("undo.next"));
    }
    result.map(|_| ())
}

fn dress(root: &Path, path: &TreePath) -> Result<(u32, Attributes)> {
    let path = root.join(path.as_str());
    let mode = fs::metadata(&path)?.map_or(0o644, |meta| meta.permissions().mode() & 0o7777);
    Ok((mode, fs::attributes(&path)))
}

fn file(side: Option<&Side>) -> Option<File> {
    side.map(|side| side.file.clone())
}
