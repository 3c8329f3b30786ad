//! A new project's repository and first commit.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use git2::{AttrCheckFlags, IndexEntry, IndexTime, Repository, RepositoryInitOptions};

use super::crypt::set_config;
use super::{Cipher, Git, Private};
use crate::error::{Error, Result};
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
    /// Whether files were encrypted, so that git holds a password now.
    pub encrypts: bool,
}

impl Git {
    /// Makes a repository for `dir`, stages `paths` and commits them with the user's name.
    ///
    /// It is built in `site`, a folder on the same file system that is made for it and removed, and appears by one rename.
    ///
    /// Files with the filter `crypt` are staged as `cipher` encrypts them, and git is told how to do the same. Left out are
    /// ignored files and those with another filter: libgit2 runs none, and what one of the user's hides must not enter the
    /// object store in the clear. Hooks do not run.
    pub fn start(
        dir: &Path,
        site: &Path,
        paths: &[TreePath],
        message: &str,
        cipher: &dyn Fn() -> Result<Box<dyn Cipher>>,
    ) -> Result<Started> {
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
        let mut chosen = None;
        for path in paths {
            let file = Path::new(path.as_str());
            let filter = repository.get_attr(file, "filter", AttrCheckFlags::FILE_THEN_INDEX)?;
            let is_ignored = repository.is_path_ignored(file)?;
            match filter {
                None if !is_ignored => index.add_path(file)?,
                Some("crypt") if !is_ignored => {
                    let chosen = match &chosen {
                        Some(chosen) => chosen,
                        None => chosen.insert(cipher()?),
                    };
                    index.add(&encrypted(
                        &repository,
                        dir,
                        path.as_str(),
                        chosen.as_ref(),
                    )?)?;
                }
                _ => left_out.push(path.clone()),
            }
        }
        if let Some(chosen) = &chosen {
            let git = repository.commondir();
            set_config(git, &Private::below(git)?, chosen.as_ref())?;
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
            encrypts: chosen.is_some(),
        })
    }
}

/// The index entry of a file whose blob is encrypted; of the plain file it has what `git status` compares.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn encrypted(
    repository: &Repository,
    dir: &Path,
    path: &str,
    cipher: &dyn Cipher,
) -> Result<IndexEntry> {
    let file = dir.join(path);
    let missing = || Error::io("read", &file)(std::io::ErrorKind::NotFound.into());
    let plain = fs::read(&file)?.ok_or_else(missing)?;
    let meta = fs::metadata(&file)?.ok_or_else(missing)?;
    // The index keeps 32 bits of each number.
    let time = |seconds: i64, nanoseconds: i64| IndexTime::new(seconds as i32, nanoseconds as u32);
    Ok(IndexEntry {
        ctime: time(meta.ctime(), meta.ctime_nsec()),
        mtime: time(meta.mtime(), meta.mtime_nsec()),
        dev: meta.dev() as u32,
        ino: meta.ino() as u32,
        mode: if meta.mode() & 0o100 == 0 {
            0o100_644
        } else {
            0o100_755
        },
        uid: meta.uid(),
        gid: meta.gid(),
        file_size: meta.size() as u32,
        id: repository.blob(&cipher.encrypt(&plain, path))?,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    })
}
