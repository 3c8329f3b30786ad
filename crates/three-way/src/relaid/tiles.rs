//! The regions of texts that were laid out anew, put back on the texts as they were.

use super::token::Lexed;
use crate::reason::Reason;
use crate::region::{Class, Region, Resolution, Verdict};

/// The regions of the texts as they were: `sides` are the three as they were, and `made` are the same three as they
/// were merged, token by token the same.
pub(super) fn put_back(sides: &[Lexed; 3], made: &[Lexed; 3], regions: Vec<Region>) -> Vec<Region> {
    let mut out = Vec::new();
    let mut at = [0; 3];
    let mut cut = [0; 3];
    let mut group: Vec<Region> = Vec::new();
    let last = regions.len();
    for (nth, region) in regions.into_iter().enumerate() {
        for (at, text) in at
            .iter_mut()
            .zip([&region.base, &region.ours, &region.theirs])
        {
            *at += text.len();
        }
        group.push(region);
        let end = if nth + 1 == last {
            Some(sides.each_ref().map(|side| side.text.len()))
        } else {
            let found = [0, 1, 2].map(|side| found(&sides[side], &made[side], at[side]));
            match found {
                [Some(base), Some(ours), Some(theirs)] => Some([base, ours, theirs]),
                _ => None,
            }
        };
        if let Some(end) = end.filter(|end| end.iter().zip(&cut).all(|(end, cut)| end >= cut)) {
            let texts = [0, 1, 2].map(|side| &sides[side].text[cut[side]..end[side]]);
            out.push(tile(texts, std::mem::take(&mut group)));
            cut = end;
        }
    }
    out.retain(|region| {
        !(region.base.is_empty() && region.ours.is_empty() && region.theirs.is_empty())
            || region.merged().is_none_or(|text| !text.is_empty())
    });
    out
}

/// Where a line of the text as it was starts that is the one that starts at `at` in the text as it was made.
fn found(side: &Lexed, made: &Lexed, at: usize) -> Option<usize> {
    if side.text == made.text {
        return Some(at);
    }
    let next = made.tokens.partition_point(|token| token.start < at);
    let before = next.checked_sub(1).map_or(0, |last| made.tokens[last].end);
    if before > at {
        return None;
    }
    let lines = made.text[before..at].matches('\n').count();
    let gap = side.gap(next);
    let start = next.checked_sub(1).map_or(0, |last| side.tokens[last].end);
    if start == 0 && lines == 0 {
        return Some(0);
    }
    // The signs that are no tokens stay with what is before them.
    let least = gap.trim_end().len();
    let ends: Vec<usize> = gap
        .match_indices('\n')
        .map(|(end, _)| end + 1)
        .filter(|end| *end >= least)
        .collect();
    let end = ends.get(lines.max(1) - 1).or(ends.last())?;
    Some(start + end)
}

/// One region of what some became.
fn tile([base, ours, theirs]: [&str; 3], mut group: Vec<Region>) -> Region {
    let [base, ours, theirs] = [base, ours, theirs].map(str::as_bytes);
    let region = |verdict| Region {
        base: base.into(),
        ours: ours.into(),
        theirs: theirs.into(),
        verdict,
    };
    let merged: Option<Vec<&[u8]>> = group.iter().map(Region::merged).collect();
    let Some(merged) = merged else {
        let suggestion = match (group.len(), group.pop().map(|region| region.verdict)) {
            (1, Some(Verdict::Conflict(suggestion))) => suggestion,
            _ => None,
        };
        return region(Verdict::Conflict(suggestion));
    };
    let merged = merged.concat();
    let trivial = region(Region::trivial(base, ours, theirs));
    if trivial.merged() == Some(&merged[..]) {
        return trivial;
    }
    let class = group
        .iter()
        .filter_map(Region::resolution)
        .map(|one| one.class)
        .max();
    let mut reasons: Vec<&[Reason]> = group
        .iter()
        .filter_map(|region| region.resolution().map(|one| one.reasons.as_slice()))
        .collect();
    reasons.push(&[Reason::LaidOutAnew]);
    reasons.dedup();
    region(Verdict::Resolved(Resolution {
        reasons: reasons.concat(),
        text: merged,
        class: class.map_or(Class::Structural, |class| class.max(Class::Structural)),
    }))
}
