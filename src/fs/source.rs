//! The directory of a template, as it is read.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{content_of, is_absent};
use crate::error::{Error, Result};
use crate::tree::File;

/// What stands at a place of a template's directory.
#[derive(Debug)]
pub enum Source {
    File(File),
    Dir,
    Other,
}

/// The names in a template's directory with what stands there, sorted; nothing when it does not exist.
pub fn list_with_kinds(dir: &Path) -> Result<Vec<(std::ffi::OsString, fs::FileType)>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("list", dir)(error)),
    };
    let mut names = entries
        .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))))
        .collect::<io::Result<Vec<_>>>()
        .map_err(Error::io("list", dir))?;
    names.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(names)
}

/// Reads one entry of a template's directory, links as links.
pub fn source(path: &Path, kind: fs::FileType) -> Result<Source> {
    if kind.is_dir() {
        return Ok(Source::Dir);
    }
    if kind.is_symlink() {
        let target = fs::read_link(path).map_err(Error::io("read the link", path))?;
        return Ok(target
            .to_str()
            .map_or(Source::Other, |target| Source::File(File::link(target))));
    }
    if !kind.is_file() {
        return Ok(Source::Other);
    }
    let read = fs::File::open(path).and_then(|file| {
        let executable = file.metadata()?.mode() & 0o100 != 0;
        Ok((content_of(path, file)?, executable))
    });
    let (content, executable) = read.map_err(Error::io("read", path))?;
    Ok(Source::File(File {
        content,
        executable,
    }))
}
