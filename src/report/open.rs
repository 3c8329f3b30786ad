//! What is open in a project, for people and scripts.

use serde::Serialize;

use crate::state::{Open, OpenKind, State};

/// An entry of what is open, for scripts.
#[derive(Serialize)]
pub(crate) struct OpenEntry<'a> {
    #[serde(flatten)]
    open: &'a Open,
    kind: OpenKind,
    /// How many hunks of the file the team declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    hunks: Option<usize>,
}

impl<'a> OpenEntry<'a> {
    pub(crate) fn all(state: &'a State) -> Vec<Self> {
        let entry = |open: &'a Open| {
            let kind = open.kind();
            let hunks = state
                .declined
                .iter()
                .filter(|declined| declined.path == open.path);
            let hunks = hunks.count();
            Self {
                open,
                kind,
                hunks: (kind == OpenKind::Declined && hunks > 0).then_some(hunks),
            }
        };
        state.open.iter().map(entry).collect()
    }
}

impl std::fmt::Display for OpenEntry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.open.place(), self.open.what)?;
        match self.hunks {
            Some(1) => write!(f, " (1 hunk declined)"),
            Some(hunks) => write!(f, " ({hunks} hunks declined)"),
            None => Ok(()),
        }
    }
}
