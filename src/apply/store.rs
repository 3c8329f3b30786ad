//! Where a project's journal lives, and the lock that lets one process at a time use it.

use std::fs::File;
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
    ///
    /// A folder that got its repository later keeps the store that it has.
    pub fn of(root: &Path) -> Result<Self> {
        let own = root.join(".ixd-template");
        let existing = fs::metadata(&own)?;
        if existing.as_ref().is_some_and(|meta| !meta.is_dir()) {
            return Err(Error::Path {
                path: ".ixd-template".into(),
                reason: "it is no folder".into(),
            });
        }
        let dir = match Git::around(root)? {
            Some(git) if existing.is_none() => git.records(),
            _ => own,
        };
        Ok(Self { dir, lock: None })
    }

    /// Whether anything was ever recorded here.
    pub fn exists(&self) -> Result<bool> {
        Ok(fs::metadata(&self.dir)?.is_some())
    }

    /// Whether a transaction was broken off and waits to be finished, or is under way in another process.
    #[must_use]
    pub fn is_broken_off(&self) -> bool {
        matches!(fs::metadata(&self.journal()), Ok(Some(_)))
    }

    /// Makes the store and takes its lock, or says that another process has it.
    pub fn lock(&mut self) -> Result<()> {
        if self.lock.is_some() {
            return Ok(());
        }
        let is_new = !self.exists()?;
        let locked = self.take_lock();
        if is_new && !matches!(locked, Ok(()) | Err(Error::Busy { .. })) {
            let _ = fs::remove_own_dir(&self.dir);
        }
        locked
    }

    fn take_lock(&mut self) -> Result<()> {
        const ATTEMPTS: usize = 10;
        let path = self.dir.join("lock");
        for _ in 0..ATTEMPTS {
            fs::create_private_dir(&self.dir)?;
            fs::create_once(&self.dir.join(".gitignore"), b"*\n")?;
            fs::create_once(&path, b"")?;
            let Some(file) = fs::lock(&path)? else {
                return Err(Error::Busy {
                    dir: self.dir.clone(),
                });
            };
            // Whoever had it may have removed the store between our opening the file and our locking it.
            if fs::is_at(&file, &path)? {
                self.lock = Some(file);
                return Ok(());
            }
        }
        Err(Error::Busy {
            dir: self.dir.clone(),
        })
    }

    /// Records that the project was made by `new` and not changed by us since; every transaction forgets it.
    pub fn set_new(&mut self) -> Result<()> {
        self.lock()?;
        fs::create_once(&self.staging("new-project"), b"")
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

    /// Removes what a transaction staged, once it is over or never began.
    pub(super) fn clear_staging(&self) {
        for dir in ["new", "old", "git", "index"] {
            let _ = fs::remove_own_dir(&self.staging(dir));
        }
        for file in ["journal.tmp", "pending.next"] {
            let _ = fs::remove(&self.staging(file));
        }
    }

    /// Removes an unused store, so that a failed run leaves nothing behind.
    pub fn discard_if_unused(&mut self) {
        let used = [
            self.journal(),
            self.undo(),
            self.staging("pending"),
            self.staging("new-project"),
        ]
        .iter()
        .any(|path| !matches!(fs::metadata(path), Ok(None)));
        if !used && self.lock.is_some() {
            let _ = fs::remove_own_dir(&self.dir);
            self.lock = None;
        }
    }
}
