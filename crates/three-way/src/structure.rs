//! Conflicts of lines, resolved by the entries they cut through.
//!
//! A conflict is widened until it consists of whole entries of one block in all three files, taking in the neighbouring
//! regions as it grows; the entries are merged by key ([`weave`](super::weave)). The smallest block that gives a result
//! wins. Everything outside the widened conflict stays the merge of lines.

use std::ops::Range;

use super::entry::Shape;
use super::hash::{Map, Set};
use super::judge::{Check, Judge};
use super::place::{Place, places};
use super::reason::Reason;
use super::region::{Class, Region, Resolution, Verdict};
use super::weave::{self, Frame, Weave};
use super::widen::{Span, Wide, closes};
use super::{lines, verbatim};

/// The regions with the conflicts resolved that the kind of the file allows to resolve. What is presumed more than `apply`
/// will be a suggestion, so it spans no more than it must. And whether the file as a whole was found to say what it must.
pub(super) fn resolve(judge: &Judge, regions: Vec<Region>, apply: Class) -> (Vec<Region>, bool) {
    let Some(file) = File::of(judge) else {
        return (regions, false);
    };
    let resolved = file.resolve(spans(&regions));
    let (sound, stands) = sound(judge, &file, resolved);
    let apart = file.apart(judge, sound, apply);
    let regions = apart.iter().flat_map(|span| file.regions(span)).collect();
    (regions, stands)
}

/// The regions with each conflict cut at the entries that all three have; `None` where there is nothing to cut.
pub(super) fn cut(judge: &Judge, regions: &[Region]) -> Option<Vec<Region>> {
    let file = File::of(judge)?;
    let cut = file.cut(&spans(regions))?;
    Some(cut.iter().map(|span| file.region(span)).collect())
}

/// For each region how many lines there are up to an entry with a comma behind it on one side only: each such entry of a
/// conflict, the innermost first.
pub(super) fn before_commas(judge: &Judge, regions: &[Region]) -> Vec<Vec<[usize; 3]>> {
    let file = File::of(judge);
    let triples = file.as_ref().map_or_else(Vec::new, File::triples);
    let found = |span: &Span| match (&file, &span.verdict) {
        (Some(file), Verdict::Conflict(_)) => file.before_commas(&triples, span),
        _ => Vec::new(),
    };
    spans(regions).iter().map(found).collect()
}

/// From so many conflicts on they are no longer checked one by one.
pub(super) const MANY: usize = 12;

fn spans(regions: &[Region]) -> Vec<Span> {
    let mut at = [0; 3];
    let mut spans = Vec::with_capacity(regions.len());
    for region in regions {
        let mut side = 0;
        let range = [&region.base, &region.ours, &region.theirs].map(|text| {
            let start = at[side];
            at[side] += lines::count(text);
            side += 1;
            start..at[side - 1]
        });
        spans.push(Span {
            range,
            verdict: region.verdict.clone(),
            parts: Vec::new(),
        });
    }
    spans
}

pub(super) struct File<'t, 'a> {
    pub(super) lines: [Vec<&'a [u8]>; 3],
    places: [Vec<Place<'t, 'a>>; 3],
}

impl<'t, 'a> File<'t, 'a> {
    fn of(judge: &'t Judge<'a>) -> Option<Self> {
        let (trees, texts) = (judge.trees()?, judge.texts());
        Some(Self {
            lines: texts.map(|text| lines::split(text.as_bytes())),
            places: [0, 1, 2].map(|side| places(trees[side], texts[side])),
        })
    }

    pub(super) fn resolve(&self, spans: Vec<Span>) -> Vec<Span> {
        let triples = self.triples();
        let reaches: Vec<_> = triples.iter().map(|triple| triple[0].reach()).collect();
        let mut frames: Vec<Option<Frame>> = vec![None; triples.len()];
        let mut failed = Set::default();
        let mut hopeless = Set::default();
        // How many entries are looked at in all; this bounds the work on files with conflicts all over.
        let mut budget = 40 * self.lines.iter().map(Vec::len).sum::<usize>() + 1000;
        let mut done: Vec<Span> = Vec::with_capacity(spans.len());
        let mut todo: Vec<Span> = spans.into_iter().rev().collect();
        while let Some(span) = todo.pop() {
            if span.verdict != Verdict::Conflict(None) {
                done.push(span);
                continue;
            }
            // The deepest blocks come first.
            let mut found = None;
            for (at, triple) in triples.iter().enumerate() {
                let (reach, base) = (&reaches[at], &span.range[0]);
                if base.start < reach.start || reach.end < base.end {
                    continue;
                }
                // A block of one entry is the same however the conflict in it lies.
                let single = triple.iter().any(|place| place.bounds.len() == 2);
                if single && hopeless.contains(&at) {
                    continue;
                }
                let Some(wide) = Wide::new(&span, &done, &todo, *triple) else {
                    continue;
                };
                let size = wide.range.iter().map(Range::len).sum::<usize>();
                if size > budget || failed.contains(&(at, wide.range.clone())) {
                    continue;
                }
                budget -= size;
                let frame = *frames[at].get_or_insert_with(|| frame(*triple));
                if let Some(resolution) = weave(*triple, frame, &wide.range) {
                    found = Some((wide, resolution));
                    break;
                }
                failed.insert((at, wide.range));
                hopeless.insert(at);
            }
            match found {
                Some((wide, resolution)) => wide.take(span, &mut done, &mut todo, resolution),
                None => done.push(span),
            }
        }
        for span in &mut done {
            let parts: Vec<Region> = span.parts.iter().map(|part| self.region(part)).collect();
            if let Verdict::Resolved(resolution) = &mut span.verdict
                && let Some(text) = verbatim::found(&parts, &resolution.text)
            {
                resolution.text = text;
            }
        }
        done
    }

    /// The blocks that are at the same path in all three files, the deepest first. A path that occurs twice leads nowhere.
    pub(super) fn triples(&self) -> Vec<[&Place<'t, 'a>; 3]> {
        let index = self.places.each_ref().map(|places| {
            let mut index: Map<&Vec<&str>, Option<&Place>> = Map::default();
            for place in places {
                index
                    .entry(&place.path)
                    .and_modify(|known| *known = None)
                    .or_insert(Some(place));
            }
            index
        });
        let find = |side: usize, place: &Place| index[side].get(&place.path).copied().flatten();
        let all = |place| Some([find(0, place)?, find(1, place)?, find(2, place)?]);
        self.places[0].iter().rev().filter_map(all).collect()
    }

    pub(super) fn text(&self, side: usize, range: &Range<usize>) -> Vec<u8> {
        self.lines[side][range.clone()].concat()
    }

    fn region(&self, span: &Span) -> Region {
        self.part(&span.range, span.verdict.clone())
    }

    fn part(&self, range: &[Range<usize>; 3], verdict: Verdict) -> Region {
        if verdict == Verdict::Unchanged {
            return Region::unchanged(self.text(1, &range[1]).into());
        }
        let [base, ours, theirs] = [0, 1, 2].map(|side| self.text(side, &range[side]).into());
        Region {
            base,
            ours,
            theirs,
            verdict,
        }
    }

    /// A resolved span without the lines that it shares with all three sides.
    fn regions(&self, span: &Span) -> Vec<Region> {
        let Verdict::Resolved(resolution) = &span.verdict else {
            return vec![self.region(span)];
        };
        let merged = lines::split(&resolution.text);
        let side = |side: usize| &self.lines[side][span.range[side].clone()];
        let shortest = span
            .range
            .iter()
            .map(Range::len)
            .min()
            .unwrap_or(0)
            .min(merged.len());
        let sides = [0, 1, 2].map(side);
        let head = (0..shortest)
            .take_while(|at| sides.iter().all(|lines| lines[*at] == merged[*at]))
            .count();
        let ends = |lines: &[&[u8]], at: usize| {
            lines[lines.len() - 1 - at] == merged[merged.len() - 1 - at]
        };
        let tail = (0..shortest - head)
            .take_while(|at| sides.iter().all(|lines| ends(lines, *at)))
            .count();
        let first = span
            .range
            .each_ref()
            .map(|range| range.start..range.start + head);
        let middle = span
            .range
            .each_ref()
            .map(|range| range.start + head..range.end - tail);
        let last = span
            .range
            .each_ref()
            .map(|range| range.end - tail..range.end);
        let text = merged[head..merged.len() - tail].concat();
        let mut regions = vec![
            self.part(&first, Verdict::Unchanged),
            self.part(
                &middle,
                Verdict::Resolved(Resolution {
                    text,
                    ..resolution.clone()
                }),
            ),
            self.part(&last, Verdict::Unchanged),
        ];
        regions.retain(|region| !region.ours.is_empty() || region.verdict != Verdict::Unchanged);
        regions
    }
}

/// What whole blocks are to each other.
fn frame(triple: [&Place; 3]) -> Frame {
    let [_, ours, theirs] = triple.map(|place| place.block);
    Frame {
        shape: ours.shape,
        line: true,
        last: false,
        sorted: weave::sorted(ours, theirs),
        between: weave::between(triple.map(|place| place.block)),
    }
}

fn weave(triple: [&Place; 3], whole: Frame, range: &[Range<usize>; 3]) -> Option<Resolution> {
    let mut rows: [&[_]; 3] = [&[], &[], &[]];
    let mut last = true;
    for side in 0..3 {
        let bounds = &triple[side].bounds;
        let from = bounds.partition_point(|bound| *bound < range[side].start);
        let to = bounds
            .partition_point(|bound| *bound < range[side].end)
            .max(from);
        let entries = &triple[side].block.entries;
        rows[side] = entries.get(from..to)?;
        last = if side == 1 { to == entries.len() } else { last };
    }
    let mut woven = Weave::new();
    let (ours, theirs) = (triple[1].block, triple[2].block);
    let all = triple.map(|place| place.block.entries.as_slice());
    if ours.shape != theirs.shape || ours.shape == Shape::Vector && !weave::one_sided(all) {
        return None;
    }
    let frame = Frame { last, ..whole };
    let mut close = String::new();
    if triple
        .iter()
        .zip(range)
        .any(|(place, range)| closes(place, range))
    {
        let [base, ours, theirs] = triple.map(|place| place.block.close);
        close = woven.close(rows, [base, ours, theirs])?;
    }
    let text = woven.row(rows, frame)? + &close;
    if woven.reasons.is_empty() {
        woven.reasons.insert(Reason::OtherEntries);
    }
    Some(Resolution {
        text: text.into_bytes(),
        reasons: woven.reasons.into_iter().collect(),
        class: woven.class,
    })
}

/// Puts the conflicts back whose resolution is not the three-way merge of what the three say.
fn sound(judge: &Judge, file: &File, spans: Vec<Span>) -> (Vec<Span>, bool) {
    if holds(judge, file, &spans) {
        return (spans, true);
    }
    // What was resolved before has nothing to be put back to.
    let resolved =
        |span: &Span| matches!(span.verdict, Verdict::Resolved(_)) && !span.parts.is_empty();
    let restore = |spans: &[Span], keep: &dyn Fn(usize) -> bool| {
        let mut restored = Vec::new();
        for (at, span) in spans.iter().enumerate() {
            if resolved(span) && !keep(at) {
                restored.extend(span.parts.clone());
            } else {
                restored.push(span.clone());
            }
        }
        restored
    };
    let candidates: Vec<usize> = (0..spans.len())
        .filter(|at| resolved(&spans[*at]))
        .collect();
    if candidates.len() > MANY {
        return (restore(&spans, &|_| false), false);
    }
    // Where the merge of lines itself says something else, each resolution is looked at alone.
    let lines_stand = holds(judge, file, &restore(&spans, &|_| false));
    let mut kept = Vec::new();
    for candidate in candidates {
        let keep = |at: usize| at == candidate || kept.contains(&at);
        let stands = if lines_stand {
            holds(judge, file, &restore(&spans, &keep))
        } else {
            holds(judge, file, &alone(&spans, candidate))
        };
        if stands {
            kept.push(candidate);
        }
    }
    (restore(&spans, &|at| kept.contains(&at)), lines_stand)
}

/// The spans with all but one left open.
fn alone(spans: &[Span], candidate: usize) -> Vec<Span> {
    let open = |(at, span): (usize, &Span)| Span {
        verdict: match &span.verdict {
            verdict if at == candidate || *verdict == Verdict::Unchanged => verdict.clone(),
            _ => Verdict::Conflict(None),
        },
        ..span.clone()
    };
    spans.iter().enumerate().map(open).collect()
}

/// Whether the file with ours in place of every open conflict is sound.
pub(super) fn holds(judge: &Judge, file: &File, spans: &[Span]) -> bool {
    let regions: Vec<Region> = spans.iter().map(|span| file.region(span)).collect();
    judge.stands(&regions, Check::Facts) == Some(true)
}
