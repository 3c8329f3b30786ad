//! Settings that a section takes in which was put in above them.
//!
//! In TOML and INI a line belongs to the header above it. Where one side puts a section in at a place to which the other side
//! moved settings of the section before, lines merge, and the settings are read as those of the new section.

use super::entry::{Block, Body};
use super::hash::{Map, Set};
use super::judge::Judge;
use super::kinds::Trait;
use super::lines;
use super::region::{Note, Region, Verdict};

/// Makes a conflict of each region that brings in the header of a section that took in what is another one's, and says so.
pub(super) fn open(judge: &Judge, result: &Block, regions: &mut [Region], notes: &mut Vec<Note>) {
    if !judge.kind().has(Trait::Sections) {
        return;
    }
    let Some(sides) = judge.roots() else {
        return;
    };
    let known = sides.map(sections);
    let result = sections(result);
    for (section, keys) in &result {
        let strange = keys.iter().find(|key| {
            let has = |side: &Sections, section: &str| {
                side.get(section).is_some_and(|keys| keys.contains(*key))
            };
            // Some side has it in a section that is still there, but has it no more.
            let elsewhere = |side: &Sections| {
                let mut all = side.keys();
                all.any(|other| {
                    has(side, other) && result.get(other).is_some_and(|now| !now.contains(*key))
                })
            };
            !known.iter().any(|side| has(side, section)) && known[1..].iter().any(elsewhere)
        });
        let Some(key) = strange else { continue };
        let brings = |text: &[u8]| {
            let mut lines = lines::split(text).into_iter();
            lines.any(|line| line.trim_ascii() == section.as_bytes())
        };
        let mut changed = regions.iter_mut();
        if let Some(region) = changed.find(|region| {
            region.verdict != Verdict::Unchanged && region.merged().is_some_and(brings)
        }) {
            region.verdict = Verdict::Conflict(None);
            notes.push(Note(format!(
                "`{key}` would become a setting of `{section}`, which the other side put in above it"
            )));
        }
    }
}

/// The names of the settings of each section, by its header.
type Sections<'t> = Map<&'t str, Set<&'t str>>;

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
