//! What is asked of a person, answer by answer; what follows from each is found out before the next.

use super::best::best;
use super::questions::{ASKED, Asked, DATABASES, MODE};
use super::{checks, files};
use crate::ask::Given;
use crate::error::{Error, Open, Result};
use crate::template::{Kind, Manifest, Question};
use crate::ui::{Ui, hang};
use django_facts::{Findings, Key, Overrides, RequirementsForm, Sources, Translation};

/// What was given of the findings that others follow from.
pub(super) fn overrides(given: &Given) -> Overrides {
    let mut overrides = Overrides::default();
    for Asked { key, name, .. } in ASKED {
        if let Some(answer) = given.text(name) {
            overrides.set(key, answer.trim());
        }
    }
    overrides
}

/// The keys that a person must confirm and that `given` does not answer: all that are known before the first is asked.
pub(super) fn open(
    given: &Given,
    findings: &Findings,
    sources: &Sources,
    manifest: &Manifest,
) -> Vec<Key> {
    let dialogue = Dialogue {
        overrides: overrides(given),
        findings: findings.clone(),
        sources,
        manifest,
    };
    let is_asked = |key: &Key| {
        let question = ASKED.iter().find(|asked| asked.key == *key);
        match question {
            Some(Asked { name, .. }) => !given.has(name) && dialogue.best(*key).0,
            // The mode follows from the version.
            None if *key == Key::DjangoSpec => {
                !given.has(MODE) && findings.verdict.ask_for.contains(key)
            }
            None => findings.verdict.ask_for.contains(key),
        }
    };
    Key::all().filter(is_asked).collect()
}

pub(super) fn translation(findings: &Findings, sources: &Sources) -> Option<Translation> {
    match findings.requirements.main.text() {
        Some(main) => Translation::of(sources, main),
        None => Translation::of_imports(sources, findings),
    }
}

/// The findings as they follow from the answers so far.
pub(super) struct Dialogue<'a> {
    pub(super) overrides: Overrides,
    pub(super) findings: Findings,
    pub(super) sources: &'a Sources,
    pub(super) manifest: &'a Manifest,
}

impl Dialogue<'_> {
    /// Whether a person must confirm it, and what to propose.
    pub(super) fn best(&self, key: Key) -> (bool, Option<String>) {
        let (findings, sources) = (&self.findings, self.sources);
        let translated = (key == Key::RequirementsMain)
            .then(|| translation(findings, sources))
            .flatten()
            .and_then(|_| files::translated(findings, sources.survey()));
        let is_translated = translated.is_some();
        let best = translated.or_else(|| best(findings, sources, key));
        let found = findings.get(key).text();
        let is_same = match (best.as_deref(), found) {
            (Some(best), Some(found)) if key == Key::RequirementsMain => {
                best == found || findings.asks_for_all(sources, best, found)
            }
            (best, found) => best == found,
        };
        let is_uncertain = findings.verdict.ask_for.contains(&key)
            || best.is_none() && key != Key::ManagePy
            || key == Key::RequirementsMain && !is_translated && !is_same;
        (is_uncertain, best)
    }

    /// What else is uncertain, of what is asked after `key`.
    pub(super) fn after(&self, key: Key, given: &Given) -> Vec<Open> {
        let later = ASKED.iter().skip_while(|asked| asked.key != key).skip(1);
        let open = later.filter(|asked| !given.has(asked.name));
        open.filter_map(|asked| {
            let (is_uncertain, guess) = self.best(asked.key);
            is_uncertain.then(|| Open {
                key: asked.key.name(),
                answer: asked.name,
                guess,
            })
        })
        .collect()
    }

    /// Takes an answer, and what follows from it.
    pub(super) fn take(&mut self, key: Key, answer: &str) {
        let mut overrides = self.overrides.clone();
        overrides.set(key, answer);
        if overrides != self.overrides {
            self.findings = Findings::with(self.sources, &overrides);
            self.overrides = overrides;
        }
    }

    pub(super) fn check(&self, asked: Asked, answer: &str) -> Result<()> {
        let survey = self.sources.survey();
        let is_text = |question: &&Question| question.kind == Kind::Text && !answer.is_empty();
        let question = self.manifest.question(asked.name).filter(is_text);
        checks::answer(asked.key, answer, &self.findings, survey)
            .and_then(|()| match question {
                Some(question) => question.parse(answer, &[]).map(|_| ()),
                None => Ok(()),
            })
            .map_err(|message| Error::Answer {
                name: asked.name.to_owned(),
                value: answer.to_owned(),
                message,
            })
    }

    /// Asks until the answer names something that is there.
    pub(super) fn ask(
        &mut self,
        question: Asked,
        best: Option<&str>,
        ui: &mut Ui,
    ) -> Result<String> {
        let Asked { key, prompt, .. } = question;
        let before = (self.overrides.clone(), self.findings.clone());
        loop {
            let answer = self.asked(key, prompt, best, ui)?;
            self.sources.survey().look_for(&answer);
            let answer = self.named(key, &answer).unwrap_or(answer);
            self.take(key, &answer);
            match self.check(question, &answer) {
                Ok(()) => {
                    self.tell_changes(&before.1, key, ui);
                    return Ok(answer);
                }
                Err(error) => ui.say(hang("  ✗ ", &error.to_string(), "    ")),
            }
            (self.overrides, self.findings) = before.clone();
        }
    }

    /// The file that stands for an answer which names a tool, such as `poetry`.
    pub(super) fn named(&self, key: Key, answer: &str) -> Option<String> {
        if key != Key::RequirementsMain || self.sources.survey().has(answer) {
            return None;
        }
        let answer = answer.to_ascii_lowercase();
        let mut managers = self.findings.details.managers.iter();
        let is_it = |(form, _): &&(RequirementsForm, String)| {
            answer == form.name() || answer == form.tool().to_ascii_lowercase()
        };
        managers.find(is_it).map(|(_, path)| path.clone())
    }

    /// What is written for pip where the packages are another tool's.
    pub(super) fn for_pip(&self) -> Option<String> {
        translation(&self.findings, self.sources)?;
        files::translated(&self.findings, self.sources.survey())
    }

    /// Says what else is so because of an answer.
    fn tell_changes(&self, before: &Findings, answered: Key, ui: &mut Ui) {
        for (key, finding) in self.findings.all() {
            let was = before.get(key).value;
            if key != answered
                && was != finding.value
                && let Some(text) = finding.text()
            {
                ui.say(format!(
                    "  so {} is {}",
                    key.name(),
                    crate::ui::visible(text)
                ));
            }
        }
    }

    fn asked(&self, key: Key, prompt: &str, best: Option<&str>, ui: &mut Ui) -> Result<String> {
        let findings = &self.findings;
        let name = key.name();
        let mut places = findings.get(key).evidence.to_vec();
        if let Some((_, place)) = &findings.details.settings_in_use
            && key == Key::SettingsModule
        {
            places.push(place.clone());
        }
        if !places.is_empty() {
            ui.say(hang(&format!("  {name}: see "), &places.join(", "), "    "));
        }
        if key == Key::Database {
            let items = DATABASES.map(|database| database.name().to_owned());
            let start = best
                .and_then(|best| items.iter().position(|name| name == best))
                .unwrap_or(0);
            let index = ui.prompt.select(prompt, &items, start)?;
            ui.say(format!("  database: {}", items[index]));
            return Ok(items[index].clone());
        }
        if key == Key::RequirementsMain && findings.requirements.main.text().is_none() {
            ui.say(hang(
                "  ",
                "Nothing lists the packages. A name that is not there yet is written from what the code imports, with versions that fit its Django.",
                "  ",
            ));
        }
        let choices = checks::choices(key, findings, self.sources.survey());
        if !choices.is_empty() {
            ui.say(hang("  to choose from: ", &choices.join(", "), "    "));
        }
        let answer = ui.prompt.text(prompt, best)?;
        ui.say(format!("  {name}: {answer}"));
        Ok(answer.trim().to_owned())
    }
}
