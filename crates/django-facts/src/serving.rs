//! How the site is served: its ASGI application, and what answers for its static files.

use super::configuration::starters;
use super::dynaconf;
use super::entrance::Entrance;
use super::finding::{Confidence, Finding, at};
use super::findings::Serving;
use super::layout::setting;
use super::packaging::Packaging;
use super::settings::Settings;
use super::sources::{Sources, name};
use super::text::{has_word, word_at};

/// Servers that run an ASGI application.
const ASGI_SERVERS: [&str; 4] = ["daphne", "uvicorn", "UvicornWorker", "hypercorn"];
/// What answers for static files inside of the project's own process.
const OWN_SERVERS: [&str; 3] = ["whitenoise", "dj_static", "Cling"];
/// What storages elsewhere have in their names.
const ELSEWHERE: [&str; 6] = ["s3", "boto", "gcloud", "google", "azure", "cloudinary"];

pub(super) fn find(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
    packaging: &Packaging,
    entrance: &Entrance,
    python_path: &str,
) -> Serving {
    Serving {
        asgi_module: asgi_module(sources, settings, variants, packaging, python_path),
        static_files: static_files(sources, settings, variants, entrance),
    }
}

/// The ASGI application. Django's own `asgi.py` is in every new project: it counts where something serves it.
fn asgi_module(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
    packaging: &Packaging,
    python_path: &str,
) -> Finding<String> {
    let stated = setting(settings, variants, "ASGI_APPLICATION", false);
    let is_installed = packaging
        .wanted
        .iter()
        .any(|wanted| !wanted.is_dev && matches!(wanted.package.as_str(), "channels" | "daphne"));
    if let Some((module, _)) = stated.text().and_then(|text| text.rsplit_once('.'))
        && is_installed
        && sources.module(python_path, module).is_some()
    {
        return Finding::new(module, stated.confidence, stated.evidence.clone());
    }
    for path in starters(sources).iter() {
        let text = sources.text(path);
        for (index, line) in text.lines().enumerate() {
            if ASGI_SERVERS.iter().any(|server| has_word(line, server))
                && let Some(module) = application_in(line)
                && sources.module(python_path, module).is_some()
            {
                return Finding::new(module, Confidence::Medium, vec![at(path, index + 1)]);
            }
        }
    }
    Finding::absent()
}

/// `shop.asgi:application` → `shop.asgi`.
fn application_in(line: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':');
    line.split(|c: char| !is_part(c)).find_map(|word| {
        let (module, object) = word.split_once(':')?;
        (object == "application" && module.contains('.')).then_some(module)
    })
}

fn static_files(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
    entrance: &Entrance,
) -> Finding<String> {
    let mut files: Vec<&String> = settings.files.iter().collect();
    files.extend(
        variants
            .iter()
            .flat_map(|(path, variant)| std::iter::once(path).chain(&variant.files)),
    );
    files.extend(entrance.settings_file.iter());
    if files
        .iter()
        .any(|file| dynaconf::of(sources, file).is_some())
    {
        files.extend(dynaconf::files(sources));
    }
    let servers = sources
        .survey
        .files()
        .iter()
        .filter(|path| name(path) == "wsgi.py");
    let all: Vec<&String> = files.iter().copied().chain(servers).collect();
    for path in &all {
        let text = sources.text(path);
        if let Some(word) = OWN_SERVERS.iter().find(|word| has_word(&text, word)) {
            let line = word_at(&text, word).unwrap_or(0);
            return Finding::new("own", Confidence::High, vec![at(path, line)]);
        }
    }
    for path in &files {
        let text = sources.text(path);
        if let Some(line) = storage_elsewhere(&text) {
            return Finding::new("storage", Confidence::Medium, vec![at(path, line)]);
        }
    }
    let uses = |path: &&&String| has_word(&sources.text(path), "staticfiles");
    match files.iter().find(uses) {
        Some(path) => {
            let line = word_at(&sources.text(path), "staticfiles").unwrap_or(0);
            Finding::new("nobody", Confidence::Medium, vec![at(path, line)])
        }
        None => Finding::absent(),
    }
}

/// The line at which a storage elsewhere is named for static files.
fn storage_elsewhere(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let names = |line: &str| {
        let line = line.to_ascii_lowercase();
        !line.trim_start().starts_with('#') && ELSEWHERE.iter().any(|word| line.contains(word))
    };
    let position = lines.iter().enumerate().position(|(index, line)| {
        let is_setting = line.trim_start().starts_with("STATICFILES_STORAGE");
        let is_key = line.contains("\"staticfiles\":") || line.contains("'staticfiles':");
        // The back end of STORAGES stands within the next lines.
        let until = if is_key { index + 4 } else { index + 1 };
        (is_setting || is_key)
            && lines[index..until.min(lines.len())]
                .iter()
                .any(|line| names(line))
    });
    position.map(|index| index + 1)
}
