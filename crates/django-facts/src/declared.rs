//! Which settings module a file declares.

use std::collections::BTreeSet;

use super::evaluate::is_environment;
use super::expression::{Expr, ExprKind as E};
use super::finding::{Confidence, Finding, at};
use super::guards::is_test_guard;
use super::sources::{Sources, parent};
use super::syntax::{Statement, StatementKind};

/// A declaration of the settings module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) module: Option<String>,
    line: usize,
    /// Whether it holds only while tests run.
    for_tests: bool,
    /// Whether it is the default of something that the environment may name.
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
            StatementKind::Assign { targets, value, op } if op == "=" => {
                targets.iter().find_map(|target| match &target.kind {
                    E::Index(_, key) if key.text() == Some("DJANGO_SETTINGS_MODULE") => Some(value),
                    _ => None,
                })
            }
            StatementKind::Expression(expr) => setdefault(expr),
            _ => None,
        };
        if let Some(value) = value {
            found.extend(modules_of(value, statement, &statements));
        }
        if let StatementKind::Expression(expr) = &statement.kind
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
        E::Choice(then, otherwise, _) => [then, otherwise]
            .into_iter()
            .flat_map(|part| modules_of(part, statement, statements))
            .collect(),
        E::Binary(op, _, right) if op == "or" => match right.text() {
            Some(text) => vec![one(Some(text.to_owned()), statement.line, true)],
            None => vec![one(None, statement.line, false)],
        },
        E::Name(_) | E::Attribute(_) if value.name().is_some() => {
            let name = value.name();
            let assigned = statements
                .iter()
                .filter_map(|statement| match &statement.kind {
                    StatementKind::Assign { targets, value, .. }
                        if targets.iter().any(|target| target.name() == name) =>
                    {
                        Some((statement, value))
                    }
                    _ => None,
                });
            let known: Vec<Declared> = assigned
                .filter(|(_, value)| value.name().is_none())
                .flat_map(|(statement, value)| modules_of(value, statement, statements))
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
        _ => {
            let module = joined(value, statements, 0);
            let is_default = module.is_some();
            vec![one(module, statement.line, is_default)]
        }
    }
}

/// A name put together of texts and of what the environment may name, with the defaults of the latter.
fn joined(value: &Expr, statements: &[Statement], depth: usize) -> Option<String> {
    if depth > 4 {
        return None;
    }
    let inner = |value| joined(value, statements, depth + 1);
    match &value.kind {
        E::Text(text) => Some(text.clone()),
        E::Name(_) | E::Attribute(_) if value.name().is_some() => {
            let name = value.name();
            let mut assigned = statements
                .iter()
                .filter_map(|statement| match &statement.kind {
                    StatementKind::Assign { targets, value, .. } => {
                        let is_it = |target: &Expr| target.name() == name;
                        targets.iter().any(is_it).then_some(value)
                    }
                    _ => None,
                });
            let only = assigned.next()?;
            assigned.next().is_none().then(|| inner(only))?
        }
        E::Call(function, arguments) if function.name().is_some_and(is_environment) => arguments
            .iter()
            .skip(1)
            .find_map(|argument| argument.value.text())
            .map(str::to_owned),
        E::Call(function, arguments) => match function.attribute()? {
            (text, "format") => filled(text.text()?, "{}", &inner(&arguments.first()?.value)?),
            _ => None,
        },
        E::Binary(op, left, right) if op == "+" => Some(inner(left)? + &inner(right)?),
        E::Binary(op, left, right) if op == "%" => filled(left.text()?, "%s", &inner(right)?),
        E::List(parts) => match parts.as_slice() {
            [only] => inner(only),
            _ => None,
        },
        _ => None,
    }
}

/// A text with a value at its only place for one.
fn filled(text: &str, place: &str, value: &str) -> Option<String> {
    let (before, after) = text.split_once(place)?;
    (!before.contains(['{', '%']) && !after.contains(['{', '%']))
        .then(|| format!("{before}{value}{after}"))
}

/// The modules that `import settings` or `from project import settings` bind to a name.
pub(super) fn imported_modules(statements: &[Statement], wanted: &str) -> Vec<String> {
    let bound = statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Import(modules) => modules
                .iter()
                .find(|(_, here)| here == wanted)
                .map(|(module, _)| module.clone()),
            StatementKind::From {
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

pub(super) fn declared_by_manage(sources: &Sources, path: &str) -> Finding<String> {
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
pub(super) fn settle(file: &str, found: &[Declared]) -> Finding<String> {
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

/// The files whose functions a script imports or that it runs as modules, those of the project only.
pub(super) fn delegates(sources: &Sources, path: &str) -> Vec<String> {
    let folder = parent(path);
    let statements = sources.python(path);
    let modules = statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::From {
                dots: 0,
                module,
                names,
            } => {
                let inner = names.first().map(|(name, _)| format!("{module}.{name}"))?;
                let found = sources
                    .module(&folder, &inner)
                    .or_else(|| sources.module(&folder, module));
                found.or_else(|| sources.module("src", module))
            }
            StatementKind::Expression(expr) => {
                let (function, arguments) = expr.call()?;
                let module = arguments.first()?.value.text()?;
                let is_run = matches!(function, "runpy.run_module" | "run_module");
                is_run.then_some(())?;
                sources
                    .module(&folder, &format!("{module}.__main__"))
                    .or_else(|| sources.module(&folder, module))
            }
            _ => None,
        });
    modules.collect()
}
