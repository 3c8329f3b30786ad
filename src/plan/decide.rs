//! The three-way merge of one path: whole files first, then their text.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Conflict, Move, Plan, Trees, Verdict};
use crate::fs::Entry;
use crate::tree::{Content, File, TreePath};
use three_way::Merged;

/// Why the template's new text is not taken.
const ONCE: &str =
    "written once, so it is yours; `ixd-template diff` shows what the template has now";

/// Why a file that is gone stays so.
const DELETED: &str = "you deleted it, and the template changed it";

pub(super) fn plan(sides: &Trees) -> Plan {
    let (context, moves) = applicable(sides);
    let mut changes = Vec::new();
    let mut done: BTreeSet<&TreePath> = BTreeSet::new();
    for moved in moves {
        match context.moved_by_template(moved) {
            TemplateMove::Apart => continue,
            TemplateMove::Done => {}
            TemplateMove::Change(change) => changes.push(*change),
        }
        done.extend([&moved.from, &moved.to]);
    }
    for moved in sides.moved_by_user {
        if !done.contains(&moved.from) {
            done.insert(&moved.from);
            changes.extend(context.moved_by_user(moved));
        }
    }
    let paths: BTreeSet<&TreePath> = sides.base.keys().chain(sides.theirs.keys()).collect();
    changes.extend(
        paths
            .into_iter()
            .filter(|path| !done.contains(path))
            .filter_map(|path| context.in_place(path)),
    );
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Plan {
        changes,
        stays: Vec::new(),
    }
}

/// The template's moves that apply here. What they take away makes room for others, and those that need room which is
/// not made drop out.
fn applicable<'a>(sides: &'a Trees<'a>) -> (Context<'a>, Vec<&'a Move>) {
    let mut moves = one_to_one(sides);
    loop {
        let context = Context {
            once: sides.once.iter().collect(),
            leaving: leaving(sides, &moves),
            sides,
        };
        let count = moves.len();
        moves.retain(|moved| !matches!(context.moved_by_template(moved), TemplateMove::Apart));
        if moves.len() == count {
            return (context, moves);
        }
    }
}

/// The template's moves, of which each path is in one at most: a file goes to one place, and two files become one only
/// where a person puts them together. Of several the first is the move. A path that base and theirs both have is no end
/// of one: what stands there is looked at in its place.
fn one_to_one<'a>(sides: &'a Trees<'a>) -> Vec<&'a Move> {
    let mut taken: BTreeSet<&TreePath> = BTreeSet::new();
    let mut moves: Vec<&Move> = Vec::new();
    for moved in sides.moved_by_template {
        let is_move =
            !sides.theirs.contains_key(&moved.from) && !sides.base.contains_key(&moved.to);
        if is_move && !taken.contains(&moved.from) && !taken.contains(&moved.to) {
            taken.extend([&moved.from, &moved.to]);
            moves.push(moved);
        }
    }
    moves
}

/// The files of ours that the template takes away or moves, so that others may come in their place.
fn leaving<'a>(sides: &Trees<'a>, moves: &[&'a Move]) -> BTreeSet<&'a str> {
    let removed = sides
        .base
        .iter()
        // A file that is written once is the user's, so it stays.
        .filter(|(path, _)| !sides.theirs.contains_key(*path) && !sides.once.contains(path))
        .filter(|(path, base)| matches!(sides.ours.get(*path), Some(Entry::File(ours)) if ours == *base))
        .map(|(path, _)| path.as_str());
    removed
        .chain(moves.iter().map(|moved| moved.from.as_str()))
        .collect()
}

struct Context<'a> {
    sides: &'a Trees<'a>,
    once: BTreeSet<&'a TreePath>,
    leaving: BTreeSet<&'a str>,
}

/// What a move of the template's comes to.
enum TemplateMove {
    /// It does not apply here, and both paths are looked at by themselves.
    Apart,
    /// The user made the same move, and nothing is left to do.
    Done,
    Change(Box<Change>),
}

/// What stands at a path once everything that leaves has left.
enum Ours<'a> {
    Absent,
    File(&'a File),
    Blocked(String, &'static str),
}

impl<'a> Context<'a> {
    fn ours(&self, path: &TreePath) -> Ours<'a> {
        match self.sides.ours.get(path) {
            None | Some(Entry::Missing) => Ours::Absent,
            Some(Entry::File(file)) => Ours::File(file),
            Some(Entry::Blocked(at, _)) if self.leaving.contains(at.as_str()) => Ours::Absent,
            Some(Entry::Blocked(at, what)) => Ours::Blocked(at.clone(), what),
            Some(Entry::Dir) => {
                let inside = self.sides.folders.get(path).map_or(&[][..], Vec::as_slice);
                match inside
                    .iter()
                    .find(|file| !self.leaving.contains(file.as_str()))
                {
                    None if !inside.is_empty() => Ours::Absent,
                    _ => Ours::Blocked(path.to_string(), "a folder"),
                }
            }
        }
    }

    fn in_place(&self, path: &TreePath) -> Option<Change> {
        let base = self.sides.base.get(path);
        let theirs = self.sides.theirs.get(path);
        let ours = match self.ours(path) {
            Ours::Absent => None,
            Ours::File(file) => Some(file),
            Ours::Blocked(..) if theirs.is_none() || theirs == base => return None,
            Ours::Blocked(at, what) => {
                let verdict = Verdict::Conflict(Conflict::Blocked(at, what));
                return Some(change(path, base, None, theirs, verdict));
            }
        };
        let verdict = if self.once.contains(path) {
            match (base, ours, theirs) {
                (None, None, Some(_)) => Verdict::Take,
                (Some(base), None, Some(theirs)) if theirs != base => Verdict::Keep(DELETED),
                (Some(base), Some(ours), Some(theirs)) if theirs != base && theirs != ours => {
                    Verdict::Keep(ONCE)
                }
                _ => return None,
            }
        } else {
            self.decide(path, base, ours, theirs)?
        };
        Some(change(path, base, ours, theirs, verdict))
    }

    fn moved_by_template(&self, moved: &Move) -> TemplateMove {
        let (Some(base), Some(theirs)) = (
            self.sides.base.get(&moved.from),
            self.sides.theirs.get(&moved.to),
        ) else {
            return TemplateMove::Apart;
        };
        let (ours, already_there) = match (self.ours(&moved.from), self.ours(&moved.to)) {
            (Ours::File(ours), Ours::Absent) => (ours, false),
            // The user made the same move.
            (Ours::Absent, Ours::File(ours)) => (ours, true),
            (Ours::Absent, Ours::Absent) => {
                let elsewhere = |user: &&Move| user.from == moved.from;
                if let Some(user) = self.sides.moved_by_user.iter().find(elsewhere) {
                    let change = self.moved_elsewhere(user, moved, base, theirs);
                    return change.map_or(TemplateMove::Done, |change| {
                        TemplateMove::Change(Box::new(change))
                    });
                }
                let verdict = Verdict::Keep("you deleted it, and the template moved it");
                let change = change(&moved.to, Some(base), None, Some(theirs), verdict);
                return TemplateMove::Change(Box::new(change));
            }
            _ => return TemplateMove::Apart,
        };
        let verdict = match self.decide(&moved.to, Some(base), Some(ours), Some(theirs)) {
            None if already_there => return TemplateMove::Done,
            None => Verdict::Move,
            Some(_) if self.once.contains(&moved.to) => Verdict::Move,
            Some(verdict) => verdict,
        };
        let mut change = change(&moved.to, Some(base), Some(ours), Some(theirs), verdict);
        change.base_path = Some(moved.from.clone());
        change.moved_from = (!already_there).then(|| moved.from.clone());
        TemplateMove::Change(Box::new(change))
    }

    /// Both sides gave the file another name: the user's stays, and the template's edits follow to it.
    fn moved_elsewhere(
        &self,
        user: &Move,
        template: &Move,
        base: &File,
        theirs: &File,
    ) -> Option<Change> {
        let Ours::File(ours) = self.ours(&user.to) else {
            return None;
        };
        let verdict = self
            .decide(&user.to, Some(base), Some(ours), Some(theirs))
            .unwrap_or(Verdict::Keep(
                "you moved it, and the template moved it elsewhere",
            ));
        let mut change = change(&user.to, Some(base), Some(ours), Some(theirs), verdict);
        change.template_path = Some(template.to.clone());
        change.base_path = Some(template.from.clone());
        Some(change)
    }

    fn moved_by_user(&self, moved: &Move) -> Option<Change> {
        let base = self.sides.base.get(&moved.from)?;
        let theirs = self.sides.theirs.get(&moved.from);
        let Ours::File(ours) = self.ours(&moved.to) else {
            return None;
        };
        let verdict = match theirs {
            None => Verdict::Keep("you moved it, and the template deleted it"),
            Some(theirs) => self.decide(&moved.to, Some(base), Some(ours), Some(theirs))?,
        };
        let mut change = change(&moved.to, Some(base), Some(ours), theirs, verdict);
        change.template_path = Some(moved.from.clone());
        Some(change)
    }

    /// What shall become of a path; `None` where there is nothing to do and nothing to report.
    fn decide(
        &self,
        path: &TreePath,
        base: Option<&File>,
        ours: Option<&File>,
        theirs: Option<&File>,
    ) -> Option<Verdict> {
        if ours == theirs || base == theirs {
            return None;
        }
        if base == ours {
            return Some(Verdict::Take);
        }
        match (base, ours, theirs) {
            (Some(_), None, _) => Some(Verdict::Keep(DELETED)),
            (_, Some(_), None) => Some(Verdict::Conflict(Conflict::DeletedByTemplate)),
            (None, Some(_), Some(_)) if self.sides.untracked.contains(path) => {
                Some(Verdict::Conflict(Conflict::BothAdded))
            }
            (base, Some(ours), Some(theirs)) => {
                Some(both(path, base, ours, theirs, self.sides.rules))
            }
            (None, None, _) => None,
        }
    }
}

fn change(
    path: &TreePath,
    base: Option<&File>,
    ours: Option<&File>,
    theirs: Option<&File>,
    verdict: Verdict,
) -> Change {
    Change {
        path: path.clone(),
        moved_from: None,
        template_path: None,
        base_path: None,
        beside: None,
        base: base.cloned(),
        ours: ours.cloned(),
        theirs: theirs.cloned(),
        verdict,
        effects: Vec::new(),
    }
}

/// Both sides have the file, and they differ from each other and from the base.
fn both(
    path: &TreePath,
    base: Option<&File>,
    ours: &File,
    theirs: &File,
    rules: three_way::Options,
) -> Verdict {
    let executable = trivial(
        base.map_or(ours.executable && theirs.executable, |base| base.executable),
        ours.executable,
        theirs.executable,
    );
    // Files that are no text are told apart before any long one is read.
    if [base, Some(ours), Some(theirs)]
        .into_iter()
        .flatten()
        .any(File::starts_binary)
    {
        return opaque(base);
    }
    let base_bytes = base.map_or(Some(Cow::Borrowed(&[][..])), File::bytes);
    let (Some(base_bytes), Some(our_bytes), Some(their_bytes)) =
        (base_bytes, ours.bytes(), theirs.bytes())
    else {
        return opaque(base);
    };
    let sides = [&base_bytes, &our_bytes, &their_bytes];
    let merged = three_way::merge_with(path.as_str(), sides[0], sides[1], sides[2], rules);
    if merged.is_binary() {
        return opaque(base);
    }
    of_text(Box::new(merged), executable)
}

/// What a merge of text comes to.
pub(super) fn of_text(merged: Box<Merged>, executable: bool) -> Verdict {
    match merged.clean() {
        Some(bytes) => {
            let file = File {
                content: Content::Bytes(Arc::from(bytes)),
                executable,
            };
            Verdict::Merged(file, merged)
        }
        None => Verdict::Conflict(Conflict::Text(merged, executable)),
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
