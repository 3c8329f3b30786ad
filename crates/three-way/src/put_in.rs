//! The entries that both sides put in, by where they are in what each side changed.

use std::ops::Range;

use super::align;
use super::entry::{Block, Body, Entry, Shape};
use super::hash::{self, Map, Set};
use super::profile;
use super::region::{Region, Verdict};

/// Where the regions of one verdict are: bytes of each of the three.
pub(super) type Stretches = [Vec<Range<usize>>; 3];

pub(super) fn stretches(regions: &[Region], verdict: &Verdict) -> Stretches {
    let mut found = [const { Vec::new() }; 3];
    let mut at = [0; 3];
    for region in regions {
        let texts = [&region.base, &region.ours, &region.theirs];
        for (side, text) in texts.into_iter().enumerate() {
            let start = at[side];
            at[side] += text.len();
            if region.verdict == *verdict {
                found[side].push(start..at[side]);
            }
        }
    }
    found
}

/// An entry in a stretch that one side changed.
pub(super) struct Site<'t, 'a> {
    pub(super) entry: &'t Entry<'a>,
    pub(super) block: &'t Block<'a>,
    pub(super) bytes: Range<usize>,
    /// Whether it is this side that changed it.
    own: bool,
    /// Which of the stretches it is in.
    stretch: usize,
    /// Whether the side put it in, and did not only edit it.
    new: bool,
}

impl Site<'_, '_> {
    /// Where it starts, apart from what stands above it.
    pub(super) fn start(&self) -> usize {
        self.bytes.start + self.entry.lead.len()
    }
}

/// The same entry in both sides.
pub(super) struct Double<'t, 'a> {
    pub(super) ours: Vec<Site<'t, 'a>>,
    pub(super) theirs: Vec<Site<'t, 'a>>,
}

/// The entries of one side in the stretches, by what makes them the same.
type Sites<'t, 'a> = Map<(u64, String), Vec<Site<'t, 'a>>>;

/// The entries that both sides put in, and that a merge of lines would have more often than either of them.
///
/// A step that may be there twice is one of them where the two places are near each other in the `base`: there they may as
/// well be one.
pub(super) fn doubles<'t, 'a>(
    base: &str,
    trees: [&'t Block<'a>; 3],
    changes: &[Stretches; 2],
) -> Vec<Double<'t, 'a>> {
    let mut found = [1, 2].map(|side| sites(trees, changes, side, side));
    let [ours, theirs] = &mut found;
    let mut keys: Vec<_> = ours
        .keys()
        .filter(|key| theirs.contains_key(*key))
        .cloned()
        .collect();
    if keys.is_empty() {
        return Vec::new();
    }
    // What a side took out where it has it is no more than edited.
    for (side, found) in [(1, &mut *ours), (2, &mut *theirs)] {
        let before = sites(trees, changes, side, 0);
        for key in &keys {
            let before = before.get(key).into_iter().flatten();
            let before: Set<_> = before.map(|site| site.stretch).collect();
            for site in found.get_mut(key).into_iter().flatten() {
                site.new = site.own && !before.contains(&site.stretch);
            }
        }
    }
    keys.sort_unstable();
    let mut counts = Counts::default();
    let mut doubles: Vec<Double> = Vec::new();
    for key in keys {
        let (Some(ours), Some(theirs)) = (ours.remove(&key), theirs.remove(&key)) else {
            continue;
        };
        let has_new = |sites: &[Site]| sites.iter().any(|site| site.new);
        if !has_new(&ours) || !has_new(&theirs) {
            continue;
        }
        let own = |sites: &[Site]| sites.iter().filter(|site| site.own).count();
        let may_repeat = |site: &Site| profile::identity(site.block, site.entry).is_none();
        if may_repeat(&ours[0]) && !near(base, changes, [&ours, &theirs]) {
            continue;
        }
        let all = [&ours[0], &theirs[0]].map(|site| counts.of(site.block, &key.1));
        // The result has ours, with what theirs made of the stretches that only theirs changed.
        let result = all[0] - (ours.len() - own(&ours)) + own(&theirs);
        if result > all[0].max(all[1]) {
            let new =
                |sites: Vec<Site<'t, 'a>>| sites.into_iter().filter(|site| site.new).collect();
            doubles.push(Double {
                ours: new(ours),
                theirs: new(theirs),
            });
        }
    }
    outermost(doubles)
}

/// Whether some of what ours put in and some of what theirs put in are no more than a few lines apart.
fn near(base: &str, changes: &[Stretches; 2], sites: [&[Site]; 2]) -> bool {
    let places = |side: usize| {
        let new = sites[side].iter().filter(|site| site.new);
        new.map(move |site| &changes[side][0][site.stretch])
    };
    places(0).any(|one| {
        places(1).any(|other| {
            let (from, to) = (one.end.min(other.end), one.start.max(other.start));
            let between = base.get(from..to).unwrap_or_default();
            between.lines().count() <= align::NEAR
        })
    })
}

/// The entries of one of the three, in the stretches that ours or theirs (`by`) changed, and in those that the other did.
fn sites<'t, 'a>(
    trees: [&'t Block<'a>; 3],
    changes: &[Stretches; 2],
    by: usize,
    side: usize,
) -> Sites<'t, 'a> {
    let mut walk = Walk {
        own: &changes[by - 1][side],
        other: if side == 0 {
            &[]
        } else {
            &changes[2 - by][side]
        },
        at: 0,
        sites: Map::default(),
    };
    walk.block(trees[side], 0);
    walk.sites
}

/// The doubles without those that are part of another one.
fn outermost<'t, 'a>(mut doubles: Vec<Double<'t, 'a>>) -> Vec<Double<'t, 'a>> {
    let first = |double: &Double| double.ours[0].bytes.clone();
    doubles.sort_by_key(|double| {
        let bytes = first(double);
        (bytes.start, std::cmp::Reverse(bytes.end))
    });
    let mut end = 0;
    doubles.retain(|double| {
        let inner = first(double).end <= end;
        end = end.max(first(double).end);
        !inner
    });
    doubles
}

/// How often each entry is there, by block.
#[derive(Default)]
struct Counts(Map<usize, Map<String, usize>>);

impl Counts {
    fn of(&mut self, block: &Block, identity: &str) -> usize {
        let address = std::ptr::from_ref(block) as usize;
        let counts = self.0.entry(address).or_insert_with(|| {
            let mut counts = Map::default();
            for entry in &block.entries {
                if let Some(identity) = named(block, entry) {
                    *counts.entry(identity).or_default() += 1;
                }
            }
            counts
        });
        counts.get(identity).copied().unwrap_or(0)
    }
}

/// What makes an entry the same as another one; a step is what it does.
fn named(block: &Block, entry: &Entry) -> Option<String> {
    let step = || (block.shape == Shape::Steps).then(|| entry.key.to_string());
    profile::identity(block, entry).or_else(step)
}

/// Collects the entries that start in a stretch.
struct Walk<'s, 't, 'a> {
    own: &'s [Range<usize>],
    other: &'s [Range<usize>],
    at: usize,
    sites: Sites<'t, 'a>,
}

impl<'t, 'a> Walk<'_, 't, 'a> {
    fn block(&mut self, block: &'t Block<'a>, path: u64) {
        self.at += block.open.len();
        for entry in &block.entries {
            let start = self.at;
            let body = start + entry.lead.len();
            self.at = body;
            let end = start + entry.len();
            let touched = within(self.own, body, end) || within(self.other, body, end);
            if touched {
                self.entry(block, entry, start..end, path);
                if let Body::Block(inner) = &entry.body {
                    self.block(inner, hash::of(&(path, entry.key.as_ref())));
                }
            }
            self.at = end;
        }
        self.at += block.close.len();
    }

    fn entry(
        &mut self,
        block: &'t Block<'a>,
        entry: &'t Entry<'a>,
        bytes: Range<usize>,
        path: u64,
    ) {
        // An entry counts by the first line that is its own.
        let at = bytes.start + entry.lead.len();
        let own = within(self.own, at, at + 1);
        if !own && !within(self.other, at, at + 1) {
            return;
        }
        let stretches = if own { self.own } else { self.other };
        let stretch = stretches.partition_point(|stretch| stretch.end <= at);
        if let Some(identity) = named(block, entry) {
            self.sites.entry((path, identity)).or_default().push(Site {
                entry,
                block,
                bytes,
                own,
                stretch,
                new: own,
            });
        }
    }
}

/// Whether some bytes touch one of the stretches.
fn within(stretches: &[Range<usize>], from: usize, to: usize) -> bool {
    let next = stretches.partition_point(|stretch| stretch.end <= from);
    stretches
        .get(next)
        .is_some_and(|stretch| stretch.start < to)
}
