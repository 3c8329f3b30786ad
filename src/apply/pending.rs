//! The record of an upgrade that left conflicts, from its writing to `--continue` or `--abort`.

use serde::{Deserialize, Serialize};

use super::store::Store;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Staged;
use crate::tree::File;

/// What is left to do after an upgrade with conflicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The command, for people.
    pub title: String,
    /// Files with conflicts.
    pub conflicts: Vec<String>,
    /// What the state file's list of what is open calls them.
    pub open: Vec<String>,
    /// The template's versions of files that cannot be marked, written beside them.
    pub beside: Vec<String>,
    /// The label on the lines that open a conflict: a line with it is a conflict that is left.
    pub label: String,
    /// What the conflicts' entries in git's index were.
    pub staged: Vec<Staged>,
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

    /// Records what is left to do; the store must be locked.
    pub fn set_pending(&self, pending: &Pending) -> Result<()> {
        let (temporary, path) = (self.staging("pending.tmp"), self.staging("pending"));
        let text = serde_json::to_string_pretty(pending).map_err(|error| Error::State {
            path: path.display().to_string(),
            message: error.to_string(),
        })?;
        fs::remove(&temporary)?;
        fs::create(&temporary, &File::new(text.into_bytes()), 0o600)?;
        fs::rename(&temporary, &path)
    }

    /// Forgets it.
    pub fn clear_pending(&self) -> Result<()> {
        fs::remove(&self.staging("pending"))
    }
}
