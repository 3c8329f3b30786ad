//! What secrets need of git: its configuration, and the files that a filter encrypts.

use std::path::{Path, PathBuf};

use git2::{AttrCheckFlags, AttrValue, IndexEntry};

use super::config::{self, Sealed, Setting};
use super::index::unseen;
use super::{Git, Private};
use crate::error::{Error, Result};

/// Encrypts what must not enter a repository in the clear.
pub trait Seal {
    /// What git has to know, for its filter `crypt` among others.
    fn config(&self) -> Vec<(&'static str, String)>;
    /// `path` is relative to the top of the repository.
    fn encrypt(&self, plain: &[u8], path: &str) -> Vec<u8>;
}

/// Tells the repository whose git folder is `git` how to encrypt.
pub(super) fn set_config(git: &Path, private: &Private, seal: &dyn Seal) -> Result<Sealed> {
    let values = seal.config();
    let settings: Vec<Setting> = values
        .iter()
        .map(|(name, value)| (*name, Some(value.as_str())))
        .collect();
    config::write(git, private, &settings)
}

/// A tracked file that the filter `crypt` encrypts.
#[derive(Debug)]
pub struct Crypted {
    /// Relative to the top of the repository.
    pub path: String,
    /// As it is in the index; empty where git cannot read it.
    pub blob: Vec<u8>,
    pub is_readable: bool,
    entry: IndexEntry,
}

/// Whether a file's name calls it secret.
#[must_use]
pub fn is_called_secret(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.contains(".secret")
}

impl Git {
    /// The project's folder as git calls it: empty at the top, else with a `/` at its end.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The top of the work tree.
    #[must_use]
    pub fn top(&self) -> PathBuf {
        self.repository
            .workdir()
            .unwrap_or_else(|| self.repository.path())
            .to_path_buf()
    }

    /// Whether git knows how to encrypt here.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.config("filter.crypt.clean").is_some() && self.config("transcrypt.password").is_some()
    }

    /// Tells git how to encrypt.
    pub fn seal(&self, seal: &dyn Seal) -> Result<Sealed> {
        set_config(self.repository.commondir(), &self.private()?, seal)
    }

    /// The tracked files with the filter `crypt` or one of its contexts (`crypt-…`).
    pub fn crypted(&self) -> Result<Vec<Crypted>> {
        let mut crypted = Vec::new();
        for entry in self.repository.index()?.iter() {
            let Ok(path) = String::from_utf8(entry.path.clone()) else {
                continue;
            };
            // Git filters no links.
            if entry.mode & 0o170_000 == 0o100_000 && self.is_crypted(&path)? {
                let blob = self.repository.find_blob(entry.id);
                crypted.push(Crypted {
                    is_readable: blob.is_ok(),
                    blob: blob.map_or_else(|_| Vec::new(), |blob| blob.content().to_vec()),
                    path,
                    entry,
                });
            }
        }
        Ok(crypted)
    }

    /// Whether the filter `crypt` encrypts the file; `path` is relative to the top.
    pub fn is_crypted(&self, path: &str) -> Result<bool> {
        let flags = AttrCheckFlags::FILE_THEN_INDEX;
        let value = self.repository.get_attr(Path::new(path), "filter", flags)?;
        Ok(match AttrValue::from_string(value) {
            AttrValue::String(filter) => filter == "crypt" || filter.starts_with("crypt-"),
            _ => false,
        })
    }

    /// An attribute of a file of the project, as a line of attributes states it: `filter=lfs`, `-diff`, `!merge`.
    #[must_use]
    pub fn attribute(&self, path: &str, name: &str) -> String {
        let path = format!("{}{path}", self.prefix);
        let flags = AttrCheckFlags::FILE_THEN_INDEX;
        let value = self.repository.get_attr(Path::new(&path), name, flags);
        match AttrValue::from_string(value.ok().flatten()) {
            AttrValue::String(value) => format!("{name}={value}"),
            AttrValue::True => name.to_owned(),
            AttrValue::False => format!("-{name}"),
            _ => format!("!{name}"),
        }
    }

    /// Whether attributes say in so many words that no filter is for the file; `path` is relative to the top.
    pub fn is_unfiltered(&self, path: &str) -> Result<bool> {
        let flags = AttrCheckFlags::FILE_THEN_INDEX;
        let value = self.repository.get_attr(Path::new(path), "filter", flags)?;
        Ok(matches!(AttrValue::from_string(value), AttrValue::False))
    }

    /// Tracked files whose name calls them secret and that no filter encrypts.
    pub fn unprotected(&self) -> Result<Vec<String>> {
        let mut unprotected = Vec::new();
        for entry in self.repository.index()?.iter() {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            if is_called_secret(&path) && !self.is_crypted(&path)? {
                unprotected.push(path);
            }
        }
        Ok(unprotected)
    }

    /// Makes git look at the files again, whose size on the disk it remembers from before they were decrypted.
    pub fn forget_stat(&self, private: &Private, files: &[Crypted]) -> Result<()> {
        self.rewrite_index(private.dir(), |index| {
            for file in files {
                index.add(&stale(&file.entry))?;
            }
            Ok(!files.is_empty())
        })
    }

    /// Gives the files new blobs in the index.
    ///
    /// # Errors
    /// [`Error::Changed`] where the index holds something else for one of them by now.
    pub fn replace_blobs(&self, private: &Private, blobs: &[(Crypted, Vec<u8>)]) -> Result<()> {
        let mut entries = Vec::new();
        for (file, blob) in blobs {
            let mut entry = stale(&file.entry);
            entry.id = self.repository.blob(blob)?;
            entries.push((file, entry));
        }
        self.rewrite_index(private.dir(), |index| {
            for (file, entry) in &entries {
                let stage = i32::from((entry.flags >> 12) & 3);
                let now = index.get_path(Path::new(&file.path), stage);
                if now.map(|now| now.id) != Some(file.entry.id) {
                    return Err(Error::Changed {
                        paths: vec![file.path.clone()],
                    });
                }
                index.add(entry)?;
            }
            Ok(!entries.is_empty())
        })
    }
}

/// The entry without what git remembers of the file on the disk, so that it looks at the file again. What a person said of
/// the file stays: that it is not to be checked out, or is to be added.
fn stale(entry: &IndexEntry) -> IndexEntry {
    IndexEntry {
        mode: entry.mode,
        id: entry.id,
        flags: entry.flags,
        flags_extended: entry.flags_extended & SAID,
        path: entry.path.clone(),
        ..unseen()
    }
}

/// The bits of an entry's further flags for `skip-worktree` and `intent-to-add`.
const SAID: u16 = 0x6000;
