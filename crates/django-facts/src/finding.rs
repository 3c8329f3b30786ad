//! What was found: a value, where it was seen, and how sure we are.

use serde::Serialize;

use super::engine::Database;
use super::forms::{RequirementsForm, SettingsForm};

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

/// One finding. It has no value where nothing was found, or where what was found cannot be read without running the
/// project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding<T> {
    pub value: Option<T>,
    /// `path:line`, or a path alone where the file as a whole is meant. Never the content: it may hold a password.
    pub evidence: Vec<String>,
    pub confidence: Confidence,
}

/// What a finding can hold.
pub trait Fact {
    /// The same fact without passwords, since findings are shown.
    #[must_use]
    fn masked(self) -> Self;

    /// The fact as the report shows it.
    fn shown(&self) -> ShownValue<'_>;
}

/// A value of any finding, as the report shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownValue<'a> {
    Nothing,
    Flag(bool),
    Text(&'a str),
    List(&'a [String]),
}

/// A finding of any kind, as the report shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownFinding<'a> {
    pub value: ShownValue<'a>,
    pub evidence: &'a [String],
    pub confidence: Confidence,
}

impl<'a> ShownFinding<'a> {
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match self.value {
            ShownValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<T: Fact> Finding<T> {
    /// A finding; a password in the URL of its value becomes `…`.
    pub fn new(value: impl Into<T>, confidence: Confidence, evidence: Vec<String>) -> Self {
        Self {
            value: Some(value.into().masked()),
            evidence,
            confidence,
        }
    }

    pub fn sure(value: impl Into<T>, evidence: String) -> Self {
        Self::new(value, Confidence::High, vec![evidence])
    }

    /// The finding that there is no such thing in the project.
    #[must_use]
    pub fn absent() -> Self {
        Self {
            value: None,
            evidence: Vec::new(),
            confidence: Confidence::High,
        }
    }

    /// The finding that there may be such a thing, though none was found.
    #[must_use]
    pub fn unknown() -> Self {
        Self::absent().with(Confidence::Low)
    }

    #[must_use]
    pub fn with(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// The same finding with more places, and at most this certain.
    #[must_use]
    pub(super) fn doubted(mut self, most: Confidence, places: &[String]) -> Self {
        self.confidence = self.confidence.min(most);
        self.evidence.extend_from_slice(places);
        self
    }

    #[must_use]
    pub fn shown(&self) -> ShownFinding<'_> {
        ShownFinding {
            value: self.value.as_ref().map_or(ShownValue::Nothing, Fact::shown),
            evidence: &self.evidence,
            confidence: self.confidence,
        }
    }
}

impl Finding<String> {
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.as_deref()
    }
}

impl Finding<bool> {
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.value == Some(true)
    }
}

impl Finding<Vec<String>> {
    /// The items; none where nothing was found.
    #[must_use]
    pub fn list(&self) -> &[String] {
        self.value.as_deref().unwrap_or_default()
    }

    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.list().is_empty()
    }
}

impl Fact for String {
    fn masked(self) -> Self {
        without_values(&without_passwords(&self))
    }

    fn shown(&self) -> ShownValue<'_> {
        ShownValue::Text(self)
    }
}

impl Fact for Vec<String> {
    fn masked(self) -> Self {
        self.into_iter().map(Fact::masked).collect()
    }

    fn shown(&self) -> ShownValue<'_> {
        ShownValue::List(self)
    }
}

impl Fact for bool {
    fn masked(self) -> Self {
        self
    }

    fn shown(&self) -> ShownValue<'_> {
        ShownValue::Flag(*self)
    }
}

/// Makes a fact of a type whose values are words, which hold no password.
macro_rules! fact_of_words {
    ($($kind:ty),*) => {$(
        impl Fact for $kind {
            fn masked(self) -> Self {
                self
            }

            fn shown(&self) -> ShownValue<'_> {
                ShownValue::Text(self.name())
            }
        }
    )*};
}

fact_of_words!(Database, SettingsForm, RequirementsForm);

/// `path:line`.
#[must_use]
pub(super) fn at(path: &str, line: usize) -> String {
    if line == 0 {
        path.to_owned()
    } else {
        format!("{path}:{line}")
    }
}

/// A text in which `…` stands for who logs in with what, in every URL: `https://me:secret@host/` → `https://…@host/`.
#[must_use]
pub(super) fn without_passwords(text: &str) -> String {
    let Some(start) = text.find("//").map(|slashes| slashes + 2) else {
        return text.to_owned();
    };
    let (head, rest) = text.split_at(start);
    let ends = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>');
    let url = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let host = &url[..url.find(['/', '?', '#']).unwrap_or(url.len())];
    // A password may hold any letter; a port is no password.
    let is_port = |after: &str| {
        let port = after.split(['/', '?', '#']).next().unwrap_or(after);
        port.chars().all(|letter| letter.is_ascii_digit())
    };
    let has_password = url
        .split_once(':')
        .is_some_and(|(_, after)| !is_port(after));
    let area = if has_password { url } else { host };
    let (mask, rest) = match area.rfind('@') {
        Some(at) => ("…", &rest[at..]),
        None => ("", rest),
    };
    let (here, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    // What stands where a URL ends may hold another one.
    let after = if after.is_empty() {
        String::new()
    } else {
        without_passwords(after)
    };
    format!("{head}{mask}{here}{after}")
}

/// A text in which `…` stands for the values of queries: `/static/?sig=abc&x=1` → `/static/?sig=…&x=…`.
fn without_values(text: &str) -> String {
    let mut made = String::new();
    let (mut in_query, mut in_value) = (false, false);
    for letter in text.chars() {
        let ends = letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | '#');
        match letter {
            _ if ends => (in_query, in_value) = (false, false),
            '?' if !in_query => in_query = true,
            '&' | ';' => in_value = false,
            '=' if in_query && !in_value => {
                in_value = true;
                made.push_str("=…");
                continue;
            }
            _ => {}
        }
        if !in_value {
            made.push(letter);
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{without_passwords, without_values};

    #[test]
    fn values_of_queries() {
        for (text, shown) in [
            ("/static/?v", "/static/?v"),
            (
                "https://cdn/?a=1&sig=x=y#part=1 ?b=2",
                "https://cdn/?a=…&sig=…#part=1 ?b=…",
            ),
            (">=3.8,<4", ">=3.8,<4"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(without_values(text), shown);
        }
    }

    #[test]
    fn passwords_in_urls() {
        for (text, shown) in [
            ("/static/", "/static/"),
            ("//cdn.example.com/a@1/", "//cdn.example.com/a@1/"),
            (
                "https://cdn.example.com:8443/a@1.2/",
                "https://cdn.example.com:8443/a@1.2/",
            ),
            ("https://me:secret@cdn/", "https://…@cdn/"),
            ("//me:secret@cdn/x", "//…@cdn/x"),
            ("https://token@cdn/", "https://…@cdn/"),
            ("https://me:se/c@r#et@cdn/x", "https://…@cdn/x"),
            ("s3://k:s@a/ https://k:s@b/", "s3://…@a/ https://…@b/"),
            (
                "=='git+https://me:secret@host/x'",
                "=='git+https://…@host/x'",
            ),
        ] {
            assert_eq!(without_passwords(text), shown);
        }
    }
}
