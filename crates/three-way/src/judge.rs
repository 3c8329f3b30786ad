//! Whether the merge of a file of a known kind says what it must.

use std::cell::{Cell, OnceCell, RefCell};

use memchr::memchr2;

use super::entry::{Block, Body, Entry, Shape};
use super::facts::{self, Facts, Fault};
use super::hash::Set;
use super::kinds::{self, Kind, Trait};
use super::region::{Class, Region, Text, Verdict};
use super::{lines, profile};

/// How much of a merge is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    Facts,
    /// Only that nothing is there twice or again is checked. It is enough where the lines themselves were counted.
    Excess,
    /// Only that the file is well formed and nothing is there twice is checked. It is for what is merely suggested.
    Form,
}

/// The three versions of a file of a known kind, each read once, and what they make of results.
pub(super) struct Judge<'a> {
    kind: Kind,
    texts: [&'a str; 3],
    /// Around each file one more block, for those whose entries share lines.
    trees: [Option<Block<'a>>; 3],
    /// The last text that was found well formed.
    well_formed: RefCell<Option<String>>,
    /// What says whether a text is well formed.
    check: OnceCell<kinds::FormCheck>,
    /// Whether a text was not well formed.
    doubted: Cell<bool>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(kind: Kind, texts: [&'a str; 3]) -> Self {
        Self::with_base(kind, texts, kind.parse(texts[0]))
    }

    /// As [`new`](Self::new), with the tree of the base.
    pub(super) fn with_base(kind: Kind, texts: [&'a str; 3], base: Option<Block<'a>>) -> Self {
        let [_, ours, theirs] = texts;
        Self {
            kind,
            texts,
            trees: [base, kind.parse(ours), kind.parse(theirs)]
                .map(|tree| tree.map(Block::wrapped)),
            well_formed: RefCell::default(),
            check: OnceCell::new(),
            doubted: Cell::default(),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn texts(&self) -> [&'a str; 3] {
        self.texts
    }

    /// The three as trees, each in a block of its own; `None` when one has no entries that the kind knows.
    pub(super) fn trees(&self) -> Option<[&Block<'a>; 3]> {
        let [base, ours, theirs] = &self.trees;
        Some([base.as_ref()?, ours.as_ref()?, theirs.as_ref()?])
    }

    /// The three as trees.
    pub(super) fn roots(&self) -> Option<[&Block<'a>; 3]> {
        Some(self.trees()?.map(inner))
    }

    /// Whether a text is well formed, as far as all three versions are.
    pub(super) fn fault(&self, text: &str) -> Option<String> {
        let error = self.valid(text).err()?;
        let all = self.texts.iter().all(|text| self.valid(text).is_ok());
        all.then_some(error)
    }

    fn valid(&self, text: &str) -> Result<(), String> {
        if self.well_formed.borrow().as_deref() == Some(text) {
            return Ok(());
        }
        if self.kind.strictly(text).is_err() {
            let check = self.check.get_or_init(|| self.kind.check(self.texts));
            check(text)?;
        }
        *self.well_formed.borrow_mut() = Some(text.to_string());
        Ok(())
    }

    /// Whether a merge says what it must, with ours in place of every open conflict and with theirs: either may be what a
    /// person takes. `None` for a file without entries that the kind knows.
    pub(super) fn stands(&self, regions: &[Region], check: Check) -> Option<bool> {
        let trial = |open_as| Trial::of(regions, open_as).filter(|trial| !self.fails_again(trial));
        let Some(with_ours) = trial(|region: &Region| &region.ours) else {
            return Some(false);
        };
        let first = self.kind.parse(with_ours.result());
        let stands = self.stands_as(&with_ours, first.as_ref(), check)?;
        if !stands || !regions.iter().any(Region::is_conflict) {
            return Some(stands);
        }
        let Some(with_theirs) = trial(|region: &Region| &region.theirs) else {
            return Some(false);
        };
        let second = self.kind.parse(with_theirs.result());
        if let (Some(first), Some(second)) = (&first, &second)
            && !(self.kind.has(Trait::Anchors) && regions.iter().any(may_refer))
            && differ_in_values(first, second)
        {
            return Some(true);
        }
        self.stands_as(&with_theirs, second.as_ref(), check)
    }

    /// Whether a result is not well formed, where the one before it was not either: otherwise the facts are the quicker to say.
    fn fails_again(&self, trial: &Trial) -> bool {
        self.doubted.get() && self.valid(trial.result()).is_err()
    }

    fn stands_as(&self, trial: &Trial, parsed: Option<&Block>, check: Check) -> Option<bool> {
        let sides = [0, 1, 2].map(|side| trial.texts[side].as_str());
        let read = |text| (!self.texts.contains(&text)).then(|| self.kind.parse(text));
        let made = sides.map(|side| read(side).flatten());
        let tree = |side: usize| self.known(sides[side]).or(made[side].as_ref());
        let says = match [tree(0), tree(1), tree(2), parsed] {
            [Some(base), Some(ours), Some(theirs), Some(result)] => {
                Some(says([base, ours, theirs, result], trial.newer, check))
            }
            _ => None,
        };
        // What has entries in Python is well formed.
        let sure = self.kind.has(Trait::ParsesIfValid) && parsed.is_some();
        if says == Some(false) || sure {
            return says;
        }
        self.doubted.set(self.valid(trial.result()).is_err());
        if self.doubted.get() {
            Some(false)
        } else {
            says
        }
    }

    /// What is wrong with a merged text; `None` when one of the four has no entries that the kind knows.
    pub(super) fn faults(&self, result: &str) -> Option<Vec<Fault>> {
        let [base, ours, theirs] = self.roots()?;
        let result = self.kind.parse(result)?;
        let [base, ours, theirs, result] = Facts::apart([base, ours, theirs, &result], false);
        Some(facts::faults(&base, &ours, &theirs, &result))
    }

    /// Whether a merged text has something more often than either side.
    pub(super) fn doubles(&self, result: &str) -> bool {
        let faults = self.faults(result).unwrap_or_default();
        faults
            .iter()
            .any(|fault| matches!(fault, Fault::Doubles(_)))
    }

    /// The tree of a text that is one of the three.
    fn known(&self, text: &str) -> Option<&Block<'a>> {
        let side = self.texts.iter().position(|known| *known == text)?;
        self.trees[side].as_ref().map(inner)
    }
}

/// The three sides and the result of a merge, with one side in place of every open conflict.
struct Trial {
    texts: [String; 4],
    /// Whether the newer of two versions may have been taken.
    newer: bool,
}

impl Trial {
    /// `None`: it is no text.
    fn of(regions: &[Region], open_as: fn(&Region) -> &Text) -> Option<Self> {
        let mut texts = [const { Vec::new() }; 4];
        let mut newer = false;
        for region in regions {
            let open = region.is_conflict();
            let sides = [&region.base, &region.ours, &region.theirs];
            for (text, side) in texts.iter_mut().zip(sides) {
                lines::put_behind(text, if open { open_as(region) } else { side });
            }
            let result = region.merged().unwrap_or_else(|| open_as(region));
            lines::put_behind(&mut texts[3], result);
            newer |= matches!(&region.verdict, Verdict::Resolved(one) if matches!(one.class, Class::Pin | Class::Policy | Class::Guess));
        }
        let [base, ours, theirs, result] = texts.map(|text| String::from_utf8(text).ok());
        Some(Self {
            texts: [base?, ours?, theirs?, result?],
            newer,
        })
    }

    fn result(&self) -> &str {
        &self.texts[3]
    }
}

/// Whether an open conflict may name what stands elsewhere in the file, or be named there.
fn may_refer(region: &Region) -> bool {
    let sides = [&region.ours, &region.theirs];
    region.is_conflict() && sides.iter().any(|text| memchr2(b'&', b'*', text).is_some())
}

/// Whether two trees differ in nothing but the values of names that their blocks have once: then one stands where the other
/// one does, with the same edits everywhere else.
fn differ_in_values(one: &Block, other: &Block) -> bool {
    let differ = one.shape != other.shape || one.entries.len() != other.entries.len();
    if differ || (one.open, one.close) != (other.open, other.close) {
        return false;
    }
    let mut changed = Set::default();
    for (own, entry) in one.entries.iter().zip(&other.entries) {
        if (&own.key, own.lead, own.trail, own.comma)
            != (&entry.key, entry.lead, entry.trail, entry.comma)
        {
            return false;
        }
        match (&own.body, &entry.body) {
            (Body::Leaf(value), Body::Leaf(other)) if value == other => {}
            (Body::Leaf(value), Body::Leaf(_))
                if tells(one, own, value) && changed.insert(profile::name(one, own)) => {}
            (Body::Block(own), Body::Block(other)) if differ_in_values(own, other) => {}
            _ => return false,
        }
    }
    let of_changed = |entry: &&Entry| changed.contains(&profile::name(one, entry));
    changed.is_empty() || one.entries.iter().filter(of_changed).count() == changed.len()
}

/// Whether a value is that of a name: what has none is told by what it says.
fn tells(block: &Block, entry: &Entry, value: &str) -> bool {
    block.named() || block.shape == Shape::Statements && value.starts_with(entry.key.as_ref())
}

/// Whether the last of four trees says what it must; `newer`: if the newer of two versions may have been taken.
fn says(trees: [&Block; 4], newer: bool, check: Check) -> bool {
    let [base, ours, theirs, result] = Facts::apart(trees, newer);
    let mut faults = facts::faults(&base, &ours, &theirs, &result);
    match check {
        Check::Facts => {}
        Check::Excess => faults.retain(Fault::is_too_much),
        Check::Form => {
            faults.retain(|fault| matches!(fault, Fault::Doubles(_)));
            return faults.is_empty();
        }
    }
    // The newer of two versions must be where one of the sides has it.
    let known = |[_, ours, theirs, result]: [Facts; 4]| facts::only_known(&ours, &theirs, &result);
    faults.is_empty()
        && (!newer
            || known(Facts::apart(trees, false))
            || known(trees.map(|tree| Facts::of(tree, false))))
}

/// The tree without the block around it.
fn inner<'t, 'a>(tree: &'t Block<'a>) -> &'t Block<'a> {
    match tree.entries.first().map(|entry| &entry.body) {
        Some(Body::Block(inner)) => inner,
        _ => tree,
    }
}
