//! Some values only choose: they are the key of one among several databases, or a word that is compared with others. Such a
//! value never holds the address of a server.

use std::collections::BTreeSet;
use std::ptr;

use super::super::expression::{Expr, ExprKind as E};
use super::super::syntax::{Block, Statement, StatementKind};

/// Expressions, each by its place in memory, because two of them may be equal.
type Places = BTreeSet<*const Expr>;

fn is_word(expr: &Expr) -> bool {
    expr.text().is_some_and(|text| !text.is_empty())
}

/// The part of an expression that chooses: a key, or what is compared with plain text.
fn chooser(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        E::Index(_, key) => Some(key),
        E::Call(function, arguments) => {
            let index = match function.attribute() {
                Some((_, "get" | "pop")) => 0,
                None if function.name() == Some("getattr") => 1,
                _ => return None,
            };
            arguments.get(index).map(|argument| &argument.value)
        }
        E::Binary(op, left, right) => match (op.as_str(), &right.kind) {
            ("==" | "!=", _) if is_word(right) => Some(left),
            ("==" | "!=", _) if is_word(left) => Some(right),
            ("in" | "not in", E::List(items)) if items.iter().all(is_word) => Some(left),
            _ => None,
        },
        _ => None,
    }
}

/// All parts of a value that choose.
pub(super) fn choosing(value: &Expr) -> Places {
    let mut found = Places::new();
    value.walk(&mut |expr| {
        if let Some(chooser) = chooser(expr) {
            chooser.walk(&mut |inner| {
                found.insert(ptr::from_ref(inner));
            });
        }
    });
    found
}

/// What the names of files are used for.
#[derive(Default)]
struct Uses<'s> {
    chooses: BTreeSet<&'s str>,
    does_more: BTreeSet<&'s str>,
}

impl<'s> Uses<'s> {
    fn add(&mut self, value: &'s Expr, is_condition: bool) {
        let choosing = choosing(value);
        value.walk(&mut |expr| {
            if let Some(name) = expr.name() {
                if choosing.contains(&ptr::from_ref(expr)) {
                    self.chooses.insert(name);
                } else if !is_condition {
                    self.does_more.insert(name);
                }
            }
            if let E::Choice(_, _, condition) = &expr.kind {
                self.add(condition, true);
            }
        });
    }
}

/// The names that files use for nothing but to choose.
pub(super) fn names<'s>(files: impl Iterator<Item = &'s [Statement]>) -> BTreeSet<String> {
    let mut uses = Uses::default();
    for statements in files {
        let mut conditions = BTreeSet::new();
        for statement in statements {
            if let StatementKind::Assign { value, .. } | StatementKind::Expression(value) =
                &statement.kind
            {
                uses.add(value, false);
            }
            for block in &statement.inside {
                if let Block::If(condition) = block
                    && conditions.insert(condition.line)
                {
                    uses.add(condition, true);
                }
            }
        }
    }
    let chosen = uses.chooses.difference(&uses.does_more);
    chosen.map(|name| (*name).to_owned()).collect()
}
