//! Renderings held against a project: each line that tells them apart has a vote.

use std::collections::{BTreeSet, HashSet};

use super::files::{Files, Lines, Sketch};
use crate::error::Result;
use crate::tree::TreePath;

/// A file has at most this weight: a regenerated lock file must not outvote everything else.
const HEAVIEST: f64 = 24.0;
/// Whether a file is there at all counts as much as so many lines.
const PRESENCE: f64 = 2.0;
/// What a line of the rendering counts that the project lacks: people delete lines.
const DELETED: f64 = 0.5;

/// How well one rendering fits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Votes {
    pub(super) score: f64,
    /// Lines of the project that tell the renderings apart, and how many of them this rendering has.
    pub(super) known: f64,
    pub(super) agree: f64,
}

impl Votes {
    /// The part of the telling lines that this rendering has; 1 where no line tells.
    pub(super) fn share(&self) -> f64 {
        if self.known == 0.0 {
            1.0
        } else {
            self.agree / self.known
        }
    }
}

/// The votes for each of `sketches`. Lines that all of them have, or that none of them has, do not count.
pub(super) fn votes(files: &Files, sketches: &[&Sketch]) -> Result<Vec<Votes>> {
    let mut votes = vec![Votes::default(); sketches.len()];
    let paths: BTreeSet<&TreePath> = sketches.iter().flat_map(|sketch| sketch.0.keys()).collect();
    for path in paths {
        let sides: Vec<Option<&Lines>> = sketches.iter().map(|sketch| sketch.0.get(path)).collect();
        count(files, path, &sides, &mut votes)?;
    }
    Ok(votes)
}

fn count(
    files: &Files,
    path: &TreePath,
    sides: &[Option<&Lines>],
    votes: &mut [Votes],
) -> Result<()> {
    let in_all = sides.iter().all(Option::is_some);
    let is_same = |pair: &[Option<&Lines>]| match (pair[0], pair[1]) {
        (Some(a), Some(b)) => std::sync::Arc::ptr_eq(a, b) || a == b,
        (a, b) => a.is_none() && b.is_none(),
    };
    if sides.windows(2).all(is_same) {
        return Ok(());
    }
    let Some((_, ours)) = files.get(path)? else {
        if !in_all {
            for (side, votes) in sides.iter().zip(votes) {
                votes.score -= f64::from(u8::from(side.is_some())) * PRESENCE;
            }
        }
        return Ok(());
    };
    let telling = telling(sides, in_all);
    let known = telling.iter().filter(|line| ours.contains(line)).count();
    let weight = (HEAVIEST / float(telling.len())).min(1.0);
    for (side, votes) in sides.iter().zip(votes) {
        votes.known += weight * float(known);
        let Some(side) = side else {
            votes.score -= weight * float(known);
            continue;
        };
        let has = telling.iter().filter(|line| side.contains(line));
        let (both, missing): (Vec<u64>, Vec<u64>) = has.partition(|line| ours.contains(line));
        votes.agree += weight * float(both.len());
        votes.score +=
            weight * (2.0 * float(both.len()) - float(known) - DELETED * float(missing.len()));
        if !in_all {
            votes.score += PRESENCE;
        }
    }
    Ok(())
}

/// The lines that are in some of the sides and not in all.
fn telling(sides: &[Option<&Lines>], in_all: bool) -> HashSet<u64> {
    let lines = sides.iter().flatten().flat_map(|side| side.iter());
    let mut telling: HashSet<u64> = lines.copied().collect();
    if in_all {
        telling.retain(|line| sides.iter().flatten().any(|side| !side.contains(line)));
    }
    telling
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn float(count: usize) -> f64 {
    count as f64
}
