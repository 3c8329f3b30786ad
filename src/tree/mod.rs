//! A tree: path → file. The value that base, ours and theirs are made of.

mod path;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

pub use path::{OWN_FOLDER, STATE_FILE, TreePath};

/// What a path holds.
#[derive(Clone, Debug)]
pub enum Content {
    Bytes(Arc<[u8]>),
    /// Bytes that stay on the disk, since they are many.
    Stored(Arc<dyn Stored>),
    /// A symbolic link's target, as it stands in the link.
    Link(String),
}

/// Bytes that are read from the disk when they are needed.
#[allow(clippy::len_without_is_empty)] // They are many.
pub trait Stored: fmt::Debug + Send + Sync {
    fn len(&self) -> u64;
    /// Reads them from the start. Reading fails where they are no longer what they were.
    fn open(&self) -> io::Result<Box<dyn Read>>;
    /// Where they are, such that equal places have equal bytes.
    fn place(&self) -> String;
    /// The file that holds them and nothing else; `None` for a part of one.
    fn path(&self) -> Option<&Path>;
}

/// So many bytes of a file are merged, shown or rendered; one with more is only compared, copied and written.
pub const LONGEST_TEXT: u64 = 64 << 20;

impl PartialEq for Content {
    /// What cannot be read is equal to nothing.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Link(one), Self::Link(other)) => one == other,
            (Self::Link(_), _) | (_, Self::Link(_)) => false,
            (Self::Bytes(one), Self::Bytes(other)) => Arc::ptr_eq(one, other) || one == other,
            (Self::Stored(one), Self::Stored(other)) if one.place() == other.place() => true,
            (one, other) => one.len() == other.len() && has_same_bytes(one, other).unwrap_or(false),
        }
    }
}

impl Eq for Content {}

impl Content {
    /// The number of bytes, or those of a link's target.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stored(stored) => stored.len(),
            Self::Link(target) => target.len() as u64,
        }
    }

    /// The bytes, or those of a link's target, one after the other.
    pub fn read(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(&bytes[..]),
            Self::Stored(stored) => stored.open()?,
            Self::Link(target) => Box::new(target.as_bytes()),
        })
    }
}

impl Content {
    /// Gives `take` all that [`Self::read`] reads.
    pub fn in_parts(&self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let (mut read, mut part) = (self.read()?, vec![0; PART]);
        let mut many = 0;
        loop {
            match fill(&mut read, &mut part)? {
                0 if many == self.len() => return Ok(()),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => {
                    take(&part[..more])?;
                    many += more as u64;
                }
            }
        }
    }
}

fn has_same_bytes(one: &Content, other: &Content) -> io::Result<bool> {
    let (mut one, mut other) = (one.read()?, other.read()?);
    let (mut here, mut there) = (vec![0; PART], vec![0; PART]);
    loop {
        let (many, more) = (fill(&mut one, &mut here)?, fill(&mut other, &mut there)?);
        if here[..many] != there[..more] {
            return Ok(false);
        }
        if many < PART {
            return Ok(true);
        }
    }
}

/// What is read at once.
const PART: usize = 256 << 10;

/// Reads as much as there is room for; less only at the end.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut many = 0;
    while many < buffer.len() {
        match from.read(&mut buffer[many..])? {
            0 => break,
            read => many += read,
        }
    }
    Ok(many)
}

/// One file. Of its mode only the executable bit is part of a template; the rest belongs to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub content: Content,
    pub executable: bool,
}

impl File {
    #[must_use]
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            content: Content::Bytes(bytes.into()),
            executable: false,
        }
    }

    #[must_use]
    pub fn link(target: impl Into<String>) -> Self {
        Self {
            content: Content::Link(target.into()),
            executable: false,
        }
    }

    /// The bytes of a regular file; `None` for a link, and for more than [`LONGEST_TEXT`].
    #[must_use]
    pub fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match &self.content {
            Content::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
            Content::Stored(stored) if stored.len() <= LONGEST_TEXT => {
                let mut bytes = Vec::with_capacity(usize::try_from(stored.len()).ok()?);
                stored.open().ok()?.read_to_end(&mut bytes).ok()?;
                Some(Cow::Owned(bytes))
            }
            Content::Stored(_) | Content::Link(_) => None,
        }
    }

    /// The same with all its bytes in memory, whatever becomes of the place that they are read from.
    pub fn hold(self) -> io::Result<Self> {
        let Content::Stored(stored) = &self.content else {
            return Ok(self);
        };
        let mut bytes = Vec::new();
        stored.open()?.read_to_end(&mut bytes)?;
        Ok(Self {
            executable: self.executable,
            ..Self::new(bytes)
        })
    }

    /// The bytes that are in memory.
    #[must_use]
    pub fn held(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Stored(_) | Content::Link(_) => None,
        }
    }

    #[must_use]
    pub fn is_link(&self) -> bool {
        matches!(self.content, Content::Link(_))
    }

    /// Whether its first bytes say that it is no text; they are all that is looked at.
    #[must_use]
    pub fn starts_binary(&self) -> bool {
        let mut start = vec![0; 8000];
        let read = self.content.read();
        let many = read.and_then(|mut read| fill(&mut read, &mut start));
        !self.is_link() && start[..many.unwrap_or(0)].contains(&0)
    }

    /// The bytes that a person sees of this file: a link's target, or those of [`Self::bytes`], if any.
    #[must_use]
    pub fn raw(&self) -> Cow<'_, [u8]> {
        match &self.content {
            Content::Link(target) => Cow::Borrowed(target.as_bytes()),
            _ => self.bytes().unwrap_or_default(),
        }
    }

    /// `x` executable, `l` link, `-` plain: one letter for digests and journals.
    #[must_use]
    pub fn kind(&self) -> char {
        match (&self.content, self.executable) {
            (Content::Link(_), _) => 'l',
            (_, true) => 'x',
            (_, false) => '-',
        }
    }
}

/// Files by path, in the order of their paths.
pub type Tree = BTreeMap<TreePath, File>;

/// Lets `file` have its bytes in the same memory as `other`, if they are the same: three versions of a big template else
/// take three times its room.
pub fn share(file: &mut File, other: &File) {
    if file.content == other.content {
        file.content = other.content.clone();
    }
}

/// The SHA-256 of a tree's paths, kinds and bytes: equal exactly for equal trees.
///
/// # Errors
/// Where what is on the disk cannot be read.
pub fn digest(tree: &Tree) -> io::Result<String> {
    let mut digest = Digest::default();
    for (path, file) in tree {
        digest.add(path.as_str(), file.kind(), &file.content)?;
    }
    Ok(digest.end())
}

/// [`digest`], file by file in the order of their paths.
#[derive(Debug, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// # Errors
    /// Where what is on the disk cannot be read.
    pub fn add(&mut self, path: &str, kind: char, content: &Content) -> io::Result<()> {
        if let Content::Bytes(bytes) = content {
            self.add_bytes(path, kind, bytes);
            return Ok(());
        }
        self.head(path, kind, content.len());
        content.in_parts(|part| {
            self.0.update(part);
            Ok(())
        })
    }

    pub fn add_bytes(&mut self, path: &str, kind: char, bytes: &[u8]) {
        self.head(path, kind, bytes.len() as u64);
        self.0.update(bytes);
    }

    fn head(&mut self, path: &str, kind: char, length: u64) {
        self.0.update(format!("{kind} {length} {path}\0"));
    }

    #[must_use]
    pub fn end(self) -> String {
        let mut text = String::from("sha256:");
        for byte in self.0.finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// The first `digits` hexadecimal digits of the SHA-256 of `bytes`.
#[must_use]
pub fn hex(bytes: &[u8], digits: usize) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes).iter().take(digits.div_ceil(2)) {
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_tell_kinds_apart() {
        let plain = Tree::from([(TreePath::new("a").unwrap(), File::new(*b"b"))]);
        let link = Tree::from([(TreePath::new("a").unwrap(), File::link("b"))]);
        let digest = |tree| digest(tree).unwrap();
        assert_ne!(digest(&plain), digest(&link));
        assert_eq!(digest(&plain), digest(&plain.clone()));
    }
}
