//! Which lines of three texts are the same lines: the only door to the diff library's three-way merge.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, MergeRegion, MergeResolution, TextMerge};

use super::region::Verdict;

/// The lines of a region in each of the three, and what became of them.
pub(super) type Row = ([Range<usize>; 3], Verdict);

/// The merge of lines as rows that tile the three.
///
/// Lines that repeat can be aligned in more than one way. Where the first way conflicts and another one does not, the
/// other one is taken: that of git, the same from the last line up, or one way for each side.
pub(super) fn rows(sides: &[Vec<&[u8]>; 3]) -> Vec<Row> {
    let mut names = Names::default();
    let forward = sides.each_ref().map(|lines| names.of(lines.iter()));
    let first = aligned(&forward, Algorithm::Patience);
    if !conflicted(&first) {
        return first;
    }
    let other = aligned(&forward, Algorithm::Myers);
    if !conflicted(&other) {
        return other;
    }
    let backward = sides.each_ref().map(|lines| names.of(lines.iter().rev()));
    let lengths = sides.each_ref().map(Vec::len);
    let down = |side| edits(&forward, side);
    let up = |side| turned(edits(&backward, side), [lengths[0], lengths[side]]);
    let [ours, theirs] = [1, 2].map(|side| [down(side), up(side)]);
    [(1, 1), (0, 1), (1, 0)]
        .into_iter()
        .find_map(|(one, other)| apart(&ours[one], &theirs[other], lengths[0]))
        .unwrap_or(first)
}

/// The library sees one short name for each distinct line instead of the line itself. So a line is what ends in a line
/// feed and nothing else, whatever bytes it holds, and long lines cost nothing.
#[derive(Default)]
struct Names<'a>(HashMap<&'a [u8], usize>);

impl<'a> Names<'a> {
    fn of<'l>(&mut self, lines: impl ExactSizeIterator<Item = &'l &'a [u8]>) -> Vec<u8>
    where
        'a: 'l,
    {
        let mut named = Vec::with_capacity(lines.len() * 6);
        for line in lines {
            let next = self.0.len();
            let mut number = *self.0.entry(line).or_insert(next);
            for _ in 0..5 {
                // Six bits a character, all of them printable.
                named.push(b'0' + u8::try_from(number & 63).unwrap_or_default());
                number >>= 6;
            }
            named.push(b'\n');
        }
        named
    }
}

fn aligned(inputs: &[Vec<u8>; 3], algorithm: Algorithm) -> Vec<Row> {
    let [base, ours, theirs] = inputs.each_ref().map(Vec::as_slice);
    let merged = TextMerge::configure()
        .algorithm(algorithm)
        .merge_lines(base, ours, theirs);
    let row = |region: &MergeRegion| {
        let verdict = match region.resolution() {
            MergeResolution::Unchanged => Verdict::Unchanged,
            MergeResolution::Ours => Verdict::Ours,
            MergeResolution::Theirs => Verdict::Theirs,
            MergeResolution::Both => Verdict::Both,
            _ => Verdict::Conflict(None),
        };
        let ranges = [
            region.base_range(),
            region.ours_range(),
            region.theirs_range(),
        ];
        (ranges, verdict)
    };
    merged.regions().iter().map(row).collect()
}

fn conflicted(rows: &[Row]) -> bool {
    rows.iter()
        .any(|(_, verdict)| matches!(verdict, Verdict::Conflict(_)))
}

/// Lines of the base that one side replaced, and the lines it has instead.
type Edit = [Range<usize>; 2];

fn edits(inputs: &[Vec<u8>; 3], side: usize) -> Vec<Edit> {
    let mut only = inputs.clone();
    only[3 - side] = only[0].clone();
    let rows = aligned(&only, Algorithm::Patience).into_iter();
    rows.filter(|(_, verdict)| *verdict != Verdict::Unchanged)
        .map(|(ranges, _)| [ranges[0].clone(), ranges[side].clone()])
        .collect()
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
const NEAR: usize = 3;

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
