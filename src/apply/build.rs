//! A new project, built beside its place and renamed once.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::Interrupt;
use crate::error::{Error, Result};
use crate::fs;
use crate::tree::Tree;

/// Builds `tree` in a hidden folder beside `target`, lets `finish` work on it, and renames it to `target`.
///
/// `target` must not exist. Whatever fails on the way, nothing is left behind.
pub fn create<T>(
    target: &Path,
    tree: &Tree,
    interrupt: &Interrupt,
    finish: impl FnOnce(&Path) -> Result<T>,
) -> Result<T> {
    let _writing = interrupt.writing();
    let site = Site::new(target)?;
    let mut made: BTreeSet<&str> = BTreeSet::new();
    for (path, file) in tree {
        interrupt.check()?;
        for parent in path.parents() {
            if made.insert(parent) {
                fs::create_dir(&site.dir.join(parent))?;
            }
        }
        fs::create(
            &site.dir.join(path.as_str()),
            file,
            if file.executable { 0o777 } else { 0o666 },
        )?;
    }
    let result = finish(&site.dir)?;
    interrupt.check()?;
    if fs::metadata(target)?.is_some() {
        return Err(Error::Changed {
            paths: vec![target.display().to_string()],
        });
    }
    site.rename()?;
    Ok(result)
}

/// The folder that is built in. Where it is dropped before it was renamed, it is removed.
///
/// It stands for the outermost folder that does not exist: all that is missing appears by the one rename.
struct Site {
    /// Where it will be.
    place: PathBuf,
    built: PathBuf,
    /// The project's folder in it.
    dir: PathBuf,
    /// Tells other processes that somebody is building here.
    lock: Option<File>,
}

impl Site {
    fn new(target: &Path) -> Result<Self> {
        let missing = |dir: &&Path| !dir.exists();
        let place = target.ancestors().take_while(missing).last();
        let place = place.unwrap_or(target).to_path_buf();
        let parent = place.parent().unwrap_or(Path::new("/"));
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        remove_stale(parent, &name)?;
        let site = parent.join(format!("{}{}", prefix(&name), std::process::id()));
        if !fs::create_dir(&site)? {
            return Err(Error::Busy { dir: site });
        }
        let below = target.strip_prefix(&place).unwrap_or(Path::new(""));
        let mut this = Self {
            dir: site.join(below),
            place,
            built: site,
            lock: None,
        };
        // Where folders cannot be locked, the number of the process has to do.
        this.lock = fs::lock(&this.built).unwrap_or_default();
        fs::create_dir_all(&this.dir)?;
        Ok(this)
    }

    fn rename(mut self) -> Result<()> {
        fs::rename(&self.built, &self.place)?;
        self.built = PathBuf::new();
        self.lock = None;
        Ok(())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if !self.built.as_os_str().is_empty() {
            let _ = fs::remove_own_dir(&self.built);
        }
    }
}

/// What a building site for `name` is called, up to the number of the process that builds.
fn prefix(name: &str) -> String {
    let name: String = name.chars().take(60).collect();
    format!(".{name}.ixd-new-")
}

/// Removes the building sites of processes that were killed: those that nobody has locked.
fn remove_stale(parent: &Path, name: &str) -> Result<()> {
    for found in fs::list(parent)?.unwrap_or_default() {
        let process = found
            .to_str()
            .and_then(|found| found.strip_prefix(&prefix(name)));
        if process.is_none_or(|process| process.parse::<u32>().is_err()) {
            continue;
        }
        let site = parent.join(&found);
        if let Ok(Some(_lock)) = fs::lock(&site) {
            fs::remove_own_dir(&site)?;
        }
    }
    Ok(())
}
