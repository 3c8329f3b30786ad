//! What a transaction does besides changing files: git's index, a new repository, the record of conflicts.
//!
//! It stands in the journal, and each step can be done twice, so that a run that was killed between the files and these
//! is finished like any other.

use serde::{Deserialize, Serialize};

use super::cipher::cipher;
use super::pending::Pending;
use crate::error::Result;
use crate::fs;
use crate::git::{Git, IndexEdit, Started};
use crate::tree::TreePath;
use crate::workplace::{Store, Workplace};

/// The steps after the files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    /// Entries of git's index; one that someone changed meanwhile is left alone.
    pub index: Vec<IndexEdit>,
    /// A repository to be made, unless there is one by then.
    pub start: Option<Start>,
    /// The record of an upgrade with conflicts.
    pub pending: ToDo,
    /// What becomes of the record for `undo`.
    pub records: Records,
    /// Files that hold both versions afterwards, for the report of whoever finishes the transaction.
    pub left: Vec<TreePath>,
}

/// How far the steps have come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    index: bool,
    started: Option<Started>,
    pending: bool,
}

/// A repository with a first commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    pub paths: Vec<TreePath>,
    pub message: String,
}

/// What becomes of the record of an upgrade with conflicts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToDo {
    #[default]
    Keep,
    Set(Pending),
    /// There was this record, and there is none any more.
    Clear(Pending),
}

/// What becomes of the record of the last transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Records {
    /// This transaction is the last one: `undo` takes it back.
    #[default]
    This,
    /// No record is left: this transaction took the last one back.
    None,
    /// No record is left, as with [`Self::None`], and files that changed since were taken back too.
    Undoing,
    /// The one that was prepared beforehand, in which this one is included.
    Amended,
    /// The last one stays: this transaction only took back one that never ended.
    Former,
}

impl Records {
    /// Whether the transaction takes another one back.
    pub(super) fn is_backward(self) -> bool {
        matches!(self, Self::None | Self::Undoing | Self::Former)
    }
}

impl Follow {
    /// Writes what needs room on the disk beforehand, so that a full one is noticed before anything is changed.
    pub(super) fn stage(&self, store: &Store) -> Result<()> {
        match &self.pending {
            ToDo::Set(pending) => store.stage_pending(pending),
            ToDo::Keep | ToDo::Clear(_) => Ok(()),
        }
    }

    /// The steps that take these back.
    pub(super) fn reversed(&self) -> Self {
        Self {
            index: self.index.iter().map(IndexEdit::reversed).collect(),
            pending: match &self.pending {
                ToDo::Keep => ToDo::Keep,
                ToDo::Set(pending) => ToDo::Clear(pending.clone()),
                ToDo::Clear(pending) => ToDo::Set(pending.clone()),
            },
            ..Self::default()
        }
    }

    /// Does the steps that are not done yet, and notes in `progress` those that were begun.
    pub(super) fn run(&self, place: &Workplace, progress: &mut Progress) -> Result<()> {
        self.edit_index(place)?;
        progress.index = true;
        if let Some(start) = &self.start
            // Somebody may have made a repository since the run began.
            && Git::around(place.root())?.is_none()
        {
            progress.started = Some(start.run(place)?);
        }
        progress.pending = true;
        self.set_pending(place.store())
    }

    /// Takes the steps back that were begun.
    pub(super) fn back(&self, place: &Workplace, progress: &Progress) -> Result<()> {
        let store = place.store();
        if progress.pending {
            self.reversed().set_pending(store)?;
        }
        if progress.started.is_some() {
            fs::rename(&place.root().join(".git"), &store.staging("git"))?;
        }
        if progress.index {
            self.reversed().edit_index(place)?;
        }
        Ok(())
    }

    fn edit_index(&self, place: &Workplace) -> Result<()> {
        match place.git().filter(|_| !self.index.is_empty()) {
            Some(git) => git.edit_index(&place.store().staging("index"), &self.index),
            None => Ok(()),
        }
    }

    fn set_pending(&self, store: &Store) -> Result<()> {
        match &self.pending {
            ToDo::Keep => Ok(()),
            ToDo::Set(pending) => store.set_pending(pending),
            ToDo::Clear(_) => store.clear_pending(),
        }
    }
}

impl Progress {
    pub(super) fn started(&mut self) -> Option<Started> {
        self.started.take()
    }
}

impl Start {
    fn run(&self, place: &Workplace) -> Result<Started> {
        Git::start(
            place.root(),
            &place.store().staging("git"),
            &self.paths,
            &self.message,
            &cipher,
        )
    }
}
