//! A long file without what nobody touched.
//!
//! Most of a long file is the same in all three versions, and the rules look at one entry after the other. So whole entries
//! within such a stretch are left out, the rules get the rest, and what was left out is put back into their result. That is
//! done only where it cannot make a difference: an entry on either side of a gap stays, in all three files they must be
//! read as in the whole base, and what is left out must not share a name with what stays in its block.

use std::ops::Range;

use super::entry::{Block, Body, Entry};
use super::hash::Set;
use super::kinds::Kind;
use super::region::{Region, Verdict};

/// Files shorter than this are quickly read as they are.
const LONG: usize = 16 * 1024;

/// So many entries of a stretch stay on either side of a gap.
const KEPT: usize = 1;

/// The three versions without some entries that are the same in all of them.
pub(super) struct Window {
    pub(super) texts: [String; 3],
    pub(super) regions: Vec<Region>,
    /// Where in the base something was left out, and what.
    gaps: Vec<(usize, String)>,
}

impl Window {
    /// `None` when too little would be left out, or when that could make a difference.
    pub(super) fn new(kind: Kind, base: &str, regions: &[Region]) -> Option<Self> {
        if base.len() < LONG {
            return None;
        }
        let tree = kind.parse(base)?;
        let gaps = Finder::gaps(&tree, base, regions);
        let left_out: usize = gaps.iter().map(|gap| gap.bytes.len()).sum();
        // An anchor may be meant anywhere in the file.
        let meant = |gap: &Gap| kind == Kind::Yaml && base[gap.bytes.clone()].contains(['&', '*']);
        if left_out < base.len() / 2 || gaps.iter().any(meant) {
            return None;
        }
        let (window, seams) = Self::cut(base, regions, &gaps)?;
        for (text, seams) in window.texts.iter().zip(&seams) {
            let tree = kind.parse(text)?;
            let mut reader = Reader {
                gaps: &gaps,
                seams,
                path: Vec::new(),
                offset: 0,
                alike: 0,
            };
            reader.block(&tree)?;
            if reader.alike < gaps.len() {
                return None;
            }
        }
        Some(window)
    }

    /// The texts without the gaps, and where in each of them the gaps were.
    fn cut(base: &str, regions: &[Region], gaps: &[Gap]) -> Option<(Self, [Vec<usize>; 3])> {
        let mut texts = [const { Vec::new() }; 3];
        let mut seams = [const { Vec::new() }; 3];
        let mut short = Vec::with_capacity(regions.len());
        let mut gaps = gaps.iter().peekable();
        let mut at = 0;
        let mut left_out = Vec::new();
        for region in regions {
            let end = at + region.base.len();
            let mut region = region.clone();
            if region.verdict == Verdict::Unchanged {
                let mut kept = Vec::with_capacity(region.base.len());
                let mut from = at;
                while let Some(gap) = gaps.next_if(|gap| gap.bytes.end <= end) {
                    kept.extend_from_slice(&base.as_bytes()[from..gap.bytes.start]);
                    from = gap.bytes.end;
                    for (seams, text) in seams.iter_mut().zip(&texts) {
                        seams.push(text.len() + kept.len());
                    }
                    left_out.push((
                        seams[0][seams[0].len() - 1],
                        base[gap.bytes.clone()].to_string(),
                    ));
                }
                kept.extend_from_slice(&base.as_bytes()[from..end]);
                region = Region::new(&kept, &kept, &kept, Verdict::Unchanged);
            }
            texts[0].extend_from_slice(&region.base);
            texts[1].extend_from_slice(&region.ours);
            texts[2].extend_from_slice(&region.theirs);
            short.push(region);
            at = end;
        }
        let [base, ours, theirs] = texts.map(|text| String::from_utf8(text).ok());
        let window = Self {
            texts: [base?, ours?, theirs?],
            regions: short,
            gaps: left_out,
        };
        Some((window, seams))
    }

    /// Regions of the window as regions of the files; `None` when one that is not the same in all three goes over a gap.
    pub(super) fn whole(&self, mut regions: Vec<Region>) -> Option<Vec<Region>> {
        let mut gaps = self.gaps.iter().peekable();
        let mut at = 0;
        for region in &mut regions {
            let end = at + region.base.len();
            let inner = |gap: &&(usize, String)| gap.0 < end;
            let mut text = Vec::new();
            let mut from = at;
            while let Some((place, left_out)) = gaps.next_if(inner) {
                if region.verdict != Verdict::Unchanged || *place <= at {
                    return None;
                }
                text.extend_from_slice(&region.base[from - at..place - at]);
                text.extend_from_slice(left_out.as_bytes());
                from = *place;
            }
            if from > at {
                text.extend_from_slice(&region.base[from - at..]);
                *region = Region::new(&text, &text, &text, Verdict::Unchanged);
            }
            at = end;
        }
        gaps.peek().is_none().then_some(regions)
    }
}

/// Entries of the base to be left out.
struct Gap<'t, 'a> {
    bytes: Range<usize>,
    /// The keys that lead to their block.
    path: Vec<&'t str>,
    block: &'t Block<'a>,
    entries: Range<usize>,
}

/// Looks for entries that lie within stretches that are the same in all three files.
struct Finder<'t, 'a> {
    text: &'a str,
    stretches: Vec<Range<usize>>,
    path: Vec<&'t str>,
    offset: usize,
    gaps: Vec<Gap<'t, 'a>>,
}

impl<'t, 'a> Finder<'t, 'a> {
    fn gaps(tree: &'t Block<'a>, text: &'a str, regions: &[Region]) -> Vec<Gap<'t, 'a>> {
        let mut at = 0;
        let mut stretches = Vec::new();
        for region in regions {
            let start = at;
            at += region.base.len();
            if region.verdict == Verdict::Unchanged {
                stretches.push(start..at);
            }
        }
        let mut finder = Self {
            text,
            stretches,
            path: Vec::new(),
            offset: 0,
            gaps: Vec::new(),
        };
        finder.block(tree);
        finder.gaps
    }

    fn block(&mut self, block: &'t Block<'a>) {
        let first_inner = self.gaps.len();
        self.offset += block.open.len();
        let mut offsets = Vec::with_capacity(block.entries.len() + 1);
        for entry in &block.entries {
            offsets.push(self.offset);
            self.offset += entry.lead.len();
            match &entry.body {
                Body::Leaf(text) => self.offset += text.len(),
                Body::Block(inner) => {
                    self.path.push(&entry.key);
                    self.block(inner);
                    self.path.pop();
                }
            }
            self.offset += usize::from(entry.comma) + entry.trail.len();
        }
        offsets.push(self.offset);
        self.offset += block.close.len();
        if block.entries.len() <= 2 * KEPT {
            return;
        }
        let inner = self.gaps.split_off(first_inner);
        let (start, end) = (offsets[0], offsets[block.entries.len()]);
        let first = self
            .stretches
            .partition_point(|stretch| stretch.end <= start);
        let near = self.stretches[first..]
            .iter()
            .take_while(|stretch| stretch.start < end);
        let mut found: Vec<Range<usize>> = Vec::new();
        for stretch in near {
            let from = offsets.partition_point(|offset| *offset < stretch.start) + KEPT;
            let to = offsets
                .partition_point(|offset| *offset <= stretch.end)
                .saturating_sub(1 + KEPT);
            if from < to
                && [from, to]
                    .into_iter()
                    .all(|at| self.starts_line(offsets[at]))
            {
                found.push(from..to);
            }
        }
        let bytes = |entries: &Range<usize>| offsets[entries.start]..offsets[entries.end];
        let mut gaps: Vec<Gap> = inner;
        gaps.retain(|gap| {
            // The entries beside a gap stay whole, too.
            let start = |entries: &Range<usize>| offsets[entries.start - 1];
            let end = |entries: &Range<usize>| offsets[entries.end + 1];
            let after = found.partition_point(|entries| end(entries) <= gap.bytes.start);
            found
                .get(after)
                .is_none_or(|entries| start(entries) >= gap.bytes.end)
        });
        let path = &self.path;
        gaps.extend(found.iter().map(|entries| Gap {
            bytes: bytes(entries),
            path: path.clone(),
            block,
            entries: entries.clone(),
        }));
        gaps.sort_by_key(|gap| gap.bytes.start);
        self.gaps.append(&mut gaps);
    }

    fn starts_line(&self, offset: usize) -> bool {
        offset == 0 || self.text.as_bytes()[offset - 1] == b'\n'
    }
}

/// Looks whether a text is read at each gap as the base is.
struct Reader<'t, 'a> {
    gaps: &'t [Gap<'t, 'a>],
    seams: &'t [usize],
    path: Vec<String>,
    offset: usize,
    /// How many gaps are.
    alike: usize,
}

impl Reader<'_, '_> {
    fn block(&mut self, block: &Block) -> Option<()> {
        self.offset += block.open.len();
        let mut gone = Set::default();
        for (at, entry) in block.entries.iter().enumerate() {
            if at > 0
                && let Ok(nth) = self.seams.binary_search(&self.offset)
                && self.alike(&self.gaps[nth], block, at)
            {
                self.alike += 1;
                let gap = &self.gaps[nth];
                let entries = &gap.block.entries[gap.entries.clone()];
                gone.extend(entries.iter().map(|entry| entry.key.as_ref()));
                let sorted = |row: &[Entry]| row.is_sorted_by(|one, other| one.key <= other.key);
                let around = gap.entries.start - 1..=gap.entries.end;
                if !sorted(&gap.block.entries[around]) && sorted(&block.entries) {
                    return None;
                }
            }
            self.offset += entry.lead.len();
            match &entry.body {
                Body::Leaf(text) => self.offset += text.len(),
                Body::Block(inner) => {
                    self.path.push(entry.key.to_string());
                    self.block(inner)?;
                    self.path.pop();
                }
            }
            self.offset += usize::from(entry.comma) + entry.trail.len();
        }
        self.offset += block.close.len();
        let shared = |entry: &Entry| gone.contains(entry.key.as_ref());
        (gone.is_empty() || !block.entries.iter().any(shared)).then_some(())
    }

    /// Whether the entries before and after a gap are those of the base, in the same block.
    fn alike(&self, gap: &Gap, block: &Block, at: usize) -> bool {
        let known = &gap.block.entries;
        gap.block.shape == block.shape
            && self.path.iter().eq(gap.path.iter())
            && known[gap.entries.start - 1] == block.entries[at - 1]
            && known[gap.entries.end] == block.entries[at]
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::merge::judge::Judge;
    use crate::merge::{Options, pipeline, text};

    const KINDS: [(Kind, &str); 5] = [
        (Kind::Requirements, "name-0==1\n"),
        (
            Kind::Python,
            "# What 0 is.\nNAME_0 = [\n    1,\n    \"0\",\n]\n\n",
        ),
        (Kind::Toml, "[t.n0]\nversion = 1\nlist = [\n  \"0\",\n]\n\n"),
        (
            Kind::Yaml,
            "  name0:\n    version: 1\n    list:\n      - \"0\"\n      - \"x\"\n\n",
        ),
        (Kind::Dotenv, "NAME_0=1\n"),
    ];

    fn long(kind: Kind, entry: &str, edit: impl Fn(usize, String) -> String) -> String {
        let mut out = String::from(if kind == Kind::Yaml {
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
        for (kind, entry) in KINDS {
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
                let merged = |texts, regions| {
                    let judge = Judge::new(kind, texts);
                    pipeline::ruled(Some(kind), Some(judge), regions, Options::default())
                };
                let window = Window::new(kind, sides[0], &regions).expect("a window");
                let texts = window.texts.each_ref().map(String::as_str);
                assert!(texts[1].len() < sides[1].len() / 5, "{kind:?}");
                let (short, notes) = merged(texts, window.regions.clone());
                let both = |region: &Region| region.is_conflict() || region.resolution().is_some();
                assert!(seed == 0 || short.iter().any(both));
                let (whole, all_notes) = merged(sides, regions);
                assert_eq!(window.whole(short), Some(whole), "{kind:?} {seed}");
                assert_eq!(notes, all_notes);
            }
        }
    }

    #[test]
    fn a_gap_that_is_read_differently_is_none() {
        let (kind, entry) = KINDS[1];
        let base = long(kind, entry, |_, own| own);
        let ours = base.replacen("# What 7 is.", "WORDS = \"\"\"", 1) + "\"\"\"\n";
        let regions = text::regions(base.as_bytes(), ours.as_bytes(), base.as_bytes());
        assert!(Window::new(kind, &base, &regions).is_none());
    }
}
