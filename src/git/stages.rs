//! Conflicts in the index, so that `git status`, `git mergetool` and editors know of them.

use std::path::Path;

use git2::{IndexEntry, IndexTime, Oid};
use serde::{Deserialize, Serialize};

use super::Git;
use crate::error::Result;
use crate::tree::{File, TreePath};

/// The three sides of one conflict; absent is `None`.
#[derive(Debug)]
pub struct Stages<'a> {
    pub path: &'a TreePath,
    /// The path that git knows the file under, when it moves.
    pub moved_from: Option<&'a TreePath>,
    pub base: Option<&'a File>,
    pub ours: Option<&'a File>,
    pub theirs: Option<&'a File>,
}

/// What an index entry was before its path was marked as a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    path: String,
    /// Mode and object; absent when there was no entry.
    was: Option<(u32, String)>,
}

/// Of an index entry's flags, the bits that hold the stage.
const STAGE_SHIFT: u16 = 12;

impl Git {
    /// Marks conflicts as stages 1 to 3 and returns what the entries were.
    ///
    /// Left out are paths that git does not track or that have a filter: the object store would get the plain bytes of a
    /// file that the filter encrypts.
    pub fn stage(&self, conflicts: &[Stages]) -> Result<Vec<Staged>> {
        let mut index = self.repository.index()?;
        let mut staged = Vec::new();
        for conflict in conflicts {
            let path = self.path(conflict.path);
            let entry = index.get_path(Path::new(&path), 0);
            let moved_from = conflict.moved_from.map(|from| self.path(from));
            let is_known = entry.is_some()
                || moved_from.is_some_and(|from| index.get_path(Path::new(&from), 0).is_some());
            if !is_known || self.is_filtered(conflict.path) {
                continue;
            }
            if entry.is_some() {
                index.remove(Path::new(&path), 0)?;
            }
            for (stage, side) in [(1, conflict.base), (2, conflict.ours), (3, conflict.theirs)] {
                if let Some(file) = side {
                    let id = self.repository.blob(file.raw())?;
                    index.add(&index_entry(&path, id, mode(file), stage))?;
                }
            }
            staged.push(Staged {
                path: conflict.path.to_string(),
                was: entry.map(|entry| (entry.mode, entry.id.to_string())),
            });
        }
        if !staged.is_empty() {
            index.write()?;
        }
        Ok(staged)
    }

    /// Gives the entries back that [`Self::stage`] replaced.
    pub fn unstage(&self, staged: &[Staged]) -> Result<()> {
        let mut index = self.repository.index()?;
        for entry in staged {
            let path = format!("{}{}", self.prefix, entry.path);
            index.remove_path(Path::new(&path))?;
            if let Some((mode, id)) = &entry.was {
                index.add(&index_entry(&path, Oid::from_str(id)?, *mode, 0))?;
            }
        }
        if !staged.is_empty() {
            index.write()?;
        }
        Ok(())
    }

    /// Gives tracked files the executable bits of `files` in the index, where git does not look for them on the disk
    /// (`core.fileMode` is off) and a commit would go without them.
    pub fn follow_modes<'a>(
        &self,
        files: impl Iterator<Item = (&'a TreePath, &'a File)>,
    ) -> Result<()> {
        if !self.ignores_modes() {
            return Ok(());
        }
        let mut index = self.repository.index()?;
        let mut changed = false;
        for (path, file) in files {
            let Some(mut entry) = index.get_path(Path::new(&self.path(path)), 0) else {
                continue;
            };
            if file.bytes().is_some() && entry.mode != mode(file) {
                entry.mode = mode(file);
                index.add(&entry)?;
                changed = true;
            }
        }
        if changed {
            index.write()?;
        }
        Ok(())
    }

    /// Gives the entries back that [`Self::stage`] replaced and that are still conflicts: what was merged is then a
    /// change like any other, for the user to stage.
    pub fn settle(&self, staged: &[Staged]) -> Result<()> {
        let index = self.repository.index()?;
        let is_unmerged = |entry: &&Staged| {
            let path = format!("{}{}", self.prefix, entry.path);
            (1..4).any(|stage| index.get_path(Path::new(&path), stage).is_some())
        };
        let unmerged: Vec<Staged> = staged.iter().filter(is_unmerged).cloned().collect();
        self.unstage(&unmerged)
    }
}

fn mode(file: &File) -> u32 {
    match file.kind() {
        'l' => 0o120_000,
        'x' => 0o100_755,
        _ => 0o100_644,
    }
}

fn index_entry(path: &str, id: Oid, mode: u32, stage: u16) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: stage << STAGE_SHIFT,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}
