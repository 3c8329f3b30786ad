//! What a question looks like given the answers before it: whether it applies, what it offers, its default.

use super::answer::Answer;
use super::answers::Answers;
use super::engine;
use super::manifest::{DIRECTORY, Manifest};
use super::question::{Choice, Kind, Question};
use crate::error::{Error, Result};

/// Evaluates the expressions of a manifest's questions.
#[derive(Debug)]
pub struct Scope<'a> {
    manifest: &'a Manifest,
    directory: &'a str,
}

impl<'a> Scope<'a> {
    /// `directory` is the name of the target folder.
    #[must_use]
    pub fn new(manifest: &'a Manifest, directory: &'a str) -> Self {
        Self {
            manifest,
            directory,
        }
    }

    /// Whether the question is asked at all.
    pub fn applies(&mut self, question: &Question, answers: &Answers) -> Result<bool> {
        self.holds(question.when.as_deref(), question, answers)
    }

    /// The choices on offer.
    pub fn offered<'q>(
        &mut self,
        question: &'q Question,
        answers: &Answers,
    ) -> Result<Vec<&'q Choice>> {
        let mut offered = Vec::new();
        for choice in &question.choices {
            if self.holds(choice.when.as_deref(), question, answers)? {
                offered.push(choice);
            }
        }
        Ok(offered)
    }

    /// The question's default; `None` when it has none and a person must answer.
    ///
    /// Choices that are not on offer drop out of a default list.
    pub fn default(&mut self, question: &Question, answers: &Answers) -> Result<Option<Answer>> {
        let text = match &question.default {
            None => return Ok(None),
            Some(Answer::Text(text)) => text,
            Some(Answer::List(values)) => {
                let offered = self.offered(question, answers)?;
                let on_offer =
                    |value: &&String| offered.iter().any(|choice| choice.value == **value);
                return Ok(Some(Answer::List(
                    values.iter().filter(on_offer).cloned().collect(),
                )));
            }
            Some(Answer::Bool(value)) => return Ok(Some(Answer::Bool(*value))),
        };
        let mut context = engine::context(&self.manifest.questions, answers);
        context.set(DIRECTORY, Answer::Text(self.directory.to_owned()));
        let text = self.manifest.place.text(text, &context).map_err(|fault| {
            let file = format!("default of `{}`", question.name);
            fault.without_place().within(&file)
        })?;
        if matches!(question.kind, Kind::Bool | Kind::Choices) {
            let offered = self.offered(question, answers)?;
            let parsed = question.parse(&text, &offered);
            return parsed.map(Some).map_err(|message| Error::Answer {
                name: question.name.clone(),
                value: text,
                message,
            });
        }
        Ok(Some(Answer::Text(text)))
    }

    fn holds(
        &mut self,
        when: Option<&str>,
        question: &Question,
        answers: &Answers,
    ) -> Result<bool> {
        let Some(when) = when else {
            return Ok(true);
        };
        let context = engine::context(&self.manifest.questions, answers);
        let holds = self.manifest.place.condition(when, &context);
        holds.map_err(|fault| {
            let file = format!("`when` of `{}`", question.name);
            fault.without_place().within(&file)
        })
    }
}
