//! What a file says, as a multiset of facts; and whether a merge says what it must.
//!
//! A fact is a setting at its path, an element of a list, a line of a statement, a comment. For each fact the number of
//! times the result states it must be the three-way merge of the three numbers: then nothing was lost, revived or doubled,
//! however the text was put together.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::entry::{Block, Body, Shape};
use super::{tokens, version, weave};

/// How often a file states each fact.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    counts: HashMap<u64, (usize, &'a str)>,
    /// Names that occur twice in one block.
    doubled: HashMap<u64, usize>,
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
    pub(super) fn of(block: &Block<'a>, blur: bool) -> Self {
        let mut facts = Self {
            blur,
            ..Self::default()
        };
        facts.block(block, 0);
        facts
    }

    fn block(&mut self, block: &Block<'a>, path: u64) {
        self.lines(block.open, path, 0);
        self.comments(block.close);
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for entry in &block.entries {
            self.comments(entry.lead);
            self.comments(entry.trail);
            let named = matches!(block.shape, Shape::Map | Shape::Items);
            let name = if named {
                hash(&(path, entry.key.as_str()))
            } else {
                hash(&(path, "[]"))
            };
            if named {
                let times = seen.entry(&entry.key).or_default();
                *times += 1;
                if *times > 1 {
                    *self.doubled.entry(name).or_default() += 1;
                }
            }
            match &entry.body {
                // The lines of a statement belong together: a bracket that closes one says nothing of another.
                Body::Leaf(text) if text.trim_end().contains('\n') => {
                    self.lines(text, hash(&(name, entry.key.as_str())), 1);
                }
                Body::Leaf(text) => self.lines(text, name, 1),
                Body::Block(inner) => {
                    self.block(inner, hash(&(name, entry.key.as_str())));
                    self.add(hash(&(name, "{}", entry.key.as_str())), "");
                }
            }
        }
    }

    fn lines(&mut self, text: &'a str, path: u64, kind: u8) {
        let text = if text.contains('\n') {
            text
        } else {
            weave::unquoted(text)
        };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let said = if self.blur {
                hash(&tokens::said(&version::blurred(line)))
            } else {
                hash(&tokens::said(line))
            };
            self.add(hash(&(path, kind, said)), line);
        }
    }

    /// Comments with words in them; a row of dashes says nothing.
    fn comments(&mut self, trivia: &'a str) {
        let worded =
            |line: &&str| line.starts_with(['#', ';']) && line.contains(char::is_alphanumeric);
        for line in trivia.lines().map(str::trim).filter(worded) {
            self.add(hash(&("#", line)), line);
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
        let right = match weave::trivial(base, ours, theirs) {
            Some(expected) => result == expected,
            None => (ours.min(theirs)..=ours.max(theirs)).contains(&result),
        };
        // The same comment may be added twice, above different things.
        let right = right || {
            let comment = shown.starts_with(['#', ';']);
            comment
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
    fn shown(&self) -> &str {
        match self {
            Self::Doubles(what) | Self::Lacks(what) | Self::Revives(what) => what,
        }
    }

    /// Whether the result says more than it should; a comment more is none.
    pub(super) fn is_too_much(&self) -> bool {
        match self {
            Self::Doubles(_) => true,
            Self::Revives(what) => !what.starts_with(['#', ';']),
            Self::Lacks(_) => false,
        }
    }

    /// In words for the user.
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

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
