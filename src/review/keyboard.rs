//! The keys of one question, with what each means for the change at hand.

use std::fmt::Write as _;

use super::decision::{Decision, text_of};
use crate::plan::{Change, Conflict, Verdict};
use three_way::{Choice, Verdict as RegionVerdict};

/// What can be done with a change, in the order of the prompt.
pub(super) struct Keys(Vec<Key>);

struct Key {
    press: char,
    /// What it does, for the prompt.
    meaning: &'static str,
    /// What it does, for the help.
    help: &'static str,
}

/// The keys that decide, whose capitals decide for the rest too.
const DECIDING: &str = "yotbls";
const LAST: &str = "  [d] both sides  [p] back  [q] quit  [?] help, capitals decide for the rest: ";

impl Keys {
    pub(super) fn of(change: &Change) -> Self {
        let mut keys = Self(Vec::new());
        if !is_conflict(change) {
            keys.add('y', "apply", "apply what is shown");
        } else if suggested(change).is_some() {
            keys.add('y', "as suggested", "take the suggestion in every conflict");
        }
        let (keep, take) = match (&change.ours, &change.theirs) {
            (None, _) => ("leave it out", "template's"),
            (Some(_), None) => ("keep it", "delete it"),
            (Some(_), Some(_)) => ("yours", "template's"),
        };
        keys.add(
            'o',
            keep,
            "keep what you have; it is listed as open, and `upgrade --ask` offers the change again",
        );
        if !is_blocked(change) && !matches!(change.verdict, Verdict::Take | Verdict::Move) {
            keys.add(
                't',
                take,
                "take the template's side whole; your changes in it go (`undo` brings them back)",
            );
        }
        if is_text_conflict(change) {
            keys.add('b', "both", "in each conflict both versions, yours first");
        }
        let text = text_of(change).is_some();
        if text {
            keys.add('h', "hunks", "decide hunk by hunk");
        }
        if text || is_new_text(change) {
            keys.add(
                'e',
                "edit",
                "edit what is shown in your editor ($VISUAL or $EDITOR)",
            );
        }
        if is_text_conflict(change) {
            keys.add(
                'm',
                "merge tool",
                "resolve it in your merge tool (git's merge.tool)",
            );
            keys.add(
                'l',
                "leave markers",
                "leave it for later: conflict markers in the file, unmerged in git",
            );
        } else if change.beside.is_some() {
            keys.add(
                'l',
                "template's beside",
                "leave it for later: yours stays, and the template's version is put beside it",
            );
        } else if is_conflict(change) {
            keys.add(
                'l',
                "leave for later",
                "leave it for later: yours stays, unmerged in git",
            );
        }
        keys.add(
            's',
            "skip",
            "decide nothing: yours stays, and it is listed as open",
        );
        keys
    }

    fn add(&mut self, key: char, meaning: &'static str, help: &'static str) {
        self.0.push(Key {
            press: key,
            meaning,
            help,
        });
    }

    /// Every key that may be pressed.
    pub(super) fn all(&self) -> Vec<char> {
        let keys = self.0.iter().map(|key| key.press);
        let capitals = keys.clone().filter(|key| DECIDING.contains(*key));
        keys.clone()
            .chain(capitals.map(|key| key.to_ascii_uppercase()))
            .chain("dpq?".chars())
            .collect()
    }

    pub(super) fn prompt(&self) -> String {
        const WIDTH: usize = 78;
        let mut lines = vec![String::new()];
        for key in &self.0 {
            let shown = format!("  [{}] {}", key.press, key.meaning);
            match lines.last_mut() {
                Some(line) if line.len() + shown.len() <= WIDTH => line.push_str(&shown),
                _ => lines.push(shown),
            }
        }
        format!("{}\n{LAST}", lines.join("\n"))
    }

    pub(super) fn help(&self) -> String {
        let mut text = String::from("\n");
        for key in &self.0 {
            let _ = writeln!(text, "  {}  {}", key.press, key.help);
        }
        text + "  d  what each side changed\n  p  back to the file before\n  q  stop; nothing is written\n\
                Nothing is written before the last answer.\n"
    }
}

fn is_conflict(change: &Change) -> bool {
    matches!(change.verdict, Verdict::Conflict(_))
}

fn is_text_conflict(change: &Change) -> bool {
    matches!(change.verdict, Verdict::Conflict(Conflict::Text(..)))
}

/// Whether something is in the way, so that the template's file cannot be taken.
fn is_blocked(change: &Change) -> bool {
    matches!(change.verdict, Verdict::Conflict(Conflict::Blocked(..)))
}

/// Whether the template's file is taken whole and is text.
fn is_new_text(change: &Change) -> bool {
    let theirs = change.theirs.as_ref();
    matches!(change.verdict, Verdict::Take)
        && theirs.is_some_and(|theirs| !theirs.is_link() && !theirs.starts_binary())
}

/// The suggestion for every conflict of the text, where each has one.
pub(super) fn suggested(change: &Change) -> Option<Decision> {
    let (merged, _) = text_of(change)?;
    let regions = merged.regions();
    let all = regions
        .iter()
        .filter(|region| region.is_conflict())
        .all(|region| matches!(region.verdict, RegionVerdict::Conflict(Some(_))));
    (is_text_conflict(change) && all)
        .then(|| Decision::Hunks(vec![Choice::Suggestion; regions.len()]))
}

/// Whether the decision makes sense for the change, for those made for all the rest.
pub(super) fn can(change: &Change, decision: &Decision) -> bool {
    match decision {
        Decision::Result => !is_conflict(change),
        Decision::Theirs => !is_blocked(change),
        Decision::Both => is_text_conflict(change),
        Decision::Leave => is_conflict(change),
        _ => true,
    }
}
