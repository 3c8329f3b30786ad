//! Items and keys that both sides put into one block, which the merge of lines has twice.
//!
//! Both are found before by their path (`doubles`), but not where a name above the block is new on one side.

use super::entry::{Block, Body, Shape};
use super::hash::{Map, Set};
use super::judge::Judge;
use super::kinds::Trait;
use super::profile;
use super::region::{Note, Region, Verdict};

/// Makes a conflict of each region that puts in what is there twice then. `result` is the merged text as a tree.
pub(super) fn open(judge: &Judge, result: &Block, regions: &mut [Region], notes: &mut Vec<Note>) {
    let new = doubles(result);
    if new.is_empty() || judge.kind().has(Trait::TakesBack) {
        return;
    }
    let Some(sides) = judge.roots() else {
        return;
    };
    let had = sides.map(doubles);
    for (name, text) in new {
        if had.iter().any(|had| had.contains_key(&name)) {
            continue;
        }
        let brings = |region: &&mut Region| {
            let has = |side: &[u8]| memchr::memmem::find(side, text.as_bytes()).is_some();
            let is_changed = region.verdict != Verdict::Unchanged;
            is_changed && !has(&region.base) && region.merged().is_some_and(has)
        };
        if let Some(region) = regions.iter_mut().rev().find(brings) {
            region.verdict = Verdict::Conflict(None);
            let note = format!("`{name}` would be there twice: both put it in");
            notes.push(Note(note));
        }
    }
}

/// What is in one block of a text more than once, where it may be there once: its name, and its text.
fn doubles(block: &Block) -> Map<String, String> {
    let mut found = Map::default();
    let is_set = !matches!(
        block.shape,
        Shape::Steps | Shape::Statements | Shape::Vector
    );
    let mut seen = Set::default();
    for entry in &block.entries {
        if is_set
            && let Some(name) = profile::identity(block, entry)
            && !seen.insert(name.clone())
        {
            let text = entry.body_text().trim().to_owned();
            found.insert(name, text);
        }
        if let Body::Block(inner) = &entry.body {
            found.extend(doubles(inner));
        }
    }
    found
}
