//! The merge of lines: the only door to the diff library's three-way merge.

use std::collections::HashMap;

use similar::{Algorithm, MergeResolution, TextMerge};

use super::lines;
use super::region::{Region, Verdict};

/// Merges lines; the regions tile the three inputs.
///
/// The library sees one short name for each distinct line instead of the line itself. So a line is what ends in a line
/// feed and nothing else, whatever bytes it holds, and long lines cost nothing.
pub(super) fn regions(base: &[u8], ours: &[u8], theirs: &[u8]) -> Vec<Region> {
    let mut names = Names::default();
    let sides = [lines::split(base), lines::split(ours), lines::split(theirs)];
    let inputs = sides.each_ref().map(|lines| names.of(lines));
    let merge = |algorithm: Algorithm| {
        let [base, ours, theirs] = inputs.each_ref().map(Vec::as_slice);
        TextMerge::configure()
            .algorithm(algorithm)
            .merge_lines(base, ours, theirs)
    };
    let mut merged = merge(Algorithm::Patience);
    if merged.is_conflicted() {
        // Rarely, the other way to align lines finds nothing to decide. It is the one that git tries.
        let other = merge(Algorithm::Myers);
        merged = if other.is_conflicted() { merged } else { other };
    }
    let regions = merged.regions().iter().map(|region| {
        let verdict = match region.resolution() {
            MergeResolution::Unchanged => Verdict::Unchanged,
            MergeResolution::Ours => Verdict::Ours,
            MergeResolution::Theirs => Verdict::Theirs,
            MergeResolution::Both => Verdict::Both,
            _ => Verdict::Conflict(None),
        };
        Region {
            base: sides[0][region.base_range()].concat(),
            ours: sides[1][region.ours_range()].concat(),
            theirs: sides[2][region.theirs_range()].concat(),
            verdict,
        }
    });
    regions.collect()
}

#[derive(Default)]
struct Names<'a>(HashMap<&'a [u8], usize>);

impl<'a> Names<'a> {
    fn of(&mut self, lines: &[&'a [u8]]) -> Vec<u8> {
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

/// Takes the lines out of each conflict with which both sides begin or end alike.
pub(super) fn trim(regions: Vec<Region>) -> Vec<Region> {
    let mut trimmed = Vec::with_capacity(regions.len());
    for region in regions {
        let (ours, theirs) = (lines::split(&region.ours), lines::split(&region.theirs));
        if region.verdict != Verdict::Conflict(None) {
            trimmed.push(region);
            continue;
        }
        let alike = |pair: &(&&[u8], &&[u8])| pair.0 == pair.1;
        let start = ours.iter().zip(&theirs).take_while(alike).count();
        let (ours, theirs) = (&ours[start..], &theirs[start..]);
        let end = ours
            .iter()
            .rev()
            .zip(theirs.iter().rev())
            .take_while(alike)
            .count();
        let (ours, before_end) = (&ours[..ours.len() - end], ours);
        let (head, tail) = (
            lines::split(&region.ours)[..start].concat(),
            before_end[ours.len()..].concat(),
        );
        let theirs = &theirs[..theirs.len() - end];
        if !head.is_empty() {
            trimmed.push(Region::new(b"", &head, &head, Verdict::Both));
        }
        trimmed.push(Region {
            ours: ours.concat(),
            theirs: theirs.concat(),
            base: region.base.clone(),
            verdict: region.verdict,
        });
        if !tail.is_empty() {
            trimmed.push(Region::new(b"", &tail, &tail, Verdict::Both));
        }
    }
    trimmed
}

/// The merge of three texts if it is clean.
pub(super) fn clean(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let regions = regions(base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
    let texts: Option<Vec<&[u8]>> = regions.iter().map(Region::merged).collect();
    String::from_utf8(texts?.concat()).ok()
}
