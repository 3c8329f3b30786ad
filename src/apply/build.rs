//! A new project, built beside its place and renamed once.

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
    for (path, file) in tree {
        interrupt.check()?;
        let mut dir = site.dir.clone();
        for part in path
            .parents()
            .filter_map(|parent| parent.rsplit('/').next())
        {
            dir.push(part);
            fs::create_dir(&dir)?;
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
    site.rename_to(target)?;
    Ok(result)
}

/// The folder that is built in. Dropped before it was renamed, it goes with all that was made for it.
struct Site {
    dir: PathBuf,
    /// Directories above the target that did not exist, outermost first.
    made: Vec<PathBuf>,
}

impl Site {
    fn new(target: &Path) -> Result<Self> {
        let parent = target.parent().unwrap_or(Path::new("/"));
        let name = target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut made: Vec<PathBuf> = parent
            .ancestors()
            .take_while(|dir| !dir.exists())
            .map(Path::to_path_buf)
            .collect();
        made.reverse();
        let mut site = Self {
            dir: PathBuf::new(),
            made: Vec::new(),
        };
        for dir in made {
            fs::create_dir(&dir)?;
            site.made.push(dir);
        }
        remove_stale(parent, &name)?;
        let dir = parent.join(format!("{}{}", prefix(&name), std::process::id()));
        if !fs::create_dir(&dir)? {
            return Err(Error::Busy { dir });
        }
        site.dir = dir;
        Ok(site)
    }

    fn rename_to(mut self, target: &Path) -> Result<()> {
        fs::rename(&self.dir, target)?;
        self.dir = PathBuf::new();
        self.made.clear();
        Ok(())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if !self.dir.as_os_str().is_empty() {
            let _ = fs::remove_own_dir(&self.dir);
        }
        for dir in self.made.iter().rev() {
            fs::remove_dir_if_empty(dir);
        }
    }
}

/// What a building site for `name` is called, up to the number of the process that builds.
fn prefix(name: &str) -> String {
    let name: String = name.chars().take(60).collect();
    format!(".{name}.ixd-new-")
}

/// Removes the building sites of processes that were killed.
fn remove_stale(parent: &Path, name: &str) -> Result<()> {
    for found in fs::list(parent)?.unwrap_or_default() {
        let process = found
            .to_str()
            .and_then(|found| found.strip_prefix(&prefix(name)));
        let Some(process) = process.filter(|process| process.parse::<u32>().is_ok()) else {
            continue;
        };
        if cfg!(target_os = "linux") && !Path::new("/proc").join(process).exists() {
            fs::remove_own_dir(&parent.join(&found))?;
        }
    }
    Ok(())
}
