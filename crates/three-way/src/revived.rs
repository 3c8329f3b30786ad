//! What one side took out and the other one moved.
//!
//! To lines a move is a deletion in one place and an insertion in another. Where the other side deleted the same lines, the
//! deletion is common to both and the insertion stands alone: what one side took out would be back, and nobody was asked.

use memchr::memmem;

use super::hash::{Map, Set};
use super::kinds::{Kind, Trait};
use super::lines;
use super::region::{Class, Note, Region, Verdict};

/// Makes a conflict of each region that brings lines back, and says so.
///
/// Only of lines with words in them that the base has once: others say little about where they belong. Where what was taken
/// out is itself open still, a person looks at it anyway.
pub(super) fn open(kind: Option<Kind>, regions: &mut [Region], notes: &mut Vec<Note>) {
    let mut counts: Map<Vec<u8>, [usize; 3]> = Map::default();
    for region in regions.iter().filter(|region| changed(region)) {
        let sides = [&region.base, &region.ours, &region.theirs];
        for (side, text) in sides.into_iter().enumerate() {
            for line in said(text) {
                match counts.get_mut(line) {
                    Some(counts) => counts[side] += 1,
                    None => drop(counts.insert(line.to_vec(), one(side))),
                }
            }
        }
    }
    for region in regions.iter_mut().filter(|region| by_lines(region)) {
        if let Some(line) = moved_away(region, &counts) {
            region.verdict = Verdict::Conflict(None);
            notes.push(Note(format!(
                "`{}` was edited by one side and moved by the other",
                name(&line)
            )));
        }
    }
    open_replaced(regions, &counts, notes);
    open_twice(regions, &counts, notes);
    if kind.is_none_or(|kind| kind.has(Trait::Prose)) {
        open_put_in(regions, &counts, notes);
    }
    let moved = |counts: &[usize; 3]| matches!(counts, [1, 0, 1] | [1, 1, 0]);
    if !counts.values().any(moved) {
        return;
    }
    let undecided: Set<Vec<u8>> = regions
        .iter()
        .filter(|region| region.is_conflict())
        .flat_map(|region| said(&region.base))
        .map(<[u8]>::to_vec)
        .collect();
    for region in regions.iter_mut().filter(|region| changed(region)) {
        let back = |line: &&[u8]| {
            counts.get(*line).is_some_and(moved)
                && !undecided.contains(*line)
                && !said(&region.base).any(|known| known == *line)
        };
        let found = region
            .merged()
            .and_then(|text| said(text).find(back))
            .map(|line| String::from_utf8_lossy(line).into_owned());
        if let Some(line) = found {
            region.verdict = Verdict::Conflict(None);
            notes.push(note(&line));
        }
    }
}

/// Makes a conflict of each region that brings a line which both sides moved, to different places.
fn open_twice(regions: &mut [Region], counts: &Map<Vec<u8>, [usize; 3]>, notes: &mut Vec<Note>) {
    let mut seen: Map<&[u8], usize> = Map::default();
    let regions_of_edits = regions.iter().filter(|region| changed(region));
    for line in regions_of_edits.filter_map(Region::merged).flat_map(said) {
        if let Some((line, [1, 1, 1])) = counts.get_key_value(line) {
            *seen.entry(line).or_default() += 1;
        }
    }
    let mut twice: Vec<&[u8]> = seen
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .map(|(line, _)| line)
        .collect();
    twice.sort_unstable();
    for line in twice {
        if !open_line(regions, line) {
            continue;
        }
        let line = String::from_utf8_lossy(line);
        notes.push(Note(format!(
            "`{}` was moved by both sides, to different places",
            name(&line)
        )));
    }
}

/// Makes a conflict of each region that brings a line; whether there is one.
pub(super) fn open_line(regions: &mut [Region], line: &[u8]) -> bool {
    let has = |text: &[u8]| said(text).any(|own| own == line);
    let mut opened = false;
    for region in regions.iter_mut().filter(|region| changed(region)) {
        if !has(&region.base) && region.merged().is_some_and(has) {
            region.verdict = Verdict::Conflict(None);
            opened = true;
        }
    }
    opened
}

/// Makes a conflict of each region in which one side put in nothing but what the other side put in at another place, where no
/// kind tells what an entry is: lines that begin at the margin, so that nothing but the file holds them.
fn open_put_in(regions: &mut [Region], counts: &Map<Vec<u8>, [usize; 3]>, notes: &mut Vec<Note>) {
    let put_in = |region: &Region| -> Option<Vec<Vec<u8>>> {
        let text = match region.verdict {
            Verdict::Ours => &region.ours,
            Verdict::Theirs => &region.theirs,
            _ => return None,
        };
        let at_margin = |line: &&[u8]| lines::is_blank(line) || !line.starts_with(b" ");
        let new = said(&region.base).next().is_none();
        let flat = new && lines::split(text).iter().all(at_margin);
        let found: Vec<Vec<u8>> = said(text).map(<[u8]>::to_vec).collect();
        let by_both = |line: &Vec<u8>| counts.get(line.as_slice()) == Some(&[0, 1, 1]);
        (flat && !found.is_empty() && found.iter().all(by_both)).then_some(found)
    };
    let found: Vec<(usize, Vec<Vec<u8>>)> = (0..regions.len())
        .filter_map(|at| Some((at, put_in(&regions[at])?)))
        .collect();
    for (at, lines) in found {
        if regions[at].is_conflict() {
            continue;
        }
        let again = |other: &Region| {
            let said: Set<&[u8]> = other.merged().map(said).into_iter().flatten().collect();
            lines.iter().all(|line| said.contains(line.as_slice()))
        };
        let own = regions[at].verdict.clone();
        let twice = regions
            .iter()
            .any(|other| changed(other) && other.verdict != own && again(other));
        if twice {
            regions[at].verdict = Verdict::Conflict(None);
            let line = String::from_utf8_lossy(&lines[0]);
            notes.push(Note(format!(
                "`{}` was put in by both sides, at different places",
                name(&line)
            )));
        }
    }
}

/// Makes a conflict of each region that brings what one of two sides made of a line that both replaced, at other places.
fn open_replaced(regions: &mut [Region], counts: &Map<Vec<u8>, [usize; 3]>, notes: &mut Vec<Note>) {
    let with = |wanted: [usize; 3]| {
        let lines = counts.iter().filter(|(_, counts)| **counts == wanted);
        let mut lines: Vec<&[u8]> = lines.map(|(line, _)| line.as_slice()).collect();
        lines.sort_unstable();
        lines
    };
    let gone = with([1, 0, 0]);
    if gone.is_empty() {
        return;
    }
    let [ours, theirs] = [with([0, 1, 0]), with([0, 0, 1])];
    if gone.len() * (ours.len() + theirs.len()) > MANY {
        return;
    }
    let [ours, theirs] = [ours, theirs].map(Kin::of);
    let mut brought: Map<Vec<u8>, Vec<usize>> = Map::default();
    for (at, region) in regions.iter().enumerate() {
        let text = region.merged().filter(|_| changed(region));
        for line in text.map(said).into_iter().flatten() {
            if matches!(counts.get(line), Some([0, 1, 0] | [0, 0, 1])) {
                brought.entry(line.to_vec()).or_default().push(at);
            }
        }
    }
    for line in gone {
        let others = || {
            counts
                .iter()
                .filter(|(other, counts)| counts[0] > 0 && *other != line)
        };
        if is_empty(line) && others().any(|(other, _)| akin(bare(line), bare(other))) {
            continue;
        }
        let (Some(ours), Some(theirs)) = (ours.to(line), theirs.to(line)) else {
            continue;
        };
        let open: Vec<usize> = [ours, theirs]
            .into_iter()
            .filter_map(|own| {
                let mut at = brought.get(own)?.iter().copied();
                at.find(|at| !regions[*at].is_conflict())
            })
            .collect();
        if open.len() < 2 {
            continue;
        }
        for at in open {
            regions[at].verdict = Verdict::Conflict(None);
        }
        let line = String::from_utf8_lossy(line);
        notes.push(Note(format!(
            "`{}` became something else on each side",
            name(&line)
        )));
    }
}

/// Whether a line ends in a value without text: what other lines begin with, too, does not tell one of them.
fn is_empty(line: &[u8]) -> bool {
    [&b" \"\""[..], b" ''", b"=\"\"", b"=''"]
        .iter()
        .any(|end| line.ends_with(end))
}

/// How many pairs of lines are compared.
const MANY: usize = 100_000;

/// What an item says, without the quotes around it.
fn bare(line: &[u8]) -> &[u8] {
    let quotes = |byte: &u8| b"\"'".contains(byte);
    let line = line.strip_prefix(b"- ").unwrap_or(line);
    let start = line.iter().take_while(|byte| quotes(byte)).count();
    let end = line.iter().rev().take_while(|byte| quotes(byte)).count();
    line.get(start..line.len() - end).unwrap_or_default()
}

/// Lines by how they begin and how they end: those that are akin do one of the two alike.
struct Kin<'l> {
    lines: Vec<&'l [u8]>,
    starts: Map<&'l [u8], Vec<usize>>,
    ends: Map<&'l [u8], Vec<usize>>,
}

impl<'l> Kin<'l> {
    fn of(lines: Vec<&'l [u8]>) -> Self {
        let mut kin = Self {
            lines,
            starts: Map::default(),
            ends: Map::default(),
        };
        for (at, line) in kin.lines.iter().enumerate() {
            if let Some((start, end)) = around(bare(line)) {
                kin.starts.entry(start).or_default().push(at);
                kin.ends.entry(end).or_default().push(at);
            }
        }
        kin
    }

    /// The first of the lines that another one may have become.
    fn to(&self, line: &[u8]) -> Option<&'l [u8]> {
        let line = bare(line);
        let (start, end) = around(line)?;
        let near = [self.starts.get(start), self.ends.get(end)];
        let near = near.into_iter().flatten().flatten().copied();
        let first = near.filter(|at| akin(line, bare(self.lines[*at]))).min()?;
        Some(self.lines[first])
    }
}

/// How a line begins and how it ends; `None`: it is too short to be akin to another one.
fn around(line: &[u8]) -> Option<(&[u8], &[u8])> {
    Some((line.first_chunk::<LEAST>()?, line.last_chunk::<LEAST>()?))
}

/// So many bytes of two lines are the same where they are akin.
const LEAST: usize = 4;

/// Whether one line may be what another one became, both of them [`bare`]: it says all that the other one says, and more, or
/// less.
fn akin(one: &[u8], other: &[u8]) -> bool {
    let (less, more) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    less.len() >= LEAST && (more.starts_with(less) || more.ends_with(less))
}

/// Whether a rule of lines resolved a region.
fn by_lines(region: &Region) -> bool {
    matches!(&region.verdict, Verdict::Resolved(one) if one.class == Class::Text)
}

/// A line that one side moved out of a region which the other side edited: what that edit was about is elsewhere now.
fn moved_away(region: &Region, counts: &Map<Vec<u8>, [usize; 3]>) -> Option<String> {
    let [ours, theirs] = [&region.ours, &region.theirs].map(|text| said(text).collect::<Set<_>>());
    let away = |line: &&[u8]| {
        counts.get(*line) == Some(&[1, 1, 1]) && ours.contains(line) != theirs.contains(line)
    };
    let line = said(&region.base).find(away)?;
    Some(String::from_utf8_lossy(line).into_owned())
}

/// Makes a conflict of each region that brings in one of the lines `back`; gives those for which there is none. What stands
/// within a line, such as an item of a list, is found when no line is.
pub(super) fn open_at(
    regions: &mut [Region],
    back: Vec<String>,
    notes: &mut Vec<Note>,
) -> Vec<String> {
    let same = |own: &[u8], wanted: &[u8]| own == wanted;
    let within = |own: &[u8], wanted: &[u8]| memmem::find(own, wanted).is_some();
    let rest = open_where(regions, back, notes, same);
    open_where(regions, rest, notes, within)
}

fn open_where(
    regions: &mut [Region],
    back: Vec<String>,
    notes: &mut Vec<Note>,
    matches: fn(&[u8], &[u8]) -> bool,
) -> Vec<String> {
    let mut rest = back;
    for region in regions.iter_mut().filter(|region| changed(region)) {
        let brings = |line: &String| {
            let wanted = trimmed(line.as_bytes());
            let has = |text: &[u8]| said(text).any(|own| matches(own, wanted));
            let text = region.merged().unwrap_or_default();
            !wanted.is_empty() && has(text) && !has(&region.base)
        };
        let (own, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(brings);
        let text = [&*region.ours, &*region.theirs].concat();
        // The start of a line names it best.
        let begins =
            |line: &&String| said(&text).any(|own| own.starts_with(trimmed(line.as_bytes())));
        if let Some(line) = own.iter().find(begins).or(own.first()) {
            region.verdict = Verdict::Conflict(None);
            notes.push(note(line.trim()));
            // What else it brings is to be decided there, too.
            rest = others;
            rest.retain(|line| memmem::find(&text, trimmed(line.as_bytes())).is_none());
        } else {
            rest = others;
        }
    }
    rest
}

/// What a person is told of a line: its name. A value may be a secret, and the name says enough.
pub(super) fn name(line: &str) -> &str {
    let name = line.split(['=', ':']).next().unwrap_or_default().trim();
    if name.is_empty() { line } else { name }
}

fn note(line: &str) -> Note {
    Note(format!(
        "`{}` was taken out by one side and moved by the other",
        name(line)
    ))
}

fn one(side: usize) -> [usize; 3] {
    let mut counts = [0; 3];
    counts[side] = 1;
    counts
}

fn changed(region: &Region) -> bool {
    region.verdict != Verdict::Unchanged
}

/// The lines that have words in them, whatever their indentation and the comma after them.
pub(super) fn said(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = lines::split(text).into_iter().map(trimmed);
    lines.filter(|line| line.iter().any(u8::is_ascii_alphanumeric))
}

fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    line.strip_suffix(b",").unwrap_or(line)
}
