//! Conflicts in the index, so that `git status`, `git mergetool` and editors know of them.

use std::collections::HashSet;
use std::path::Path;

use git2::{Index, IndexEntry, ObjectType, Oid};
use serde::{Deserialize, Serialize};

use super::Git;
use super::index::unseen;
use super::lock::GitLock;
use crate::error::{Error, Result};
use crate::fs;
use crate::tree::{Content, File, LONGEST_TEXT, TreePath};

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

/// A change of what git's index holds for one path, whose two sides are as good as each other: backwards it is the
/// change that takes it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEdit {
    path: TreePath,
    before: Vec<Slot>,
    after: Vec<Slot>,
}

/// One entry of a path: stage 0 alone, or a conflict's stages 1 to 3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Slot {
    stage: u16,
    mode: u32,
    id: String,
}

impl IndexEdit {
    /// The edit that takes this one back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            path: self.path.clone(),
            before: self.after.clone(),
            after: self.before.clone(),
        }
    }
}

/// Where the bits of the stage begin in an index entry's flags.
const STAGE_SHIFT: u16 = 12;

impl Git {
    /// The edits that mark conflicts as stages 1 to 3.
    ///
    /// Left out are all in a repository that libgit2 cannot open, and what is too long for any tool that would look
    /// at it, and paths that git does not track or that have a filter: the object store would get the plain bytes of a
    /// file that the filter encrypts.
    pub fn marking(&self, conflicts: &[Stages]) -> Result<Vec<IndexEdit>> {
        if self.needs_program() {
            return Ok(Vec::new());
        }
        let paths = conflicts
            .iter()
            .flat_map(|conflict| [Some(conflict.path), conflict.moved_from])
            .flatten();
        let index = self.index_of(paths)?;
        let mut edits = Vec::new();
        for conflict in conflicts {
            let path = self.path(conflict.path);
            let is_tracked = [Some(conflict.path), conflict.moved_from]
                .into_iter()
                .flatten()
                .any(|path| index.get_path(Path::new(&self.path(path)), 0).is_some());
            let mut sides = [conflict.base, conflict.ours, conflict.theirs].into_iter();
            let is_long =
                sides.any(|side| side.is_some_and(|side| side.content.len() > LONGEST_TEXT));
            if !is_tracked || is_long || self.is_filtered(conflict.path) {
                continue;
            }
            let mut after = Vec::new();
            for (stage, side) in [(1, conflict.base), (2, conflict.ours), (3, conflict.theirs)] {
                if let Some(file) = side {
                    after.push(Slot {
                        stage,
                        mode: mode(file),
                        id: self.blob_of(file)?.to_string(),
                    });
                }
            }
            edits.push(IndexEdit {
                path: conflict.path.clone(),
                before: slots(&index, &path),
                after,
            });
        }
        Ok(edits)
    }

    /// Puts what a file holds into the object store.
    fn blob_of(&self, file: &File) -> Result<Oid> {
        let Content::Stored(stored) = &file.content else {
            return Ok(self.repository.blob(&file.raw())?);
        };
        let length = usize::try_from(stored.len()).unwrap_or(usize::MAX);
        let store = self.repository.odb()?;
        let mut writer = store.writer(length, ObjectType::Blob)?;
        fs::write_content(&mut writer, &file.content)
            .map_err(Error::io("write", "git's objects"))?;
        Ok(writer.finalize()?)
    }

    /// What stands in the index for `paths` now, but for those of `edits`, as edits that change nothing:
    /// [`Self::restoring`] brings it back.
    pub fn noting<'a>(
        &self,
        paths: impl Iterator<Item = &'a TreePath> + Clone,
        edits: &[IndexEdit],
    ) -> Result<Vec<IndexEdit>> {
        if self.needs_program() {
            return Ok(Vec::new());
        }
        let index = self.index_of(paths.clone())?;
        let note = |path: &TreePath| {
            let slots = slots(&index, &self.path(path));
            IndexEdit {
                path: path.clone(),
                before: slots.clone(),
                after: slots,
            }
        };
        let known: HashSet<&str> = edits.iter().map(|edit| edit.path.as_str()).collect();
        Ok(paths
            .filter(|path| !known.contains(path.as_str()))
            .map(note)
            .collect())
    }

    /// The edits that take those of `edits` back whose paths are still conflicts: what was merged is then a change like
    /// any other, for the user to stage.
    pub fn settling(&self, edits: &[IndexEdit]) -> Result<Vec<IndexEdit>> {
        let mut back = self.restoring(edits)?;
        back.retain(|edit| edit.before.iter().any(|slot| slot.stage > 0));
        Ok(back)
    }

    /// The edits that give tracked files their executable bits in the index, where git does not look for them on the
    /// disk (`core.fileMode` is off) and a commit would go without them.
    pub fn following_modes<'a>(
        &self,
        files: impl Iterator<Item = (&'a TreePath, &'a File)> + Clone,
    ) -> Result<Vec<IndexEdit>> {
        if self.needs_program() || !self.ignores_modes() {
            return Ok(Vec::new());
        }
        let index = self.index_of(files.clone().map(|(path, _)| path))?;
        let mut edits = Vec::new();
        for (path, file) in files {
            let before = slots(&index, &self.path(path));
            let [slot] = before.as_slice() else {
                continue;
            };
            if slot.stage == 0 && !file.is_link() && slot.mode != mode(file) {
                edits.push(IndexEdit {
                    path: path.clone(),
                    after: vec![Slot {
                        mode: mode(file),
                        ..slot.clone()
                    }],
                    before,
                });
            }
        }
        Ok(edits)
    }

    /// The edits that take `edits` back, whatever became of their paths since.
    pub fn restoring(&self, edits: &[IndexEdit]) -> Result<Vec<IndexEdit>> {
        if self.needs_program() {
            return Ok(Vec::new());
        }
        let paths: Vec<TreePath> = edits.iter().map(|edit| edit.path.clone()).collect();
        let index = self.index_of(paths.iter())?;
        let back = |edit: &IndexEdit| IndexEdit {
            path: edit.path.clone(),
            before: slots(&index, &self.path(&edit.path)),
            after: edit.before.clone(),
        };
        let back = edits.iter().map(back);
        Ok(back.filter(|edit| edit.before != edit.after).collect())
    }

    /// Does those of `edits` whose path the index still has as it was, as [`Self::rewrite_index`] does.
    pub fn edit_index(&self, scratch: &Path, edits: &[IndexEdit]) -> Result<()> {
        if self.needs_program() {
            return Ok(());
        }
        fs::create_private_dir(scratch)?;
        self.rewrite_index(scratch, |index| {
            let mut changed = false;
            for edit in edits {
                let path = self.path(&edit.path);
                if slots(index, &path) != edit.before {
                    continue;
                }
                for slot in &edit.before {
                    index.remove(Path::new(&path), i32::from(slot.stage))?;
                }
                for slot in &edit.after {
                    index.add(&index_entry(&path, slot)?)?;
                }
                changed = true;
            }
            Ok(changed)
        })
    }

    /// Lets `change` change the index; when it says that it did not, the index stays.
    ///
    /// The new index is made in `scratch`, a folder of ours, and renamed into its place under git's own lock. A lock
    /// that a killed run left is known by its content, and taken over: whoever calls this is the only one that uses `scratch`.
    pub(super) fn rewrite_index(
        &self,
        scratch: &Path,
        change: impl FnOnce(&mut Index) -> Result<bool>,
    ) -> Result<()> {
        let place = self.repository.path().join("index");
        let _lock = GitLock::take(&place.with_extension("lock"), scratch, "the index")?;
        let copy = scratch.join("index");
        fs::remove(&copy)?;
        fs::remove(&copy.with_extension("lock"))?;
        let former = fs::copy_with_times(&place, &copy)?;
        let mut index = Index::open(&copy)?;
        if !change(&mut index)? {
            return Ok(());
        }
        index.write()?;
        // Git takes files that are younger than its index for unchanged only after a look into them. So the new index
        // must not look younger than the old one, which knew them.
        fs::restore_times(&copy, former)?;
        fs::sync(&copy)?;
        fs::rename(&copy, &place)
    }
}

const PLAIN: u32 = 0o100_644;
const EXECUTABLE: u32 = 0o100_755;
const LINK: u32 = 0o120_000;

fn slots(index: &Index, path: &str) -> Vec<Slot> {
    (0..4)
        .filter_map(|stage| {
            let entry = index.get_path(Path::new(path), stage)?;
            Some(Slot {
                stage: u16::try_from(stage).unwrap_or_default(),
                mode: entry.mode,
                id: entry.id.to_string(),
            })
        })
        .collect()
}

/// The mode that git gives a file.
pub(super) fn mode(file: &File) -> u32 {
    match file.kind() {
        'l' => LINK,
        'x' => EXECUTABLE,
        _ => PLAIN,
    }
}

fn index_entry(path: &str, slot: &Slot) -> Result<IndexEntry> {
    Ok(IndexEntry {
        mode: slot.mode,
        id: Oid::from_str(&slot.id)?,
        flags: slot.stage << STAGE_SHIFT,
        path: path.as_bytes().to_vec(),
        ..unseen()
    })
}
