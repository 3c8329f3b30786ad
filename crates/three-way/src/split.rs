//! A conflict cut at the entries that all three versions have, so that it holds only what both sides touched.

use std::ops::Range;

use super::comma;
use super::entry::Shape;
use super::hash::Map;
use super::judge::Judge;
use super::lines;
use super::place::Place;
use super::region::{Class, Region, Verdict};
use super::structure::{self, File, MANY};
use super::widen::Span;

/// A block that all three have.
pub(super) type Triple<'p, 't, 'a> = [&'p Place<'t, 'a>; 3];

/// How often pieces are cut again, at entries further in; no file needs more.
const ROUNDS: usize = 4;

impl File<'_, '_> {
    /// The spans with those cut that a person has to decide: what is open, and what presumes more than `apply`.
    pub(super) fn apart(&self, judge: &Judge, mut spans: Vec<Span>, apply: Class) -> Vec<Span> {
        if spans.iter().any(|span| is_open(span, apply))
            && let Some(slid) = self.slid(&self.triples(), &spans)
            && self.fits(judge, &slid, apply)
        {
            spans = slid;
        }
        let known = spans.len();
        let cut = self.cut_open(judge, spans, apply);
        if cut.len() == known
            || !cut
                .iter()
                .any(|span| span.verdict == Verdict::Conflict(None))
        {
            return cut;
        }
        // A piece may be part of an entry that begins before it.
        let open = |spans: &[Span]| spans.iter().filter(|span| is_open(span, apply)).count();
        let again = self.resolve(cut.clone());
        if open(&again) < open(&cut) && self.fits(judge, &again, apply) {
            again
        } else {
            cut
        }
    }

    fn cut_open(&self, judge: &Judge, mut spans: Vec<Span>, apply: Class) -> Vec<Span> {
        if !spans.iter().any(|span| is_open(span, apply)) {
            return spans;
        }
        let triples = self.triples();
        for _ in 0..ROUNDS {
            let found: Vec<(usize, Vec<Vec<Span>>)> = (0..spans.len())
                .filter(|at| is_open(&spans[*at], apply))
                .map(|at| (at, self.ways(&triples, &spans[at])))
                .filter(|(_, ways)| !ways.is_empty())
                .collect();
            if found.is_empty() {
                return spans;
            }
            let first: Map<usize, &Vec<Span>> =
                found.iter().map(|(at, ways)| (*at, &ways[0])).collect();
            let all = with(&spans, &first);
            if self.fits(judge, &all, apply) {
                spans = all;
                continue;
            }
            if found.len() > MANY {
                return spans;
            }
            let mut chosen: Map<usize, &Vec<Span>> = Map::default();
            for (at, ways) in &found {
                for way in ways {
                    chosen.insert(*at, way);
                    if self.fits(judge, &with(&spans, &chosen), apply) {
                        break;
                    }
                    chosen.remove(at);
                }
            }
            if chosen.is_empty() {
                return spans;
            }
            spans = with(&spans, &chosen);
        }
        spans
    }

    /// The spans with each conflict cut, and its pieces again; `None` where there is nothing to cut.
    pub(super) fn cut(&self, spans: &[Span]) -> Option<Vec<Span>> {
        let triples = self.triples();
        let pieces = |span: &Span| match span.verdict {
            Verdict::Conflict(None) => self
                .bounds(&triples, span)
                .map(|cuts| self.pieces(span, &cuts))
                .find(|pieces| pieces.len() > 1),
            _ => None,
        };
        let mut cut = spans.to_vec();
        for _ in 0..ROUNDS {
            let before = cut.len();
            cut = cut
                .into_iter()
                .flat_map(|span| pieces(&span).unwrap_or_else(|| vec![span]))
                .collect();
            if cut.len() == before {
                break;
            }
        }
        let cut: Vec<Span> = cut
            .into_iter()
            .flat_map(|span| self.around_deletions(&triples, span))
            .flat_map(|span| self.beside_edits(&triples, span))
            .flat_map(|span| insertions(&triples, span))
            .collect();
        (cut.len() > spans.len()).then_some(cut)
    }

    /// What one side took out whole, cut at the entries that the other one still has: what that one put in beside them stands
    /// for itself.
    fn around_deletions(&self, triples: &[Triple], span: Span) -> Vec<Span> {
        let gone: Vec<usize> = (1..3).filter(|side| span.range[*side].is_empty()).collect();
        let (&[gone], Verdict::Conflict(None)) = (&gone[..], &span.verdict) else {
            return vec![span];
        };
        // The base stands in place of what is gone.
        let stand_in = |side: usize| if side == gone { 0 } else { side };
        let range = [0, 1, 2].map(|side| span.range[stand_in(side)].clone());
        let named = triples.iter().filter(|triple| triple[0].block.named());
        let found = named
            .map(|triple| [0, 1, 2].map(|side| triple[stand_in(side)]))
            .find_map(|triple| {
                cuts(triple, &range, |side, lines| {
                    self.is_blank(stand_in(side), lines)
                })
            });
        let mut found = found.unwrap_or_default();
        for cut in &mut found {
            cut[gone] = span.range[gone].start;
        }
        self.pieces(&span, &found)
    }

    /// The ways to make less of a span: its pieces, each merged by itself. Those with all of them come first, the innermost
    /// entries before the others; then those that cut off only what comes before the first cut, behind the last one, or both.
    fn ways(&self, triples: &[Triple], span: &Span) -> Vec<Vec<Span>> {
        let bounds: Vec<_> = self.bounds(triples, span).collect();
        let ends = bounds.iter().flat_map(|cuts| match *cuts.as_slice() {
            [first, last] => vec![vec![first], vec![last]],
            [first, .., last] => vec![vec![first, last], vec![first], vec![last]],
            _ => Vec::new(),
        });
        let merged = bounds
            .iter()
            .cloned()
            .chain(ends)
            .map(|cuts| self.pieces(span, &cuts))
            .filter(|pieces| pieces.len() > 1)
            .map(|pieces| self.resolve(pieces));
        let suggested = matches!(span.verdict, Verdict::Resolved(_));
        let known = |span: &Span| span.verdict != Verdict::Conflict(None);
        merged
            .filter(|pieces| !suggested || pieces.iter().all(known))
            .filter(|pieces| pieces.len() > 1)
            .collect()
    }

    /// How many lines of a span there are up to each entry that has a comma behind it on one side only.
    pub(super) fn before_commas(&self, triples: &[Triple], span: &Span) -> Vec<[usize; 3]> {
        let lines = |cut: [usize; 3]| {
            let head = [0, 1, 2].map(|side| span.range[side].start..cut[side]);
            (!self.commas_agree(&head)).then(|| head.map(|range| range.len()))
        };
        let cuts = self.bounds(triples, span).flatten();
        cuts.filter_map(lines).collect()
    }

    /// Where a span can be cut, by each block that it touches.
    fn bounds(&self, triples: &[Triple], span: &Span) -> impl Iterator<Item = Vec<[usize; 3]>> {
        let near = triples.iter().filter(|triple| {
            let (reach, base) = (triple[0].reach(), &span.range[0]);
            // Half an argument vector says nothing.
            let whole = triple
                .iter()
                .any(|place| place.block.shape == Shape::Vector);
            !whole && reach.start <= base.end && base.start <= reach.end
        });
        near.filter_map(|triple| {
            cuts(*triple, &span.range, |side, lines| {
                self.is_blank(side, lines)
            })
        })
    }

    pub(super) fn pieces(&self, span: &Span, cuts: &[[usize; 3]]) -> Vec<Span> {
        let mut at = span.range.each_ref().map(|range| range.start);
        let last = span.range.each_ref().map(|range| range.end);
        let mut pieces = Vec::with_capacity(cuts.len() + 1);
        for cut in cuts.iter().chain([&last]) {
            let range = [0, 1, 2].map(|side| at[side]..cut[side]);
            if *cut != last && !self.commas_agree(&range) {
                // A comma that only one side has goes with what it stands before.
                continue;
            }
            let [base, ours, theirs] = [0, 1, 2].map(|side| self.text(side, &range[side]));
            pieces.push(Span {
                verdict: Region::trivial(&base, &ours, &theirs),
                range,
                parts: Vec::new(),
            });
            at = *cut;
        }
        pieces
    }

    pub(super) fn is_blank(&self, side: usize, range: Range<usize>) -> bool {
        self.lines[side][range]
            .iter()
            .all(|line| lines::is_blank(line))
    }

    /// Whether the last lines that both sides have here end in a comma, or neither does.
    fn commas_agree(&self, range: &[Range<usize>; 3]) -> bool {
        let [ours, theirs] = [1, 2].map(|side| {
            let last = self.lines[side][range[side].clone()].last()?;
            Some(comma::ends_in_comma(last))
        });
        ours.is_none() || theirs.is_none() || ours == theirs
    }

    /// Whether the pieces make a sound file whichever side is taken of each. Where there are many, nothing is looked
    /// at: what one entry is does not change what another one says.
    fn fits(&self, judge: &Judge, spans: &[Span], apply: Class) -> bool {
        if spans.iter().filter(|span| is_open(span, apply)).count() > MANY {
            return true;
        }
        let shown = spans.iter().map(|span| Span {
            verdict: if is_open(span, apply) {
                Verdict::Conflict(None)
            } else {
                span.verdict.clone()
            },
            ..span.clone()
        });
        structure::holds(judge, self, &shown.collect::<Vec<_>>())
    }
}

/// What both put in at one place as two insertions, ours first, where that is entries with names of their own.
fn insertions(triples: &[Triple], span: Span) -> Vec<Span> {
    let [base, ours, theirs] = span.range.clone();
    if !base.is_empty() || span.verdict != Verdict::Conflict(None) {
        return vec![span];
    }
    let of_entries = |triple: &Triple| {
        let bound = |side: usize, line: usize| triple[side].bounds.binary_search(&line).is_ok();
        triple[1].block.named()
            && (0..3).all(|side| {
                let range = &span.range[side];
                bound(side, range.start) && bound(side, range.end)
            })
    };
    if !triples.iter().any(of_entries) {
        return vec![span];
    }
    let part = |ours: Range<usize>, theirs: Range<usize>, verdict| Span {
        range: [base.clone(), ours, theirs],
        verdict,
        parts: Vec::new(),
    };
    vec![
        part(ours.clone(), theirs.start..theirs.start, Verdict::Ours),
        part(ours.end..ours.end, theirs, Verdict::Theirs),
    ]
}

/// Whether a person has to decide a span.
fn is_open(span: &Span, apply: Class) -> bool {
    match &span.verdict {
        Verdict::Conflict(None) => true,
        Verdict::Resolved(resolution) => resolution.class > apply,
        _ => false,
    }
}

/// The spans with some of them replaced.
fn with(spans: &[Span], pieces: &Map<usize, &Vec<Span>>) -> Vec<Span> {
    let mut out = Vec::with_capacity(spans.len());
    for (at, span) in spans.iter().enumerate() {
        match pieces.get(&at) {
            Some(pieces) => out.extend(pieces.iter().cloned()),
            None => out.push(span.clone()),
        }
    }
    out
}

/// Where a conflict can be cut, in the order of lines; each cut is a line of each of the three.
///
/// Where the entries that all three have are in one order, what stands between two cuts became of what stands between them
/// in the base. `None` when there is no cut.
fn cuts(
    triple: [&Place; 3],
    range: &[Range<usize>; 3],
    is_blank: impl Fn(usize, Range<usize>) -> bool,
) -> Option<Vec<[usize; 3]>> {
    let known = [0, 1, 2].map(|side| entries(triple[side], &range[side]));
    let [base, ours, theirs] = &known;
    let mut found = Vec::new();
    let mut last = range.each_ref().map(|range| range.start);
    // The lines of each entry in the three.
    let mut common: Vec<[Range<usize>; 3]> = Vec::new();
    let lines = |side: usize, at: usize| triple[side].bounds[at]..triple[side].bounds[at + 1];
    for (key, base) in base {
        if let (Some(base), Some(Some(ours)), Some(Some(theirs))) =
            (base, ours.get(key), theirs.get(key))
        {
            common.push([lines(0, *base), lines(1, *ours), lines(2, *theirs)]);
        }
    }
    // What both put in behind the same entry of the base.
    let behind = |side: usize, at: usize| {
        // An entry may begin before the range.
        let bounds = &triple[side].bounds;
        let first = bounds.partition_point(|bound| *bound < range[side].start);
        let first = first.saturating_sub(1);
        let before = triple[side]
            .block
            .entries
            .get(first..at)
            .unwrap_or_default();
        let mut keys = before.iter().rev().map(|entry| entry.key.as_ref());
        keys.find_map(|key| base.get(key))
    };
    // Whether both took out an entry of the base there: what one of them put in may be what became of it.
    let gone = |first: usize| {
        let entries = triple[0].block.entries.iter().skip(first);
        let keys = entries.map(|entry| entry.key.as_ref());
        let kept = |key: &str| [ours, theirs].map(|side| side.contains_key(key));
        keys.skip_while(|key| !base.contains_key(key))
            .take_while(|key| base.contains_key(key) && kept(key) != [true; 2])
            .any(|key| kept(key) == [false; 2])
    };
    for (key, ours) in ours {
        if let (None, Some(ours), Some(Some(theirs))) = (base.get(key), ours, theirs.get(key)) {
            let (after, other) = (behind(1, *ours), behind(2, *theirs));
            let place = match after {
                None => Some(range[0].start),
                Some(Some(at)) => triple[0].bounds.get(at + 1).copied(),
                Some(None) => None,
            };
            let first = after.copied().flatten().map_or(0, |at| at + 1);
            if let (true, Some(place), false) = (after == other, place, gone(first)) {
                common.push([place..place, lines(1, *ours), lines(2, *theirs)]);
            }
        }
    }
    common.sort_unstable_by_key(|lines| lines.each_ref().map(|lines| lines.start));
    for bounds in common {
        let bounds = bounds.map(|lines| [lines.start, lines.end]);
        for end in [0, 1] {
            let mut cut = [0, 1, 2].map(|side| bounds[side][end]);
            // Blank lines above an entry may be those that stood above another one.
            let above = |side: usize| cut[side] < range[side].start;
            if end == 0 && (0..3).any(above) {
                for side in 0..3 {
                    let last = bounds[side][1].min(range[side].end);
                    while cut[side] < last && is_blank(side, cut[side]..cut[side] + 1) {
                        cut[side] += 1;
                    }
                }
            }
            let within = |side: usize| (range[side].start..=range[side].end).contains(&cut[side]);
            if ![0, 1, 2].into_iter().all(within) {
                continue;
            }
            if (0..3).any(|side| cut[side] < last[side]) {
                return None;
            }
            if cut != last {
                found.push(cut);
            }
            last = cut;
        }
    }
    if found.last() == Some(&range.each_ref().map(|range| range.end)) {
        found.pop();
    }
    (!found.is_empty()).then_some(found)
}

/// The entries that begin or end in a range of lines, by key; none for a key that occurs twice.
fn entries<'t>(place: &Place<'t, '_>, range: &Range<usize>) -> Map<&'t str, Option<usize>> {
    let bounds = &place.bounds;
    let from = bounds.partition_point(|bound| *bound < range.start);
    let to = bounds.partition_point(|bound| *bound <= range.end);
    let rows = from.saturating_sub(1)..to.min(place.block.entries.len());
    let mut found = Map::default();
    for at in rows {
        found
            .entry(place.block.entries[at].key.as_ref())
            .and_modify(|known| *known = None)
            .or_insert(Some(at));
    }
    found
}
