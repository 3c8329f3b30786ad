//! Decisions of a review that somebody left before its end, for the next run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decision::Decision;
use crate::plan::{self, Change};
use crate::tree::{Content, File, Tree, TreePath, digest};

/// Decisions and edited texts by path. They hold only for the very changes that they were made for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    changes: BTreeMap<String, DecidedChange>,
    /// Files of which nothing is kept: they hold secret answers.
    #[serde(skip)]
    secret: Vec<TreePath>,
}

/// What was done about one change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct DecidedChange {
    /// The digest of its three sides.
    change: String,
    pub(super) decision: Option<Decision>,
    pub(super) drafts: Drafts,
}

/// Texts of one change as an editor saved them last, taken or not: the whole, and its hunks by their regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Drafts {
    pub(super) whole: Option<Vec<u8>>,
    pub(super) hunks: BTreeMap<usize, Vec<u8>>,
}

impl Drafts {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_none() && self.hunks.is_empty()
    }
}

impl Kept {
    /// These decisions without those about the files in `secret`.
    #[must_use]
    pub fn without(mut self, secret: &[TreePath]) -> Self {
        self.secret = secret.to_vec();
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What was done about the change, if it is still the same one.
    pub(super) fn of(&self, change: &Change) -> Option<&DecidedChange> {
        let work = self.changes.get(change.path.as_str());
        work.filter(|work| work.change == fingerprint(change))
    }

    /// Keeps the work on a change, unless it may hold a secret.
    pub(super) fn keep(&mut self, change: &Change, decision: Option<Decision>, drafts: Drafts) {
        let path = &change.path;
        if !plan::is_secret_name(path.as_str()) && !self.secret.contains(path) {
            let work = DecidedChange {
                change: fingerprint(change),
                decision,
                drafts,
            };
            self.changes.insert(path.to_string(), work);
        }
    }

    pub(super) fn clear(&mut self) {
        self.changes.clear();
    }
}

fn fingerprint(change: &Change) -> String {
    let sides = [
        ("base", &change.base),
        ("ours", &change.ours),
        ("theirs", &change.theirs),
    ];
    let tree: Tree = sides
        .into_iter()
        .filter_map(|(name, file)| Some((TreePath::new(name).ok()?, short(file.as_ref()?))))
        .collect();
    digest(&tree).unwrap_or_default()
}

/// What stands for a file with many bytes: enough to tell it from others.
fn short(file: &File) -> File {
    match &file.content {
        Content::Stored(stored) => File::link(stored.place()),
        _ => file.clone(),
    }
}
