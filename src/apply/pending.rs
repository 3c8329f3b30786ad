//! The record of an upgrade that left conflicts, from its writing to `--continue` or `--abort`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::fs;
use crate::git::IndexEdit;
use crate::tree::{File, TreePath};
use crate::workplace::Store;
use three_way::Marks;

/// What is left to do after an upgrade with conflicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The command, for people.
    pub title: String,
    /// Files with conflicts.
    pub conflicts: Vec<TreePath>,
    /// What the state file's list of what is open calls them.
    pub open: Vec<TreePath>,
    /// The template's versions of files that cannot be marked, written beside them.
    pub beside: Vec<TreePath>,
    /// The label on the lines that open a conflict: a line with it is a conflict that is left.
    pub label: String,
    /// What is a part of a conflict in each file that was written with markers; a record of an older release has none.
    #[serde(default)]
    pub marks: BTreeMap<TreePath, Marks>,
    /// How the conflicts stand in git's index, and what stood there before for every file that was written.
    pub staged: Vec<IndexEdit>,
}

impl Pending {
    /// The files with conflicts, for people.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.conflicts.iter().map(ToString::to_string).collect()
    }
}

impl Store {
    /// The upgrade that is waiting for its conflicts to be resolved.
    pub fn pending(&self) -> Result<Option<Pending>> {
        let path = self.staging("pending");
        let Some(bytes) = fs::read(&path)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| Error::State {
                path: path.display().to_string(),
                message: error.to_string(),
            })
    }

    /// Writes the record to where [`Self::set_pending`] only has to rename it.
    pub(super) fn stage_pending(&self, pending: &Pending) -> Result<()> {
        let path = self.staging("pending.next");
        let text = serde_json::to_string_pretty(pending).map_err(|error| Error::State {
            path: path.display().to_string(),
            message: error.to_string(),
        })?;
        fs::remove(&path)?;
        fs::create(&path, &File::new(text.into_bytes()), 0o600)?;
        fs::sync(&path)
    }

    /// Records what is left to do.
    pub(super) fn set_pending(&self, pending: &Pending) -> Result<()> {
        let staged = self.staging("pending.next");
        if fs::metadata(&staged)?.is_none() {
            self.stage_pending(pending)?;
        }
        fs::rename(&staged, &self.staging("pending"))
    }

    /// Removes the record.
    pub(super) fn clear_pending(&self) -> Result<()> {
        fs::remove(&self.staging("pending"))
    }
}
