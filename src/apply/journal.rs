//! The journal: one file that says what a transaction does and holds both sides of it.
//!
//! Its appearance is the point of no return. Format: a line `ixd-template journal 1`, a line of JSON ([`Journal`]), then the bytes of each entry's `before` and
//! `after` one after the other. One file needs one `fsync`, however many entries it has.

use std::collections::BTreeMap;
use std::fs::File as Handle;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::follow::Follow;
use crate::error::{Error, Result};
use crate::fs::{self, Attributes};
use crate::tree::{Content, File, TreePath};

const MAGIC: &str = "ixd-template journal 1\n";

/// A transaction, whole enough to be finished, taken back or undone by another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Journal {
    /// The command, for people: `upgrade 0.1.0 → 0.2.0`.
    pub(super) title: String,
    /// In the order in which they are done.
    pub(super) entries: Vec<JournalEntry>,
    /// Directories that the transaction makes, outermost first.
    pub(super) made: Vec<TreePath>,
    /// The permission bits of directories that its deletions may empty.
    pub(super) dirs: BTreeMap<TreePath, u32>,
    /// The only directories that go when they are empty at the end; `None`: all that its deletions empty.
    pub(super) sweep: Option<Vec<TreePath>>,
    /// The process that wrote it: names the temporary file beside a target on another file system than the store.
    pub(super) process: u32,
    /// What is done after the entries.
    pub(super) follow: Follow,
    /// Files of a record, each with what of its former mode that may not give back.
    pub(super) bounded: Vec<(TreePath, &'static str)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JournalEntry {
    pub(super) path: TreePath,
    pub(super) before: Option<Side>,
    pub(super) after: Option<Side>,
}

/// A file with the permission bits that it had or gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) file: File,
    pub(super) mode: u32,
    /// Extended attributes.
    pub(super) attributes: Attributes,
}

impl Side {
    /// What a file with these bytes has besides.
    pub(super) fn dress(&self, owner: Option<(u32, u32)>) -> fs::Dress {
        fs::Dress {
            owner,
            mode: self.mode,
            attributes: self.attributes.clone(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    title: String,
    made: Vec<TreePath>,
    dirs: BTreeMap<TreePath, u32>,
    sweep: Option<Vec<TreePath>>,
    process: u32,
    follow: Follow,
    entries: Vec<HeaderEntry>,
}

#[derive(Serialize, Deserialize)]
struct HeaderEntry {
    path: TreePath,
    before: Option<HeaderSide>,
    after: Option<HeaderSide>,
}

#[derive(Serialize, Deserialize)]
struct HeaderSide {
    link: bool,
    mode: u32,
    length: u64,
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    attributes: Attributes,
}

impl Journal {
    /// Writes the journal to `path` by way of `temporary` and waits until it is on the disk.
    ///
    /// On an error `path` is as it was. From then on long files are in the journal, wherever they were before.
    pub(super) fn write(&mut self, temporary: &Path, path: &Path) -> Result<()> {
        let is_new = fs::metadata(path)?.is_none();
        let start = self.write_temporary(temporary)?;
        let renamed = fs::rename(temporary, path);
        if renamed.is_err() {
            let _ = fs::remove(temporary);
        }
        renamed?;
        match fs::sync(path.parent().unwrap_or(path)) {
            // A journal that replaced another one cannot be taken back; both say how the same transaction ends.
            Err(error) if is_new => {
                fs::remove(path)?;
                Err(error)
            }
            _ => self.take_from(path, start),
        }
    }

    /// Lets long files be parts of the journal at `path`, whose contents begin at `start`.
    fn take_from(&mut self, path: &Path, mut start: u64) -> Result<()> {
        let sides = self.entries.iter_mut();
        for side in sides
            .flat_map(|entry| [&mut entry.before, &mut entry.after])
            .flatten()
        {
            let length = side.file.content.len();
            if let Content::Stored(_) = side.file.content
                && let Some(part) =
                    fs::part(path, start, length).map_err(Error::io("read", path))?
            {
                side.file.content = part;
            }
            start += length;
        }
        Ok(())
    }

    /// Where the contents begin.
    fn write_temporary(&self, temporary: &Path) -> Result<u64> {
        let side = |side: &Option<Side>| {
            side.as_ref().map(|side| HeaderSide {
                link: side.file.is_link(),
                mode: side.mode,
                attributes: side.attributes.clone(),
                length: side.file.content.len(),
            })
        };
        let header = Header {
            title: self.title.clone(),
            made: self.made.clone(),
            dirs: self.dirs.clone(),
            sweep: self.sweep.clone(),
            process: self.process,
            follow: self.follow.clone(),
            entries: self
                .entries
                .iter()
                .map(|entry| HeaderEntry {
                    path: entry.path.clone(),
                    before: side(&entry.before),
                    after: side(&entry.after),
                })
                .collect(),
        };
        let header = serde_json::to_string(&header).map_err(|error| Error::State {
            path: temporary.display().to_string(),
            message: error.to_string(),
        })?;
        fs::remove(temporary)?;
        let written = fs::private_file(temporary).and_then(|mut handle| {
            let write = |handle: &mut Handle| {
                let mut out = std::io::BufWriter::new(&*handle);
                out.write_all(MAGIC.as_bytes())?;
                out.write_all(header.as_bytes())?;
                out.write_all(b"\n")?;
                for side in self
                    .entries
                    .iter()
                    .flat_map(|entry| [&entry.before, &entry.after])
                    .flatten()
                {
                    fs::write_content(&mut out, &side.file.content)?;
                }
                out.flush()?;
                drop(out);
                handle.sync_all()
            };
            write(&mut handle).map_err(Error::io("write", temporary))
        });
        if let Err(error) = written {
            let _ = fs::remove(temporary);
            return Err(error);
        }
        Ok((MAGIC.len() + header.len() + 1) as u64)
    }

    /// Whether there is no file at `path` afterwards, where there was one.
    pub(super) fn deletes(&self, path: &str) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.path.as_str() == path && entry.after.is_none())
    }

    /// Whether there is a file at `path` afterwards.
    pub(super) fn puts(&self, path: &str) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.path.as_str() == path && entry.after.is_some())
    }

    /// Reads the journal at `path`, of the project in `root`; `None` when there is none.
    pub(super) fn read(root: &Path, path: &Path) -> Result<Option<Self>> {
        let Some(file) = fs::open(path)? else {
            return Ok(None);
        };
        let mut journal = Self::parse(path, BufReader::new(file)).ok_or_else(|| Error::State {
            path: path.display().to_string(),
            message: "this record of a broken-off run is damaged; remove it if the project is as you want it".into(),
        })?;
        journal.bound_modes(root)?;
        Ok(Some(journal))
    }

    /// See [`bounded`]. Folders are bounded when they are made, since a new one may get bits from the one that it is in.
    fn bound_modes(&mut self, root: &Path) -> Result<()> {
        // A file that was moved stands elsewhere, with its mode.
        let mut elsewhere = 0;
        for entry in &self.entries {
            elsewhere |= fs::mode(&root.join(entry.path.as_str()))?.unwrap_or(0) & 0o777;
        }
        for entry in &mut self.entries {
            let standing = fs::mode(&root.join(entry.path.as_str()))?.or(Some(elsewhere));
            let known = fs::attributes(&root.join(entry.path.as_str()));
            let wanted = entry.before.as_ref().map_or(0, |before| before.mode);
            let lost = wanted & !bounded(wanted, standing);
            if lost != 0 {
                let set_id = lost & 0o6000 != 0;
                let what = if set_id {
                    "its set-id bits"
                } else {
                    "bits of its mode"
                };
                self.bounded.push((entry.path.clone(), what));
            }
            for side in [&mut entry.before, &mut entry.after].into_iter().flatten() {
                side.mode = bounded(side.mode, standing);
                // Nor what gives a program rights that its user has not.
                let is_harmless =
                    |name: &str| name.starts_with("user.") || name.starts_with("system.");
                side.attributes
                    .retain(|name, value| is_harmless(name) || known.get(name) == Some(value));
            }
        }
        Ok(())
    }

    fn parse(path: &Path, mut from: BufReader<Handle>) -> Option<Self> {
        let mut line = Vec::new();
        from.read_until(b'\n', &mut line).ok()?;
        if line != MAGIC.as_bytes() {
            return None;
        }
        line.clear();
        from.read_until(b'\n', &mut line).ok()?;
        let mut start = (MAGIC.len() + line.len()) as u64;
        let header: Header = serde_json::from_slice(line.strip_suffix(b"\n")?).ok()?;
        let mut side = |header: Option<HeaderSide>| -> Option<Option<Side>> {
            let Some(header) = header else {
                return Some(None);
            };
            let content = if header.link || !fs::is_long(header.length) {
                let mut bytes = Vec::new();
                from.by_ref()
                    .take(header.length)
                    .read_to_end(&mut bytes)
                    .ok()?;
                if bytes.len() as u64 != header.length {
                    return None;
                }
                if header.link {
                    Content::Link(String::from_utf8(bytes).ok()?)
                } else {
                    Content::Bytes(Arc::from(bytes))
                }
            } else {
                let part = fs::part(path, start, header.length).ok()??;
                from.seek_relative(i64::try_from(header.length).ok()?)
                    .ok()?;
                part
            };
            start += header.length;
            let executable = !header.link && header.mode & 0o100 != 0;
            Some(Some(Side {
                file: File {
                    content,
                    executable,
                },
                mode: header.mode,
                attributes: header.attributes,
            }))
        };
        let mut entries = Vec::new();
        for entry in header.entries {
            entries.push(JournalEntry {
                path: entry.path,
                before: side(entry.before)?,
                after: side(entry.after)?,
            });
        }
        Some(Self {
            title: header.title,
            entries,
            made: header.made,
            dirs: header.dirs,
            sweep: header.sweep,
            process: header.process,
            follow: header.follow,
            bounded: Vec::new(),
        })
    }
}

/// The permission bits `mode` of a record, but for those that neither stand there nor the user gives to what is new: a record
/// makes nothing writable for more people than that, and gives nobody its owner's rights.
pub(super) fn bounded(mode: u32, standing: Option<u32>) -> u32 {
    let new = 0o755 | (0o777 & !fs::umask());
    mode & (new | standing.unwrap_or(0))
}
