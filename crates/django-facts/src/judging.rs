//! Findings → whether they suffice, or why the project is refused.

use super::apps;
use super::engine::{Database, Engine};
use super::entrance::Entrance;
use super::examples::{is_example, is_example_name};
use super::finding::{Confidence, ShownValue};
use super::findings::Findings;
use super::key::Key;
use super::packaging::Packaging;
use super::sources::{self, Sources};
use super::text::has_word;
use super::verdict::Verdict;

/// What the wizard cannot do without.
const NEEDED: [Key; 8] = [
    Key::ManagePy,
    Key::SettingsModule,
    Key::PythonPath,
    Key::SettingsOfProduction,
    Key::DjangoSpec,
    Key::PythonVersion,
    Key::RequirementsMain,
    Key::Database,
];

/// What is to be done with the project of these findings.
pub(super) fn verdict(
    findings: &Findings,
    sources: &Sources,
    entrance: &Entrance,
    packaging: &Packaging,
) -> Verdict {
    if let Some(reason) = refusal(findings, sources, entrance, packaging) {
        return Verdict::refuse(reason);
    }
    let mut verdict = Verdict::default();
    let uncertain = NEEDED
        .into_iter()
        .filter(|key| is_uncertain(findings, *key));
    verdict.ask(uncertain.collect());
    verdict
}

fn is_uncertain(findings: &Findings, key: Key) -> bool {
    if key == Key::Database {
        let found = findings.database.value;
        let is_told =
            found.is_some_and(|found| found == Database::None || found.engine().is_some());
        let driver = findings.details.driver;
        let fits = driver.is_some_and(|driver| {
            findings
                .details
                .likely_database
                .is_none_or(|likely| likely == Engine::Sqlite || likely.family() == driver.family())
        });
        let is_elsewhere = found.is_some_and(|found| {
            found != Database::Unknown && found != Database::PerEnvironment && !is_told
        });
        // An example, or what compose files start, tells what the settings leave to the machine.
        let is_exemplified = is_elsewhere
            && findings
                .details
                .told_database
                .is_some_and(|told| driver.is_none_or(|driver| driver.family() == told.family()));
        return findings.database.confidence == Confidence::Low
            || !is_told && !fits && !is_exemplified
            || found == Some(Database::None) && driver.is_some();
    }
    let finding = findings.get(key);
    // What is asked about the settings module is not asked twice.
    if key == Key::SettingsOfProduction && finding.value == findings.settings_module.shown().value {
        return false;
    }
    finding.confidence == Confidence::Low || finding.value == ShownValue::Nothing
}

/// Why this is no project that can be wrapped.
fn refusal(
    findings: &Findings,
    sources: &Sources,
    entrance: &Entrance,
    packaging: &Packaging,
) -> Option<String> {
    let has_settings = findings.settings_module.text().is_some();
    let outside: Vec<&String> = entrance
        .candidates
        .iter()
        .filter(|path| !is_example(path))
        .collect();
    if outside.is_empty() && !has_settings && entrance.candidates.is_empty() {
        return Some(if packaging.is_distribution {
            "it is a package that others install, not a project: it has no manage.py and no settings".into()
        } else if sources.survey.files().is_empty() {
            "the folder is empty".into()
        } else {
            "there is no Django project here: no manage.py and no settings module".into()
        });
    }
    if !has_settings
        && let Some(place) = entrance
            .candidates
            .iter()
            .find(|path| has_word(&sources.text(path), "settings.configure"))
    {
        return Some(format!(
            "it is a reusable app: {place} configures Django by itself, as for tests, and nothing names settings"
        ));
    }
    let is_of_tests = findings.settings_module.text().is_some_and(|module| {
        module
            .split('.')
            .any(|part| is_example_name(part) || part == "test_settings" || part == "runtests")
    });
    let only_examples = outside.is_empty() && !entrance.candidates.is_empty();
    let file_of_tests = findings
        .details
        .settings_file
        .as_deref()
        .is_some_and(is_example);
    if packaging.is_distribution && (only_examples || is_of_tests || file_of_tests) {
        let place = entrance
            .candidates
            .first()
            .map_or("its tests", String::as_str);
        return Some(format!(
            "it is a reusable app: it is packaged for others to install, and only its tests or examples have settings ({place})"
        ));
    }
    if let Some(package) =
        apps::packaged(sources, findings.settings_module.text().unwrap_or_default())
        && apps::is_site_beside(findings, &package)
        && !apps::is_run_in_earnest(findings, sources)
    {
        return Some(format!(
            "it is a reusable app: what it packages for others is `{package}`, and the settings are those of a site to try it with"
        ));
    }
    if packaging.is_distribution
        && let Some(place) = apps::only_tried(findings, sources)
    {
        return Some(format!(
            "it is a reusable app: it is packaged for others to install, and the settings are those of a site to try it with ({place})"
        ));
    }
    if packaging.is_distribution && outside.is_empty() && !has_real_settings(findings, sources) {
        return Some("it is a package that others install, not a project".into());
    }
    None
}

fn has_real_settings(findings: &Findings, sources: &Sources) -> bool {
    findings
        .details
        .settings_file
        .as_deref()
        .is_some_and(|file| {
            !is_example(file) && !is_example_name(sources::name(file)) && sources.survey.has(file)
        })
}
