//! Settings that a section takes in which was put in above them: a merge of lines in which each line is as some side wants it
//! would put them under a header that neither side has above them.
//!
//! In TOML and INI a line belongs to the header above it. Where one side puts a section in at a place to which the other side
//! moved settings of the section before, lines merge, and the settings are read as those of the new section.

use super::entry::{Block, Body};
use super::hash::Map;
use super::judge::Judge;
use super::kinds::Trait;
use super::lines;
use super::region::{Note, Region, Verdict};

/// Makes one conflict of the header of a section that takes in what is another one's and of all down to what it takes in, and
/// says so. `result` is the merged text as a tree. `None` where nothing is taken in.
pub(super) fn open(
    judge: &Judge,
    result: &Block,
    regions: &[Region],
) -> Option<(Vec<Region>, Vec<Note>)> {
    if !judge.kind().has(Trait::Sections) {
        return None;
    }
    let known = judge.roots()?.map(sections);
    let mut regions = regions.to_vec();
    let mut notes = Vec::new();
    for (section, key) in taken_in(&known, &sections(result)) {
        if let Some(span) = span(&regions, section, &key) {
            regions = joined(regions, &span);
            notes.push(Note(format!(
                "`{key}` would become a setting of `{section}`, which the other side put in above it"
            )));
        }
    }
    (!notes.is_empty()).then_some((regions, notes))
}

/// The headers of the sections of a result that have a setting which no side has in them, and the last such setting of each.
fn taken_in<'t>(known: &[Sections<'t>; 3], result: &Sections<'t>) -> Vec<(&'t str, String)> {
    let has = |side: &Sections, section: &str, key: &str| {
        side.get(section).is_some_and(|keys| keys.contains(&key))
    };
    let strange = |section: &str, key: &str| {
        // Some side once had it in a section that is still there, and has it there no more.
        let elsewhere = |side: &Sections| {
            let lost = |other: &str| has(side, other, key) && !has(result, other, key);
            result.keys().any(|other| lost(other))
        };
        !known.iter().any(|side| has(side, section, key)) && known[1..].iter().any(elsewhere)
    };
    let found = result.iter().filter_map(|(section, keys)| {
        let key = keys.iter().rev().find(|key| strange(section, key))?;
        Some((*section, (*key).to_string()))
    });
    found.collect()
}

/// Where a section takes in what is not its own.
struct Reach {
    /// The region that brings the header.
    first: usize,
    last: usize,
    /// How many bytes of the last region belong to it, if all three have them.
    bytes: usize,
}

/// The reach from the header of a section to one of its settings.
fn span(regions: &[Region], section: &str, key: &str) -> Option<Reach> {
    let is_header = |line: &[u8]| line.trim_ascii() == section.as_bytes();
    let brings = |region: &Region| {
        let merged = region.merged().unwrap_or_default();
        region.verdict != Verdict::Unchanged && lines::split(merged).into_iter().any(is_header)
    };
    let first = regions.iter().position(brings)?;
    let sets = |line: &[u8]| {
        let name = line.trim_ascii_start().strip_prefix(key.as_bytes());
        let next = name.and_then(|rest| rest.trim_ascii_start().first());
        next.is_some_and(|next| b"=:.".contains(next))
    };
    for (last, region) in regions.iter().enumerate().skip(first + 1) {
        let mut bytes = 0;
        for line in lines::split(region.merged().unwrap_or_default()) {
            bytes += line.len();
            if sets(line) {
                return Some(Reach { first, last, bytes });
            }
        }
    }
    Some(Reach {
        first,
        last: first,
        bytes: 0,
    })
}

/// The regions with some of them as one conflict.
fn joined(mut regions: Vec<Region>, span: &Reach) -> Vec<Region> {
    let mut behind = regions.split_off(span.last + 1);
    if let Some(last) = regions.pop_if(|last| last.verdict == Verdict::Unchanged) {
        let (taken, left) = last.ours.split_at(span.bytes);
        regions.push(Region::unchanged(taken.into()));
        if !left.is_empty() {
            behind.insert(0, Region::unchanged(left.into()));
        }
    }
    let within = regions.split_off(span.first);
    regions.push(Region::joined(&within, Verdict::Conflict(None)));
    regions.append(&mut behind);
    regions
}

/// The names of the settings of each section, by its header.
type Sections<'t> = Map<&'t str, Vec<&'t str>>;

fn sections<'t>(root: &'t Block) -> Sections<'t> {
    let mut found = Sections::default();
    for entry in &root.entries {
        if let Body::Block(section) = &entry.body {
            let keys = section.entries.iter().map(|entry| entry.key.as_ref());
            let header = section.open.lines().next().unwrap_or_default().trim();
            found.entry(header).or_default().extend(keys);
        }
    }
    found
}
