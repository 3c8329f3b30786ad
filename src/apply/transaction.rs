//! What shall be done to a project, as a value.

use std::collections::BTreeMap;

use super::follow::Follow;
use crate::fs::Attributes;
use crate::plan::Edit;
use crate::tree::TreePath;

/// What shall be done, all of it or nothing.
#[derive(Debug, Default)]
pub struct Transaction<'a> {
    /// The command, for people.
    pub title: String,
    pub edits: &'a [Edit],
    /// What is done after the files.
    pub follow: Follow,
    /// The permission bits and attributes of files that are not there now.
    pub(super) modes: BTreeMap<TreePath, (u32, Attributes)>,
    /// The only folders that go when they are empty at the end; `None`: all that its deletions empty.
    pub(super) sweep: Option<Vec<TreePath>>,
    /// Folders that are there already only because a run that was killed made them.
    pub(super) made: Vec<TreePath>,
    /// The permission bits of folders that are not there now.
    pub(super) dirs: BTreeMap<TreePath, u32>,
}

impl<'a> Transaction<'a> {
    #[must_use]
    pub fn new(title: impl Into<String>, edits: &'a [Edit], follow: Follow) -> Self {
        Self {
            title: title.into(),
            edits,
            follow,
            ..Self::default()
        }
    }
}
