//! Findings → answers: what is certain is taken, what is not is asked.

use crate::adopt::plain_answer;
use crate::ask::Given;
use crate::error::{Error, Open, Result};
use crate::template::{Answer, Answers, Manifest};
use crate::ui::Ui;
use django_facts::{Confidence, Findings, Key, RequirementsForm, Sources, Translation};

use super::dialogue::{Dialogue, overrides, translation};
use super::questions::{
    ASKED, Asked, CELERY_APP, CI, DEPLOYMENT, DEVELOPER_REQUIREMENTS, DOCKER, FEATURES,
    IMAGE_PYTHON, MODE, OWN_PACKAGE, PYTHON_VERSION, REQUIREMENTS_FILE, SECRETS, SERVICES,
    SITE_DOMAIN, WSGI, WSGI_MODULE,
};
use super::steps::{Step, Steps};
use super::{files, serving};

/// What is done where an answer is not certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// A person is there to answer.
    Person,
    /// The best guess is taken.
    Guess,
    /// The run ends with what is not certain.
    Nobody,
}

/// Answers all that the template wants to know of the project, and returns the findings that follow from the answers,
/// with the requirements in pip's notation.
pub(super) fn complete(
    given: &mut Given,
    findings: Findings,
    sources: &Sources,
    manifest: &Manifest,
    asking: Asking,
    ui: &mut Ui,
) -> Result<(Findings, Option<Translation>)> {
    let mut dialogue = Dialogue {
        overrides: overrides(given),
        findings,
        sources,
        manifest,
    };
    requirements(given, &mut dialogue, ui)?;
    for question in ASKED {
        if let Some(answer) = given.text(question.name) {
            dialogue.check(question, answer.trim())?;
        }
    }
    for question in ASKED {
        let Asked { key, name, .. } = question;
        if let Some(answer) = given.text(name) {
            if key == Key::ManagePy && answer.trim().is_empty() {
                given.withdraw(name);
            }
            continue;
        }
        let (is_uncertain, best) = dialogue.best(key);
        let answer = match (is_uncertain, best) {
            (false, best) => best,
            (true, best) if asking == Asking::Person => {
                let answer = dialogue.ask(question, best.as_deref(), ui)?;
                given.said.push((name, answer.clone()));
                Some(answer)
            }
            (true, None) if asking == Asking::Guess && key == Key::ManagePy => {
                ui.say("  No manage.py was found: `./go.sh manage.py` runs Django's own.");
                None
            }
            (true, Some(best)) if asking == Asking::Guess => {
                dialogue.take(key, &best);
                Some(best)
            }
            (_, best) => {
                return Err(Error::Uncertain {
                    first: Open {
                        key: key.name(),
                        answer: name,
                        guess: best,
                    },
                    others: dialogue.after(key, given),
                });
            }
        };
        if let Some(answer) = answer.filter(|answer| !answer.is_empty()) {
            given.suggest(name, Answer::Text(answer));
        }
        if key == Key::RequirementsMain {
            requirements(given, &mut dialogue, ui)?;
        }
    }
    if let Some(wsgi) = given.text(WSGI_MODULE).filter(|module| !module.is_empty()) {
        dialogue.check(WSGI, wsgi.trim())?;
    }
    let findings = dialogue.findings;
    rest(given, &findings, sources, asking == Asking::Person, ui)?;
    let translation = translation(&findings, sources);
    serving::complete(given, &findings, sources, translation.as_ref());
    Ok((findings, translation))
}

/// Where the answer names another tool than pip, or its file: what is written from that is what pip reads.
fn requirements(given: &mut Given, dialogue: &mut Dialogue, ui: &mut Ui) -> Result<()> {
    let key = Key::RequirementsMain;
    let Some(answer) = given.text(REQUIREMENTS_FILE) else {
        return Ok(());
    };
    let answer = answer.trim();
    let named = dialogue.named(key, answer);
    let is_list = [".txt", ".in", ".pip"]
        .iter()
        .any(|end| answer.ends_with(end));
    if is_list && named.is_none() {
        return Ok(());
    }
    let file = named.unwrap_or_else(|| answer.to_owned());
    dialogue.take(key, &file);
    let found = &dialogue.findings.requirements;
    let tool = found.form.value.map(RequirementsForm::tool);
    let Some(tool) = tool.filter(|tool| *tool != "pip" && found.main.text() == Some(&file)) else {
        return Ok(());
    };
    let Some(written) = dialogue.for_pip() else {
        return Err(Error::Answer {
            name: REQUIREMENTS_FILE.into(),
            value: answer.to_owned(),
            message: format!(
                "it is {tool}'s, pip cannot read it, and no list for pip can be made of it: name a list that pip reads"
            ),
        });
    };
    ui.say(format!(
        "  {file} is {tool}'s: {written} is written from it, for pip"
    ));
    given.withdraw(REQUIREMENTS_FILE);
    given.suggest(REQUIREMENTS_FILE, Answer::Text(written));
    Ok(())
}

/// Answers what is not asked for itself.
fn rest(
    given: &mut Given,
    findings: &Findings,
    sources: &Sources,
    may_ask: bool,
    ui: &mut Ui,
) -> Result<()> {
    if let Some(wsgi) = findings.wsgi_module.text() {
        given.suggest(WSGI_MODULE, Answer::Text(wsgi.into()));
    }
    if let Some(package) = findings.own_package.text() {
        given.suggest(OWN_PACKAGE, Answer::Text(package.into()));
    }
    if let Some(app) = findings.details.celery_app.clone() {
        given.suggest(CELERY_APP, Answer::Text(app));
    }
    if let Some(main) = given.text(REQUIREMENTS_FILE) {
        let mut files = findings.developer_requirements(sources, &main);
        files.extend(files::of_developers(findings, sources, &main).map(|(name, _)| name));
        given.suggest(DEVELOPER_REQUIREMENTS, Answer::Text(files.join(" ")));
    }
    let mode = mode(given, findings);
    let python = given.text(IMAGE_PYTHON).unwrap_or_default();
    if !given.has(MODE) && may_ask {
        let chosen = ask_mode(mode, &python, findings, ui)?;
        given.said.push((MODE, chosen.into()));
        given.suggest(MODE, Answer::Text(chosen.into()));
    }
    given.suggest(MODE, Answer::Text(mode.into()));
    if given.text(MODE).as_deref() == Some("bypass") {
        // Nothing adds the site's name to their ALLOWED_HOSTS. Django with DEBUG takes this one, and names below it since 3.1.
        given.suggest(SITE_DOMAIN, Answer::Text("localhost".into()));
    }
    let services = findings.services().into_iter().map(str::to_owned);
    given.suggest(SERVICES, Answer::List(services.collect()));
    Ok(())
}

/// `wrap` where the wrapper can include the project's settings, else `bypass`.
fn mode(given: &Given, findings: &Findings) -> &'static str {
    let python = given.text(IMAGE_PYTHON).unwrap_or_default();
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
    match findings.details.django {
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
    if findings.details.settings_file.is_none() {
        return Some("the settings module is not in the project".into());
    }
    findings.details.unusual.clone()
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
    given.suggest(DOCKER, Answer::Bool(steps.has(Step::Docker)));
    for name in [FEATURES, DEPLOYMENT, CI] {
        if let Some(answer) = plain_answer(name, &Answers::default()) {
            given.suggest(name, answer);
        }
    }
    let secrets = if steps.has(Step::Secrets) {
        "transcrypt"
    } else {
        "none"
    };
    given.suggest(SECRETS, Answer::Text(secrets.into()));
    let python = given.text(IMAGE_PYTHON).unwrap_or_default();
    if ["3.11", "3.12", "3.13", "3.14"].contains(&python.as_str()) {
        given.suggest(PYTHON_VERSION, Answer::Text(python));
    }
    let _ = findings;
}
