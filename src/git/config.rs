//! Git's configuration, which holds a password: written under git's own lock, and never for others to see.

use std::path::{Path, PathBuf};

use git2::Config;

use super::lock::GitLock;
use super::{Git, Private};
use crate::error::{Error, Result};
use crate::fs;
use crate::tree::File;

/// What a configuration shall say: name and value; `None` takes it out.
pub type Setting<'a> = (&'a str, Option<&'a str>);

/// The configuration of the repository itself, locked.
struct Locked<'a> {
    private: &'a Private,
    place: PathBuf,
    before: Vec<u8>,
    mode: u32,
    _lock: GitLock,
}

impl<'a> Locked<'a> {
    fn of(git: &Path, private: &'a Private) -> Result<Self> {
        // Git resolves the link too, and so lets the configuration be one.
        let place = fs::real_place(&git.join("config"))?;
        let mut lock = place.clone().into_os_string();
        lock.push(".lock");
        let lock = GitLock::take(lock.as_ref(), private.dir(), "git's configuration")?;
        Ok(Self {
            private,
            before: fs::read(&place)?.unwrap_or_default(),
            mode: fs::mode(&place)?.unwrap_or(0o600),
            place,
            _lock: lock,
        })
    }

    /// The configuration with `settings`.
    fn with(&self, settings: &[Setting]) -> Result<Vec<u8>> {
        // Libgit2 writes for everybody to read, but no further than this folder.
        let copy = self.private.dir().join("config");
        fs::remove(&copy)?;
        fs::create(&copy, &File::new(self.before.clone()), 0o600)?;
        let mut config = Config::open(&copy)?;
        for (name, value) in settings {
            let found = config.get_string(name).ok();
            match value {
                _ if found.as_deref() == *value => {}
                Some(value) => config.set_str(name, value)?,
                None => config.remove(name)?,
            }
        }
        let text = fs::read(&copy)?.unwrap_or_default();
        fs::remove(&copy)?;
        Ok(without_empty_sections(&text, settings))
    }

    fn save(&self, bytes: &[u8], mode: u32) -> Result<()> {
        if bytes == self.before && mode == self.mode {
            return Ok(());
        }
        self.private.replace(&self.place, bytes, mode)
    }
}

/// Changes of the configuration of the repository itself, which nobody else changes in between. What was there before is kept
/// at hand, so that taking them back needs no room on the disk.
pub struct Changes<'a> {
    config: Locked<'a>,
    aside: PathBuf,
}

impl Git {
    /// Begins to change the configuration.
    pub fn begin_config<'a>(&self, private: &'a Private) -> Result<Changes<'a>> {
        let config = Locked::of(self.common(), private)?;
        let aside = private.keep_aside(&config.place, "config.before")?;
        Ok(Changes { config, aside })
    }
}

impl Changes<'_> {
    /// Writes the configuration with `settings`.
    pub fn write(&mut self, settings: &[Setting]) -> Result<()> {
        let bytes = self.config.with(settings)?;
        self.config.save(&bytes, 0o600)?;
        self.config.before = bytes;
        self.config.mode = 0o600;
        Ok(())
    }

    /// Puts the configuration back as it was at first.
    pub fn take_back(self) -> Result<()> {
        fs::rename(&self.aside, &self.config.place)
    }
}

/// The text without the headings that have nothing below them any more, since a name was taken out.
fn without_empty_sections(text: &[u8], settings: &[Setting]) -> Vec<u8> {
    let headings: Vec<String> = settings
        .iter()
        .filter(|(_, value)| value.is_none())
        .filter_map(|(name, _)| Some(format!("[{}]", name.split_once('.')?.0)))
        .collect();
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let is_empty = |index: usize| {
        let is_ours = |heading: &String| lines[index].trim_ascii() == heading.as_bytes();
        let mut below = lines[index + 1..].iter().map(|line| line.trim_ascii());
        headings.iter().any(is_ours)
            && below
                .find(|line| !line.is_empty())
                .is_none_or(|line| line.starts_with(b"["))
    };
    let kept = (0..lines.len()).filter(|index| !is_empty(*index));
    kept.flat_map(|index| lines[index]).copied().collect()
}

/// Writes `settings` into the configuration below `git`; only its owner can read it afterwards.
pub(super) fn write(git: &Path, private: &Private, settings: &[Setting]) -> Result<Configured> {
    let config = Locked::of(git, private)?;
    let written = Configured {
        git: git.to_owned(),
        after: config.with(settings)?,
        before: config.before.clone(),
        mode: config.mode,
    };
    config.save(&written.after, 0o600)?;
    Ok(written)
}

/// A configuration that was written, and how it was.
#[derive(Debug)]
pub struct Configured {
    git: PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
    mode: u32,
}

impl Configured {
    /// Puts the configuration back as it was, unless somebody else has changed it since.
    pub fn take_back(self) {
        // What fails here was failing already; the first error is the one to tell.
        let _ = Private::below(&self.git).and_then(|private| self.take_back_by(&private));
    }

    /// As [`Self::take_back`], for a caller that has the private folder.
    pub fn take_back_by(&self, private: &Private) -> Result<()> {
        let config = Locked::of(&self.git, private)?;
        if config.before != self.after {
            return Ok(());
        }
        config.save(&self.before, self.mode)
    }
}

impl Git {
    /// A value of the repository's configuration, or of the user's.
    #[must_use]
    pub fn config(&self, name: &str) -> Option<String> {
        self.settings().ok()?.get_string(name).ok()
    }

    /// Fails where git takes another value than `value`, which was written: what the configuration includes, and that of a
    /// work tree, may come after it.
    pub fn takes(&self, name: &str, value: &str) -> Result<()> {
        if self.config(name).as_deref() == Some(value) {
            return Ok(());
        }
        Err(Error::Git(format!(
            "`{name}` is set elsewhere too (`git config --show-origin --get-all {name}`)"
        )))
    }

    /// Changes the configuration of the repository itself.
    pub fn configure(&self, private: &Private, settings: &[Setting]) -> Result<Configured> {
        write(self.common(), private, settings)
    }
}
