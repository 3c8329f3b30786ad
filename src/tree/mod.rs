//! A tree holds the files of a project by their paths. Base, ours and theirs are trees.

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
    /// Bytes that stay on the disk, because there are many of them.
    Stored(Arc<dyn Stored>),
    /// A symbolic link's target, as it stands in the link.
    Link(String),
}

/// Bytes that are read from the disk when they are needed.
#[allow(clippy::len_without_is_empty)] // They are many.
pub trait Stored: fmt::Debug + Send + Sync {
    fn len(&self) -> u64;
    /// Opens the bytes for reading from their start. Reading fails where they are no longer what they were.
    fn open(&self) -> io::Result<Box<dyn Read>>;
    /// The place of the bytes. Two values of the same place have the same bytes.
    fn place(&self) -> String;
    /// The file that holds these bytes and no others. It is `None` where they are only a part of a file.
    fn path(&self) -> Option<&Path>;
}

/// The size in bytes up to which a file is merged, shown and rendered. A larger one is only compared, copied and written.
pub const LONGEST_TEXT: u64 = 64 << 20;

impl PartialEq for Content {
    /// Content that cannot be read is equal to no other content.
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
    /// The number of bytes of the file, or of a link's target.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stored(stored) => stored.len(),
            Self::Link(target) => target.len() as u64,
        }
    }

    /// A reader of the file's bytes, or of a link's target.
    pub fn read(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(&bytes[..]),
            Self::Stored(stored) => stored.open()?,
            Self::Link(target) => Box::new(target.as_bytes()),
        })
    }
}

impl Content {
    /// Hands every byte that [`Self::read`] gives to `take`, part by part.
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

/// The number of bytes that are read at once.
const PART: usize = 256 << 10;

/// Fills the buffer. Only at the end of the input it reads fewer bytes.
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

    /// The same file with all its bytes in memory, so that it no longer depends on the place that they were read from.
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

    /// Whether the first bytes of the file say that it is no text. The other bytes are not looked at.
    #[must_use]
    pub fn starts_binary(&self) -> bool {
        let mut start = vec![0; 8000];
        let read = self.content.read();
        let many = read.and_then(|mut read| fill(&mut read, &mut start));
        !self.is_link() && start[..many.unwrap_or(0)].contains(&0)
    }

    /// The bytes that a person sees of this file: a link's target, or what [`Self::bytes`] gives.
    #[must_use]
    pub fn raw(&self) -> Cow<'_, [u8]> {
        match &self.content {
            Content::Link(target) => Cow::Borrowed(target.as_bytes()),
            _ => self.bytes().unwrap_or_default(),
        }
    }

    /// The letter that stands for this kind of file in digests and journals: `x` is executable, `l` a link, `-` a plain file.
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

/// Lets `file` share the memory of `other` if both have the same bytes. Otherwise three versions of a big template would
/// take three times its memory.
pub fn share(file: &mut File, other: &File) {
    if file.content == other.content {
        file.content = other.content.clone();
    }
}

/// The SHA-256 of a tree's paths, kinds and bytes. Two trees have the same digest exactly if they are equal.
///
/// # Errors
/// It fails where a file on the disk cannot be read.
pub fn digest(tree: &Tree) -> io::Result<String> {
    let mut digest = Digest::default();
    for (path, file) in tree {
        digest.add(path.as_str(), file.kind(), &file.content)?;
    }
    Ok(digest.end())
}

/// Makes the same digest as [`digest`] from files that are added one by one, in the order of their paths.
#[derive(Debug, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// # Errors
    /// It fails where a file on the disk cannot be read.
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
