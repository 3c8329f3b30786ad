//! Where lines put into one conflict what belongs to two entries.
//!
//! Where one side took out the rest of a block and the block behind it, lines take the end of the second one for that of the
//! first: then a conflict over the second block holds what only one side did to the first. And what one side put in beside a
//! line that the other one edited is in one conflict with that edit.

use std::ops::Range;

use super::region::Verdict;
use super::split::Triple;
use super::structure::File;
use super::widen::Span;

impl File<'_, '_> {
    /// What one side put in right before or behind what only the other one edited, cut off, where that is entries with names.
    pub(super) fn beside_edits(&self, triples: &[Triple], span: Span) -> Vec<Span> {
        let base = span.range[0].len();
        if span.verdict != Verdict::Conflict(None) || base == 0 {
            return vec![span];
        }
        let text = |side: usize, range: Range<usize>| &self.lines[side][range];
        let known = text(0, span.range[0].clone());
        for side in [1, 2] {
            let own = span.range[side].clone();
            let Some(more) = own.len().checked_sub(base).filter(|more| *more > 0) else {
                continue;
            };
            let before = text(side, own.start + more..own.end) == known;
            if !before && text(side, own.start..own.end - more) != known {
                continue;
            }
            let cut = [0, 1, 2].map(|other| match (before, other == side) {
                (true, true) => own.start + more,
                (true, false) => span.range[other].start,
                (false, true) => own.end - more,
                (false, false) => span.range[other].end,
            });
            if triples.iter().any(|triple| {
                let bound = |side: usize| triple[side].bounds.binary_search(&cut[side]).is_ok();
                triple[1].block.named() && (0..3).all(bound)
            }) {
                return self.pieces(&span, &[cut]);
            }
        }
        vec![span]
    }

    /// The spans in which what one side took out goes on beyond the end of a block, with each block's own end: lines took the
    /// end of the next block for it.
    pub(super) fn slid(&self, triples: &[Triple], spans: &[Span]) -> Option<Vec<Span>> {
        let mut out: Vec<Span> = Vec::with_capacity(spans.len() + 2);
        let mut rest: Vec<Span> = spans.iter().rev().cloned().collect();
        while let Some(span) = rest.pop() {
            let slid = rest
                .last()
                .and_then(|next| self.slide(triples, &span, next));
            match slid {
                Some((pieces, lines)) => {
                    out.extend(pieces);
                    let next = rest.last_mut();
                    for range in next.into_iter().flat_map(|next| &mut next.range) {
                        range.start += lines;
                    }
                }
                None => out.push(span),
            }
        }
        (out.len() > spans.len()).then_some(out)
    }

    /// A span cut before the end of a block, and how many lines of the next span that takes.
    fn slide(&self, triples: &[Triple], span: &Span, next: &Span) -> Option<(Vec<Span>, usize)> {
        let gone: Vec<usize> = (1..3).filter(|side| span.range[*side].is_empty()).collect();
        let (&[gone], Verdict::Conflict(None), Verdict::Unchanged) =
            (&gone[..], &span.verdict, &next.verdict)
        else {
            return None;
        };
        let base = span.range[0].clone();
        let other = span.range[3 - gone].clone();
        let ends = triples.iter().flat_map(|triple| {
            let bounds = &triple[0].bounds;
            let from = bounds.partition_point(|bound| *bound <= base.start);
            bounds[from..].iter().take_while(|bound| **bound < base.end)
        });
        for end in ends.copied() {
            let mut end = end;
            while end > base.start && self.is_blank(0, end - 1..end) {
                end -= 1;
            }
            let head = end - base.start;
            let lines = (1..=next.range[0].len().min(head)).rev().find(|lines| {
                let behind = next.range[0].start..next.range[0].start + lines;
                self.lines[0][end - lines..end] == self.lines[0][behind]
            });
            let same = other.len() > head
                && self.lines[3 - gone][other.start..other.start + head]
                    == self.lines[0][base.start..end];
            let (Some(lines), true) = (lines, same) else {
                continue;
            };
            let mut at = span.range.each_ref().map(|range| range.start);
            let mut piece = |lines: [usize; 3], verdict| {
                let range = [0, 1, 2].map(|side| at[side]..at[side] + lines[side]);
                at = range.each_ref().map(|range| range.end);
                Span {
                    range,
                    verdict,
                    parts: Vec::new(),
                }
            };
            let both = |mut of_gone: [usize; 3]| {
                of_gone[gone] = 0;
                of_gone
            };
            let own = if gone == 1 {
                Verdict::Ours
            } else {
                Verdict::Theirs
            };
            let mut pieces = vec![
                piece(both([head - lines; 3]), own),
                piece([lines; 3], Verdict::Unchanged),
            ];
            let mut left = both([base.len(); 3].map(|length| length + lines - head));
            left[3 - gone] = other.len() + lines - head;
            pieces.push(piece(left, Verdict::Conflict(None)));
            pieces.retain(|piece| piece.range.iter().any(|range| !range.is_empty()));
            return Some((pieces, lines));
        }
        None
    }
}
