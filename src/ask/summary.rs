//! The answers once more, before anything is written: go on, back to one of them, or cancel.

use super::{Given, ask};
use crate::error::{Error, Result};
use crate::template::{Answers, Kind, Manifest, Scope};
use crate::ui::Ui;

/// Shows the answers and lets the user go back to any of them; returns when they accept.
pub fn confirm(
    manifest: &Manifest,
    given: &mut Given,
    directory: &str,
    answers: Answers,
    ui: &mut Ui,
) -> Result<Answers> {
    let mut answers = answers;
    loop {
        show(manifest, &answers, ui);
        let actions = ["go on", "back: change an answer", "cancel"].map(str::to_owned);
        match ui.prompt.select("All right?", &actions, 0)? {
            0 => return Ok(answers),
            1 => answers = change(manifest, given, directory, &answers, ui)?,
            _ => return Err(Error::Cancelled),
        }
    }
}

fn show(manifest: &Manifest, answers: &Answers, ui: &mut Ui) {
    ui.say("");
    let width = answers.width();
    for (name, answer) in answers.iter() {
        let secret = manifest
            .question(name)
            .is_some_and(|question| question.kind == Kind::Secret);
        let shown = if secret {
            "(not shown)".to_owned()
        } else {
            answer.to_string()
        };
        let shown = crate::ui::wrap(&shown, &" ".repeat(width + 4));
        ui.say(format!("  {name:width$}  {}", shown.trim_start()));
    }
    ui.say("");
}

/// Asks one question anew. Answers that were left at their default follow the change; the others stand.
fn change(
    manifest: &Manifest,
    given: &mut Given,
    directory: &str,
    answers: &Answers,
    ui: &mut Ui,
) -> Result<Answers> {
    let mut items: Vec<String> = answers
        .iter()
        .map(|(name, answer)| format!("{name}: {answer}"))
        .collect();
    for (item, (name, _)) in items.iter_mut().zip(answers.iter()) {
        if manifest
            .question(name)
            .is_some_and(|question| question.kind == Kind::Secret)
        {
            name.clone_into(item);
        }
    }
    let index = ui.prompt.select("Which one?", &items, 0)?;
    let Some(name) = answers.iter().nth(index).map(|(name, _)| name.to_owned()) else {
        return Ok(answers.clone());
    };
    let mut scope = Scope::new(manifest, directory);
    let mut stated = Answers::default();
    for (other, answer) in answers.iter().filter(|(other, _)| *other != name) {
        let question = manifest.question(other);
        let default = question
            .map(|question| scope.default(question, answers))
            .transpose()?
            .flatten();
        if default.as_ref() != Some(answer) {
            stated.set(other, answer.clone());
        }
    }
    if let Some(question) = manifest.question(&name) {
        let offered = scope.offered(question, answers)?;
        stated.set(&name, ask(question, answers.get(&name), &offered, ui)?);
    }
    *given = Given {
        said: std::mem::take(&mut given.said),
        answers: stated,
        texts: Vec::new(),
        defaults: true,
    };
    super::answers(manifest, given, directory, ui)
}
