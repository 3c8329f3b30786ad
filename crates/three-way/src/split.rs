//! A conflict cut at the entries that all three versions have, so that it holds only what both sides touched.

use std::ops::Range;

use super::hash::Map;
use super::place::Place;

/// Where a conflict can be cut, in the order of lines; each cut is a line of each of the three.
///
/// Where the entries that all three have are in one order, what stands between two cuts became of what stands between them
/// in the base. `None` when there is no cut.
pub(super) fn cuts(triple: [&Place; 3], range: &[Range<usize>; 3]) -> Option<Vec<[usize; 3]>> {
    let [base, ours, theirs] = [0, 1, 2].map(|side| entries(triple[side], &range[side]));
    let mut found = Vec::new();
    let mut last = range.each_ref().map(|range| range.start);
    let mut common: Vec<[usize; 3]> = Vec::new();
    for (key, base) in &base {
        if let (Some(base), Some(Some(ours)), Some(Some(theirs))) =
            (base, ours.get(key), theirs.get(key))
        {
            common.push([*base, *ours, *theirs]);
        }
    }
    common.sort_unstable();
    for entry in common {
        let bounds = [0, 1, 2].map(|side| &triple[side].bounds[entry[side]..=entry[side] + 1]);
        for end in [0, 1] {
            let cut = bounds.map(|bounds| bounds[end]);
            let within = |side: usize| (range[side].start..=range[side].end).contains(&cut[side]);
            if ![0, 1, 2].into_iter().all(within) {
                continue;
            }
            if (0..3).any(|side| cut[side] < last[side]) {
                return None;
            }
            if cut != last {
                found.push(cut);
            }
            last = cut;
        }
    }
    if found.last() == Some(&range.each_ref().map(|range| range.end)) {
        found.pop();
    }
    (!found.is_empty()).then_some(found)
}

/// The entries that begin or end in a range of lines, by key; none for a key that occurs twice.
fn entries<'t>(place: &Place<'t, '_>, range: &Range<usize>) -> Map<&'t str, Option<usize>> {
    let bounds = &place.bounds;
    let from = bounds.partition_point(|bound| *bound < range.start);
    let to = bounds.partition_point(|bound| *bound <= range.end);
    let rows = from.saturating_sub(1)..to.min(place.block.entries.len());
    let mut found = Map::default();
    for at in rows {
        found
            .entry(place.block.entries[at].key.as_ref())
            .and_modify(|known| *known = None)
            .or_insert(Some(at));
    }
    found
}
