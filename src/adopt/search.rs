//! The answers under which a release fits a project best: one question after the other, each answer held against the
//! others.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::files::{Files, Sketch, Sketcher};
use super::readback;
use super::shape;
use super::votes::{Votes, votes};
use crate::error::Result;
use crate::template::{
    Answer, Answers, Kind, Manifest, Question, Release, Rendered, Scope, render,
};
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
    shape: Shape,
}

/// Whether the project was there before the template, and how it uses it then.
enum Shape {
    Unknown,
    New,
    Older(String),
}

impl<'a> Search<'a> {
    pub(super) fn new(files: &'a Files<'a>, directory: &'a str) -> Self {
        Self {
            files,
            directory,
            sketcher: Sketcher::default(),
            views: HashMap::new(),
            shape: Shape::Unknown,
        }
    }

    /// A first look: the answers of `start`, defaults for the rest, and what texts can be read back. Of the shapes that the
    /// release has for new and for older projects, the one that fits best.
    pub(super) fn glance(&mut self, release: Release, start: &Answers) -> Result<Option<Fit>> {
        let mut starts = vec![start.clone()];
        let question = shape::question(&release.manifest);
        if let Some(question) = question.filter(|question| start.get(&question.name).is_none()) {
            let with = |value: &str| {
                let mut start = start.clone();
                start.set(&question.name, Answer::Text(value.to_owned()));
                start
            };
            match &self.shape {
                // It takes no second look, in whichever release.
                Shape::Older(known) => starts = vec![with(known)],
                Shape::New => {}
                Shape::Unknown => {
                    starts.extend(question.choices.iter().map(|choice| with(&choice.value)));
                }
            }
        }
        let mut tried: Vec<(Answers, Rc<View>)> = Vec::new();
        for start in starts {
            let answers = self.read_back(&release, &start)?;
            if let Some(view) = self.view(&release, &answers) {
                tried.push((answers, view));
            }
        }
        let views: Vec<&Rc<View>> = tried.iter().map(|(_, view)| view).collect();
        let best = best(&self.votes(&views)?);
        if let (Some(question), Some((answers, _))) = (question, tried.get(best)) {
            self.shape = match answers.get(&question.name) {
                Some(Answer::Text(known)) => Shape::Older(known.clone()),
                _ => Shape::New,
            };
        }
        Ok(tried.into_iter().nth(best).map(|(answers, view)| Fit {
            release,
            answers,
            told: BTreeSet::new(),
            view,
        }))
    }

    /// The answers of `start` with defaults for the rest, and what texts can be read back under them.
    fn read_back(&mut self, release: &Release, start: &Answers) -> Result<Answers> {
        let mut answers = self.complete(release, start)?;
        for (name, values) in self.texts(release, &answers)? {
            if let Some(value) = values.into_iter().next() {
                answers.set(&name, Answer::Text(value));
            }
        }
        self.complete(release, &answers)
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
        let (manifest, answers) = (&fit.release.manifest, &fit.answers);
        let default = default(&mut scope, manifest, question, answers, answers)?;
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

    /// Settles a question that only a command answers: it stays without an answer, or gets one that the files speak
    /// for.
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
            Kind::Choices if fit.answers.get(&question.name).is_some() => {
                let offered: Vec<String> = question
                    .choices
                    .iter()
                    .map(|choice| choice.value.clone())
                    .collect();
                return self.choices(fit, question, &question.kind.empty(), &offered);
            }
            _ => return Ok(()),
        };
        let answers = values.into_iter().map(|value| Some(Answer::Text(value)));
        let manifest = &fit.release.manifest;
        let none = default_of_shape(manifest, question, &fit.answers);
        self.either(fit, question, std::iter::once(none).chain(answers))
    }

    /// Tries each value of a list in turn, with it and without it.
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
        let best = best(&votes);
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

    /// What these answers make; `None` where the release cannot be rendered with them.
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

/// The index of the highest score; of scores that count as equal, the first.
fn best(votes: &[Votes]) -> usize {
    let mut best = 0;
    for (index, vote) in votes.iter().enumerate() {
        if vote.score > votes[best].score + TIE {
            best = index;
        }
    }
    best
}

/// What a question is answered with where nobody says otherwise, in a project of the shape that `known` tells.
fn default(
    scope: &mut Scope,
    manifest: &Manifest,
    question: &Question,
    answers: &Answers,
    known: &Answers,
) -> Result<Option<Answer>> {
    let offered = scope.offered(question, answers)?;
    let of_shape = default_of_shape(manifest, question, known);
    let of_shape = of_shape.and_then(|answer| question.validate(answer, &offered).ok());
    Ok(of_shape.or_else(|| scope.default(question, answers).ok().flatten()))
}

fn default_of_shape(manifest: &Manifest, question: &Question, answers: &Answers) -> Option<Answer> {
    let shape = shape::question(manifest)?;
    answers.get(&shape.name)?;
    shape::plain_answer(&question.name, answers)
}

/// Scores that are nearer to each other than this count as equal.
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
            None if question.hidden => match default_of_shape(&release.manifest, question, start) {
                Some(answer) => answer,
                None => continue,
            },
            None => default(&mut scope, &release.manifest, question, &answers, start)?
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
