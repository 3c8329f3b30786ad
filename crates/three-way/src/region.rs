//! What a merge is: a row of regions, each with its three texts and a verdict.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::lines;
use super::reason::Reason;

/// The bytes of one side of a region. Where sides are the same they share them, as a region and its clones do.
pub type Text = Arc<[u8]>;

/// A stretch of the file: what it is in each of the three inputs, and what became of it.
///
/// The regions of a [`Merged`](super::Merged) tile all three inputs: the `base` texts one after the other are the base,
/// and so on. Base and theirs are in the line end of ours.
///
/// A region is whole lines, but for the entry before a last one that has no comma: there it ends before its own comma, so that
/// its edit is no part of a conflict over what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub base: Text,
    pub ours: Text,
    pub theirs: Text,
    pub verdict: Verdict,
}

/// The text of regions without a conflict.
pub(super) fn merged(regions: &[Region]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for region in regions {
        lines::put_behind(&mut out, region.merged()?);
    }
    Some(out)
}

/// Makes suggestions of some resolutions.
pub(super) fn demote(regions: &mut [Region], which: impl Fn(&Resolution) -> bool) {
    for region in regions {
        region.verdict = match std::mem::replace(&mut region.verdict, Verdict::Unchanged) {
            Verdict::Resolved(resolution) if which(&resolution) => {
                Verdict::Conflict(Some(resolution))
            }
            verdict => verdict,
        };
    }
}

/// What became of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same in all three.
    Unchanged,
    /// Only ours changed it.
    Ours,
    /// Only theirs changed it.
    Theirs,
    /// Both changed it, and alike.
    Both,
    /// Both changed it; a rule merged the two.
    Resolved(Resolution),
    /// Both changed it, and a person has to decide. The rules may have a suggestion.
    Conflict(Option<Resolution>),
}

/// What a rule made of a region that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    pub text: Vec<u8>,
    pub reasons: Vec<Reason>,
    pub class: Class,
}

/// How much a rule presumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Follows from the lines alone.
    Text,
    /// Follows from the entries of a file whose kind is known.
    Structural,
    /// The higher of two versions, where both sides raised one pin above the base.
    Pin,
    /// What people nearly always do; to be offered, or applied when asked for.
    Policy,
    /// What people do more often than not: a suggestion and nothing more.
    Guess,
}

/// Something about the merged file that must be shown to whoever reviews it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(pub String);

/// Names of the three sides, shown on marker lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

impl Default for Labels {
    fn default() -> Self {
        Self {
            base: "base".into(),
            ours: "ours".into(),
            theirs: "theirs".into(),
        }
    }
}

/// What a person wants of one region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Choice {
    /// What the merge found; a conflict stays one and is written with markers.
    #[default]
    Merged,
    /// The suggestion of a conflict; markers when it has none.
    Suggestion,
    Base,
    Ours,
    Theirs,
    OursThenTheirs,
    TheirsThenOurs,
    Bytes(Vec<u8>),
}

impl Region {
    pub(super) fn new(base: &[u8], ours: &[u8], theirs: &[u8], verdict: Verdict) -> Self {
        if verdict == Verdict::Unchanged {
            return Self::unchanged(ours.into());
        }
        Self {
            base: base.into(),
            ours: ours.into(),
            theirs: theirs.into(),
            verdict,
        }
    }

    /// One region of some that follow each other.
    pub(super) fn joined(regions: &[Self], verdict: Verdict) -> Self {
        let all = |side: fn(&Self) -> &Text| {
            let texts = regions.iter().map(|region| &**side(region));
            texts.collect::<Vec<_>>().concat()
        };
        Self::new(
            &all(|region| &region.base),
            &all(|region| &region.ours),
            &all(|region| &region.theirs),
            verdict,
        )
    }

    /// Where it ends in the three texts, in bytes, if it begins at `start`.
    pub(super) fn end(&self, start: [usize; 3]) -> [usize; 3] {
        let texts = [&self.base, &self.ours, &self.theirs];
        [0, 1, 2].map(|side| start[side] + texts[side].len())
    }

    /// What is the same in all three.
    pub(super) fn unchanged(text: Text) -> Self {
        Self {
            base: Text::clone(&text),
            ours: Text::clone(&text),
            theirs: text,
            verdict: Verdict::Unchanged,
        }
    }

    /// Rewrites all of its texts.
    pub(super) fn map(&mut self, rewrite: impl Fn(&[u8]) -> Vec<u8>) {
        if self.verdict == Verdict::Unchanged {
            *self = Self::unchanged(rewrite(&self.ours).into());
            return;
        }
        for text in [&mut self.base, &mut self.ours, &mut self.theirs] {
            *text = rewrite(text).into();
        }
        if let Verdict::Resolved(resolution) | Verdict::Conflict(Some(resolution)) =
            &mut self.verdict
        {
            resolution.text = rewrite(&resolution.text);
        }
    }

    /// Puts a text before those of the sides that had it, and before what became of them as ours has it.
    pub(super) fn put_before(&mut self, text: &[u8], [base, ours, theirs]: [bool; 3]) {
        let put = |had: bool, own: &[u8]| [if had { text } else { b"" }, own].concat();
        if self.verdict == Verdict::Unchanged && base && ours && theirs {
            *self = Self::unchanged(put(true, &self.ours).into());
            return;
        }
        self.base = put(base, &self.base).into();
        self.ours = put(ours, &self.ours).into();
        self.theirs = put(theirs, &self.theirs).into();
        if let Verdict::Resolved(resolution) | Verdict::Conflict(Some(resolution)) =
            &mut self.verdict
        {
            resolution.text = put(ours, &resolution.text);
        }
    }

    /// Whether a person has to decide.
    pub fn is_conflict(&self) -> bool {
        matches!(self.verdict, Verdict::Conflict(_))
    }

    /// Whether theirs has something for ours: a change alone, or one that a rule merged or a person has to decide.
    pub fn is_offered(&self) -> bool {
        !matches!(
            self.verdict,
            Verdict::Unchanged | Verdict::Ours | Verdict::Both
        )
    }

    /// The merged text of the region; `None` for a conflict.
    pub fn merged(&self) -> Option<&[u8]> {
        match &self.verdict {
            Verdict::Unchanged | Verdict::Ours | Verdict::Both => Some(&self.ours),
            Verdict::Theirs => Some(&self.theirs),
            Verdict::Resolved(resolution) => Some(&resolution.text),
            Verdict::Conflict(_) => None,
        }
    }

    /// The rule's result, applied or suggested.
    pub fn resolution(&self) -> Option<&Resolution> {
        match &self.verdict {
            Verdict::Resolved(resolution) | Verdict::Conflict(Some(resolution)) => Some(resolution),
            _ => None,
        }
    }

    /// The verdict that follows from the three texts alone.
    pub(super) fn trivial(base: &[u8], ours: &[u8], theirs: &[u8]) -> Verdict {
        match (base == ours, base == theirs, ours == theirs) {
            (true, true, _) => Verdict::Unchanged,
            (true, false, _) => Verdict::Theirs,
            (false, true, _) => Verdict::Ours,
            (false, false, true) => Verdict::Both,
            (false, false, false) => Verdict::Conflict(None),
        }
    }
}
