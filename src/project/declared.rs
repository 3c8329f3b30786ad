//! Which settings module a file declares.

use std::collections::BTreeSet;

use super::docker::is_dockerfile;
use super::entrance::{delegates, is_example, looks_like_settings};
use super::evaluate::is_environment;
use super::expression::{Expr, Kind as E};
use super::finding::{Confidence, Finding, at};
use super::guards::{is_for_tests, is_test_guard};
use super::settings::Settings;
use super::sources::{Sources, join, name, parent};
use super::syntax::{Kind, Statement};

/// A declaration of the settings module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    module: Option<String>,
    line: usize,
    /// Only while tests run.
    for_tests: bool,
    /// The default of something that the environment may name.
    is_default: bool,
}

impl Declared {
    #[must_use]
    pub(super) fn is_for_tests(&self) -> bool {
        self.for_tests
    }
}

/// What a file says the settings module is.
pub(super) fn declared(sources: &Sources, path: &str) -> Vec<Declared> {
    let statements = sources.python(path);
    let mut found = Vec::new();
    for statement in statements.iter() {
        let value = match &statement.kind {
            Kind::Assign { targets, value, op } if op == "=" => {
                targets.iter().find_map(|target| match &target.kind {
                    E::Index(_, key) if key.text() == Some("DJANGO_SETTINGS_MODULE") => Some(value),
                    _ => None,
                })
            }
            Kind::Expression(expr) => setdefault(expr),
            _ => None,
        };
        if let Some(value) = value {
            found.extend(modules_of(value, statement, &statements));
        }
        if let Kind::Expression(expr) = &statement.kind
            && let Some((function, arguments)) = expr.call()
            && matches!(
                function.rsplit('.').next(),
                Some("execute_manager" | "setup_environ")
            )
            && let Some(settings) = arguments.first().and_then(|argument| argument.value.name())
        {
            let mut modules = imported_modules(&statements, settings);
            let is_default = modules.len() > 1;
            if modules
                .iter()
                .any(|module| sources.module(&parent(path), module).is_some())
            {
                modules.retain(|module| sources.module(&parent(path), module).is_some());
            }
            found.extend(modules.into_iter().map(|module| Declared {
                module: Some(module),
                line: statement.line,
                for_tests: false,
                is_default,
            }));
        }
    }
    found
}

/// The second argument of `os.environ.setdefault("DJANGO_SETTINGS_MODULE", …)`.
pub(super) fn setdefault(expr: &Expr) -> Option<&Expr> {
    let (function, arguments) = expr.call()?;
    let first = arguments.first()?.value.text()?;
    let sets = function.ends_with("setdefault") || function.ends_with("putenv");
    (sets && first == "DJANGO_SETTINGS_MODULE")
        .then(|| arguments.get(1).map(|argument| &argument.value))?
}

pub(super) fn modules_of(
    value: &Expr,
    statement: &Statement,
    statements: &[Statement],
) -> Vec<Declared> {
    let one = |module: Option<String>, line, is_default| Declared {
        module,
        line,
        for_tests: statement.inside.iter().any(is_test_guard),
        is_default,
    };
    match &value.kind {
        // `{{ project_name }}.settings` stands in a template for projects.
        E::Text(text) if text.contains(['{', '%']) => vec![one(None, statement.line, false)],
        E::Text(text) => vec![one(Some(text.clone()), statement.line, false)],
        E::Choice(then, otherwise) => [then, otherwise]
            .into_iter()
            .flat_map(|part| modules_of(part, statement, statements))
            .collect(),
        E::Binary(op, _, right) if op == "or" => match right.text() {
            Some(text) => vec![one(Some(text.to_owned()), statement.line, true)],
            None => vec![one(None, statement.line, false)],
        },
        E::Name(name) => {
            let assigned = statements
                .iter()
                .filter_map(|statement| match &statement.kind {
                    Kind::Assign { targets, value, .. }
                        if targets.iter().any(|target| target.name() == Some(name)) =>
                    {
                        Some((statement, value))
                    }
                    _ => None,
                });
            let known: Vec<Declared> = assigned
                .flat_map(|(statement, value)| match &value.kind {
                    E::Name(_) => Vec::new(),
                    _ => modules_of(value, statement, statements),
                })
                .collect();
            if known.is_empty() {
                vec![one(None, statement.line, false)]
            } else {
                known
            }
        }
        E::Call(function, arguments) if function.name().is_some_and(is_environment) => {
            let default = arguments
                .iter()
                .skip(1)
                .find_map(|argument| argument.value.text());
            vec![one(default.map(str::to_owned), statement.line, true)]
        }
        _ => vec![one(None, statement.line, false)],
    }
}

/// The modules that `import settings` or `from project import settings` bind to a name.
pub(super) fn imported_modules(statements: &[Statement], wanted: &str) -> Vec<String> {
    let bound = statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            Kind::Import(modules) => modules
                .iter()
                .find(|(_, here)| here == wanted)
                .map(|(module, _)| module.clone()),
            Kind::From {
                dots: 0,
                module,
                names,
            } => names
                .iter()
                .find(|(_, here)| here == wanted)
                .map(|(name, _)| format!("{module}.{name}")),
            _ => None,
        });
    bound.collect()
}

pub(super) fn declared_by_manage(sources: &Sources, path: &str) -> Finding {
    let mut found = declared(sources, path);
    let mut file = path.to_owned();
    if found.is_empty() {
        for delegate in delegates(sources, path) {
            found = declared(sources, &delegate);
            if !found.is_empty() {
                file = delegate;
                break;
            }
        }
    }
    settle(&file, &found)
}

/// One value of several declarations.
pub(super) fn settle(file: &str, found: &[Declared]) -> Finding {
    let main: Vec<&Declared> = found
        .iter()
        .filter(|declared| !declared.for_tests)
        .collect();
    let main = if main.is_empty() {
        found.iter().collect()
    } else {
        main
    };
    let modules: BTreeSet<&str> = main
        .iter()
        .filter_map(|declared| declared.module.as_deref())
        .collect();
    let evidence = || {
        main.iter()
            .map(|declared| at(file, declared.line))
            .collect()
    };
    let is_known = main.iter().all(|declared| declared.module.is_some());
    match modules.len() {
        0 => Finding {
            evidence: evidence(),
            ..Finding::unknown()
        },
        1 => {
            let is_default = main.iter().any(|declared| declared.is_default);
            let confidence = match (is_known, is_default) {
                (true, false) => Confidence::High,
                (true, true) => Confidence::Medium,
                (false, _) => Confidence::Low,
            };
            Finding::new(
                *modules.iter().next().unwrap_or(&""),
                confidence,
                evidence(),
            )
        }
        _ => {
            // The last one is what remains when no condition holds.
            let last = main
                .iter()
                .rev()
                .find_map(|declared| declared.module.as_deref());
            Finding::new(last.unwrap_or_default(), Confidence::Low, evidence())
        }
    }
}

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
pub(super) fn elsewhere(
    sources: &Sources,
    manage: Option<&str>,
    declared_there: Option<Finding>,
) -> Finding {
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
            evidence.extend(found.evidence);
            let is_entry = name(path).contains("sgi") && manage.is_none();
            let confidence = if is_entry {
                Confidence::Medium
            } else {
                Confidence::Low
            };
            return Finding::new(found.value, confidence, evidence);
        }
    }
    if let Some((module, place)) = named(sources, |_| true).into_iter().next() {
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
    Finding {
        evidence,
        ..Finding::unknown()
    }
}

/// The modules that the files which start servers name, but for those of tests.
pub(super) fn started(sources: &Sources) -> Vec<String> {
    let mut modules: Vec<String> = Vec::new();
    for path in sources.survey.files() {
        let is_entry = matches!(name(path), "wsgi.py" | "asgi.py") || path.ends_with(".wsgi");
        if is_entry && !is_example(path) {
            let declared = declared(sources, path).into_iter();
            modules.extend(declared.filter_map(|declared| declared.module));
        }
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

/// The files that start programs or configure them, the most telling first.
pub(super) fn starters(sources: &Sources) -> Vec<String> {
    let mut files: Vec<(usize, &String)> = sources
        .survey
        .files()
        .iter()
        .filter_map(|path| Some((rank(path)?, path)))
        .filter(|(_, path)| !is_example(path))
        .collect();
    files.sort();
    let files = files.into_iter().take(200);
    files.map(|(_, path)| path.clone()).collect()
}

/// The modules that files which start programs name, with the places, those of tests last.
pub(super) fn named(sources: &Sources, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in &starters(sources) {
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

/// The one of several settings files that a server most likely runs with.
pub(super) fn likely(
    python_path: &str,
    variants: &[(String, Settings)],
) -> Option<(String, String)> {
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
