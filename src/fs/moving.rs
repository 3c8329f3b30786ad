//! From one place to another: files that are kept aside, and moved between file systems.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::{Dress, attributes, metadata, remove_own_dir};
use crate::error::{Error, Result};

/// Gives `new` the content of `existing` by a second name, without copying; says whether the file system can.
pub fn link(existing: &Path, new: &Path) -> bool {
    fs::hard_link(existing, new).is_ok()
}

/// Moves a file, also to another file system: then by way of `beside`, which must be in the folder of `to`.
pub fn relocate(from: &Path, to: &Path, beside: &Path) -> Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let moved = copy(from, beside).and_then(|()| fs::rename(beside, to));
            if moved.is_err() {
                let _ = fs::remove_file(beside);
            } else {
                let _ = fs::remove_file(from);
            }
            moved.map_err(Error::io("write", to))
        }
        result => result.map_err(Error::io("write", to)),
    }
}

/// Copies a file or link with its mode to where nothing is yet, whole or not at all, and waits until it is on the disk.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(from)?;
    if meta.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    let mut source = fs::File::open(from)?;
    let mut target = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    let copied = io::copy(&mut source, &mut target).and_then(|_| {
        let dress = Dress {
            owner: Some((meta.uid(), meta.gid())),
            mode: meta.mode() & 0o7777,
            attributes: attributes(from),
        };
        dress.put_on(to);
        target.sync_all()
    });
    // A part of it must never be taken for the file.
    copied.inspect_err(|_| drop(fs::remove_file(to)))
}

/// Keeps what is at `existing` under a second name: by a link where the file system has them, else as a copy.
pub fn keep_aside(existing: &Path, aside: &Path) -> Result<()> {
    match fs::hard_link(existing, aside) {
        Err(error) if error.kind() == io::ErrorKind::StorageFull => {
            Err(Error::io("write", aside)(error))
        }
        Err(_) => copy(existing, aside).map_err(Error::io("write", aside)),
        Ok(()) => Ok(()),
    }
}

/// Moves a file out of the project to `aside`, also to another file system.
pub fn take_aside(existing: &Path, aside: &Path) -> Result<()> {
    match fs::rename(existing, aside) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy(existing, aside)
            .and_then(|()| fs::remove_file(existing))
            .map_err(Error::io("remove", existing)),
        result => result.map_err(Error::io("remove", existing)),
    }
}

/// Moves a folder that holds no file to `aside`; to another file system it need not go, since it is easily made again.
pub fn take_empty_dir_aside(existing: &Path, aside: &Path) -> Result<()> {
    match fs::rename(existing, aside) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => remove_own_dir(existing),
        result => result.map_err(Error::io("remove", existing)),
    }
}

/// Copies a file, if there is one, and returns its times and mode for [`restore_times`].
pub fn copy_with_times(from: &Path, to: &Path) -> Result<Option<fs::Metadata>> {
    let Some(meta) = metadata(from)? else {
        return Ok(None);
    };
    copy(from, to).map_err(Error::io("write", to))?;
    Ok(Some(meta))
}

/// Gives a file the modification time and mode of another.
pub fn restore_times(path: &Path, former: Option<fs::Metadata>) -> Result<()> {
    let Some(former) = former else {
        return Ok(());
    };
    let set = |former: &fs::Metadata| {
        let file = fs::OpenOptions::new().write(true).open(path)?;
        file.set_permissions(former.permissions())?;
        file.set_modified(former.modified()?)
    };
    set(&former).map_err(Error::io("write", path))
}

/// The target of a link, as it stands in it.
pub fn link_target(path: &Path) -> Result<PathBuf> {
    fs::read_link(path).map_err(Error::io("read the link", path))
}

/// Waits until all that was written to the file system of `path` is on the disk itself; says whether it could be asked.
#[must_use]
pub fn sync_file_system(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        fs::File::open(path).is_ok_and(|file| rustix::fs::syncfs(&file).is_ok())
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        false
    }
}
