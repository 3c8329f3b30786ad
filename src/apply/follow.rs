//! What a transaction does besides changing files: git's index, a new repository, the record of conflicts.
//!
//! It stands in the journal, and each step can be done twice, so that a run that was killed between the files and these
//! is finished like any other.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::pending::Pending;
use super::store::Store;
use crate::error::Result;
use crate::fs;
use crate::git::{Git, IndexEdit, Started};
use crate::tree::TreePath;

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
}

/// A repository with a first commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    pub paths: Vec<String>,
    pub message: String,
}

/// What becomes of the record of an upgrade with conflicts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToDo {
    #[default]
    Keep,
    Set(Pending),
    Clear,
}

/// What becomes of the record of the last transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Records {
    /// This transaction is the last one: `undo` takes it back.
    #[default]
    This,
    /// None is left: this transaction took the last one back.
    None,
    /// This transaction took the last one back, and can be taken back itself.
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
            ToDo::Keep | ToDo::Clear => Ok(()),
        }
    }

    /// Does the steps that are not done yet.
    pub(super) fn run(&self, root: &Path, store: &Store) -> Result<Option<Started>> {
        if !self.index.is_empty()
            && let Some(git) = Git::around(root)?
        {
            git.edit_index(&store.staging("index"), &self.index)?;
        }
        let started = match &self.start {
            Some(start) if Git::around(root)?.is_none() => Some(start.run(root, store)?),
            _ => None,
        };
        match &self.pending {
            ToDo::Keep => {}
            ToDo::Set(pending) => store.set_pending(pending)?,
            ToDo::Clear => store.clear_pending()?,
        }
        Ok(started)
    }

    /// Takes the steps back; `pending` is the record as it was.
    pub(super) fn back(
        &self,
        root: &Path,
        store: &Store,
        pending: Option<&Pending>,
        started: bool,
    ) -> Result<()> {
        match (&self.pending, pending) {
            (ToDo::Keep, _) => {}
            (_, Some(pending)) => {
                if store.pending()?.as_ref() != Some(pending) {
                    store.stage_pending(pending)?;
                    store.set_pending(pending)?;
                }
            }
            (_, None) => store.clear_pending()?,
        }
        if started {
            fs::rename(&root.join(".git"), &store.staging("git").join(".git"))?;
        }
        let back: Vec<IndexEdit> = self.index.iter().map(IndexEdit::reversed).collect();
        if !back.is_empty()
            && let Some(git) = Git::around(root)?
        {
            git.edit_index(&store.staging("index"), &back)?;
        }
        Ok(())
    }
}

impl Start {
    fn run(&self, root: &Path, store: &Store) -> Result<Started> {
        let paths: Vec<TreePath> = self
            .paths
            .iter()
            .filter_map(|path| TreePath::new(path.as_str()).ok())
            .collect();
        let site = store.staging("git");
        fs::remove_own_dir(&site)?;
        fs::create_private_dir(&site)?;
        Git::start(root, &site, &paths, &self.message)
    }
}
