//! A new project's repository and first commit.

use std::path::Path;

use git2::{AttrCheckFlags, Repository, RepositoryInitOptions};

use super::Git;
use crate::error::Result;
use crate::fs;
use crate::tree::TreePath;

/// What became of a new project's files in git.
#[derive(Debug, PartialEq, Eq)]
pub enum Started {
    /// A first commit; its abbreviated id.
    Committed(String),
    /// Staged only: git knows no name and e-mail to commit with.
    Staged,
}

impl Git {
    /// Makes a repository for `dir`, stages `paths` and commits them with the user's name.
    ///
    /// It is built in `site`, a folder on the same file system that is made for it and removed, and appears by one rename.
    ///
    /// Left out are ignored files and those with a filter: libgit2 runs no filter, and a file that one encrypts must
    /// not enter the object store in the clear. Hooks do not run.
    pub fn start(dir: &Path, site: &Path, paths: &[TreePath], message: &str) -> Result<Started> {
        let branch = git2::Config::open_default()
            .and_then(|config| config.get_string("init.defaultBranch"))
            .unwrap_or_else(|_| "main".into());
        let mut options = RepositoryInitOptions::new();
        options
            .external_template(false)
            .initial_head(&branch)
            .no_reinit(true);
        fs::remove_own_dir(site)?;
        fs::create_private_dir(site)?;
        let repository = Repository::init_opts(site, &options)?;
        repository.set_workdir(dir, false)?;
        let mut index = repository.index()?;
        for path in paths {
            let path = Path::new(path.as_str());
            let filter = repository.get_attr(path, "filter", AttrCheckFlags::FILE_THEN_INDEX)?;
            if filter.is_none() && !repository.is_path_ignored(path)? {
                index.add_path(path)?;
            }
        }
        index.write()?;
        let started = match repository.signature() {
            Ok(signature) => {
                let tree = repository.find_tree(index.write_tree()?)?;
                let commit =
                    repository.commit(Some("HEAD"), &signature, &signature, message, &tree, &[])?;
                Started::Committed(commit.to_string()[..9].to_owned())
            }
            Err(_) => Started::Staged,
        };
        // Nobody else knows of the repository yet, so a lock in it is one that could not be removed.
        fs::remove(&site.join(".git/index.lock"))?;
        fs::rename(&site.join(".git"), &dir.join(".git"))?;
        fs::remove_own_dir(site)?;
        Ok(started)
    }
}
