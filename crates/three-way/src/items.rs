//! Conflicts of prose in which both sides add items to one list.

use std::collections::HashSet;

use super::reason::Reason;
use super::region::{Class, Region, Resolution};
use super::{lines, three};

/// The items of both, the template's first: what a project adds to a list stands behind what it was given.
///
/// They are put together only where nothing but blank lines was there before, and no line is in both.
pub(super) fn resolve(region: &Region) -> Option<Resolution> {
    let [base, ours, theirs] =
        [&region.base, &region.ours, &region.theirs].map(|text| lines::split(text));
    let said = |lines: &[&[u8]]| lines.iter().filter(|line| !lines::is_blank(line)).count();
    if said(&base) > 0 || marker(&ours)? != marker(&theirs)? {
        return None;
    }
    let known: HashSet<&[u8]> = ours
        .iter()
        .copied()
        .filter(|line| !lines::is_blank(line))
        .collect();
    if theirs.iter().any(|line| known.contains(line)) {
        return None;
    }
    let (first, their_end) = split_end(&theirs);
    let (second, our_end) = split_end(&ours);
    let end = three::trivial(base.as_slice(), our_end, their_end).unwrap_or(our_end);
    let mut text = first.concat();
    if !text.ends_with(b"\n") {
        return None;
    }
    text.extend(second.concat());
    if !text.ends_with(b"\n") {
        // This is the last line of the file, which ours left without an end.
        return None;
    }
    text.extend(end.concat());
    Some(Resolution {
        text,
        reasons: vec![Reason::Items],
        class: Class::Structural,
    })
}

/// The sign and the indent of the items, if the lines are items and their continuations, with no blank line between. A
/// continuation is indented deeper, or begins with a word.
fn marker<'l>(lines: &[&'l [u8]]) -> Option<&'l [u8]> {
    let (items, _) = split_end(lines);
    let first = bullet(items.first()?)?;
    let indent = first.len() - first.trim_ascii_start().len();
    items
        .iter()
        .all(|line| {
            let deeper = line.len() - line.trim_ascii_start().len() > indent;
            let word = line.first().is_some_and(u8::is_ascii_alphabetic);
            !lines::is_blank(line) && (deeper || word || bullet(line) == Some(first))
        })
        .then_some(first)
}

/// The indent and sign of a line that begins an item.
fn bullet<'l>(line: &&'l [u8]) -> Option<&'l [u8]> {
    let indent = line.len() - line.trim_ascii_start().len();
    match line.get(indent..indent + 2)? {
        b"- " | b"* " | b"+ " => Some(&line[..=indent]),
        _ => None,
    }
}

/// The lines, and the blank ones at their end.
fn split_end<'s, 'l>(lines: &'s [&'l [u8]]) -> (&'s [&'l [u8]], &'s [&'l [u8]]) {
    let said = lines.iter().rposition(|line| !lines::is_blank(line));
    lines.split_at(said.map_or(0, |last| last + 1))
}
