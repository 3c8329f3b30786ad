//! The package that a project's own folder is: up to Django 1.3 that was how projects lay, and `harbour.urls` is `urls.py` beside
//! manage.py.

use super::details::OwnPackage;
use super::finding::at;
use super::settings::Settings;
use super::sources::{Sources, join, parent};

/// The settings that name modules of the project.
const MODULES: [&str; 3] = ["ROOT_URLCONF", "WSGI_APPLICATION", "ASGI_APPLICATION"];

/// The package that `folder` is, where a module of this name is declared as that of the settings.
pub(super) fn declared(
    sources: &Sources,
    folder: &str,
    module: &str,
    places: &[String],
) -> Option<OwnPackage> {
    let (name, rest) = module.split_once('.')?;
    let is_it =
        is_package(sources, folder) && has(sources, folder, rest) && is_free(sources, folder, name);
    is_it.then(|| OwnPackage {
        name: name.to_owned(),
        folder: folder.to_owned(),
        places: places.to_vec(),
    })
}

/// The package that `folder` is, by what its settings name: modules of a package that lies nowhere, and that lie in the folder.
pub(super) fn named(sources: &Sources, folder: &str, settings: &Settings) -> Option<OwnPackage> {
    let mut modules = Vec::new();
    for setting in MODULES {
        for entry in settings.of(setting) {
            let text = entry.value.text();
            modules.extend(text.map(|text| (text, at(&entry.file, entry.line))));
        }
    }
    // A folder of somebody else's application may bear the name of one here; one that is no package has none.
    if is_package(sources, folder) {
        for entry in settings.of("INSTALLED_APPS") {
            let place = at(&entry.file, entry.line);
            entry
                .value
                .walk(&mut |expr| modules.extend(expr.text().map(|text| (text, place.clone()))));
        }
    }
    let (name, place) = modules.into_iter().find_map(|(text, place)| {
        let (name, rest) = text.split_once('.')?;
        let outer = rest.rsplit_once('.').map_or(rest, |(outer, _)| outer);
        let is_here = has(sources, folder, rest) || has(sources, folder, outer);
        (is_here && is_free(sources, folder, name)).then(|| (name.to_owned(), place))
    })?;
    Some(OwnPackage {
        name,
        folder: folder.to_owned(),
        places: vec![place],
    })
}

fn is_package(sources: &Sources, folder: &str) -> bool {
    sources.survey.has(&join(folder, "__init__.py"))
}

/// Whether a module or package lies below a folder.
fn has(sources: &Sources, folder: &str, dotted: &str) -> bool {
    sources.module(folder, dotted).is_some()
        || sources
            .survey
            .has_folder(&join(folder, &dotted.replace('.', "/")))
}

/// Whether nothing else of the project has the name: no module or package that could be meant, wherever it lies. What lies in
/// the folder that is on Python's path anyway needs no help.
fn is_free(sources: &Sources, folder: &str, name: &str) -> bool {
    let is_identifier = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_name = name.chars().all(is_identifier) && !name.starts_with(char::is_numeric);
    let endings = [format!("/{name}.py"), format!("/{name}/__init__.py")];
    let own = join(folder, "__init__.py");
    let is_it = |path: &String| {
        let path = format!("/{path}");
        endings.iter().any(|ending| path.ends_with(ending)) && path != format!("/{own}")
    };
    // The root is on Python's path, and so is the folder itself.
    let is_reached = parent(folder).is_empty() && folder == name;
    let around = [
        folder.to_owned(),
        parent(folder),
        String::new(),
        "src".into(),
    ];
    let mut around = around.iter().map(|outer| join(outer, name));
    let is_there = around.any(|path| path != folder && sources.survey.has_folder(&path));
    is_name
        && !is_reached
        && !is_there
        && name != "django"
        && !sources.survey.files().iter().any(is_it)
}
