//! What was found: a value, where it was seen, and how sure we are.

use serde::Serialize;
use serde_json::Value;

/// How far a finding can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess: a person must confirm it.
    Low,
    /// What the files say, though something else may overrule it.
    Medium,
    /// What the files say, in so many words.
    High,
}

/// One finding. No value: nothing was found, or what was found cannot be read without running the project.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub value: Value,
    /// `path:line`, or a path alone where the file as a whole is meant. Never the content: it may hold a password.
    pub evidence: Vec<String>,
    pub confidence: Confidence,
}

impl Finding {
    pub fn new(value: impl Into<Value>, confidence: Confidence, evidence: Vec<String>) -> Self {
        Self {
            value: value.into(),
            evidence,
            confidence,
        }
    }

    pub fn sure(value: impl Into<Value>, evidence: String) -> Self {
        Self::new(value, Confidence::High, vec![evidence])
    }

    /// There is no such thing in the project.
    #[must_use]
    pub fn absent() -> Self {
        Self::new(Value::Null, Confidence::High, Vec::new())
    }

    /// There may be such a thing, but it was not found.
    #[must_use]
    pub fn unknown() -> Self {
        Self::new(Value::Null, Confidence::Low, Vec::new())
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.as_str()
    }

    #[must_use]
    pub fn is_true(&self) -> bool {
        self.value == Value::Bool(true)
    }

    #[must_use]
    pub fn with(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }
}

/// `path:line`.
#[must_use]
pub(super) fn at(path: &str, line: usize) -> String {
    if line == 0 {
        path.to_owned()
    } else {
        format!("{path}:{line}")
    }
}
