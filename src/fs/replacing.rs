//! New content for files that are there: whole or not at all, and never seen half-way by those whom it is hidden from.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::{
    create, create_once, create_private_dir, keep_owner, metadata, relocate, remove,
    remove_own_dir, rename, set_mode,
};
use crate::error::{Error, Result};
use crate::tree::File;

/// Where the content of `path` is: `path` itself, or what the links there lead to.
///
/// # Errors
/// When a link leads to nothing.
pub fn real_place(path: &Path) -> Result<PathBuf> {
    match metadata(path)? {
        Some(meta) if meta.is_symlink() => path.canonicalize().map_err(Error::io("write", path)),
        _ => Ok(path.to_owned()),
    }
}

/// Gives an existing file new content, whole or not at all; its permission bits stay. A link stays as well: the file that it
/// leads to gets the content.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let place = real_place(path)?;
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let temporary = place.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    stage(&temporary, bytes, mode_of(&place)?, &place)
        .and_then(|()| rename(&temporary, &place))
        .inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
}

fn mode_of(place: &Path) -> Result<u32> {
    Ok(metadata(place)?.map_or(0o644, |meta| meta.permissions().mode() & 0o7777))
}

/// Writes the new content of `place` to `staged`, which must be new, with its owner and with `mode`. Until then nobody
/// else can read it.
pub fn stage(staged: &Path, bytes: &[u8], mode: u32, place: &Path) -> Result<()> {
    create(staged, &File::new(bytes), 0o600)?;
    keep_owner(
        staged,
        metadata(place)?.map(|meta| (meta.uid(), meta.gid())),
    );
    set_mode(staged, mode)
}

/// Moves a file that [`stage`] wrote to `place`. On another file system it gets there by way of a folder that only its owner
/// can enter and that git ignores: what a killed run leaves there is committed by nobody, and removed by the next one.
pub fn put_in_place(staged: &Path, place: &Path) -> Result<()> {
    match fs::rename(staged, place) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let beside = place.with_file_name(".ixd-template.part");
            remove_own_dir(&beside)?;
            let moved = create_private_dir(&beside)
                .and_then(|()| create_once(&beside.join(".gitignore"), b"*\n"))
                .and_then(|()| relocate(staged, place, &beside.join("file")));
            let removed = remove_own_dir(&beside);
            moved.and(removed)
        }
        Err(error) => {
            let _ = remove(staged);
            Err(Error::io("write", place)(error))
        }
        Ok(()) => Ok(()),
    }
}
