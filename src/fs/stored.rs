//! Files with many bytes: a place on the disk instead of the bytes.

use std::fs;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::tree::{Content, Stored};

/// Files with more bytes are not held in memory.
pub(super) const HELD: u64 = 1 << 20;

/// A file, or a part of one, as it was when it was looked at.
#[derive(Debug)]
struct OnDisk {
    path: PathBuf,
    start: u64,
    length: u64,
    is_whole: bool,
    stamp: Stamp,
}

/// What differs once a file was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    length: u64,
    modified: (i64, i64),
    /// When its names or its mode changed as well; not for a file of ours, which is renamed.
    changed: Option<(i64, i64)>,
}

impl Stamp {
    fn of(meta: &fs::Metadata, is_ours: bool) -> Self {
        Self {
            file: (meta.dev(), meta.ino()),
            length: meta.len(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (!is_ours).then(|| (meta.ctime(), meta.ctime_nsec())),
        }
    }
}

/// The content of the file at `path`, of which `meta` is known.
pub(super) fn whole(path: &Path, meta: &fs::Metadata) -> Content {
    Content::Stored(Arc::new(OnDisk {
        path: path.to_owned(),
        start: 0,
        length: meta.len(),
        is_whole: true,
        stamp: Stamp::of(meta, false),
    }))
}

/// A part of a file of ours, which nobody else changes; `None` where it does not have these bytes.
pub fn part(path: &Path, start: u64, length: u64) -> io::Result<Option<Content>> {
    let meta = fs::metadata(path)?;
    let end = start.checked_add(length);
    Ok(end.filter(|end| *end <= meta.len()).map(|_| {
        Content::Stored(Arc::new(OnDisk {
            path: path.to_owned(),
            start,
            length,
            is_whole: false,
            stamp: Stamp::of(&meta, true),
        }))
    }))
}

/// Whether content of this length is better left on the disk.
#[must_use]
pub fn is_long(length: u64) -> bool {
    length > HELD
}

impl Stored for OnDisk {
    fn len(&self) -> u64 {
        self.length
    }

    fn open(&self) -> io::Result<Box<dyn Read>> {
        let mut file = fs::File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.start))?;
        let reader = Reader {
            file,
            left: self.length,
            stamp: self.stamp.clone(),
        };
        reader.check()?;
        Ok(Box::new(reader))
    }

    fn place(&self) -> String {
        format!("{:?} {} {}", self.stamp, self.start, self.length)
    }

    fn path(&self) -> Option<&Path> {
        self.is_whole.then_some(&self.path)
    }
}

struct Reader {
    file: fs::File,
    left: u64,
    stamp: Stamp,
}

impl Reader {
    fn check(&self) -> io::Result<()> {
        let now = Stamp::of(&self.file.metadata()?, self.stamp.changed.is_none());
        if now == self.stamp {
            Ok(())
        } else {
            Err(io::Error::other("it was changed meanwhile"))
        }
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let many = self.file.read(&mut buffer[..room])?;
        self.left -= many as u64;
        if many == 0 && room > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // Whether the file has changed is looked at once, when all is read.
        if self.left == 0 && many > 0 {
            self.check()?;
        }
        Ok(many)
    }
}
