//! Finds lines that a clean merge put into the wrong block.
//!
//! Where one side moved a block, lines that the other side added to it may land in the block that stands there now.

use super::entry::{Block, Body};
use super::facts::Fault;
use super::hash::{Map, Set};
use super::judge::Judge;
use super::lines;
use super::place;
use super::region::{Note, Region};
use super::revived::{self, name, said};

/// Makes a conflict of each region with a misplaced line: the result lacks the line in the block where a side has it, and has
/// it too often in another block.
pub(super) fn open(
    judge: &Judge,
    result: &Block,
    faults: &[Fault],
    regions: &mut [Region],
    notes: &mut Vec<Note>,
) {
    let lacks: Set<&str> = faults.iter().filter_map(Fault::lacked).collect();
    let shown = faults.iter().filter_map(Fault::doubled);
    let wanted: Set<&str> = shown
        .filter(|line| lacks.contains(line) && !lines::is_comment(line))
        .collect();
    let Some([_, ours, theirs]) = judge.roots().filter(|_| !wanted.is_empty()) else {
        return;
    };
    let there = holders(result, &wanted);
    let mut lost: Vec<&str> = Vec::new();
    for side in [ours, theirs] {
        for (path, held) in holders(side, &wanted) {
            let Some(now) = there.get(&path) else {
                continue;
            };
            lost.extend(held.difference(now));
        }
    }
    lost.sort_unstable();
    lost.dedup();
    for line in lost {
        let own = said(line.as_bytes()).next().unwrap_or_default();
        if revived::open_line(regions, own) {
            notes.push(Note(format!(
                "`{}` was put into something that the other side moved",
                name(line)
            )));
        }
    }
}

/// Each block of a tree by the keys that lead to it, with those of the given lines that stand among its own entries.
fn holders<'w>(tree: &Block, wanted: &Set<&'w str>) -> Map<Vec<String>, Set<&'w str>> {
    let mut found: Map<Vec<String>, Set<&str>> = Map::default();
    place::visit(tree, |site| {
        let path = site.path.iter().map(|key| (*key).to_owned()).collect();
        let held = found.entry(path).or_default();
        for entry in &site.block.entries {
            if matches!(entry.body, Body::Leaf(_)) {
                let text = entry.body_text();
                held.extend(text.lines().filter_map(|line| wanted.get(line.trim())));
            }
        }
    });
    found
}
