//! What secrets need of git: its configuration, and the files that a filter encrypts.

use std::path::{Path, PathBuf};

use git2::{AttrCheckFlags, AttrValue, IndexEntry};

use super::config::{self, Configured, Setting};
use super::index::unseen;
use super::{Git, Private};
use crate::error::{Error, Result};

/// Encrypts what must not enter a repository in the clear.
pub trait Cipher {
    /// What git has to know, for its filter `crypt` among others.
    fn config(&self) -> Vec<(&'static str, String)>;
    /// Encrypts a file; `path` is relative to the top of the repository.
    fn encrypt(&self, plain: &[u8], path: &str) -> Vec<u8>;
}

/// Tells the repository whose git folder is `git` how to encrypt.
pub(super) fn set_config(git: &Path, private: &Private, cipher: &dyn Cipher) -> Result<Configured> {
    let values = cipher.config();
    let settings: Vec<Setting> = values
        .iter()
        .map(|(name, value)| (*name, Some(value.as_str())))
        .collect();
    config::write(git, private, &settings)
}

/// A tracked file that the filter `crypt` encrypts.
#[derive(Debug)]
pub struct Crypted {
    /// The path, relative to the top of the repository.
    pub path: String,
    /// Its content as it is in the index; empty where git cannot read it.
    pub blob: Vec<u8>,
    pub is_readable: bool,
    id: String,
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
    pub fn encrypts(&self) -> bool {
        self.config("filter.crypt.clean").is_some() && self.config("transcrypt.password").is_some()
    }

    /// Tells git how to encrypt.
    pub fn set_cipher(&self, cipher: &dyn Cipher) -> Result<Configured> {
        set_config(self.common(), &self.private()?, cipher)
    }

    /// The tracked files with the filter `crypt` or one of its contexts (`crypt-…`).
    pub fn crypted(&self) -> Result<Vec<Crypted>> {
        if self.needs_program() {
            return self.crypted_by_program();
        }
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
                    id: entry.id.to_string(),
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
        for path in self.all_tracked()? {
            if is_called_secret(&path) && !self.is_crypted(&path)? {
                unprotected.push(path);
            }
        }
        Ok(unprotected)
    }

    /// Makes git look at the files again, whose size on the disk it remembers from before they were decrypted.
    pub fn forget_stat(&self, private: &Private, files: &[Crypted]) -> Result<()> {
        if self.needs_program() {
            let same = files.iter().map(|file| (file, file.id.as_str()));
            return self.index_by_program(&same.collect::<Vec<_>>());
        }
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
        if self.needs_program() {
            return self.replace_blobs_by_program(blobs);
        }
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

impl Git {
    /// Every path of the index, relative to the top.
    fn all_tracked(&self) -> Result<Vec<String>> {
        if self.needs_program() {
            let listed = self.listed_all().ok_or_else(|| self.no_answer())?;
            return Ok(listed.into_iter().map(|entry| entry.path).collect());
        }
        let index = self.repository.index()?;
        let path = |entry: IndexEntry| String::from_utf8_lossy(&entry.path).into_owned();
        Ok(index.iter().map(path).collect())
    }

    /// As [`Self::crypted`], of a repository that libgit2 cannot open.
    fn crypted_by_program(&self) -> Result<Vec<Crypted>> {
        let mut crypted = Vec::new();
        for entry in self.listed_all().ok_or_else(|| self.no_answer())? {
            if entry.mode & 0o170_000 == 0o100_000 && self.is_crypted(&entry.path)? {
                // The git program answered just now, so the fault lies in the blob.
                let blob = self.ask(&["cat-file", "blob", &entry.id], b"");
                crypted.push(Crypted {
                    is_readable: blob.is_some(),
                    blob: blob.unwrap_or_default(),
                    entry: IndexEntry {
                        mode: entry.mode,
                        flags: entry.stage << 12,
                        flags_extended: if entry.is_skipped { SKIPPED } else { 0 },
                        ..unseen()
                    },
                    id: entry.id,
                    path: entry.path,
                });
            }
        }
        Ok(crypted)
    }

    /// As [`Self::replace_blobs`], of such a repository.
    fn replace_blobs_by_program(&self, blobs: &[(Crypted, Vec<u8>)]) -> Result<()> {
        let mut entries = Vec::new();
        for (file, blob) in blobs {
            let args = ["hash-object", "-w", "--no-filters", "--stdin"];
            let id = self.program_id(&args, blob);
            entries.push((file, id.ok_or_else(|| self.no_answer())?));
        }
        let listed = self.listed_all().ok_or_else(|| self.no_answer())?;
        let is_there = |file: &Crypted| {
            let mut same = listed.iter().filter(|now| now.path == file.path);
            same.any(|now| now.id == file.id && now.stage == file.entry.flags >> 12)
        };
        if let Some((file, _)) = blobs.iter().find(|(file, _)| !is_there(file)) {
            return Err(Error::Changed {
                paths: vec![file.path.clone()],
            });
        }
        let entries = entries.iter().map(|(file, id)| (*file, id.as_str()));
        self.index_by_program(&entries.collect::<Vec<_>>())
    }

    /// Gives files new blobs in the index of such a repository, or the same ones again: git then looks at them anew.
    fn index_by_program(&self, entries: &[(&Crypted, &str)]) -> Result<()> {
        let line = |(file, id): &(&Crypted, &str)| {
            let (mode, stage) = (file.entry.mode, file.entry.flags >> 12);
            format!("{mode:o} {id} {stage}\t{}\0", file.path)
        };
        let lines: Vec<String> = entries.iter().map(line).collect();
        let skipped = entries
            .iter()
            .filter(|(file, _)| file.entry.flags_extended & SKIPPED != 0);
        let skipped: Vec<String> = skipped.map(|(file, _)| file.path.clone() + "\0").collect();
        let update = |args: &[&str], input: &str| {
            let done = self.ask(&[&["update-index", "-z"], args].concat(), input.as_bytes());
            done.map(|_| ()).ok_or_else(|| self.no_answer())
        };
        update(&["--index-info"], &lines.concat())?;
        if skipped.is_empty() {
            return Ok(());
        }
        update(&["--skip-worktree", "--stdin"], &skipped.concat())
    }
}

/// The entry without what git remembers of the file on the disk, so that it looks at the file again. What a person said of
/// the file stays: that it is not to be checked out, or is to be added.
fn stale(entry: &IndexEntry) -> IndexEntry {
    IndexEntry {
        mode: entry.mode,
        id: entry.id,
        flags: entry.flags,
        flags_extended: entry.flags_extended & OF_A_PERSON,
        path: entry.path.clone(),
        ..unseen()
    }
}

/// The bit of an entry's further flags for `skip-worktree`.
const SKIPPED: u16 = 0x4000;
/// The bit for `skip-worktree` and the one for `intent-to-add`.
const OF_A_PERSON: u16 = 0x6000;
