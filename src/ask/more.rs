//! "More options?": one question in front of those whose default suits most people.

use super::Given;
use crate::error::Result;
use crate::template::{Answer, Answers, Kind, Manifest, Question, Scope};
use crate::ui::{Ui, wrap};

/// Whether the questions marked `more` are asked one by one: decided once, when the first of them comes up.
#[derive(Debug, Default)]
pub(super) struct MoreOptions(Option<bool>);

/// What is answered by the time that a question comes.
pub(super) struct SoFar<'a> {
    pub(super) answers: &'a Answers,
    /// The answers from before.
    pub(super) recorded: &'a Answers,
}

impl MoreOptions {
    /// Whether `question`, which nobody has answered yet, is left at its default.
    pub(super) fn is_left(
        &mut self,
        question: &Question,
        manifest: &Manifest,
        given: &Given,
        so_far: &SoFar,
        scope: &mut Scope,
        ui: &mut Ui,
    ) -> Result<bool> {
        if !question.more {
            return Ok(false);
        }
        if let Some(wanted) = self.0 {
            return Ok(!wanted);
        }
        let rest = manifest
            .questions
            .iter()
            .skip_while(|other| other.name != question.name);
        let mut answers = so_far.answers.clone();
        let mut left = Vec::new();
        for question in rest.filter(|question| question.more) {
            if !scope.applies(question, &answers)? {
                continue;
            }
            let offered = scope.offered(question, &answers)?;
            let known = given.answer(question, &offered)?;
            if let Some(known) = known.or_else(|| so_far.recorded.get(&question.name).cloned()) {
                answers.set(&question.name, known);
            } else if let Some(default) = scope.default(question, &answers)? {
                left.push(match question.kind {
                    Kind::Secret => question.name.clone(),
                    _ => format!("{} {default}", question.name),
                });
                answers.set(&question.name, default);
            }
        }
        let wanted = ask(&left, ui)?;
        self.0 = Some(wanted);
        Ok(!wanted)
    }
}

fn ask(left: &[String], ui: &mut Ui) -> Result<bool> {
    const PROMPT: &str = "More options?";
    ui.say(wrap(
        &format!("More options, at their defaults: {}", left.join("; ")),
        "  ",
    ));
    let items = ["no, these are fine", "yes, ask about each"].map(str::to_owned);
    let wanted = ui.prompt.select(PROMPT, &items, 0)? == 1;
    super::tell(PROMPT, &Answer::Bool(wanted).to_string(), ui);
    Ok(wanted)
}
