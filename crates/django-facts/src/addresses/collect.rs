//! What settings and modules say of addresses.

use super::super::expression::Expr;
use super::super::guards::is_test_guard;
use super::super::settings::{Entry, Settings};
use super::super::syntax::{Block, DELETED, Statement, StatementKind};
use super::collected::Collected;
use super::context::Context;
use super::reading::schemes;
use super::walk::{Walk, shown};

impl Collected {
    /// What settings say, whose assignments count from the last one that replaces all before it.
    pub(super) fn settings(&mut self, settings: &Settings) {
        for (index, entry) in settings.entries.iter().enumerate() {
            if entry.op == DELETED
                || entry.inside.iter().any(is_test_guard)
                || is_replaced(settings, index)
            {
                continue;
            }
            let group = self.next_group();
            let Some(mut context) = Context::of_setting(&entry.name, group) else {
                continue;
            };
            for key in &entry.keys {
                context = context.below(key);
            }
            self.value(settings, &entry.value, context, &entry.file);
        }
    }

    /// A value that stands in a context.
    pub(super) fn value(
        &mut self,
        settings: &Settings,
        value: &Expr,
        context: Context,
        file: &str,
    ) {
        Walk {
            settings,
            into: self,
        }
        .value(value, &context, file, 0);
    }

    /// Every other read in a file, by the names of the variables alone.
    pub(super) fn statements(&mut self, settings: &Settings, statements: &[Statement], file: &str) {
        let mut declared: Vec<(String, Option<String>)> = Vec::new();
        for statement in statements {
            if statement.inside.iter().any(is_test_guard) {
                continue;
            }
            let is_tried = statement
                .inside
                .iter()
                .any(|block| matches!(block, Block::Try));
            let (target, value) = match &statement.kind {
                StatementKind::Assign { targets, value, .. } => {
                    (targets.first().and_then(Expr::name), value)
                }
                StatementKind::Expression(value) => (None, value),
                _ => continue,
            };
            let mut walk = Walk {
                settings,
                into: self,
            };
            walk.reads_in(value, target, is_tried, file);
            for block in &statement.inside {
                if let Block::If(condition) = block {
                    walk.reads_in(condition, None, true, file);
                }
            }
            value.walk(&mut |expr| {
                for (name, default) in schemes(expr) {
                    declared.push((name, default.map(|default| shown(default, settings, file))));
                }
            });
        }
        for read in &mut self.reads {
            if let Some((_, default)) = declared.iter().find(|(name, _)| *name == read.name) {
                read.is_required &= default.is_none();
                read.default = read.default.take().or_else(|| default.clone());
            }
        }
    }
}

/// Whether a later assignment leaves nothing of this one.
fn is_replaced(settings: &Settings, index: usize) -> bool {
    let entry = &settings.entries[index];
    let mut later = settings.entries[index + 1..].iter();
    later.any(|other| {
        let is_same = other.name == entry.name && other.is_hidden == entry.is_hidden;
        let is_it = other.keys.is_empty() || other.keys == entry.keys;
        let uses_it = |other: &Entry| {
            other
                .value
                .any(&|expr| expr.name() == Some(entry.name.as_str()))
        };
        is_same
            && is_it
            && other.replaces()
            && other.is_certain()
            && !other.is_in_class()
            && !uses_it(other)
    })
}
