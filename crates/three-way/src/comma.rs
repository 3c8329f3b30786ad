//! The entry before a conflict about the last one.
//!
//! In JSON the last entry has no comma, so who takes it out edits the line above it. An edit of that line by the other side is
//! no part of the conflict: the region ends before the comma, in the middle of a line ([`ends_within_line`]).

use super::kinds::{Kind, Trait};
use super::lines;
use super::region::{Region, Resolution, Verdict};

/// The regions with what only one side changed in the first entry of a conflict set apart from it.
pub(super) fn set_apart(kind: Kind, regions: Vec<Region>) -> Vec<Region> {
    if !kind.has(Trait::NoLastComma) || !regions.iter().any(Region::is_conflict) {
        return regions;
    }
    let parts = |region: Region| match halves(kind, &region) {
        Some(halves) => halves.to_vec(),
        None => vec![region],
    };
    regions.into_iter().flat_map(parts).collect()
}

/// Whether the region after this one goes on in the same line.
pub(super) fn ends_within_line(region: &Region) -> bool {
    let unended = |text: &[u8]| !text.is_empty() && !text.ends_with(b"\n");
    [&region.base, &region.ours, &region.theirs]
        .into_iter()
        .all(|text| unended(text))
}

fn halves(kind: Kind, region: &Region) -> Option<[Region; 2]> {
    let Verdict::Conflict(suggestion) = &region.verdict else {
        return None;
    };
    let sides = [&region.base, &region.ours, &region.theirs].map(|text| Side::of(text));
    let [Some(base), Some(ours), Some(theirs)] = sides else {
        return None;
    };
    if ours.comma == theirs.comma || [base, ours, theirs].iter().any(|side| !side.is_entry(kind)) {
        return None;
    }
    let verdict = Region::trivial(base.entry, ours.entry, theirs.entry);
    let merged = match verdict {
        Verdict::Ours => ours.entry,
        Verdict::Theirs => theirs.entry,
        _ => return None,
    };
    let suggestion = match suggestion {
        Some(one) => Some(Resolution {
            text: one.text.strip_prefix(merged)?.to_vec(),
            ..one.clone()
        }),
        None => None,
    };
    Some([
        Region::new(base.entry, ours.entry, theirs.entry, verdict),
        Region::new(
            base.rest,
            ours.rest,
            theirs.rest,
            Verdict::Conflict(suggestion),
        ),
    ])
}

/// One side of a conflict that begins with an entry of one line.
#[derive(Clone, Copy)]
struct Side<'r> {
    entry: &'r [u8],
    comma: bool,
    /// The comma and all that follows.
    rest: &'r [u8],
}

impl<'r> Side<'r> {
    fn of(text: &'r [u8]) -> Option<Self> {
        let line = lines::split(text).first()?.trim_ascii_end();
        let entry = line.strip_suffix(b",").unwrap_or(line);
        Some(Self {
            entry,
            comma: entry.len() < line.len(),
            rest: &text[entry.len()..],
        })
    }

    /// Whether the line holds the whole of an entry with a name, and the last one if no comma follows.
    fn is_entry(&self, kind: Kind) -> bool {
        let Ok(entry) = std::str::from_utf8(self.entry) else {
            return false;
        };
        let object = format!("{{\n{entry}\n}}\n");
        let parsed = kind.valid(&object).ok().and_then(|()| kind.parse(&object));
        let one = parsed.is_some_and(|block| block.named() && block.entries.len() == 1);
        one && (self.comma || lines::is_blank(self.rest))
    }
}
