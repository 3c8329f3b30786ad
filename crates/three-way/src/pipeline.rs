//! The order in which the rules get their turn.

use super::facts::Fault;
use super::judge::{Check, Judge};
use super::kinds::{Kind, Trait};
use super::reason::Reason;
use super::region::{self, Class, Note, Region, Resolution, Verdict};
use super::window::Window;
use super::{
    Options, carried, comma, doubles, items, lines, misplaced, pins, relaid, revived, sections,
    structure, subsume, suggested, taken_in, text, three, twice, values, version, words,
};

/// Merges three texts of one line end, none of them equal to another.
pub(super) fn run(
    kind: Option<Kind>,
    sides: [&[u8]; 3],
    options: Options,
) -> (Vec<Region>, Vec<Note>) {
    let [base, ours, theirs] = sides;
    let ways = text::ways(base, ours, theirs);
    let texts = sides.map(|side| std::str::from_utf8(side).ok());
    let kind = kind.and_then(|kind| kind.of_all(texts));
    let (regions, notes) = in_one_layout(kind, texts, ways, options);
    match (kind, texts) {
        (Some(kind), [Some(base), Some(ours), Some(theirs)]) => {
            (comma::set_apart(kind, [base, ours, theirs], regions), notes)
        }
        _ => (regions, notes),
    }
}

/// Merges three texts, those first brought into one layout of which one differs from the base in layout alone.
fn in_one_layout(
    kind: Option<Kind>,
    texts: [Option<&str>; 3],
    ways: text::Ways,
    options: Options,
) -> (Vec<Region>, Vec<Note>) {
    if let [Some(base), Some(ours), Some(theirs)] = texts
        && let Some(found) = relaid::resolve(kind, [base, ours, theirs], &ways.best, |texts| {
            plain(kind, texts, options)
        })
    {
        return found;
    }
    lined(kind, texts, ways, options)
}

/// Merges three texts in the layout that they have.
fn plain(kind: Option<Kind>, texts: [&str; 3], options: Options) -> (Vec<Region>, Vec<Note>) {
    let [base, ours, theirs] = texts.map(str::as_bytes);
    lined(
        kind,
        texts.map(Some),
        text::ways(base, ours, theirs),
        options,
    )
}

fn lined(
    kind: Option<Kind>,
    texts: [Option<&str>; 3],
    ways: text::Ways,
    options: Options,
) -> (Vec<Region>, Vec<Note>) {
    let (Some(kind), [Some(base), Some(ours), Some(theirs)]) = (kind, texts) else {
        return ruled(kind, None, ways.best, options);
    };
    let texts = [base, ours, theirs];
    let (regions, again) = match ways.first {
        Some(first) if misread(kind, texts, &ways.best) => (first, true),
        _ => (ways.best, false),
    };
    let (regions, mut notes) =
        if kind.has(Trait::Suggests) && regions.iter().any(Region::is_conflict) {
            let by_lines = ruled(None, None, regions.clone(), options);
            suggested::beside(by_lines, structured(kind, texts, regions, options))
        } else {
            structured(kind, texts, regions, options)
        };
    if again {
        let note = "lines that repeat can be matched in two ways, and one of them gave an edit to another copy";
        notes.push(Note(note.into()));
    }
    (regions, notes)
}

/// What the entries of a known kind make of the merge of lines.
fn structured(
    kind: Kind,
    texts: [&str; 3],
    regions: Vec<Region>,
    options: Options,
) -> (Vec<Region>, Vec<Note>) {
    let [base, ..] = texts;
    let tree = kind.parse(base);
    let window = tree
        .as_ref()
        .and_then(|tree| Window::new(kind, base, tree, &regions));
    if let Some(window) = window {
        let judge = Judge::new(kind, window.texts.each_ref().map(String::as_str));
        if judge.roots().is_some_and(|trees| window.fits(trees)) {
            let (regions, notes) = ruled(Some(kind), Some(judge), window.regions.clone(), options);
            if let Some(regions) = window.whole(regions) {
                return (regions, notes);
            }
        }
    }
    let judge = Judge::with_base(kind, texts, tree);
    ruled(Some(kind), Some(judge), regions, options)
}

/// Whether a clean merge of lines that can be aligned in more than one way says what neither side does: then an edit went to
/// another copy of the lines that it is of.
fn misread(kind: Kind, texts: [&str; 3], regions: &[Region]) -> bool {
    let judge = Judge::new(kind, texts);
    let Some(text) = merged(regions) else {
        return false;
    };
    let wrong = judge.faults(&text).is_some_and(|faults| !faults.is_empty());
    // Whether a new section belongs before the settings that it would take in is for a person to say.
    let result = wrong.then(|| kind.parse(&text)).flatten();
    wrong && result.is_none_or(|result| taken_in::open(&judge, &result, regions).is_none())
}

/// What the rules make of the merge of lines.
pub(super) fn ruled(
    kind: Option<Kind>,
    judge: Option<Judge>,
    mut regions: Vec<Region>,
    options: Options,
) -> (Vec<Region>, Vec<Note>) {
    let mut notes = Vec::new();
    if let Some(judge) = &judge {
        let found;
        (regions, found) = values::resolve(judge, regions);
        (regions, notes) = doubles::resolve(judge, regions);
        notes.extend(found);
        let open = |region: &Region| region.verdict == Verdict::Conflict(None);
        let mut stands = false;
        if regions.iter().any(open) {
            (regions, stands) = structure::resolve(judge, regions, options.apply);
        }
        if !stands && !regions.iter().any(Region::is_conflict) {
            let found;
            (regions, found) = checked(judge, regions);
            notes.extend(found);
        }
    }
    let doubtful = suggest(kind, judge.as_ref(), &mut regions);
    region::demote(&mut regions, |resolution| resolution.class > options.apply);
    if let Some(judge) = &judge
        && let Some(whole) = merged(&regions)
        && regions.iter().any(by_policy)
        && (judge.fault(&whole).is_some() || judge.doubles(&whole))
    {
        // The rules of lines know nothing of the kind; those of entries were checked.
        region::demote(&mut regions, |resolution| {
            resolution.class > Class::Structural
        });
    }
    if let Some(judge) = &judge {
        withdraw(judge, &mut regions, doubtful);
        if !regions.iter().any(Region::is_conflict) {
            carried::open(judge, &mut regions, &mut notes);
        }
    }
    revived::open(kind, &mut regions, &mut notes);
    notes.extend(raised(&regions));
    (text::trim(regions), notes)
}

fn by_policy(region: &Region) -> bool {
    matches!(&region.verdict, Verdict::Resolved(resolution) if resolution.class > Class::Structural)
}

/// What is to be said of pins that both sides raised.
fn raised(regions: &[Region]) -> impl Iterator<Item = Note> {
    let taken = regions.iter().filter_map(|region| match &region.verdict {
        Verdict::Resolved(one) if one.class == Class::Pin => Some((region, &one.text)),
        _ => None,
    });
    taken.flat_map(|(region, text)| {
        let sides = [&region.base, &region.ours, &region.theirs, text.as_slice()];
        pins::taken(&sides.map(String::from_utf8_lossy))
            .into_iter()
            .map(Note)
    })
}

/// What the lines of a conflict suggest. In a known kind, what its facts contradict is only suggested; gives the places of
/// that, and of what nobody judged.
fn suggest(kind: Option<Kind>, judge: Option<&Judge>, regions: &mut [Region]) -> Vec<usize> {
    let mut doubtful = Vec::new();
    for (rule, check) in [
        (subsume::resolve as fn(&Region) -> _, Check::Facts),
        (newer_lines, Check::Facts),
        (words::included, Check::Excess),
    ] {
        let unsound = |regions: &[Region]| match judge {
            Some(judge) => judge.stands(regions, check) == Some(false),
            None => kind.is_some(),
        };
        let open = |region: &Region| region.verdict == Verdict::Conflict(None);
        let found = regions
            .iter()
            .enumerate()
            .filter(|(_, region)| open(region));
        let found: Vec<_> = found
            .filter_map(|(at, region)| Some((at, rule(region)?)))
            .collect();
        for (at, resolution) in &found {
            regions[*at].verdict = Verdict::Resolved(resolution.clone());
        }
        if found.is_empty() || !unsound(regions) {
            continue;
        }
        for (at, _) in &found {
            region::demote(&mut regions[*at..=*at], |_| true);
            doubtful.push(*at);
        }
        if (2..=MANY).contains(&found.len()) {
            // All of them together do not stand; some may do by themselves.
            for (at, _) in &found {
                regions[*at].verdict = Verdict::Conflict(None);
            }
            for (at, resolution) in found {
                regions[at].verdict = Verdict::Resolved(resolution);
                if unsound(regions) {
                    region::demote(&mut regions[at..=at], |_| true);
                }
            }
        }
    }
    for at in 0..regions.len() {
        if regions[at].verdict != Verdict::Conflict(None) {
            continue;
        }
        let prose = kind
            .is_some_and(|kind| kind.has(Trait::Prose))
            .then(|| items::resolve(&regions[at]).or_else(|| sections::resolve(regions, at)));
        // A value of these that neither side has would be a third one.
        let valued = kind.is_some_and(|kind| kind.has(Trait::Values));
        let words = || (!valued).then(|| words::resolve(&regions[at])).flatten();
        let found = prose.flatten().or_else(words);
        if let Some(resolution) = found.or_else(|| side_by_side(&regions[at])) {
            regions[at].verdict = Verdict::Resolved(resolution);
            doubtful.push(at);
        }
    }
    doubtful
}

/// Takes back the suggestions at `doubtful` that would make a file which is not well formed, or which has something
/// twice.
fn withdraw(judge: &Judge, regions: &mut [Region], mut doubtful: Vec<usize>) {
    doubtful.sort_unstable();
    doubtful.dedup();
    doubtful.retain(|at| matches!(regions[*at].verdict, Verdict::Conflict(Some(_))));
    let many = doubtful.len() > MANY;
    for at in doubtful {
        let verdict = regions[at].verdict.clone();
        promote(&mut regions[at]);
        let sound = !many && judge.stands(regions, Check::Form) != Some(false);
        regions[at].verdict = if sound {
            verdict
        } else {
            Verdict::Conflict(None)
        };
    }
}

/// Makes a resolution of a suggestion.
fn promote(region: &mut Region) {
    region.verdict = match std::mem::replace(&mut region.verdict, Verdict::Unchanged) {
        Verdict::Conflict(Some(suggestion)) => Verdict::Resolved(suggestion),
        verdict => verdict,
    };
}

/// From so many resolutions on they are no longer checked one by one.
const MANY: usize = 12;

/// The text of regions without a conflict.
fn merged(regions: &[Region]) -> Option<String> {
    String::from_utf8(region::merged(regions)?).ok()
}

/// Both sides' edits, where they only touch. Where there was nothing, two insertions touch and may well be one.
fn side_by_side(region: &Region) -> Option<Resolution> {
    if lines::is_blank(&region.base) {
        return None;
    }
    Some(touching(text::side_by_side(region)?, Class::Guess))
}

fn touching(text: Vec<u8>, class: Class) -> Resolution {
    Resolution {
        text,
        reasons: vec![Reason::Touching],
        class,
    }
}

/// A clean merge of lines, if it is well formed; otherwise one conflict. What it brings back is left open, and what else it
/// doubles or undoes is noted.
fn checked(judge: &Judge, mut regions: Vec<Region>) -> (Vec<Region>, Vec<Note>) {
    let Some(merged) = merged(&regions) else {
        return (regions, Vec::new());
    };
    if let Some(error) = judge.fault(&merged) {
        let [base, ours, theirs] = judge.texts().map(str::as_bytes);
        let name = judge.kind().name();
        let note = format!("the merged text is not valid {name}: {error}");
        return (
            vec![Region::new(base, ours, theirs, Verdict::Conflict(None))],
            vec![Note(note)],
        );
    }
    let faults = judge.faults(&merged).unwrap_or_default();
    // Where the facts are right, nothing is at a wrong place or there twice.
    let result = (!faults.is_empty())
        .then(|| judge.kind().parse(&merged))
        .flatten();
    if let Some(found) = result
        .as_ref()
        .and_then(|result| taken_in::open(judge, result, &regions))
    {
        return found;
    }
    let mut notes = Vec::new();
    if let Some(result) = &result {
        misplaced::open(judge, result, &faults, &mut regions, &mut notes);
    }
    let (back, others): (Vec<_>, Vec<_>) = faults
        .into_iter()
        .partition(|fault| matches!(fault, Fault::Revives(_)) && fault.is_too_much());
    let back = back.into_iter().map(Fault::into_shown).collect();
    notes.extend(others.iter().map(|fault| Note(fault.describe())));
    if let Some(result) = result {
        twice::open(judge, &result, &mut regions, &mut notes);
    }
    let rest = revived::open_at(&mut regions, back, &mut notes);
    notes.extend(
        rest.into_iter()
            .map(|line| Note(Fault::Revives(line).describe())),
    );
    (regions, notes)
}

/// Lines that pair up and differ, where both sides changed one, in versions only.
fn newer_lines(region: &Region) -> Option<Resolution> {
    let [base, ours, theirs] =
        [&region.base, &region.ours, &region.theirs].map(|text| lines::split(text));
    if base.is_empty() || base.len() != ours.len() || base.len() != theirs.len() {
        return None;
    }
    let mut text = Vec::with_capacity(region.ours.len());
    let mut class = None;
    let mut paired = false;
    for ((base, ours), theirs) in base.into_iter().zip(ours).zip(theirs) {
        let line = if let Some(line) = three::trivial(base, ours, theirs) {
            paired |= line != base;
            line
        } else {
            let [base, ours, theirs] =
                [base, ours, theirs].map(|line| std::str::from_utf8(line).ok());
            let (newer, presumed) = version::newer(base, ours?, theirs?)?;
            class = class.max(Some(presumed));
            newer.as_bytes()
        };
        text.extend_from_slice(line);
    }
    let Some(class) = class else {
        return Some(touching(text, Class::Policy));
    };
    // That lines which one side changed beside the pin go together one by one is presumed, too.
    let class = if paired {
        class.max(Class::Policy)
    } else {
        class
    };
    Some(Resolution {
        text,
        reasons: vec![version::reason(class)],
        class,
    })
}
