//! A new project's repository and first commit.

use std::path::Path;

use git2::{AttrCheckFlags, Repository, RepositoryInitOptions};

use super::Git;
use crate::error::Result;
use crate::fs;
use crate::tree::TreePath;

/// What became of a new project's files in git.
#[derive(Debug, PartialEq, Eq)]
pub struct Started {
    /// The first commit's abbreviated id; `None` where git knows no name and e-mail to commit with: staged only.
    pub commit: Option<String>,
    /// What git ignores or filters, and so was not staged.
    pub left_out: Vec<TreePath>,
    /// The user has git sign their commits, and this one, which we made, is not signed.
    pub is_unsigned: bool,
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
        let mut left_out = Vec::new();
        for path in paths {
            let file = Path::new(path.as_str());
            let filter = repository.get_attr(file, "filter", AttrCheckFlags::FILE_THEN_INDEX)?;
            if filter.is_none() && !repository.is_path_ignored(file)? {
                index.add_path(file)?;
            } else {
                left_out.push(path.clone());
            }
        }
        index.write()?;
        let mut commit = None;
        if let Ok(signature) = repository.signature() {
            let tree = repository.find_tree(index.write_tree()?)?;
            let id =
                repository.commit(Some("HEAD"), &signature, &signature, message, &tree, &[])?;
            commit = Some(id.to_string()[..9].to_owned());
        }
        let signs = repository
            .config()
            .and_then(|config| config.get_bool("commit.gpgSign"));
        // Nobody else knows of the repository yet, so a lock in it is one that could not be removed.
        fs::remove(&site.join(".git/index.lock"))?;
        fs::rename(&site.join(".git"), &dir.join(".git"))?;
        fs::remove_own_dir(site)?;
        Ok(Started {
            is_unsigned: commit.is_some() && signs.unwrap_or(false),
            commit,
            left_out,
        })
    }
}
