//! Where a statement of the settings stands, and what it changes.

use super::syntax::{Block, Statement};

/// A statement, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'s> {
    pub(super) path: &'s str,
    pub(super) statement: &'s Statement,
    /// Whether only its own file knows it: it was not imported into the settings.
    pub(super) is_hidden: bool,
    pub(super) inside: &'s [Block],
}

/// What an assignment changes, and how.
#[derive(Clone, Debug)]
pub(super) struct Change<'c> {
    pub(super) name: &'c str,
    /// The keys below the name; `?` is a key that is no plain text.
    pub(super) keys: Vec<String>,
    /// `=`, `+=`, `update` or [`DELETED`](super::syntax::DELETED).
    pub(super) op: &'c str,
}

impl<'c> Change<'c> {
    pub(super) fn new(name: &'c str, keys: Vec<String>, op: &'c str) -> Self {
        Self { name, keys, op }
    }

    /// The change that `name = …` makes.
    pub(super) fn whole(name: &'c str) -> Self {
        Self::new(name, Vec::new(), "=")
    }
}
