//! The plan: what a command would do to each path, computed before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::fs::Entry;
use crate::merge::{self, Merged};
use crate::tree::{Content, File, Tree, TreePath};

/// One write: a path, what is there now and what will be. Absent is `None`, so that adding, updating, deleting and
/// undoing are one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub path: TreePath,
    pub before: Option<File>,
    pub after: Option<File>,
}

/// The three sides of a merge of trees.
#[derive(Debug)]
pub struct Sides<'a> {
    pub base: &'a Tree,
    /// What stands in the project at every path of base and theirs.
    pub ours: &'a BTreeMap<TreePath, Entry>,
    pub theirs: &'a Tree,
    /// The paths that are written only when absent.
    pub once: &'a [TreePath],
}

/// Every path that the template touches, in order, with what shall become of it.
#[derive(Debug, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
}

/// One path of a plan.
#[derive(Debug)]
pub struct Change {
    pub path: TreePath,
    pub base: Option<File>,
    pub ours: Option<File>,
    pub theirs: Option<File>,
    pub verdict: Verdict,
}

/// What shall become of a path.
#[derive(Debug)]
pub enum Verdict {
    /// The template's side is taken whole: the user did not touch the file.
    Take,
    /// Both sides changed the file and their changes fit together.
    Merged(File, Box<Merged>),
    /// The user's side stays although the template's changed; the reason is for the report.
    Keep(&'static str),
    /// A person has to decide.
    Conflict(Conflict),
}

/// Why a path cannot be decided without a person. In all cases the user's side stays until one does.
#[derive(Debug)]
pub enum Conflict {
    /// Both changed the same lines; with the executable bit that the result has.
    Text(Box<Merged>, bool),
    /// Both made this file, and neither is text that can be marked.
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

impl Plan {
    /// Merges three trees path by path.
    #[must_use]
    pub fn new(sides: &Sides) -> Self {
        let once: BTreeSet<&TreePath> = sides.once.iter().collect();
        let paths: BTreeSet<&TreePath> = sides.base.keys().chain(sides.theirs.keys()).collect();
        let changes = paths.into_iter().filter_map(|path| {
            let base = sides.base.get(path);
            let theirs = sides.theirs.get(path);
            let entry = sides.ours.get(path).unwrap_or(&Entry::Missing);
            let verdict = decide(path, base, entry, theirs, once.contains(path))?;
            Some(Change {
                path: path.clone(),
                base: base.cloned(),
                ours: match entry {
                    Entry::File(file) => Some(file.clone()),
                    _ => None,
                },
                theirs: theirs.cloned(),
                verdict,
            })
        });
        Self {
            changes: changes.collect(),
        }
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

/// `None`: nothing to do and nothing to report.
fn decide(
    path: &TreePath,
    base: Option<&File>,
    entry: &Entry,
    theirs: Option<&File>,
    once: bool,
) -> Option<Verdict> {
    let ours = match entry {
        Entry::Missing => None,
        Entry::File(file) => Some(file),
        Entry::Dir | Entry::Blocked(..) if theirs.is_none() || theirs == base => return None,
        Entry::Dir => {
            return Some(Verdict::Conflict(Conflict::Blocked(
                path.to_string(),
                "a folder",
            )));
        }
        Entry::Blocked(at, what) => {
            return Some(Verdict::Conflict(Conflict::Blocked(at.clone(), what)));
        }
    };
    if once {
        return (ours.is_none() && theirs.is_some()).then_some(Verdict::Take);
    }
    if ours == theirs || base == theirs {
        return None;
    }
    if base == ours {
        return Some(Verdict::Take);
    }
    match (base, ours, theirs) {
        (Some(_), None, _) => Some(Verdict::Keep("you deleted it")),
        (_, Some(_), None) => Some(Verdict::Conflict(Conflict::DeletedByTemplate)),
        (None, Some(ours), Some(theirs)) => Some(both(path, None, ours, theirs)),
        (Some(base), Some(ours), Some(theirs)) => Some(both(path, Some(base), ours, theirs)),
        (None, None, _) => None,
    }
}

/// Both sides have the file, and they differ from each other and from the base.
fn both(path: &TreePath, base: Option<&File>, ours: &File, theirs: &File) -> Verdict {
    let executable = trivial(
        base.map_or(ours.executable && theirs.executable, |base| base.executable),
        ours.executable,
        theirs.executable,
    );
    let base_bytes = base.map_or(Some(&[][..]), File::bytes);
    let (Some(base_bytes), Some(our_bytes), Some(their_bytes)) =
        (base_bytes, ours.bytes(), theirs.bytes())
    else {
        return opaque(base);
    };
    let merged = merge::merge(path.as_str(), base_bytes, our_bytes, their_bytes);
    if merged.is_binary() {
        return opaque(base);
    }
    match merged.clean() {
        Some(bytes) => {
            let file = File {
                content: Content::Bytes(Arc::from(bytes)),
                executable,
            };
            Verdict::Merged(file, Box::new(merged))
        }
        None => Verdict::Conflict(Conflict::Text(Box::new(merged), executable)),
    }
}

fn opaque(base: Option<&File>) -> Verdict {
    Verdict::Conflict(if base.is_some() {
        Conflict::Opaque
    } else {
        Conflict::BothAdded
    })
}

/// The three-way merge of a flag: whoever changed it wins, and of two values one is the base's.
fn trivial(base: bool, ours: bool, theirs: bool) -> bool {
    if ours == base { theirs } else { ours }
}
