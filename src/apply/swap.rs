//! The transaction: prepare, write the journal, swap by renames, or take it all back.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::Interrupt;
use super::follow::{Progress, Records};
use super::journal::{Journal, JournalEntry, bounded};
use super::prepare::{place, prepare, stage, sync_dirs};
use super::transaction::Transaction;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Started;
use crate::tree::{File, TreePath};
use crate::workplace::Workplace;

/// Applies a transaction to the project at `place`.
///
/// Every path is compared with its edit's `before` first; where they differ nothing is written. From the journal's
/// appearance on, the transaction is finished by whoever runs next; a failure after it takes everything back.
pub fn transact(
    place: &mut Workplace,
    transaction: &Transaction,
    interrupt: &Interrupt,
) -> Result<Option<Started>> {
    let writing = interrupt.writing();
    place.store_mut().lock()?;
    let result = begin(place, transaction, interrupt).and_then(|journal| {
        let mut swap = Swap::new(place, &journal);
        match swap.run() {
            Ok(started) => Ok(started),
            Err(error @ Error::HalfWay { .. }) => Err(error),
            Err(error) => {
                swap.back()
                    .and_then(|()| fs::remove(&place.store().journal()))
                    .map_err(|second| journal.half_way(second))?;
                Err(error)
            }
        }
    });
    if !place.store().is_broken_off() {
        place.store().clear_staging();
        if result.is_err() {
            place.store_mut().discard_if_unused();
        }
    }
    if result.is_ok() {
        writing.done();
    }
    result
}

fn begin(place: &Workplace, transaction: &Transaction, interrupt: &Interrupt) -> Result<Journal> {
    let store = place.store();
    if let Some(other) = Journal::read(place.root(), &store.journal())? {
        // Another run was killed since this one looked whether there is one to finish.
        let path = |entry: JournalEntry| entry.path.to_string();
        return Err(Error::Changed {
            paths: other.entries.into_iter().map(path).collect(),
        });
    }
    let mut journal = prepare(place, transaction, interrupt)?;
    journal.write(&store.staging("journal.tmp"), &store.journal())?;
    Ok(journal)
}

/// Begins `transaction` in the place of the broken-off one whose journal is there, and does it. What fails leaves the
/// new journal for the next run.
pub(super) fn replace(
    place: &Workplace,
    transaction: &Transaction,
    interrupt: &Interrupt,
) -> Result<()> {
    let store = place.store();
    let mut journal = prepare(place, transaction, interrupt)?;
    journal.write(&store.staging("journal.tmp"), &store.journal())?;
    let done = Swap::new(place, &journal).run();
    done.map_err(|error| journal.half_way(error))?;
    store.clear_staging();
    Ok(())
}

/// Does those entries of a broken-off transaction that are still to be done, and what follows. What fails leaves the
/// journal in place, for the next run.
pub(super) fn resume(place: &Workplace, journal: &Journal, rest: Vec<JournalEntry>) -> Result<()> {
    let store = place.store();
    remove_strays(place.root(), journal)?;
    let rest = Journal {
        entries: rest,
        ..journal.clone()
    };
    let done = stage(store, &rest, &Interrupt::default()).and_then(|()| {
        let mut swap = Swap::new(place, &rest);
        swap.sweep_of = journal;
        swap.run()
    });
    done.map_err(|error| journal.half_way(error))?;
    store.clear_staging();
    Ok(())
}

impl Journal {
    fn half_way(&self, error: Error) -> Error {
        match error {
            Error::HalfWay { .. } => error,
            error => Error::HalfWay {
                title: self.title.clone(),
                reason: error.to_string(),
            },
        }
    }
}

struct Swap<'a> {
    place: &'a Workplace,
    journal: &'a Journal,
    /// The whole transaction, of which `journal` may be the rest.
    sweep_of: &'a Journal,
    /// How many entries are done.
    done: usize,
    /// How far what follows the entries has come.
    followed: Progress,
}

impl<'a> Swap<'a> {
    fn new(place: &'a Workplace, journal: &'a Journal) -> Self {
        Self {
            place,
            journal,
            sweep_of: journal,
            done: 0,
            followed: Progress::default(),
        }
    }

    fn run(&mut self) -> Result<Option<Started>> {
        for (number, entry) in self.journal.entries.iter().enumerate() {
            self.one(number, entry)?;
            self.done = number + 1;
        }
        self.settle()?;
        let follow = &self.journal.follow;
        follow.run(self.place, &mut self.followed)?;
        self.sweep();
        self.end()?;
        Ok(self.followed.started())
    }

    fn one(&self, number: usize, entry: &JournalEntry) -> Result<()> {
        let target = self.target(&entry.path);
        let aside = self.place.store().staging("old").join(number.to_string());
        if entry.after.is_none() {
            return fs::take_aside(&target, &aside);
        }
        self.make_parents(&entry.path)?;
        let existing = fs::metadata(&target)?;
        if existing.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            if !fs::files_below(self.place.root(), entry.path.as_str())?.is_empty() {
                return Err(Error::Path {
                    path: entry.path.to_string(),
                    reason: "a folder with files stands there".into(),
                });
            }
            fs::take_empty_dir_aside(&target, &aside.with_extension("dir"))?;
        } else if existing.is_some() {
            fs::keep_aside(&target, &aside)?;
        }
        let owner = existing.map(|meta| (meta.uid(), meta.gid()));
        let incoming = self.place.store().staging("new").join(number.to_string());
        let after = entry.after.as_ref().filter(|after| !after.file.is_link());
        let dress = after.map(|after| after.dress(owner));
        match &dress {
            Some(dress) => dress.put_on(&incoming),
            None => fs::keep_owner(&incoming, owner),
        }
        fs::relocate(&incoming, &target, &self.beside(&entry.path))?;
        if let Some(dress) = dress {
            // Another file system may not take over all.
            dress.put_on(&target);
            let lost = dress.lost_at(&target);
            if !lost.is_empty() {
                self.place.store().note_lost(&entry.path, &lost);
            }
        }
        Ok(())
    }

    /// Makes the folders that lead to `path`; never through a link.
    fn make_parents(&self, path: &TreePath) -> Result<()> {
        for parent in path.parents() {
            let dir = self.place.root().join(parent);
            let is_new = match fs::metadata(&dir)? {
                Some(meta) if meta.is_dir() => false,
                Some(_) => {
                    return Err(Error::Path {
                        path: path.to_string(),
                        reason: format!("`{parent}` is no folder"),
                    });
                }
                None => fs::create_dir(&dir)?,
            };
            // A folder that was made by a run which was killed before it set the mode is there too.
            if let Some(mode) = self.journal.dirs.get(parent)
                && (is_new
                    || self
                        .sweep_of
                        .made
                        .iter()
                        .any(|made| made.as_str() == parent))
            {
                fs::set_mode(&dir, bounded(*mode, fs::mode(&dir)?))?;
            }
        }
        Ok(())
    }

    /// Takes back what was done, and what a failed entry may have left, newest first.
    fn back(&self) -> Result<()> {
        let journal = self.journal;
        journal.follow.back(self.place, &self.followed)?;
        let begun = journal.entries.iter().enumerate().take(self.done + 1);
        for (number, entry) in begun.rev() {
            self.one_back(number, entry)?;
        }
        for dir in journal.made.iter().rev() {
            fs::remove_dir_if_empty(&self.target(dir));
        }
        Ok(())
    }

    fn one_back(&self, number: usize, entry: &JournalEntry) -> Result<()> {
        let target = self.target(&entry.path);
        let aside = self.place.store().staging("old").join(number.to_string());
        let file = |side: &super::journal::Side| -> File { side.file.clone() };
        let now = match fs::entry(self.place.root(), &entry.path)? {
            fs::Entry::File(file) => Some(file),
            _ => None,
        };
        if let Some(before) = &entry.before {
            let made = self.journal.made.iter().rev();
            let is_in_the_way = |dir: &&TreePath| **dir == entry.path || entry.path.is_above(dir);
            for dir in made.filter(is_in_the_way) {
                fs::remove_dir_if_empty(&self.target(dir));
            }
            // What could not be replaced still is what it was; a rename would fail as the first one did.
            if now == Some(file(before)) {
                return fs::remove(&aside);
            }
            if fs::metadata(&aside)?.is_some() {
                self.make_parents(&entry.path)?;
                fs::relocate(&aside, &target, &self.beside(&entry.path))?;
            } else {
                self.make_parents(&entry.path)?;
                let again = self
                    .place
                    .store()
                    .staging("new")
                    .join(format!("{number}.back"));
                place(&again, before)?;
                fs::relocate(&again, &target, &self.beside(&entry.path))?;
            }
        } else {
            if now.is_some() && now == entry.after.as_ref().map(file) {
                fs::remove(&target)?;
            }
            let dir = aside.with_extension("dir");
            if fs::metadata(&dir)?.is_some() {
                fs::rename(&dir, &target)?;
            }
        }
        Ok(())
    }

    /// Waits until what was renamed is on the disk itself.
    fn settle(&self) -> Result<()> {
        let dirs: BTreeSet<PathBuf> = self
            .journal
            .entries
            .iter()
            .filter_map(|entry| Some(self.target(&entry.path).parent()?.to_owned()))
            .filter(|dir| dir.is_dir())
            .collect();
        sync_dirs(self.place.root(), &dirs)
    }

    /// Git keeps no empty folder, and neither does a template: those that deletions empty go with them.
    fn sweep(&self) {
        let journal = self.sweep_of;
        if let Some(dirs) = &journal.sweep {
            for dir in dirs.iter().rev() {
                fs::remove_dir_if_empty(&self.target(dir));
            }
            return;
        }
        for entry in journal.entries.iter().filter(|entry| entry.after.is_none()) {
            let parents: Vec<&str> = entry.path.parents().collect();
            for parent in parents.iter().rev() {
                if !fs::remove_dir_if_empty(&self.place.root().join(parent)) {
                    break;
                }
            }
        }
    }

    /// Ends the transaction: its journal becomes the record for `undo`, or what the transaction says.
    fn end(&self) -> Result<()> {
        let (journal, record) = (self.place.store().journal(), self.place.store().undo());
        match self.journal.follow.records {
            Records::This => fs::rename(&journal, &record)?,
            Records::None | Records::Undoing => {
                fs::rename(&journal, &record)?;
                // Where the record stays, it says of itself that it is none.
                let _ = fs::remove(&record);
            }
            Records::Amended => {
                let amended = self.place.store().staging("undo.next");
                if fs::metadata(&amended)?.is_some() {
                    fs::rename(&amended, &record)?;
                }
                fs::remove(&journal)
                    .or_else(|_| fs::remove(&journal))
                    .map_err(|error| self.journal.half_way(error))?;
            }
            Records::Former => fs::remove(&journal)?,
        }
        // The transaction is done; that the disk may not know it yet is no failure.
        let _ = self.place.store().forget_new();
        let _ = fs::sync(self.place.store().dir());
        Ok(())
    }

    fn target(&self, path: &TreePath) -> PathBuf {
        self.place.root().join(path.as_str())
    }

    fn beside(&self, path: &TreePath) -> PathBuf {
        beside(self.place.root(), self.journal, path)
    }
}

/// Removes the temporary file that a killed run may have left in a folder of its targets.
pub(super) fn remove_strays(root: &Path, journal: &Journal) -> Result<()> {
    let mut entries = journal.entries.iter();
    entries.try_for_each(|entry| fs::remove(&beside(root, journal, &entry.path)))
}

/// The temporary file in the folder of `path`, used when the store is on another file system.
fn beside(root: &Path, journal: &Journal, path: &TreePath) -> PathBuf {
    root.join(path.as_str())
        .with_file_name(format!(".ixd-template-{}.tmp", journal.process))
}
