//! What is asked of a person, answer by answer; what follows from each is found out before the next.

use super::answers::best;
use super::{checks, files};
use crate::ask::Given;
use crate::error::{Error, Result};
use crate::ui::Ui;
use django_facts::Survey;
use django_facts::{Findings, Told, Translation};

/// A key of the findings, the answer that it becomes, and what a person is asked.
pub(super) const ASKED: [Asked; 7] = [
    (
        "manage_py",
        "manage_py",
        "Which file is the project's manage.py (empty: none)",
    ),
    (
        "settings_module",
        "settings_module",
        "Settings module, as DJANGO_SETTINGS_MODULE names it",
    ),
    (
        "python_path",
        "python_path",
        "Folder that must be on Python's path (`.` is the project's)",
    ),
    (
        "settings.production",
        "settings_production",
        "Settings module of the production site",
    ),
    (
        "python.version",
        "image_python",
        "Python of the image, such as 3.8",
    ),
    (
        "requirements.main",
        "requirements_file",
        "File that pip installs the packages from",
    ),
    ("database", "database", "Database"),
];

pub(super) const DATABASES: [&str; 6] =
    ["sqlite", "postgresql", "postgis", "mysql", "oracle", "none"];

/// What was given of the findings that others follow from.
pub(super) fn told(given: &Given) -> Told {
    let mut told = Told::default();
    for (key, name, _) in ASKED {
        if let Some(answer) = given.text(name) {
            told.tell(key, answer.trim());
        }
    }
    told
}

/// The keys that a person must confirm and that `given` does not answer: all that are known before the first is asked.
pub(super) fn open(given: &Given, findings: &Findings, survey: &Survey) -> Vec<&'static str> {
    let dialogue = Dialogue {
        told: told(given),
        findings: findings.clone(),
        survey,
    };
    let is_asked = |key: &str| {
        let question = ASKED.iter().find(|(asked, _, _)| *asked == key);
        match question {
            Some((_, name, _)) => !given.has(name) && dialogue.best(key).0,
            // What follows from the version is the mode.
            None if key == "django.spec" => {
                !given.has("mode") && findings.verdict.ask_for.contains(&key)
            }
            None => findings.verdict.ask_for.contains(&key),
        }
    };
    let keys = findings.all().into_iter().map(|(key, _)| key);
    keys.filter(|key| is_asked(key)).collect()
}

pub(super) fn translation(findings: &Findings, survey: &Survey) -> Option<Translation> {
    let main = findings.requirements.main.text()?;
    Translation::of(survey, main)
}

/// A key of the findings, the answer that it becomes, the prompt.
pub(super) type Asked = (&'static str, &'static str, &'static str);

/// The findings as they follow from the answers so far.
pub(super) struct Dialogue<'a> {
    pub(super) told: Told,
    pub(super) findings: Findings,
    pub(super) survey: &'a Survey,
}

impl Dialogue<'_> {
    /// Whether a person must confirm it, and what to propose.
    pub(super) fn best(&self, key: &str) -> (bool, Option<String>) {
        let (findings, survey) = (&self.findings, self.survey);
        let translated = (key == "requirements.main")
            .then(|| translation(findings, survey))
            .flatten()
            .and_then(|_| files::translated(findings, survey));
        let is_translated = translated.is_some();
        let best = translated.or_else(|| best(findings, survey, key));
        let found = findings.get(key).and_then(|found| found.text());
        let is_same = match (best.as_deref(), found) {
            (Some(best), Some(found)) if key == "requirements.main" => {
                best == found || findings.asks_for_all(survey, best, found)
            }
            (best, found) => best == found,
        };
        let is_uncertain = findings.verdict.ask_for.contains(&key)
            || best.is_none() && key != "manage_py"
            || key == "requirements.main" && !is_translated && !is_same;
        (is_uncertain, best)
    }

    /// What else is uncertain, of what is asked after `key`.
    pub(super) fn after(&self, key: &str, given: &Given) -> Vec<&'static str> {
        let later = ASKED.iter().skip_while(|(asked, _, _)| *asked != key);
        later
            .skip(1)
            .filter(|(asked, name, _)| !given.has(name) && self.best(asked).0)
            .map(|(asked, _, _)| *asked)
            .collect()
    }

    /// Takes an answer, and what follows from it.
    pub(super) fn take(&mut self, key: &str, answer: &str) {
        let mut told = self.told.clone();
        told.tell(key, answer);
        if told != self.told {
            self.findings = Findings::told(self.survey, &told);
            self.told = told;
        }
    }

    pub(super) fn check(&self, (key, name, _): Asked, answer: &str) -> Result<()> {
        checks::answer(key, answer, &self.findings, self.survey).map_err(|message| Error::Answer {
            name: name.to_owned(),
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
        let (key, _, prompt) = question;
        let before = (self.told.clone(), self.findings.clone());
        loop {
            let answer = ask(key, prompt, best, &self.findings, ui)?;
            self.take(key, &answer);
            match self.check(question, &answer) {
                Ok(()) => {
                    self.tell_changes(&before.1, key, ui);
                    return Ok(answer);
                }
                Err(error) => ui.say(format!("  ✗ {error}")),
            }
            (self.told, self.findings) = before.clone();
        }
    }

    /// Says what else is so because of an answer.
    fn tell_changes(&self, before: &Findings, answered: &str, ui: &mut Ui) {
        for (key, finding) in self.findings.all() {
            let was = before.get(key).map(|finding| &finding.value);
            if key != answered
                && was != Some(&finding.value)
                && let Some(text) = finding.text()
            {
                ui.say(format!("  so {key} is {}", crate::ui::visible(text)));
            }
        }
    }
}

fn ask(
    key: &str,
    prompt: &str,
    best: Option<&str>,
    findings: &Findings,
    ui: &mut Ui,
) -> Result<String> {
    let found = findings.get(key);
    let mut places = found.map_or_else(Vec::new, |found| found.evidence.clone());
    if let Some((_, place)) = &findings.more.settings_in_use
        && key == "settings_module"
    {
        places.push(place.clone());
    }
    if !places.is_empty() {
        ui.say(format!("  {key}: see {}", places.join(", ")));
    }
    if key == "database" {
        let items = DATABASES.map(str::to_owned);
        let start = best
            .and_then(|best| DATABASES.iter().position(|name| *name == best))
            .unwrap_or(0);
        let index = ui.prompt.select(prompt, &items, start)?;
        ui.say(format!("  database: {}", DATABASES[index]));
        return Ok(DATABASES[index].into());
    }
    let answer = ui.prompt.text(prompt, best)?;
    ui.say(format!("  {key}: {answer}"));
    Ok(answer.trim().to_owned())
}
