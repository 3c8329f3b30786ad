//! What git knows of a project's files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use git2::{AttrCheckFlags, Index, Oid, Status, StatusOptions};

use super::Git;
use super::foreign::program;
use super::sparse::blob_id;
use super::stages::mode;
use crate::error::{Error, Result};
use crate::tree::{File, LONGEST_TEXT, TreePath};

impl Git {
    /// Those of `files`, which are what stands in the project now, that differ from the last commit, staged or not.
    ///
    /// A file with a filter is judged by the git program, since libgit2 would compare what the filter has not seen;
    /// without a git program it counts as clean.
    pub fn dirty(&self, files: &[(&TreePath, &File)]) -> Result<Vec<TreePath>> {
        if self.needs_program() {
            let paths: Vec<&TreePath> = files.iter().map(|(path, _)| *path).collect();
            let dirty = self
                .dirty_by_program(&paths)
                .ok_or_else(|| self.no_answer())?;
            let is_dirty = |path: &&TreePath| dirty.contains(&self.path(path));
            return Ok(paths.into_iter().filter(is_dirty).cloned().collect());
        }
        let index = self.index_of(files.iter().map(|(path, _)| *path))?;
        let head = self
            .repository
            .head()
            .and_then(|head| head.peel_to_tree())
            .ok();
        let mut doubtful = files.to_vec();
        if let Some(head) = head {
            doubtful.retain(|(path, file)| !self.is_committed(&head, &index, path, file));
        }
        // A long file without a filter is dirty if git knows it: it has other bytes than the last commit.
        let is_long = |(path, file): &(&TreePath, &File)| {
            file.content.len() > LONGEST_TEXT && !self.is_filtered(path)
        };
        let (long, doubtful): (Vec<_>, Vec<_>) = doubtful.into_iter().partition(is_long);
        let (filtered, plain): (Vec<&TreePath>, Vec<&TreePath>) = doubtful
            .iter()
            .map(|(path, _)| *path)
            .partition(|path| self.is_filtered(path));
        let mut dirty = self.dirty_filtered(&filtered);
        dirty.extend(self.dirty_plain(&plain)?);
        dirty.extend(self.tracked_of(&index, &long));
        let long = long.iter().map(|(path, _)| *path);
        let paths = plain.into_iter().chain(filtered).chain(long);
        Ok(paths
            .filter(|path| dirty.contains(&self.path(path)))
            .cloned()
            .collect())
    }

    /// Whether both the last commit and the index hold the file as it is, byte for byte, so that nothing of it can be
    /// lost. Most files are so, and libgit2 would ask much of the disk to find it out.
    fn is_committed(&self, head: &git2::Tree, index: &Index, path: &TreePath, file: &File) -> bool {
        let path = self.path(path);
        let path = Path::new(&path);
        let (Ok(there), Some(staged)) = (head.get_path(path), index.get_path(path, 0)) else {
            return false;
        };
        let is_same = there.id() == staged.id && u32::try_from(there.filemode()) == Ok(staged.mode);
        is_same
            && staged.mode == mode(file)
            && self.has_length(staged.id, file)
            && blob_id(file).is_some_and(|id| id == staged.id)
    }

    /// Those of `files` that git tracks, as it calls them.
    fn tracked_of(&self, index: &Index, files: &[(&TreePath, &File)]) -> Vec<String> {
        let paths = files.iter().map(|(path, _)| self.path(path));
        let is_tracked = |path: &String| index.get_path(Path::new(path), 0).is_some();
        paths.filter(is_tracked).collect()
    }

    /// Whether a blob is as long as a file.
    fn has_length(&self, blob: Oid, file: &File) -> bool {
        let store = self.repository.odb();
        let header = store.and_then(|store| store.read_header(blob));
        header.is_ok_and(|(length, _)| length as u64 == file.content.len())
    }

    /// Those of `paths` that libgit2 says are dirty, as git calls them.
    fn dirty_plain(&self, paths: &[&TreePath]) -> Result<BTreeSet<String>> {
        if paths.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut options = StatusOptions::new();
        options
            .include_untracked(false)
            .include_ignored(false)
            .disable_pathspec_match(true)
            .no_refresh(true);
        for path in paths {
            options.pathspec(self.path(path));
        }
        let statuses = self.looking()?.statuses(Some(&mut options))?;
        let dirty = statuses
            .iter()
            .filter(|entry| entry.status() != Status::CURRENT);
        Ok(dirty
            .filter_map(|entry| entry.path().ok().map(str::to_owned))
            .collect())
    }

    /// Those of `paths` that git ignores or does not track.
    pub fn untracked<'a>(
        &self,
        paths: impl Iterator<Item = &'a TreePath> + Clone,
    ) -> Result<BTreeSet<TreePath>> {
        if self.needs_program() {
            // Without an answer, nobody knows that a file is anywhere else.
            let tracked = self.tracked(|_| true)?;
            return Ok(paths
                .filter(|path| !tracked.contains(path))
                .cloned()
                .collect());
        }
        let index = self.index_of(paths.clone())?;
        let is_tracked = |path: &TreePath| {
            (0..4).any(|stage| index.get_path(Path::new(&self.path(path)), stage).is_some())
        };
        Ok(paths.filter(|path| !is_tracked(path)).cloned().collect())
    }

    /// The project's tracked files whose paths are wanted.
    pub fn tracked(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<TreePath>> {
        let below = |path: &[u8]| {
            let path = path.strip_prefix(self.prefix.as_bytes())?;
            std::str::from_utf8(path).ok().map(str::to_owned)
        };
        if self.needs_program() {
            let listed = self.listed().unwrap_or_default();
            let paths = listed
                .iter()
                .filter_map(|entry| below(entry.path.as_bytes()));
            let wanted = paths.filter(|path| is_wanted(path));
            return Ok(wanted.filter_map(|path| TreePath::new(path).ok()).collect());
        }
        let entries = self.index_entries(|path| {
            path.strip_prefix(self.prefix.as_bytes())
                .and_then(|path| std::str::from_utf8(path).ok())
                .is_some_and(&is_wanted)
        })?;
        let paths = entries.iter().filter_map(|entry| below(&entry.path));
        Ok(paths.filter_map(|path| TreePath::new(path).ok()).collect())
    }

    /// Whether the index has a path of the project's that is wanted.
    pub fn tracks(&self, is_wanted: impl Fn(&str) -> bool) -> Result<bool> {
        // This does not use `tracked`, since paths are asked for here that no project may hold.
        if self.needs_program() {
            let Some(listed) = self.listed() else {
                return Err(Error::GitIndex("the git program says nothing of it".into()));
            };
            let mut paths = listed
                .iter()
                .filter_map(|entry| entry.path.strip_prefix(&self.prefix));
            return Ok(paths.any(is_wanted));
        }
        let entries = self.index_entries(|path| {
            path.strip_prefix(self.prefix.as_bytes())
                .and_then(|path| std::str::from_utf8(path).ok())
                .is_some_and(&is_wanted)
        })?;
        Ok(!entries.is_empty())
    }

    /// Whether git is told that modes on this disk mean nothing.
    #[must_use]
    pub fn ignores_modes(&self) -> bool {
        let settings = self.settings().ok();
        settings.is_some_and(|config| !config.get_bool("core.fileMode").unwrap_or(true))
    }

    /// Which of `paths` are executable in the index; without those that git does not track.
    pub fn executables<'a>(
        &self,
        paths: impl Iterator<Item = &'a TreePath> + Clone,
    ) -> Result<BTreeMap<TreePath, bool>> {
        if self.needs_program() {
            let listed = self.listed().unwrap_or_default();
            let modes: BTreeMap<&str, u32> = listed
                .iter()
                .map(|entry| (entry.path.as_str(), entry.mode))
                .collect();
            let files = paths.filter_map(|path| {
                let mode = modes.get(self.path(path).as_str())?;
                Some((path.clone(), mode & 0o100 != 0))
            });
            return Ok(files.collect());
        }
        let index = self.index_of(paths.clone())?;
        let files = paths.filter_map(|path| {
            let entry = index.get_path(Path::new(&self.path(path)), 0)?;
            Some((path.clone(), entry.mode & 0o100 != 0))
        });
        Ok(files.collect())
    }

    /// Whether git ignores a path of the project.
    #[must_use]
    pub fn is_ignored(&self, path: &str) -> bool {
        let path = format!("{}{path}", self.prefix);
        self.repository.is_path_ignored(path).unwrap_or(false)
    }

    /// Those of `paths` that git ignores, by the word of the git program: it follows no link to a list and does not read every
    /// encoding that libgit2 does. Without a git program, by the word of libgit2.
    #[must_use]
    pub fn ignored(&self, paths: &[&str]) -> BTreeSet<String> {
        self.asked(paths).unwrap_or_else(|| {
            let ignored = paths.iter().filter(|path| self.is_ignored(path));
            ignored.map(|path| (*path).to_owned()).collect()
        })
    }

    fn asked(&self, paths: &[&str]) -> Option<BTreeSet<String>> {
        let mut git = program(self.repository.workdir()?)
            .args(["check-ignore", "-z", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut question = Vec::new();
        for path in paths {
            question.extend([self.prefix.as_bytes(), path.as_bytes(), b"\0"].concat());
        }
        // The paths are few, so neither program has to wait for the other.
        let given = git.stdin.take()?.write_all(&question);
        let output = git.wait_with_output().ok()?;
        let has_answered = given.is_ok() && matches!(output.status.code(), Some(0 | 1));
        let lines = output.stdout.split(|byte| *byte == 0);
        let names = lines.filter_map(|line| {
            let path = std::str::from_utf8(line).ok()?;
            Some(path.strip_prefix(&self.prefix)?.to_owned())
        });
        has_answered.then(|| names.filter(|name| !name.is_empty()).collect())
    }

    /// Whether attributes give the file a filter, such as one that encrypts. [`Self::index_of`] must have been asked first.
    pub(super) fn is_filtered(&self, path: &TreePath) -> bool {
        let path = self.path(path);
        let filter = self.looking().and_then(|repository| {
            let flags = AttrCheckFlags::FILE_THEN_INDEX;
            let value = repository.get_attr(Path::new(&path), "filter", flags)?;
            Ok(value.is_some())
        });
        // What cannot be known is taken for a secret.
        filter.unwrap_or(true)
    }

    /// Those of `paths` that the git program says are dirty, as git calls them.
    fn dirty_filtered(&self, paths: &[&TreePath]) -> BTreeSet<String> {
        if paths.is_empty() {
            return BTreeSet::new();
        }
        let dirty = self.dirty_by_program(paths).unwrap_or_default();
        dirty.into_iter().collect()
    }
}
