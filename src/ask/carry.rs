//! Answers carried from one release to another: what still holds stands, and only the rest is asked.

use super::more::{MoreOptions, SoFar};
use super::{Given, ask, shown, valid_default};
use crate::error::{Error, Result};
use crate::template::{Answer, Answers, Kind, Manifest, Question, Scope};
use crate::ui::Ui;

/// Answers for a release, and what happened to them on the way.
#[derive(Debug)]
pub struct Carried {
    pub answers: Answers,
    /// What the user should know, one sentence each: defaults that were taken or have changed, answers that follow.
    pub notes: Vec<String>,
}

/// Completes `recorded`, the answers to `old`, for `new`.
///
/// A recorded answer stands while it is valid. One that was its question's default follows when an answer that it was
/// made from changes. What is new or no longer valid is asked; without a terminal, or with `--defaults`, a new question
/// gets its default, which is noted; so does one marked `more`, unless the user wants to be asked about those.
/// With `ask_all` every question is asked, with what stands as its default.
pub fn carry(
    old: &Manifest,
    recorded: &Answers,
    new: &Manifest,
    given: &Given,
    directory: &str,
    ask_all: bool,
    ui: &mut Ui,
) -> Result<Carried> {
    let mut carrier = Carrier {
        old,
        new,
        more_options: MoreOptions::default(),
        recorded,
        given,
        ask_all,
        old_scope: Scope::new(old, directory),
        new_scope: Scope::new(new, directory),
        notes: Vec::new(),
    };
    let mut answers = Answers::default();
    for question in &new.questions {
        if !carrier.new_scope.applies(question, &answers)? {
            continue;
        }
        if let Some(answer) = carrier.one(question, &answers, ui)? {
            answers.set(&question.name, answer);
        }
    }
    carrier.forgotten();
    Ok(Carried {
        answers,
        notes: carrier.notes,
    })
}

struct Carrier<'a> {
    old: &'a Manifest,
    new: &'a Manifest,
    more_options: MoreOptions,
    recorded: &'a Answers,
    given: &'a Given,
    ask_all: bool,
    old_scope: Scope<'a>,
    new_scope: Scope<'a>,
    notes: Vec<String>,
}

impl Carrier<'_> {
    fn one(
        &mut self,
        question: &Question,
        answers: &Answers,
        ui: &mut Ui,
    ) -> Result<Option<Answer>> {
        let offered = self.new_scope.offered(question, answers)?;
        if let Some(answer) = self.given.answer(question, &offered)? {
            return Ok(Some(answer));
        }
        // A secret is known only to the files that it went into; both sides are rendered without it. One that the release
        // brings is asked like any other question.
        let is_secret = question.kind == Kind::Secret;
        if is_secret && self.old.question(&question.name).is_some() {
            return Ok(None);
        }
        if question.hidden {
            return Ok(self.recorded.get(&question.name).cloned());
        }
        let may_ask = ui.prompt.is_interactive() && !self.given.defaults;
        let default = self.new_scope.default(question, answers)?;
        let Some(stands) = self.standing(question, answers, default.as_ref())? else {
            return self
                .unknown(question, default, may_ask, answers, ui)
                .map(Some);
        };
        match question.validate(stands.clone(), &offered) {
            Ok(stands) if self.ask_all && may_ask => {
                ask(question, Some(&stands), &offered, ui).map(Some)
            }
            Ok(stands) => Ok(Some(stands)),
            Err(message) if may_ask => {
                ui.say(format!(
                    "  `{}` was `{stands}`, but now it {message}",
                    question.name
                ));
                ask(question, default.as_ref(), &offered, ui).map(Some)
            }
            Err(message) => Err(Error::OldAnswer {
                name: question.name.clone(),
                value: shown(question, &stands.to_string()),
                message,
            }),
        }
    }

    /// Notes the answers that go with their questions: what they brought may go as well.
    fn forgotten(&mut self) {
        for question in &self.old.questions {
            let name = &question.name;
            if question.hidden || self.new.question(name).is_some() {
                continue;
            }
            if let Some(answer) = self.recorded.get(name) {
                let answer = shown(question, &answer.to_string());
                self.notes.push(format!(
                    "`{name}` is not asked any more; your answer `{answer}` is dropped"
                ));
            }
        }
    }

    /// What the recorded answer has become; `None` when there is none.
    fn standing(
        &mut self,
        question: &Question,
        answers: &Answers,
        new_default: Option<&Answer>,
    ) -> Result<Option<Answer>> {
        let Some(recorded) = self.recorded.get(&question.name) else {
            return Ok(None);
        };
        let Some(old) = self.old.question(&question.name) else {
            return Ok(Some(recorded.clone()));
        };
        let was_default = self.old_scope.default(old, self.recorded)?;
        let would_be = self.old_scope.default(old, answers)?;
        if was_default.as_ref() == Some(recorded)
            && would_be != was_default
            && let Some(now) = would_be
        {
            self.notes.push(format!(
                "`{}` follows: `{recorded}` → `{now}`",
                question.name
            ));
            return Ok(Some(now));
        }
        if let (Some(was), Some(now)) = (&was_default, new_default)
            && was != now
            && now != recorded
        {
            let name = &question.name;
            self.notes.push(format!(
                "the default of `{name}` is now `{now}`; your answer `{recorded}` stands"
            ));
        }
        Ok(Some(recorded.clone()))
    }

    /// A question that was not there, or did not apply, when the project was made.
    fn unknown(
        &mut self,
        question: &Question,
        default: Option<Answer>,
        may_ask: bool,
        answers: &Answers,
        ui: &mut Ui,
    ) -> Result<Answer> {
        let offered = self.new_scope.offered(question, answers)?;
        if may_ask {
            let so_far = &SoFar {
                answers,
                recorded: self.recorded,
            };
            let scope = &mut self.new_scope;
            let more = &mut self.more_options;
            if self.ask_all || !more.is_left(question, self.new, self.given, so_far, scope, ui)? {
                return ask(question, default.as_ref(), &offered, ui);
            }
        }
        let Some(default) = default else {
            return Err(Error::Unanswered {
                name: question.name.clone(),
                has_default: false,
            });
        };
        let answer = valid_default(question, default, &offered)?;
        let shown = match question.kind {
            Kind::Secret => String::new(),
            _ => format!(" `{answer}`"),
        };
        self.notes.push(format!(
            "new question `{}`: took the default{shown}",
            question.name
        ));
        Ok(answer)
    }
}
