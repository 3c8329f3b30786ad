//! The door to git: where the repository is, what it tracks, filters or ignores, a first commit, conflict stages.
//!
//! No hook and no filter of the user's runs here, and no setting of theirs changes what is merged.

mod config;
mod crypt;
mod index;
mod lock;
mod private;
mod stages;
mod start;
mod status;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags, RepositoryState};

pub use config::{Changes, Sealed, Setting};
pub use crypt::{Crypted, Seal, is_called_secret};
pub use private::Private;
pub use stages::{IndexEdit, Stages};
pub use start::Started;

use crate::error::{Error, Result};
use crate::tree::TreePath;

/// The repository that a folder lies in, seen from that folder.
pub struct Git {
    repository: Repository,
    /// The same repository, with the part of the index that was asked for last; see [`Self::index_of`].
    looking: OnceCell<Repository>,
    /// The project's folder relative to the work tree, with a `/` at its end; empty at the top.
    prefix: String,
}

impl Git {
    /// The repository around `dir`, which need not exist yet; `None` when there is none with a work tree.
    pub fn around(dir: &Path) -> Result<Option<Self>> {
        let existing = dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(dir);
        // Not `discover`: it forgets the work tree of a repository whose git folder lies elsewhere.
        let repository = match open(existing) {
            Ok(repository) => repository,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) if error.code() == ErrorCode::Owner => {
                let top = existing.ancestors().find(|dir| dir.join(".git").exists());
                return Err(Error::GitOwner {
                    dir: top.unwrap_or(existing).to_owned(),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let Some(work_tree) = repository.workdir().map(Path::to_path_buf) else {
            return Ok(None);
        };
        let real = existing
            .canonicalize()
            .unwrap_or_else(|_| existing.to_owned());
        let real = real.join(dir.strip_prefix(existing).unwrap_or(Path::new("")));
        let work_tree = work_tree.canonicalize().unwrap_or(work_tree);
        let below = real.strip_prefix(&work_tree).ok().and_then(Path::to_str);
        let mut prefix = below.unwrap_or_default().to_owned();
        if !prefix.is_empty() {
            prefix.push('/');
        }
        Ok(Some(Self {
            repository,
            looking: OnceCell::new(),
            prefix,
        }))
    }

    /// A folder for our own records about this project: inside git's own, so never committed.
    #[must_use]
    pub fn records(&self) -> PathBuf {
        let project = self
            .prefix
            .trim_end_matches('/')
            .replace('%', "%25")
            .replace('/', "%2F");
        let project = if project.is_empty() {
            "root"
        } else {
            project.as_str()
        };
        self.repository.path().join("ixd-template").join(project)
    }

    /// What git is in the middle of: "a merge", "a rebase"…; `None` when it is in the middle of nothing.
    #[must_use]
    pub fn in_the_middle_of(&self) -> Option<&'static str> {
        match self.repository.state() {
            RepositoryState::Clean => None,
            RepositoryState::Merge => Some("a merge"),
            RepositoryState::Revert | RepositoryState::RevertSequence => Some("a revert"),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => {
                Some("a cherry-pick")
            }
            RepositoryState::Bisect => Some("a bisection"),
            RepositoryState::Rebase
            | RepositoryState::RebaseInteractive
            | RepositoryState::RebaseMerge => Some("a rebase"),
            RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => {
                Some("applying mails")
            }
        }
    }

    /// A project's path as git calls it: relative to the work tree.
    fn path(&self, path: &TreePath) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// The repository around a folder that exists.
fn open(dir: &Path) -> std::result::Result<Repository, git2::Error> {
    let no_ceiling: [&Path; 0] = [];
    Repository::open_ext(dir, RepositoryOpenFlags::CROSS_FS, no_ceiling)
}
