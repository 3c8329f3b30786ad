//! Entries that both sides put in, at different places: a merge of lines has them twice, and clean.
//!
//! Equal ones are kept once, at the first of the two places. Two that differ are two conflicts that span nothing but the
//! two entries, each against nothing: so each side can still be taken whole. No rule touches such a conflict any more, since
//! it has a suggestion: ours. What a side has twice by itself stays.

use std::ops::Range;

use super::cuts::{self, Cut, Places};
use super::entry::{Block, Body, Entry};
use super::hash::{self, Map};
use super::judge::Judge;
use super::kinds::{Kind, Trait};
use super::profile;
use super::reason::Reason;
use super::region::{Note, Region, Text, Verdict};
use super::{lines, structure, weave};

/// The regions with what both put in taken apart, and what must be said about it.
///
/// Where only lines that touch keep one of two such entries in a conflict, the conflict is cut first.
pub(super) fn resolve(judge: &Judge, regions: Vec<Region>) -> (Vec<Region>, Vec<Note>) {
    // Of one line on each side there is nothing to cut.
    let cuttable = |region: &Region| {
        let texts = [&region.base, &region.ours, &region.theirs];
        region.verdict == Verdict::Conflict(None)
            && texts.into_iter().any(|text| lines::count(text) > 1)
    };
    let cut = regions.iter().any(cuttable);
    let cut = cut.then(|| structure::cut(judge, &regions)).flatten();
    let found = match cut {
        Some(cut) => {
            let doubles = Found::of(judge, &cut);
            if doubles.is_none() {
                return (regions, Vec::new());
            }
            doubles
                .and_then(|found| found.apart(judge, &cut))
                .map(rejoined)
        }
        None => None,
    };
    let uncut = || Found::of(judge, &regions)?.apart(judge, &regions);
    found.or_else(uncut).unwrap_or((regions, Vec::new()))
}

/// The entries that both sides put in.
struct Found<'t, 'a>(Vec<Double<'t, 'a>>);

impl<'t, 'a> Found<'t, 'a> {
    /// `None` where there are none.
    fn of(judge: &'t Judge<'a>, regions: &[Region]) -> Option<Self> {
        let changes = [Verdict::Ours, Verdict::Theirs].map(|verdict| stretches(regions, &verdict));
        if changes
            .iter()
            .any(|changes| changes.iter().all(Vec::is_empty))
        {
            return None;
        }
        let doubles = doubles(judge.roots()?, &changes);
        (!doubles.is_empty()).then_some(Self(doubles))
    }

    fn apart(&self, judge: &Judge, regions: &[Region]) -> Option<(Vec<Region>, Vec<Note>)> {
        let places = Places::of(regions);
        let ways = [Try::KeepFirst, Try::KeepLast, Try::WideLast, Try::Wide];
        ways.into_iter().find_map(|how| {
            let (cuts, notes) = cuts(judge.kind(), &places, &self.0, how);
            let apart = cuts::apply(regions, cuts)?;
            well_formed(judge, &apart).then_some((apart, notes))
        })
    }
}

/// The regions with insertions at one place as the one conflict that they are, and the notes, if they still say anything.
fn rejoined((regions, notes): (Vec<Region>, Vec<Note>)) -> (Vec<Region>, Vec<Note>) {
    let alone = |region: &Region, other: &Text| {
        let own = matches!(region.verdict, Verdict::Ours | Verdict::Theirs) || is_pinned(region);
        own && region.base.is_empty() && other.is_empty()
    };
    let mut out: Vec<Region> = Vec::with_capacity(regions.len());
    for region in regions {
        match out.last_mut() {
            Some(last)
                if is_pinned(last) == is_pinned(&region)
                    && alone(last, &last.theirs)
                    && alone(&region, &region.ours) =>
            {
                *last = Region::new(b"", &last.ours, &region.theirs, Verdict::Conflict(None));
            }
            _ => out.push(region),
        }
    }
    let told = |region: &Region| is_pinned(region) || region.resolution().is_some();
    let notes = if out.iter().any(told) {
        notes
    } else {
        Vec::new()
    };
    (out, notes)
}

fn is_pinned(region: &Region) -> bool {
    matches!(region.verdict, Verdict::Conflict(Some(_)))
}

/// How far it goes; the first that gives a text that is well formed whatever a person takes is right.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Try {
    KeepFirst,
    /// The last one has no comma behind it.
    KeepLast,
    /// One without a comma behind it needs that of the entry before it; the other one does not.
    WideLast,
    /// A comma or a bracket of the entry is that of its neighbour: all of the change is the conflict.
    Wide,
}

/// What becomes of each entry that both put in.
fn cuts(kind: Kind, places: &Places, doubles: &[Double], how: Try) -> (Vec<Cut>, Vec<Note>) {
    let mut cuts = Vec::new();
    let mut notes = Vec::new();
    for double in doubles {
        let ours = places.region(0, double.ours[0].start());
        let theirs = places.region(1, double.theirs[0].start());
        if kind.has(Trait::TakesBack) && places.taken_back(ours, theirs) {
            continue;
        }
        let shown = double.ours[0].entry.key.lines().next().unwrap_or_default();
        if let Some((side, gone)) = dropped(kind, ours < theirs, double, how) {
            cuts.push(Cut {
                side,
                bytes: gone.bytes.clone(),
                wide: false,
                drop: Some(Reason::KeptOnce(shown.to_string())),
            });
            notes.push(Note(format!(
                "both put `{shown}` in, at different places: it is kept once"
            )));
            continue;
        }
        for (side, sites) in [(0, &double.ours), (1, &double.theirs)] {
            cuts.extend(sites.iter().map(|site| Cut {
                side,
                bytes: site.bytes.clone(),
                wide: how == Try::Wide || how == Try::WideLast && !site.entry.comma,
                drop: None,
            }));
        }
        let note = format!("both put `{shown}` in, at different places");
        notes.push(Note(note));
    }
    (cuts, notes)
}

/// The one of two equal entries that is left out, and whose it is.
fn dropped<'d, 't, 'a>(
    kind: Kind,
    ours_first: bool,
    double: &'d Double<'t, 'a>,
    how: Try,
) -> Option<(usize, &'d Site<'t, 'a>)> {
    let ([ours], [theirs]) = (&double.ours[..], &double.theirs[..]) else {
        return None;
    };
    if matches!(how, Try::WideLast | Try::Wide)
        || profile::is_placed(ours.block, ours.entry)
        || !weave::same_entry(ours.entry, theirs.entry)
    {
        return None;
    }
    let pairs = if ours_first {
        [(0, ours), (1, theirs)]
    } else {
        [(1, theirs), (0, ours)]
    };
    // What follows may go by it.
    let first_counts = kind.has(Trait::ReadInOrder);
    let kept = usize::from(how == Try::KeepLast && !first_counts);
    let comment = |site: &Site<'t, 'a>| site.entry.lead.trim();
    let gone = pairs[1 - kept];
    let covered = comment(gone.1).is_empty() || comment(gone.1) == comment(pairs[kept].1);
    covered.then_some(gone)
}

/// Whether the text is well formed, with ours in place of every conflict and with theirs.
fn well_formed(judge: &Judge, regions: &[Region]) -> bool {
    let sides: [fn(&Region) -> &[u8]; 2] = [|region| &region.ours, |region| &region.theirs];
    sides.into_iter().all(|side| {
        let texts = regions
            .iter()
            .map(|region| region.merged().unwrap_or_else(|| side(region)));
        let text = texts.collect::<Vec<_>>().concat();
        std::str::from_utf8(&text).is_ok_and(|text| judge.fault(text).is_none())
    })
}

/// Where the regions of one verdict are: bytes of ours, and of theirs.
type Stretches = [Vec<Range<usize>>; 2];

fn stretches(regions: &[Region], verdict: &Verdict) -> Stretches {
    let mut found = [Vec::new(), Vec::new()];
    let mut at = [0; 2];
    for region in regions {
        for (side, text) in [&region.ours, &region.theirs].into_iter().enumerate() {
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
struct Site<'t, 'a> {
    entry: &'t Entry<'a>,
    block: &'t Block<'a>,
    bytes: Range<usize>,
    /// Whether it is this side that changed it.
    own: bool,
}

impl Site<'_, '_> {
    /// Where it starts, apart from what stands above it.
    fn start(&self) -> usize {
        self.bytes.start + self.entry.lead.len()
    }
}

/// The same entry in both sides.
struct Double<'t, 'a> {
    ours: Vec<Site<'t, 'a>>,
    theirs: Vec<Site<'t, 'a>>,
}

/// The entries of one side in the stretches, by what makes them the same.
type Sites<'t, 'a> = Map<(u64, String), Vec<Site<'t, 'a>>>;

fn doubles<'t, 'a>(
    trees: [&'t Block<'a>; 3],
    [by_ours, by_theirs]: &[Stretches; 2],
) -> Vec<Double<'t, 'a>> {
    let mut found = [0, 1].map(|side| {
        let (own, other) = if side == 0 {
            (&by_ours[0], &by_theirs[0])
        } else {
            (&by_theirs[1], &by_ours[1])
        };
        let mut walk = Walk {
            own,
            other,
            at: 0,
            sites: Map::default(),
        };
        walk.block(trees[side + 1], 0);
        walk.sites
    });
    let [ours, theirs] = &mut found;
    let mut keys: Vec<_> = ours
        .keys()
        .filter(|key| theirs.contains_key(*key))
        .cloned()
        .collect();
    keys.sort_unstable();
    let mut counts = Counts::default();
    let mut doubles: Vec<Double> = Vec::new();
    for key in keys {
        let (Some(ours), Some(theirs)) = (ours.remove(&key), theirs.remove(&key)) else {
            continue;
        };
        let own = |sites: &[Site]| sites.iter().filter(|site| site.own).count();
        let (new_ours, new_theirs) = (own(&ours), own(&theirs));
        if new_ours == 0 || new_theirs == 0 {
            continue;
        }
        let all = [&ours[0], &theirs[0]].map(|site| counts.of(site.block, &key.1));
        // Ours, with what theirs made of the stretches that only theirs changed.
        let result = all[0] - (ours.len() - new_ours) + new_theirs;
        if result > all[0].max(all[1]) {
            let own =
                |sites: Vec<Site<'t, 'a>>| sites.into_iter().filter(|site| site.own).collect();
            doubles.push(Double {
                ours: own(ours),
                theirs: own(theirs),
            });
        }
    }
    outermost(doubles)
}

/// Without those that are part of another one.
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
                if let Some(identity) = profile::identity(block, entry) {
                    *counts.entry(identity).or_default() += 1;
                }
            }
            counts
        });
        counts.get(identity).copied().unwrap_or(0)
    }
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
        // By the first line that is its own.
        let at = bytes.start + entry.lead.len();
        let own = within(self.own, at, at + 1);
        if !own && !within(self.other, at, at + 1) {
            return;
        }
        if let Some(identity) = profile::identity(block, entry) {
            self.sites.entry((path, identity)).or_default().push(Site {
                entry,
                block,
                bytes,
                own,
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
