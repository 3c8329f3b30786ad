//! A last look at the lines of the whole result, whichever rules made it.
//!
//! What nobody took out is there as often as on the side that has it least, what one side took out is not there again, and
//! what the base has already is not there more often than on either side: of two that were put together out of the same
//! lines, which line belongs to which is for a person to see.

use super::hash::{self, Map, Set};
use super::lines;
use super::region::{Region, Verdict};

/// How often a line is in base, ours, theirs and the result.
type Counts = [usize; 4];

/// The places of the resolutions to which such a line is due. Open conflicts are left out. `repeats`: if a line belongs to
/// what it stands under, and may well be there once more under something new.
pub(super) fn doubtful(regions: &[Region], repeats: bool) -> Vec<usize> {
    let resolved = |region: &Region| matches!(region.verdict, Verdict::Resolved(_));
    if !regions.iter().any(resolved) {
        return Vec::new();
    }
    let mut all: Map<u64, Counts> = Map::default();
    let mut made = Vec::new();
    // As often in all four changes nothing but whether the base has it.
    let changed = |region: &Region| region.verdict != Verdict::Unchanged;
    for (at, region) in regions.iter().enumerate() {
        let Some(own) = counts(region).filter(|_| changed(region)) else {
            continue;
        };
        for (line, counts) in &own {
            let sum = all.entry(*line).or_default();
            sum.iter_mut()
                .zip(counts)
                .for_each(|(sum, one)| *sum += one);
        }
        if resolved(region) {
            made.push((at, own));
        }
    }
    let more: Set<u64> = made
        .iter()
        .filter(|_| !repeats)
        .flat_map(|(_, own)| own.keys())
        .filter(|line| all.get(line).is_some_and(is_more))
        .copied()
        .collect();
    let mut known: Set<u64> = all
        .iter()
        .filter(|(_, counts)| counts[0] > 0)
        .map(|(line, _)| *line)
        .collect();
    if more.iter().any(|line| !known.contains(line)) {
        let unchanged = regions.iter().filter(|region| !changed(region));
        let lines = unchanged.flat_map(|region| said(&region.ours));
        known.extend(lines.filter(|line| more.contains(line)));
    }
    let wrong = |line: &u64| {
        all.get(line).is_some_and(|counts| {
            is_gone(counts)
                || is_back(counts)
                || !repeats && is_more(counts) && known.contains(line)
        })
    };
    made.retain(|(_, own)| {
        let mut due = own
            .iter()
            .filter(|(_, [_, ours, theirs, result])| result != ours || result != theirs);
        due.any(|(line, _)| wrong(line))
    });
    made.into_iter().map(|(at, _)| at).collect()
}

/// Whether both sides have a line more often than the result.
fn is_gone(&[_, ours, theirs, result]: &Counts) -> bool {
    result < ours.min(theirs)
}

/// Whether a side took a line out, nobody put one in, and it is there as if nobody had.
fn is_back(&[base, ours, theirs, result]: &Counts) -> bool {
    ours.min(theirs) < base && ours.max(theirs) <= base && result >= base
}

/// Whether neither side has a line so often.
fn is_more(&[_, ours, theirs, result]: &Counts) -> bool {
    result > ours.max(theirs)
}

/// How often the lines of a region are where; `None` for a conflict.
fn counts(region: &Region) -> Option<Map<u64, Counts>> {
    let texts = [
        &region.base[..],
        &region.ours,
        &region.theirs,
        region.merged()?,
    ];
    let mut counts: Map<u64, Counts> = Map::default();
    for (side, text) in texts.into_iter().enumerate() {
        for line in said(text) {
            counts.entry(line).or_default()[side] += 1;
        }
    }
    Some(counts)
}

/// The lines of a text, whatever their white space and the comma behind them.
fn said(text: &[u8]) -> impl Iterator<Item = u64> {
    lines::split(text).into_iter().filter_map(|line| {
        let line = line.trim_ascii();
        let line = line.strip_suffix(b",").unwrap_or(line);
        let words = line.split(u8::is_ascii_whitespace);
        (!line.is_empty()).then(|| hash::of_all(words.filter(|word| !word.is_empty())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::{Class, Options, Resolution, merge_with};

    fn resolved(base: &str, ours: &str, theirs: &str, text: &str) -> Region {
        let resolution = Resolution {
            text: text.into(),
            reason: String::new(),
            class: Class::Structural,
        };
        let sides = [base, ours, theirs].map(str::as_bytes);
        Region::new(sides[0], sides[1], sides[2], Verdict::Resolved(resolution))
    }

    fn found(regions: &[Region]) -> Vec<usize> {
        doubtful(regions, false)
    }

    fn plain(base: &str, ours: &str, theirs: &str) -> Region {
        let [base, ours, theirs] = [base, ours, theirs].map(str::as_bytes);
        Region::new(base, ours, theirs, Region::trivial(base, ours, theirs))
    }

    #[test]
    fn finds_what_is_gone_from_both() {
        let gone = resolved(
            "a
", "a
b
", "a
c
", "b
c
",
        );
        let fine = resolved(
            "x
", "x
 e
", "x
d
", "x,
e
d
",
        );
        assert_eq!(found(&[fine, gone]), [1]);
    }

    #[test]
    fn finds_what_is_back() {
        let regions = [
            plain("z\n", "z\n", "z\n"),
            resolved("a\nb\n", "b\nc\n", "a\nb\nd\n", "a\nb\nc\nd\n"),
        ];
        assert_eq!(found(&regions), [1]);
        // One side took it out, and the other one put it in elsewhere.
        let regions = [
            plain("a\n", "", "a\n"),
            resolved("b\n", "b\na\n", "b\nc\n", "b\na\nc\n"),
        ];
        assert!(found(&regions).is_empty());
    }

    #[test]
    fn finds_what_is_there_once_more_than_on_either_side() {
        let both = resolved("", "a\nend\n", "b\nend\n", "a\nend\nb\nend\n");
        assert!(
            found(std::slice::from_ref(&both)).is_empty(),
            "the base has none"
        );
        let regions = [plain("end\n", "end\n", "end\n"), both];
        assert_eq!(found(&regions), [1]);
        assert!(doubtful(&regions, true).is_empty());
    }

    #[test]
    fn what_is_found_is_suggested_and_left_to_a_person() {
        let base = "[a]\nx = [\n    1,\n]\n";
        let ours = format!("{base}\n[b]\ny = [\n    1,\n]\n");
        let theirs = format!("{base}\n[c]\nz = [\n    2,\n]\n");
        let apply = Class::Policy;
        let [b, o, t] = [base, &ours, &theirs].map(str::as_bytes);
        let merged = merge_with("x.toml", b, o, t, Options { apply });
        assert!(!merged.is_clean());
        let mut regions = merged.regions().iter();
        let suggestion = regions.find(|region| region.is_conflict());
        assert!(suggestion.is_some_and(|region| region.resolution().is_some()));
    }
}
