//! Apps that others install, and the sites that lie beside them to try them with.

use super::configuration;
use super::finding::Finding;
use super::findings::Findings;
use super::formats::ini::Ini;
use super::formats::pyproject::Pyproject;
use super::formats::setup_cfg;
use super::formats::setup_py::SetupPy;
use super::sources::{self, Sources};

/// Where it says that the settings of a package for others are there to try it with: a folder for its developers, or a file
/// that is about tests.
pub(super) fn only_tried(findings: &Findings, sources: &Sources) -> Option<String> {
    const FOLDERS: [&str; 8] = [
        "dev",
        "devel",
        "develop",
        "development",
        "devproject",
        "devsite",
        "playground",
        "quickstart",
    ];
    if is_run_in_earnest(findings, sources) {
        return None;
    }
    let file = findings.details.settings_file.as_deref()?;
    let (folder, _) = file.split_once('/')?;
    let is_for_developers = FOLDERS.contains(&folder.to_ascii_lowercase().as_str());
    let is_packaged = |path: &String| {
        let (top, name) = path.split_once('/').unwrap_or_default();
        name == "__init__.py" && top != folder
    };
    if is_for_developers && sources.survey.files().iter().any(is_packaged) {
        return Some(file.to_owned());
    }
    let has_server =
        findings.wsgi_file.text().is_some() || findings.serving.asgi_module.text().is_some();
    let declared = findings.settings_module.evidence.first()?;
    (findings.manage_py.text().is_none() && !has_server && is_about_tests(declared))
        .then(|| declared.clone())
}

/// The package of an app for other projects, as its metadata say: they name the framework, and a folder bears the name. A name
/// such as `django-lamp` will do where a file about tests names the `settings`.
pub(super) fn packaged(sources: &Sources, settings: &str) -> Option<String> {
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
    let mut classifiers = classifiers.chain(setup_cfg::classifiers(&ini));
    let names = pyproject.map(Pyproject::names).unwrap_or_default();
    let others = script.name().into_iter().chain(setup_cfg::name(&ini));
    let names: Vec<&str> = names.into_iter().chain(others).collect();
    let is_told = classifiers.any(is_for_django) || script.has_text(FRAMEWORK);
    let is_like_one =
        || names.iter().any(|name| is_of_an_app(name)) && is_tested(sources, settings);
    if !is_told && !is_like_one() {
        return None;
    }
    let folders = names.into_iter().flat_map(|name| {
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

/// Whether a distribution has the name of what others install into their sites.
fn is_of_an_app(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let starts = ["django-", "djangorestframework-", "drf-", "wagtail-"];
    starts.iter().any(|start| name.starts_with(start))
}

/// Whether a file about tests names the settings.
fn is_tested(sources: &Sources, settings: &str) -> bool {
    let named = configuration::named(sources, |module| module == settings);
    let in_script = |path: &str| sources.text(path).contains(settings);
    !settings.is_empty()
        && (named.iter().any(|(_, place)| is_about_tests(place))
            || ["runtests.py", "run_tests.py"].into_iter().any(in_script))
}

/// Whether a place lies in a file that configures tests.
fn is_about_tests(place: &str) -> bool {
    let path = place.split(':').next().unwrap_or(place);
    matches!(
        sources::name(path),
        "conftest.py" | "pytest.ini" | "pyproject.toml" | "setup.cfg" | "tox.ini"
    )
}

/// Whether a site is more than one to try an app with: it is installed with its manage.py, or has settings to deploy it.
pub(super) fn is_run_in_earnest(findings: &Findings, sources: &Sources) -> bool {
    const DEPLOYED: [&str; 6] = ["live", "prod", "product", "production", "stage", "staging"];
    let statements = sources.python("setup.py");
    let mut names = findings.settings_files.list().iter();
    let is_deployed =
        |path: &String| DEPLOYED.contains(&sources::name(path).trim_end_matches(".py"));
    SetupPy::new(&statements).has_script("manage.py") || names.any(is_deployed)
}

/// Whether settings, URLs and WSGI application all lie outside a package.
pub(super) fn is_site_beside(findings: &Findings, package: &str) -> bool {
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
