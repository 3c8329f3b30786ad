//! What a settings file shows to whoever imports it: its names, and classes whose attributes are settings.

use std::collections::BTreeSet;

use super::expression::{Expr, ExprKind as E};
use super::syntax::{Block, Statement, StatementKind};

/// The names that `__all__` gives to whoever imports `*`; `None`: there is none, or it is worked out when it runs.
pub(super) fn exports(statements: &[Statement]) -> Option<BTreeSet<String>> {
    const ALL: &str = "__all__";
    let mut shown = None;
    for statement in statements.iter().filter(|one| !one.is_in_function()) {
        let added = match &statement.kind {
            StatementKind::Assign { targets, value, .. }
                if targets.iter().any(|target| target.name() == Some(ALL)) =>
            {
                value
            }
            StatementKind::Expression(expr) => match expr.call() {
                Some(("__all__.extend" | "__all__.append", [argument, ..])) => &argument.value,
                _ => continue,
            },
            _ => continue,
        };
        let names = match &added.kind {
            E::List(items) => items
                .iter()
                .map(Expr::text)
                .collect::<Option<Vec<&str>>>()?,
            E::Text(name) => vec![name.as_str()],
            _ => return None,
        };
        let shown: &mut BTreeSet<String> = shown.get_or_insert_default();
        shown.extend(names.into_iter().map(str::to_owned));
    }
    shown
}

/// Whether a statement is part of a method of a class whose value is a setting.
pub(super) fn is_property(statement: &Statement) -> bool {
    let mut blocks = statement.inside.iter();
    blocks.any(|block| matches!(block, Block::Class))
        && blocks.any(|block| matches!(block, Block::Function(name) if name == "DATABASES"))
}

/// Whether a statement sets an attribute of a class that only classes of settings have.
pub(super) fn assigns_in_class(statement: &Statement) -> bool {
    const TELLING: [&str; 6] = [
        "DATABASES",
        "INSTALLED_APPS",
        "MIDDLEWARE",
        "MIDDLEWARE_CLASSES",
        "ROOT_URLCONF",
        "TEMPLATES",
    ];
    let StatementKind::Assign { targets, .. } = &statement.kind else {
        return false;
    };
    !statement.is_in_function()
        && statement
            .inside
            .iter()
            .any(|block| matches!(block, Block::Class))
        && targets
            .iter()
            .any(|target| target.name().is_some_and(|name| TELLING.contains(&name)))
}
