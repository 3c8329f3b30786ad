//! Git's index, read no further than it is needed.
//!
//! libgit2 makes tables of every entry, which in a project of a hundred thousand files takes longer than an upgrade. Here
//! the file is walked through once, and only what is asked for becomes a value.

use std::io::Read;
use std::path::Path;

use git2::{Index, IndexEntry, IndexTime, Oid, Repository};

use super::Git;
use crate::error::{Error, Result};
use crate::fs;
use crate::tree::TreePath;

/// The name of the files that give paths attributes, such as a filter.
const ATTRIBUTES: &str = ".gitattributes";

impl Git {
    /// What git's index holds for `paths`, as an index in memory, which [`Self::looking`] takes for the repository's own.
    ///
    /// It also has what decides on attributes. No entry says when its file was last seen, so files are compared by content.
    pub(super) fn index_of<'a>(&self, paths: impl Iterator<Item = &'a TreePath>) -> Result<Index> {
        let mut wanted: Vec<String> = paths.map(|path| self.path(path)).collect();
        wanted.sort();
        let is_wanted = |path: &[u8]| {
            path.ends_with(ATTRIBUTES.as_bytes())
                || wanted
                    .binary_search_by(|wanted| wanted.as_bytes().cmp(path))
                    .is_ok()
        };
        let mut index = Index::new()?;
        for entry in self.index_entries(is_wanted)? {
            index.add(&entry)?;
        }
        self.looking()?.set_index(&mut index)?;
        Ok(index)
    }

    /// The repository to ask for status and attributes of the paths that [`Self::index_of`] was asked for last.
    pub(super) fn looking(&self) -> Result<&Repository> {
        if self.needs_program() {
            return Ok(&self.repository);
        }
        if self.looking.get().is_none() {
            let top = self.repository.workdir();
            let again = super::open(top.unwrap_or(self.repository.path()))?;
            let _ = self.looking.set(again);
        }
        Ok(self.looking.get().unwrap_or(&self.repository))
    }

    /// The entries of git's index whose paths are wanted, in its order.
    pub(super) fn index_entries(
        &self,
        is_wanted: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<IndexEntry>> {
        let place = self.dir().join("index");
        let Some(file) = fs::open(&place)? else {
            return Ok(Vec::new());
        };
        if let Some(entries) = select(&mut Window::new(file), &is_wanted) {
            return Ok(entries);
        }
        let index = Index::open(&place);
        let index = index.map_err(|error| unread(&place, error.message()))?;
        let wanted = index.iter().filter(|entry| is_wanted(&entry.path));
        Ok(wanted.collect())
    }
}

/// The error of an index that libgit2 cannot open: it is of a kind that it does not know, or damaged.
fn unread(place: &Path, why: &str) -> Error {
    if why.contains("extension") {
        Error::GitIndex(why.to_owned())
    } else {
        Error::GitIndexDamaged {
            file: place.to_owned(),
            why: why.to_owned(),
        }
    }
}

/// The number of bytes of an entry before its path.
const HEAD: usize = 62;
/// An entry's flag that says that two more bytes of flags follow.
const EXTENDED: u16 = 0x4000;
/// The part of an entry's flags that is the length of its path; all bits: that, or longer.
const LENGTH: u16 = 0x0fff;
/// The mode of an entry that stands for a whole folder, in a sparse index.
const FOLDER: u32 = 0o040_000;
/// The checksum at the end.
const TAIL: usize = 20;

/// The wanted entries of an index file; `None` for what libgit2 shall judge: a split or sparse index, one that is not of
/// the versions 2 to 4, or damaged.
fn select(
    file: &mut Window<impl Read>,
    is_wanted: impl Fn(&[u8]) -> bool,
) -> Option<Vec<IndexEntry>> {
    let head = file.look()?;
    let (version, count) = (number(head.get(4..)?)?, number(head.get(8..)?)?);
    if !head.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    file.skip(12)?;
    let mut found = Vec::new();
    let mut former = Vec::new();
    for _ in 0..count {
        let (entry, after) = file.look()?.split_at_checked(HEAD)?;
        let flags = u16::from_be_bytes([entry[60], entry[61]]);
        let (extended, after) =
            after.split_at_checked(if flags & EXTENDED == 0 { 0 } else { 2 })?;
        let (path, size) = if version == 4 {
            let (cut, rest) = variable(after)?;
            let end = rest.iter().position(|byte| *byte == 0)?;
            former.truncate(former.len().checked_sub(cut)?);
            former.extend_from_slice(&rest[..end]);
            let size = HEAD + extended.len() + (after.len() - rest.len()) + end + 1;
            (former.as_slice(), size)
        } else {
            let length = match flags & LENGTH {
                LENGTH => after.iter().position(|byte| *byte == 0)?,
                length => usize::from(length),
            };
            // Entries fill multiples of eight bytes, with at least one zero behind the path.
            let size = (HEAD + extended.len() + length + 8) & !7;
            (after.get(..length)?, size)
        };
        let mode = number(&entry[24..])?;
        if mode == FOLDER {
            return None;
        }
        if is_wanted(path) {
            found.push(IndexEntry {
                mode,
                id: Oid::from_bytes(&entry[40..60]).ok()?,
                flags: flags & !EXTENDED & !LENGTH,
                flags_extended: extended.try_into().map_or(0, u16::from_be_bytes),
                path: path.to_vec(),
                ..unseen()
            });
        }
        file.skip(size)?;
    }
    // A reader must know what an extension means whose name is in small letters: such a one changes the entries.
    while file.look()?.len() > TAIL {
        let head = file.look()?;
        let size = usize::try_from(number(head.get(4..)?)?).ok()?;
        if head[0].is_ascii_lowercase() {
            return None;
        }
        file.skip(8 + size)?;
    }
    (file.look()?.len() == TAIL).then_some(found)
}

/// A file of which a part is in memory.
struct Window<F> {
    file: F,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<F: Read> Window<F> {
    /// The least that [`Self::look`] shows; an entry with a longer path is left to libgit2.
    const ENOUGH: usize = 8 * 1024;

    fn new(file: F) -> Self {
        Self {
            file,
            buffer: vec![0; 32 * Self::ENOUGH],
            start: 0,
            end: 0,
        }
    }

    /// What comes next: enough of it, or all that is left; `None` when it cannot be read.
    fn look(&mut self) -> Option<&[u8]> {
        if self.end - self.start < Self::ENOUGH {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            while self.end < Self::ENOUGH {
                match self.file.read(&mut self.buffer[self.end..]).ok()? {
                    0 => break,
                    count => self.end += count,
                }
            }
        }
        Some(&self.buffer[self.start..self.end])
    }

    /// Goes on behind the next `count` bytes; `None` when there are less.
    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.end - self.start {
            count -= self.end - self.start;
            self.start = self.end;
            if self.look()?.is_empty() {
                return None;
            }
        }
        self.start += count;
        Some(())
    }
}

/// An entry of a file that git has not looked at.
pub(super) fn unseen() -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: 0,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: Oid::ZERO_SHA1,
        flags: 0,
        flags_extended: 0,
        path: Vec::new(),
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}

/// A number of variable length, and what follows it.
fn variable(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        value = value.checked_mul(128)? + usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
        value += 1;
    }
    None
}
