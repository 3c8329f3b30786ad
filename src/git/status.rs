//! What git knows of a project's files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use git2::{AttrCheckFlags, Status, StatusOptions};

use super::Git;
use crate::error::Result;
use crate::tree::TreePath;

impl Git {
    /// Those of `paths` that differ from the last commit, staged or not.
    ///
    /// A file with a filter is judged by the git program, since libgit2 would compare what the filter has not seen;
    /// without a git program it counts as clean.
    pub fn dirty<'a>(&self, paths: impl Iterator<Item = &'a TreePath>) -> Result<Vec<TreePath>> {
        let (filtered, plain): (Vec<&TreePath>, Vec<&TreePath>) =
            paths.partition(|path| self.is_filtered(path));
        let wanted: BTreeSet<String> = plain.iter().map(|path| self.path(path)).collect();
        let mut dirty = BTreeSet::new();
        if !wanted.is_empty() {
            let mut options = StatusOptions::new();
            options
                .include_untracked(false)
                .include_ignored(false)
                .disable_pathspec_match(true)
                .no_refresh(true);
            for path in &wanted {
                options.pathspec(path);
            }
            for entry in self.repository.statuses(Some(&mut options))?.iter() {
                if entry.status() != Status::CURRENT
                    && let Ok(path) = entry.path()
                {
                    dirty.insert(path.to_owned());
                }
            }
        }
        let is_dirty =
            |path: &&TreePath| dirty.contains(&self.path(path)) || self.is_filtered_dirty(path);
        Ok(plain
            .into_iter()
            .chain(filtered)
            .filter(is_dirty)
            .cloned()
            .collect())
    }

    /// Those of `paths` that git ignores or does not track.
    pub fn untracked<'a>(
        &self,
        paths: impl Iterator<Item = &'a TreePath>,
    ) -> Result<BTreeSet<TreePath>> {
        let index = self.repository.index()?;
        let is_tracked = |path: &TreePath| {
            (0..4).any(|stage| index.get_path(Path::new(&self.path(path)), stage).is_some())
        };
        Ok(paths.filter(|path| !is_tracked(path)).cloned().collect())
    }

    /// The project's tracked files.
    pub fn tracked(&self) -> Result<Vec<TreePath>> {
        let index = self.repository.index()?;
        let below = index.iter().filter_map(|entry| {
            let path = String::from_utf8(entry.path).ok()?;
            TreePath::new(path.strip_prefix(&self.prefix)?).ok()
        });
        Ok(below.collect())
    }

    /// Whether git is told that modes on this disk mean nothing.
    #[must_use]
    pub fn ignores_modes(&self) -> bool {
        let config = self.repository.config();
        !config
            .and_then(|config| config.get_bool("core.fileMode"))
            .unwrap_or(true)
    }

    /// Which of the project's tracked files are executable in the index.
    pub fn executables(&self) -> Result<BTreeMap<TreePath, bool>> {
        let index = self.repository.index()?;
        let files = index.iter().filter_map(|entry| {
            let path = String::from_utf8(entry.path).ok()?;
            let path = TreePath::new(path.strip_prefix(&self.prefix)?).ok()?;
            Some((path, entry.mode & 0o100 != 0))
        });
        Ok(files.collect())
    }

    /// Whether git ignores a path of the project.
    #[must_use]
    pub fn is_ignored(&self, path: &str) -> bool {
        let path = format!("{}{path}", self.prefix);
        self.repository.is_path_ignored(path).unwrap_or(false)
    }

    /// Whether attributes give the file a filter, such as one that encrypts.
    #[must_use]
    pub fn is_filtered(&self, path: &TreePath) -> bool {
        let path = self.path(path);
        let filter =
            self.repository
                .get_attr(Path::new(&path), "filter", AttrCheckFlags::FILE_THEN_INDEX);
        matches!(filter, Ok(Some(_)))
    }

    fn is_filtered_dirty(&self, path: &TreePath) -> bool {
        if !self.is_filtered(path) {
            return false;
        }
        let Some(work_tree) = self.repository.workdir() else {
            return false;
        };
        let status = Command::new("git")
            .current_dir(work_tree)
            .args([
                "--no-optional-locks",
                "status",
                "--porcelain=v2",
                "-z",
                "--untracked-files=no",
                "--",
            ])
            .arg(format!(":(literal){}", self.path(path)))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output();
        status.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
    }
}
