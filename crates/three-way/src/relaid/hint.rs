//! Whether it is worth the while to read three texts token by token.

use crate::hash::Set;
use crate::lines;
use crate::region::{Region, Text};

/// Whether a conflict looks as if one side wrote otherwise what the base says.
pub(super) fn found(regions: &[Region]) -> bool {
    let open = |region: &&Region| region.is_conflict();
    regions.iter().filter(open).any(|region| {
        let sides = [&region.ours, &region.theirs];
        sides.into_iter().any(|side| looks(&region.base, side))
    })
}

/// How many lines of each conflict are looked for.
const MANY: usize = 200;

/// Whether a line of the base that a side does not have is to be found in what the side has instead, or the other way round.
fn looks(base: &Text, side: &Text) -> bool {
    let (base, side) = (lines::split(base), lines::split(side));
    let (known, own): (Set<&[u8]>, Set<&[u8]>) = (
        base.iter().copied().collect(),
        side.iter().copied().collect(),
    );
    let blank = |lines: &[&[u8]]| lines.iter().filter(|line| lines::is_blank(line)).count();
    if blank(&base) != blank(&side) {
        return true;
    }
    let gone = rest(&base, &own);
    let new = rest(&side, &known);
    let mut pairs = gone.iter().zip(&new);
    if gone.len() == new.len() && pairs.all(|(one, other)| grown(one, other)) {
        // What was there before is laid out as it was.
        return false;
    }
    let [gone, new] = [gone, new].map(|lines| {
        let lines = lines.into_iter().map(plain);
        lines.collect::<Vec<_>>()
    });
    within(&gone, &new.concat()) || within(&new, &gone.concat())
}

/// The lines that are not among others.
fn rest<'l>(lines: &[&'l [u8]], others: &Set<&[u8]>) -> Vec<&'l [u8]> {
    let rest = lines.iter().filter(|line| !others.contains(*line));
    rest.copied().collect()
}

/// Whether one of two lines is the other one with something put in at one place: words, and nothing that lays them out.
fn grown(one: &[u8], other: &[u8]) -> bool {
    let (less, more) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let head = less.iter().zip(more).take_while(same).count();
    let (left, behind) = (&less[head..], &more[head..]);
    let tail = left.iter().rev().zip(behind.iter().rev());
    let added = &behind[..behind.len() - left.len()];
    let words = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
    tail.take_while(same).count() == left.len() && added.iter().all(words)
}

fn within(lines: &[Vec<u8>], text: &[u8]) -> bool {
    let mut said = lines.iter().filter(|line| !line.is_empty()).take(MANY);
    said.any(|line| memchr::memmem::find(text, line).is_some())
}

/// A line without what formatters set.
fn plain(line: &[u8]) -> Vec<u8> {
    let signs = |byte: &&u8| !byte.is_ascii_whitespace() && !b"\"'\\,;()[]{}".contains(*byte);
    let plain = line.iter().filter(signs);
    plain.map(u8::to_ascii_lowercase).collect()
}
