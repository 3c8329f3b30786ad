//! Conflicts in which one side did all that the other did, and more. Only lines are looked at.

use super::hash::{Map, Set};
use super::lines;
use super::reason::Reason;
use super::region::{Class, Region, Resolution};
use super::three;

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
        (text, Reason::SameButForLineEnds)
    } else if base == ours {
        (&region.theirs, Reason::OursIsLineEnds)
    } else if base == theirs {
        (&region.ours, Reason::TheirsIsLineEnds)
    } else if worded(&base).eq(worded(&ours)) {
        (&region.theirs, Reason::OursIsBlankLines)
    } else if worded(&base).eq(worded(&theirs)) {
        (&region.ours, Reason::TheirsIsBlankLines)
    } else {
        return larger(region, [&base, &ours, &theirs]);
    };
    Some(Resolution {
        text: ended(region, text),
        reasons: vec![reason],
        class: Class::Text,
    })
}

/// The lines that are not blank.
fn worded<'r, 'l>(lines: &'r Lines<'l>) -> impl Iterator<Item = &'r &'l [u8]> {
    lines.iter().filter(|line| !line.is_empty())
}

/// The side that did all that the other one did.
fn larger(region: &Region, [base, ours, theirs]: [&Lines; 3]) -> Option<Resolution> {
    let (text, reason, includes) = if let Some(includes) = includes(base, theirs, ours) {
        let reason = Reason::TheirsDoesMore;
        (&region.theirs, reason, includes)
    } else {
        let reason = Reason::OursDoesMore;
        (&region.ours, reason, includes(base, ours, theirs)?)
    };
    Some(Resolution {
        text: ended(region, text),
        reasons: vec![reason],
        class: match includes {
            Includes::Surely => Class::Text,
            Includes::Perhaps => Class::Guess,
        },
    })
}

/// One side of a region with the end of its last line: a last line without an end is an edit of its own.
pub(super) fn ended(region: &Region, text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    let ends = |text: &[u8]| text.is_empty() || text.ends_with(b"\n");
    let ended = three::trivial(ends(&region.base), ends(&region.ours), ends(&region.theirs));
    if ended == Some(false) && text.ends_with(b"\n") {
        text.pop();
    } else if ended == Some(true) && !ends(&text) {
        text.push(b'\n');
    }
    text
}

type Lines<'l> = [&'l [u8]];

/// How sure it is that one side holds the edits of the other.
enum Includes {
    Surely,
    /// Both took lines out, and one of them put others of that sort in: these may be what became of lines that the other one
    /// deleted. Or what both put in stands elsewhere beside what one of them replaced.
    Perhaps,
}

/// Whether `more` adds every line that `less` adds and takes out every line that it takes out, and neither moved any.
fn includes(base: &Lines, more: &Lines, less: &Lines) -> Option<Includes> {
    if !covers(base, more, less) || !in_order(base, more) || !in_order(base, less) {
        return None;
    }
    let (base_counts, more_counts, less_counts) = (counts(base), counts(more), counts(less));
    let times = |counts: &Map<&[u8], usize>, line: &[u8]| counts.get(line).copied().unwrap_or(0);
    let said = |line: &[u8]| !lines::is_blank(line);
    // What a comment became is a comment, and what another line became is none.
    let comment = |line: &[u8]| line.trim_ascii_start().starts_with(b"#");
    let gone = |comments: bool| {
        let mut lines = base_counts.iter();
        lines.any(|(line, before)| {
            said(line) && comment(line) == comments && times(&less_counts, line) < *before
        })
    };
    let own = |comments: bool| {
        more_counts.iter().any(|(line, after)| {
            let before = times(&base_counts, line);
            said(line)
                && comment(line) == comments
                && after.saturating_sub(before) > times(&less_counts, line).saturating_sub(before)
        })
    };
    let replaced = [false, true]
        .into_iter()
        .any(|kind| gone(kind) && own(kind));
    Some(if replaced || displaced(base, more, less) {
        Includes::Perhaps
    } else {
        Includes::Surely
    })
}

/// Whether a line that both put in stands on the one side of lines which `more` replaced, and on the other side of what these
/// became.
fn displaced(base: &Lines, more: &Lines, less: &Lines) -> bool {
    let sets = [base, more, less].map(|lines| lines.iter().copied().collect::<Set<&[u8]>>());
    let [in_base, in_more, in_less] = &sets;
    let ends = |lines: &Lines, wanted: &dyn Fn(&[u8]) -> bool| {
        let wanted = |line: &&[u8]| !lines::is_blank(line) && wanted(line);
        let first = lines.iter().position(&wanted)?;
        let last = lines.iter().rposition(wanted)?;
        Some((first, last))
    };
    let was = ends(less, &|line| {
        in_base.contains(line) && !in_more.contains(line)
    });
    let is = ends(more, &|line| {
        !in_base.contains(line) && !in_less.contains(line)
    });
    let (Some(was), Some(is)) = (was, is) else {
        return false;
    };
    let side = |at: usize, (first, last): (usize, usize)| match (at < first, at > last) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    less.iter().enumerate().any(|(at, line)| {
        let both = !in_base.contains(line) && !lines::is_blank(line);
        let other = more.iter().position(|other| other == line);
        let (then, now) = (side(at, was), other.and_then(|at| side(at, is)));
        both && (then.is_none() || then != now)
    })
}

/// Whether the lines that a side has from the base are there in the order of the base.
fn in_order(base: &Lines, side: &Lines) -> bool {
    let mut places: Map<&[u8], Vec<usize>> = Map::default();
    for (at, line) in base.iter().enumerate().rev() {
        places.entry(line).or_default().push(at);
    }
    // The side has more of these lines than the base: some of them are its own.
    let mut spare = counts(side);
    for line in base {
        if let Some(spare) = spare.get_mut(line) {
            *spare = spare.saturating_sub(1);
        }
    }
    let mut next = 0;
    side.iter().all(|line| {
        let Some(places) = places.get_mut(line) else {
            return true;
        };
        while places.pop_if(|at| *at < next).is_some() {}
        if let Some(at) = places.pop() {
            next = at + 1;
            return true;
        }
        let Some(spare) = spare.get_mut(line).filter(|spare| **spare > 0) else {
            return false;
        };
        *spare -= 1;
        true
    })
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

#[cfg(test)]
mod tests {
    use crate::Class;
    use crate::tests::both_ways;

    #[track_caller]
    fn check(base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        both_ways("x.txt", Class::Structural, [base, ours, theirs], expected);
    }

    #[test]
    fn leaves_another_line_in_place_of_those_that_both_took_out() {
        let base = "from web.utils.text import slug\nfrom web.forms import Form\n";
        let other = "from web.utils.dates import parse\n";
        check(&format!("{base}\n"), "\n", &format!("{other}\n"), None);
        // Two words that have nothing in common are an edit, too.
        check("a\nUSER root\nz\n", "a\nz\n", "a\nUSER app\nz\n", None);
    }

    #[test]
    fn blank_lines_yield_to_an_edit() {
        check("a\nz\n", "a\n\nz\n", "a\nx = 3\nz\n", Some("a\nx = 3\nz\n"));
        check(
            "a\n\nz\n",
            "a\n\n\nz\n",
            "a\n\nx = 3\nz\n",
            Some("a\n\nx = 3\nz\n"),
        );
        check("a\nb c\nz\n", "a\n\nb c\nz\n", "a\nz\n", Some("a\nz\n"));
    }

    #[test]
    fn leaves_what_one_side_moved_and_the_other_took_out() {
        check("a\nb\nc\n", "a\nc\n", "b\na\nc\n", None);
        check("a\nb\nc\n", "c\nb\n", "b\n", None);
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
