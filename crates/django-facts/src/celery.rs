//! Where the Celery application is: as commands name it, else where it is made.

use super::configuration::starters;
use super::docker::is_dockerfile;
use super::examples::is_example;
use super::expression::ExprKind as E;
use super::sources::{Sources, below, dotted, join, name, parent};
use super::syntax::StatementKind;

/// How many files are looked into.
const MOST: usize = 3_000;

/// The module that `celery -A` takes; none where several could be meant.
#[must_use]
pub(super) fn app(sources: &Sources, python_path: &str, package: Option<&str>) -> Option<String> {
    let told = of_commands(sources, python_path);
    if told.is_some() {
        return told;
    }
    let mut found: Vec<(bool, String)> = Vec::new();
    let is_code = |path: &&String| {
        path.ends_with(".py") && !is_example(path) && !path.contains("/migrations/")
    };
    for path in sources.survey.files().iter().filter(is_code).take(MOST) {
        if let Some(module) = module(python_path, path)
            && sources.text(path).contains("Celery(")
            && makes_app(sources, path)
        {
            let is_beside = module.split('.').next() == package;
            found.push((!is_beside, module));
        }
    }
    found.sort();
    let best = found.first()?.0;
    let mut best = found.into_iter().filter(|(rank, _)| *rank == best);
    match (best.next(), best.next()) {
        (Some((_, module)), None) => Some(module),
        _ => None,
    }
}

/// The module of a file; `celery -A shop` finds `shop.celery` by itself.
fn module(python_path: &str, path: &str) -> Option<String> {
    let inside = below(path, python_path)?.strip_suffix(".py")?;
    let inside = inside
        .strip_suffix("/__init__")
        .or_else(|| inside.strip_suffix("/celery"))
        .unwrap_or(inside);
    dotted(inside)
}

/// `app = Celery(…)`, where that is no test's.
fn makes_app(sources: &Sources, path: &str) -> bool {
    sources.python(path).iter().any(|statement| {
        let StatementKind::Assign { value, .. } = &statement.kind else {
            return false;
        };
        let E::Call(function, _) = &value.kind else {
            return false;
        };
        let is_app = |name: &str| {
            name.rsplit('.')
                .next()
                .is_some_and(|last| last.ends_with("Celery"))
        };
        !statement.is_in_function() && function.name().is_some_and(is_app)
    })
}

/// `celery -A shop worker`, `celery worker --app=shop.queue:app` in the files that start programs.
fn of_commands(sources: &Sources, python_path: &str) -> Option<String> {
    let files = starters(sources);
    let is_run = |path: &&String| is_dockerfile(path) || !name(path).starts_with(".env");
    for path in files.iter().filter(is_run) {
        for line in sources.text(path).lines() {
            let line = line.trim_start();
            if line.starts_with('#') || !line.contains("celery") {
                continue;
            }
            let separators = |letter: char| {
                letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '=' | '[' | ']')
            };
            let mut words = line.split(separators).filter(|word| !word.is_empty());
            while let Some(word) = words.next() {
                let named = match word {
                    "-A" | "--app" => words.next(),
                    word => word.strip_prefix("-A").filter(|rest| !rest.is_empty()),
                };
                let module = named.and_then(|word| word.split(':').next());
                if let Some(module) = module.and_then(|module| known(sources, python_path, module))
                {
                    return Some(module);
                }
            }
        }
    }
    None
}

/// The module of the project that is named, also where the name of the application stands behind it.
fn known(sources: &Sources, python_path: &str, module: &str) -> Option<String> {
    let is_there = |module: &str| {
        let folder = join(python_path, &module.replace('.', "/"));
        sources.module(python_path, module).is_some()
            || sources.survey.has(&join(&folder, "celery.py"))
    };
    if let Some(package) = module.strip_suffix(".celery").filter(|_| is_there(module)) {
        return Some(package.to_owned());
    }
    if is_there(module) {
        return Some(module.to_owned());
    }
    let (outer, _) = module.rsplit_once('.')?;
    let is_file = sources
        .module(python_path, outer)
        .is_some_and(|file| name(&file) != "__init__.py" || parent(&file).is_empty());
    is_file.then(|| outer.to_owned())
}
