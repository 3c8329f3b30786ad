//! The door to git: where the repository is, which files it filters or ignores, and a new project's first commit.

use std::path::{Path, PathBuf};

use git2::{AttrCheckFlags, ErrorCode, Repository, RepositoryInitOptions};

use crate::error::Result;
use crate::tree::TreePath;

/// The repository that a folder lies in.
pub struct Git {
    repository: Repository,
    /// The project's folder relative to the work tree, with a `/` at its end; empty at the top.
    prefix: String,
}

/// What became of a new project's files in git.
#[derive(Debug, PartialEq, Eq)]
pub enum Started {
    /// A first commit; its abbreviated id.
    Committed(String),
    /// Staged only: git knows no name and e-mail to commit with.
    Staged,
}

impl Git {
    /// The repository around `dir`, which need not exist yet; `None` when there is none with a work tree.
    pub fn around(dir: &Path) -> Result<Option<Self>> {
        let existing = dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(dir);
        let repository = match Repository::discover(existing) {
            Ok(repository) => repository,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
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
        let mut prefix = real
            .strip_prefix(&work_tree)
            .ok()
            .and_then(Path::to_str)
            .unwrap_or_default()
            .to_owned();
        if !prefix.is_empty() {
            prefix.push('/');
        }
        Ok(Some(Self { repository, prefix }))
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

    /// Makes a repository in `dir`, stages `paths` and commits them with the user's name.
    ///
    /// Left out are ignored files and those with a filter: libgit2 runs no filter, and a file that one encrypts must
    /// not enter the object store in the clear. Hooks do not run.
    pub fn start(dir: &Path, paths: &[TreePath], message: &str) -> Result<Started> {
        let branch = git2::Config::open_default()
            .and_then(|config| config.get_string("init.defaultBranch"))
            .unwrap_or_else(|_| "main".into());
        let mut options = RepositoryInitOptions::new();
        options
            .external_template(false)
            .initial_head(&branch)
            .no_reinit(true);
        let repository = Repository::init_opts(dir, &options)?;
        let mut index = repository.index()?;
        for path in paths {
            let path = Path::new(path.as_str());
            let is_filtered = repository
                .get_attr(path, "filter", AttrCheckFlags::FILE_THEN_INDEX)?
                .is_some();
            if !is_filtered && !repository.is_path_ignored(path)? {
                index.add_path(path)?;
            }
        }
        index.write()?;
        let Ok(signature) = repository.signature() else {
            return Ok(Started::Staged);
        };
        let tree = repository.find_tree(index.write_tree()?)?;
        let commit =
            repository.commit(Some("HEAD"), &signature, &signature, message, &tree, &[])?;
        Ok(Started::Committed(commit.to_string()[..9].to_owned()))
    }
}
