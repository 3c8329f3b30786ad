//! The answers under which a release fits a project best: one question after the other, each answer held against the
//! others.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::files::{Files, Sketch, Sketcher};
use super::readback;
use super::votes::{Votes, votes};
use crate::error::Result;
use crate::template::{Answer, Answers, Kind, Question, Release, Rendered, Scope, render};
use crate::tree::TreePath;

/// After so many rounds over all questions the answers stand, whether or not they still move.
const ROUNDS: usize = 3;

/// A release with the answers that fit best.
pub(super) struct Fit {
    pub(super) release: Release,
    pub(super) answers: Answers,
    /// The questions whose answer the project's files say something about.
    pub(super) told: BTreeSet<String>,
    pub(super) view: Rc<View>,
}

/// A rendering and its sketch.
pub(super) struct View {
    pub(super) rendered: Rendered,
    pub(super) sketch: Sketch,
}

/// Tries answers and remembers what they make.
pub(super) struct Search<'a> {
    files: &'a Files<'a>,
    directory: &'a str,
    sketcher: Sketcher,
    views: HashMap<String, Option<Rc<View>>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(files: &'a Files<'a>, directory: &'a str) -> Self {
        Self {
            files,
            directory,
            sketcher: Sketcher::default(),
            views: HashMap::new(),
        }
    }

    /// A first look: the answers of `start`, defaults for the rest, and what texts can be read back.
    pub(super) fn glance(&mut self, release: Release, start: &Answers) -> Result<Option<Fit>> {
        let mut answers = self.complete(&release, start)?;
        for (name, values) in self.texts(&release, &answers)? {
            if let Some(value) = values.into_iter().next() {
                answers.set(&name, Answer::Text(value));
            }
        }
        let answers = self.complete(&release, &answers)?;
        let view = self.view(&release, &answers);
        Ok(view.map(|view| Fit {
            release,
            answers,
            told: BTreeSet::new(),
            view,
        }))
    }

    /// Every question's answers held against each other.
    pub(super) fn settle(&mut self, mut fit: Fit) -> Result<Fit> {
        for _ in 0..ROUNDS {
            let before = fit.answers.clone();
            fit.told.clear();
            let texts = self.texts(&fit.release, &fit.answers)?;
            for index in 0..fit.release.manifest.questions.len() {
                let question = fit.release.manifest.questions[index].clone();
                self.question(&mut fit, &question, &texts)?;
            }
            if fit.answers == before {
                break;
            }
        }
        Ok(fit)
    }

    fn question(
        &mut self,
        fit: &mut Fit,
        question: &Question,
        texts: &BTreeMap<String, Vec<String>>,
    ) -> Result<()> {
        if question.hidden {
            return self.hidden(fit, question, texts);
        }
        let Some(current) = fit.answers.get(&question.name).cloned() else {
            return Ok(());
        };
        let mut scope = Scope::new(&fit.release.manifest, self.directory);
        let default = scope.default(question, &fit.answers).ok().flatten();
        let offered: Vec<String> = scope
            .offered(question, &fit.answers)?
            .into_iter()
            .map(|choice| choice.value.clone())
            .collect();
        let default = default.unwrap_or_else(|| current.clone());
        let text = |value: &String| Answer::Text(value.clone());
        let others: Vec<Answer> = match question.kind {
            Kind::Secret => return Ok(()),
            Kind::Bool => vec![Answer::Bool(true), Answer::Bool(false)],
            Kind::Choice => offered.iter().map(text).collect(),
            Kind::Text => {
                let read = texts.get(&question.name);
                read.map(|values| values.iter().map(text).collect())
                    .unwrap_or_default()
            }
            Kind::Choices => {
                return self.choices(fit, question, &default, &offered);
            }
        };
        // What a line says counts more than a default where no rendering has the whole of it.
        let read = if question.kind == Kind::Text {
            others.clone()
        } else {
            Vec::new()
        };
        let first = read.first().cloned();
        let all = first.into_iter().chain([default, current]).chain(others);
        self.among(fit, question, all)?;
        let is_read = fit
            .answers
            .get(&question.name)
            .is_some_and(|answer| read.contains(answer));
        if is_read {
            fit.told.insert(question.name.clone());
        }
        Ok(())
    }

    /// A question that only a command answers: without an answer, or with one that the files speak for.
    fn hidden(
        &mut self,
        fit: &mut Fit,
        question: &Question,
        texts: &BTreeMap<String, Vec<String>>,
    ) -> Result<()> {
        let values: Vec<String> = match question.kind {
            Kind::Choice => question
                .choices
                .iter()
                .map(|choice| choice.value.clone())
                .collect(),
            Kind::Text => texts.get(&question.name).cloned().unwrap_or_default(),
            _ => return Ok(()),
        };
        let answers = values.into_iter().map(|value| Some(Answer::Text(value)));
        self.either(fit, question, std::iter::once(None).chain(answers))
    }

    /// Each value of a list in turn, with it and without.
    fn choices(
        &mut self,
        fit: &mut Fit,
        question: &Question,
        default: &Answer,
        offered: &[String],
    ) -> Result<()> {
        let by_default =
            |value: &String| matches!(default, Answer::List(values) if values.contains(value));
        for value in offered {
            let Some(Answer::List(chosen)) = fit.answers.get(&question.name).cloned() else {
                return Ok(());
            };
            let with = offered
                .iter()
                .filter(|other| *other == value || chosen.contains(other));
            let without = chosen.iter().filter(|other| *other != value);
            let mut both = [
                Answer::List(with.cloned().collect()),
                Answer::List(without.cloned().collect()),
            ];
            if !by_default(value) {
                both.reverse();
            }
            self.among(fit, question, both.into_iter())?;
        }
        Ok(())
    }

    /// Gives the question that of `answers` which fits best; of those that fit alike, the first.
    fn among(
        &mut self,
        fit: &mut Fit,
        question: &Question,
        answers: impl Iterator<Item = Answer>,
    ) -> Result<()> {
        self.either(fit, question, answers.map(Some))
    }

    /// As [`Self::among`], where `None` is no answer at all.
    fn either(
        &mut self,
        fit: &mut Fit,
        question: &Question,
        answers: impl Iterator<Item = Option<Answer>>,
    ) -> Result<()> {
        let mut tried: Vec<(Answers, Rc<View>)> = Vec::new();
        for answer in answers {
            let mut answers = fit.answers.clone();
            match answer {
                Some(answer) => answers.set(&question.name, answer),
                None => answers.remove(&question.name),
            }
            let answers = self.complete(&fit.release, &answers)?;
            let is_new = tried.iter().all(|(known, _)| *known != answers);
            if is_new && let Some(view) = self.view(&fit.release, &answers) {
                tried.push((answers, view));
            }
        }
        let views: Vec<&Rc<View>> = tried.iter().map(|(_, view)| view).collect();
        let votes = self.votes(&views)?;
        let mut best = 0;
        for (index, vote) in votes.iter().enumerate() {
            if vote.score > votes[best].score + TIE {
                best = index;
            }
        }
        let tells = |vote: &Votes| (vote.score - votes[best].score).abs() > TIE;
        if votes.iter().any(tells) {
            fit.told.insert(question.name.clone());
        }
        if let Some((answers, view)) = tried.into_iter().nth(best) {
            (fit.answers, fit.view) = (answers, view);
        }
        Ok(())
    }

    pub(super) fn votes(&self, views: &[&Rc<View>]) -> Result<Vec<Votes>> {
        let sketches: Vec<&Sketch> = views.iter().map(|view| &view.sketch).collect();
        votes(self.files, &sketches)
    }

    fn texts(&self, release: &Release, answers: &Answers) -> Result<BTreeMap<String, Vec<String>>> {
        readback::texts(release, answers, self.files, &TreePath::clone)
    }

    /// An answer for every question that applies: the one of `start` where it is valid, or else the default.
    fn complete(&self, release: &Release, start: &Answers) -> Result<Answers> {
        complete(release, start, self.directory)
    }

    /// `None` for answers that the release cannot be rendered with.
    fn view(&mut self, release: &Release, answers: &Answers) -> Option<Rc<View>> {
        let key = format!("{} {answers:?}", release.label);
        if let Some(known) = self.views.get(&key) {
            return known.clone();
        }
        let view = render(release, answers).ok().map(|rendered| {
            let sketch = self.sketcher.sketch(&rendered.tree, &[]);
            Rc::new(View { rendered, sketch })
        });
        self.views.insert(key, view.clone());
        view
    }
}

/// Scores nearer to each other than this are one.
pub(super) const TIE: f64 = 0.01;

/// See [`Search::complete`].
pub(super) fn complete(release: &Release, start: &Answers, directory: &str) -> Result<Answers> {
    let mut scope = Scope::new(&release.manifest, directory);
    let mut answers = Answers::default();
    for question in &release.manifest.questions {
        if question.kind == Kind::Secret || !scope.applies(question, &answers)? {
            continue;
        }
        let offered = scope.offered(question, &answers)?;
        let given = start.get(&question.name).cloned();
        let given = given.and_then(|answer| question.validate(answer, &offered).ok());
        let answer = match given {
            Some(answer) => answer,
            // Only a command knows it; without one it has none.
            None if question.hidden => continue,
            None => scope
                .default(question, &answers)
                .ok()
                .flatten()
                .and_then(|answer| question.validate(answer, &offered).ok())
                .unwrap_or_else(|| match (question.kind, offered.first()) {
                    (Kind::Choice, Some(choice)) => Answer::Text(choice.value.clone()),
                    (kind, _) => kind.empty(),
                }),
        };
        answers.set(&question.name, answer);
    }
    Ok(answers)
}
