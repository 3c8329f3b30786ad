//! Findings → answers: what is certain is taken, what is not is asked.

#![allow(clippy::case_sensitive_file_extension_comparisons)]

use crate::adopt::plain_answer;
use crate::ask::Given;
use crate::error::{Error, Result};
use crate::template::{Answer, Answers};
use crate::ui::Ui;
use django_facts::Survey;
use django_facts::{Confidence, Findings, Translation, oldest_python};

use super::dialogue::{ASKED, DATABASES, Dialogue, told, translation};
use super::steps::{Step, Steps};
use super::{files, serving};

/// The oldest Python that the wrapper runs on.
const WRAPPER_PYTHON: (u32, u32) = (3, 10);

/// Answers all that the template wants to know of the project. Returns the findings that follow from the answers, and the
/// requirements in pip's notation.
pub(super) fn complete(
    given: &mut Given,
    findings: Findings,
    survey: &Survey,
    (may_ask, guess): (bool, bool),
    ui: &mut Ui,
) -> Result<(Findings, Option<Translation>)> {
    let mut dialogue = Dialogue {
        told: told(given),
        findings,
        survey,
    };
    for question in ASKED {
        if let Some(answer) = given.text(question.1) {
            dialogue.check(question, answer.trim())?;
        }
    }
    for question in ASKED {
        let (key, name, _) = question;
        if let Some(answer) = given.text(name) {
            if key == "manage_py" && answer.trim().is_empty() {
                given.withdraw(name);
            }
            continue;
        }
        let (is_uncertain, best) = dialogue.best(key);
        let answer = match (is_uncertain, best) {
            (false, best) => best,
            (true, best) if may_ask => Some(dialogue.ask(question, best.as_deref(), ui)?),
            (true, None) if guess && key == "manage_py" => {
                ui.say("  No manage.py was found: `./go.sh manage.py` runs Django's own.");
                None
            }
            (true, Some(best)) if guess => {
                dialogue.take(key, &best);
                Some(best)
            }
            (_, best) => {
                return Err(Error::Uncertain {
                    key,
                    answer: name,
                    others: dialogue.after(key, given),
                    guess: best,
                });
            }
        };
        if let Some(answer) = answer.filter(|answer| !answer.is_empty()) {
            given.suggest(name, Answer::Text(answer));
        }
    }
    if let Some(wsgi) = given
        .text("wsgi_module")
        .filter(|module| !module.is_empty())
    {
        dialogue.check(("wsgi_module", "wsgi_module", ""), wsgi.trim())?;
    }
    let findings = dialogue.findings;
    rest(given, &findings, survey, may_ask, ui)?;
    let translation = translation(&findings, survey);
    serving::complete(given, &findings, survey, translation.as_ref());
    Ok((findings, translation))
}

/// Answers what is not asked for itself.
fn rest(
    given: &mut Given,
    findings: &Findings,
    survey: &Survey,
    may_ask: bool,
    ui: &mut Ui,
) -> Result<()> {
    if let Some(wsgi) = findings.wsgi_module.text() {
        given.suggest("wsgi_module", Answer::Text(wsgi.into()));
    }
    if let Some(app) = findings.more.celery_app.clone() {
        given.suggest("celery_app", Answer::Text(app));
    }
    if let Some(main) = given.text("requirements_file") {
        let mut files = findings.developer_requirements(survey, &main);
        files.extend(files::of_developers(findings, survey, &main).map(|(name, _)| name));
        given.suggest("developer_requirements", Answer::Text(files.join(" ")));
    }
    let mode = mode(given, findings);
    let python = given.text("image_python").unwrap_or_default();
    if !given.has("mode") && may_ask {
        let chosen = ask_mode(mode, &python, findings, ui)?;
        given.suggest("mode", Answer::Text(chosen.into()));
    }
    given.suggest("mode", Answer::Text(mode.into()));
    let services = findings.services().into_iter().map(str::to_owned);
    given.suggest("services", Answer::List(services.collect()));
    Ok(())
}

/// The value to propose for a key.
pub(super) fn best(findings: &Findings, survey: &Survey, key: &str) -> Option<String> {
    let found = findings.get(key)?.text().map(str::to_owned);
    match key {
        "settings_module" => match &findings.more.settings_in_use {
            Some((module, _)) => Some(module.clone()),
            None => found,
        },
        "python.version" => match found {
            Some(version) => image_python(&version, findings),
            None => findings
                .more
                .django
                .map(|django| newest_python(django).into()),
        },
        "database" => match found.as_deref() {
            // A file, where a server's driver is installed: what is not certain may well be the other.
            Some("sqlite")
                if findings.database.confidence == Confidence::Low
                    && findings.more.driver.is_some() =>
            {
                findings.more.driver.map(str::to_owned)
            }
            Some(database) if DATABASES.contains(&database) => found,
            _ => findings
                .more
                .driver
                .or(findings.more.likely_database)
                .map(|driver| {
                    let geographic = driver == "postgresql" && findings.more.has_geography;
                    if geographic { "postgis" } else { driver }.to_owned()
                }),
        },
        "requirements.main" => found
            .filter(|path| {
                path.ends_with(".txt") || path.ends_with(".in") || path.ends_with(".pip")
            })
            .or_else(|| {
                survey
                    .has("requirements.txt")
                    .then(|| "requirements.txt".into())
            }),
        _ => found,
    }
}

/// A version that an image has: `>=3.8,<4` → `3.8`; of a Python without a minor version the newest that suits Django.
fn image_python(version: &str, findings: &Findings) -> Option<String> {
    let first = version
        .split(',')
        .find(|part| !part.starts_with(['<', '!']))?;
    let digits = first.trim_start_matches(['>', '=', '~', '^', 'v', ' ']);
    let mut parts = digits.split('.');
    let major: u32 = parts.next()?.parse().ok()?;
    let minor = parts.next().and_then(|minor| minor.parse::<u32>().ok());
    let oldest = findings.more.django.map_or((2, 0), |django| match django {
        (4, 2..) => WRAPPER_PYTHON,
        _ => oldest_python(django),
    });
    // The oldest Python of a range may be one that the framework, or the wrapper, has left behind.
    if let (Some(django), Some(minor)) = (findings.more.django, minor)
        && version.starts_with(['>', '^', '~'])
        && (major, minor) < oldest
        && !version.contains('<')
    {
        return Some(newest_python(django).into());
    }
    match minor {
        Some(minor) => Some(format!("{major}.{minor}")),
        None if major == 2 => Some("2.7".into()),
        None => Some(findings.more.django.map_or("3.6", newest_python).into()),
    }
}

/// A Python that a Django runs on.
fn newest_python(django: (u32, u32)) -> &'static str {
    match django {
        (5.., _) => "3.12",
        (4, _) => "3.11",
        (3, _) => "3.9",
        (2, _) => "3.7",
        (1, 8..) => "3.6",
        _ => "2.7",
    }
}

/// `wrap` where the wrapper can include the project's settings, else `bypass`.
fn mode(given: &Given, findings: &Findings) -> &'static str {
    let python = given.text("image_python").unwrap_or_default();
    if why_bypass(findings, &python).is_some() {
        "bypass"
    } else {
        "wrap"
    }
}

/// Why the wrapper cannot include the project's settings.
pub(super) fn why_bypass(findings: &Findings, python: &str) -> Option<String> {
    let minor = python
        .strip_prefix("3.")
        .and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    match findings.more.django {
        None => return Some("the version of Django is not known".into()),
        Some(version) if version < (4, 2) => {
            return Some(format!(
                "it is for Django {}.{}, and the wrapper needs 4.2",
                version.0, version.1
            ));
        }
        Some(_) => {}
    }
    if findings.django.spec.confidence == Confidence::Low {
        return Some("the version of Django is not certain".into());
    }
    if minor.is_none_or(|minor| minor < 10) {
        return Some(format!(
            "it is for Python {python}, and the wrapper needs 3.10"
        ));
    }
    if findings.more.settings_file.is_none() {
        return Some("the settings module is not in the project".into());
    }
    findings.more.unusual.clone()
}

fn ask_mode(
    proposed: &'static str,
    python: &str,
    findings: &Findings,
    ui: &mut Ui,
) -> Result<&'static str> {
    if let Some(reason) = why_bypass(findings, python).filter(|_| proposed == "bypass") {
        ui.say(format!("  `bypass` is proposed: {reason}"));
    }
    let items = [
        "wrap: the wrapper's settings include the project's",
        "bypass: scripts, containers and dotenv files only; the project's settings in charge",
    ]
    .map(str::to_owned);
    let index = ui.prompt.select(
        "How shall the project use the template?",
        &items,
        usize::from(proposed == "bypass"),
    )?;
    let chosen = ["wrap", "bypass"][index.min(1)];
    ui.say(format!("  mode: {chosen}"));
    Ok(chosen)
}

/// What the accepted steps mean for the template's own questions.
pub(super) fn of_steps(given: &mut Given, findings: &Findings, steps: &Steps) {
    given.suggest("docker", Answer::Bool(steps.has(Step::Docker)));
    for name in ["features", "deployment", "ci"] {
        if let Some(answer) = plain_answer(name, &Answers::default()) {
            given.suggest(name, answer);
        }
    }
    let secrets = if steps.has(Step::Secrets) {
        "transcrypt"
    } else {
        "none"
    };
    given.suggest("secrets", Answer::Text(secrets.into()));
    let python = given.text("image_python").unwrap_or_default();
    if ["3.11", "3.12", "3.13", "3.14"].contains(&python.as_str()) {
        given.suggest("python_version", Answer::Text(python));
    }
    let _ = findings;
}
