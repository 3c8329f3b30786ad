//! Findings → whether they suffice, or why the project is refused.

use super::engine::{Database, Engine};
use super::entrance::Entrance;
use super::examples::{is_example, is_example_name};
use super::finding::{Confidence, Finding, ShownValue};
use super::findings::Findings;
use super::formats::ini::Ini;
use super::formats::pyproject::Pyproject;
use super::formats::setup_cfg;
use super::formats::setup_py::SetupPy;
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
    if let Some(package) = packaged_app(sources)
        && is_site_beside(findings, &package)
        && !is_run_in_earnest(findings, sources)
    {
        return Some(format!(
            "it is a reusable app: what it packages for others is `{package}`, and the settings are those of a site to try it with"
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

/// The package of an app for other projects, as its metadata say: they name the framework, and a folder bears the name.
fn packaged_app(sources: &Sources) -> Option<String> {
    const FRAMEWORK: &str = "Framework :: Django";
    let toml = sources.toml("pyproject.toml").ok();
    let pyproject = toml.as_deref().map(Pyproject::new);
    let statements = sources.python("setup.py");
    let script = SetupPy::new(&statements);
    let text = sources.text("setup.cfg");
    let ini = Ini::parse(&text);
    let classifiers = pyproject.map(Pyproject::classifiers).unwrap_or_default();
    let classifiers = classifiers.iter().map(String::as_str);
    let is_for_django = |classifier: &str| classifier.contains(FRAMEWORK);
    if !classifiers
        .chain(setup_cfg::classifiers(&ini))
        .any(is_for_django)
        && !script.has_text(FRAMEWORK)
    {
        return None;
    }
    let names = pyproject.map(Pyproject::names).unwrap_or_default();
    let others = script.name().into_iter().chain(setup_cfg::name(&ini));
    let folders = names.into_iter().chain(others).flat_map(|name| {
        let name = name.to_ascii_lowercase().replace(['-', '.'], "_");
        let short = name.strip_prefix("django_").map(str::to_owned);
        std::iter::once(name).chain(short)
    });
    let is_package = |folder: &String| {
        ["", "src/"]
            .iter()
            .any(|place| sources.survey.has(&format!("{place}{folder}/__init__.py")))
    };
    let mut folders = folders.filter(is_package);
    folders.next()
}

/// Whether a site is more than one to try an app with: it is installed with its manage.py, or has settings to deploy it.
fn is_run_in_earnest(findings: &Findings, sources: &Sources) -> bool {
    const DEPLOYED: [&str; 6] = ["live", "prod", "product", "production", "stage", "staging"];
    let statements = sources.python("setup.py");
    let mut names = findings.settings_files.list().iter();
    let is_deployed =
        |path: &String| DEPLOYED.contains(&sources::name(path).trim_end_matches(".py"));
    SetupPy::new(&statements).has_script("manage.py") || names.any(is_deployed)
}

/// Whether settings, URLs and WSGI application all lie outside a package.
fn is_site_beside(findings: &Findings, package: &str) -> bool {
    let of_site = [
        &findings.settings_module,
        &findings.root_urlconf,
        &findings.wsgi_module,
    ];
    let is_inside = |finding: &&Finding<String>| {
        finding
            .text()
            .is_some_and(|module| module.split('.').next() == Some(package))
    };
    findings.root_urlconf.text().is_some() && !of_site.iter().any(is_inside)
}
