//! Where a project's journal lives, and the lock that lets one process at a time use it.

use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::trust::{self, RECORDS};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::tree::{OWN_FOLDER, TreePath};

/// The records of one project: inside git's folder, or `.ixd-template/` in a project without git.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    /// The lock is held while this value lives.
    lock: Option<File>,
    /// What files lost beside their bytes when they were replaced, in words.
    lost: RefCell<Vec<String>>,
}

impl Store {
    /// The store of the project in `root`, in the repository `git`; nothing is made on disk before [`Self::lock`].
    ///
    /// A folder that got its repository later keeps the store that it has. A store that is not ours is an error.
    pub(super) fn of(root: &Path, git: Option<&Git>) -> Result<Self> {
        let own = root.join(OWN_FOLDER);
        let existing = fs::metadata(&own)?;
        if existing.as_ref().is_some_and(|meta| !meta.is_dir()) {
            return Err(Error::Path {
                path: OWN_FOLDER.into(),
                reason: "it is no folder".into(),
            });
        }
        let dir = match git {
            Some(git) if existing.is_none() => git.records(),
            _ => own,
        };
        trust::check(root, &dir, git)?;
        Ok(Self {
            dir,
            lock: None,
            lost: RefCell::default(),
        })
    }

    pub(crate) fn note_lost(&self, path: &TreePath, what: &[String]) {
        let what = what.join(" and ");
        self.lost.borrow_mut().push(format!("{path} lost {what}"));
    }

    /// What replaced files lost since this was last asked: what only another user may give them.
    pub fn take_lost(&self) -> Vec<String> {
        self.lost.take()
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
            // Only an empty store is removed: another process may have the lock that this one did not get.
            if matches!(fs::metadata(&self.dir.join("lock")), Ok(None)) {
                let _ = fs::remove(&self.dir.join(".gitignore"));
            }
            fs::remove_dir_if_empty(&self.dir);
        }
        locked
    }

    fn take_lock(&mut self) -> Result<()> {
        const ATTEMPTS: usize = 10;
        let path = self.dir.join("lock");
        for _ in 0..ATTEMPTS {
            // Whoever has the lock may remove the store at any time before we have it.
            match self.make_lock(&path) {
                Err(error) if error.is_absent() => {}
                Err(error) => return Err(error),
                Ok(None) => break,
                Ok(Some(file)) if fs::is_at(&file, &path)? => {
                    self.lock = Some(file);
                    return Ok(());
                }
                Ok(Some(_)) => {}
            }
        }
        Err(Error::Busy {
            dir: self.dir.clone(),
        })
    }

    fn make_lock(&self, path: &Path) -> Result<Option<File>> {
        fs::create_private_dir(&self.dir)?;
        fs::create_once(&self.dir.join(".gitignore"), b"*\n")?;
        fs::create_once(path, b"")?;
        fs::lock(path)
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

    /// The decisions of a review that was left, as they were kept.
    pub fn kept_review(&self) -> Result<Option<Vec<u8>>> {
        fs::read(&self.staging("review"))
    }

    /// Keeps the decisions of a review that is left, or forgets them.
    pub fn keep_review(&mut self, text: Option<&[u8]>) -> Result<()> {
        let path = self.staging("review");
        let Some(text) = text else {
            return fs::remove(&path);
        };
        self.lock()?;
        fs::remove(&path)?;
        fs::create(&path, &crate::tree::File::new(text), 0o600)
    }

    pub(crate) fn forget_new(&self) -> Result<()> {
        fs::remove(&self.staging("new-project"))
    }

    /// The journal of a transaction that is not finished.
    pub(crate) fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }

    /// The journal of the last finished transaction.
    pub(crate) fn undo(&self) -> PathBuf {
        self.dir.join("undo")
    }

    /// A folder for files on their way in (`new`) or out (`old`).
    pub(crate) fn staging(&self, which: &str) -> PathBuf {
        self.dir.join(which)
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Removes what a transaction staged, once it is over or never began.
    pub(crate) fn clear_staging(&self) {
        for dir in ["new", "old", "git", "index"] {
            let _ = fs::remove_own_dir(&self.staging(dir));
        }
        for file in ["journal.tmp", "pending.next"] {
            let _ = fs::remove(&self.staging(file));
        }
    }

    /// Removes an unused store, so that a failed run leaves nothing behind.
    pub fn discard_if_unused(&mut self) {
        let used = RECORDS
            .iter()
            .any(|name| !matches!(fs::metadata(&self.dir.join(name)), Ok(None)));
        if !used && self.lock.is_some() {
            self.clear_staging();
            let _ = fs::remove(&self.dir.join(".gitignore"));
            // The lock goes last: from here on another process can make a lock of its own, which must stay.
            let _ = fs::remove(&self.dir.join("lock"));
            fs::remove_dir_if_empty(&self.dir);
            self.lock = None;
        }
    }
}
