//! Keeps the entry before the last one out of a conflict about the last one.
//!
//! Where no comma stands behind the last entry, a side that removes this entry also edits the line above it: the comma there
//! goes. The other side's edit of that line is no part of the conflict. Therefore the region ends before the comma, in the
//! middle of a line ([`ends_within_line`]).

use super::judge::Judge;
use super::kinds::{Kind, Trait};
use super::lines;
use super::region::{Region, Resolution, Verdict};
use super::structure;

/// The same regions, where a change that only one side made in the entry before the last one has a region of its own.
pub(super) fn set_apart(kind: Kind, texts: [&str; 3], regions: Vec<Region>) -> Vec<Region> {
    if !kind.has(Trait::NoLastComma) || !regions.iter().any(may_hold_one) {
        return regions;
    }
    let judge = Judge::new(kind, texts);
    let mut regions = regions;
    let mut found = cuts(&judge, &regions);
    take_in_brackets(&judge, &mut regions, &mut found);
    let parts = regions
        .into_iter()
        .zip(found)
        .flat_map(|(region, cut)| cut.map_or_else(|| vec![region], Vec::from));
    parts.collect()
}

/// The halves of each region that can be cut.
fn cuts(judge: &Judge, regions: &[Region]) -> Vec<Option<[Region; 2]>> {
    let ends = structure::before_commas(judge, regions).into_iter();
    let cut = |(region, ends): (&Region, Vec<[usize; 3]>)| {
        ends.into_iter().find_map(|end| halves(region, end))
    };
    regions.iter().zip(ends).map(cut).collect()
}

/// A side that took the last entry out and something at the end of the one before it left one bracket where there were two, and
/// lines take that for the bracket behind the conflict. Where the conflict can be cut with it, it is the last line within.
fn take_in_brackets(
    judge: &Judge,
    regions: &mut Vec<Region>,
    found: &mut Vec<Option<[Region; 2]>>,
) {
    let candidates = (1..regions.len()).filter(|at| found[at - 1].is_none());
    let tried: Vec<(usize, [Region; 2])> = candidates
        .filter_map(|at| Some((at, longer(&regions[at - 1], &regions[at])?)))
        .collect();
    if tried.is_empty() {
        return;
    }
    let mut trial = regions.clone();
    for (at, longer) in &tried {
        trial[at - 1..=*at].clone_from_slice(longer);
    }
    let mut cuts = cuts(judge, &trial);
    for (at, [_, rest]) in tried.into_iter().rev() {
        let Some(cut) = cuts[at - 1].take() else {
            continue;
        };
        found[at - 1] = Some(cut);
        regions[at] = rest;
        if regions[at].ours.is_empty() {
            regions.remove(at);
            found.remove(at);
        }
    }
}

/// A conflict together with the bracket that the next region begins with, and what then is left of that.
fn longer(conflict: &Region, next: &Region) -> Option<[Region; 2]> {
    let is_bracket = |line: &&&[u8]| matches!(line.trim_ascii(), b"}" | b"]" | b"}," | b"],");
    if !may_hold_one(conflict) || next.verdict != Verdict::Unchanged {
        return None;
    }
    let bracket = *lines::split(&next.ours).first().filter(is_bracket)?;
    let mut longer = Region::joined(
        &[conflict.clone(), Region::unchanged(bracket.into())],
        conflict.verdict.clone(),
    );
    if let Verdict::Conflict(Some(suggestion)) = &mut longer.verdict {
        suggestion.text.extend(bracket);
    }
    let rest = next.ours[bracket.len()..].into();
    Some([longer, Region::unchanged(rest)])
}

/// Whether the region after this one goes on in the same line.
pub(super) fn ends_within_line(region: &Region) -> bool {
    let unended = |text: &[u8]| !text.is_empty() && !text.ends_with(b"\n");
    [&region.base, &region.ours, &region.theirs]
        .into_iter()
        .all(|text| unended(text))
}

/// Whether an entry may end where a side of a conflict ends, although the other side has a comma there.
fn may_hold_one(region: &Region) -> bool {
    let last = |text: &[u8]| text.trim_ascii_end().last().copied();
    let commas = |text: &[u8]| lines::split(text).into_iter().any(ends_in_comma);
    let sides = [
        (&region.ours, &region.theirs),
        (&region.theirs, &region.ours),
    ];
    region.is_conflict()
        && sides
            .into_iter()
            .any(|(one, other)| last(one).is_some_and(|last| last != b',') && commas(other))
}

pub(super) fn ends_in_comma(line: &[u8]) -> bool {
    line.trim_ascii_end().ends_with(b",")
}

/// Cuts a conflict before the comma of an entry that one side has. `end` is the number of lines of each side up to there.
fn halves(region: &Region, end: [usize; 3]) -> Option<[Region; 2]> {
    let Verdict::Conflict(suggestion) = &region.verdict else {
        return None;
    };
    let mut counts = end.into_iter();
    let cut = [&region.base, &region.ours, &region.theirs].map(|text| {
        let count = counts.next().unwrap_or_default();
        let head: usize = lines::split(text)
            .into_iter()
            .take(count)
            .map(<[u8]>::len)
            .sum();
        let entry = text[..head].trim_ascii_end();
        text.split_at(entry.strip_suffix(b",").unwrap_or(entry).len())
    });
    let [(base, base_rest), (ours, ours_rest), (theirs, theirs_rest)] = cut;
    let verdict = Region::trivial(base, ours, theirs);
    let merged = match verdict {
        Verdict::Ours => ours,
        Verdict::Theirs => theirs,
        _ => return None,
    };
    let suggestion = match suggestion {
        Some(one) => Some(Resolution {
            text: one.text.strip_prefix(merged)?.to_vec(),
            ..one.clone()
        }),
        None => None,
    };
    let rest = Verdict::Conflict(suggestion);
    Some([
        Region::new(base, ours, theirs, verdict),
        Region::new(base_rest, ours_rest, theirs_rest, rest),
    ])
}
