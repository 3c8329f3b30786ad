//! The merge of lines, and what lines alone can say about a conflict.

use std::ops::Range;

use super::align::{self, Row};
use super::lines;
use super::region::{Region, Resolution, Text, Verdict};

/// Merges lines; the regions tile the three inputs.
pub(super) fn regions(base: &[u8], ours: &[u8], theirs: &[u8]) -> Vec<Region> {
    ways(base, ours, theirs).best
}

/// The merges of lines that can be aligned in more than one way.
pub(super) struct Ways {
    /// The one that is taken.
    pub(super) best: Vec<Region>,
    /// The first one, where another one was taken because it does not conflict.
    pub(super) first: Option<Vec<Region>>,
}

/// As [`regions`], and what the first way to align the lines gives.
pub(super) fn ways(base: &[u8], ours: &[u8], theirs: &[u8]) -> Ways {
    let texts = [base, ours, theirs];
    let sides = texts.map(lines::split);
    let (rows, first) = align::ways(&sides);
    Ways {
        best: tiles(texts, &sides, rows),
        first: first.map(|rows| tiles(texts, &sides, rows)),
    }
}

fn tiles(mut rest: [&[u8]; 3], sides: &[Vec<&[u8]>; 3], rows: Vec<Row>) -> Vec<Region> {
    let region = |(ranges, verdict): Row| {
        let mut side = 0;
        let [base, ours, theirs] = ranges.map(|range| {
            let length = sides[side][range].iter().map(|line| line.len()).sum();
            let (text, behind) = rest[side].split_at(length);
            rest[side] = behind;
            side += 1;
            text
        });
        Region::new(base, ours, theirs, verdict)
    };
    rows.into_iter().map(region).collect()
}

/// Takes the lines out of each conflict with which both sides, and the suggestion if there is one, begin or end alike.
pub(super) fn trim(regions: Vec<Region>) -> Vec<Region> {
    regions.into_iter().flat_map(trimmed).collect()
}

fn trimmed(region: Region) -> Vec<Region> {
    let Verdict::Conflict(suggestion) = &region.verdict else {
        return vec![region];
    };
    let (ours, theirs) = (lines::split(&region.ours), lines::split(&region.theirs));
    let suggested = suggestion
        .as_ref()
        .map_or_else(|| ours.clone(), |one| lines::split(&one.text));
    let shortest = ours.len().min(theirs.len()).min(suggested.len());
    let alike = |at: &dyn Fn(&[&[u8]]) -> usize| {
        let line = ours[at(&ours)];
        line == theirs[at(&theirs)] && line == suggested[at(&suggested)]
    };
    let head = (0..shortest).take_while(|nth| alike(&|_| *nth)).count();
    let tail = (0..shortest - head)
        .take_while(|nth| alike(&|lines| lines.len() - 1 - nth))
        .count();
    let middle = |lines: &[&[u8]]| lines[head..lines.len() - tail].concat();
    let both = |lines: &[&[u8]]| Region::new(b"", &lines.concat(), &lines.concat(), Verdict::Both);
    let text = middle(&suggested);
    let suggestion = suggestion
        .clone()
        .map(|suggestion| Resolution { text, ..suggestion });
    let conflict = Region {
        base: region.base.clone(),
        ours: middle(&ours).into(),
        theirs: middle(&theirs).into(),
        verdict: Verdict::Conflict(suggestion),
    };
    let mut parts = vec![
        both(&ours[..head]),
        conflict,
        both(&ours[ours.len() - tail..]),
    ];
    parts.retain(|part| part.is_conflict() || !part.ours.is_empty());
    parts
}

/// The merge of three texts if it is clean.
pub(super) fn clean(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let regions = regions(base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
    let texts: Option<Vec<&[u8]>> = regions.iter().map(Region::merged).collect();
    String::from_utf8(texts?.concat()).ok()
}

/// Lines of the base that one side replaced, and by what; without lines, where it put something in.
type Replacement = (Range<usize>, Text);

fn edits(base: &[u8], other: &[u8]) -> Vec<Replacement> {
    let mut edits = Vec::new();
    let mut at = 0;
    for region in regions(base, other, base) {
        let start = at;
        at += lines::count(&region.base);
        if region.verdict != Verdict::Unchanged {
            edits.push((start..at, region.ours));
        }
    }
    edits
}

/// Both sides' edits of one conflict, when no line was edited by both: they only touch.
///
/// `None` as well when one side took out or put in everything there is.
pub(super) fn side_by_side(region: &Region) -> Option<Vec<u8>> {
    let (ours, theirs) = (
        edits(&region.base, &region.ours),
        edits(&region.base, &region.theirs),
    );
    let overlap =
        |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
    let inside = |one: &Range<usize>, other: &Range<usize>| {
        one.is_empty() && other.start < one.start && one.start < other.end
    };
    if ours.len() * theirs.len() > 10_000 {
        return None;
    }
    for (one, _) in &ours {
        for (other, _) in &theirs {
            if overlap(one, other) || inside(one, other) || inside(other, one) {
                return None;
            }
        }
    }
    let mut all: Vec<(Replacement, u8)> = ours.into_iter().map(|edit| (edit, 0)).collect();
    all.extend(theirs.into_iter().map(|edit| (edit, 1)));
    // At one line, what is put in before it comes first, ours before theirs, and then what the line became.
    all.sort_by_key(|((range, _), side)| (range.start, range.end, *side));
    let base = lines::split(&region.base);
    let mut out = Vec::new();
    let mut at = 0;
    for ((range, text), _) in all {
        out.extend(base[at..range.start].concat());
        if !out.is_empty() && !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        out.extend_from_slice(&text);
        at = range.end;
    }
    out.extend(base[at..].concat());
    Some(out)
}
