//! What a file says, as a multiset of facts; and whether a merge says what it must.
//!
//! A fact is a setting at its path, an element of a list, a line of a statement, a comment. For each fact the number of
//! times the result states it must be the three-way merge of the three numbers: then nothing was lost, revived or doubled,
//! however the text was put together.

use std::borrow::Cow;

use super::entry::{Block, Body, Entry, Shape};
use super::hash::{self, Map, Set};
use super::rest::{left, rest, singles};
use super::{dotted, lines, profile, three, tokens, weave};

/// How often a file states each fact.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    counts: Map<u64, (usize, &'a str)>,
    /// Names that occur twice in one block.
    doubled: Map<u64, usize>,
    /// Whether pins count as equal whatever their version, because the newer of two was taken.
    blur: bool,
}

/// What a result says that it should not, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    Doubles(String),
    Lacks(String),
    Revives(String),
}

impl<'a> Facts<'a> {
    fn new(blur: bool) -> Self {
        Self {
            blur,
            ..Self::default()
        }
    }

    pub(super) fn of(block: &Block<'a>, blur: bool) -> Self {
        let mut facts = Self::new(blur);
        facts.block(block, 0);
        facts
    }

    /// The facts of four versions of a file, without those of entries that are there in all four, byte for byte.
    ///
    /// Less of the same in all four changes no merge of counts, and most of a file is the same.
    pub(super) fn apart(trees: [&Block<'a>; 4], blur: bool) -> [Self; 4] {
        let mut facts = [(); 4].map(|()| Self::new(blur));
        Self::blocks(&mut facts, trees, 0);
        facts
    }

    /// The facts of blocks at one path.
    fn blocks(all: &mut [Self; 4], blocks: [&Block<'a>; 4], path: u64) {
        if blocks
            .iter()
            .any(|block| block.named() != blocks[0].named())
        {
            for (facts, block) in all.iter_mut().zip(blocks) {
                facts.block(block, path);
            }
            return;
        }
        for (facts, block) in all.iter_mut().zip(blocks) {
            facts.lines(block.open, path, 0);
            facts.comments(block.close);
        }
        let rest = rest(blocks.map(|block| block.entries.as_slice()));
        if blocks[0].named() {
            Self::double(all, blocks[0], &rest, path);
        }
        let singles = rest.each_ref().map(|rest| singles(rest));
        for (side, rest) in rest.iter().enumerate() {
            for entry in rest {
                let key = entry.key.as_ref();
                let found = singles
                    .each_ref()
                    .map(|singles| singles.get(key).copied().flatten());
                let whole = hash::of(&(name(blocks[0], entry, path), key));
                match found.map(|entry| entry.map(|entry| &entry.body)) {
                    [
                        Some(Body::Block(base)),
                        Some(Body::Block(ours)),
                        Some(Body::Block(theirs)),
                        Some(Body::Block(result)),
                    ] if side == 0 => Self::blocks(all, [base, ours, theirs, result], whole),
                    [
                        Some(Body::Leaf(base)),
                        Some(Body::Leaf(ours)),
                        Some(Body::Leaf(theirs)),
                        Some(Body::Leaf(result)),
                    ] if [base, ours, theirs, result]
                        .into_iter()
                        .all(|text| is_long(text)) =>
                    {
                        if side == 0 {
                            Self::long(all, [base, ours, theirs, result], whole);
                        }
                    }
                    [
                        Some(Body::Block(_)),
                        Some(Body::Block(_)),
                        Some(Body::Block(_)),
                        Some(Body::Block(_)),
                    ] => {}
                    _ => {
                        all[side].entry(entry, blocks[side], path);
                        continue;
                    }
                }
                all[side].comments(entry.lead);
                all[side].comments(entry.trail);
            }
        }
    }

    /// The facts of four versions of one statement that goes over many lines.
    fn long(all: &mut [Self; 4], texts: [&'a str; 4], path: u64) {
        let lines = texts.map(|text| said_lines(text).collect::<Vec<_>>());
        let left = left([0, 1, 2, 3].map(|side| lines[side].iter().map(hash::of).collect()));
        for (side, left) in left.into_iter().enumerate() {
            for at in left {
                all[side].line(lines[side][at], path, 1);
            }
        }
    }

    /// Notes the names that occur more than once in one of four blocks; only the `rest` of their entries differ.
    fn double(all: &mut [Self; 4], block: &Block<'a>, rest: &[Vec<&Entry<'a>>; 4], path: u64) {
        let mut times: Map<Cow<str>, [usize; 4]> = Map::default();
        for (side, rest) in rest.iter().enumerate() {
            for entry in rest {
                times.entry(profile::name(block, entry)).or_default()[side] += 1;
            }
        }
        if times.is_empty() {
            return;
        }
        let mut all_of_one: Map<Cow<str>, usize> = Map::default();
        for entry in &block.entries {
            let name = profile::name(block, entry);
            if times.contains_key(&name) {
                *all_of_one.entry(name).or_default() += 1;
            }
        }
        for (key, times) in times {
            let shared = all_of_one.get(&key).copied().unwrap_or(0) - times[0];
            let name = hash::of(&(path, key.as_ref()));
            for (facts, own) in all.iter_mut().zip(times) {
                if shared + own > 1 {
                    *facts.doubled.entry(name).or_default() += shared + own - 1;
                }
            }
        }
    }

    fn block(&mut self, block: &Block<'a>, path: u64) {
        self.lines(block.open, path, 0);
        self.comments(block.close);
        let mut seen: Set<Cow<str>> = Set::default();
        for entry in &block.entries {
            if block.named() {
                let name = profile::name(block, entry);
                let doubled = hash::of(&(path, name.as_ref()));
                if !seen.insert(name) {
                    *self.doubled.entry(doubled).or_default() += 1;
                }
            }
            self.entry(entry, block, path);
        }
    }

    fn entry(&mut self, entry: &Entry<'a>, block: &Block<'a>, path: u64) {
        self.comments(entry.lead);
        self.comments(entry.trail);
        let name = name(block, entry, path);
        // A statement may have a name of its own; one that is its own name says no more than its lines.
        let in_order = matches!(
            block.shape,
            Shape::Sequence | Shape::Statements | Shape::Instructions
        );
        let is_statement = |text: &str| in_order && entry.key.len() < text.trim().len();
        if let Body::Leaf(text) = &entry.body
            && (block.named() || is_statement(text))
        {
            // This fact says that the entry is there at all, whatever its value.
            let fact = hash::of(&(name, "=", entry.key.as_ref()));
            self.add(fact, text.lines().next().unwrap_or(""));
        }
        match &entry.body {
            // The lines of a statement belong together: a bracket that closes one says nothing of another.
            Body::Leaf(text) if is_long(text) => {
                self.lines(text, hash::of(&(name, entry.key.as_ref())), 1);
            }
            Body::Leaf(text) => self.lines(text, name, 1),
            Body::Block(inner) => {
                self.block(inner, hash::of(&(name, entry.key.as_ref())));
                let fact = hash::of(&(name, "{}", entry.key.as_ref()));
                self.add(fact, inner.open.lines().next().unwrap_or(""));
            }
        }
    }

    fn lines(&mut self, text: &'a str, path: u64, kind: u8) {
        let text = if text.contains('\n') {
            text
        } else {
            weave::unquoted(text)
        };
        for line in said_lines(text) {
            self.line(line, path, kind);
        }
    }

    fn line(&mut self, line: &'a str, path: u64, kind: u8) {
        let said = if self.blur {
            hash::of_all(tokens::said(&dotted::blurred(line)))
        } else {
            hash::of_all(tokens::said(line))
        };
        self.add(hash::of(&(path, kind, said)), line);
    }

    /// Comments with words in them; a row of dashes says nothing.
    fn comments(&mut self, trivia: &'a str) {
        let worded = |line: &&str| lines::is_comment(line) && line.contains(char::is_alphanumeric);
        for line in trivia.lines().map(str::trim).filter(worded) {
            self.add(hash::of(&("#", line)), line);
        }
    }

    fn add(&mut self, fact: u64, shown: &'a str) {
        self.counts.entry(fact).or_insert((0, shown)).0 += 1;
    }

    fn count(&self, fact: u64) -> usize {
        self.counts.get(&fact).map_or(0, |(count, _)| *count)
    }
}

/// What is wrong with a result, if anything.
pub(super) fn faults(base: &Facts, ours: &Facts, theirs: &Facts, result: &Facts) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut judge = |fact: u64, shown: &str| {
        let [base, ours, theirs, result] =
            [base, ours, theirs, result].map(|facts| facts.count(fact));
        let right = match three::trivial(base, ours, theirs) {
            Some(expected) => result == expected,
            None => (ours.min(theirs)..=ours.max(theirs)).contains(&result),
        };
        // The same comment may be added twice, above different things.
        let right = right || {
            lines::is_comment(shown)
                && base < ours.min(theirs)
                && result <= ours + theirs - base
                && result >= ours.max(theirs)
        };
        if !right {
            faults.push(if result > ours.max(theirs) {
                Fault::Doubles(shown.to_string())
            } else if result > ours.min(theirs) {
                Fault::Revives(shown.to_string())
            } else {
                Fault::Lacks(shown.to_string())
            });
        }
    };
    for (fact, (_, shown)) in &result.counts {
        judge(*fact, shown);
    }
    for facts in [ours, theirs] {
        for (fact, (_, shown)) in facts
            .counts
            .iter()
            .filter(|(fact, _)| result.count(**fact) == 0)
        {
            judge(*fact, shown);
        }
    }
    for (name, times) in &result.doubled {
        let known = [base, ours, theirs]
            .into_iter()
            .filter_map(|facts| facts.doubled.get(name))
            .max();
        if known.is_none_or(|known| known < times) {
            faults.push(Fault::Doubles("a name".to_string()));
        }
    }
    faults.sort_by(|one, other| one.shown().cmp(other.shown()));
    faults.dedup();
    faults
}

/// Whether every fact of a result is one of ours or of theirs.
pub(super) fn only_known(ours: &Facts, theirs: &Facts, result: &Facts) -> bool {
    let known = |fact: &u64| ours.count(*fact) + theirs.count(*fact) > 0;
    result.counts.keys().all(known)
}

impl Fault {
    /// What the result lacks.
    pub(super) fn lacked(&self) -> Option<&str> {
        matches!(self, Self::Lacks(_)).then(|| self.shown())
    }

    /// What the result has more often than either side.
    pub(super) fn doubled(&self) -> Option<&str> {
        matches!(self, Self::Doubles(_)).then(|| self.shown())
    }

    fn shown(&self) -> &str {
        match self {
            Self::Doubles(what) | Self::Lacks(what) | Self::Revives(what) => what,
        }
    }

    pub(super) fn into_shown(self) -> String {
        match self {
            Self::Doubles(what) | Self::Lacks(what) | Self::Revives(what) => what,
        }
    }

    /// Whether the result says more than it should; a comment more is none.
    pub(super) fn is_too_much(&self) -> bool {
        match self {
            Self::Doubles(_) => true,
            Self::Revives(what) => !lines::is_comment(what),
            Self::Lacks(_) => false,
        }
    }

    /// The fault in words for the user.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Doubles(what) => {
                format!("the merged file has `{what}` more often than either side")
            }
            Self::Lacks(what) => format!("the merged file lacks `{what}`"),
            Self::Revives(what) => format!("the merged file has `{what}`, which one side took out"),
        }
    }
}

fn name(block: &Block, entry: &Entry, path: u64) -> u64 {
    if !block.named() {
        return hash::of(&(path, "[]"));
    }
    hash::of(&(path, profile::name(block, entry).as_ref()))
}

/// Whether a statement goes over many lines.
fn is_long(text: &str) -> bool {
    text.trim_end().contains('\n')
}

fn said_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
