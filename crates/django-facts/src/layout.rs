//! Where the parts of a project lie: settings files, the WSGI application, what is served from where.

use super::configuration::started;
use super::entrance::{Entrance, shown};
use super::evaluate::Evaluator;
use super::examples::is_example;
use super::expression::ExprKind as E;
use super::finding::{Confidence, Finding, at};
use super::findings::Location;
use super::forms::SettingsForm;
use super::guards::is_test_guard;
use super::local_examples;
use super::settings::looks_like_settings;
use super::settings::{Entry, Settings};
use super::sources::{self, Sources, name, parent};
use super::syntax::StatementKind;
use super::text;

/// The settings of other environments: the files that lie beside the settings module.
pub(super) fn variants(
    sources: &Sources,
    entrance: &Entrance,
    settings: &Settings,
    python_path: &str,
) -> Vec<(String, Settings)> {
    let folder = match (&entrance.settings_file, entrance.settings_module.text()) {
        (Some(file), _) => parent(file),
        (None, Some(dotted)) => {
            let own = sources::join(python_path, &dotted.replace('.', "/"));
            let package = dotted.rsplit_once('.').map_or("", |(package, _)| package);
            // A folder of that name, in which each machine makes the file that chooses.
            if sources.survey.has_folder(&own) {
                own
            } else {
                sources::join(python_path, &package.replace('.', "/"))
            }
        }
        (None, None) => return Vec::new(),
    };
    let in_package = name(&folder).contains("settings");
    let is_variant = |path: &&String| {
        parent(path) == folder
            && path.ends_with(".py")
            && !settings.files.contains(path)
            && name(path) != "__init__.py"
            && (name(path).contains("settings") || in_package && has_settings(sources, path))
            && (has_settings(sources, path) || looks_like_settings(sources, path))
            && !has_urls(sources, path)
    };
    // Settings with other names show what they are when they include the ones that are known.
    let main = entrance.settings_file.clone().unwrap_or_default();
    let may_include = |path: &&String| {
        parent(path) == folder
            && path.ends_with(".py")
            && !settings.files.contains(path)
            && includes(sources, path)
    };
    let files = sources.survey.files().iter();
    let found = files
        .filter(|path| is_variant(path) || may_include(path))
        .take(30);
    let mut variants: Vec<(String, Settings)> = found
        .map(|path| (path.clone(), Settings::load(sources, python_path, path)))
        .filter(|(path, variant)| is_variant(&path) || variant.files.contains(&main))
        .collect();
    // The settings that servers are started with may lie elsewhere.
    for module in started(sources) {
        if let Some(path) = sources.module(python_path, &module)
            && !settings.files.contains(&path)
            && !variants.iter().any(|(known, _)| *known == path)
        {
            let variant = Settings::load(sources, python_path, &path);
            variants.push((path, variant));
        }
    }
    variants
}

/// Whether a file takes in all names of another one.
fn includes(sources: &Sources, path: &str) -> bool {
    sources.python(path).iter().any(|statement| {
        matches!(&statement.kind, StatementKind::From { names, .. } if names.iter().any(|(name, _)| name == "*"))
    })
}

/// Whether a file routes requests.
fn has_urls(sources: &Sources, path: &str) -> bool {
    sources
        .python(path)
        .iter()
        .any(|statement| match &statement.kind {
            StatementKind::Assign { targets, .. } => targets
                .iter()
                .any(|target| target.name() == Some("urlpatterns")),
            _ => false,
        })
}

/// Whether a file assigns settings by their kind of name, and none of it is a model or a view.
fn has_settings(sources: &Sources, path: &str) -> bool {
    let is_setting = |name: &str| {
        name.len() > 2 && name == name.to_uppercase() && name.contains(char::is_alphabetic)
    };
    sources
        .python(path)
        .iter()
        .any(|statement| match &statement.kind {
            StatementKind::Assign { targets, .. } => {
                !statement.is_in_function()
                    && targets.iter().any(|target| match &target.kind {
                        E::Index(inner, _) => inner.name().is_some_and(is_setting),
                        _ => target.name().is_some_and(is_setting),
                    })
            }
            StatementKind::From { names, module, .. } => {
                names.iter().any(|(name, _)| name == "*") && !module.starts_with("django")
            }
            _ => false,
        })
        && !matches!(
            name(path),
            "urls.py"
                | "wsgi.py"
                | "asgi.py"
                | "celery.py"
                | "apps.py"
                | "models.py"
                | "views.py"
                | "admin.py"
                | "routing.py"
        )
}

pub(super) fn settings_form(
    sources: &Sources,
    entrance: &Entrance,
    settings: &Settings,
    variants: &[(String, Settings)],
) -> Finding<SettingsForm> {
    let Some(dotted) = entrance.settings_module.text() else {
        return Finding::new(SettingsForm::Absent, Confidence::Medium, Vec::new());
    };
    let Some(file) = &entrance.settings_file else {
        // The module is declared and not in the project: it is made on each machine.
        let confidence = Confidence::Low;
        let is_example =
            |(path, _): &(String, Settings)| local_examples::is_one(sources, dotted, path);
        let form = if variants.iter().all(is_example) {
            SettingsForm::Absent
        } else {
            SettingsForm::Package
        };
        return Finding::new(form, confidence, entrance.settings_module.evidence.clone());
    };
    let folder = parent(file);
    let beside = |path: &&(String, Settings)| parent(&path.0) == folder;
    let others: Vec<&String> = variants
        .iter()
        .filter(beside)
        .map(|(path, _)| path)
        .collect();
    if settings.entries.is_empty() && settings.missing.is_empty() && variants.is_empty() {
        return Finding::new(SettingsForm::Absent, Confidence::Low, vec![file.clone()]);
    }
    let is_one_of_several =
        !others.is_empty() && !name(file).contains("settings") && dotted.contains('.');
    let is_package = name(file) == "__init__.py"
        || is_one_of_several
        || sources.survey.has(&sources::join(&folder, "__init__.py")) && dotted.contains('.') && {
            let holds = name(&folder);
            let is_named = holds == "settings"
                || holds.ends_with("settings")
                || holds == "conf"
                || holds == "config";
            let has_models = ["models.py", "views.py", "urls.py", "wsgi.py"]
                .iter()
                .any(|other| sources.survey.has(&sources::join(&folder, other)));
            is_named
                && (!has_models || name(file) != "settings.py")
                && (name(&folder) == "settings" || !has_models)
        }
        || name(&folder) == "settings";
    let included = settings
        .files
        .iter()
        .filter(|other| *other != file && parent(other) == folder)
        .count();
    let form = if is_package {
        SettingsForm::Package
    } else if !others.is_empty() || included > 0 {
        SettingsForm::Flat
    } else {
        SettingsForm::Module
    };
    let mut evidence = vec![file.clone()];
    evidence.extend(others.into_iter().take(4).cloned());
    Finding::new(form, Confidence::High, evidence)
}

pub(super) fn settings_files(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
) -> Finding<Vec<String>> {
    let mut files: Vec<&str> = Vec::new();
    let included = variants
        .iter()
        .flat_map(|(path, variant)| std::iter::once(path).chain(&variant.files));
    for path in settings.files.iter().chain(included) {
        let is_empty = name(path) == "__init__.py" && sources.python(path).is_empty();
        if !files.contains(&path.as_str()) && !is_empty {
            files.push(path);
        }
    }
    let values: Vec<String> = files.iter().map(|path| (*path).to_owned()).collect();
    let confidence = if values.is_empty() {
        Confidence::Low
    } else {
        Confidence::High
    };
    Finding::new(
        values,
        confidence,
        files
            .iter()
            .take(4)
            .map(|path| (*path).to_owned())
            .collect(),
    )
}

/// The value of a setting that is text. Where the settings module holds nothing, it is what all others agree upon.
pub(super) fn setting(
    settings: &Settings,
    variants: &[(String, Settings)],
    name: &str,
    is_path: bool,
) -> Finding<String> {
    if !settings.entries.is_empty() {
        return setting_of(settings, name, is_path);
    }
    let of_variant = |(_, variant): &(String, Settings)| setting_of(variant, name, is_path);
    let mut found = variants
        .iter()
        .map(of_variant)
        .filter(|finding| finding.text().is_some());
    match found.next() {
        Some(first) if found.all(|other| other.value == first.value) => {
            let confidence = first.confidence.min(Confidence::Medium);
            first.with(confidence)
        }
        None if variants.is_empty() => setting_of(settings, name, is_path),
        _ => Finding::unknown(),
    }
}

fn setting_of(settings: &Settings, name: &str, is_path: bool) -> Finding<String> {
    let Some(entry) = settings.last(name) else {
        return if settings.files.is_empty()
            || !settings.missing.is_empty()
            || !settings.opaque.is_empty()
            || settings.has_classes
        {
            Finding::unknown()
        } else {
            Finding::absent()
        };
    };
    let evidence = vec![at(&entry.file, entry.line)];
    let Some(value) = (Evaluator { settings }).value(&entry.value, &entry.file) else {
        return Finding {
            evidence,
            ..Finding::unknown()
        };
    };
    let text = if is_path && value.is_path {
        shown(&value.text).to_owned()
    } else {
        value.text
    };
    let mut confidence = if value.from_env {
        Confidence::Medium
    } else {
        Confidence::High
    };
    let changes = |other: &Entry| {
        !other.is_certain()
            && other.keys.is_empty()
            && other.value != entry.value
            && !other.inside.iter().any(is_test_guard)
    };
    if !entry.is_certain() || settings.of(name).any(changes) {
        confidence = confidence.min(Confidence::Medium);
    }
    Finding::new(text, confidence, evidence)
}

pub(super) fn place(settings: &Settings, variants: &[(String, Settings)], name: &str) -> Location {
    Location {
        url: setting(settings, variants, &format!("{name}_URL"), false),
        root: setting(settings, variants, &format!("{name}_ROOT"), true),
    }
}

/// The WSGI application: as the settings name it, else as a file of the usual name.
pub(super) fn wsgi(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
    python_path: &str,
    entrance: &Entrance,
) -> (Finding<String>, Finding<String>) {
    let stated = setting(settings, variants, "WSGI_APPLICATION", false);
    if let Some((module, _)) = stated.text().and_then(|text| text.rsplit_once('.'))
        && let Some(file) = sources.module(python_path, module)
    {
        let evidence = stated.evidence.clone();
        return (
            Finding::new(module, stated.confidence, evidence.clone()),
            Finding::new(file, stated.confidence, evidence),
        );
    }
    let is_application = |path: &&String| {
        let named = name(path) == "wsgi.py"
            || path.ends_with(".py") && path.contains("wsgi/")
            || path.ends_with(".wsgi")
            || path.ends_with("/wsgi/__init__.py")
            || name(path) == "wsgi_handler.py";
        named && !is_example(path) && {
            let text = sources.text(path);
            text::has_word(&text, "get_wsgi_application") || text::has_word(&text, "WSGIHandler")
        }
    };
    let package = entrance
        .settings_module
        .text()
        .and_then(|module| module.split('.').next())
        .unwrap_or_default();
    let home = sources::join(python_path, package);
    let mut found: Vec<&String> = sources
        .survey
        .files()
        .iter()
        .filter(is_application)
        .collect();
    found.sort_by_key(|path| {
        (
            !path.starts_with(&format!("{home}/")),
            !path.ends_with(".py"),
            path.matches('/').count(),
        )
    });
    let Some(path) = found.first() else {
        return (
            Finding::absent().with(Confidence::Medium),
            Finding::absent().with(Confidence::Medium),
        );
    };
    let line = text::word_at(&sources.text(path), "get_wsgi_application").unwrap_or(0);
    let confidence = if found.len() > 1 {
        Confidence::Medium
    } else {
        Confidence::High
    };
    let file = Finding::new(path.as_str(), confidence, vec![at(path, line)]);
    let inside = if python_path.is_empty() {
        Some(path.as_str())
    } else {
        path.strip_prefix(&format!("{python_path}/"))
    };
    let module = inside
        .and_then(|inside| {
            inside
                .strip_suffix("/__init__.py")
                .or_else(|| inside.strip_suffix(".py"))
        })
        .filter(|inside| {
            inside
                .split('/')
                .all(|part| !part.contains(['-', '.', ' ']))
        });
    match module {
        Some(module) => (
            Finding::new(module.replace('/', "."), confidence, vec![at(path, line)]),
            file,
        ),
        None => (Finding::absent().with(Confidence::Medium), file),
    }
}
