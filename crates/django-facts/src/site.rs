//! Where a statement of the settings stands.

use super::syntax::{Block, Statement};

/// A statement, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'s> {
    pub(super) path: &'s str,
    pub(super) statement: &'s Statement,
    /// Known only to its own file: it was not imported into the settings.
    pub(super) is_hidden: bool,
    pub(super) inside: &'s [Block],
}
