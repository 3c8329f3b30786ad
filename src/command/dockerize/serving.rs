//! Answers about the site that runs: the settings of each environment, what serves its static files, what its image installs first.

use crate::ask::Given;
use crate::template::{Answer, Answers};
use django_facts::{
    Database, Engine, Findings, Sources, Switch, Translation, needs_no_folder, read_alone,
};

use super::questions::{
    ASGI_MODULE, ENVIRONMENT_DEVELOP, ENVIRONMENT_PRODUCTION, ENVIRONMENT_STAGING,
    ENVIRONMENT_TEST, IMAGE_REQUIREMENTS, REQUIREMENTS_FILE, SETTINGS_MODULE, SETTINGS_PRODUCTION,
    SETTINGS_STAGING, SETTINGS_TEST, STATIC_SERVER,
};

/// Answers what follows from the findings and from what was asked.
pub(super) fn complete(
    given: &mut Given,
    findings: &Findings,
    sources: &Sources,
    translation: Option<&Translation>,
) {
    environments(given, findings);
    switches(given, findings);
    let mut suggest = |name: &str, answer: Option<&str>| {
        if let Some(answer) = answer {
            given.suggest(name, Answer::Text(answer.into()));
        }
    };
    suggest(ASGI_MODULE, findings.serving.asgi_module.text());
    suggest(
        STATIC_SERVER,
        match findings.serving.static_files.text() {
            Some("nobody") => Some("whitenoise"),
            Some("own") => Some("own"),
            _ => None,
        },
    );
    if let Some(main) = given.text(REQUIREMENTS_FILE) {
        let files = installed_first(&main, sources, translation);
        given.suggest(IMAGE_REQUIREMENTS, Answer::Text(files.join(" ")));
    }
}

/// What the production site will run, for people: its settings, and what of these a site should not run with.
pub(super) fn production(findings: &Findings, answers: &Answers) -> Vec<String> {
    let text = |name: &str| match answers.get(name) {
        Some(Answer::Text(text)) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    // An older release of the template does not ask.
    let Some(module) = text(SETTINGS_PRODUCTION) else {
        return Vec::new();
    };
    let found = &findings.settings;
    let mut said = vec![format!("Production runs the settings `{module}`.")];
    if let Some(other) = found.production.text().filter(|other| *other != module)
        && let Some(place) = found.production.evidence.first()
    {
        said.push(format!("But {place} names `{other}`."));
    }
    said.extend(told_of_switches(findings, answers));
    if found.production.text() == Some(module) {
        let database = found
            .database_in_production
            .as_ref()
            .unwrap_or(&findings.database);
        if let Some(place) = &found.debug_in_production {
            said.push(format!(
                "DEBUG is on in these settings, unless the environment turns it off: {place}"
            ));
        }
        if database.value == Some(Database::Engine(Engine::Sqlite)) {
            said.push(format!(
                "The database of these settings is SQLite, a file that each container has for itself: {}",
                database.evidence.first().map_or("", String::as_str)
            ));
        }
    }
    said.extend(match text(STATIC_SERVER) {
        Some("whitenoise") => Some(
            "Nothing serves static files in production yet: the image collects them, and WhiteNoise serves them before your application.".to_owned(),
        ),
        Some(_) => Some("The image collects the static files, and your application serves them.".to_owned()),
        None => None,
    });
    if let Some(module) = text(ASGI_MODULE) {
        said.push(format!("The site is asynchronous: `{module}` is served."));
    }
    said
}

/// The settings of each environment that has others than developers have.
fn environments(given: &mut Given, findings: &Findings) {
    let usual = given.text(SETTINGS_MODULE).unwrap_or_default();
    let found = &findings.settings;
    let production = given.text(SETTINGS_PRODUCTION).unwrap_or_default();
    let staging = match found.staging.text() {
        Some(staging) if found.staging.value != found.production.value => staging.to_owned(),
        _ => production.clone(),
    };
    if !staging.is_empty() && staging != usual {
        given.suggest(SETTINGS_STAGING, Answer::Text(staging));
    }
    if let Some(test) = found.test.text().filter(|test| *test != usual) {
        given.suggest(SETTINGS_TEST, Answer::Text(test.into()));
    }
}

/// The variables that tell the project which of its own environments it is.
fn switches(given: &mut Given, findings: &Findings) {
    let mut suggest = |question, value: fn(&Switch) -> Option<&String>| {
        let pairs = findings.settings.switches.iter();
        let pairs = pairs.filter_map(|switch| Some(format!("{}={}", switch.name, value(switch)?)));
        let pairs = pairs.collect::<Vec<_>>().join(" ");
        if !pairs.is_empty() {
            given.suggest(question, Answer::Text(pairs));
        }
    };
    suggest(ENVIRONMENT_PRODUCTION, |switch| switch.production.as_ref());
    suggest(ENVIRONMENT_STAGING, |switch| {
        switch.staging.as_ref().or(switch.production.as_ref())
    });
    suggest(ENVIRONMENT_TEST, |switch| switch.test.as_ref());
    suggest(ENVIRONMENT_DEVELOP, |switch| switch.developers.as_ref());
}

/// The variables of which nothing says what they are in production, although the project asks.
pub(super) fn open_switches<'f>(
    findings: &'f Findings,
    answers: &'f Answers,
) -> impl Iterator<Item = &'f Switch> {
    let set = match answers.get(ENVIRONMENT_PRODUCTION) {
        Some(Answer::Text(set)) => set.as_str(),
        _ => "",
    };
    let is_set = move |switch: &&Switch| {
        let mut pairs = set.split(' ').filter_map(|pair| pair.split_once('='));
        pairs.any(|(name, _)| name == switch.name)
    };
    let switches = findings.settings.switches.iter();
    switches.filter(move |switch| !switch.words.is_empty() && !is_set(switch))
}

/// What tells the project that it is in production, for people.
fn told_of_switches(findings: &Findings, answers: &Answers) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(Answer::Text(set)) = answers.get(ENVIRONMENT_PRODUCTION)
        && !set.is_empty()
    {
        said.push(format!("There {} is set.", set.replace(' ', ", ")));
    }
    said.extend(open_switches(findings, answers).map(|switch| {
        format!(
            "{} ({}) says which settings hold, and nothing tells which of these production is: {}. \
             `--answer {ENVIRONMENT_PRODUCTION}={}=…` does.",
            switch.name,
            switch.place,
            switch.words.join(", "),
            switch.name
        )
    }));
    said
}

/// The files that pip reads, where it reads nothing else of the project and their names fit; else none.
fn installed_first(
    main: &str,
    sources: &Sources,
    translation: Option<&Translation>,
) -> Vec<String> {
    let files = match (sources.survey().has(main), translation) {
        (true, _) => read_alone(sources, main),
        (false, Some(translation)) => of_translation(main, translation),
        (false, None) => None,
    };
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '@' | '+' | '.' | '/' | '-');
    files
        .filter(|files| files.iter().all(|file| file.chars().all(fits)))
        .unwrap_or_default()
}

/// The files that a translation becomes: `files::of_translation` writes them.
fn of_translation(main: &str, translation: &Translation) -> Option<Vec<String>> {
    let stem = main.strip_suffix(".txt")?;
    let mut files = vec![format!("{stem}.in"), main.to_owned()];
    if translation.locked.is_some() {
        files.push(super::files::locked_beside(main));
    }
    needs_no_folder(&translation.lines.join("\n")).then_some(files)
}
