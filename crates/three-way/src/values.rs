//! Lists that are one value, such as the arguments of a command: where both sides edited one, a person decides, even where
//! the edits are lines apart. The merge of lines is the suggestion. So it is with steps to which both added the same, on
//! different sides of one that one of them may have replaced.

use std::ops::Range;

use super::entry::{Block, Body, Entry, Shape};
use super::hash::{self, Map};
use super::judge::Judge;
use super::reason::Reason;
use super::region::{Class, Note, Region, Resolution, Verdict};
use super::{order, structure, weave};

/// The regions with one conflict for each such list.
pub(super) fn resolve(judge: &Judge, regions: Vec<Region>) -> (Vec<Region>, Vec<Note>) {
    let both = edited_by_both(judge, &regions);
    if both.is_empty() {
        return (regions, Vec::new());
    }
    // What only touches such a list is no part of its conflict.
    let mut regions = structure::cut(judge, &regions).unwrap_or(regions);
    let mut notes = Vec::new();
    for (name, bytes) in both.into_iter().rev() {
        if join(&mut regions, &bytes) {
            let note = format!("both edited `{name}`, which is one value");
            notes.push(Note(note));
        }
    }
    (regions, notes)
}

/// The lists that both sides edited and that are one value there: the name, and the whole lines of each in all three.
pub(super) fn edited_by_both<'t>(
    judge: &'t Judge,
    regions: &[Region],
) -> Vec<(&'t str, [Range<usize>; 3])> {
    let edited = |wanted: Verdict| {
        let by = |region: &Region| region.verdict == wanted || region.is_conflict();
        regions.iter().any(by)
    };
    if !edited(Verdict::Ours) || !edited(Verdict::Theirs) {
        return Vec::new();
    }
    let Some(trees) = judge.roots() else {
        return Vec::new();
    };
    let edits = edits(regions);
    let mut side = 0;
    let [base, ours, theirs] = trees.map(|tree| {
        let mut walk = ValueWalk {
            edits: &edits[side],
            at: 0,
            found: Map::default(),
        };
        side += 1;
        walk.block(tree, 0);
        walk.found
    });
    let mut both = Vec::new();
    for (path, list) in &base {
        let Some(base_list) = list else { continue };
        let partner = |found, side| {
            same(found, *path).or_else(|| kept(regions, side, base_list, found, &base))
        };
        if let (Some(ours), Some(theirs)) = (partner(&ours, 1), partner(&theirs, 2)) {
            let lists = [base_list, ours, theirs];
            if is_undecided(lists.map(|list| list.block)) {
                let texts = judge.texts();
                let lines = [0, 1, 2].map(|side| lines(texts[side], &lists[side].bytes));
                both.push((base_list.name, lines));
            }
        }
    }
    both.sort_by_key(|(_, bytes)| bytes[1].start);
    both
}

/// Whether no merge of a list says what both meant.
fn is_undecided(lists: [&Block; 3]) -> bool {
    let is = |shape| lists.iter().any(|list| list.shape == shape);
    let rows = lists.map(|list| list.entries.as_slice());
    is(Shape::Vector) && !weave::one_sided(rows)
        || is(Shape::Steps) && order::unique_keys(rows).is_some_and(|keys| are_astride(&keys))
}

/// Whether something that both put in stands before an entry in one row and, in the other one, behind what that entry may have
/// become: an entry that this side put in for one that it took out.
fn are_astride(keys: &[Vec<String>; 3]) -> bool {
    let [base, ours, theirs] = keys.each_ref().map(|keys| {
        let numbered = keys.iter().enumerate();
        numbered.map(|(at, key)| (key, at)).collect::<Map<_, _>>()
    });
    let crosses = |one: &Map<&String, usize>, other: &Map<&String, usize>| {
        let out = reach(one, |key| {
            base.contains_key(key) && !other.contains_key(key)
        });
        let own = reach(other, |key| {
            !base.contains_key(key) && !one.contains_key(key)
        });
        let (Some(out), Some(own)) = (out, own) else {
            return false;
        };
        let mut added = one.iter().filter(|(key, _)| !base.contains_key(*key));
        added.any(|(key, at)| {
            let there = other.get(key);
            there
                .is_some_and(|there| at < &out.1 && own.0 < *there || out.0 < *at && there < &own.1)
        })
    };
    crosses(&ours, &theirs) || crosses(&theirs, &ours)
}

/// The first and the last place of the keys of a row that are wanted.
fn reach(row: &Map<&String, usize>, wanted: impl Fn(&String) -> bool) -> Option<(usize, usize)> {
    let places = row.iter().filter(|(key, _)| wanted(key)).map(|(_, at)| *at);
    places.fold(None, |reach, at| {
        let (first, last) = reach.unwrap_or((at, at));
        Some((first.min(at), last.max(at)))
    })
}

/// The list of a side that has the path of one of the base.
fn same<'f, 't, 'a>(found: &'f Lists<'t, 'a>, path: u64) -> Option<&'f WholeValue<'t, 'a>> {
    found.get(&path)?.as_ref()
}

/// The list of a side that holds lines of one of the base, where what it belongs to was renamed: it has no path of the base.
fn kept<'f, 't, 'a>(
    regions: &[Region],
    side: usize,
    list: &WholeValue,
    found: &'f Lists<'t, 'a>,
    base: &Lists,
) -> Option<&'f WholeValue<'t, 'a>> {
    let renamed = found.iter().filter(|(path, _)| !base.contains_key(path));
    let mut named = renamed
        .filter_map(|(_, other)| other.as_ref().filter(|other| other.name == list.name))
        .peekable();
    named.peek()?;
    let kept = kept_bytes(regions, side, &list.bytes);
    named.find(|other| {
        kept.iter()
            .any(|kept| kept.start < other.bytes.end && other.bytes.start < kept.end)
    })
}

/// Where a side has some bytes of the base, as far as it left them.
fn kept_bytes(regions: &[Region], side: usize, bytes: &Range<usize>) -> Vec<Range<usize>> {
    let mut kept = Vec::new();
    let mut at = [0; 3];
    for region in regions {
        let end = region.end(at);
        let own = if side == 1 {
            &region.ours
        } else {
            &region.theirs
        };
        let (start, stop) = (bytes.start.max(at[0]), bytes.end.min(end[0]));
        if start < stop && *own == region.base {
            kept.push(start - at[0] + at[side]..stop - at[0] + at[side]);
        }
        at = end;
    }
    kept
}

/// The whole lines in which some bytes are.
fn lines(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let start = text[..bytes.start].rfind('\n').map_or(0, |at| at + 1);
    let ended = bytes.end == start || text[..bytes.end].ends_with('\n');
    let rest = if ended {
        0
    } else {
        text[bytes.end..]
            .find('\n')
            .map_or(text.len() - bytes.end, |at| at + 1)
    };
    start..bytes.end + rest
}

/// Where regions are that are not the same in all three.
fn edits(regions: &[Region]) -> [Vec<Range<usize>>; 3] {
    let mut edits = [const { Vec::new() }; 3];
    let mut at = [0; 3];
    for region in regions {
        let end = region.end(at);
        if region.verdict != Verdict::Unchanged {
            for side in 0..3 {
                edits[side].push(at[side]..end[side]);
            }
        }
        at = end;
    }
    edits
}

/// A list, and where its items are.
struct WholeValue<'t, 'a> {
    name: &'t str,
    block: &'t Block<'a>,
    bytes: Range<usize>,
}

/// Lists by their paths; `None` stands for more than one at one path.
type Lists<'t, 'a> = Map<u64, Option<WholeValue<'t, 'a>>>;

/// Collects the lists that may have been edited.
struct ValueWalk<'s, 't, 'a> {
    edits: &'s [Range<usize>],
    at: usize,
    found: Lists<'t, 'a>,
}

impl<'t, 'a> ValueWalk<'_, 't, 'a> {
    fn block(&mut self, block: &'t Block<'a>, path: u64) {
        self.at += block.open.len();
        for entry in &block.entries {
            let start = self.at;
            let end = start + entry.len();
            if let Body::Block(inner) = &entry.body
                && self.touched(start, end)
            {
                self.at += entry.lead.len();
                let path = hash::of(&(path, entry.key.as_ref()));
                if !inner.named() {
                    self.list(&entry.key, inner, path);
                }
                self.block(inner, path);
            }
            self.at = end;
        }
    }

    fn list(&mut self, name: &'t str, block: &'t Block<'a>, path: u64) {
        let start = self.at + block.open.len();
        let length = block.entries.iter().map(Entry::len).sum::<usize>();
        let list = WholeValue {
            name,
            block,
            bytes: start..start + length,
        };
        self.found
            .entry(path)
            .and_modify(|known| *known = None)
            .or_insert(Some(list));
    }

    /// Whether an edit is in some bytes or at one of their ends.
    fn touched(&self, start: usize, end: usize) -> bool {
        let next = self.edits.partition_point(|edit| edit.end < start);
        self.edits.get(next).is_some_and(|edit| edit.start <= end)
    }
}

/// Makes one conflict of what is between two places in all three, and returns whether it did. A conflict in which one
/// of the places is becomes part of it.
fn join(regions: &mut Vec<Region>, bytes: &[Range<usize>; 3]) -> bool {
    let ends = bytes.each_ref().map(|bytes| bytes.end);
    let starts = bytes.each_ref().map(|bytes| bytes.start);
    let end = split(regions, ends).unwrap_or_else(|| from(regions, ends));
    let before = regions.len();
    let start = split(regions, starts).unwrap_or_else(|| up_to(regions, starts));
    let within = start..end + regions.len() - before;
    if within.is_empty() {
        return false;
    }
    // Where the lines conflict, too, no rule of lines says better than ours.
    let texts = regions[within.clone()]
        .iter()
        .map(|region| region.merged().unwrap_or(&region.ours));
    let suggestion = Resolution {
        text: texts.collect::<Vec<_>>().concat(),
        reasons: vec![Reason::OneValue],
        class: Class::Guess,
    };
    let conflict = Region::joined(
        &regions[within.clone()],
        Verdict::Conflict(Some(suggestion)),
    );
    regions.splice(within, [conflict]);
    true
}

/// Sees to it that a region begins at a place, and says which. `None` where the place is within a conflict or, in one of the
/// three, in another region.
fn split(regions: &mut Vec<Region>, place: [usize; 3]) -> Option<usize> {
    let mut at = [0; 3];
    for nth in 0..regions.len() {
        if at == place {
            return Some(nth);
        }
        let end = regions[nth].end(at);
        let inside = (0..3).all(|side| at[side] <= place[side] && place[side] <= end[side]);
        if inside && end != place {
            let region = &regions[nth];
            let own = [0, 1, 2].map(|side| place[side] - at[side]);
            let plain = region.merged().is_some() && region.resolution().is_none();
            let even = region.verdict != Verdict::Unchanged || own == [own[0]; 3];
            if !plain || !even {
                return None;
            }
            let ([base, base_end], [ours, ours_end], [theirs, theirs_end]) = (
                halves(&region.base, own[0]),
                halves(&region.ours, own[1]),
                halves(&region.theirs, own[2]),
            );
            let part = |base: &[u8], ours: &[u8], theirs: &[u8]| {
                let verdict = Region::trivial(base, ours, theirs);
                Region::new(base, ours, theirs, verdict)
            };
            let parts = [
                part(base, ours, theirs),
                part(base_end, ours_end, theirs_end),
            ];
            regions.splice(nth..=nth, parts);
            return Some(nth + 1);
        }
        at = end;
    }
    (at == place).then_some(regions.len())
}

/// The first region that begins at a place or behind it, in all three.
fn from(regions: &[Region], place: [usize; 3]) -> usize {
    let mut at = [0; 3];
    let begins = regions.iter().position(|region| {
        let found = (0..3).all(|side| at[side] >= place[side]);
        at = region.end(at);
        found
    });
    begins.unwrap_or(regions.len())
}

/// The last region that begins at a place or before it, in all three.
fn up_to(regions: &[Region], place: [usize; 3]) -> usize {
    let mut at = [0; 3];
    let before = regions.iter().take_while(|region| {
        let found = (0..3).all(|side| at[side] <= place[side]);
        at = region.end(at);
        found
    });
    before.count().saturating_sub(1)
}

fn halves(text: &[u8], at: usize) -> [&[u8]; 2] {
    let (head, tail) = text.split_at(at);
    [head, tail]
}
