//! Unanswered questions → answers: from the command line, from defaults, or from a person.

mod carry;
mod more;
mod summary;

use std::path::Path;

pub use carry::{Carried, carry};
pub use summary::confirm;

use crate::error::{self, Error, Result};
use crate::fs;
use crate::template::{Answer, Answers, Choice, Kind, Manifest, Question, Scope};
use crate::ui::Ui;

use more::{MoreOptions, SoFar};

/// Where answers come from before anybody is asked.
#[derive(Debug, Default)]
pub struct Given {
    answers: Answers,
    /// `NAME=VALUE` texts, to be read by the kind of their question.
    texts: Vec<(String, String)>,
    /// What a person was asked and answered, in the order of the questions.
    pub said: Vec<(&'static str, String)>,
    /// Take the default of every question that is left.
    pub defaults: bool,
}

impl Given {
    /// From `--answers FILE`, `--answer NAME=VALUE`… (which win) and `--defaults`.
    ///
    /// Names that no question has are refused: a misspelt answer must not become a silent default.
    pub fn new(
        manifest: &Manifest,
        file: Option<&Path>,
        pairs: &[String],
        defaults: bool,
    ) -> Result<Self> {
        let mut given = Self {
            defaults,
            ..Self::default()
        };
        if let Some(path) = file {
            let text = fs::read_text(path)?
                .ok_or_else(|| Error::io("read", path)(std::io::ErrorKind::NotFound.into()))?;
            given.answers = Answers::parse(&path.display().to_string(), &text)?;
        }
        for pair in pairs {
            let Some((name, value)) = pair.split_once('=') else {
                // The text is shown only where it is a name: it may hold a password.
                let shown = manifest.question(pair).map_or("…", |q| q.name.as_str());
                return Err(Error::Usage(format!(
                    "`--answer {shown}` is not of the form NAME=VALUE"
                )));
            };
            let name = name.trim();
            if given
                .texts
                .iter()
                .any(|(known, known_value)| known == name && known_value != value)
            {
                return Err(Error::Usage(format!(
                    "`--answer {name}=…` is given twice, with two values"
                )));
            }
            given.texts.push((name.to_owned(), value.to_owned()));
        }
        let texts = given.texts.iter().map(|(name, _)| name.as_str());
        for name in given.answers.iter().map(|(name, _)| name).chain(texts) {
            if manifest.question(name).is_none() {
                let shown = manifest
                    .questions
                    .iter()
                    .filter(|question| !question.hidden);
                let known = shown.map(|question| question.name.clone());
                return Err(Error::NoQuestion {
                    name: name.to_owned(),
                    suggestion: error::did_you_mean(
                        name,
                        manifest.questions.iter().map(|q| q.name.as_str()),
                    ),
                    known: known.collect(),
                });
            }
        }
        Ok(given)
    }

    /// Checks what was given for any of the questions, those that may not be asked too; an empty text may mean none.
    pub fn check(&self, manifest: &Manifest) -> Result<()> {
        for question in &manifest.questions {
            let offered: Vec<&Choice> = question.choices.iter().collect();
            if self
                .text(&question.name)
                .is_none_or(|text| !text.trim().is_empty())
            {
                self.answer(question, &offered)?;
            }
        }
        Ok(())
    }

    /// Whether `name` was answered.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.answers.get(name).is_some() || self.texts.iter().any(|(given, _)| given == name)
    }

    /// The text that was given for `name`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.texts.iter().rfind(|(given, _)| given == name);
        match (text, self.answers.get(name)) {
            (Some((_, text)), _) | (None, Some(Answer::Text(text))) => Some(text.clone()),
            _ => None,
        }
    }

    /// Whether `name` was answered with yes.
    #[must_use]
    pub fn is_yes(&self, name: &str) -> bool {
        let text = self.texts.iter().rfind(|(given, _)| given == name);
        match (text, self.answers.get(name)) {
            (Some((_, text)), _) => matches!(text.as_str(), "true" | "yes" | "y" | "on" | "1"),
            (None, answer) => answer == Some(&Answer::Bool(true)),
        }
    }

    /// The items that were given for `name`.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        let text = self.texts.iter().rfind(|(given, _)| given == name);
        match (text, self.answers.get(name)) {
            (Some((_, text)), _) | (None, Some(Answer::Text(text))) => {
                let items = text.split(',').map(|item| item.trim().to_owned());
                items.filter(|item| !item.is_empty()).collect()
            }
            (None, Some(Answer::List(items))) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// Takes back what was given for `name`.
    pub fn withdraw(&mut self, name: &str) {
        self.texts.retain(|(given, _)| given != name);
        self.answers.remove(name);
    }

    /// Answers `name`, unless it was answered before.
    pub fn suggest(&mut self, name: &str, answer: Answer) {
        if !self.has(name) {
            self.answers.set(name, answer);
        }
    }

    /// The answer given to `question`, read and checked; `None` when none was.
    fn answer(&self, question: &Question, offered: &[&Choice]) -> Result<Option<Answer>> {
        let text = self.texts.iter().rfind(|(name, _)| *name == question.name);
        let (answer, shown) = match text {
            Some((_, text)) => (question.parse(text, offered), text.clone()),
            None => match self.answers.get(&question.name) {
                Some(answer) => (
                    question.validate(answer.clone(), offered),
                    answer.to_string(),
                ),
                None => return Ok(None),
            },
        };
        answer
            .map(Some)
            .map_err(|message| refused(question, &shown, message))
    }
}

/// Answers every question of `manifest` that applies, in order. Those marked `more` are asked behind one question whether
/// they shall be asked at all.
pub fn answers(
    manifest: &Manifest,
    given: &Given,
    directory: &str,
    ui: &mut Ui,
) -> Result<Answers> {
    let mut answers = Answers::default();
    let mut scope = Scope::new(manifest, directory);
    let (mut more, none) = (MoreOptions::default(), Answers::default());
    let may_ask = !given.defaults && ui.prompt.is_interactive();
    for question in &manifest.questions {
        if !scope.applies(question, &answers)? {
            continue;
        }
        let offered = scope.offered(question, &answers)?;
        if let Some(answer) = given.answer(question, &offered)? {
            answers.set(&question.name, answer);
            continue;
        }
        if question.hidden {
            continue;
        }
        let default = scope.default(question, &answers)?;
        let so_far = &SoFar {
            answers: &answers,
            recorded: &none,
        };
        let answer =
            if may_ask && !more.is_left(question, manifest, given, so_far, &mut scope, ui)? {
                ask(question, default.as_ref(), &offered, ui)?
            } else {
                let Some(default) = default.filter(|_| may_ask || given.defaults) else {
                    return Err(Error::Unanswered {
                        name: question.name.clone(),
                        has_default: question.default.is_some(),
                    });
                };
                valid_default(question, default, &offered)?
            };
        answers.set(&question.name, answer);
    }
    Ok(answers)
}

fn valid_default(question: &Question, default: Answer, offered: &[&Choice]) -> Result<Answer> {
    let shown = default.to_string();
    question
        .validate(default, offered)
        .map_err(|message| refused(question, &shown, format!("its default {message}")))
}

fn refused(question: &Question, value: &str, message: String) -> Error {
    Error::Answer {
        name: question.name.clone(),
        value: shown(question, value),
        message,
    }
}

/// An answer as a message may show it.
fn shown(question: &Question, value: &str) -> String {
    if question.kind == Kind::Secret {
        return "…".into();
    }
    value.escape_debug().take(80).collect()
}

/// Asks one question until the answer is valid; `?` shows its help.
fn ask(
    question: &Question,
    default: Option<&Answer>,
    offered: &[&Choice],
    ui: &mut Ui,
) -> Result<Answer> {
    loop {
        let answer = match question.kind {
            Kind::Text => {
                let default = default.map(ToString::to_string);
                Reply::of_text(ui.prompt.text(&question.prompt, default.as_deref())?)
            }
            Kind::Secret => Reply::of_text(ui.prompt.secret(&question.prompt)?),
            Kind::Bool => ask_bool(question, default, ui)?,
            Kind::Choice => ask_choice(question, default, offered, ui)?,
            Kind::Choices => ask_choices(question, default, offered, ui)?,
        };
        let checked = match answer {
            Reply::Help => {
                ui.say(help(question));
                continue;
            }
            Reply::Text(text) => question.parse(&text, offered),
            Reply::Answer(answer) => question.validate(answer, offered),
        };
        match checked {
            Ok(answer) => {
                show_answer(question, &answer, offered, ui);
                return Ok(answer);
            }
            Err(message) => {
                let lines = crate::ui::wrap(&message, "    ");
                let mark = console::style("✗").for_stderr().red();
                ui.say(format!("  {mark} {}", lines.trim_start()));
            }
        }
    }
}

/// What came back from one prompt.
enum Reply {
    Help,
    Text(String),
    Answer(Answer),
}

impl Reply {
    fn of_text(text: String) -> Self {
        if text.trim() == "?" {
            Self::Help
        } else {
            Self::Text(text)
        }
    }
}

fn help(question: &Question) -> String {
    let text = if question.help.is_empty() {
        "There is no more to say about it."
    } else {
        question.help.trim()
    };
    crate::ui::wrap(text, "  ")
}

const HELP_ITEM: &str = "? what is this";

fn ask_bool(question: &Question, default: Option<&Answer>, ui: &mut Ui) -> Result<Reply> {
    let items = ["yes", "no", HELP_ITEM].map(str::to_owned);
    let start = usize::from(default == Some(&Answer::Bool(false)));
    Ok(match ui.prompt.select(&question.prompt, &items, start)? {
        2 => Reply::Help,
        index => Reply::Answer(Answer::Bool(index == 0)),
    })
}

fn ask_choice(
    question: &Question,
    default: Option<&Answer>,
    offered: &[&Choice],
    ui: &mut Ui,
) -> Result<Reply> {
    let mut items: Vec<String> = offered
        .iter()
        .map(|choice| choice.label().to_owned())
        .collect();
    items.push(HELP_ITEM.to_owned());
    let is_default = |choice: &&Choice| default == Some(&Answer::Text(choice.value.clone()));
    let start = offered.iter().position(is_default).unwrap_or(0);
    let index = ui.prompt.select(&question.prompt, &items, start)?;
    Ok(offered.get(index).map_or(Reply::Help, |choice| {
        Reply::Answer(Answer::Text(choice.value.clone()))
    }))
}

fn ask_choices(
    question: &Question,
    default: Option<&Answer>,
    offered: &[&Choice],
    ui: &mut Ui,
) -> Result<Reply> {
    let checked = |choice: &Choice| matches!(default, Some(Answer::List(values)) if values.contains(&choice.value));
    let mut items: Vec<(String, bool)> = offered
        .iter()
        .map(|choice| (choice.label().to_owned(), checked(choice)))
        .collect();
    items.push((HELP_ITEM.to_owned(), false));
    let chosen = ui.prompt.choose(&question.prompt, &items)?;
    if chosen.contains(&offered.len()) {
        return Ok(Reply::Help);
    }
    let values = chosen
        .iter()
        .filter_map(|index| offered.get(*index))
        .map(|choice| choice.value.clone());
    Ok(Reply::Answer(Answer::List(values.collect())))
}

/// One line for a valid answer, in place of the prompt.
fn show_answer(question: &Question, answer: &Answer, offered: &[&Choice], ui: &mut Ui) {
    let label = |value: &str| {
        let choice = offered.iter().find(|choice| choice.value == value);
        choice.map_or(value, |choice| choice.label()).to_owned()
    };
    let shown = match answer {
        _ if question.kind == Kind::Secret => "(not shown)".to_owned(),
        Answer::Text(value) if question.kind == Kind::Choice => label(value),
        answer => answer.to_string(),
    };
    tell(&question.prompt, &shown, ui);
}

/// Says what was asked and answered; the line stays on the screen.
fn tell(prompt: &str, answer: &str, ui: &mut Ui) {
    let tick = console::style("✔").for_stderr().green();
    let text = crate::ui::wrap(&format!("{prompt} · {answer}"), "  ");
    ui.say(format!("{tick} {}", text.trim_start()));
}
