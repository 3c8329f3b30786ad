//! Layout is no edit: a merge in which one side, or both, went through a formatter.
//!
//! A text is a row of tokens, which say something, and of gaps between them, which do not. Where a side has other gaps than
//! the base, or writes a token otherwise, that side leads: the base and the other side are put into its layout, token by
//! token ([`fit`]), and the three are merged as if they had always been laid out so. What each of them says is read again
//! and must be what it said before; and the regions of that merge are put back on the three as they were ([`tiles`]).

mod code;
mod css;
mod fit;
mod hint;
mod plain;
mod scalar;
mod soft;
mod task;
mod tiles;
mod token;
mod writer;
mod yaml;

use std::ops::Range;

use super::hash::Map;
use super::judge::Judge;
use super::kinds::{Kind, Lexer};
use super::reason::Reason;
use super::region::{Class, Note, Region, Resolution, Verdict};
use super::{align, values};
use code::Code;
use task::Fit;
use token::Lexed;

/// Files with more tokens are merged as they are.
const MANY: usize = 60_000;

/// A merge: its regions, and what is to be said about it.
type Outcome = (Vec<Region>, Vec<Note>);

/// The merge of three texts of which one or two were only laid out anew where the merge of lines conflicts; `None` where
/// that is not so, or does not help. `merge` merges three texts in the layout that they have.
pub(super) fn resolve(
    kind: Option<Kind>,
    texts: [&str; 3],
    regions: &[Region],
    merge: impl Fn([&str; 3]) -> Outcome,
) -> Option<Outcome> {
    if !hint::found(regions) {
        return None;
    }
    let open = open(regions);
    let [base, ours, theirs] = texts.map(|text| lex(kind, text));
    let sides = [base?, ours?, theirs?];
    if sides.iter().any(|side| side.tokens.len() > MANY) {
        return None;
    }
    if sides[1].says().eq(sides[2].says()) {
        return Some((alike(&sides, regions)?, Vec::new()));
    }
    let maps = [pairs(&sides[0], &sides[1])?, pairs(&sides[0], &sides[2])?];
    let all = 0..texts[0].len();
    let changed = [0, 1].map(|side| {
        let [own, other] = [side, 1 - side].map(|side| &maps[side].forth[..]);
        let changes = |ranges: &[Range<usize>], kept: &[Option<usize>]| {
            changes(&sides[0], &sides[side + 1], own, kept, ranges)
        };
        // What one side only wrote anew, and the other one took out, is for a person.
        if changes(std::slice::from_ref(&all), other) == 0 {
            return 0;
        }
        changes(&open, own)
    });
    if changed == [0, 0] {
        return None;
    }
    // A list that is one value is a person's to decide, in whatever layout.
    let judge = kind.map(|kind| Judge::new(kind, texts));
    if judge.is_some_and(|judge| !values::edited_by_both(&judge, regions).is_empty()) {
        return None;
    }
    let first = usize::from(changed[1] > changed[0]);
    let mut merged = None;
    for leader in [first, 1 - first] {
        if changed[leader] == 0 {
            continue;
        }
        let Some(found) = led(kind, &sides, &maps, leader, &merge) else {
            continue;
        };
        if !found.0.iter().any(Region::is_conflict) {
            return Some(found);
        }
        merged.get_or_insert(found);
    }
    merged
}

/// The regions where both sides say the same, in the layout of the side that was laid out anew; `None` where which layout stays
/// is for the rules of lists to say.
fn alike(sides: &[Lexed; 3], regions: &[Region]) -> Option<Vec<Region>> {
    let all = 0..sides[0].text.len();
    let changed = |side: &Lexed| {
        let map = pairs(&sides[0], side)?.forth;
        let all = std::slice::from_ref(&all);
        Some(changes(&sides[0], side, &map, &map, all))
    };
    let (by_ours, by_theirs) = (changed(&sides[1])?, changed(&sides[2])?);
    if by_ours == by_theirs {
        return None;
    }
    let led = regions.iter().map(|region| {
        let text = if by_ours < by_theirs {
            &region.theirs
        } else {
            &region.ours
        };
        let mut led = region.clone();
        if region.merged() != Some(text) {
            led.verdict = Verdict::Resolved(Resolution {
                text: text.to_vec(),
                reasons: vec![Reason::SameInOtherLayout],
                class: Class::Structural,
            });
        }
        led
    });
    Some(led.collect())
}

/// The merge in the layout of one side.
fn led(
    kind: Option<Kind>,
    sides: &[Lexed; 3],
    maps: &[Pairs; 2],
    leader: usize,
    merge: impl Fn([&str; 3]) -> Outcome,
) -> Option<Outcome> {
    let [base, other] = [0, 2 - leader];
    let to_leader = &maps[leader].forth;
    let itself: Vec<_> = (0..sides[base].tokens.len()).map(Some).collect();
    let to_base = &maps[1 - leader].back;
    let through: Vec<_> = to_base
        .iter()
        .map(|known| known.and_then(|known| to_leader[known]))
        .collect();
    let fit = |own: usize, to_base: &[Option<usize>], to_leader: &[Option<usize>]| {
        let text = Fit {
            own: &sides[own],
            base: &sides[base],
            leader: &sides[leader + 1],
            to_base,
            to_leader,
        }
        .text();
        let read = lex(kind, &text)?;
        read.says().eq(sides[own].says()).then_some(text)
    };
    let mut made = [
        fit(base, &itself, to_leader)?,
        String::new(),
        fit(other, to_base, &through)?,
    ];
    made[1] = sides[leader + 1].text.to_string();
    if leader == 1 {
        made.swap(1, 2);
    }
    let texts = made.each_ref().map(String::as_str);
    let (regions, notes) = merge(texts);
    let laid_out = texts.map(|text| lex(kind, text));
    let [base, ours, theirs] = laid_out;
    let regions = tiles::put_back(sides, &[base?, ours?, theirs?], regions);
    Some((regions, notes))
}

fn lex(kind: Option<Kind>, text: &str) -> Option<Lexed<'_>> {
    match kind.map_or(Lexer::Plain, Kind::lexer) {
        Lexer::Python => code::lex(Code::Python, text),
        Lexer::Toml => code::lex(Code::Toml, text),
        Lexer::Json => code::lex(Code::Json, text),
        Lexer::Yaml => yaml::lex(text),
        Lexer::Css => css::lex(text),
        Lexer::Plain => Some(plain::lex(text)),
    }
}

/// Where in the base lines conflict.
fn open(regions: &[Region]) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut open = Vec::new();
    for region in regions {
        let start = at;
        at += region.base.len();
        if region.is_conflict() {
            open.push(start..at);
        }
    }
    open
}

/// Which tokens of two texts are the same.
struct Pairs {
    forth: Vec<Option<usize>>,
    back: Vec<Option<usize>>,
}

/// The pairs; `None` when too little is the same.
fn pairs(base: &Lexed, other: &Lexed) -> Option<Pairs> {
    let mut names: Map<u64, u32> = Map::default();
    let [one, two] = [base, other].map(|text| {
        let name = |said: u64| {
            let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
            *names.entry(said).or_insert(next)
        };
        text.says().map(name).collect::<Vec<u32>>()
    });
    let mut counts = vec![0_isize; names.len()];
    for name in &one {
        counts[*name as usize] += 1;
    }
    for name in &two {
        counts[*name as usize] -= 1;
    }
    let other_ones: usize = counts.iter().map(|count| count.unsigned_abs()).sum();
    if other_ones > (one.len() + two.len()) / 3 + 20 {
        return None;
    }
    let mut found = Pairs {
        forth: vec![None; one.len()],
        back: vec![None; two.len()],
    };
    for (one, two) in align::same(&one, &two) {
        found.forth[one] = Some(two);
        found.back[two] = Some(one);
    }
    Some(found)
}

/// How often one side has another layout than the base in some parts of it, at tokens that are `kept`.
fn changes(
    base: &Lexed,
    side: &Lexed,
    map: &[Option<usize>],
    kept: &[Option<usize>],
    open: &[Range<usize>],
) -> usize {
    let inside = |at: usize| {
        let token = &base.tokens[at];
        open.iter()
            .any(|range| token.start >= range.start && token.end <= range.end)
    };
    let changed = |at: usize| {
        let Some(found) = map[at] else {
            return false;
        };
        let last = at.checked_sub(1).map(|last| map[last]);
        let follows = match last {
            None => found == 0,
            Some(last) => last.is_some_and(|last| last + 1 == found),
        };
        base.raw(at) != side.raw(found) || follows && base.gap(at) != side.gap(found)
    };
    (0..base.tokens.len())
        .filter(|at| kept[*at].is_some() && changed(*at) && inside(*at))
        .count()
}
