//! A long file without what nobody touched.
//!
//! Most of a long file is the same in all three versions, and the rules look at one entry after the other. So whole entries
//! within such a stretch are left out, the rules get the rest, and what was left out is put back into their result. That is
//! done only where it cannot make a difference: an entry on either side of a gap stays, in all three files they must be
//! read as in the whole base, and what is left out must not share a name with what stays in its block.

use std::ops::Range;

use super::entry::{Block, Entry};
use super::hash::Set;
use super::kinds::{Kind, Trait};
use super::place::{self, BlockSite};
use super::region::{Region, Verdict};

/// Files shorter than this are quickly read as they are.
const LONG: usize = 16 * 1024;

/// How many entries of a stretch stay on either side of a gap.
const KEPT: usize = 1;

/// The three versions without some entries that are the same in all of them.
pub(super) struct Window<'t, 'a> {
    pub(super) texts: [String; 3],
    pub(super) regions: Vec<Region>,
    base: &'a str,
    gaps: Vec<LeftOut<'t, 'a>>,
    /// Where each gap was, in each of the texts.
    seams: [Vec<usize>; 3],
}

impl<'t, 'a> Window<'t, 'a> {
    /// A window on three texts, where `tree` is that of the base. `None` when too little would be left out.
    pub(super) fn new(
        kind: Kind,
        base: &'a str,
        tree: &'t Block<'a>,
        regions: &[Region],
    ) -> Option<Self> {
        if base.len() < LONG {
            return None;
        }
        let gaps = gaps(tree, base, regions);
        let left_out: usize = gaps.iter().map(|gap| gap.bytes.len()).sum();
        // An anchor may be meant anywhere in the file.
        let meant = |gap: &LeftOut| {
            kind.has(Trait::Anchors) && base[gap.bytes.clone()].contains(['&', '*'])
        };
        if left_out < base.len() / 2 || gaps.iter().any(meant) {
            return None;
        }
        Self::cut(base, regions, gaps)
    }

    /// The texts without the gaps.
    fn cut(base: &'a str, regions: &[Region], gaps: Vec<LeftOut<'t, 'a>>) -> Option<Self> {
        let mut texts = [const { Vec::new() }; 3];
        let mut seams = [const { Vec::new() }; 3];
        let mut short = Vec::with_capacity(regions.len());
        let mut next = gaps.iter().peekable();
        let mut at = 0;
        for region in regions {
            let end = at + region.base.len();
            let region = if region.verdict == Verdict::Unchanged {
                let mut kept = Vec::new();
                let mut from = at;
                while let Some(gap) = next.next_if(|gap| gap.bytes.end <= end) {
                    kept.extend_from_slice(&base.as_bytes()[from..gap.bytes.start]);
                    from = gap.bytes.end;
                    for (seams, text) in seams.iter_mut().zip(&texts) {
                        seams.push(text.len() + kept.len());
                    }
                }
                kept.extend_from_slice(&base.as_bytes()[from..end]);
                Region::unchanged(kept.into())
            } else {
                region.clone()
            };
            texts[0].extend_from_slice(&region.base);
            texts[1].extend_from_slice(&region.ours);
            texts[2].extend_from_slice(&region.theirs);
            short.push(region);
            at = end;
        }
        let [of_base, ours, theirs] = texts.map(|text| String::from_utf8(text).ok());
        Some(Self {
            texts: [of_base?, ours?, theirs?],
            regions: short,
            base,
            gaps,
            seams,
        })
    }

    /// Whether the texts, of which these are the trees, are read at each gap as the base is: otherwise what is left out
    /// could make a difference.
    pub(super) fn fits(&self, trees: [&Block; 3]) -> bool {
        trees.into_iter().zip(&self.seams).all(|(tree, seams)| {
            let (mut fit, mut alike) = (true, 0);
            place::visit(tree, |site| {
                fit &= fits(&site, &self.gaps, seams, &mut alike);
            });
            fit && alike == self.gaps.len()
        })
    }

    /// Regions of the window as regions of the files; `None` when one that is not the same in all three goes over a gap.
    pub(super) fn whole(&self, mut regions: Vec<Region>) -> Option<Vec<Region>> {
        let mut gaps = self.seams[0].iter().zip(&self.gaps).peekable();
        let mut at = 0;
        for region in &mut regions {
            let end = at + region.base.len();
            let mut text = Vec::new();
            let mut from = at;
            while let Some((place, gap)) = gaps.next_if(|(place, _)| **place < end) {
                if region.verdict != Verdict::Unchanged || *place <= at {
                    return None;
                }
                text.extend_from_slice(&region.base[from - at..place - at]);
                text.extend_from_slice(&self.base.as_bytes()[gap.bytes.clone()]);
                from = *place;
            }
            if from > at {
                text.extend_from_slice(&region.base[from - at..]);
                *region = Region::unchanged(text.into());
            }
            at = end;
        }
        gaps.peek().is_none().then_some(regions)
    }
}

/// Entries of the base to be left out.
struct LeftOut<'t, 'a> {
    bytes: Range<usize>,
    /// The keys that lead to their block.
    path: Vec<&'t str>,
    block: &'t Block<'a>,
    entries: Range<usize>,
}

/// Entries that lie within stretches that are the same in all three files.
fn gaps<'t, 'a>(tree: &'t Block<'a>, base: &str, regions: &[Region]) -> Vec<LeftOut<'t, 'a>> {
    let mut at = 0;
    let mut stretches = Vec::new();
    for region in regions {
        let start = at;
        at += region.base.len();
        if region.verdict == Verdict::Unchanged {
            stretches.push(start..at);
        }
    }
    let mut gaps = Vec::new();
    place::visit(tree, |site| within(&site, base, &stretches, &mut gaps));
    gaps
}

/// Adds the entries of one block that can be left out; `gaps` has those of the blocks before and in it.
fn within<'t, 'a>(
    site: &BlockSite<'_, 't, 'a>,
    base: &str,
    stretches: &[Range<usize>],
    gaps: &mut Vec<LeftOut<'t, 'a>>,
) {
    let offsets = site.offsets;
    let (start, end) = (offsets[0], offsets[offsets.len() - 1]);
    if site.block.entries.len() <= 2 * KEPT {
        return;
    }
    let starts_line = |offset: usize| offset == 0 || base.as_bytes()[offset - 1] == b'\n';
    let first = stretches.partition_point(|stretch| stretch.end <= start);
    let near = stretches[first..]
        .iter()
        .take_while(|stretch| stretch.start < end);
    let mut found: Vec<Range<usize>> = Vec::new();
    for stretch in near {
        let from = offsets.partition_point(|offset| *offset < stretch.start) + KEPT;
        let to = offsets.partition_point(|offset| *offset <= stretch.end);
        let to = to.saturating_sub(1 + KEPT);
        if from < to && [from, to].into_iter().all(|at| starts_line(offsets[at])) {
            found.push(from..to);
        }
    }
    let mut inner = gaps.split_off(gaps.partition_point(|gap| gap.bytes.start < start));
    inner.retain(|gap| {
        // The entries beside a gap stay whole, too.
        let start = |entries: &Range<usize>| offsets[entries.start - 1];
        let end = |entries: &Range<usize>| offsets[entries.end + 1];
        let after = found.partition_point(|entries| end(entries) <= gap.bytes.start);
        found
            .get(after)
            .is_none_or(|entries| start(entries) >= gap.bytes.end)
    });
    inner.extend(found.into_iter().map(|entries| LeftOut {
        bytes: offsets[entries.start]..offsets[entries.end],
        path: site.path.to_vec(),
        block: site.block,
        entries,
    }));
    inner.sort_by_key(|gap| gap.bytes.start);
    gaps.append(&mut inner);
}

/// Whether one block is read at its gaps as that of the base is; `alike` counts the gaps that are.
fn fits(site: &BlockSite, gaps: &[LeftOut], seams: &[usize], alike: &mut usize) -> bool {
    let row = &site.block.entries;
    let sorted = |row: &[Entry]| row.is_sorted_by(|one, other| one.key <= other.key);
    let mut gone = Set::default();
    for at in 1..row.len() {
        let Ok(nth) = seams.binary_search(&site.offsets[at]) else {
            continue;
        };
        let gap = &gaps[nth];
        let known = &gap.block.entries;
        let same = gap.block.shape == site.block.shape
            && site.path == gap.path
            && known[gap.entries.start - 1] == row[at - 1]
            && known[gap.entries.end] == row[at];
        if same {
            *alike += 1;
            gone.extend(
                known[gap.entries.clone()]
                    .iter()
                    .map(|entry| entry.key.as_ref()),
            );
            if !sorted(&known[gap.entries.start - 1..=gap.entries.end]) && sorted(row) {
                return false;
            }
        }
    }
    gone.is_empty() || !row.iter().any(|entry| gone.contains(entry.key.as_ref()))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::judge::Judge;
    use crate::{Options, pipeline, text};

    const KINDS: [(&str, &str); 5] = [
        ("requirements.txt", "name-0==1\n"),
        (
            "a.py",
            "# What 0 is.\nNAME_0 = [\n    1,\n    \"0\",\n]\n\n",
        ),
        ("a.toml", "[t.n0]\nversion = 1\nlist = [\n  \"0\",\n]\n\n"),
        (
            "a.yml",
            "  name0:\n    version: 1\n    list:\n      - \"0\"\n      - \"x\"\n\n",
        ),
        (".env", "NAME_0=1\n"),
    ];

    fn long(kind: Kind, entry: &str, edit: impl Fn(usize, String) -> String) -> String {
        let mut out = String::from(if kind.has(Trait::Anchors) {
            "services:\n"
        } else {
            ""
        });
        for number in 0..3000 {
            let own = entry.replace('0', &number.to_string());
            write!(out, "{}", edit(number, own)).expect("a text");
        }
        out
    }

    /// Edits of one side: what it changes, takes out and puts in depends on the seed.
    fn edited(kind: Kind, entry: &str, seed: usize) -> String {
        long(kind, entry, |number, own| match number * 7 + seed * 3 {
            at if number % 600 == 7 && seed > 0 => own.replace('1', &at.to_string()),
            at if at % 1201 == 5 => String::new(),
            at if at % 907 == 2 => {
                own.clone() + &entry.replace('0', &format!("{number}{number}{seed}"))
            }
            _ => own,
        })
    }

    #[test]
    fn what_is_left_out_makes_no_difference() {
        for (path, entry) in KINDS {
            let kind = Kind::of(path).expect("a kind");
            let base = long(kind, entry, |_, own| own);
            for seed in 0..6 {
                let sides = [
                    base.clone(),
                    edited(kind, entry, seed),
                    edited(kind, entry, seed + 1),
                ];
                let sides = sides.each_ref().map(String::as_str);
                let regions = text::regions(
                    sides[0].as_bytes(),
                    sides[1].as_bytes(),
                    sides[2].as_bytes(),
                );
                let merged = |judge, regions| {
                    pipeline::ruled(Some(kind), Some(judge), regions, Options::default())
                };
                let tree = kind.parse(&base).expect("a tree");
                let window = Window::new(kind, &base, &tree, &regions).expect("a window");
                let texts = window.texts.each_ref().map(String::as_str);
                assert!(texts[1].len() < sides[1].len() / 5, "{kind:?}");
                let judge = Judge::new(kind, texts);
                assert!(window.fits(judge.roots().expect("trees")));
                let (short, notes) = merged(judge, window.regions.clone());
                let both = |region: &Region| region.is_conflict() || region.resolution().is_some();
                assert!(seed == 0 || short.iter().any(both));
                let (whole, all_notes) = merged(Judge::new(kind, sides), regions);
                assert_eq!(window.whole(short), Some(whole), "{kind:?} {seed}");
                assert_eq!(notes, all_notes);
            }
        }
    }

    #[test]
    fn a_gap_that_is_read_differently_is_none() {
        let (path, entry) = KINDS[1];
        let kind = Kind::of(path).expect("a kind");
        let base = long(kind, entry, |_, own| own);
        let ours = base.replacen("# What 7 is.", "WORDS = \"\"\"", 1) + "\"\"\"\n";
        let regions = text::regions(base.as_bytes(), ours.as_bytes(), base.as_bytes());
        let tree = kind.parse(&base).expect("a tree");
        let window = Window::new(kind, &base, &tree, &regions).expect("a window");
        let judge = Judge::new(kind, window.texts.each_ref().map(String::as_str));
        assert!(!judge.roots().is_some_and(|trees| window.fits(trees)));
    }
}
