//! How the project is entered: manage.py, the settings module that it declares, the folder that must be on `sys.path`.

use std::collections::BTreeSet;

use super::configuration;
use super::declared::{declared_by_manage, delegates};
use super::evaluate::Evaluator;
use super::examples::is_example;
use super::finding::{Confidence, Finding, at};
use super::overrides::Overrides;
use super::settings::Settings;
use super::sources::{Sources, join, name, parent};
use super::syntax::StatementKind;
use super::text::{has_word, word_at};

/// What was found at the project's entrance.
#[derive(Clone, Debug)]
pub(super) struct Entrance {
    pub(super) manage_py: Finding<String>,
    pub(super) settings_module: Finding<String>,
    pub(super) python_path: Finding<String>,
    /// The file of the settings module, where there is one.
    pub(super) settings_file: Option<String>,
    /// All that could be the project's manage.py.
    pub(super) candidates: Vec<String>,
    /// The settings module by the project's own word, whatever a person says.
    pub(super) declared: Option<String>,
    /// The folders that modules are imported from.
    pub(super) import_folders: Vec<String>,
}

impl Entrance {
    #[must_use]
    pub(super) fn find(sources: &Sources, overrides: &Overrides) -> Self {
        let candidates = candidates(sources);
        // A name of nothing is no answer.
        let manage_given = overrides
            .manage_py
            .as_deref()
            .filter(|path| path.is_empty() || sources.survey.has(path));
        let manage = match manage_given {
            Some(path) => Some(path.to_owned()).filter(|path| !path.is_empty()),
            None => choose(&candidates),
        };
        let manage_py = match &manage {
            None => Finding::absent(),
            Some(path) if manage_given.is_some() => {
                Finding::sure(path.as_str(), at(path, entry_line(sources, path)))
            }
            Some(path) => {
                let rivals = rivals(path, &candidates);
                let confidence = if !rivals.is_empty() || is_example(path) {
                    Confidence::Low
                } else {
                    Confidence::High
                };
                let mut evidence = vec![at(path, entry_line(sources, path))];
                evidence.extend(rivals.into_iter().cloned());
                Finding::new(path.as_str(), confidence, evidence)
            }
        };
        let declared = manage
            .as_deref()
            .map(|path| declared_by_manage(sources, path));
        let mut settings_module = match declared {
            Some(finding) if finding.text().is_some() => finding,
            other => configuration::settings_module(sources, manage.as_deref(), other),
        };
        let declared = settings_module.text().map(str::to_owned);
        if let Some(module) = &overrides.settings_module {
            settings_module = Finding::new(module.as_str(), Confidence::High, Vec::new());
        }
        let (python_path, settings_file) = match &overrides.python_path {
            Some(folder) => path_as_given(sources, folder, &settings_module),
            None => python_path(sources, manage.as_deref(), &settings_module),
        };
        if overrides.settings_module.is_some() {
            settings_module.evidence.extend(settings_file.clone());
        }
        let mut import_folders = vec![String::new()];
        import_folders.extend(python_path.text().map(|folder| join("", folder)));
        if let Some(manage) = &manage {
            import_folders.push(parent(manage));
            import_folders.extend(added_to_path(sources, manage));
        }
        Self {
            manage_py,
            settings_module,
            python_path,
            settings_file,
            candidates,
            declared,
            import_folders,
        }
    }
}

impl Entrance {
    /// What starts projects with other settings than this one, examples and tests aside.
    pub(super) fn others(&self, sources: &Sources) -> Vec<String> {
        let Some(chosen) = self.manage_py.text() else {
            return Vec::new();
        };
        let settings = |path: &str| declared_by_manage(sources, path).text().map(str::to_owned);
        let own = settings(chosen);
        let is_other = |path: &&String| {
            !is_example(path)
                && path.as_str() != chosen
                && (parent(path) != parent(chosen) || name(path) != "manage.py")
                && settings(path).is_some_and(|other| Some(&other) != own.as_ref())
        };
        self.candidates.iter().filter(is_other).cloned().collect()
    }
}

/// Every file that starts Django's command line.
fn candidates(sources: &Sources) -> Vec<String> {
    let is_named =
        |path: &&String| matches!(name(path), "manage.py" | "manage" | "django-manage.py");
    let mut found = Vec::new();
    for path in sources.survey.files().iter().filter(is_named) {
        if is_entry(sources, path, 0) {
            found.push(path.clone());
        }
    }
    if found.iter().all(|path| is_example(path)) {
        // Several sites may have one each: `manage_harbour.py`.
        let is_like = |path: &&String| {
            let name = name(path);
            let is_it = name.starts_with("manage") && name.ends_with(".py") && name != "manage.py";
            is_it && !is_example(path) && {
                let text = sources.text(path);
                ["execute_from_command_line", "execute_manager"]
                    .iter()
                    .any(|word| has_word(&text, word))
            }
        };
        found.extend(sources.survey.files().iter().filter(is_like).cloned());
    }
    // A link and what it leads to are one.
    let targets: BTreeSet<String> = found
        .iter()
        .filter_map(|path| sources.survey.link(path).map(str::to_owned))
        .collect();
    found.retain(|path| !targets.contains(path) || sources.survey.link(path).is_some());
    found
}

fn is_entry(sources: &Sources, path: &str, depth: usize) -> bool {
    let text = sources.text(path);
    let words = [
        "execute_from_command_line",
        "execute_manager",
        "DJANGO_SETTINGS_MODULE",
        "ManagementUtility",
    ];
    if words.iter().any(|word| has_word(&text, word)) {
        return true;
    }
    depth == 0
        && delegates(sources, path)
            .iter()
            .any(|file| is_entry(sources, file, 1))
}

fn entry_line(sources: &Sources, path: &str) -> usize {
    let text = sources.text(path);
    [
        "DJANGO_SETTINGS_MODULE",
        "execute_from_command_line",
        "execute_manager",
    ]
    .iter()
    .find_map(|word| word_at(&text, word))
    .unwrap_or(0)
}

/// The candidate that lies least deep and is no example's.
fn choose(candidates: &[String]) -> Option<String> {
    let depth = |path: &&String| {
        (
            is_example(path),
            path.matches('/').count(),
            name(path) != "manage.py",
        )
    };
    candidates.iter().min_by_key(depth).cloned()
}

/// The others that have as good a claim.
fn rivals<'a>(chosen: &str, candidates: &'a [String]) -> Vec<&'a String> {
    let depth = |path: &str| path.matches('/').count();
    candidates
        .iter()
        .filter(|path| *path != chosen && is_example(path) == is_example(chosen))
        .filter(|path| depth(path) == depth(chosen) || !chosen.starts_with("manage"))
        .collect()
}

/// The folder below which the settings module lies, and its file.
fn python_path(
    sources: &Sources,
    manage: Option<&str>,
    module: &Finding<String>,
) -> (Finding<String>, Option<String>) {
    let Some(dotted) = module.text() else {
        return (Finding::unknown(), None);
    };
    let own = manage.map(parent).unwrap_or_default();
    let mut folders = vec![(own.clone(), Confidence::High)];
    if let Some(manage) = manage {
        folders.extend(
            added_to_path(sources, manage)
                .into_iter()
                .map(|folder| (folder, Confidence::High)),
        );
    }
    for folder in [join(&own, "src"), parent(&own), String::new(), "src".into()] {
        folders.push((folder, Confidence::Medium));
    }
    folders.retain(|(folder, _)| !folder.starts_with("..") && !folder.starts_with('/'));
    let evidence = |path: &str| manage.map_or_else(|| path.to_owned(), str::to_owned);
    for (folder, confidence) in &folders {
        if let Some(file) = sources.module(folder, dotted) {
            let rivals = folders.iter().filter(|(other, certain)| {
                *certain == Confidence::High
                    && other != folder
                    && sources.module(other, dotted).is_some()
            });
            let confidence = if manage.is_none() {
                (*confidence).min(Confidence::Medium)
            } else if *confidence == Confidence::High && rivals.count() > 0 {
                Confidence::Low
            } else {
                *confidence
            };
            let finding = Finding::new(shown(folder), confidence, vec![evidence(&file)]);
            return (finding, Some(file));
        }
    }
    // The module itself may be made on each machine; the package that it would lie in is there.
    if let Some((package, _)) = dotted.rsplit_once('.') {
        let inner = package.replace('.', "/");
        for (folder, confidence) in &folders {
            if sources.survey.has_folder(&join(folder, &inner)) {
                let finding = Finding::new(
                    shown(folder),
                    (*confidence).min(Confidence::Medium),
                    vec![evidence(&inner)],
                );
                return (finding, None);
            }
        }
    }
    let tail = format!("/{}", dotted.replace('.', "/"));
    let endings = [format!("{tail}.py"), format!("{tail}/__init__.py")];
    let mut anywhere = sources.survey.files().iter().filter_map(|path| {
        let ending = endings.iter().find(|ending| path.ends_with(*ending))?;
        Some((path, path[..path.len() - ending.len()].to_owned()))
    });
    match (anywhere.next(), anywhere.next()) {
        (Some((file, folder)), None) => (
            Finding::new(
                shown(&folder),
                if dotted.contains('.') {
                    Confidence::Medium
                } else {
                    Confidence::Low
                },
                vec![file.clone()],
            ),
            Some(file.clone()),
        ),
        // Nothing has that name; what there is lies below manage.py's folder, as ever.
        (None, _) => match manage {
            Some(manage) => {
                let places = vec![manage.to_owned()];
                (Finding::new(shown(&own), Confidence::Medium, places), None)
            }
            None => (Finding::unknown(), None),
        },
        _ => (Finding::unknown(), None),
    }
}

/// The folder that a person names, and the file of the settings module below it.
fn path_as_given(
    sources: &Sources,
    folder: &str,
    module: &Finding<String>,
) -> (Finding<String>, Option<String>) {
    let folder = join("", folder);
    let file = module
        .text()
        .and_then(|module| sources.module(&folder, module));
    let evidence = file.clone().into_iter().collect();
    (
        Finding::new(shown(&folder), Confidence::High, evidence),
        file,
    )
}

/// A folder as people read it: the root is `.`.
#[must_use]
pub(super) fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}

/// The folders that a script puts on `sys.path`.
fn added_to_path(sources: &Sources, path: &str) -> Vec<String> {
    let scope = Settings::load(sources, &parent(path), path);
    let evaluator = Evaluator { settings: &scope };
    let mut found = Vec::new();
    for statement in sources.python(path).iter() {
        let StatementKind::Expression(expr) = &statement.kind else {
            continue;
        };
        let argument = match expr.call() {
            Some(("sys.path.insert", arguments)) => arguments.get(1),
            Some(("sys.path.append" | "site.addsitedir", arguments)) => arguments.first(),
            _ => None,
        };
        if let Some(value) = argument.and_then(|argument| evaluator.value(&argument.value, path)) {
            found.push(if value.is_path {
                value.text
            } else {
                join(&parent(path), &value.text)
            });
        }
    }
    found
}
