//! Blank lines as the two sides have them.
//!
//! Entries that are put together anew get the white space of their place. Where the lines of the two sides, as they stand,
//! say the same in the same order, they are taken instead: their blank lines are somebody's.

use super::lines;
use super::region::{Region, Verdict};
use super::text;

/// What becomes of the lines of a conflict.
type Way = fn(&Region) -> Option<Vec<u8>>;

/// The lines of the regions as they stand, if they are those of `woven` but for blank ones.
pub(super) fn found(regions: &[Region], woven: &[u8]) -> Option<Vec<u8>> {
    let wanted = said(woven);
    let ways: [Way; 3] = [
        text::side_by_side,
        |region| lines::is_blank(&region.base).then(|| joined(&region.ours, &region.theirs)),
        |region| lines::is_blank(&region.base).then(|| joined(&region.theirs, &region.ours)),
    ];
    ways.iter()
        .filter_map(|way| put_together(regions, *way))
        .find(|text| said(text) == wanted)
}

fn put_together(regions: &[Region], way: Way) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for region in regions {
        match &region.verdict {
            Verdict::Conflict(_) => out.extend(way(region).or_else(|| text::side_by_side(region))?),
            _ => out.extend_from_slice(region.merged()?),
        }
    }
    Some(out)
}

fn said(text: &[u8]) -> Vec<&[u8]> {
    let lines = lines::split(text).into_iter().map(<[u8]>::trim_ascii_end);
    lines.filter(|line| !line.is_empty()).collect()
}

fn joined(first: &[u8], second: &[u8]) -> Vec<u8> {
    let end: &[u8] = if first.is_empty() || first.ends_with(b"\n") {
        b""
    } else {
        b"\n"
    };
    [first, end, second].concat()
}
