//! Collects what settings and modules say about addresses.

use std::collections::BTreeSet;

use super::super::expression::Expr;
use super::super::guards::is_test_guard;
use super::super::settings::{Entry, Settings};
use super::super::syntax::{Block, DELETED, Statement, StatementKind};
use super::collected::Collected;
use super::context::Context;
use super::model::Role;
use super::reading::schemes;
use super::walk::{Walk, shown};
use super::words;

impl Collected {
    /// Notes what settings say. An assignment that replaces earlier ones hides them.
    pub(super) fn settings(&mut self, settings: &Settings) {
        for entry in in_effect(settings) {
            if entry.op == DELETED || entry.inside.iter().any(is_test_guard) {
                continue;
            }
            let group = self.next_group();
            let Some(mut context) = Context::of_setting(&entry.name, group) else {
                continue;
            };
            let mut blocks = entry.inside.iter();
            context.is_tried = blocks.any(|block| matches!(block, Block::Try));
            if context.told.role != Role::Other && self.chooses(&entry.name) {
                context.told.role = Role::Choice;
            }
            for key in &entry.keys {
                context = context.below(key);
            }
            self.value(settings, &entry.value, context, &entry.file);
        }
    }

    /// Whether a name that may choose one server among several is used for nothing else.
    fn chooses(&self, name: &str) -> bool {
        words::may_choose(name) && self.choices.contains(name)
    }

    /// Notes a value, with what is known of its place.
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

    /// Notes every other read of a variable in a file. Only the variable's name tells what it is for.
    pub(super) fn statements(&mut self, settings: &Settings, statements: &[Statement], file: &str) {
        let mut conditions = BTreeSet::new();
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
                if let Block::If(condition) = block
                    && conditions.insert(condition.line)
                {
                    walk.reads_in_condition(condition, file);
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

/// The assignments that no later one replaces as a whole.
fn in_effect(settings: &Settings) -> Vec<&Entry> {
    let mut replaced: BTreeSet<(&str, bool, &[String])> = BTreeSet::new();
    let mut found = Vec::new();
    for entry in settings.entries.iter().rev() {
        let (name, is_hidden) = (entry.name.as_str(), entry.is_hidden);
        let is_gone = replaced.contains(&(name, is_hidden, &[]))
            || replaced.contains(&(name, is_hidden, &entry.keys));
        if is_gone {
            continue;
        }
        found.push(entry);
        let uses_itself = || entry.value.any(&|expr| expr.name() == Some(name));
        if entry.replaces() && entry.is_certain() && !entry.is_in_class() && !uses_itself() {
            replaced.insert((name, is_hidden, &entry.keys));
        }
    }
    found.reverse();
    found
}
