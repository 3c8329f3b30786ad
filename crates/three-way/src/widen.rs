//! A conflict grown until it is made of whole entries in all three files.

use std::ops::Range;

use super::place::Place;
use super::region::{Resolution, Verdict};

/// A region as line numbers.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) range: [Range<usize>; 3],
    pub(super) verdict: Verdict,
    /// For a resolved span, what it was made of.
    pub(super) parts: Vec<Self>,
}

/// A conflict grown to whole entries.
pub(super) struct Wide {
    pub(super) range: [Range<usize>; 3],
    left: Taken,
    right: Taken,
}

/// What a conflict took in on one side of it.
#[derive(Clone, Copy, Default)]
struct Taken {
    /// Whole spans.
    spans: usize,
    /// Lines of the next one.
    lines: usize,
}

impl Taken {
    /// Goes on to the next span, since this one is taken in whole.
    fn next(&mut self) {
        self.spans += 1;
        self.lines = 0;
    }
}

impl Wide {
    pub(super) fn new(
        span: &Span,
        done: &[Span],
        todo: &[Span],
        triple: [&Place; 3],
    ) -> Option<Self> {
        let mut wide = Self {
            range: span.range.clone(),
            left: Taken::default(),
            right: Taken::default(),
        };
        loop {
            let mut wanted = wide.range.clone();
            for (wanted, place) in wanted.iter_mut().zip(triple) {
                *wanted = cover(place, wanted)?;
            }
            // What closes the block is taken in everywhere or nowhere.
            if triple
                .iter()
                .zip(&wanted)
                .any(|(place, wanted)| closes(place, wanted))
            {
                for (wanted, place) in wanted.iter_mut().zip(triple) {
                    wanted.end = place.end?;
                }
            }
            if wanted == wide.range {
                return Some(wide);
            }
            for (side, wanted) in wanted.iter().enumerate() {
                while wide.range[side].start > wanted.start {
                    let need = wide.range[side].start - wanted.start;
                    let taken = step(&mut wide.left, done, need)?;
                    for (range, lines) in wide.range.iter_mut().zip(taken) {
                        range.start -= lines;
                    }
                }
                while wide.range[side].end < wanted.end {
                    let need = wanted.end - wide.range[side].end;
                    let taken = step(&mut wide.right, todo, need)?;
                    for (range, lines) in wide.range.iter_mut().zip(taken) {
                        range.end += lines;
                    }
                }
            }
        }
    }

    /// Replaces what it took in by one resolved span.
    pub(super) fn take(
        self,
        span: Span,
        done: &mut Vec<Span>,
        todo: &mut Vec<Span>,
        resolution: Resolution,
    ) {
        let before = cut(
            done,
            self.left,
            |range, lines| range.end - lines..range.end,
            |range, lines| range.end -= lines,
        );
        let after = cut(
            todo,
            self.right,
            |range, lines| range.start..range.start + lines,
            |range, lines| {
                range.start += lines;
            },
        );
        let mut parts: Vec<Span> = before.into_iter().rev().collect();
        parts.push(span);
        parts.extend(after);
        let parts = parts.into_iter().flat_map(|part| {
            if part.parts.is_empty() {
                vec![part]
            } else {
                part.parts
            }
        });
        done.push(Span {
            range: self.range,
            verdict: Verdict::Resolved(resolution),
            parts: parts.collect(),
        });
    }
}

/// Whether a range of lines goes beyond the entries of a block.
pub(super) fn closes(place: &Place, range: &Range<usize>) -> bool {
    place.bounds.last().is_some_and(|last| range.end > *last)
}

/// The entries that a range of lines touches, as lines.
fn cover(place: &Place, range: &Range<usize>) -> Option<Range<usize>> {
    let bounds = &place.bounds;
    let (first, last) = (*bounds.first()?, *bounds.last()?);
    if range.end > last && place.end? >= range.end && range.start >= first {
        let start = bounds[bounds.partition_point(|bound| *bound <= range.start) - 1];
        return Some(start.min(range.start)..place.end?);
    }
    if range.start < first || range.end > last {
        return None;
    }
    let start = bounds[bounds.partition_point(|bound| *bound <= range.start) - 1];
    let end = bounds[bounds.partition_point(|bound| *bound < range.end)];
    // An insertion between two entries stays between them.
    Some(if range.is_empty() && start == range.start {
        start..start
    } else {
        start..end.max(range.end)
    })
}

/// Takes in more of the neighbouring spans, the nearest of which is the last one: lines that are the same in all three as
/// needed, any other span whole. Gives the lines taken in each file.
fn step(taken: &mut Taken, spans: &[Span], need: usize) -> Option<[usize; 3]> {
    let at = spans.len().checked_sub(taken.spans + 1)?;
    let span = &spans[at];
    if matches!(span.verdict, Verdict::Conflict(Some(_))) {
        // A person has to decide, whatever is beside it.
        return None;
    }
    let lengths = span.range.each_ref().map(Range::len);
    if span.verdict == Verdict::Unchanged {
        let left = lengths[0] - taken.lines;
        let lines = need.min(left);
        taken.lines += lines;
        if lines == left {
            taken.next();
        }
        return Some([lines; 3]);
    }
    taken.next();
    Some(lengths)
}

/// Removes what was taken from the end of a stack of spans; the nearest comes first.
fn cut(
    spans: &mut Vec<Span>,
    taken: Taken,
    part: impl Fn(&Range<usize>, usize) -> Range<usize>,
    shrink: impl Fn(&mut Range<usize>, usize),
) -> Vec<Span> {
    let mut removed: Vec<Span> = spans.drain(spans.len() - taken.spans..).rev().collect();
    if let (lines @ 1.., Some(outermost)) = (taken.lines, spans.last_mut()) {
        let range = outermost.range.each_ref().map(|range| part(range, lines));
        removed.push(Span {
            range,
            verdict: Verdict::Unchanged,
            parts: Vec::new(),
        });
        outermost
            .range
            .iter_mut()
            .for_each(|range| shrink(range, lines));
    }
    removed
}
