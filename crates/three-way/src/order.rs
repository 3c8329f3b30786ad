//! Which entries are the same in three rows, and the order of the merged row.

use super::entry::{Entries, Entry, Shape};
use super::hash::{Map, Set};
use super::three::trivial;

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
pub(super) fn unique_keys(rows: [Entries; 3]) -> Option<[Vec<String>; 3]> {
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

/// The entries that one side moved and the other side took out.
///
/// `deleted` has the keys that ours kept and theirs took out, and the other way round. A side that sorted a whole
/// mapping moved no entry: that is layout. One entry that comes to stand in its place by name was moved.
pub(super) fn moved<'k>(
    keys: &[Vec<String>; 3],
    deleted: &[Vec<&'k str>; 2],
    shape: Shape,
) -> Vec<&'k str> {
    let sorted = |keys: &[String]| keys.len() > 2 && keys.is_sorted();
    let moved = [1, 2].into_iter().flat_map(|side| {
        let deleted = &deleted[side - 1];
        if deleted.is_empty() {
            return Vec::new();
        }
        let places: Map<&str, usize> = numbered(&keys[0]).collect();
        let common = keys[side].iter().map(String::as_str);
        let common: Vec<(&str, usize)> = common
            .filter_map(|key| Some((key, *places.get(key)?)))
            .collect();
        if common.is_sorted_by_key(|(_, place)| *place) {
            return Vec::new();
        }
        let (stayed, least) = stayed(&common.iter().map(|(_, place)| *place).collect::<Vec<_>>());
        if least > 1
            && matches!(shape, Shape::Map | Shape::Pins)
            && sorted(&keys[side])
            && !sorted(&keys[0])
        {
            return Vec::new();
        }
        let left = common.iter().zip(stayed).filter(|(_, stayed)| !stayed);
        let left: Set<&str> = left.map(|((key, _), _)| *key).collect();
        let gone = deleted.iter().filter(|key| left.contains(**key));
        gone.copied().collect()
    });
    moved.collect()
}

fn numbered(keys: &[String]) -> impl Iterator<Item = (&str, usize)> {
    keys.iter().enumerate().map(|(at, key)| (key.as_str(), at))
}

/// Which of these distinct numbers are in every longest ascending row of them: whatever was moved, these were not. The
/// second value is how many were moved at least.
fn stayed(numbers: &[usize]) -> (Vec<bool>, usize) {
    let before = ascents(numbers.iter().copied());
    let last = numbers.len();
    let mut after = ascents(numbers.iter().rev().map(|number| usize::MAX - number));
    after.reverse();
    let longest = before.iter().max().copied().unwrap_or(0);
    let on_one = |at: &usize| before[*at] + after[*at] == longest + 1;
    let mut times = vec![0_usize; longest + 1];
    for at in (0..last).filter(on_one) {
        times[before[at]] += 1;
    }
    let stayed = (0..last).map(|at| on_one(&at) && times[before[at]] == 1);
    (stayed.collect(), last - longest)
}

/// The length of the longest ascending row that ends with each number.
fn ascents(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    // The least number that a row of each length ends with.
    let mut ends: Vec<usize> = Vec::new();
    let length = |number: usize| {
        let at = ends.partition_point(|end| *end < number);
        match ends.get_mut(at) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
        at + 1
    };
    numbers.map(length).collect()
}

/// Whether entries of each side alone share a line with words in it: what runs in both must not run twice.
pub(super) fn both_say(rows: [Entries; 3]) -> bool {
    let known = |side: usize| {
        let keys = rows[side].iter().map(|entry| entry.key.as_ref());
        keys.collect::<Set<&str>>()
    };
    let keys = [known(0), known(1), known(2)];
    let own = |side: usize| {
        let others = [&keys[0], &keys[3 - side]];
        let own =
            move |entry: &&Entry| others.iter().all(|keys| !keys.contains(entry.key.as_ref()));
        let texts = rows[side].iter().filter(own).map(Entry::body_text);
        texts.flat_map(|text| {
            let lines = text.lines().map(str::trim);
            let lines = lines.filter(|line| line.contains(char::is_alphanumeric));
            lines.map(str::to_string).collect::<Vec<_>>()
        })
    };
    let ours: Set<String> = own(1).collect();
    own(2).any(|line| ours.contains(&line))
}

/// Whether a row has a pattern that takes back what the patterns before it say.
pub(super) fn takes_back(rows: [Entries; 3]) -> bool {
    rows.into_iter()
        .flatten()
        .any(|entry| entry.key.starts_with('!'))
}

/// The comments that ours put right under an entry of its own, at the end of a block: they are about that entry, and stay
/// with it where theirs put in more.
pub(super) fn comments_behind<'c>(
    rows: [Entries; 3],
    base: &str,
    ours: &'c str,
) -> Option<&'c str> {
    let last = rows[1].last()?;
    let known = |row: Entries| row.iter().any(|entry| entry.key == last.key);
    let added = ours.strip_suffix(base)?;
    let comment = added.trim_start_matches(' ').starts_with('#') && added.ends_with('\n');
    (comment && last.ends_line() && !known(rows[0]) && !known(rows[2])).then_some(added)
}

/// The order of all keys of ours and theirs: ours, with what theirs added after what it follows there.
///
/// Where the order is what the row says, `None` if both put one entry into different places, or one side put something in
/// where the other one changed the order.
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
    let places = Neighbours { keys, sets: &sets };
    let in_order = matches!(shape, Shape::Sequence | Shape::Steps | Shape::Instructions);
    if places.replaced() || in_order && places.displaced() {
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
struct Neighbours<'k> {
    keys: &'k [Vec<String>; 3],
    sets: &'k [Set<&'k str>; 3],
}

impl<'k> Neighbours<'k> {
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

    /// Whether an entry that a side put in would stand between others than those it was put between.
    fn displaced(&self) -> bool {
        let row = |side: usize| self.keys[side].iter().map(String::as_str);
        let shared = |side: usize, other: usize| {
            let set = &self.sets[other];
            row(side).filter(|key| set.contains(key))
        };
        let twice = row(1).any(|key| !self.sets[0].contains(key) && self.sets[2].contains(key));
        if twice && !shared(1, 2).eq(shared(2, 1)) {
            return true;
        }
        if [1, 2].into_iter().any(|side| self.crosses(side)) {
            return true;
        }
        [1, 2].into_iter().any(|side| {
            let other = 3 - side;
            let moved = !shared(other, 0).eq(shared(0, other));
            // What follows what, the ends being nothing.
            let pairs = |side: usize, among: &[usize]| {
                let known = |key: &&str| among.iter().all(|other| self.sets[*other].contains(key));
                let keys: Vec<Option<&str>> = std::iter::once(None)
                    .chain(row(side).filter(known).map(Some))
                    .chain([None])
                    .collect();
                keys.windows(2)
                    .map(|pair| (pair[0], pair[1]))
                    .collect::<Vec<_>>()
            };
            if !moved {
                return false;
            }
            if self.replaced_moved(side) {
                return true;
            }
            let there: Set<_> = pairs(other, &[0, side]).into_iter().collect();
            let places = self.of(side, |key| {
                !self.sets[0].contains(key) && !self.sets[other].contains(key)
            });
            pairs(side, &[0, other])
                .into_iter()
                .any(|pair| places.contains_key(&pair.0) && !there.contains(&pair))
        })
    }

    /// Whether what both put in stands on the one side of what a side took out, and on the other side of what it put in instead.
    fn crosses(&self, side: usize) -> bool {
        let other = 3 - side;
        let [base, of_side, of_other] = [0, side, other].map(|at| &self.sets[at]);
        let by_both =
            |key: &str| !base.contains(key) && of_side.contains(key) && of_other.contains(key);
        let gone = |key: &str| base.contains(key) && !of_side.contains(key);
        let own = |key: &str| !base.contains(key) && !of_other.contains(key);
        let row = |keys: &[&'k str]| {
            let mut row: Vec<Option<&str>> = keys
                .iter()
                .map(|key| by_both(key).then_some(*key))
                .collect();
            row.dedup_by(|one, before| one.is_none() && before.is_none());
            row
        };
        let then = self.of(other, |key| by_both(key) || gone(key));
        let now = self.of(side, |key| by_both(key) || own(key));
        then.iter().any(|(place, keys)| {
            let (then, now) = (
                row(keys),
                now.get(place).map_or(Vec::new(), |keys| row(keys)),
            );
            then.len() > 1
                && now.len() > 1
                && then.contains(&None)
                && now.contains(&None)
                && then != now
        })
    }

    /// Whether a side put something in place of what the other side moved: it may be what became of that, and would stand
    /// where that is no more.
    fn replaced_moved(&self, side: usize) -> bool {
        let other = 3 - side;
        let gone = |key: &str| !self.sets[side].contains(key) && self.sets[other].contains(key);
        let known = |key: &str| self.sets[0].contains(key);
        let own = self.of(side, |key| !known(key) && !self.sets[other].contains(key));
        let now = self.of(other, |key| known(key) && gone(key));
        self.of(0, gone).iter().any(|(place, keys)| {
            let stayed = |key: &&str| now.get(place).is_some_and(|keys| keys.contains(key));
            own.contains_key(place) && !keys.iter().all(stayed)
        })
    }

    /// Whether a side put something in place of what both took out: it may be what became of that, and the other side
    /// deleted that or replaced it by something else. Where a side has other entries in another order, nobody can tell.
    fn replaced(&self) -> bool {
        let gone = self.of(0, |key| {
            !self.sets[1].contains(key) && !self.sets[2].contains(key)
        });
        if gone.is_empty() {
            return false;
        }
        let added = [1, 2].map(|side| self.of(side, |key| !self.sets[0].contains(key)));
        let [ours, theirs] = &added;
        if gone
            .keys()
            .any(|place| ours.get(place) != theirs.get(place))
        {
            return true;
        }
        [1, 2].into_iter().any(|side| {
            let row = |row: usize, other: usize| {
                let keys = self.keys[row].iter().map(String::as_str);
                keys.filter(move |key| self.sets[other].contains(key))
            };
            let own = |key: &&str| !self.sets[3 - side].contains(key);
            let puts_in = added[side - 1].values().flatten().any(own);
            puts_in && !row(side, 0).eq(row(0, side))
        })
    }
}
