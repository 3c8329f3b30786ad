//! Where a project's journal lives, and the lock that lets one process at a time use it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;

/// The records of one project: inside git's folder, or `.ixd-template/` in a project without git.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    /// Held while this value lives.
    lock: Option<File>,
}

impl Store {
    /// The store of the project in `root`; nothing is made on disk before [`Self::lock`].
    pub fn of(root: &Path) -> Result<Self> {
        let dir = match Git::around(root)? {
            Some(git) => git.records(),
            None => root.join(".ixd-template"),
        };
        Ok(Self { dir, lock: None })
    }

    /// Whether anything was ever recorded here.
    pub fn exists(&self) -> Result<bool> {
        Ok(fs::metadata(&self.dir)?.is_some())
    }

    /// Makes the store and takes its lock, or says that another process has it.
    pub fn lock(&mut self) -> Result<()> {
        if self.lock.is_some() {
            return Ok(());
        }
        fs::create_private_dir(&self.dir)?;
        let ignore = self.dir.join(".gitignore");
        if fs::metadata(&ignore)?.is_none() {
            fs::create(&ignore, &crate::tree::File::new(*b"*\n"), 0o600)?;
        }
        let path = self.dir.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {
                self.lock = Some(file);
                Ok(())
            }
            Err(TryLockError::WouldBlock) => Err(Error::Busy {
                dir: self.dir.clone(),
            }),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", &path)(error)),
        }
    }

    /// Records that the project was made by `new` and not changed by us since; every transaction forgets it.
    pub fn set_new(&mut self) -> Result<()> {
        self.lock()?;
        fs::create(
            &self.staging("new-project"),
            &crate::tree::File::new(*b""),
            0o600,
        )
    }

    /// See [`Self::set_new`].
    pub fn is_new(&self) -> Result<bool> {
        Ok(fs::metadata(&self.staging("new-project"))?.is_some())
    }

    pub(super) fn forget_new(&self) -> Result<()> {
        fs::remove(&self.staging("new-project"))
    }

    /// The journal of a transaction that is not finished.
    pub(super) fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }

    /// The journal of the last finished transaction.
    pub(super) fn undo(&self) -> PathBuf {
        self.dir.join("undo")
    }

    /// A folder for files on their way in (`new`) or out (`old`).
    pub(super) fn staging(&self, which: &str) -> PathBuf {
        self.dir.join(which)
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Removes an unused store, so that a failed run leaves nothing behind.
    pub(super) fn discard_if_unused(&mut self) {
        let used = [
            self.journal(),
            self.undo(),
            self.staging("pending"),
            self.staging("new-project"),
        ]
        .iter()
        .any(|path| path.exists());
        if !used {
            let _ = fs::remove_own_dir(&self.dir);
            self.lock = None;
        }
    }
}
