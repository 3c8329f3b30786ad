//! Which entries are the same in three rows, and the order of the merged row.

use super::entry::{Body, Entry, Shape};
use super::hash::{Map, Set};
use super::weave::{Row, trivial};

/// The keys of a merged row.
pub(super) struct Order<'k> {
    pub(super) keys: Vec<&'k str>,
    /// Whether both sides put entries into one place.
    pub(super) both_inserted: bool,
}

/// Keys that occur once in each row.
///
/// Where a key occurs more often it is counted, if all rows have it equally often; otherwise the text of the entry is
/// part of its key. `None` when that does not tell the entries apart.
pub(super) fn unique_keys(rows: [Row; 3]) -> Option<[Vec<String>; 3]> {
    let counts = rows.map(|row| {
        let mut counts: Map<&str, usize> = Map::default();
        for entry in row {
            *counts.entry(&entry.key).or_default() += 1;
        }
        counts
    });
    let count = |side: usize, key: &str| counts[side].get(key).copied().unwrap_or(0);
    let mut keys = [Vec::new(), Vec::new(), Vec::new()];
    for (side, row) in rows.into_iter().enumerate() {
        let mut seen: Map<&str, usize> = Map::default();
        let mut taken = Set::default();
        for entry in row {
            let key: &str = &entry.key;
            let (base, ours, theirs) = (count(0, key), count(1, key), count(2, key));
            let unique = if base.max(ours).max(theirs) <= 1 {
                key.to_string()
            } else if base == ours && base == theirs {
                let nth = seen.entry(key).or_default();
                *nth += 1;
                format!("{key}\0{nth}")
            } else {
                format!("{key}\0{}", entry.body_text())
            };
            if !taken.insert(unique.clone()) {
                return None;
            }
            keys[side].push(unique);
        }
    }
    Some(keys)
}

/// Whether a block that both sides seem to have taken out is still there under another name, on one side alone: then that
/// side edited what the other one took out. It resembles the old one, or is all there is where the other side has nothing.
pub(super) fn renamed(rows: [Row; 3]) -> bool {
    let keys = rows.map(|row| {
        let keys = row.iter().map(|entry| entry.key.as_ref());
        keys.collect::<Set<&str>>()
    });
    let own = |side: usize, others: [usize; 2]| {
        let own = |entry: &&Entry| {
            let known = others
                .into_iter()
                .any(|other| keys[other].contains(entry.key.as_ref()));
            matches!(entry.body, Body::Block(_)) && !known
        };
        rows[side].iter().filter(own).map(said).collect::<Vec<_>>()
    };
    let gone = own(0, [1, 2]);
    if gone.is_empty() {
        return false;
    }
    [(1, 2), (2, 1)].into_iter().any(|(side, other)| {
        let new = own(side, [0, other]);
        let alike = |new: &Set<String>| {
            let shared = |gone: &Set<String>| gone.intersection(new).count();
            gone.iter()
                .any(|gone| shared(gone) * 4 >= gone.len().max(new.len()))
        };
        let replaced = rows[other].is_empty() && keys[side].is_disjoint(&keys[0]);
        new.iter().any(alike) || replaced && !new.is_empty()
    })
}

/// Whether a row has a pattern that takes back what the patterns before it say.
pub(super) fn takes_back(rows: [Row; 3]) -> bool {
    rows.into_iter()
        .flatten()
        .any(|entry| entry.key.starts_with('!'))
}

/// The comments that ours put right under an entry of its own, at the end of a block: they are about that entry, and stay
/// with it where theirs put in more.
pub(super) fn comments_behind<'c>(rows: [Row; 3], base: &str, ours: &'c str) -> Option<&'c str> {
    let last = rows[1].last()?;
    let known = |row: Row| row.iter().any(|entry| entry.key == last.key);
    let added = ours.strip_suffix(base)?;
    let comment = added.trim_start_matches(' ').starts_with('#') && added.ends_with('\n');
    (comment && last.ends_line() && !known(rows[0]) && !known(rows[2])).then_some(added)
}

/// The lines of an entry that have words in them.
fn said(entry: &Entry) -> Set<String> {
    let text = entry.body_text();
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| line.contains(char::is_alphanumeric));
    lines.map(str::to_string).collect()
}

/// The order of all keys of ours and theirs: ours, with what theirs added after what it follows there.
pub(super) fn merged(keys: &[Vec<String>; 3], shape: Shape, sorted: bool) -> Option<Order<'_>> {
    let sets = keys
        .each_ref()
        .map(|keys| keys.iter().map(String::as_str).collect::<Set<_>>());
    let in_all = |key: &&str| sets.iter().all(|set| set.contains(key));
    let common = |side: usize| {
        let other = 3 - side;
        let set = &sets[other];
        keys[side]
            .iter()
            .map(String::as_str)
            .filter(move |key| set.contains(key))
    };
    let anchors = keys.each_ref().map(|keys| {
        keys.iter()
            .map(String::as_str)
            .filter(in_all)
            .collect::<Vec<_>>()
    });
    let ours_leads =
        common(1).eq(common(2)) || trivial(&anchors[0], &anchors[1], &anchors[2])? == &anchors[1];
    let leading = if ours_leads { 1 } else { 2 };
    let following = 3 - leading;
    let places = Places { keys, sets: &sets };
    if !matches!(shape, Shape::Map | Shape::Pins) && places.both_replaced() {
        return None;
    }
    let row = |side: usize| keys[side].iter().map(String::as_str);
    let mut merged: Vec<&str> = row(leading).collect();
    // Where each key of the merged row is, kept as a list of what follows it: linear, however long the rows are.
    let mut after: Map<Option<&str>, Vec<&str>> = Map::default();
    let mut previous = None;
    for key in row(following) {
        if sets[leading].contains(key) {
            previous = Some(key);
        } else if !sets[0].contains(key) {
            after.entry(previous).or_default().push(key);
        }
    }
    let added_by_leading = |key: &&str| !sets[0].contains(key) && !sets[following].contains(key);
    let mut out = Vec::with_capacity(merged.len());
    let mut waiting = after.remove(&None).unwrap_or_default();
    for key in merged.drain(..) {
        if waiting.is_empty() {
            out.push(key);
        } else if added_by_leading(&key) {
            if leading == 1 {
                out.push(key);
            } else {
                waiting.push(key);
            }
        } else {
            out.append(&mut waiting);
            out.push(key);
        }
        if let Some(more) = after.remove(&Some(key)) {
            waiting.extend(more);
        }
    }
    out.append(&mut waiting);
    let both_inserted = places.both_inserted();
    if both_inserted && sorted {
        out.sort_unstable();
    }
    Some(Order {
        keys: out,
        both_inserted,
    })
}

/// Where things happened: after which of the keys that all three rows have.
struct Places<'k> {
    keys: &'k [Vec<String>; 3],
    sets: &'k [Set<&'k str>; 3],
}

impl<'k> Places<'k> {
    fn of(&self, side: usize, wanted: impl Fn(&str) -> bool) -> Map<Option<&'k str>, Vec<&'k str>> {
        let mut places: Map<Option<&str>, Vec<&str>> = Map::default();
        let mut previous = None;
        for key in self.keys[side].iter().map(String::as_str) {
            if self.sets.iter().all(|set| set.contains(key)) {
                previous = Some(key);
            } else if wanted(key) {
                places.entry(previous).or_default().push(key);
            }
        }
        places
    }

    /// Whether both sides put something of their own into one place.
    fn both_inserted(&self) -> bool {
        let own = |side: usize| {
            let other = 3 - side;
            self.of(side, |key| {
                !self.sets[0].contains(key) && !self.sets[other].contains(key)
            })
        };
        let (ours, theirs) = (own(1), own(2));
        ours.keys().any(|place| theirs.contains_key(place))
    }

    /// Whether both sides replaced one element, which looks like two additions and a deletion that they share.
    fn both_replaced(&self) -> bool {
        let gone = self.of(0, |key| {
            !self.sets[1].contains(key) && !self.sets[2].contains(key)
        });
        let added = |side: usize| self.of(side, |key| !self.sets[0].contains(key));
        let (ours, theirs) = (added(1), added(2));
        gone.keys()
            .any(|place| ours.get(place) != theirs.get(place))
    }
}
