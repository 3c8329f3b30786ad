//! Answers: values for a manifest's questions, in the order of the questions.

use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::answer::Answer;
use crate::error::{Error, Result};
use three_way::nesting::{TOO_DEEP, is_too_deep};

/// Answers by the name of their question; a question that was not asked has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(Vec<(String, Answer)>);

impl Answers {
    /// Reads a YAML (or JSON) mapping of names to answers; `file` is how errors call it.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let wrong = |message: &dyn std::fmt::Display| Error::Usage(format!("{file}: {message}"));
        if is_too_deep(text) {
            return Err(wrong(&TOO_DEEP));
        }
        serde_yaml::from_str(text).map_err(|error| wrong(&error))
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Answer> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// Replaces the answer of that name, or adds it at the end.
    pub fn set(&mut self, name: &str, value: Answer) {
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(key, _)| key != name);
    }

    /// Those whose names are wanted.
    #[must_use]
    pub fn only(&self, is_wanted: impl Fn(&str) -> bool) -> Self {
        let wanted = self.0.iter().filter(|(name, _)| is_wanted(name));
        wanted.cloned().collect()
    }

    /// The length of the longest name, in bytes.
    pub fn width(&self) -> usize {
        self.iter().map(|(name, _)| name.len()).max().unwrap_or(0)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl FromIterator<(String, Answer)> for Answers {
    fn from_iter<I: IntoIterator<Item = (String, Answer)>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct AnswersVisitor;
        impl<'de> serde::de::Visitor<'de> for AnswersVisitor {
            type Value = Answers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping of question names to answers (text, true or false, or a list of texts)")
            }

            fn visit_unit<E>(self) -> std::result::Result<Answers, E> {
                Ok(Answers::default())
            }

            // Not shown: the file may be one that was not meant.
            fn visit_str<E: serde::de::Error>(self, _: &str) -> std::result::Result<Answers, E> {
                Err(E::invalid_type(serde::de::Unexpected::Other("text"), &self))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Answers, A::Error> {
                let mut answers = Answers::default();
                while let Some((name, value)) = map.next_entry::<String, Answer>()? {
                    if answers.get(&name).is_some() {
                        return Err(serde::de::Error::custom(format!(
                            "`{name}` is answered twice"
                        )));
                    }
                    answers.0.push((name, value));
                }
                Ok(answers)
            }
        }
        deserializer.deserialize_any(AnswersVisitor)
    }
}
