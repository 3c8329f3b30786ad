//! The door to git: where the repository is, what it tracks, filters or ignores, a first commit, conflict stages.
//!
//! No hook of the user's runs here, no filter but where `git status` has to be asked, and no setting of theirs changes what
//! is merged.

mod config;
mod crypt;
mod foreign;
mod index;
mod lock;
mod private;
mod sparse;
mod stages;
mod start;
mod status;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags, RepositoryState};

pub use config::{Changes, Configured, Setting};
pub use crypt::{Cipher, Crypted, is_called_secret};
pub use private::Private;
pub use stages::{IndexEdit, Stages};
pub use start::Started;

use foreign::Foreign;

use crate::error::{Error, Result};
use crate::fs;
use crate::tree::TreePath;

/// The repository that a folder lies in, seen from that folder.
pub struct Git {
    repository: Repository,
    /// Where libgit2 cannot open the repository, which then is a stand-in for its work tree.
    foreign: Option<Foreign>,
    /// The same repository, with the part of the index that was asked for last; see [`Self::index_of`].
    looking: OnceCell<Repository>,
    /// The project's folder relative to the work tree, with a `/` at its end; empty at the top.
    prefix: String,
}

impl Git {
    /// The repository around `dir`, which need not exist yet; `None` when there is none with a work tree.
    pub fn around(dir: &Path) -> Result<Option<Self>> {
        let existing = dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(dir);
        // This is not `discover`, which forgets the work tree of a repository whose git folder lies elsewhere.
        let (repository, foreign) = match open(existing) {
            Ok(repository) => (repository, None),
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) if error.code() == ErrorCode::Owner => {
                let top = existing.ancestors().find(|dir| dir.join(".git").exists());
                return Err(Error::GitOwner {
                    dir: top.unwrap_or(existing).to_owned(),
                });
            }
            Err(error) => {
                let (stand_in, foreign) = Foreign::around(existing, &error)?;
                (stand_in, Some(foreign))
            }
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
            foreign,
            looking: OnceCell::new(),
            prefix,
        }))
    }

    /// What looks like the repository around `dir` where [`Self::around`] finds none in it: it cannot be read, or lacks what
    /// makes it one.
    #[must_use]
    pub fn unreadable(dir: &Path) -> Option<PathBuf> {
        let place = dir.ancestors().map(|dir| dir.join(".git"));
        let place = place.into_iter().find(|place| place.exists())?;
        let names = ["config", "objects", "refs", "index"];
        let is_one = match fs::list(&place) {
            Ok(found) => {
                let found = found.unwrap_or_default();
                place.is_file() || names.iter().any(|name| found.iter().any(|has| has == name))
            }
            Err(_) => true,
        };
        is_one.then_some(place)
    }

    /// When the last commit was made, in seconds since 1970; `None` where there is none, or it cannot be read.
    #[must_use]
    pub fn last_commit(&self) -> Option<i64> {
        let commit = self.repository.head().ok()?.peel_to_commit().ok()?;
        Some(commit.time().seconds())
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
        self.dir().join("ixd-template").join(project)
    }

    /// Whether `path` is git's own folder, of this work tree or of all, or lies in it; links in `path` are resolved before.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        let mut folders = [self.dir(), self.common()].into_iter();
        folders.any(|dir| dir.canonicalize().is_ok_and(|dir| path.starts_with(dir)))
    }

    /// What git is in the middle of: "a merge", "a rebase"…; `None` when it is in the middle of nothing.
    #[must_use]
    pub fn in_the_middle_of(&self) -> Option<&'static str> {
        if let Some(foreign) = &self.foreign {
            return self.in_the_middle_of_foreign(foreign);
        }
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
///
/// A folder that looks like git's own under another name than `.git` is what a commit can bring along, with a
/// configuration and records of its own: it is a part of what is around it.
fn open(dir: &Path) -> std::result::Result<Repository, git2::Error> {
    let no_ceiling: [&Path; 0] = [];
    let repository = Repository::open_ext(dir, RepositoryOpenFlags::CROSS_FS, no_ceiling)?;
    let folder = repository.path().canonicalize();
    let (Ok(folder), Ok(real)) = (folder, dir.canonicalize()) else {
        return Ok(repository);
    };
    if folder.ends_with(".git") || !real.starts_with(&folder) {
        return Ok(repository);
    }
    match folder.parent() {
        Some(around) => open(around),
        None => Err(git2::Error::new(
            ErrorCode::NotFound,
            git2::ErrorClass::Repository,
            "nothing is around it",
        )),
    }
}
