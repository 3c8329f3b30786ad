//! The settings module as files beside manage.py name it: those that configure servers and tools.

use std::rc::Rc;

use super::declared::{declared, settle};
use super::docker::is_dockerfile;
use super::examples::is_example;
use super::finding::{Confidence, Finding, at};
use super::guards::is_for_tests;
use super::settings::{Settings, looks_like_settings};
use super::sources::{Sources, below, dotted, join, name, parent};

/// Files in which a tool is told the settings module.
const CONFIGURATION: [&str; 12] = [
    "Procfile",
    "Dockerfile",
    ".env",
    ".env.example",
    "docker-compose.yml",
    "compose.yaml",
    "Makefile",
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    "pytest.ini",
    ".travis.yml",
];

/// The settings module as other files name it.
pub(super) fn settings_module(
    sources: &Sources,
    manage: Option<&str>,
    declared_there: Option<Finding<String>>,
) -> Finding<String> {
    let mut evidence = declared_there
        .map(|finding| finding.evidence)
        .unwrap_or_default();
    let python = sources.survey.files().iter().filter(|path| {
        matches!(
            name(path),
            "wsgi.py" | "asgi.py" | "celery.py" | "celeryconf.py" | "conftest.py"
        ) && !is_example(path)
            || path.ends_with(".wsgi")
    });
    for path in python {
        let found = settle(path, &declared(sources, path));
        if found.text().is_some() {
            evidence.extend_from_slice(&found.evidence);
            let is_entry = name(path).contains("sgi") && manage.is_none();
            let confidence = if is_entry {
                Confidence::Medium
            } else {
                Confidence::Low
            };
            return Finding {
                evidence,
                ..found.with(confidence)
            };
        }
    }
    let named = named(sources, |_| true).into_iter().next();
    // What a build server runs is no site's, where there is anything else.
    let is_of_tests = |module: &str| is_for_tests(module.rsplit('.').next().unwrap_or(module));
    if let Some((module, place)) = named.clone().filter(|(module, _)| !is_of_tests(module)) {
        evidence.push(place);
        return Finding::new(module, Confidence::Low, evidence);
    }
    // Settings that lie beside manage.py need no declaration in the oldest projects.
    let folder = manage.map(parent).unwrap_or_default();
    let beside = join(&folder, "settings.py");
    if manage.is_some() && looks_like_settings(sources, &beside) {
        evidence.push(beside);
        return Finding::new("settings", Confidence::Low, evidence);
    }
    let mut settings = sources.survey.files().iter().filter(|path| {
        name(path) == "settings.py" && !is_example(path) && looks_like_settings(sources, path)
    });
    if let (Some(path), None) = (settings.next(), settings.next()) {
        let module = path.trim_end_matches(".py").replace('/', ".");
        evidence.push(path.clone());
        return Finding::new(module, Confidence::Low, evidence);
    }
    let beside = named
        .as_ref()
        .and_then(|(module, _)| of_developers(sources, &folder, module));
    if let Some((module, place)) = beside.or(named) {
        evidence.push(place);
        return Finding::new(module, Confidence::Low, evidence);
    }
    Finding {
        evidence,
        ..Finding::unknown()
    }
}

/// What settings of developers are called, the likeliest first, and what stands in for them.
const OF_DEVELOPERS: [&str; 8] = [
    "local",
    "dev",
    "development",
    "develop",
    "settings",
    "base",
    "common",
    "production",
];

/// The settings of developers beside those of a build server, and where they are.
fn of_developers(sources: &Sources, python_path: &str, module: &str) -> Option<(String, String)> {
    let (package, _) = module.rsplit_once('.')?;
    OF_DEVELOPERS.into_iter().find_map(|name| {
        let module = format!("{package}.{name}");
        let file = sources.module(python_path, &module)?;
        Some((module, file))
    })
}

/// The files that servers start, examples aside.
pub(super) fn server_entries(sources: &Sources) -> impl Iterator<Item = &String> {
    let files = sources.survey.files().iter();
    files.filter(|path| {
        let is_entry = matches!(name(path), "wsgi.py" | "asgi.py") || path.ends_with(".wsgi");
        is_entry && !is_example(path)
    })
}

/// The modules that the files which start servers name, but for those of tests.
pub(super) fn started(sources: &Sources) -> Vec<String> {
    let mut modules: Vec<String> = Vec::new();
    for path in server_entries(sources) {
        let declared = declared(sources, path).into_iter();
        modules.extend(declared.filter_map(|declared| declared.module));
    }
    modules.extend(
        named(sources, |_| true)
            .into_iter()
            .map(|(module, _)| module),
    );
    modules.retain(|module| !module.split('.').any(is_for_tests));
    modules.sort();
    modules.dedup();
    modules
}

/// The first of those modules that is there, and its file.
pub(super) fn first_started(sources: &Sources, python_path: &str) -> Option<(String, String)> {
    let modules = started(sources).into_iter();
    let mut there = modules.filter_map(|module| {
        let file = sources.module(python_path, &module)?;
        Some((module, file))
    });
    there.next()
}

/// The files that start programs or configure them, the most telling first.
pub(super) fn starters(sources: &Sources) -> Rc<Vec<String>> {
    sources.chosen("starters", |files| {
        let mut files: Vec<(usize, &String)> = files
            .iter()
            .filter_map(|path| Some((rank(path)?, path)))
            .filter(|(_, path)| !is_example(path))
            .collect();
        files.sort();
        let files = files.into_iter().take(200);
        files.map(|(_, path)| path.clone()).collect()
    })
}

/// The modules that files which start programs name, with the places, those of tests last.
pub(super) fn named(sources: &Sources, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in starters(sources).iter() {
        if path.ends_with(".toml") {
            found.extend(named_in_toml(sources, path, &is_wanted));
            continue;
        }
        let text = sources.text(path);
        let mut lines = text.lines().enumerate().peekable();
        while let Some((index, line)) = lines.next() {
            // `key: DJANGO_SETTINGS_MODULE` and below it `value: a.b`.
            let below = || {
                let rest = lines.peek()?.1.trim().strip_prefix("value")?;
                line.trim_end_matches(['"', '\'', ','])
                    .ends_with("DJANGO_SETTINGS_MODULE")
                    .then(|| module_in(rest))?
            };
            if let Some(module) = assigned_in_line(line).or_else(below)
                && is_wanted(&module)
            {
                found.push((module, at(path, index + 1)));
            }
        }
    }
    found.sort_by_key(|(module, _)| is_for_tests(module));
    found
}

/// The modules that a TOML file names, as a value of the variable or in a text such as `env = ["DJANGO_SETTINGS_MODULE=a.b"]`.
fn named_in_toml(
    sources: &Sources,
    path: &str,
    is_wanted: &impl Fn(&str) -> bool,
) -> Vec<(String, String)> {
    let Ok(toml) = sources.toml(path) else {
        return Vec::new();
    };
    let named = toml.all_texts().into_iter().filter_map(|text| {
        let module = if text.key == "DJANGO_SETTINGS_MODULE" {
            module_in(&text.written)
        } else {
            assigned_in_line(&text.written)
        };
        let module = module.filter(|module| is_wanted(module))?;
        Some((module, at(path, text.line)))
    });
    named.collect()
}

/// The settings module among `variants` that a server runs with, and what says so.
pub(super) fn in_use(
    sources: &Sources,
    python_path: &str,
    variants: &[(String, Settings)],
) -> Option<(String, String)> {
    let is_variant = |module: &str| {
        let file = sources.module(python_path, module);
        file.is_some_and(|file| variants.iter().any(|(variant, _)| *variant == file))
    };
    let mut named = named(sources, is_variant).into_iter();
    named.next().or_else(|| likely(python_path, variants))
}

/// The settings module among `variants` that developers most likely run with, and what says so: production has a finding of
/// its own.
pub(super) fn for_developers(
    sources: &Sources,
    python_path: &str,
    variants: &[(String, Settings)],
) -> Option<(String, String)> {
    let files = variants.iter().map(|(path, _)| path);
    let modules = files.filter_map(|path| {
        let inside = below(path, python_path)?.strip_suffix(".py")?;
        Some((dotted(inside)?, path.clone()))
    });
    let is_named = |(module, _): &(String, String)| {
        let last = module.rsplit('.').next().unwrap_or(module);
        OF_DEVELOPERS[..4].contains(&last)
    };
    let mut own = modules.filter(is_named);
    own.next()
        .or_else(|| in_use(sources, python_path, variants))
}

/// The one of several settings files that a server most likely runs with.
fn likely(python_path: &str, variants: &[(String, Settings)]) -> Option<(String, String)> {
    let order = ["production", "prod", "live", "base", "common", "settings"];
    let stem = |path: &str| name(path).trim_end_matches(".py").to_owned();
    let module = |path: &str| {
        let inside = match python_path {
            "" => path,
            folder => path.strip_prefix(folder)?.trim_start_matches('/'),
        };
        Some(inside.trim_end_matches(".py").replace('/', "."))
    };
    let mut files = variants
        .iter()
        .map(|(path, _)| path)
        .filter(|path| !is_for_tests(path))
        .filter_map(|path| Some((order.iter().position(|word| *word == stem(path))?, path)))
        .collect::<Vec<_>>();
    files.sort();
    let (_, path) = files.first()?;
    Some((module(path)?, (*path).clone()))
}

/// How much a file says of how the project runs; `None` for files that say nothing of it.
fn rank(path: &str) -> Option<usize> {
    if let Some(rank) = CONFIGURATION.iter().position(|known| *known == name(path)) {
        return Some(rank);
    }
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_telling = is_dockerfile(path)
        || name(path).starts_with(".env")
        || matches!(
            ending,
            "yml" | "yaml" | "json" | "toml" | "ini" | "cfg" | "conf" | "env" | "sh" | "service"
        );
    let depth = path.matches('/').count();
    (is_telling && depth <= 2 && !path.contains("locale/")).then_some(CONFIGURATION.len() + depth)
}

/// `DJANGO_SETTINGS_MODULE = a.b`, in whatever notation.
pub(super) fn assigned_in_line(line: &str) -> Option<String> {
    if line.trim_start().starts_with(['#', ';']) {
        return None;
    }
    module_in(line.split_once("DJANGO_SETTINGS_MODULE")?.1)
}

fn module_in(rest: &str) -> Option<String> {
    let rest = rest.trim_start_matches(['=', ' ', ':', '-', '"', '\'', '\t']);
    let end = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.')
        .unwrap_or(rest.len());
    let module = rest[..end].trim_end_matches('.');
    (!module.is_empty() && module.contains(char::is_alphabetic)).then(|| module.to_owned())
}
