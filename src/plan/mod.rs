//! The plan: what a command would do to each path, computed before anything is written.

mod decide;
pub mod migrations;
mod moves;

use std::collections::{BTreeMap, BTreeSet};

pub use moves::{Move, by_manifest, by_origin, by_similarity, of_user};

use crate::error::{Error, Result};
use crate::fs::Entry;
use crate::git::is_called_secret;
use crate::tree::{File, Tree, TreePath};
use three_way::{Merged, Options, Region};

/// One write: a path, what is there now and what will be. Absent is `None`, so that adding, updating, deleting and
/// undoing are one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub path: TreePath,
    pub before: Option<File>,
    pub after: Option<File>,
    /// The file whose permissions a new one gets: the one that moves here, or that it stands beside.
    pub like: Option<TreePath>,
}

impl Edit {
    /// The one check that no path is edited twice: of two edits one would be lost, and neither could be taken back. Whoever
    /// makes edits of a plan asks it, so that a dry run says so too, and whoever writes does.
    pub fn check_once(edits: &[Self]) -> Result<()> {
        let mut seen = BTreeSet::new();
        match edits.iter().find(|edit| !seen.insert(&edit.path)) {
            None => Ok(()),
            Some(twice) => Err(Error::Path {
                path: twice.path.to_string(),
                reason: "two changes of this run are for it, which is a fault of this program"
                    .into(),
            }),
        }
    }
}

/// The three sides of a merge of trees, and what else is known of them.
#[derive(Debug)]
pub struct Trees<'a> {
    pub base: &'a Tree,
    /// What stands in the project at every path of base, theirs and the moves.
    pub ours: &'a BTreeMap<TreePath, Entry>,
    pub theirs: &'a Tree,
    /// The paths that are written only when absent.
    pub once: &'a [TreePath],
    /// Paths that the template gave up for others.
    pub moved_by_template: &'a [Move],
    /// Paths of the base that the user gave up for others.
    pub moved_by_user: &'a [Move],
    /// Files that git ignores or does not know. Nobody has another copy of them, so they are never written over.
    pub untracked: &'a BTreeSet<TreePath>,
    /// The files below each folder of the project that stands where theirs has a file.
    pub folders: &'a BTreeMap<TreePath, Vec<String>>,
    /// How far the rules for text that both changed may go.
    pub rules: Options,
}

/// Every path that the template touches, in order, with what shall become of it.
#[derive(Debug, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    /// The user's own files in folders that the template gave up: they stay, and are named.
    pub stays: Vec<String>,
}

/// One path of a plan.
#[derive(Debug)]
pub struct Change {
    pub path: TreePath,
    /// Where ours stands now, when the template moves it to `path`.
    pub moved_from: Option<TreePath>,
    /// The path in the template, when the user moved the file to `path`.
    pub template_path: Option<TreePath>,
    /// The path in the base, when the template moved it since.
    pub base_path: Option<TreePath>,
    /// Where theirs can stand beside ours, when a conflict cannot be shown in one file.
    pub beside: Option<TreePath>,
    pub base: Option<File>,
    pub ours: Option<File>,
    pub theirs: Option<File>,
    pub verdict: Verdict,
    /// What comes of it together with other files of the project.
    pub effects: Vec<String>,
}

/// What shall become of a path.
#[derive(Debug)]
pub enum Verdict {
    /// The template's side is taken whole: the user did not touch the file.
    Take,
    /// Both sides changed the file and their changes fit together.
    Merged(File, Box<Merged>),
    /// The file goes to its new path as the user has it: the template changed nothing in it.
    Move,
    /// The user's side stays although the template's changed; the reason is for the report.
    Keep(&'static str),
    /// A person has to decide.
    Conflict(Conflict),
}

/// Why a path cannot be decided without a person. In all cases the user's side stays until one does.
#[derive(Debug)]
pub enum Conflict {
    /// Both changed the same lines. The flag is the executable bit that the result has.
    Text(Box<Merged>, bool),
    /// Both made this file, and it cannot be marked: it is not text, or git does not know it.
    BothAdded,
    /// Both changed a file that is not text, or a link.
    Opaque,
    /// The template deleted what the user changed.
    DeletedByTemplate,
    /// Something that is no file is in the way: where, and what it is.
    Blocked(String, &'static str),
}

impl Conflict {
    /// What is wrong, for lists of conflicts.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Text(merged, _) => match merged.conflicts() {
                1 => "1 place changed by both".into(),
                count => format!("{count} places changed by both"),
            },
            Self::BothAdded => "already there, with other content".into(),
            Self::Opaque => "changed by both, and not text".into(),
            Self::DeletedByTemplate => "the template deletes it, you changed it".into(),
            Self::Blocked(at, what) => format!("`{at}` is {what}"),
        }
    }
}

impl Change {
    /// The class that reports count it in.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match (&self.verdict, &self.ours, &self.theirs) {
            (Verdict::Move, ..) => "moved",
            (Verdict::Take, ..) if self.moved_from.is_some() => "moved",
            (Verdict::Take, None, _) => "new",
            (Verdict::Take, _, None) => "removed",
            (Verdict::Take, ..) => "updated",
            (Verdict::Merged(..), ..) => "merged",
            (Verdict::Keep(_), ..) => "kept",
            (Verdict::Conflict(_), ..) => "conflict",
        }
    }

    /// What whoever gets the result has to know of its merge, and of what it does beside other files.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut said = match &self.verdict {
            Verdict::Merged(_, merged) | Verdict::Conflict(Conflict::Text(merged, _)) => {
                notes(self.path.as_str(), merged)
            }
            _ => Vec::new(),
        };
        said.extend(self.effects.iter().cloned());
        said
    }

    /// What stands at its path when the plan is carried out and a person keeps their side of each conflict.
    #[must_use]
    pub fn outcome(&self) -> Option<&File> {
        match &self.verdict {
            Verdict::Take => self.theirs.as_ref(),
            Verdict::Merged(file, _) => Some(file),
            Verdict::Move | Verdict::Keep(_) | Verdict::Conflict(_) => self.ours.as_ref(),
        }
    }

    /// The path that the template has it under.
    #[must_use]
    pub fn in_template(&self) -> &TreePath {
        self.template_path.as_ref().unwrap_or(&self.path)
    }

    /// Takes ours in the regions of its text of which `is_settled` is true. Returns whether there were any.
    pub fn keep_ours(&mut self, is_settled: impl Fn(&Region) -> bool) -> bool {
        let (merged, executable) = match &mut self.verdict {
            Verdict::Merged(file, merged) => (merged, file.executable),
            Verdict::Conflict(Conflict::Text(merged, executable)) => (merged, *executable),
            _ => return false,
        };
        let before = merged.clone();
        merged.keep_ours(is_settled);
        if *merged == before {
            return false;
        }
        let merged = merged.clone();
        self.verdict = decide::of_text(merged, executable);
        true
    }

    /// Whether it leaves the project as it is.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let is_ours = |file: &File| self.ours.as_ref() == Some(file);
        self.moved_from.is_none()
            && matches!(&self.verdict, Verdict::Merged(file, _) if is_ours(file))
    }

    /// The edits that give this change's path the content `after`.
    #[must_use]
    pub fn edits(&self, after: Option<File>) -> Vec<Edit> {
        let edit = |path: &TreePath, before: Option<File>, after| Edit {
            path: path.clone(),
            before,
            after,
            like: self.moved_from.clone(),
        };
        match &self.moved_from {
            None if after == self.ours => Vec::new(),
            None => vec![edit(&self.path, self.ours.clone(), after)],
            Some(from) => vec![
                edit(from, self.ours.clone(), None),
                edit(&self.path, None, after),
            ],
        }
    }

    /// The names under which theirs could stand beside ours, best first; none where both can be shown in one file.
    pub fn names_beside(&self) -> impl Iterator<Item = String> {
        let path = self.path.as_str();
        let in_the_way = match &self.verdict {
            _ if self.theirs.is_none() => None,
            Verdict::Conflict(Conflict::Opaque | Conflict::BothAdded) => Some(path),
            Verdict::Conflict(Conflict::Blocked(at, _)) => Some(at.as_str()),
            _ => None,
        };
        let suffixes = std::iter::once(".theirs".to_owned())
            .chain((2..100).map(|number| format!(".theirs.{number}")));
        in_the_way.into_iter().flat_map(move |at| {
            let below = &path[at.len()..];
            suffixes
                .clone()
                .map(move |suffix| format!("{at}{suffix}{below}"))
        })
    }
}

/// Whether the name of a file says that what is in it is secret.
#[must_use]
pub fn is_secret_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    is_called_secret(path) || name.starts_with(".env")
}

/// The notes of a merge of the file at `path`, without what may be secret in them.
#[must_use]
pub fn notes(path: &str, merged: &Merged) -> Vec<String> {
    if is_secret_name(path) {
        return hidden_notes(merged);
    }
    merged.notes().iter().map(|note| note.0.clone()).collect()
}

/// The notes of a merge of what is secret, which they may quote: that there are some.
#[must_use]
pub fn hidden_notes(merged: &Merged) -> Vec<String> {
    const HIDDEN: &str =
        "the merge may double an edit or take one back; look at it (what it is may be secret)";
    if merged.notes().is_empty() {
        return Vec::new();
    }
    vec![HIDDEN.to_owned()]
}

impl Plan {
    /// Merges three trees path by path.
    #[must_use]
    pub fn new(sides: &Trees) -> Self {
        decide::plan(sides)
    }

    /// The paths that a person has to decide.
    pub fn conflicts(&self) -> impl Iterator<Item = (&Change, &Conflict)> {
        self.changes
            .iter()
            .filter_map(|change| match &change.verdict {
                Verdict::Conflict(conflict) => Some((change, conflict)),
                _ => None,
            })
    }
}
