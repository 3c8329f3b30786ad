//! Takes what is in all of four rows of entries out of them.

use super::entry::{Body, Entry};
use super::hash::{self, Map};

/// The rows without the entries that all four have.
pub(super) fn rest<'t, 'a>(rows: [&'t [Entry<'a>]; 4]) -> [Vec<&'t Entry<'a>>; 4] {
    if rows.iter().all(|row| row.len() == 1) {
        // The whole file is looked into at once, so that a file which is one block is read only once.
        return rows.map(|row| row.iter().collect());
    }
    let mut left = left(rows.map(|row| row.iter().map(print).collect())).into_iter();
    rows.map(|row| {
        left.next()
            .into_iter()
            .flatten()
            .map(|at| &row[at])
            .collect()
    })
}

/// The places of the entries that are not in all four rows.
pub(super) fn left(rows: [Vec<u64>; 4]) -> [Vec<usize>; 4] {
    let shortest = rows.iter().map(Vec::len).min().unwrap_or(0);
    let alike = |at: &dyn Fn(&[u64]) -> u64| rows.iter().all(|row| at(row) == at(&rows[0]));
    let head = (0..shortest)
        .take_while(|nth| alike(&|row| row[*nth]))
        .count();
    let tail = (0..shortest - head)
        .take_while(|nth| alike(&|row| row[row.len() - 1 - nth]))
        .count();
    let mut counts: Map<u64, [usize; 4]> = Map::default();
    for (side, row) in rows.iter().enumerate() {
        for print in &row[head..row.len() - tail] {
            counts.entry(*print).or_default()[side] += 1;
        }
    }
    rows.map(|row| {
        let mut taken: Map<u64, usize> = Map::default();
        let left = (head..row.len() - tail).filter(|at| {
            let shared = counts[&row[*at]].into_iter().min().unwrap_or(0);
            if shared == 0 {
                return true;
            }
            let taken = taken.entry(row[*at]).or_default();
            *taken += 1;
            *taken > shared
        });
        left.collect()
    })
}

/// The entries by their names. A name that occurs more than once leads to `None`.
pub(super) fn singles<'t, 'a>(row: &[&'t Entry<'a>]) -> Map<&'t str, Option<&'t Entry<'a>>> {
    let mut singles: Map<&str, Option<&Entry>> = Map::default();
    for entry in row {
        singles
            .entry(&entry.key)
            .and_modify(|known| *known = None)
            .or_insert(Some(entry));
    }
    singles
}

/// The hash of everything that makes two entries equal.
fn print(entry: &Entry) -> u64 {
    let body = match &entry.body {
        Body::Leaf(text) => hash::of(text),
        Body::Block(block) => {
            let entries = hash::of_all(block.entries.iter().map(print));
            hash::of(&(block.open, entries, block.close, block.named()))
        }
    };
    hash::of(&(entry.lead, entry.key.as_ref(), body, entry.trail))
}
