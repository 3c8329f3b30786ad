//! What a killed run left behind: finished by the next one, or taken back where the user says so.

use std::path::Path;

use super::Interrupt;
use super::follow::{Follow, Records};
use super::journal::{Journal, JournalEntry, Side};
use super::swap;
use super::transaction::Transaction;
use crate::error::{Error, Result};
use crate::fs;
use crate::plan::Edit;
use crate::tree::{File, TreePath};
use crate::workplace::Workplace;

/// What became of a transaction that had been broken off.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovered {
    /// It had got past its point of no return and is now done.
    Finished {
        title: String,
        /// Files that hold both versions now.
        left: Vec<TreePath>,
    },
}

/// What [`take_back`] did.
#[derive(Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// The command that had been broken off.
    pub title: String,
    /// How many files were written.
    pub files: usize,
    /// Files that someone changed meanwhile, and where their newer content stands now.
    pub aside: Vec<(String, String)>,
    /// Whether the command was the end of an upgrade, which is still to be taken back as a whole.
    pub is_amendment: bool,
}

/// A broken-off transaction against what is on the disk.
struct Survey {
    journal: Journal,
    /// Entries that are as they were before.
    rest: Vec<JournalEntry>,
    /// Entries that are neither as before nor as after: someone else changed them since.
    foreign: Vec<JournalEntry>,
}

/// Finishes the transaction that a killed run left at `place`; `None` when there was none.
///
/// Every file is then wholly old or wholly new: what is old is done now. A file that is neither was changed by someone
/// else since; then nothing is touched and the error names it.
pub fn recover(place: &mut Workplace) -> Result<Option<Recovered>> {
    let Some(survey) = survey(place)? else {
        return Ok(None);
    };
    if !survey.foreign.is_empty() {
        return Err(survey.interrupted());
    }
    swap::resume(place, &survey.journal, survey.rest)?;
    let journal = survey.journal;
    Ok(Some(Recovered::Finished {
        title: journal.title,
        left: journal.follow.left,
    }))
}

/// Takes back the transaction that a killed run left at `place`; `None` when there was none.
///
/// One that took another back itself, or ended an upgrade, is finished instead: that is what its user wants. Files that
/// someone changed since keep that content under a new name beside them.
pub fn take_back(place: &mut Workplace, interrupt: &Interrupt) -> Result<Option<TakenBack>> {
    let Some(survey) = survey(place)? else {
        return Ok(None);
    };
    let root = place.root();
    let _writing = interrupt.writing();
    let records = survey.journal.follow.records;
    let is_amendment = records == Records::Amended;
    let is_forward = records.is_backward() || is_amendment;
    let goal = |entry: &JournalEntry| {
        if is_forward {
            entry.after.clone()
        } else {
            entry.before.clone()
        }
    };
    let mut edits = Vec::new();
    let mut modes = Vec::new();
    let mut aside = Vec::new();
    for entry in &survey.journal.entries {
        let (now, wanted) = (now(root, entry)?, goal(entry));
        let wanted_file = wanted.as_ref().map(|side| side.file.clone());
        let is_foreign = survey.foreign.iter().any(|other| other.path == entry.path);
        if is_foreign && !matches!(now, Now::File(_)) {
            return Err(survey.interrupted());
        }
        let now = now.file();
        if now == wanted_file {
            continue;
        }
        if let Some(file) = now.clone().filter(|_| is_foreign) {
            let place = free_name(root, &entry.path)?;
            aside.push((entry.path.to_string(), place.to_string()));
            edits.push(Edit {
                path: place,
                before: None,
                after: Some(file),
                like: None,
            });
        }
        modes.extend(wanted.map(|side| (entry.path.clone(), (side.mode, side.attributes))));
        edits.push(Edit {
            path: entry.path.clone(),
            before: now,
            after: wanted_file,
            like: None,
        });
    }
    swap::remove_strays(root, &survey.journal)?;
    let title = survey.journal.title.clone();
    let transaction = Transaction {
        title: title.clone(),
        edits: &edits,
        modes: modes.into_iter().collect(),
        sweep: if is_forward {
            survey.journal.sweep.clone()
        } else {
            Some(survey.journal.made.clone())
        },
        made: if is_forward {
            survey.journal.made.clone()
        } else {
            Vec::new()
        },
        dirs: survey.journal.dirs.clone(),
        follow: follow(&survey.journal.follow),
    };
    swap::replace(place, &transaction, interrupt)?;
    Ok(Some(TakenBack {
        title,
        files: edits.len() - aside.len(),
        aside,
        is_amendment,
    }))
}

/// What follows the files when a transaction with `follow` is taken back (or finished, if it took one back itself).
fn follow(follow: &Follow) -> Follow {
    if follow.records.is_backward() || follow.records == Records::Amended {
        return follow.clone();
    }
    Follow {
        records: Records::Former,
        ..follow.reversed()
    }
}

/// A name beside `path` at which nothing is: `settings.py.edited`.
fn free_name(root: &Path, path: &TreePath) -> Result<TreePath> {
    for number in 1_u32.. {
        let name = match number {
            1 => format!("{path}.edited"),
            _ => format!("{path}.edited-{number}"),
        };
        let name = TreePath::new(name).map_err(|reason| Error::Path {
            path: path.to_string(),
            reason,
        })?;
        if fs::metadata(&root.join(name.as_str()))?.is_none() {
            return Ok(name);
        }
    }
    unreachable!("there are not that many files")
}

impl Survey {
    fn interrupted(&self) -> Error {
        Error::Interrupted {
            title: self.journal.title.clone(),
            paths: self
                .foreign
                .iter()
                .map(|entry| entry.path.to_string())
                .collect(),
        }
    }
}

fn survey(place: &mut Workplace) -> Result<Option<Survey>> {
    if !place.store().is_broken_off() {
        return Ok(None);
    }
    place.store_mut().lock()?;
    let root = place.root();
    let Some(journal) = Journal::read(root, &place.store().journal())? else {
        return Ok(None);
    };
    let mut rest = Vec::new();
    let mut foreign = Vec::new();
    for entry in &journal.entries {
        let file = |side: &Option<Side>| side.as_ref().map(|side| side.file.clone());
        match now(root, entry)? {
            Now::File(now) if now == file(&entry.after) => {}
            Now::File(now) if now == file(&entry.before) => rest.push(entry.clone()),
            // The file whose deletion makes room for a folder on the way to this one is still there.
            Now::Way(at) if entry.before.is_none() && journal.deletes(&at) => {
                rest.push(entry.clone());
            }
            // The folder that took the place of a deleted file.
            Now::Dir if entry.after.is_none() && journal.made.contains(&entry.path) => {}
            // An empty folder where a file shall be, which had been the folder of deleted ones.
            Now::Dir if entry.before.is_none() && entry.after.is_some() => {
                rest.push(entry.clone());
            }
            // The file that took the place of the folder in which this one was.
            Now::Way(at) if entry.after.is_none() && journal.puts(&at) => {}
            _ => foreign.push(entry.clone()),
        }
    }
    Ok(Some(Survey {
        journal,
        rest,
        foreign,
    }))
}

/// What stands at an entry's path.
enum Now {
    File(Option<File>),
    Dir,
    /// Something stands on the way there; this is its path.
    Way(String),
    Other,
}

impl Now {
    fn file(self) -> Option<File> {
        match self {
            Self::File(file) => file,
            _ => None,
        }
    }
}

fn now(root: &Path, entry: &JournalEntry) -> Result<Now> {
    Ok(match fs::entry(root, &entry.path)? {
        fs::Entry::File(file) => Now::File(Some(file)),
        fs::Entry::Missing => Now::File(None),
        fs::Entry::Dir => Now::Dir,
        fs::Entry::Blocked(at, _) if at == entry.path.as_str() => Now::Other,
        fs::Entry::Blocked(at, _) => Now::Way(at),
    })
}
