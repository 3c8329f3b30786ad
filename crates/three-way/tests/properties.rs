//! What holds for any three texts. `PROPTEST_CASES` sets the number of cases.

use std::collections::BTreeSet;
use std::ops::Range;

use proptest::prelude::*;
use three_way::{Choice, Class, Labels, Merged, Options, Region, Verdict, merge, merge_with};

use super::projects::{PATHS, Triple, rough, triples};

/// Files whose own readers look at any bytes.
const READ: [&str; 4] = ["Dockerfile", "Makefile", "django.po", "tsconfig.json"];

fn of(triple: &Triple) -> Merged {
    merge(
        triple.path,
        triple.base.as_bytes(),
        triple.ours.as_bytes(),
        triple.theirs.as_bytes(),
    )
}

fn applied(triple: &Triple, apply: Class) -> Merged {
    let [base, ours, theirs] = [&triple.base, &triple.ours, &triple.theirs].map(String::as_bytes);
    merge_with(triple.path, base, ours, theirs, Options { apply })
}

fn lines(text: &str) -> BTreeSet<&str> {
    text.lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| line.chars().any(char::is_alphanumeric))
        .collect()
}

fn all(merged: &Merged, choice: Choice) -> Vec<u8> {
    merged.resolve(&vec![choice; merged.regions().len()], &Labels::default())
}

fn parses(path: &str, text: &str) -> bool {
    match path.rsplit('.').next() {
        Some("toml") => text.parse::<toml_edit::DocumentMut>().is_ok(),
        Some("json") => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        Some("yaml") => serde_yaml::from_str::<serde_yaml::Value>(text).is_ok(),
        _ => true,
    }
}

proptest! {
    #[test]
    fn a_side_that_did_not_change_yields([base, other, _] in rough(), path in prop::sample::select([&PATHS[..], &READ].concat())) {
        prop_assert_eq!(merge(path, &base, &base, &other).clean(), Some(other.clone()));
        prop_assert_eq!(merge(path, &base, &other, &base).clean(), Some(other.clone()));
        prop_assert_eq!(merge(path, &base, &other, &other).clean(), Some(other));
    }

    #[test]
    fn any_bytes_merge([base, ours, theirs] in rough(), path in prop::sample::select([&PATHS[..], &READ].concat())) {
        let merged = merge(path, &base, &ours, &theirs);
        prop_assert_eq!(all(&merged, Choice::Ours), ours);
        if !merged.is_binary() {
            let of = |side: fn(&three_way::Region) -> &[u8]| merged.regions().iter().flat_map(side).copied().collect::<Vec<u8>>();
            prop_assert_eq!(all(&merged, Choice::Theirs), of(|region| &region.theirs));
        }
        prop_assert_eq!(merged.clean().is_some(), merged.conflicts() == 0);
        merged.with_markers(&Labels::default());
    }

    #[test]
    fn choosing_one_side_gives_that_side(triple in triples()) {
        let merged = of(&triple);
        prop_assert_eq!(String::from_utf8(all(&merged, Choice::Ours)).unwrap(), triple.ours);
        prop_assert_eq!(String::from_utf8(all(&merged, Choice::Theirs)).unwrap(), triple.theirs);
        prop_assert_eq!(String::from_utf8(all(&merged, Choice::Base)).unwrap(), triple.base);
    }

    #[test]
    fn no_line_is_lost(triple in triples()) {
        let merged = of(&triple);
        let shown = String::from_utf8(merged.with_markers(&Labels::default())).unwrap();
        let (base, ours, theirs, shown) = (lines(&triple.base), lines(&triple.ours), lines(&triple.theirs), lines(&shown));
        // The lower of two pins is named.
        let named = |line: &str| merged.notes().iter().any(|note| note.0.ends_with(&format!("not `{line}`")));
        for line in ours.difference(&base).chain(theirs.difference(&base)) {
            prop_assert!(shown.contains(line) || named(line), "lost {line:?}");
        }
        // Of a line that stands several times, each side may have taken out copies of its own, and together all.
        let stays = |line: &str| copies(&triple.ours, line) + copies(&triple.theirs, line) > copies(&triple.base, line);
        for line in ours.intersection(&theirs).filter(|line| stays(line)) {
            prop_assert!(shown.contains(line), "lost {line:?}");
        }
    }

    #[test]
    fn no_line_comes_back(triple in triples()) {
        // In a file of no known kind, a line that one side moved and the other took out comes back, as with git.
        if triple.path == "notes.txt" {
            return Ok(());
        }
        let merged = of(&triple);
        let Some(text) = merged.clean() else { return Ok(()) };
        let text = String::from_utf8(text).unwrap();
        let (base, ours, theirs) = (lines(&triple.base), lines(&triple.ours), lines(&triple.theirs));
        for line in lines(&text) {
            prop_assert!(!base.contains(line) || ours.contains(line) && theirs.contains(line) || !merged.notes().is_empty()
                || repeated(&triple, line), "revived {line:?}");
            prop_assert!(base.contains(line) || ours.contains(line) || theirs.contains(line), "invented {line:?}");
        }
    }

    #[test]
    fn well_formed_files_stay_so(triple in triples()) {
        for class in [Class::Text, Class::Structural, Class::Policy] {
            let Some(text) = applied(&triple, class).clean() else { continue };
            let text = String::from_utf8(text).unwrap();
            let inputs = [&triple.base, &triple.ours, &triple.theirs];
            prop_assert!(!inputs.into_iter().all(|input| parses(triple.path, input)) || parses(triple.path, &text), "{text}");
        }
    }

    #[test]
    fn the_verdict_is_symmetric(triple in triples()) {
        let swapped = Triple { ours: triple.theirs.clone(), theirs: triple.ours.clone(), ..triple.clone() };
        prop_assert_eq!(of(&triple).is_clean(), of(&swapped).is_clean());
    }

    #[test]
    fn a_second_upgrade_changes_nothing(triple in triples()) {
        let Some(merged) = of(&triple).clean() else { return Ok(()) };
        let again = merge(triple.path, triple.theirs.as_bytes(), &merged, triple.theirs.as_bytes());
        prop_assert_eq!(again.clean(), Some(merged));
    }

    #[test]
    fn rules_touch_conflicts_only(triple in triples()) {
        // In a file of no known kind only the rules of lines are applied, each to one conflict as it stands.
        let (plain, resolved) = (applied(&Triple { path: "notes", ..triple.clone() }, Class::Text), of(&triple));
        let conflicts: Vec<_> = places(&plain).into_iter().filter(|(region, _)| decided(region)).collect();
        for (region, place) in places(&resolved).into_iter().filter(|(region, _)| decided(region)) {
            let touched = conflicts.iter().any(|(_, conflict)| touch(conflict, &place));
            prop_assert!(touched || !resolved.notes().is_empty(), "{region:?} is no conflict of lines");
        }
        // Around them, and so everywhere when there is none, the regions are the merge of lines.
        for region in resolved.regions().iter().filter(|region| !decided(region)) {
            let expected = match (region.base == region.ours, region.base == region.theirs) {
                (true, true) => Verdict::Unchanged,
                (true, false) => Verdict::Theirs,
                (false, true) => Verdict::Ours,
                (false, false) => Verdict::Both,
            };
            prop_assert_eq!(&region.verdict, &expected);
            prop_assert!(expected != Verdict::Both || region.ours == region.theirs);
        }
        // One of two equal entries that both put in goes.
        let dropped = resolved.notes().iter().any(|note| note.0.ends_with("it is kept once"));
        if conflicts.is_empty() && resolved.is_clean() && !dropped {
            prop_assert_eq!(resolved.clean(), plain.clean());
        }
    }

    #[test]
    fn line_ends_are_those_of_ours(triple in triples()) {
        let ours = triple.ours.replace('\n', "\r\n");
        let merged = merge(triple.path, triple.base.as_bytes(), ours.as_bytes(), triple.theirs.as_bytes());
        let plain = of(&triple);
        if triple.ours != triple.base && triple.ours != triple.theirs && triple.base != triple.theirs && triple.ours.contains('\n') {
            let expected = String::from_utf8(plain.with_markers(&Labels::default())).unwrap().replace('\n', "\r\n");
            prop_assert_eq!(String::from_utf8(merged.with_markers(&Labels::default())).unwrap(), expected);
        }
        prop_assert_eq!(String::from_utf8(all(&merged, Choice::Ours)).unwrap(), ours);
    }
}

/// Whether both sides changed a region, and not alike.
fn decided(region: &Region) -> bool {
    region.is_conflict() || region.resolution().is_some()
}

/// Where each region is in each of the three, in bytes.
fn places(merged: &Merged) -> Vec<(&Region, [Range<usize>; 3])> {
    let mut at = [0; 3];
    let mut places = Vec::new();
    for region in merged.regions() {
        let starts = at;
        let sides = [&region.base, &region.ours, &region.theirs];
        for (at, text) in at.iter_mut().zip(sides) {
            *at += text.len();
        }
        places.push((region, [0, 1, 2].map(|side| starts[side]..at[side])));
    }
    places
}

/// Whether two regions have a place in common in one of the three: lines that they share with others may be cut off them.
fn touch(one: &[Range<usize>; 3], other: &[Range<usize>; 3]) -> bool {
    let mut pairs = one.iter().zip(other);
    pairs.any(|(one, other)| one.start <= other.end && other.start <= one.end)
}

/// Lines that stand several times in one version say little about where they belong.
fn repeated(triple: &Triple, line: &str) -> bool {
    [&triple.base, &triple.ours, &triple.theirs]
        .into_iter()
        .any(|text| copies(text, line) > 1)
}

/// How often a line of [`lines`] stands in a text.
fn copies(text: &str, line: &str) -> usize {
    text.lines()
        .filter(|other| other.trim().trim_end_matches(',') == line)
        .count()
}
