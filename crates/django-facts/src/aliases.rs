//! What names of a settings file stand for beside values.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Attribute, Expr, ExprKind as E};
use super::syntax::Block;

/// What names stand for beside values: a part of `DATABASES`, or all names of the file. With the file of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Aliases {
    parts: BTreeMap<(String, String), Vec<String>>,
    namespaces: BTreeSet<(String, String)>,
}

/// What an assignment changes.
pub(super) enum Target {
    /// A name, or what it has under keys; `?` is a key that is no plain text.
    Name(String, Vec<String>),
    /// Any name: `globals()[key] = …`.
    Any,
    Nothing,
}

/// The one setting of which it is told what else changes it.
pub(super) const DATABASES: &str = "DATABASES";

impl Aliases {
    /// Notes what `name` stands for from now on.
    pub(super) fn note(&mut self, path: &str, name: &str, value: &Expr, inside: &[Block]) {
        let here = (path.to_owned(), name.to_owned());
        self.parts.remove(&here);
        self.namespaces.remove(&here);
        if self.is_namespace(path, value) {
            self.namespaces.insert(here);
        } else if let Some(keys) = self.part(path, value, inside)
            && name != DATABASES
        {
            self.parts.insert(here, keys);
        }
    }

    /// The keys below `DATABASES` that lead to what `value` is.
    pub(super) fn part(&self, path: &str, value: &Expr, inside: &[Block]) -> Option<Vec<String>> {
        match &value.kind {
            E::Index(..) | E::Name(_) | E::Attribute(_) => match self.target(path, value, inside) {
                Target::Name(name, keys) if name == DATABASES => Some(keys),
                _ => None,
            },
            E::Call(function, arguments) if function.name() == Some("DATABASES.get") => {
                let key = arguments.first().and_then(|argument| argument.value.text());
                Some(vec![key.unwrap_or("?").to_owned()])
            }
            _ => None,
        }
    }

    /// What an assignment to `target` changes.
    pub(super) fn target(&self, path: &str, target: &Expr, inside: &[Block]) -> Target {
        let mut keys = Vec::new();
        let mut root = target;
        while let E::Index(inner, key) = &root.kind
            && !self.is_namespace(path, root)
        {
            keys.insert(0, key.text().unwrap_or("?").to_owned());
            root = inner;
        }
        if self.is_namespace(path, root) {
            return match keys.first().map(String::as_str) {
                None => Target::Nothing,
                Some("?") => Target::Any,
                Some(name) => Target::Name(name.to_owned(), keys[1..].to_vec()),
            };
        }
        let Some(name) = root.name() else {
            return Target::Nothing;
        };
        let known = self.parts.get(&(path.to_owned(), name.to_owned())).cloned();
        match known.or_else(|| of_loop(name, inside)) {
            Some(mut all) => {
                all.extend(keys);
                Target::Name(DATABASES.into(), all)
            }
            None => Target::Name(name.to_owned(), keys),
        }
    }

    /// Whether an expression is the mapping of all names of its file, or the file's module.
    pub(super) fn is_namespace(&self, path: &str, expr: &Expr) -> bool {
        match &expr.kind {
            E::Call(function, arguments) => match function.name() {
                Some("globals" | "locals" | "vars") => arguments.is_empty(),
                Some(name) if name.ends_with("import_module") || name == "__import__" => arguments
                    .first()
                    .is_some_and(|argument| argument.value.name() == Some("__name__")),
                _ => false,
            },
            E::Index(inner, key) => {
                inner.name() == Some("sys.modules") && key.name() == Some("__name__")
            }
            E::Attribute(Attribute { of, part, .. }) if part == "__dict__" => {
                self.is_namespace(path, of)
            }
            _ => expr.name().is_some_and(|name| {
                let here = (path.to_owned(), name.to_owned());
                self.namespaces.contains(&here)
            }),
        }
    }
}

/// What a loop over the databases calls one of them.
fn of_loop(name: &str, inside: &[Block]) -> Option<Vec<String>> {
    inside.iter().rev().find_map(|block| match block {
        Block::For(names, iterable)
            if names.last().is_some_and(|last| last == name)
                && iterable.name() != Some(DATABASES)
                && iterable.any(&is_of_databases) =>
        {
            Some(vec!["?".to_owned()])
        }
        _ => None,
    })
}

fn is_of_databases(expr: &Expr) -> bool {
    expr.name()
        .is_some_and(|name| name.split('.').next() == Some(DATABASES))
}
