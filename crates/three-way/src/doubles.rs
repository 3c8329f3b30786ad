//! Entries that both sides put in, at different places: a merge of lines has them twice, and clean.
//!
//! Equal ones are kept once, at the first of the two places. Two that differ are two conflicts that span nothing but the
//! two entries, each against nothing: so each side can still be taken whole. No rule touches such a conflict any more, since
//! it has a suggestion: ours. What a side has twice by itself stays.

use super::cuts::{self, Cut, Places};
use super::facts::Fault;
use super::hash::Set;
use super::judge::Judge;
use super::kinds::{Kind, Trait};
use super::profile;
use super::put_in::{self, Double, Site};
use super::reason::Reason;
use super::region::{Note, Region, Text, Verdict};
use super::{lines, structure, weave};

/// Takes what both put in apart.
///
/// Where only lines that touch keep one of two such entries in a conflict, the conflict is cut first.
pub(super) fn resolve(judge: &Judge, regions: Vec<Region>) -> Apart {
    // There is nothing to cut where each side has one line, but for two that were put in.
    let cuttable = |region: &Region| {
        let texts = [&region.base, &region.ours, &region.theirs];
        let is_long = texts.into_iter().any(|text| lines::count(text) > 1);
        region.verdict == Verdict::Conflict(None) && (is_long || region.base.is_empty())
    };
    let cut = regions.iter().any(cuttable);
    let cut = cut.then(|| structure::cut(judge, &regions)).flatten();
    let found = match cut {
        Some(cut) => {
            let doubles = Found::of(judge, &cut);
            if doubles.is_none() {
                return (regions, Vec::new());
            }
            doubles.and_then(|found| found.apart(judge, &cut, rejoined))
        }
        None => None,
    };
    let uncut = || Found::of(judge, &regions)?.apart(judge, &regions, |found| found);
    found.or_else(uncut).unwrap_or((regions, Vec::new()))
}

/// The entries that both sides put in.
struct Found<'t, 'a>(Vec<Double<'t, 'a>>);

impl<'t, 'a> Found<'t, 'a> {
    /// What both sides put in; `None` where there is nothing.
    fn of(judge: &'t Judge<'a>, regions: &[Region]) -> Option<Self> {
        let changes =
            [Verdict::Ours, Verdict::Theirs].map(|verdict| put_in::stretches(regions, &verdict));
        if changes
            .iter()
            .any(|changes| changes.iter().all(Vec::is_empty))
        {
            return None;
        }
        let doubles = put_in::doubles(judge.texts()[0], judge.roots()?, &changes);
        (!doubles.is_empty()).then_some(Self(doubles))
    }

    /// Takes it apart; `finish` is what is done to the result before it is looked at.
    fn apart(
        &self,
        judge: &Judge,
        regions: &[Region],
        finish: fn(Apart) -> Apart,
    ) -> Option<Apart> {
        let places = Places::of(regions);
        let ways = [Try::KeepFirst, Try::KeepLast, Try::WideLast, Try::Wide];
        ways.into_iter().find_map(|how| {
            let (cuts, notes) = cuts(judge.kind(), &places, &self.0, how);
            let apart = cuts::apply(regions, cuts)?;
            let keeps = || {
                let kept_once = |region: &Region| matches!(region.verdict, Verdict::Resolved(_));
                let dropped = apart.iter().any(kept_once);
                !dropped || !lacks_more(judge, regions, &apart)
            };
            if !keeps() {
                return None;
            }
            // Insertions at one place have a comma between them only once they are one conflict.
            let kept = matches!(how, Try::KeepFirst | Try::KeepLast);
            if !kept && !well_formed(judge, &apart) {
                return None;
            }
            let (apart, notes) = finish((apart, notes));
            well_formed(judge, &apart).then_some((apart, notes))
        })
    }
}

/// The regions with what both put in taken apart, and what must be said about it.
type Apart = (Vec<Region>, Vec<Note>);

/// The regions with insertions at one place as the one conflict that they are, and the notes, if they still say anything.
fn rejoined((regions, notes): Apart) -> Apart {
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
    /// The last one is kept; it has no comma behind it.
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
    // What follows may go by the first one.
    let first_counts = kind.has(Trait::ReadInOrder);
    let kept = usize::from(how == Try::KeepLast && !first_counts);
    let comment = |site: &Site<'t, 'a>| site.entry.lead.trim();
    let gone = pairs[1 - kept];
    let covered = comment(gone.1).is_empty() || comment(gone.1) == comment(pairs[kept].1);
    covered.then_some(gone)
}

/// Whether a text lacks something since entries were kept once, with what either side put in in place of every
/// conflict: then they were two.
fn lacks_more(judge: &Judge, before: &[Region], after: &[Region]) -> bool {
    let lacks = |regions: &[Region]| {
        let faults = judge.faults(&read(regions, what_is_put_in)?)?;
        let lacks = faults.into_iter().filter_map(|fault| match fault {
            Fault::Lacks(what) => Some(what),
            _ => None,
        });
        Some(lacks.collect::<Set<_>>())
    };
    match (lacks(before), lacks(after)) {
        (Some(before), Some(after)) => !after.is_subset(&before),
        _ => false,
    }
}

fn what_is_put_in(region: &Region) -> &[u8] {
    if region.ours.is_empty() {
        &region.theirs
    } else {
        &region.ours
    }
}

/// The text with one side in place of every conflict.
fn read(regions: &[Region], side: fn(&Region) -> &[u8]) -> Option<String> {
    let texts = regions
        .iter()
        .map(|region| region.merged().unwrap_or_else(|| side(region)));
    String::from_utf8(texts.collect::<Vec<_>>().concat()).ok()
}

/// Whether the text is well formed, with ours in place of every conflict and with theirs.
fn well_formed(judge: &Judge, regions: &[Region]) -> bool {
    let sides: [fn(&Region) -> &[u8]; 2] = [|region| &region.ours, |region| &region.theirs];
    sides
        .into_iter()
        .all(|side| read(regions, side).is_some_and(|text| judge.fault(&text).is_none()))
}
