//! Examples of settings that each machine has for itself: `localsettings.py.dist`, `local_settings.example.py`.

use super::database;
use super::engine::Engine;
use super::settings::Settings;
use super::sources::{Sources, join, name, parent};

/// What an example of a file is called for.
const WORDS: [&str; 9] = [
    "dist", "example", "sample", "template", "tmpl", "default", "skel", "orig", "tpl",
];

/// The database of the examples of what the settings include and the project does not have; nothing where they differ.
pub(super) fn engine(sources: &Sources, settings: &Settings, python_path: &str) -> Option<Engine> {
    let missing = settings.missing.iter().filter(|missing| missing.is_local);
    let mut found = missing
        .flat_map(|missing| of(sources, &missing.module))
        .filter_map(|path| database::guess(&Settings::load(sources, python_path, path), &[]));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The examples of a settings module that each machine has for itself, where it would lie.
pub(super) fn settings(
    sources: &Sources,
    python_path: &str,
    module: &str,
) -> Vec<(String, Settings)> {
    let folder = parent(&join(python_path, &module.replace('.', "/")));
    let found = of(sources, module).into_iter();
    let here = found.filter(|path| parent(path) == folder);
    here.map(|path| (path.clone(), Settings::load(sources, python_path, path)))
        .collect()
}

/// Whether a file is one of these examples.
pub(super) fn is_one(sources: &Sources, module: &str, path: &str) -> bool {
    of(sources, module).into_iter().any(|known| known == path)
}

/// The examples of a module, wherever they lie.
pub(super) fn of<'s>(sources: &'s Sources, module: &str) -> Vec<&'s String> {
    let last = module.rsplit('.').next().unwrap_or(module);
    let is_example = |path: &&String| {
        let file = name(path);
        let letters = |text: &str| text.to_ascii_lowercase();
        let (file, last) = (letters(file), letters(last));
        let Some((before, behind)) = file.split_once(&last) else {
            return false;
        };
        let mut words = before
            .split(['.', '-', '_'])
            .chain(behind.split(['.', '-', '_']));
        let is_only_that = words
            .clone()
            .all(|word| WORDS.contains(&word) || matches!(word, "" | "py" | "txt"));
        is_only_that && words.any(|word| WORDS.contains(&word))
    };
    let files = sources.survey.files().iter();
    let near = files.filter(|path| parent(path).matches('/').count() <= 3);
    if last.is_empty() {
        return Vec::new();
    }
    near.filter(is_example).take(4).collect()
}
