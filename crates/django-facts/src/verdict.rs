//! Whether the findings suffice: go on, ask, or refuse.

use serde::Serialize;
use serde_json::Value;

use super::database::family;
use super::entrance::{Entrance, Told};
use super::examples::{is_example, is_example_name};
use super::finding::{Confidence, Finding};
use super::formats::ini::Ini;
use super::formats::pyproject::Pyproject;
use super::formats::setup_cfg;
use super::formats::setup_py::SetupPy;
use super::packaging::Packaging;
use super::sources::Sources;
use super::{Findings, sources};

/// `ok`, `ask` with the keys that a person must confirm, or `refuse` with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub verdict: &'static str,
    pub ask_for: Vec<&'static str>,
    pub reason: Option<String>,
}

/// What the wizard cannot do without.
const NEEDED: [&str; 8] = [
    "manage_py",
    "settings_module",
    "python_path",
    "settings.production",
    "django.spec",
    "python.version",
    "requirements.main",
    "database",
];

impl Verdict {
    pub(super) fn of(
        findings: &Findings,
        sources: &Sources,
        entrance: &Entrance,
        packaging: &Packaging,
    ) -> Self {
        if let Some(reason) = refusal(findings, sources, entrance, packaging) {
            return Self {
                verdict: "refuse",
                ask_for: Vec::new(),
                reason: Some(reason),
            };
        }
        let ask_for: Vec<&'static str> = NEEDED
            .into_iter()
            .filter(|key| is_uncertain(findings, key))
            .collect();
        Self {
            verdict: if ask_for.is_empty() { "ok" } else { "ask" },
            ask_for,
            reason: None,
        }
    }
}

impl Verdict {
    /// Says what a person must confirm, where the project is not refused.
    pub fn ask(&mut self, keys: Vec<&'static str>) {
        if self.verdict != "refuse" {
            self.verdict = if keys.is_empty() { "ok" } else { "ask" };
            self.ask_for = keys;
        }
    }

    /// Takes what a person has said for confirmed.
    pub(super) fn answered(&mut self, told: &Told) {
        let mut keys = std::mem::take(&mut self.ask_for);
        keys.retain(|key| told.get(key).is_none());
        self.ask(keys);
    }
}

fn is_uncertain(findings: &Findings, key: &str) -> bool {
    let Some(finding) = findings.get(key) else {
        return false;
    };
    // What is asked of the settings module is not asked twice.
    if key == "settings.production" && finding.value == findings.settings_module.value {
        return false;
    }
    if key == "database" {
        let is_hidden = !matches!(
            finding.text(),
            Some("sqlite" | "postgresql" | "postgis" | "mysql" | "oracle" | "none")
        );
        let driver = findings.more.driver;
        let fits = driver.is_some_and(|driver| {
            findings
                .more
                .likely_database
                .is_none_or(|likely| likely == "sqlite" || family(likely) == family(driver))
        });
        return finding.confidence == Confidence::Low
            || is_hidden && !fits
            || finding.text() == Some("none") && driver.is_some();
    }
    finding.confidence == Confidence::Low || finding.value.is_null()
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
    let is_of_tests = findings.settings_module.text().is_some_and(|module| {
        module
            .split('.')
            .any(|part| is_example_name(part) || part == "test_settings" || part == "runtests")
    });
    let only_examples = outside.is_empty() && !entrance.candidates.is_empty();
    let file_of_tests = findings
        .more
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
    findings.more.settings_file.as_deref().is_some_and(|file| {
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
    let files = findings.settings_files.value.as_array();
    let mut names = files.into_iter().flatten().filter_map(Value::as_str);
    let is_deployed = |path| DEPLOYED.contains(&sources::name(path).trim_end_matches(".py"));
    SetupPy::new(&statements).has_script("manage.py") || names.any(is_deployed)
}

/// Whether settings, URLs and WSGI application all lie outside a package.
fn is_site_beside(findings: &Findings, package: &str) -> bool {
    let of_site = [
        &findings.settings_module,
        &findings.root_urlconf,
        &findings.wsgi_module,
    ];
    let is_inside = |finding: &&Finding| {
        finding
            .text()
            .is_some_and(|module| module.split('.').next() == Some(package))
    };
    findings.root_urlconf.text().is_some() && !of_site.iter().any(is_inside)
}
