//! The one door to the disk: every error names the path, and a missing file is `None`.

#![allow(clippy::disallowed_methods)]

mod attributes;
mod moving;
mod owner;
mod replacing;
mod source;
mod stored;
mod system;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

pub use source::{Source, list_with_kinds, source};
pub use stored::{is_long, part};
pub use system::{random, read_stdin, umask};

pub use attributes::{Attributes, Dress, attributes};
pub use owner::{Owner, mode, owner};
pub use replacing::{put_in_place, real_place, replace, stage};

pub use moving::{
    copy_with_times, keep_aside, link, link_target, relocate, restore_times, sync_file_system,
    take_aside, take_empty_dir_aside,
};

use rustix::io::Errno;

use crate::error::{Error, Result};
use crate::tree::{Content, File, TreePath};

/// What stands at a path, without following a link at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Missing,
    File(File),
    Dir,
    /// Something on the way to the path, or at it, that a file cannot be written through: its own path inside the
    /// project and what it is ("a file", "a link", "a device").
    Blocked(String, &'static str),
}

/// Reads what stands at `path` below `root`.
pub fn entry(root: &Path, path: &TreePath) -> Result<Entry> {
    entry_behind(root, path, &mut HashSet::new())
}

/// Whether a folder on the way from `root` to `path`, which has `/` between its parts, is a link.
pub fn is_behind_link(root: &Path, path: &str) -> Result<bool> {
    for (end, _) in path.match_indices('/') {
        if metadata(&root.join(&path[..end]))?.is_some_and(|meta| meta.is_symlink()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// As [`entry`], for many paths: the folders on the way to them are looked at once.
pub fn entries<'a>(
    root: &Path,
    paths: impl IntoIterator<Item = &'a TreePath>,
) -> Result<Vec<(&'a TreePath, Entry)>> {
    let mut folders = HashSet::new();
    paths
        .into_iter()
        .map(|path| Ok((path, entry_behind(root, path, &mut folders)?)))
        .collect()
}

/// As [`entry`]; `folders` are known to be folders.
fn entry_behind<'a>(
    root: &Path,
    path: &'a TreePath,
    folders: &mut HashSet<&'a str>,
) -> Result<Entry> {
    for parent in path.parents() {
        if folders.contains(parent) {
            continue;
        }
        let Some(meta) = metadata(&root.join(parent))? else {
            return Ok(Entry::Missing);
        };
        if meta.is_symlink() {
            return Ok(Entry::Blocked(parent.into(), "a link"));
        }
        if !meta.is_dir() {
            return Ok(Entry::Blocked(parent.into(), "a file"));
        }
        folders.insert(parent);
    }
    let full = root.join(path.as_str());
    let Some(meta) = metadata(&full)? else {
        return Ok(Entry::Missing);
    };
    if meta.is_dir() {
        return Ok(Entry::Dir);
    }
    if meta.is_symlink() {
        let target = fs::read_link(&full).map_err(Error::io("read the link", &full))?;
        return Ok(target.to_str().map_or_else(
            || Entry::Blocked(path.as_str().into(), "a link whose target is not UTF-8"),
            |target| Entry::File(File::link(target)),
        ));
    }
    if !meta.is_file() {
        return Ok(Entry::Blocked(path.as_str().into(), "a device"));
    }
    let opened = fs::File::open(&full);
    let content = opened.and_then(|file| content_of(&full, file));
    Ok(Entry::File(File {
        content: content.map_err(Error::io("read", &full))?,
        executable: meta.mode() & 0o100 != 0,
    }))
}

/// What an open file holds, or where it does.
fn content_of(path: &Path, file: fs::File) -> io::Result<Content> {
    let meta = file.metadata()?;
    if is_long(meta.len()) {
        return Ok(stored::whole(path, &meta));
    }
    Ok(Content::Bytes(read_all(file, &meta)?.into()))
}

/// The rest of a file that is as long as `meta` says, or a little longer.
fn read_all(file: fs::File, meta: &fs::Metadata) -> io::Result<Vec<u8>> {
    use io::Read as _;
    const MORE: usize = 64;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0) + MORE);
    // With the room at hand and no end in sight nothing more is asked of the disk than the bytes.
    file.take(u64::MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The metadata of `path` itself, not of what it links to; `None` when nothing is there.
pub fn metadata(path: &Path) -> Result<Option<fs::Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Ok(Some(meta)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Error::io("look at", path)(error)),
    }
}

/// The whole file; `None` when it does not exist.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// A file to be read in parts; `None` when it does not exist.
pub fn open(path: &Path) -> Result<Option<fs::File>> {
    match fs::File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// The whole file as text; `None` when it does not exist.
pub fn read_text(path: &Path) -> Result<Option<String>> {
    let Some(bytes) = read(path)? else {
        return Ok(None);
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
        .map_err(Error::io("read", path))?;
    Ok(Some(text))
}

/// The names in a directory, sorted; `None` when it does not exist.
pub fn list(dir: &Path) -> Result<Option<Vec<std::ffi::OsString>>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("list", dir)(error)),
    };
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<Vec<_>>>()
        .map_err(Error::io("list", dir))?;
    names.sort();
    Ok(Some(names))
}

/// Writes a new file with `mode`, whole or not at all; an existing one is an error, so nothing is ever overwritten here.
pub fn create(path: &Path, file: &File, mode: u32) -> Result<()> {
    match &file.content {
        content @ (Content::Bytes(_) | Content::Stored(_)) => fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(path)
            .and_then(|mut handle| {
                write_content(&mut handle, content).inspect_err(|_| {
                    let _ = fs::remove_file(path);
                })
            }),
        Content::Link(target) => std::os::unix::fs::symlink(target, path),
    }
    .map_err(Error::io("write", path))
}

/// Writes what a file or link holds.
pub fn write_content(to: &mut impl io::Write, content: &Content) -> io::Result<()> {
    if let Content::Bytes(bytes) = content {
        return to.write_all(bytes);
    }
    content.in_parts(|part| to.write_all(part))
}

/// Writes a new file that only its owner can read, unless there is one.
pub fn create_once(path: &Path, bytes: &[u8]) -> Result<()> {
    match private_file(path) {
        Ok(mut file) => file.write_all(bytes).map_err(Error::io("write", path)),
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a directory and those above it.
pub fn create_dir_all(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(Error::io("make the folder", path))
}

/// Makes one directory; says whether it was new.
pub fn create_dir(path: &Path) -> Result<bool> {
    match fs::create_dir(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(false),
        Err(error) => Err(Error::io("make the folder", path)(error)),
    }
}

/// Renames, replacing what is at `to`.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(Error::io("write", to))
}

/// Removes a file or link; a missing one is fine.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if !is_absent(&error) => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes a directory that is empty; says whether it is gone.
pub fn remove_dir_if_empty(path: &Path) -> bool {
    match fs::remove_dir(path) {
        Ok(()) => true,
        Err(error) => is_absent(&error),
    }
}

/// Removes a directory that we made, with all that is in it; a missing one is fine.
pub fn remove_own_dir(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if !is_absent(&error) => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Sets the permission bits of a file.
pub fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(Error::io("set the mode of", path))
}

/// `path` made absolute, without touching the disk beyond the current directory's name.
pub fn absolute(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path).map_err(Error::io("find", path))?;
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    Ok(clean)
}

fn is_absent(error: &io::Error) -> bool {
    // Behind a link that leads to itself, and behind a name that the system does not take, nothing is either.
    let number = error.raw_os_error();
    let leads_nowhere = [Errno::LOOP, Errno::NAMETOOLONG]
        .iter()
        .any(|known| number == Some(known.raw_os_error()));
    leads_nowhere
        || matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        )
}

/// Makes a directory that only its owner can enter, and those above it.
pub fn create_private_dir(path: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path);
    made.map_err(Error::io("make the folder", path))
}

/// Takes a lock that lasts as long as the result, on a file or folder; `None` when another process has it.
pub fn lock(path: &Path) -> Result<Option<fs::File>> {
    let file = fs::File::open(path).map_err(Error::io("open", path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(Error::io("lock", path)(error)),
    }
}

/// Whether `file` is still what stands at `path`.
pub fn is_at(file: &fs::File, path: &Path) -> Result<bool> {
    let held = file.metadata().map_err(Error::io("look at", path))?;
    let found = metadata(path)?;
    Ok(found.is_some_and(|found| (found.dev(), found.ino()) == (held.dev(), held.ino())))
}

/// Waits until a file or directory is on the disk itself.
pub fn sync(path: &Path) -> Result<()> {
    fs::File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(Error::io("save", path))
}

/// Opens a new file that only its owner can read.
pub fn private_file(path: &Path) -> Result<fs::File> {
    let opened = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    opened.map_err(Error::io("write", path))
}

/// Gives a file to the user and group of the one that it replaces, where we may.
pub fn keep_owner(path: &Path, owner: Option<(u32, u32)>) {
    let Some((uid, gid)) = owner else {
        return;
    };
    let is_owner =
        fs::symlink_metadata(path).is_ok_and(|meta| (meta.uid(), meta.gid()) == (uid, gid));
    if !is_owner {
        let _ = std::os::unix::fs::lchown(path, Some(uid), Some(gid));
    }
}

/// Every file and link below a folder of the project, as paths inside the project. Links are not followed.
///
/// A folder that is too deep for a path is one entry, with the start of its name.
pub fn files_below(root: &Path, dir: &str) -> Result<Vec<String>> {
    const DEEPEST: usize = 3_000;
    let mut files = Vec::new();
    if dir.len() > DEEPEST {
        let start: String = dir.chars().take(100).collect();
        return Ok(vec![format!("{start}…")]);
    }
    for name in list(&root.join(dir))?.unwrap_or_default() {
        let path = format!("{dir}/{}", name.to_string_lossy());
        if metadata(&root.join(dir).join(&name))?.is_some_and(|meta| meta.is_dir()) {
            files.extend(files_below(root, &path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
