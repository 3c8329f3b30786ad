//! What a command brings, and what that comes to in the project.

use super::{gather, guards};
use crate::error::{Error, Result};
use crate::plan::{Edit, Plan};
use crate::review::{Review, Reviewed, review};
use crate::template::Rendered;
use crate::ui::Ui;
use crate::workplace::Workplace;
use three_way::Options;

/// Two of the three sides of a merge: what a project was made from, and what it shall be made from. The third is the project.
#[derive(Default)]
pub(crate) struct Sides {
    pub(crate) base: Rendered,
    pub(crate) theirs: Rendered,
    /// Paths or folders that the template renamed, from and to, oldest first.
    pub(crate) renames: Vec<(String, String)>,
    /// How far the rules for text that both changed may go.
    pub(crate) rules: Options,
}

/// What would become of each path of the project, computed before anything is asked or written.
#[derive(Debug, Default)]
pub(crate) struct Proposed {
    pub(crate) base: Rendered,
    pub(crate) theirs: Rendered,
    pub(crate) plan: Plan,
    /// Edits that were decided elsewhere, and are written with those of the plan.
    pub(crate) extra: Vec<Edit>,
}

/// How a run would end, as a dry run finds it out.
#[derive(Debug)]
pub(crate) struct Rehearsed {
    /// Why it would write nothing.
    pub(crate) refused: Option<Error>,
    pub(crate) leaves_conflicts: bool,
}

impl Sides {
    /// The sides of a project that was not made from the template.
    pub(crate) fn of_nothing(theirs: Rendered) -> Self {
        Self {
            theirs,
            ..Self::default()
        }
    }

    /// The proposal for the project at `place`.
    pub(crate) fn propose(self, place: &Workplace) -> Result<Proposed> {
        let Self {
            base,
            theirs,
            renames,
            rules,
        } = self;
        Ok(Proposed {
            plan: gather::plan(place, &base, &theirs, &renames, rules)?,
            base,
            theirs,
            extra: Vec::new(),
        })
    }
}

impl Proposed {
    /// # Errors
    /// Where files that it would change are not checked out, or have uncommitted changes that nobody said may be written over.
    pub(crate) fn check(&self, place: &Workplace, allow_dirty: bool) -> Result<()> {
        guards::refuse_skipped(place, &self.base, &self.theirs)?;
        if allow_dirty {
            return Ok(());
        }
        guards::refuse_dirty(place, &self.plan, &self.extra)
    }

    /// What a person decides about it, or the rules where nobody is asked.
    pub(crate) fn review(&self, rules: &Review, ui: &mut Ui) -> Result<Reviewed> {
        review(&self.plan, rules, ui)
    }

    /// How a run by `rules` would end; `checked` is whether it would come to its review.
    pub(crate) fn rehearse(&self, checked: Result<()>, rules: &Review, ui: &mut Ui) -> Rehearsed {
        match checked.and_then(|()| self.review(rules, ui)) {
            Ok(reviewed) => Rehearsed {
                refused: None,
                leaves_conflicts: !reviewed.unresolved.is_empty(),
            },
            Err(error) => Rehearsed {
                refused: Some(error),
                leaves_conflicts: false,
            },
        }
    }

    /// Each path with a note of its merge.
    pub(crate) fn notes(&self) -> Vec<(String, String)> {
        let notes = self.plan.changes.iter().flat_map(|change| {
            let path = change.path.to_string();
            let notes = change.notes().into_iter();
            notes.map(move |note| (path.clone(), note))
        });
        notes.collect()
    }
}
