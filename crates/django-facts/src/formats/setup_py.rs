//! `setup.py`: what it gives to `setup`, as far as that can be read without running it.

use super::super::expression::{Argument, Expr, ExprKind as E};
use super::super::syntax::{Statement, StatementKind};
use super::placed::Placed;

/// A script that makes a package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetupPy<'s> {
    statements: &'s [Statement],
}

impl<'s> SetupPy<'s> {
    pub(crate) fn new(statements: &'s [Statement]) -> Self {
        Self { statements }
    }

    /// Whether anything in it makes a package.
    pub(crate) fn calls_setup(self) -> bool {
        let is_setup = |expr: &Expr| {
            expr.call().is_some_and(|(name, _)| {
                name != "django.setup" && name.rsplit('.').next() == Some("setup")
            })
        };
        self.expressions().any(|expr| expr.any(&is_setup))
    }

    /// The lists of `install_requires` with their lines, as far as they are texts.
    pub(crate) fn install_requires(self) -> Vec<Placed<&'s str>> {
        let mut found = Vec::new();
        for list in self.given("install_requires") {
            if let E::List(items) = &list.kind {
                found.extend(items.iter().filter_map(placed));
            }
        }
        found
    }

    /// The texts of `install_requires` as they stand there; nothing when it is more than one list of texts.
    pub(crate) fn plain_install_requires(self) -> Option<Vec<String>> {
        let lists = self.given("install_requires");
        let [list] = lists.as_slice() else {
            return None;
        };
        let E::List(items) = &list.kind else {
            return None;
        };
        items
            .iter()
            .map(|item| item.text().map(str::to_owned))
            .collect()
    }

    /// The Pythons that it may be installed with, wherever they are on their way to `setup`.
    pub(crate) fn python_requires(self) -> Option<Placed<&'s str>> {
        const KEY: &str = "python_requires";
        let mut found: Vec<Placed<&str>> = self.given(KEY).into_iter().filter_map(placed).collect();
        for expr in self.expressions() {
            expr.walk(&mut |expr| match &expr.kind {
                E::Call(_, arguments) => found.extend(
                    arguments
                        .iter()
                        .filter(|argument| argument.name.as_deref() == Some(KEY))
                        .filter_map(|argument| placed(&argument.value)),
                ),
                E::Dict(_) => found.extend(expr.get(KEY).and_then(placed)),
                _ => {}
            });
        }
        found.into_iter().min_by_key(|text| text.line)
    }

    pub(crate) fn name(self) -> Option<&'s str> {
        self.given("name").into_iter().find_map(Expr::text)
    }

    /// Whether a text of it holds `part`.
    pub(crate) fn has_text(self, part: &str) -> bool {
        let holds = |expr: &Expr| expr.text().is_some_and(|text| text.contains(part));
        self.expressions().any(|expr| expr.any(&holds))
    }

    /// Whether it installs a script of this name as a program.
    pub(crate) fn has_script(self, name: &str) -> bool {
        self.given("scripts").into_iter().any(|list| {
            matches!(&list.kind, E::List(items) if items.iter().any(|item| item.text() == Some(name)))
        })
    }

    /// All expressions that are statements of their own, or are assigned.
    fn expressions(self) -> impl Iterator<Item = &'s Expr> {
        self.statements
            .iter()
            .filter_map(|statement| match &statement.kind {
                StatementKind::Expression(expr) => Some(expr),
                StatementKind::Assign { value, .. } => Some(value),
                _ => None,
            })
    }

    /// What is given to `setup` under a name, or assigned to that name or the one that is given.
    fn given(self, keyword: &str) -> Vec<&'s Expr> {
        let mut values: Vec<&Expr> = Vec::new();
        let mut names = vec![keyword];
        for argument in self.arguments(keyword) {
            match argument.value.name() {
                Some(name) => names.push(name),
                None => values.push(&argument.value),
            }
        }
        for statement in self.statements {
            if let StatementKind::Assign { targets, value, .. } = &statement.kind
                && targets
                    .iter()
                    .any(|target| target.name().is_some_and(|name| names.contains(&name)))
            {
                values.push(value);
            }
        }
        values
    }

    fn arguments(self, keyword: &str) -> impl Iterator<Item = &'s Argument> {
        let calls = self
            .statements
            .iter()
            .filter_map(|statement| match &statement.kind {
                StatementKind::Expression(expr) => match &expr.kind {
                    E::Call(function, arguments) => function
                        .name()
                        .is_some_and(|name| name.ends_with("setup"))
                        .then_some(arguments),
                    _ => None,
                },
                _ => None,
            });
        calls
            .flatten()
            .filter(move |argument| argument.name.as_deref() == Some(keyword))
    }
}

fn placed(expr: &Expr) -> Option<Placed<&str>> {
    Some(Placed::new(expr.line, expr.text()?))
}
