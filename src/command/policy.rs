//! The flag `--policy`.

use crate::merge::{Class, Options};

/// What becomes of merges that are only probable: the same in every command that merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Policy {
    /// Leave a conflict, and suggest it in the review
    Suggest,
    /// Apply it
    Apply,
}

impl Policy {
    pub(crate) fn rules(self) -> Options {
        let apply = match self {
            Self::Suggest => return Options::default(),
            Self::Apply => Class::Policy,
        };
        Options { apply }
    }
}
