//! Which lines of three texts are the same lines: the only door to the diff library's alignments.

use std::ops::Range;

use similar::algorithms::{Capture, Compact, DiffHook, NoFinishHook, Replace, myers, patience};
use similar::{Algorithm, DiffOp};

use super::hash::Map;
use super::region::Verdict;

/// The lines of a region in each of the three, and what became of them.
pub(super) type Row = ([Range<usize>; 3], Verdict);

/// The merge of lines as rows that tile the three.
///
/// Lines that repeat can be aligned in more than one way. Where the first way conflicts and another one does not, the
/// other one is taken: that of git, the same from the last line up, or one way for each side. The latter two only where it
/// does not matter for any edit which of some equal lines are meant: an edit of one of two copies is no edit of the other.
pub(super) fn rows(sides: &[Vec<&[u8]>; 3]) -> Vec<Row> {
    ways(sides).0
}

/// As [`rows`], and the rows of the first way if another one was taken.
pub(super) fn ways(sides: &[Vec<&[u8]>; 3]) -> (Vec<Row>, Option<Vec<Row>>) {
    let mut names = Names(Map::default());
    names.0.reserve(sides[0].len());
    let mut lines = sides.each_ref().map(|lines| names.of(lines));
    let edits = |lines: &[Vec<u32>; 3], algorithm| {
        [1, 2].map(|side| edits(&lines[0], &lines[side], algorithm))
    };
    let down = edits(&lines, Algorithm::Patience);
    let first = merged(&down, &lines);
    if !conflicted(&first) || inevitable(&first, &lines, names.0.len()) {
        return (first, None);
    }
    let other = merged(&edits(&lines, Algorithm::Myers), &lines);
    if !conflicted(&other) {
        return (other, Some(first));
    }
    for side in &mut lines {
        side.reverse();
    }
    let [ours, theirs] = edits(&lines, Algorithm::Patience);
    let lengths = sides.each_ref().map(Vec::len);
    let up = [
        turned(ours, [lengths[0], lengths[1]]),
        turned(theirs, [lengths[0], lengths[2]]),
    ];
    let known = [0, 1].map(|side| places(&down[side], lengths[0]));
    let worded: Vec<bool> = sides[0]
        .iter()
        .map(|line| line.iter().any(u8::is_ascii_alphanumeric))
        .collect();
    let sure = |one: &[Edit], other: &[Edit], known: &[Option<usize>]| {
        let found = places(other, lengths[0]);
        one.iter()
            .all(|[lines, _]| meant(lines, &worded, known, &found))
    };
    let found = [(&up, &up), (&down, &up), (&up, &down)]
        .into_iter()
        .find_map(|(ours, theirs)| {
            let (ours, theirs) = (&ours[0], &theirs[1]);
            let rows = apart(ours, theirs, lengths[0])?;
            (sure(ours, theirs, &known[1]) && sure(theirs, ours, &known[0])).then_some(rows)
        });
    match found {
        Some(rows) => (rows, Some(first)),
        None => (first, None),
    }
}

/// Where each line of the base is in a side; `None` where the side took it out.
fn places(edits: &[Edit], lines: usize) -> Vec<Option<usize>> {
    let mut places = Vec::with_capacity(lines);
    let mut at = 0;
    for [base, other] in edits {
        places.extend((at..).take(base.start - places.len()).map(Some));
        places.resize(base.end, None);
        at = other.end;
    }
    places.extend((at..).take(lines - places.len()).map(Some));
    places
}

/// Whether two alignments agree on the lines of an edit and on those next to it that have words in them.
fn meant(
    lines: &Range<usize>,
    worded: &[bool],
    one: &[Option<usize>],
    other: &[Option<usize>],
) -> bool {
    let before = (0..lines.start).rev().find(|at| worded[*at]);
    let behind = (lines.end..worded.len()).find(|at| worded[*at]);
    let own = lines.clone().filter(|at| worded[*at]);
    own.chain(before)
        .chain(behind)
        .all(|at| one[at] == other[at])
}

/// Which places of two rows hold the same line.
pub(super) fn same(one: &[u32], other: &[u32]) -> Vec<(usize, usize)> {
    let mut same = Vec::with_capacity(one.len().min(other.len()));
    let (mut at, mut behind) = (0, 0);
    for [old, new] in edits(one, other, Algorithm::Patience) {
        same.extend((at..old.start).zip(behind..new.start));
        (at, behind) = (old.end, new.end);
    }
    same.extend((at..one.len()).zip(behind..other.len()));
    same
}

/// The library sees one number for each distinct line instead of the line itself. So a line is what ends in a line feed
/// and nothing else, whatever bytes it holds, and long lines cost nothing.
struct Names<'a>(Map<&'a [u8], u32>);

impl<'a> Names<'a> {
    fn of(&mut self, lines: &[&'a [u8]]) -> Vec<u32> {
        let name = |line: &&'a [u8]| {
            let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            *self.0.entry(line).or_insert(next)
        };
        lines.iter().map(name).collect()
    }
}

/// Lines of the base that one side replaced, and the lines it has instead.
type Edit = [Range<usize>; 2];

fn edits(base: &[u32], other: &[u32], algorithm: Algorithm) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let anchors = (algorithm == Algorithm::Patience).then(|| anchors(base, other));
    let ops = match anchors.flatten() {
        Some(anchors) => anchored(base, other, &anchors),
        None => captured(base, other, algorithm),
    };
    for op in ops {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (op.old_range(), op.new_range());
        match edits.last_mut() {
            Some([base, lines]) if base.end == old.start && lines.end == new.start => {
                (base.end, lines.end) = (old.end, new.end);
            }
            _ => edits.push([old, new]),
        }
    }
    edits
}

/// The places of the lines that both have once, where they are many and in the same order in both: then there is nothing to
/// search.
fn anchors(base: &[u32], other: &[u32]) -> Option<Vec<(usize, usize)>> {
    let names = base
        .iter()
        .chain(other)
        .max()
        .map_or(0, |last| *last as usize + 1);
    let mut places = [vec![0_u32; names], vec![0_u32; names]];
    for (places, side) in places.iter_mut().zip([base, other]) {
        for (at, name) in (1..MANY).zip(side) {
            let place = &mut places[*name as usize];
            *place = if *place == 0 { at } else { MANY };
        }
    }
    let [in_base, in_other] = places;
    let once = |place: u32| place > 0 && place < MANY;
    let mut anchors = Vec::with_capacity(base.len());
    for (at, name) in base.iter().map(|name| *name as usize).enumerate() {
        if once(in_base[name]) && once(in_other[name]) {
            anchors.push((at, in_other[name] as usize - 1));
        }
    }
    let many = anchors.len() > base.len().min(other.len()) / 64;
    (many && anchors.is_sorted_by_key(|(_, at)| *at)).then_some(anchors)
}

/// What stands for the place of a line that is there more than once.
const MANY: u32 = u32::MAX;

/// The library's own `capture_diff_slices` for the two ways in use. It has six, and each is compiled into the program.
fn captured(base: &[u32], other: &[u32], algorithm: Algorithm) -> Vec<DiffOp> {
    let mut found = Compact::new(Replace::new(Capture::new()), base, other);
    let way = match algorithm {
        Algorithm::Patience => patience::diff,
        _ => myers::diff,
    };
    let Ok(()) = way(&mut found, base, 0..base.len(), other, 0..other.len());
    found.into_inner().into_inner().into_ops()
}

/// What the library's patience makes of these anchors.
fn anchored(base: &[u32], other: &[u32], anchors: &[(usize, usize)]) -> Vec<DiffOp> {
    let mut found = Compact::new(Replace::new(Capture::new()), base, other);
    let (mut old, mut new) = (0, 0);
    for (next_old, next_new) in anchors.iter().copied() {
        let common = base[old..next_old].iter().zip(&other[new..next_new]);
        let same = common.take_while(|(one, other)| one == other).count();
        if same > 0 {
            let Ok(()) = found.equal(old, new, same);
        }
        (old, new) = (old + same, new + same);
        if old < next_old || new < next_new {
            let mut part = NoFinishHook::new(&mut found);
            let Ok(()) = myers::diff(&mut part, base, old..next_old, other, new..next_new);
        }
        (old, new) = (next_old, next_new);
    }
    let Ok(()) = myers::diff(&mut found, base, old..base.len(), other, new..other.len());
    found.into_inner().into_inner().into_ops()
}

fn conflicted(rows: &[Row]) -> bool {
    rows.iter()
        .any(|(_, verdict)| matches!(verdict, Verdict::Conflict(_)))
}

/// Whether a conflict is one however the lines are aligned: both sides took out a line of which they have no other copy, or
/// no line in it has another copy anywhere; and near it on either side stands a line that all three have once.
fn inevitable(rows: &[Row], lines: &[Vec<u32>; 3], names: usize) -> bool {
    let counts = lines.each_ref().map(|lines| {
        let mut counts = vec![0_u32; names];
        for name in lines {
            counts[*name as usize] += 1;
        }
        counts
    });
    let times = |name: u32| [0, 1, 2].map(|side: usize| counts[side][name as usize]);
    let base = &lines[0];
    let gone = |name: &u32| times(*name)[1..] == [0; 2];
    let once = |name: &u32| times(*name) == [1; 3];
    // Each line of the region is there as often as in the whole file, so none was moved or repeated.
    let alone = |ranges: &[Range<usize>; 3]| {
        let own = [0, 1, 2].map(|side| &lines[side][ranges[side].clone()]);
        own.iter().copied().flatten().all(|name| {
            let within = own.map(|own| u32::from(own.contains(name)));
            times(*name) == within
        })
    };
    rows.iter().any(|(ranges, verdict)| {
        let range = &ranges[0];
        let before = &base[..range.start];
        let behind = &base[range.end..];
        let is_short = ranges.iter().all(|range| range.len() <= SHORT);
        matches!(verdict, Verdict::Conflict(_))
            && (base[range.clone()].iter().any(gone)
                || is_short && !range.is_empty() && alone(ranges))
            && (before.len() <= NEAR || before.iter().rev().take(NEAR).any(once))
            && (behind.len() <= NEAR || behind.iter().take(NEAR).any(once))
    })
}

/// Regions of more lines are not looked at line by line.
const SHORT: usize = 8;

/// The rows of a merge: edits of the two sides that touch are one region.
fn merged([ours, theirs]: &[Vec<Edit>; 2], lines: &[Vec<u32>; 3]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut at = [0; 3];
    let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
    loop {
        let first = match (ours.peek(), theirs.peek()) {
            (None, None) => break,
            (Some([base, _]), None) | (None, Some([base, _])) => base.start,
            (Some([one, _]), Some([other, _])) => one.start.min(other.start),
        };
        let gap = first - at[0];
        unchanged(&mut rows, &mut at, gap);
        let mut end = first;
        // What each side has taken out and put in.
        let mut changed = [(0, 0); 2];
        loop {
            let before = (end, changed);
            for (changed, edits) in changed.iter_mut().zip([&mut ours, &mut theirs]) {
                while let Some([base, other]) = edits.next_if(|[base, _]| base.start <= end) {
                    end = end.max(base.end);
                    *changed = (changed.0 + base.len(), changed.1 + other.len());
                }
            }
            if before == (end, changed) {
                break;
            }
        }
        let length = end - first;
        let [ours, theirs] = changed.map(|(out, new)| length - out + new);
        let ranges = [at[0]..end, at[1]..at[1] + ours, at[2]..at[2] + theirs];
        at = ranges.each_ref().map(|range| range.end);
        let verdict = match changed {
            [_, (0, 0)] => Verdict::Ours,
            [(0, 0), _] => Verdict::Theirs,
            _ if lines[1][ranges[1].clone()] == lines[2][ranges[2].clone()] => Verdict::Both,
            _ => Verdict::Conflict(None),
        };
        rows.push((ranges, verdict));
    }
    let rest = lines[0].len() - at[0];
    unchanged(&mut rows, &mut at, rest);
    rows
}
/// Edits from the last line up, counted from the first.
fn turned(mut edits: Vec<Edit>, lengths: [usize; 2]) -> Vec<Edit> {
    edits.reverse();
    for edit in &mut edits {
        for (range, length) in edit.iter_mut().zip(lengths) {
            *range = length - range.end..length - range.start;
        }
    }
    edits
}

/// Two insertions with no more lines between them might as well be at one place, in the other order.
pub(super) const NEAR: usize = 3;

/// The rows of a merge in which no edit of one side touches one of the other.
fn apart(ours: &[Edit], theirs: &[Edit], lines: usize) -> Option<Vec<Row>> {
    let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
    let mut rows = Vec::new();
    // The first line of each of the three that no row has yet.
    let mut at = [0; 3];
    let mut last = (0, false);
    loop {
        let side = match (ours.peek(), theirs.peek()) {
            (None, None) => break,
            (Some(_), None) => 1,
            (None, Some(_)) => 2,
            (Some(one), Some(other)) => 1 + usize::from(other[0].start < one[0].start),
        };
        let [base, edited] = if side == 1 {
            ours.next()?
        } else {
            theirs.next()?
        };
        let gap = base.start.checked_sub(at[0])?;
        let inserts = base.is_empty();
        if last.0 + side == 3 && (gap == 0 || inserts && last.1 && gap <= NEAR) {
            return None;
        }
        unchanged(&mut rows, &mut at, gap);
        let mut ranges = at.map(|at| at..at + base.len());
        ranges[side] = edited.clone();
        at = ranges.each_ref().map(|range| range.end);
        let verdict = if side == 1 {
            Verdict::Ours
        } else {
            Verdict::Theirs
        };
        rows.push((ranges, verdict));
        last = (side, inserts);
    }
    let rest = lines - at[0];
    unchanged(&mut rows, &mut at, rest);
    Some(rows)
}

fn unchanged(rows: &mut Vec<Row>, at: &mut [usize; 3], lines: usize) {
    if lines > 0 {
        rows.push((at.map(|at| at..at + lines), Verdict::Unchanged));
        *at = at.map(|at| at + lines);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use similar::capture_diff_slices;

    use super::*;

    proptest! {
        #[test]
        fn each_way_gives_what_the_library_gives(
            base in prop::collection::vec(0_u32..8, 0..30),
            other in prop::collection::vec(0_u32..8, 0..30),
        ) {
            for way in [Algorithm::Patience, Algorithm::Myers] {
                let known = capture_diff_slices(way, &base, &other);
                prop_assert_eq!(captured(&base, &other, way), known);
            }
        }

        #[test]
        fn anchors_give_what_the_library_gives(
            base in prop::collection::vec(0_u32..40, 0..60),
            edits in prop::collection::vec((0_usize..60, 0_u32..60, 0..3), 0..12),
        ) {
            let mut other = base.clone();
            for (at, line, what) in edits {
                let at = at.min(other.len());
                match what {
                    0 => other.insert(at, line),
                    1 => drop(other.splice(at..(at + 2).min(other.len()), [])),
                    _ => drop(other.splice(at..(at + 1).min(other.len()), [line, line])),
                }
            }
            if let Some(anchors) = anchors(&base, &other) {
                let known = capture_diff_slices(Algorithm::Patience, &base, &other);
                prop_assert_eq!(anchored(&base, &other, &anchors), known);
            }
        }
    }
}
