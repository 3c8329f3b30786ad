//! A plan and the user's decisions → edits. Only what comes out of here can be applied.

mod decision;
mod hunks;
mod kept;
mod keyboard;
mod reason;
mod session;
mod show;

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::plan::{Change, Edit, Plan, Verdict};
use crate::state::{self, Open};
use crate::template::changelog::Section;
use crate::tree::{File, TreePath};
use crate::ui::Ui;
use three_way::{Choice, Labels, Marks};

use decision::Decision;
pub use kept::Kept;

/// What is done with conflicts that nobody is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum OnConflict {
    /// Mark both sides in the file, or put the template's beside yours
    Markers,
    /// Keep yours where both changed the same; files that are not text stay whole
    Ours,
    /// Take the template's where both changed the same, but remove nothing that stands in its way
    Theirs,
    /// Refuse, and write nothing
    Stop,
}

/// How a plan is reviewed.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a> {
    pub labels: &'a Labels,
    /// How conflicts are decided; `None`: a person is asked, and where nobody can be asked the run refuses.
    pub on_conflict: Option<OnConflict>,
    /// Whether clean changes are applied without a word from anybody.
    pub yes: bool,
    /// The release that declined files still follow.
    pub base: &'a semver::Version,
    /// The files, as the template calls them, whose base is of an older release, with that and its labels.
    pub older: &'a BTreeMap<TreePath, (semver::Version, Labels)>,
    /// The entries of the changelog that explain the changes.
    pub news: &'a [Section],
    /// What was decided in a review that was left, and what is when this one is; `None` where nothing is kept.
    pub kept: Option<&'a RefCell<Kept>>,
}

impl<'a> Review<'a> {
    /// The review of a plan whose base is nothing.
    #[must_use]
    pub fn of_nothing(labels: &'a Labels, on_conflict: Option<OnConflict>, yes: bool) -> Self {
        static NO_RELEASE: semver::Version = state::NO_RELEASE;
        static NONE: BTreeMap<TreePath, (semver::Version, Labels)> = BTreeMap::new();
        Self {
            labels,
            on_conflict,
            yes,
            base: &NO_RELEASE,
            older: &NONE,
            news: &[],
            kept: None,
        }
    }

    /// The same review for one change, whose base may be an older one.
    fn of(&self, change: &Change) -> Self {
        match self.older.get(change.in_template()) {
            Some((base, labels)) => Self {
                labels,
                base,
                ..*self
            },
            None => *self,
        }
    }
}

/// Decisions turned into edits.
#[derive(Debug, Default)]
pub struct Reviewed {
    pub edits: Vec<Edit>,
    /// Conflicts that are left for later.
    pub unresolved: Vec<Unresolved>,
    /// Files that do not follow the new release: those left, and those declined.
    pub open: Vec<Open>,
    /// The hunks that were declined: the path in the template, and [`hunk`](crate::state::hunk).
    pub declined: Vec<(TreePath, String)>,
    /// The paths that stay as they are although the template has something else, with the reason.
    pub kept: Vec<(String, String)>,
}

impl Reviewed {
    /// The files with conflicts that are left.
    #[must_use]
    pub fn paths_unresolved(&self) -> Vec<TreePath> {
        let paths = self.unresolved.iter().map(|left| left.path.clone());
        paths.collect()
    }
}

/// A conflict that is left: its three sides, for git's index.
#[derive(Debug)]
pub struct Unresolved {
    pub path: TreePath,
    /// Where the file stood, when the template moved it.
    pub moved_from: Option<TreePath>,
    pub base: Option<File>,
    pub ours: Option<File>,
    pub theirs: Option<File>,
    /// What [`Open`] calls it.
    pub open: String,
    /// Where the template's version was written when the file itself cannot be marked.
    pub beside: Option<TreePath>,
    /// What tells the markers that were written into the file.
    pub marks: Option<Marks>,
}

/// Turns a plan into edits: asks on a terminal, else does as `review` says.
pub fn review(plan: &Plan, review: &Review, ui: &mut Ui) -> Result<Reviewed> {
    let conflicts: Vec<String> = plan
        .conflicts()
        .map(|(change, _)| change.path.to_string())
        .collect();
    let can_ask = ui.prompt.is_interactive();
    let stop =
        review.on_conflict == Some(OnConflict::Stop) || review.on_conflict.is_none() && !can_ask;
    if stop && !conflicts.is_empty() {
        return Err(Error::Conflicts { paths: conflicts });
    }
    let decisions = if review.yes && (conflicts.is_empty() || review.on_conflict.is_some()) {
        plan.changes
            .iter()
            .map(|change| by_rule(change, review.on_conflict))
            .collect()
    } else if can_ask {
        session::run(plan, review, ui)?
    } else {
        return Err(Error::Unconfirmed {
            count: plan.changes.len(),
        });
    };
    let reviewed = settle(plan, decisions, review);
    Edit::check_once(&reviewed.edits)?;
    Ok(reviewed)
}

/// The edits of all decisions. What a person keeps may stand where another change needs a folder, or a folder a file:
/// such a change then waits, listed as open.
fn settle(plan: &Plan, mut decisions: Vec<Decision>, review: &Review) -> Reviewed {
    loop {
        let mut reviewed = Reviewed::default();
        for (change, decision) in plan.changes.iter().zip(&decisions) {
            reviewed.settle(change, decision.clone(), &review.of(change));
        }
        let Some(stuck) = stuck(plan, &reviewed.edits) else {
            return reviewed;
        };
        decisions[stuck] = Decision::NoRoom;
    }
}

/// A change that would write where a file of ours stays.
fn stuck(plan: &Plan, edits: &[Edit]) -> Option<usize> {
    let is_removed = |path: &TreePath| {
        edits
            .iter()
            .any(|edit| edit.path == *path && edit.after.is_none())
    };
    let staying: Vec<&TreePath> = plan
        .changes
        .iter()
        .filter(|change| change.ours.is_some())
        .map(|change| change.moved_from.as_ref().unwrap_or(&change.path))
        .filter(|path| !is_removed(path))
        .collect();
    let needs_room = |path: &TreePath| {
        staying
            .iter()
            .any(|stays| stays.is_above(path) || path.is_above(stays))
    };
    let blocked = edits
        .iter()
        .find(|edit| edit.before.is_none() && edit.after.is_some() && needs_room(&edit.path))?;
    plan.changes
        .iter()
        .position(|change| change.path == blocked.path)
}

/// What is decided about a change that nobody is asked about.
fn by_rule(change: &Change, on_conflict: Option<OnConflict>) -> Decision {
    let in_conflicts = |choice| decision::in_conflicts(change, choice);
    match (&change.verdict, on_conflict) {
        (Verdict::Conflict(_), Some(OnConflict::Theirs)) => {
            in_conflicts(Choice::Theirs).unwrap_or(Decision::Theirs)
        }
        (Verdict::Conflict(_), Some(OnConflict::Markers)) => Decision::Leave,
        (Verdict::Conflict(_), _) => in_conflicts(Choice::Ours).unwrap_or(Decision::Ours),
        _ => Decision::Result,
    }
}
