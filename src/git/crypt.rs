//! What secrets need of git: its configuration, and the files that a filter encrypts.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use git2::{AttrCheckFlags, AttrValue, Config, ConfigLevel, IndexEntry, Repository};

use super::Git;
use super::index::unseen;
use crate::error::Result;
use crate::fs;

/// Encrypts what must not enter a repository in the clear.
pub trait Seal {
    /// What git has to know, for its filter `crypt` among others.
    fn config(&self) -> Vec<(&'static str, String)>;
    /// `path` is relative to the top of the repository.
    fn encrypt(&self, plain: &[u8], path: &str) -> Vec<u8>;
}

/// Writes the configuration of the repository itself, which only its owner can read afterwards: it holds a password.
pub(super) fn set_config(repository: &Repository, seal: &dyn Seal) -> Result<Sealed> {
    let config = repository.config()?.open_level(ConfigLevel::Local)?;
    set_config_in(config, repository.commondir().join("config"), seal)
}

fn set_config_in(mut config: Config, file: PathBuf, seal: &dyn Seal) -> Result<Sealed> {
    let mode = fs::metadata(&file)?.map_or(0o600, |meta| meta.permissions().mode() & 0o7777);
    let before = fs::read(&file)?.unwrap_or_default();
    let mut sealed = Sealed {
        after: before.clone(),
        before,
        mode,
        file,
    };
    match sealed.set(&mut config, seal) {
        Ok(()) => Ok(sealed),
        Err(error) => {
            sealed.take_back();
            Err(error)
        }
    }
}

/// A configuration that was written, and how it was.
#[derive(Debug)]
pub struct Sealed {
    file: PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
    mode: u32,
}

impl Sealed {
    fn set(&mut self, config: &mut Config, seal: &dyn Seal) -> Result<()> {
        fs::set_mode(&self.file, 0o600)?;
        for (name, value) in seal.config() {
            config.set_str(name, &value)?;
            self.after = fs::read(&self.file)?.unwrap_or_default();
        }
        fs::set_mode(&self.file, 0o600)
    }

    /// Puts the configuration back as it was, unless somebody else has changed it since.
    pub fn take_back(self) {
        let is_ours = matches!(fs::read(&self.file), Ok(Some(now)) if now == self.after);
        if is_ours {
            // What fails here was failing already; the first error is the one to tell.
            let _ = fs::replace(&self.file, &self.before)
                .and_then(|()| fs::set_mode(&self.file, self.mode));
        }
    }
}

/// A tracked file that the filter `crypt` encrypts.
#[derive(Debug)]
pub struct Crypted {
    /// Relative to the top of the repository.
    pub path: String,
    /// As it is in the index.
    pub blob: Vec<u8>,
    id: String,
    entry: IndexEntry,
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

    /// A value of the repository's configuration, or of the user's.
    #[must_use]
    pub fn config(&self, name: &str) -> Option<String> {
        self.settings().ok()?.get_string(name).ok()
    }

    /// Whether git knows how to encrypt here.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.config("filter.crypt.clean").is_some() && self.config("transcrypt.password").is_some()
    }

    /// Tells git how to encrypt.
    pub fn seal(&self, seal: &dyn Seal) -> Result<Sealed> {
        if let Some(foreign) = &self.foreign {
            let file = foreign.common.join("config");
            return set_config_in(Config::open(&file)?, file, seal);
        }
        set_config(&self.repository, seal)
    }

    /// The tracked files with the filter `crypt` or one of its contexts (`crypt-…`).
    pub fn crypted(&self) -> Result<Vec<Crypted>> {
        if self.foreign.is_some() {
            return self.crypted_by_program();
        }
        let mut crypted = Vec::new();
        for entry in self.repository.index()?.iter() {
            let Ok(path) = String::from_utf8(entry.path.clone()) else {
                continue;
            };
            // Git filters no links.
            if entry.mode & 0o170_000 == 0o100_000 && self.is_crypted(&path)? {
                crypted.push(Crypted {
                    blob: self.repository.find_blob(entry.id)?.content().to_vec(),
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
            let name = path.rsplit('/').next().unwrap_or_default();
            if name.contains(".secret") && !self.is_crypted(&path)? {
                unprotected.push(path);
            }
        }
        Ok(unprotected)
    }

    /// Makes git look at the files again, whose size on the disk it remembers from before they were decrypted.
    pub fn forget_stat(&self, files: &[Crypted]) -> Result<()> {
        if self.foreign.is_some() {
            let same = files
                .iter()
                .map(|file| (file.path.as_str(), file.entry.mode, file.id.as_str()));
            return self.index_by_program(&same.collect::<Vec<_>>());
        }
        let mut index = self.repository.index()?;
        for file in files {
            index.add(&stale(&file.entry))?;
        }
        index.write()?;
        Ok(())
    }

    /// Gives the files new blobs in the index.
    pub fn replace_blobs(&self, blobs: &[(Crypted, Vec<u8>)]) -> Result<()> {
        if self.foreign.is_some() {
            let mut entries = Vec::new();
            for (file, blob) in blobs {
                let args = ["hash-object", "-w", "--no-filters", "--stdin"];
                let id = self.program_id(&args, blob);
                entries.push((file, id.ok_or_else(|| self.no_answer())?));
            }
            let entries = entries
                .iter()
                .map(|(file, id)| (file.path.as_str(), file.entry.mode, id.as_str()));
            return self.index_by_program(&entries.collect::<Vec<_>>());
        }
        let mut index = self.repository.index()?;
        for (file, blob) in blobs {
            let mut entry = stale(&file.entry);
            entry.id = self.repository.blob(blob)?;
            index.add(&entry)?;
        }
        index.write()?;
        Ok(())
    }
}

impl Git {
    /// Every path of the index, relative to the top.
    fn all_tracked(&self) -> Result<Vec<String>> {
        if self.foreign.is_some() {
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
                let blob = self.ask(&["cat-file", "blob", &entry.id], b"");
                crypted.push(Crypted {
                    blob: blob.ok_or_else(|| self.no_answer())?,
                    entry: IndexEntry {
                        mode: entry.mode,
                        ..unseen()
                    },
                    id: entry.id,
                    path: entry.path,
                });
            }
        }
        Ok(crypted)
    }
}

/// The entry without what git remembers of the file on the disk, so that it looks at the file again.
fn stale(entry: &IndexEntry) -> IndexEntry {
    IndexEntry {
        ctime: git2::IndexTime::new(0, 0),
        mtime: git2::IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: entry.mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: entry.id,
        flags: entry.flags,
        flags_extended: 0,
        path: entry.path.clone(),
    }
}
