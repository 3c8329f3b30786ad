//! Of some kinds the entries only suggest. A conflict of the lines stays a conflict, and the merge of the entries becomes its
//! suggestion.
//!
//! Where the entries object to a clean merge of lines, for example because a name stands there twice, that holds for these
//! kinds, too.

use std::collections::BTreeSet;

use super::reason::Reason;
use super::region::{self, Class, Note, Region, Resolution, Verdict};

/// A merge, with its notes.
type Found = (Vec<Region>, Vec<Note>);

/// The merge by entries, except that the conflicts of the merge by lines stay conflicts.
pub(super) fn beside(by_lines: Found, by_entries: Found) -> Found {
    let (lines, mut notes) = by_lines;
    let (entries, more) = by_entries;
    notes.retain(|note| !more.contains(note));
    notes.extend(more);
    let mut regions = Vec::with_capacity(entries.len());
    for [lines, entries] in stretches(&lines, &entries) {
        let open = lines.iter().any(Region::is_conflict);
        match region::merged(entries) {
            Some(text) if open => regions.push(suggested(lines, entries, text)),
            // What the entries resolve in the same stretch as a conflict is only suggested, too.
            None if open => {
                let mut asked = entries.to_vec();
                region::demote(&mut asked, |_| true);
                regions.append(&mut asked);
            }
            _ => regions.extend_from_slice(entries),
        }
    }
    (regions, notes)
}

/// One conflict of some lines, with the merge of their entries as its suggestion.
fn suggested(lines: &[Region], entries: &[Region], text: Vec<u8>) -> Region {
    let found = entries.iter().filter_map(Region::resolution);
    let mut reasons: BTreeSet<Reason> = found.flat_map(|one| one.reasons.clone()).collect();
    if reasons.is_empty() {
        reasons.insert(Reason::OtherEntries);
    }
    let suggestion = Resolution {
        text,
        reasons: reasons.into_iter().collect(),
        class: Class::Guess,
    };
    Region::joined(lines, Verdict::Conflict(Some(suggestion)))
}

/// The smallest stretches that hold whole regions of both merges. Both merges cover the same three texts.
fn stretches<'r>(one: &'r [Region], other: &'r [Region]) -> Vec<[&'r [Region]; 2]> {
    let mut found = Vec::new();
    let mut from = [0; 2];
    let other_ends = ends(other);
    for (at, end) in ends(one).iter().enumerate() {
        if let Ok(same) = other_ends.binary_search(end) {
            found.push([&one[from[0]..=at], &other[from[1]..=same]]);
            from = [at + 1, same + 1];
        }
    }
    found
}

/// The ends of each region in the three texts, in bytes.
fn ends(regions: &[Region]) -> Vec<[usize; 3]> {
    let mut at = [0; 3];
    let end = |region: &Region| {
        at = region.end(at);
        at
    };
    regions.iter().map(end).collect()
}
