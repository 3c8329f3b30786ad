//! Which list is what, and which of its items are one: the one place that says so.
//!
//! A list is found by the names that lead to it, and a name means the same in every file of a format: `select` is a set of
//! rules wherever it stands. What stands in no table is a [`sequence`](List::UNKNOWN): two insertions at one place are a
//! conflict, edits elsewhere in it merge. A list is a set only where a table says so or where its items are mappings with a
//! name.

pub(super) mod ini;
pub(super) mod json;
mod key;
pub(super) mod python;
pub(super) mod toml;
// Its table is in the order of what the lists are for.
#[allow(clippy::match_same_arms)]
pub(super) mod yaml;

use std::borrow::Cow;

pub(super) use key::Key;

use super::entry::{Block, Body, Entry, Shape};

/// What a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct List {
    pub(super) shape: Shape,
    /// What names an item.
    pub(super) key: Key,
}

impl List {
    /// Items in any order, each its own name.
    const SET: Self = Self::of(Shape::Bag, Key::Itself);
    /// Items that follow each other: what comes first is found first, or wraps what comes next.
    const SEQUENCE: Self = Self::of(Shape::Sequence, Key::Itself);
    /// What is done one after the other. Nobody but a person knows what two insertions at one place come to.
    const STEPS: Self = Self::of(Shape::Steps, Key::Itself);
    /// The arguments of a command: one value, since an item may belong to the one before it.
    const VALUE: Self = Self::of(Shape::Vector, Key::Option);
    const REQUIREMENTS: Self = Self::of(Shape::Pins, Key::Requirement);
    /// A list that no table knows.
    pub(super) const UNKNOWN: Self = Self::of(Shape::Sequence, Key::First);

    const fn of(shape: Shape, key: Key) -> Self {
        Self { shape, key }
    }

    /// A set whose items have a name in them.
    const fn by(key: Key) -> Self {
        Self::of(Shape::Items, key)
    }

    const fn sequence_by(key: Key) -> Self {
        Self::of(Shape::Sequence, key)
    }
}

/// The names that lead to a value, the last one first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'p> {
    name: &'p str,
    up: Option<&'p Self>,
}

impl<'p> Path<'p> {
    pub(super) const fn root(name: &'p str) -> Self {
        Self { name, up: None }
    }

    pub(super) const fn under(name: &'p str, up: Option<&'p Self>) -> Self {
        Self { name, up }
    }

    fn parent(&self) -> &'p str {
        self.up.map_or("", |up| up.name)
    }
}

/// What lists are in a format, by the names that lead to them; `None` for a list that nobody knows.
pub(super) type Lists = fn(&Path) -> Option<List>;

/// Where a parser is.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'p> {
    lists: Lists,
    path: Path<'p>,
}

impl<'p> At<'p> {
    pub(super) const fn new(lists: Lists, path: Path<'p>) -> Self {
        Self { lists, path }
    }

    /// The same place, under one more name.
    pub(super) const fn under(&'p self, name: &'p str) -> Self {
        Self::new(self.lists, Path::under(name, Some(&self.path)))
    }

    /// What the list here is; `None` when no table knows it.
    pub(super) fn list(&self) -> Option<List> {
        (self.lists)(&self.path)
    }
}

/// What a list is, its items being known.
pub(super) fn shape(list: Option<List>, entries: &[Entry], mappings: Mappings) -> Shape {
    let any = |test: fn(&str) -> bool| {
        entries
            .iter()
            .any(|entry| matches!(&entry.body, Body::Leaf(text) if test(text)))
    };
    match (list.map(|list| list.shape), mappings) {
        (None, Mappings::Named) => Shape::Items,
        (None, _) if any(is_option) => Shape::Vector,
        (None, _) => List::UNKNOWN.shape,
        // The list has a pattern that takes back what those before it say.
        (Some(Shape::Bag), _) if any(takes_back) => Shape::Steps,
        (Some(Shape::Bag), Mappings::Named | Mappings::Nameless) => Shape::Items,
        (Some(shape), _) => shape,
    }
}

/// What mappings there are among the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mappings {
    None,
    /// All of them have a name in them.
    Named,
    Nameless,
}

/// An item without what stands around its text.
fn bare(item: &str) -> &str {
    let item = item
        .strip_prefix('-')
        .map_or(item, |rest| if rest.starts_with(' ') { rest } else { item });
    item.trim_start_matches([' ', '"', '\''])
}

fn takes_back(item: &str) -> bool {
    bare(item).starts_with('!')
}

/// Whether an item of a list is an option of a command, such as `--port`.
fn is_option(item: &str) -> bool {
    let mut chars = bare(item).chars();
    chars.next() == Some('-')
        && chars
            .find(|next| *next != '-')
            .is_some_and(char::is_alphabetic)
}

/// What names an entry in its block: a project may be there once for each marker.
pub(super) fn name<'t>(block: &Block, entry: &'t Entry) -> Cow<'t, str> {
    match &entry.body {
        Body::Leaf(text) if block.shape == Shape::Pins => key::with_marker(&entry.key, text),
        _ => Cow::Borrowed(entry.key.as_ref()),
    }
}

/// What makes an entry of a block the same as one of the same block that the other side put in elsewhere. `None` for one
/// that may stand there twice.
pub(super) fn identity(block: &Block, entry: &Entry) -> Option<String> {
    let key = entry.key.as_ref();
    match block.shape {
        Shape::Map | Shape::Pins | Shape::Items | Shape::Bag | Shape::Sequence => {
            Some(name(block, entry).into_owned())
        }
        Shape::Vector => key.starts_with('-').then(|| key.to_string()),
        Shape::Steps => matches!(entry.body, Body::Block(_)).then(|| key.to_string()),
        Shape::Instructions => Some(instruction(entry)),
        Shape::Statements => python::named(entry),
    }
}

/// What names an instruction: its key where one stage has one of the key and no more, and else all that it says.
fn instruction(entry: &Entry) -> String {
    if named_instruction(entry) {
        return entry.key.to_string();
    }
    let text = entry.body_text();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn named_instruction(entry: &Entry) -> bool {
    let word = entry.key.split(' ').next().unwrap_or_default();
    matches!(
        word,
        "ARG" | "ENV" | "LABEL" | "CMD" | "ENTRYPOINT" | "HEALTHCHECK" | "STOPSIGNAL"
    ) || matches!(entry.body, Body::Block(_))
}

/// Whether the place of an entry in its block says something: of two equal ones at two places neither may be left out.
pub(super) fn is_placed(block: &Block, entry: &Entry) -> bool {
    match block.shape {
        Shape::Sequence | Shape::Steps | Shape::Vector => true,
        // What it says may go by what stands above it.
        Shape::Instructions => !named_instruction(entry) || entry.body_text().contains('$'),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
