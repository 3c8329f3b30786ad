//! Whether manage.py does more than to start Django: the wrapper's own could not take its place.

use super::declared::{declared, setdefault};
use super::expression::{Expr, ExprKind as E};
use super::finding::at;
use super::sources::{Sources, parent};
use super::syntax::{Block, Statement, StatementKind};

/// What it does beside, and where.
#[must_use]
pub(super) fn unusual(sources: &Sources, manage: &str) -> Option<String> {
    for statement in sources.python(manage).iter() {
        let is_failure = statement
            .inside
            .iter()
            .any(|block| matches!(block, Block::Except));
        let is_own = |module: &str| {
            module != "settings" && sources.module(&parent(manage), module).is_some()
        };
        // A module of which nothing is used is imported for what it does.
        let is_import = matches!(&statement.kind, StatementKind::Import(modules) if modules.iter().any(|(module, _)| is_own(module)));
        if is_import || !is_failure && does_more(statement) {
            let place = at(manage, statement.line);
            return Some(format!(
                "its manage.py does more than to start Django ({place})"
            ));
        }
    }
    declared(sources, manage)
        .iter()
        .any(super::declared::Declared::is_for_tests)
        .then(|| "its manage.py has other settings for tests".to_owned())
}

/// What a WSGI module does beside handing out Django's application, and where: the wrapper's own would be served instead.
#[must_use]
pub(super) fn unusual_wsgi(sources: &Sources, file: &str, python_path: &str) -> Option<String> {
    let is_own = |module: &str| sources.module(python_path, module).is_some();
    let statements = sources.python(file);
    let is_application =
        |block: &Block| matches!(block, Block::Function(name) if name == "application");
    let more = statements.iter().find(|statement| match &statement.kind {
        _ if statement.inside.iter().any(is_application) => true,
        _ if statement.is_in_function() => false,
        StatementKind::Import(modules) => modules.iter().any(|(module, _)| is_own(module)),
        StatementKind::Assign { targets, value, .. } => {
            let is_served = targets
                .iter()
                .any(|target| target.name() == Some("application"));
            is_served && !is_django(value) || targets.iter().any(sets_variable)
        }
        StatementKind::Expression(expr) => expr.call().is_some_and(|(function, _)| {
            !is_usual(function) && function != "django.setup" && setdefault(expr).is_none()
        }),
        StatementKind::From { .. } | StatementKind::Global(_) => false,
    })?;
    let place = at(file, more.line);
    Some(format!(
        "its WSGI module does more than to hand out Django's application ({place})"
    ))
}

fn is_django(value: &Expr) -> bool {
    value.call().is_some_and(|(function, arguments)| {
        let last = function.rsplit('.').next();
        arguments.is_empty() && matches!(last, Some("get_wsgi_application" | "WSGIHandler"))
    })
}

fn does_more(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Expression(expr) => expr
            .call()
            .is_some_and(|(function, _)| !is_usual(function) && setdefault(expr).is_none()),
        StatementKind::Assign { targets, .. } => targets.iter().any(sets_variable),
        _ => false,
    }
}

/// `os.environ["A"] = …` for another variable than those that Django starts with.
fn sets_variable(target: &Expr) -> bool {
    let E::Index(inner, key) = &target.kind else {
        return false;
    };
    inner.name().is_some_and(|name| name.ends_with("environ"))
        && !key
            .text()
            .is_some_and(|key| matches!(key, "DJANGO_SETTINGS_MODULE" | "DJANGO_CONFIGURATION"))
}

fn is_usual(function: &str) -> bool {
    let last = function.rsplit('.').next().unwrap_or(function);
    let of_logs = ["logger.", "logging.", "log.", "warnings."];
    matches!(
        last,
        "execute_from_command_line"
            | "execute_manager"
            | "execute"
            | "main"
            | "print"
            | "write"
            | "exit"
            | "setup_environ"
            | "addsitedir"
    ) || function.starts_with("sys.path.")
        || of_logs.iter().any(|start| function.starts_with(start))
}
