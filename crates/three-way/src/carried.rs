//! Entries that one side moved and the other one took out, where a merge of lines is clean.
//!
//! To lines it may be the neighbours of the entry that were moved, and then nothing conflicts.

use std::ops::RangeInclusive;

use super::entry::{Block, Body, Entry};
use super::hash::{Map, Set};
use super::judge::Judge;
use super::order;
use super::region::{Note, Region, Verdict};
use super::revived::said;

/// Makes a conflict of each region that takes out what the other side moved.
pub(super) fn open(judge: &Judge, regions: &mut Vec<Region>, notes: &mut Vec<Note>) {
    let Some(sides) = judge.roots() else {
        return;
    };
    let mut gone = Vec::new();
    moved(sides, 0, &mut gone);
    for gone in gone {
        let mut end = 0;
        let here = regions.iter().position(|region| {
            end += region.base.len();
            gone.at <= end
        });
        let Some(here) = here.filter(|here| regions[*here].verdict != Verdict::Unchanged) else {
            continue;
        };
        let together = moved_with(regions, here);
        let conflict = Region::joined(&regions[together.clone()], Verdict::Conflict(None));
        regions.splice(together, [conflict]);
        let name = gone.name.as_str();
        let note = format!("`{name}` was taken out by one side and moved by the other");
        notes.push(Note(note));
    }
}

/// The regions from or to which a side moved lines of the one that is `here`: whoever takes a side there takes it of these too.
fn moved_with(regions: &[Region], here: usize) -> RangeInclusive<usize> {
    let new = |region: &Region| {
        let known: Set<&[u8]> = said(&region.base).collect();
        let sides = said(&region.ours).chain(said(&region.theirs));
        let new = sides
            .filter(|line| !known.contains(line))
            .map(<[u8]>::to_vec);
        new.collect::<Set<_>>()
    };
    let own = new(&regions[here]);
    let known: Set<&[u8]> = said(&regions[here].base).collect();
    let is_one = |region: &Region| {
        region.verdict != Verdict::Unchanged
            && (said(&region.base).any(|line| own.contains(line))
                || new(region)
                    .iter()
                    .any(|line| known.contains(line.as_slice())))
    };
    let mut others = (0..regions.len()).filter(|at| *at != here && is_one(&regions[*at]));
    let first = others.next().unwrap_or(here);
    let last = others.next_back().unwrap_or(first);
    first.min(here)..=last.max(here)
}

/// An entry that one side took out and the other one moved.
struct Gone {
    /// A byte of the entry in the base.
    at: usize,
    name: String,
}

/// Adds what one side moved and the other one took out, at all levels. The blocks of the base begin at byte `at`.
fn moved(blocks: [&Block; 3], at: usize, found: &mut Vec<Gone>) {
    let rows = blocks.map(|block| &block.entries[..]);
    let Some(keys) = order::unique_keys(rows) else {
        return;
    };
    let index = [1, 2].map(|side| {
        let keys = keys[side].iter().map(String::as_str).zip(rows[side]);
        keys.collect::<Map<&str, &Entry>>()
    });
    let mut deleted = [const { Vec::new() }; 2];
    let mut starts = Map::default();
    let mut at = at + blocks[0].open.len();
    for (key, entry) in keys[0].iter().zip(rows[0]) {
        let body = at + entry.lead.len();
        starts.insert(key.as_str(), body + 1);
        match [0, 1].map(|side| index[side].get(key.as_str()).copied()) {
            [Some(_), None] => deleted[0].push(key.as_str()),
            [None, Some(_)] => deleted[1].push(key.as_str()),
            [Some(ours), Some(theirs)] => {
                let all = [&entry.body, &ours.body, &theirs.body];
                if let [Body::Block(base), Body::Block(ours), Body::Block(theirs)] = all
                    && base != ours
                    && base != theirs
                {
                    moved([base, ours, theirs], body, found);
                }
            }
            [None, None] => {}
        }
        at += entry.len();
    }
    for key in order::moved(&keys, &deleted, blocks[0].shape) {
        let name = key.split(['\0', '\n', '=', ':']).next().unwrap_or(key);
        found.push(Gone {
            at: starts.get(key).copied().unwrap_or(at),
            name: name.trim().to_owned(),
        });
    }
}
