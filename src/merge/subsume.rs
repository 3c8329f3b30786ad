//! Conflicts in which one side did all that the other did, and more. Only lines are looked at.

use super::hash::{Map, Set};
use super::lines;
use super::region::{Class, Region, Resolution};
use super::{tokens, version, weave};

/// The side that holds the edits of both, if there is one. White space at the end of a line is no edit worth a conflict.
pub(super) fn resolve(region: &Region) -> Option<Resolution> {
    let [base, ours, theirs] = [&region.base, &region.ours, &region.theirs].map(|text| {
        let lines = lines::split(text).into_iter();
        lines.map(<[u8]>::trim_ascii_end).collect::<Vec<_>>()
    });
    let (text, reason) = if ours == theirs {
        let trailing = |text: &[u8]| {
            lines::split(text)
                .into_iter()
                .map(<[u8]>::len)
                .sum::<usize>()
        };
        let tidy = trailing(&region.theirs) < trailing(&region.ours);
        let text = if tidy { &region.theirs } else { &region.ours };
        (text, "the same but for white space at line ends")
    } else if base == ours {
        (
            &region.theirs,
            "yours differs in white space at line ends only",
        )
    } else if base == theirs {
        (
            &region.ours,
            "the template's differs in white space at line ends only",
        )
    } else if includes(&base, &theirs, &ours) {
        (
            &region.theirs,
            "the template's does what yours does, and more",
        )
    } else if includes(&base, &ours, &theirs) {
        (
            &region.ours,
            "yours does what the template's does, and more",
        )
    } else {
        return None;
    };
    Some(Resolution {
        text: ended(region, text),
        reason: reason.to_string(),
        class: Class::Text,
    })
}

/// One side of a region. A last line without an end is an edit of its own.
pub(super) fn ended(region: &Region, text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    let ends = |text: &[u8]| text.is_empty() || text.ends_with(b"\n");
    let ended = weave::trivial(ends(&region.base), ends(&region.ours), ends(&region.theirs));
    if ended == Some(false) && text.ends_with(b"\n") {
        text.pop();
    } else if ended == Some(true) && !ends(&text) {
        text.push(b'\n');
    }
    text
}

type Lines<'l> = [&'l [u8]];

/// Whether `more` adds every line that `less` adds and takes out every line that it takes out, in the same order.
fn includes(base: &Lines, more: &Lines, less: &Lines) -> bool {
    if !covers(base, more, less) {
        return false;
    }
    let (base_counts, more_counts, less_counts) = (counts(base), counts(more), counts(less));
    let times = |counts: &Map<&[u8], usize>, line: &[u8]| counts.get(line).copied().unwrap_or(0);
    // A line of its own that resembles one that both took out is an edit of it; the other side deleted what was edited.
    let gone = base
        .iter()
        .filter(|line| times(&less_counts, line) < times(&base_counts, line));
    let own = more.iter().filter(|line| {
        let before = times(&base_counts, line);
        times(&more_counts, line).saturating_sub(before)
            > times(&less_counts, line).saturating_sub(before)
    });
    let (gone, own): (Vec<_>, Vec<_>) = (gone.collect(), own.collect());
    // Each is compared with each; a person looks at more than that.
    gone.len() * own.len() <= 10_000
        && gone
            .into_iter()
            .all(|gone| own.iter().all(|own| !alike(gone, own)))
}

/// Whether `more` adds every piece that `less` adds and takes out every piece that it takes out, in the same order.
pub(super) fn covers(base: &Lines, more: &Lines, less: &Lines) -> bool {
    let (base_counts, more_counts, less_counts) = (counts(base), counts(more), counts(less));
    let added = |counts: &Map<&[u8], usize>, line: &[u8]| {
        let before = base_counts.get(line).copied().unwrap_or(0);
        let after = counts.get(line).copied().unwrap_or(0);
        (after.saturating_sub(before), before.saturating_sub(after))
    };
    let all: Set<&[u8]> = [base, more, less].concat().into_iter().collect();
    let within = all.iter().all(|line| {
        let (more, less) = (added(&more_counts, line), added(&less_counts, line));
        less.0 <= more.0 && less.1 <= more.1
    });
    if !within {
        return false;
    }
    // What the larger side took out besides is no longer to be found in it.
    let mut rest = more.iter();
    let kept = less.iter().filter(|line| added(&more_counts, line).1 == 0);
    kept.into_iter().all(|line| rest.any(|other| other == line))
}

fn counts<'l>(lines: &Lines<'l>) -> Map<&'l [u8], usize> {
    let mut counts = Map::default();
    for line in lines {
        *counts.entry(*line).or_default() += 1;
    }
    counts
}

/// Whether two lines share more than half of their words, whatever the numbers and versions beside them.
fn alike(one: &[u8], other: &[u8]) -> bool {
    let [one, other] = [one, other].map(|line| version::blurred(&String::from_utf8_lossy(line)));
    let words = |line: &str| {
        tokens::said(line)
            .map(|(word, _)| word.to_string())
            .filter(|word| word.contains(char::is_alphabetic))
            .collect::<Set<_>>()
    };
    let (one, other) = (words(&one), words(&other));
    let shared = one.intersection(&other).count();
    shared * 2 > one.len().max(other.len())
}

#[cfg(test)]
mod tests {
    use crate::merge::Class;
    use crate::merge::tests::both_ways;

    #[track_caller]
    fn check(base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        both_ways("x.txt", Class::Structural, [base, ours, theirs], expected);
    }

    #[test]
    fn takes_another_line_in_place_of_those_that_both_took_out() {
        let base = "from web.utils.text import slug\nfrom web.forms import Form\n";
        let other = "from web.utils.dates import parse\n";
        check(
            &format!("{base}\n"),
            "\n",
            &format!("{other}\n"),
            Some(&format!("{other}\n")),
        );
    }

    #[test]
    fn leaves_an_edit_of_what_the_other_side_took_out() {
        check(
            "a\n\"pin\": \"1.0\"\nz\n",
            "a\nz\n",
            "a\n\"pin\": \"2.0\"\nz\n",
            None,
        );
        check("a\nrun x y z\nz\n", "a\nz\n", "a\nrun x y w\nz\n", None);
    }
}
