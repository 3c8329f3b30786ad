//! A folder of our own inside git's, where what nobody else may see is written before it is renamed into its place.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::Git;
use crate::error::{Error, Result};
use crate::fs;

/// The folder, empty at first, which only its owner can enter and no other process of ours has. What a killed run left in it
/// is removed by the next one.
#[derive(Debug)]
pub struct Private {
    dir: PathBuf,
    /// The lock is held while this value lives.
    _lock: File,
}

impl Git {
    /// The private folder of the repository.
    pub fn private(&self) -> Result<Private> {
        Private::below(self.common())
    }
}

impl Private {
    pub(super) fn below(git: &Path) -> Result<Self> {
        const ATTEMPTS: usize = 10;
        // Records of a project are never called so: theirs have digits behind a `%`.
        let dir = git.join("ixd-template").join("%private");
        for _ in 0..ATTEMPTS {
            fs::create_private_dir(&dir)?;
            let owner = fs::owner(&dir)?;
            if owner.is_some_and(|owner| !owner.is_ours() || owner.is_open_to_all()) {
                break;
            }
            // Whoever had the folder until now removes it.
            let lock = match fs::lock(&dir) {
                Err(error) if error.is_absent() => continue,
                found => found?,
            };
            let Some(lock) = lock else { break };
            if !fs::is_at(&lock, &dir)? || fs::mode(&dir)?.is_none() {
                continue;
            }
            for name in fs::list(&dir)?.unwrap_or_default() {
                fs::remove(&dir.join(name))?;
            }
            return Ok(Self { dir, _lock: lock });
        }
        Err(Error::Busy { dir })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Keeps what is at `path` under a second name, by which [`fs::put_in_place`] brings it back without room on the disk.
    pub fn keep_aside(&self, path: &Path, name: &str) -> Result<PathBuf> {
        let aside = self.dir.join(name);
        fs::keep_aside(path, &aside)?;
        Ok(aside)
    }

    /// Gives `path` new content and `mode`, whole or not at all, and never for others to see before it has that mode.
    pub fn replace(&self, path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
        let place = fs::real_place(path)?;
        let staged = self.dir.join("staged");
        fs::remove(&staged)?;
        fs::stage(&staged, bytes, mode, &place)?;
        fs::sync(&staged)?;
        fs::put_in_place(&staged, &place)
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        let _ = fs::remove_own_dir(&self.dir);
        if let Some(records) = self.dir.parent() {
            fs::remove_dir_if_empty(records);
        }
    }
}
