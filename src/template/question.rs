//! One question of a manifest: what it asks, and which answers it takes.

use std::sync::OnceLock;

use regex::{Regex, bytes};
use serde::Deserialize;

use super::answer::Answer;

/// Longest text that any question takes, in bytes: longer ones are slips of the clipboard.
const MAX_TEXT: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Text,
    Bool,
    /// One of `choices`.
    Choice,
    /// Any number of `choices`.
    Choices,
    /// Text that is never stored, printed or committed.
    Secret,
}

impl Kind {
    /// What a question of this kind counts as while it is not asked, so that templates can always name it.
    #[must_use]
    pub fn empty(self) -> Answer {
        match self {
            Self::Bool => Answer::Bool(false),
            Self::Choices => Answer::List(Vec::new()),
            Self::Text | Self::Choice | Self::Secret => Answer::Text(String::new()),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub name: String,
    pub prompt: String,
    #[serde(default)]
    pub help: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// A value, or a text with expressions over earlier answers and `directory`.
    pub default: Option<Answer>,
    #[serde(default)]
    pub choices: Vec<Choice>,
    pub check: Option<Check>,
    /// An expression over earlier answers; where it is false, the question is neither asked nor stored.
    pub when: Option<String>,
    /// Whether it is asked only of those who want more options; the others get the default.
    #[serde(default)]
    pub more: bool,
    /// Whether it is never asked: it has an answer only where a command knows one.
    #[serde(default)]
    pub hidden: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: Option<String>,
    /// An expression over earlier answers; where it is false, the choice is not on offer.
    pub when: Option<String>,
}

impl Choice {
    /// What a person reads for this choice.
    #[must_use]
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.value)
    }
}

/// What a text must be like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub matches: Option<Pattern>,
    /// Texts that are refused although they match.
    #[serde(default)]
    pub not_in: Vec<String>,
    /// What a valid answer is: "must be …".
    pub message: String,
}

/// A regular expression. It is compiled when it is first needed: that takes long, and most are not needed in a run.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Result<Regex, String>>,
    /// The same for texts of ASCII; `None` where it cannot do without Unicode.
    ascii: OnceLock<Option<bytes::Regex>>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
            ascii: OnceLock::new(),
        }
    }
}

impl Pattern {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// # Errors
    /// What is wrong with it, as a sentence.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.compiled().as_ref().map(|_| ()).map_err(Clone::clone)
    }

    fn compiled(&self) -> &Result<Regex, String> {
        self.compiled.get_or_init(|| {
            let compiled = Regex::new(&self.text);
            compiled
                .map_err(|error| format!("`{}` is not a regular expression: {error}", self.text))
        })
    }

    /// Without the tables of Unicode, which take the most of the time. What is asked of a text of ASCII is the same.
    fn ascii(&self) -> Option<&bytes::Regex> {
        let compile = || bytes::RegexBuilder::new(&self.text).unicode(false).build();
        self.ascii.get_or_init(|| compile().ok()).as_ref()
    }

    /// One that is none matches nothing.
    fn is_match(&self, text: &str) -> bool {
        if text.is_ascii()
            && let Some(regex) = self.ascii()
        {
            return regex.is_match(text.as_bytes());
        }
        self.compiled()
            .as_ref()
            .is_ok_and(|regex| regex.is_match(text))
    }
}

impl Question {
    /// Turns what was typed or given on a command line into an answer.
    ///
    /// Booleans: `yes no true false on off 1 0`. Lists: `a,b`, or `[a, b]`; the empty text is the empty list.
    ///
    /// # Errors
    /// What is wrong with it; the same as [`Self::validate`].
    pub fn parse(&self, text: &str, offered: &[&Choice]) -> Result<Answer, String> {
        let answer = match self.kind {
            Kind::Text | Kind::Choice | Kind::Secret => Answer::Text(text.to_owned()),
            Kind::Bool => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "y" | "on" | "1" => Answer::Bool(true),
                "false" | "no" | "n" | "off" | "0" => Answer::Bool(false),
                _ => return Err("must be yes or no".into()),
            },
            Kind::Choices => {
                let inner = text.trim();
                let inner = inner
                    .strip_prefix('[')
                    .and_then(|inner| inner.strip_suffix(']'))
                    .unwrap_or(inner);
                Answer::List(
                    inner
                        .split(',')
                        .map(|value| value.trim().trim_matches(['"', '\'']).to_owned())
                        .filter(|value| !value.is_empty())
                        .collect(),
                )
            }
        };
        self.validate(answer, offered)
    }

    /// The answer in its normal form: a list in the order of the choices.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence ("must be …").
    pub fn validate(&self, answer: Answer, offered: &[&Choice]) -> Result<Answer, String> {
        let values = || {
            offered
                .iter()
                .map(|choice| choice.value.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let known = |value: &str| offered.iter().any(|choice| choice.value == value);
        match (self.kind, answer) {
            (Kind::Bool, answer @ Answer::Bool(_)) => Ok(answer),
            (Kind::Bool, _) => Err("must be yes or no".into()),
            (Kind::Choice, Answer::Text(value)) if known(&value) => Ok(Answer::Text(value)),
            (Kind::Choice, _) => Err(format!("must be one of {}", values())),
            (Kind::Choices, Answer::List(chosen)) => {
                if let Some(unknown) = chosen.iter().find(|value| !known(value)) {
                    return Err(format!(
                        "`{}` is not one of {}",
                        unknown.escape_debug(),
                        values()
                    ));
                }
                let in_order = offered.iter().map(|choice| choice.value.clone());
                Ok(Answer::List(
                    in_order.filter(|value| chosen.contains(value)).collect(),
                ))
            }
            (Kind::Choices, _) => Err(format!("must be a list out of {}", values())),
            (Kind::Text | Kind::Secret, Answer::Text(text)) => {
                self.check_text(&text)?;
                Ok(Answer::Text(text))
            }
            (Kind::Text | Kind::Secret, _) => Err("must be text (quote it)".into()),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), String> {
        if text.len() > MAX_TEXT {
            return Err(format!(
                "must be at most {MAX_TEXT} bytes long, it has {}",
                text.len()
            ));
        }
        if text.chars().any(char::is_control) {
            return Err("must be one line without control characters".into());
        }
        let Some(check) = &self.check else {
            return Ok(());
        };
        let matches = check
            .matches
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(text));
        if !matches || check.not_in.iter().any(|refused| refused == text) {
            return Err(check.message.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_says_the_same_of_a_text_with_and_without_unicode() {
        for (pattern, fitting, others) in [
            (r"^\w+$", ["shop", "größe"], ["a shop", "größe!"]),
            (r"^\p{L}+$", ["shop", "größe"], ["shop1", "größe1"]),
            (r"^[^\W\d]+$", ["shop", "größe"], ["1", "größe1"]),
            (r"(?i)^k[^é]$", ["Ko", "\u{212a}ö"], ["lo", "ké"]),
            (r"^é?.$", ["x", "éx"], ["xx", "xé"]),
        ] {
            let pattern = Pattern::from(pattern.to_owned());
            assert!(pattern.check().is_ok());
            assert!(
                fitting.iter().all(|text| pattern.is_match(text)),
                "{pattern:?}"
            );
            assert!(
                !others.iter().any(|text| pattern.is_match(text)),
                "{pattern:?}"
            );
        }
        let broken = Pattern::from("(".to_owned());
        assert!(broken.check().is_err() && !broken.is_match("("));
    }
}
