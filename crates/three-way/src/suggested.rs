//! Kinds whose entries only suggest: what the lines leave open stays open, with what the entries make of it as the suggestion.
//!
//! What the entries say against a clean merge of lines, such as a name that is there twice, holds for these kinds, too.

use super::reason::Reason;
use super::region::{self, Class, Note, Region, Resolution, Text, Verdict};

/// A merge, and what is to be said of it.
type Found = (Vec<Region>, Vec<Note>);

/// The merge by entries, but for what the merge by lines leaves to a person.
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
            None if open => regions.extend(entries.iter().cloned().map(asked)),
            _ => regions.extend_from_slice(entries),
        }
    }
    (regions, notes)
}

/// What a rule of entries resolved beside a conflict, as a suggestion.
fn asked(mut region: Region) -> Region {
    region.verdict = match region.verdict {
        Verdict::Resolved(one) => Verdict::Conflict(Some(one)),
        verdict => verdict,
    };
    region
}

/// One conflict of some lines, with the merge of their entries as its suggestion.
fn suggested(lines: &[Region], entries: &[Region], text: Vec<u8>) -> Region {
    let mut reasons: Vec<Reason> = Vec::new();
    for found in entries.iter().filter_map(Region::resolution) {
        for reason in &found.reasons {
            if !reasons.contains(reason) {
                reasons.push(reason.clone());
            }
        }
    }
    if reasons.is_empty() {
        reasons.push(Reason::OtherEntries);
    }
    let suggestion = Resolution {
        text,
        reasons,
        class: Class::Guess,
    };
    Region::joined(lines, Verdict::Conflict(Some(suggestion)))
}

/// The least stretches that hold whole regions of both merges, which tile the same three texts.
fn stretches<'r>(one: &'r [Region], other: &'r [Region]) -> Vec<[&'r [Region]; 2]> {
    let mut found = Vec::new();
    let (one_ends, other_ends) = (ends(one), ends(other));
    let mut from = [0; 2];
    let mut next = from;
    for (at, end) in one_ends.iter().enumerate() {
        next[0] = at + 1;
        let behind = |known: &[usize; 3]| (0..3).all(|side| known[side] <= end[side]);
        next[1] = other_ends.partition_point(behind);
        let level = next[1] > 0 && other_ends[next[1] - 1] == *end;
        if level || next[0] == one.len() {
            next[1] = if next[0] == one.len() {
                other.len()
            } else {
                next[1]
            };
            found.push([&one[from[0]..next[0]], &other[from[1]..next[1]]]);
            from = next;
        }
    }
    found
}

/// Where each region ends in the three texts, in bytes.
fn ends(regions: &[Region]) -> Vec<[usize; 3]> {
    let mut at = [0; 3];
    let mut ends = Vec::with_capacity(regions.len());
    for region in regions {
        let texts: [&Text; 3] = [&region.base, &region.ours, &region.theirs];
        at = [0, 1, 2].map(|side| at[side] + texts[side].len());
        ends.push(at);
    }
    ends
}
