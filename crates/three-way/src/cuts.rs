//! Regions cut where entries begin and end.

use std::ops::Range;

use memchr::memmem;

use super::lines;
use super::reason::Reason;
use super::region::{Class, Region, Resolution, Text, Verdict};

/// An entry that one side alone put in: bytes of ours (0) or theirs (1).
pub(super) struct Cut {
    pub(super) side: usize,
    pub(super) bytes: Range<usize>,
    /// Whether all of the region goes with it.
    pub(super) wide: bool,
    /// The reason to leave it out; otherwise it becomes a conflict.
    pub(super) drop: Option<Reason>,
}

/// Where regions are.
pub(super) struct Places {
    /// Where each region ends, in bytes of ours and of theirs.
    ends: [Vec<usize>; 2],
    /// The regions with a pattern that takes others back.
    taking_back: Vec<usize>,
}

impl Places {
    pub(super) fn of(regions: &[Region]) -> Self {
        let takes_back =
            |text: &[u8]| text.starts_with(b"!") || memmem::find(text, b"\n!").is_some();
        let mut places = Self {
            ends: [Vec::new(), Vec::new()],
            taking_back: Vec::new(),
        };
        let mut at = [0; 2];
        for (nth, region) in regions.iter().enumerate() {
            at = ends(at, region);
            places.ends[0].push(at[0]);
            places.ends[1].push(at[1]);
            if takes_back(&region.ours) || takes_back(&region.theirs) {
                places.taking_back.push(nth);
            }
        }
        places
    }

    /// The region in which a byte of one side is.
    pub(super) fn region(&self, side: usize, byte: usize) -> usize {
        self.ends[side].partition_point(|end| *end <= byte)
    }

    /// Whether a pattern that takes others back stands in one of two regions or between them.
    pub(super) fn taken_back(&self, one: usize, other: usize) -> bool {
        let next = self.taking_back.partition_point(|at| *at < one.min(other));
        let found = self.taking_back.get(next);
        found.is_some_and(|at| *at <= one.max(other))
    }
}

fn text(region: &Region, side: usize) -> &Text {
    if side == 0 {
        &region.ours
    } else {
        &region.theirs
    }
}

/// The regions with the cuts made. `None` where an entry shares a line with another one.
pub(super) fn apply(regions: &[Region], cuts: Vec<Cut>) -> Option<Vec<Region>> {
    let mut todo: [Vec<Cut>; 2] = [Vec::new(), Vec::new()];
    for cut in cuts {
        todo[cut.side].push(cut);
    }
    for cuts in &mut todo {
        cuts.sort_by_key(|cut| std::cmp::Reverse(cut.bytes.start));
    }
    let mut at = [0; 2];
    let mut out = Vec::with_capacity(regions.len() + 4);
    let mut rest: Vec<Region> = regions.iter().rev().cloned().collect();
    while let Some(region) = rest.pop() {
        let side = match region.verdict {
            Verdict::Ours => 0,
            Verdict::Theirs => 1,
            _ => {
                at = ends(at, &region);
                out.push(region);
                continue;
            }
        };
        let own = at[side]..at[side] + text(&region, side).len();
        let mut here = Vec::new();
        while let Some(cut) = todo[side].pop_if(|cut| cut.bytes.start < own.end) {
            here.push(cut);
        }
        // Where lines that repeat are aligned so that an entry begins in the region before, the entry cannot be left
        // out.
        let begins_before = |cut: &Cut| {
            let missed = own.start.saturating_sub(cut.bytes.start);
            let before = out.last().map_or(&[][..], |before| text(before, side));
            let seen = before.len().saturating_sub(missed);
            missed > 0 && (missed > before.len() || !before[seen..].trim_ascii().is_empty())
        };
        if here
            .iter()
            .any(|cut| cut.drop.is_some() && begins_before(cut))
        {
            return None;
        }
        at = ends(at, &region);
        let last = here.last().map_or(0, |cut| cut.bytes.end);
        if here.is_empty() {
            out.push(region);
        } else if last > own.end || here.iter().any(|cut| cut.wide) {
            if here.iter().any(|cut| cut.drop.is_some()) {
                return None;
            }
            let mut whole = region;
            while at[side] < last {
                let next = taken(&mut rest, side, last - at[side])?;
                at = ends(at, &next);
                whole = joined(&whole, &next);
            }
            // What both put in at one place has one comma between them.
            let inserted = |one: &mut Region| {
                one.base.is_empty() && matches!(one.verdict, Verdict::Ours | Verdict::Theirs)
            };
            if whole.base.is_empty() {
                if let Some(next) = rest.pop_if(inserted) {
                    at = ends(at, &next);
                    whole = joined(&whole, &next);
                }
                if let Some(last) = out.pop_if(inserted) {
                    whole = joined(&last, &whole);
                }
            }
            // What is cut in what was taken in is part of the conflict.
            for side in 0..2 {
                while todo[side]
                    .pop_if(|cut| cut.bytes.start < at[side])
                    .is_some()
                {}
            }
            out.push(pinned(whole));
        } else {
            pieces(&region, side, own.start, here, &mut out)?;
        }
    }
    Some(out)
}

fn ends(at: [usize; 2], region: &Region) -> [usize; 2] {
    [at[0] + region.ours.len(), at[1] + region.theirs.len()]
}

/// The next region, or as many whole lines of it as are needed.
fn taken(rest: &mut Vec<Region>, side: usize, need: usize) -> Option<Region> {
    let next = rest.pop()?;
    if next.verdict != Verdict::Unchanged || text(&next, side).len() <= need {
        return Some(next);
    }
    let (head, tail) = next.ours.split_at(need);
    rest.push(Region::unchanged(tail.into()));
    Some(Region::unchanged(head.into()))
}

fn joined(one: &Region, other: &Region) -> Region {
    let join = |one: &Text, other: &Text| [&one[..], &other[..]].concat();
    Region::new(
        &join(&one.base, &other.base),
        &join(&one.ours, &other.ours),
        &join(&one.theirs, &other.theirs),
        Verdict::Conflict(None),
    )
}

/// A conflict that is left to a person.
fn pinned(region: Region) -> Region {
    let suggestion = Resolution {
        text: region.ours.to_vec(),
        reasons: vec![Reason::PutInByBoth],
        class: Class::Guess,
    };
    Region {
        verdict: Verdict::Conflict(Some(suggestion)),
        ..region
    }
}

/// A region of one side as what is cut out of it and what stands between.
fn pieces(
    region: &Region,
    side: usize,
    start: usize,
    cuts: Vec<Cut>,
    out: &mut Vec<Region>,
) -> Option<()> {
    let own = text(region, side);
    // Where each piece ends, and the cut that it is.
    let mut parts: Vec<(Range<usize>, Option<Cut>)> = Vec::new();
    let mut from = 0;
    for cut in cuts {
        let mut bytes = cut.bytes.start.saturating_sub(start)..cut.bytes.end - start;
        if bytes.start == 0 && lines::is_blank(&own[bytes.end..]) {
            // These are blank lines that came with it.
            bytes.end = own.len();
        }
        if bytes.start < from || !is_line(own, bytes.start) || !is_line(own, bytes.end) {
            return None;
        }
        parts.push((from..bytes.start, None));
        from = bytes.end;
        parts.push((bytes, Some(cut)));
    }
    parts.push((from..own.len(), None));
    parts.retain(|(bytes, _)| !bytes.is_empty());
    // What the side replaced goes to what is no such entry, if there is any.
    let heir = parts.iter().position(|(_, cut)| cut.is_none());
    if heir.is_none() && !region.base.is_empty() {
        // What it took out has nothing to do with what both put in.
        let sides = if side == 0 {
            [&b""[..], &region.base]
        } else {
            [&region.base, &b""[..]]
        };
        let verdict = Region::trivial(&region.base, sides[0], sides[1]);
        out.push(Region::new(&region.base, sides[0], sides[1], verdict));
    }
    for (nth, (bytes, cut)) in parts.into_iter().enumerate() {
        let before: &[u8] = if Some(nth) == heir { &region.base } else { b"" };
        let piece = &own[bytes];
        let [ours, theirs] = if side == 0 {
            [piece, before]
        } else {
            [before, piece]
        };
        let verdict = Region::trivial(before, ours, theirs);
        let piece = Region::new(before, ours, theirs, verdict);
        out.push(match cut {
            None => piece,
            Some(Cut { drop: None, .. }) => pinned(piece),
            Some(Cut {
                drop: Some(reason), ..
            }) => Region {
                verdict: Verdict::Resolved(Resolution {
                    text: Vec::new(),
                    reasons: vec![reason],
                    class: Class::Structural,
                }),
                ..piece
            },
        });
    }
    Some(())
}

/// Whether a line begins there, or the text ends.
fn is_line(text: &[u8], at: usize) -> bool {
    at == 0 || at == text.len() || text[at - 1] == b'\n' || lines::is_blank(&text[..at])
}
