//! Whether the findings suffice: go on, ask, or refuse.

use serde::Serialize;

use super::key::Key;
use super::overrides::Overrides;

/// What is to be done with a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    #[default]
    Ok,
    /// A person must confirm something.
    Ask,
    /// It is no project that can be wrapped.
    Refuse,
}

/// `ok`, `ask` with the keys that a person must confirm, or `refuse` with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    #[serde(rename = "verdict")]
    pub decision: Decision,
    pub ask_for: Vec<Key>,
    pub reason: Option<String>,
}

impl Verdict {
    #[must_use]
    pub fn refuse(reason: String) -> Self {
        Self {
            decision: Decision::Refuse,
            ask_for: Vec::new(),
            reason: Some(reason),
        }
    }

    /// Says what a person must confirm, where the project is not refused.
    pub fn ask(&mut self, keys: Vec<Key>) {
        if self.decision != Decision::Refuse {
            self.decision = if keys.is_empty() {
                Decision::Ok
            } else {
                Decision::Ask
            };
            self.ask_for = keys;
        }
    }

    /// This verdict, where what a person has said counts as confirmed.
    #[must_use]
    pub(super) fn confirmed_by(mut self, overrides: &Overrides) -> Self {
        let mut keys = std::mem::take(&mut self.ask_for);
        keys.retain(|key| overrides.get(*key).is_none());
        self.ask(keys);
        self
    }
}
