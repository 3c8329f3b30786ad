//! An answer: the value of one question.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// One value. Its variant follows from the question's kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    Bool(bool),
    Text(String),
    List(Vec<String>),
}

/// Errors do not repeat the value: it may be that of a secret.
impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct AnswerVisitor;
        impl<'de> serde::de::Visitor<'de> for AnswerVisitor {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, true or false, or a list of texts")
            }

            fn visit_bool<E>(self, value: bool) -> std::result::Result<Answer, E> {
                Ok(Answer::Bool(value))
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Answer, E> {
                Ok(Answer::Text(value.to_owned()))
            }

            fn visit_i64<E: serde::de::Error>(self, _: i64) -> std::result::Result<Answer, E> {
                self.visit_f64(0.0)
            }

            fn visit_u64<E: serde::de::Error>(self, _: u64) -> std::result::Result<Answer, E> {
                self.visit_f64(0.0)
            }

            // Not taken as text: 3.10 would become 3.1.
            fn visit_f64<E: serde::de::Error>(self, _: f64) -> std::result::Result<Answer, E> {
                Err(E::custom("a number is no answer; put quotes around it"))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> std::result::Result<Answer, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    match value {
                        Answer::Text(text) => values.push(text),
                        _ => return Err(serde::de::Error::custom("a list may hold texts only")),
                    }
                }
                Ok(Answer::List(values))
            }
        }
        deserializer.deserialize_any(AnswerVisitor)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("yes"),
            Self::Bool(false) => f.write_str("no"),
            Self::Text(text) => f.write_str(text),
            Self::List(values) if values.is_empty() => f.write_str("none"),
            Self::List(values) => f.write_str(&values.join(", ")),
        }
    }
}
