//! One decision about one change, and the edits that follow from it.

use serde::{Deserialize, Serialize};

use super::{Review, Reviewed, Unresolved};
use crate::plan::{Change, Conflict, Edit, Verdict};
use crate::state::{self, Open};
use crate::tree::{Content, File, TreePath};
use three_way::{Choice, Merged};

/// What shall become of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Decision {
    /// The result that the plan found is taken.
    Result,
    Ours,
    Theirs,
    /// In every conflict yours comes first, then the template's.
    Both,
    /// There is a choice for each region of the text.
    Hunks(Vec<Choice>),
    /// This text is taken, from an editor or a merge tool.
    Text(Vec<u8>),
    /// Conflict markers are written, or the template's version beside yours.
    Leave,
    /// Nothing is done now; it stays open.
    Skip,
    /// Nothing can be done, since something that was kept stands in its place.
    NoRoom,
}

impl Decision {
    /// The words for it in the list of decisions.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Result => "apply",
            Self::Ours => "keep yours",
            Self::Theirs => "take the template's",
            Self::Both => "both",
            Self::Hunks(_) => "hunk by hunk",
            Self::Text(_) => "as edited",
            Self::Leave => "leave for later",
            Self::Skip => "skip, stays open",
            Self::NoRoom => "no room, stays open",
        }
    }
}

/// The merge of a change's text, where it has one, and its executable bit.
pub(super) fn text_of(change: &Change) -> Option<(&Merged, bool)> {
    match &change.verdict {
        Verdict::Merged(file, merged) => Some((merged, file.executable)),
        Verdict::Conflict(Conflict::Text(merged, executable)) => Some((merged, *executable)),
        _ => None,
    }
}

impl Reviewed {
    /// Adds the edits and records that follow from `decision`.
    pub(super) fn settle(&mut self, change: &Change, decision: Decision, review: &Review) {
        if let Verdict::Keep(reason) = &change.verdict {
            self.kept
                .push((change.path.to_string(), (*reason).to_owned()));
            return;
        }
        let is_blocked = matches!(change.verdict, Verdict::Conflict(Conflict::Blocked(..)));
        match decision {
            // What is in the way is never removed.
            Decision::Theirs | Decision::Result if is_blocked => self.leave(change, review),
            Decision::Result => match &change.verdict {
                Verdict::Move => self.edits.extend(change.edits(change.ours.clone())),
                Verdict::Merged(file, _) => self.edits.extend(change.edits(Some(file.clone()))),
                _ => self.edits.extend(change.edits(change.theirs.clone())),
            },
            Decision::Theirs => self.edits.extend(change.edits(change.theirs.clone())),
            Decision::Ours => {
                self.keep(change, Open::KEPT, review);
                self.decline(change, |_| true);
            }
            Decision::Skip => self.keep(change, Open::UNDECIDED, review),
            Decision::NoRoom => self.keep(change, Open::NO_ROOM, review),
            Decision::Both => {
                let choices = text_of(change).map_or_else(Vec::new, |(merged, _)| both(merged));
                self.resolve(change, &choices, review);
            }
            Decision::Hunks(choices) => self.resolve(change, &choices, review),
            Decision::Text(bytes) => {
                let executable = text_of(change).map_or_else(
                    || {
                        change
                            .theirs
                            .as_ref()
                            .is_some_and(|theirs| theirs.executable)
                    },
                    |(_, executable)| executable,
                );
                self.edits
                    .extend(change.edits(Some(file(bytes, executable))));
            }
            Decision::Leave => self.leave(change, review),
        }
    }

    fn keep(&mut self, change: &Change, why: &str, review: &Review) {
        self.kept.push((change.path.to_string(), why.to_owned()));
        self.open(change, why, review);
    }

    fn open(&mut self, change: &Change, what: &str, review: &Review) {
        let path = change.in_template();
        let text = |path: &TreePath| path.to_string();
        self.open.push(Open {
            was: change.base_path.as_ref().map(text),
            at: (change.path != *path).then(|| text(&change.path)),
            ..Open::new(path, what, review.base)
        });
    }

    /// Notes the hunks of the template's that are not taken: those of whose region `is_declined` is true, or the file.
    fn decline(&mut self, change: &Change, is_declined: impl Fn(usize) -> bool) {
        let path = change.in_template();
        let Some((merged, _)) = text_of(change) else {
            let bytes =
                |side: &Option<File>| side.as_ref().map_or(Vec::new(), |file| file.raw().to_vec());
            let hunk = state::hunk(&bytes(&change.base), &bytes(&change.theirs));
            self.declined.push((path.clone(), hunk));
            return;
        };
        for (index, region) in merged.regions().iter().enumerate() {
            if region.is_offered() && is_declined(index) {
                let hunk = state::hunk(&region.base, &region.theirs);
                self.declined.push((path.clone(), hunk));
            }
        }
    }

    fn resolve(&mut self, change: &Change, choices: &[Choice], review: &Review) {
        let Some((merged, executable)) = text_of(change) else {
            return self.leave(change, review);
        };
        let after = file(merged.resolve(choices, review.labels), executable);
        let choice = |index: usize| choices.get(index).unwrap_or(&Choice::Merged);
        let is_declined = |index: usize| *choice(index) == Choice::Ours;
        if change.ours.as_ref() == Some(&after) && choices.contains(&Choice::Ours) {
            self.keep(change, Open::KEPT, review);
            return self.decline(change, is_declined);
        }
        self.edits.extend(change.edits(Some(after)));
        let regions = merged.regions().iter().enumerate();
        if regions
            .clone()
            .any(|(index, region)| region.is_conflict() && *choice(index) == Choice::Merged)
        {
            let marks = merged.marks(review.labels);
            self.open(change, Open::MARKED, review);
            if let Some(open) = self.open.last_mut() {
                open.separator = Some(marks.separator());
            }
            self.unresolved.push(Unresolved {
                marks: Some(marks),
                ..unresolved(change, None)
            });
        }
        if regions
            .clone()
            .any(|(index, region)| region.is_offered() && is_declined(index))
        {
            self.keep(change, Open::KEPT_IN_PART, review);
            self.decline(change, is_declined);
        }
    }

    fn leave(&mut self, change: &Change, review: &Review) {
        if text_of(change).is_some() {
            return self.resolve(change, &[], review);
        }
        self.edits.extend(change.beside.iter().map(|path| Edit {
            path: path.clone(),
            before: None,
            after: change.theirs.clone(),
            like: Some(change.path.clone()),
        }));
        self.unresolved
            .push(unresolved(change, change.beside.clone()));
        let what = match &change.verdict {
            Verdict::Conflict(conflict) => conflict.describe(),
            _ => "left for later".into(),
        };
        self.open(change, &what, review);
        if let (Some(open), Some(beside)) = (self.open.last_mut(), &change.beside) {
            open.beside = Some(beside.to_string());
        }
    }
}

fn both(merged: &Merged) -> Vec<Choice> {
    where_both(merged, &Choice::OursThenTheirs)
}

fn where_both(merged: &Merged, wanted: &Choice) -> Vec<Choice> {
    let choice = |region: &three_way::Region| {
        if region.is_conflict() {
            wanted.clone()
        } else {
            Choice::Merged
        }
    };
    merged.regions().iter().map(choice).collect()
}

/// One choice for all conflicts of a text, of which everything else stays as it was merged. `None` for what is whole or
/// nothing: a file that is no text, or that both made.
pub(super) fn in_conflicts(change: &Change, choice: Choice) -> Option<Decision> {
    let (merged, _) = text_of(change)?;
    change.base.as_ref()?;
    Some(Decision::Hunks(where_both(merged, &choice)))
}

fn unresolved(change: &Change, beside: Option<TreePath>) -> Unresolved {
    Unresolved {
        path: change.path.clone(),
        moved_from: change.moved_from.clone(),
        open: change.in_template().to_string(),
        base: change.base.clone(),
        ours: change.ours.clone(),
        theirs: change.theirs.clone(),
        beside,
        marks: None,
    }
}

fn file(bytes: Vec<u8>, executable: bool) -> File {
    File {
        content: Content::Bytes(bytes.into()),
        executable,
    }
}
