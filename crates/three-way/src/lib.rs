//! The three-way merge of one file: values in, values out.
//!
//! [`merge`] takes the bytes of a file at its base, as it is ours and as it is theirs, and gives a [`Merged`]: a row of
//! [`Region`]s that tile all three, each with a [`Verdict`]. Nothing here touches a disk, a repository or a terminal, and
//! nothing panics, whatever the bytes.
//!
//! In order: sides that are equal; binary files; line ends and byte order mark as ours has them; the merge of lines
//! (`text`). Where that conflicts and a side was only laid out anew, all three are put into its layout first (`relaid`).
//! What conflicts then, in a file of a known [`Kind`], is widened to whole entries (`structure`), which are merged
//! by key (`weave`) and given the white space of their place (`layout`), and kept only if the result parses and its facts
//! are the three-way merge of the facts of the three (`facts`). Conflicts in files of any kind that are left then, and in
//! which one side did all that the other did, are resolved by their lines (`subsume`) or words (`words`), in prose those in
//! which both add items or sections (`items`, `sections`), and where no value could come of it those in which each side
//! changed other words (`words`). A merge of lines that came out clean is checked in the same way: what no longer parses
//! becomes a conflict, what doubles or undoes an edit gets a [`Note`]. What nobody touched in a long file is left out of all
//! that (`window`).
//!
//! A resolution carries its [`Class`] and its [`Reason`]s, whose words are the caller's. [`Options::apply`] says up to which class resolutions are applied; those
//! above it are the suggestions of conflicts. [`Class::Guess`] is not meant to be applied unseen: on real merges it is right
//! about once in six times.
//!
//! Markers are rendered last ([`Merged::with_markers`], [`Merged::resolve`]) and never read back.
//!
//! What always holds: `merge(b, b, t)` is `t` and `merge(b, o, b)` is `o`, byte for byte; with [`Choice::Ours`] for every
//! region the result is ours, byte for byte, with [`Choice::Theirs`] it is theirs in the line end of ours.

#![doc = include_str!("../README.md")]

mod align;
mod carried;
mod comma;
mod cuts;
mod dotted;
mod doubles;
mod entry;
mod facts;
mod hash;
mod items;
mod judge;
mod kinds;
mod layout;
mod leftover;
mod lines;
mod markers;
mod misplaced;
pub mod nesting;
mod order;
mod pins;
mod pipeline;
mod place;
mod profile;
mod put_in;
mod reason;
mod region;
mod relaid;
mod rest;
mod revived;
mod sections;
mod slide;
mod split;
mod structure;
mod subsume;
mod suggested;
mod taken_in;
mod text;
mod three;
mod tokens;
mod twice;
mod values;
mod verbatim;
mod version;
mod weave;
mod widen;
mod window;
mod words;

use kinds::Kind;
pub use leftover::Marks;
use lines::LineEnd;
pub use reason::Reason;
pub use region::{Choice, Class, Labels, Note, Region, Resolution, Text, Verdict};

/// How far the rules may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Resolutions up to this class are applied; those above it become suggestions.
    pub apply: Class,
}

impl Default for Options {
    fn default() -> Self {
        Self { apply: Class::Pin }
    }
}

/// Merges one file. `path` tells its kind; it is not opened.
pub fn merge(path: &str, base: &[u8], ours: &[u8], theirs: &[u8]) -> Merged {
    merge_with(path, base, ours, theirs, Options::default())
}

/// As [`merge`], with the rules to apply.
pub fn merge_with(path: &str, base: &[u8], ours: &[u8], theirs: &[u8], options: Options) -> Merged {
    let verdict = Region::trivial(base, ours, theirs);
    let end = LineEnd::dominant(ours)
        .or_else(|| LineEnd::dominant(theirs))
        .unwrap_or(LineEnd::Lf);
    let mut merged = Merged {
        regions: Vec::new(),
        notes: Vec::new(),
        binary: false,
        end,
    };
    let is_conflict = matches!(verdict, Verdict::Conflict(_));
    merged.binary = is_conflict && [base, ours, theirs].into_iter().any(lines::is_binary);
    if !is_conflict || merged.binary {
        merged
            .regions
            .push(Region::new(base, ours, theirs, verdict));
        return merged;
    }
    let (base, theirs) = (lines::like(ours, base), lines::like(ours, theirs));
    let sides = [base.as_ref(), ours, theirs.as_ref()];
    if let Some(command) = kinds::relock(path) {
        let [base, ours, theirs] = sides;
        merged.regions = text::trim(text::regions(base, ours, theirs));
        let note =
            format!("both sides changed this lock file: take one side, then run `{command}`");
        merged.notes.push(Note(note));
        return merged;
    }
    let kind = Kind::of(path);
    // The byte order mark is taken off, so that no kind takes it for a part of its first line.
    let marked = sides.map(|side| side.starts_with(lines::BOM));
    let sides = sides.map(|side| side.strip_prefix(lines::BOM).unwrap_or(side));
    if end == LineEnd::CrLf && sides.into_iter().all(|side| end.everywhere(side)) {
        // The rules know one line end only.
        let plain = sides.map(|side| LineEnd::Lf.convert(side));
        (merged.regions, merged.notes) =
            pipeline::run(kind, plain.each_ref().map(Vec::as_slice), options);
        merged
            .regions
            .iter_mut()
            .for_each(|region| region.map(|text| end.convert(text)));
    } else {
        (merged.regions, merged.notes) = pipeline::run(kind, sides, options);
    }
    if marked.contains(&true)
        && let Some(first) = merged.regions.first_mut()
    {
        first.put_before(lines::BOM, marked);
    }
    merged
}

/// The merge of one file, as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    regions: Vec<Region>,
    notes: Vec<Note>,
    binary: bool,
    end: LineEnd,
}

impl Merged {
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// How the first line of a region begins, if that is in the region before: what became of it there. Mostly nothing.
    pub fn lead(&self, index: usize) -> Vec<u8> {
        markers::lead(&self.regions, index)
    }

    /// Takes ours in the regions of which `is_settled` is true.
    pub fn keep_ours(&mut self, is_settled: impl Fn(&Region) -> bool) {
        for region in &mut self.regions {
            if region.is_offered() && is_settled(region) {
                region.verdict = Verdict::Ours;
            }
        }
    }

    /// The number of regions that a person has to decide.
    pub fn conflicts(&self) -> usize {
        self.regions
            .iter()
            .filter(|region| region.is_conflict())
            .count()
    }

    pub fn is_clean(&self) -> bool {
        self.conflicts() == 0
    }

    /// A binary file that both sides changed: one conflict, which cannot be shown with markers.
    pub fn is_binary(&self) -> bool {
        self.binary
    }

    /// What must be shown about the result, clean or not.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The merged bytes; `None` while there is a conflict.
    pub fn clean(&self) -> Option<Vec<u8>> {
        self.is_clean()
            .then(|| self.with_markers(&Labels::default()))
    }

    /// The merge with each conflict between markers, in the style that shows the base too. A binary conflict is ours.
    pub fn with_markers(&self, labels: &Labels) -> Vec<u8> {
        self.resolve(&[], labels)
    }

    /// What tells its markers from content, wherever they are found later.
    pub fn marks(&self, labels: &Labels) -> Marks {
        Marks::of(&self.regions, labels)
    }

    /// The bytes that follow from a choice for each region, in order; regions without one are [`Choice::Merged`].
    pub fn resolve(&self, choices: &[Choice], labels: &Labels) -> Vec<u8> {
        match (self.binary, choices.first()) {
            (true, None | Some(Choice::Merged | Choice::Suggestion)) => {
                markers::render(&self.regions, &[Choice::Ours], labels, self.end)
            }
            _ => markers::render(&self.regions, choices, labels, self.end),
        }
    }
}

#[cfg(test)]
mod tests;
