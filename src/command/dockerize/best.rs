//! The value to propose for what was found, and for what was not.

#![allow(clippy::case_sensitive_file_extension_comparisons)]

use super::checks;
use super::questions::DATABASES;
use django_facts::{Confidence, Database, Engine, Findings, Key, Sources, oldest_python};

/// The oldest Python that the wrapper runs on.
const WRAPPER_PYTHON: (u32, u32) = (3, 10);

/// The value to propose for a key.
pub(super) fn best(findings: &Findings, sources: &Sources, key: Key) -> Option<String> {
    let found = findings.get(key).text().map(str::to_owned);
    match key {
        Key::SettingsModule => match &findings.details.settings_in_use {
            Some((module, _)) => Some(module.clone()),
            None => found,
        },
        // A server's file may name what no checkout has.
        Key::SettingsOfProduction => {
            let is_there = |module: &String| {
                checks::module_below(module, findings, sources.survey()).is_some()
            };
            let usual = || findings.settings_module.text().map(str::to_owned);
            found.filter(is_there).or_else(usual)
        }
        Key::PythonVersion => match found {
            Some(version) => image_python(&version, findings),
            None => findings
                .details
                .django
                .map(|django| newest_python(django).into()),
        },
        Key::Database => best_database(findings).map(|best| best.name().to_owned()),
        Key::RequirementsMain => found
            .filter(|path| {
                let mut managers = findings.details.managers.iter();
                managers.all(|(_, known)| known != path)
            })
            .or_else(|| of_tool_with_lock(findings, sources))
            .or_else(|| {
                sources
                    .survey()
                    .has("requirements.txt")
                    .then(|| "requirements.txt".into())
            }),
        _ => found,
    }
}

/// The tool that keeps a lock of the packages, where a list beside it says something else: it is often an old export.
fn of_tool_with_lock(findings: &Findings, sources: &Sources) -> Option<String> {
    const LIST: &str = "requirements.txt";
    let main = findings.requirements.main.text()?;
    let form = findings.requirements.form.value?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let survey = sources.survey();
    let has_lock = ["poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"]
        .into_iter()
        .any(|lock| survey.has(format!("{folder}/{lock}").trim_start_matches('/')));
    let says_the_same = findings.django.spec.confidence > Confidence::Low
        && findings.asks_for_all(sources, LIST, main);
    (has_lock && survey.has(LIST) && !says_the_same).then(|| form.name().to_owned())
}

fn best_database(findings: &Findings) -> Option<Database> {
    let details = &findings.details;
    let found = findings.database.value;
    let is_file = found == Some(Database::Engine(Engine::Sqlite));
    // A file, where a server's driver is installed: what is not certain may well be the other.
    if is_file && findings.database.confidence == Confidence::Low && details.driver.is_some() {
        return details.driver.map(Database::Engine);
    }
    if let Some(found) = found.filter(|found| DATABASES.contains(found)) {
        return Some(found);
    }
    let driver = details.driver.or(details.likely_database)?;
    let is_geographic = driver == Engine::Postgresql && details.has_geography;
    Some(Database::Engine(if is_geographic {
        Engine::Postgis
    } else {
        driver
    }))
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
    let oldest = findings
        .details
        .django
        .map_or((2, 0), |django| match django {
            (4, 2..) => WRAPPER_PYTHON,
            _ => oldest_python(django),
        });
    // The oldest Python of a range may be one that the framework, or the wrapper, has left behind.
    if let (Some(django), Some(minor)) = (findings.details.django, minor)
        && version.starts_with(['>', '^', '~'])
        && (major, minor) < oldest
        && !version.contains('<')
    {
        return Some(newest_python(django).into());
    }
    match minor {
        Some(minor) => Some(format!("{major}.{minor}")),
        None if major == 2 => Some("2.7".into()),
        None => Some(findings.details.django.map_or("3.6", newest_python).into()),
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
