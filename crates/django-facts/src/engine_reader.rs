//! One value of `DATABASES` → the engine it names, or where it comes from.

use std::collections::BTreeSet;

use super::backend::classify;
use super::engine::Database;
use super::evaluate::Evaluator;
use super::expression::{Expr, ExprKind as E};
use super::settings::{Entry, Settings};
use super::sources::Sources;
use super::syntax::Block;

pub(super) struct EngineReader<'a> {
    pub(super) sources: &'a Sources,
    pub(super) settings: &'a Settings,
    pub(super) evaluator: Evaluator<'a>,
}

pub(super) const DEEPEST: usize = 12;

/// What a value has under the key that tells; `None`: it has no such key.
type KeyValue = Option<Database>;

/// How deep in `DATABASES` a value lies: it is all of it, or one of the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    All,
    One,
}

impl Level {
    /// The key that tells.
    fn key(self) -> &'static str {
        match self {
            Self::All => "default",
            Self::One => "ENGINE",
        }
    }
}

impl EngineReader<'_> {
    /// What an assignment to `DATABASES` or a part of it says; `None`: nothing about the engine of the default one.
    pub(super) fn entry(&self, entry: &Entry) -> Option<Database> {
        let is_all = entry.is_whole();
        match self.by_keys(entry, Level::All, 0) {
            // Django refuses databases without a default one, unless it comes from somewhere else.
            None if is_all && !is_empty(&entry.value) => Some(Database::Unknown),
            said => said,
        }
    }

    fn by_keys(&self, entry: &Entry, level: Level, depth: usize) -> Option<Database> {
        let (value, file) = (&entry.value, entry.file.as_str());
        let keys: Vec<&str> = entry.keys.iter().map(String::as_str).collect();
        let is_default = |key: &str| key == "default" || key == "?";
        let keys = match (level, &keys[..]) {
            (Level::All, []) => return self.databases(value, file, depth),
            (Level::All, [key, rest @ ..]) if is_default(key) => rest,
            (Level::All, _) => return None,
            (Level::One, keys) => keys,
        };
        match keys {
            // An update may leave the engine as it is.
            [] if !entry.replaces() || level == Level::One => {
                self.said(value, file, Level::One, depth)
            }
            [] => Some(self.alias(value, file, depth)),
            ["ENGINE"] => Some(self.engine(value, file, depth)),
            ["?"] => match self.of_loop(entry, depth) {
                Some(said) => said,
                None => Some(match self.hidden(value, file, depth) {
                    Database::FromEnv => Database::FromEnv,
                    _ => Database::Unknown,
                }),
            },
            _ => None,
        }
    }

    /// What an assignment to `[key]` in a loop says, where it is known what the loop goes over.
    fn of_loop(&self, entry: &Entry, depth: usize) -> Option<KeyValue> {
        let over = entry.inside.iter().rev().find_map(|block| match block {
            Block::For(_, iterable) => Some(iterable),
            _ => None,
        })?;
        if let E::List(keys) = &over.kind {
            let is_other = |key: &Expr| key.text().is_some_and(|key| key != "ENGINE");
            return keys.iter().all(is_other).then_some(None);
        }
        let E::Call(function, _) = &over.kind else {
            return None;
        };
        let name = function.name()?;
        let name = name
            .strip_suffix(".items")
            .or_else(|| name.strip_suffix(".iteritems"))?;
        let name = Expr::named(name, over.line);
        let dict = self.only(&name, &entry.file)?;
        Some(self.said(dict, &entry.file, Level::One, depth))
    }

    fn databases(&self, value: &Expr, file: &str, depth: usize) -> Option<Database> {
        match (self.said(value, file, Level::All, depth), &value.kind) {
            (None, E::Dict(items)) => self.agreed(items, file, depth + 1),
            (said, _) => said,
        }
    }

    pub(super) fn alias(&self, value: &Expr, file: &str, depth: usize) -> Database {
        self.said(value, file, Level::One, depth)
            .unwrap_or(Database::Unknown)
    }

    /// What a value says under the key that tells; `None`: it has no such key.
    fn said(&self, value: &Expr, file: &str, level: Level, depth: usize) -> Option<Database> {
        if depth > DEEPEST {
            return Some(Database::Unknown);
        }
        let depth = depth + 1;
        let inner = |value: &Expr| self.said(value, file, level, depth);
        let leaf = |value: &Expr| match (level, &value.kind) {
            (Level::One, _) => self.engine(value, file, depth),
            (Level::All, _) => self.alias(value, file, depth),
        };
        match &value.kind {
            // The last entry wins, whether it is a key or a mapping that is spread.
            E::Dict(items) => items.iter().rev().find_map(|(key, value)| match key {
                Some(key) => match self.key(key, file) {
                    Some(text) => (text == level.key()).then(|| leaf(value)),
                    None if level == Level::One => Some(Database::Unknown),
                    None => None,
                },
                None => inner(value),
            }),
            E::Call(function, arguments) => {
                let plain = arguments.iter().filter(|argument| argument.name.is_none());
                match (function.name(), value.get(level.key())) {
                    (Some("dict"), Some(told)) => Some(leaf(told)),
                    (Some("dict"), None) => plain.rev().find_map(|argument| inner(&argument.value)),
                    (Some("copy" | "deepcopy" | "copy.copy" | "copy.deepcopy"), _) => arguments
                        .first()
                        .and_then(|argument| inner(&argument.value)),
                    (Some(name), _) if name.ends_with(".copy") && arguments.is_empty() => {
                        let name = name.trim_end_matches(".copy").to_owned();
                        inner(&Expr::named(&name, value.line))
                    }
                    (None, _) if arguments.is_empty() => match function.attribute() {
                        Some((part, "copy")) => inner(part),
                        _ => Some(self.hidden(value, file, depth)),
                    },
                    _ => Some(self.hidden(value, file, depth)),
                }
            }
            E::Named(_, named) => inner(named),
            E::Binary(op, left, right) if op == "|" => inner(right).or_else(|| inner(left)),
            E::Choice(then, otherwise, _) => {
                let (a, b) = (inner(then), inner(otherwise));
                if a == b { a } else { Some(Database::Unknown) }
            }
            E::Index(all, key) => match self.only(all, file).zip(key.text()) {
                Some((dict, key)) if dict.get(key).is_some() => inner(dict.get(key)?),
                _ => Some(self.hidden(value, file, depth)),
            },
            _ => self
                .named(value, file, level, depth)
                .unwrap_or_else(|| Some(self.hidden(value, file, depth))),
        }
    }

    /// The dictionary that a name stands for, where nothing else is ever done to it.
    fn only(&self, name: &Expr, file: &str) -> Option<&Expr> {
        let name = name.name()?;
        let mut all = self.of_name(name, file).into_iter();
        match (all.next(), all.next()) {
            (Some(entry), None) if entry.keys.is_empty() && entry.is_certain() => {
                matches!(entry.value.kind, E::Dict(_)).then_some(&entry.value)
            }
            _ => None,
        }
    }

    /// The assignments to a name as a file sees it: its own, else those that are imported.
    pub(super) fn of_name(&self, name: &str, file: &str) -> Vec<&Entry> {
        let is_named = |entry: &&Entry| {
            entry.name == name && !entry.inside.iter().any(super::guards::is_test_guard)
        };
        let all = || self.settings.entries.iter().filter(is_named);
        let own: Vec<&Entry> = all().filter(|entry| entry.file == file).collect();
        if !own.is_empty() {
            return own;
        }
        let shown: Vec<&Entry> = all().filter(|entry| !entry.is_hidden).collect();
        if shown.is_empty() {
            all().collect()
        } else {
            shown
        }
    }

    /// What all assignments to a name together say where it is used; `None`: there are none, or it is no name.
    fn named(&self, used: &Expr, file: &str, level: Level, depth: usize) -> Option<KeyValue> {
        let mut all: BTreeSet<Option<Database>> = BTreeSet::new();
        let mut asks = false;
        for entry in self.of_name(used.name()?, file) {
            let is_whole = entry.is_whole();
            if is_whole && entry.file == file && entry.line >= used.line {
                continue;
            }
            let said = self.by_keys(entry, level, depth);
            if said.is_none() && !is_whole {
                continue;
            }
            if entry.is_certain() && (is_whole || said.is_some()) {
                all.clear();
                asks = false;
            }
            asks |= self.asks_environment(entry);
            all.insert(said);
        }
        let first = *all.first()?;
        Some(if all.len() == 1 {
            first
        } else if asks {
            Some(Database::FromEnv)
        } else {
            Some(Database::Unknown)
        })
    }

    /// Whether a value of the environment decides if an assignment is made.
    fn asks_environment(&self, entry: &Entry) -> bool {
        entry.inside.iter().any(|block| match block {
            Block::If(condition) | Block::Else(condition) => {
                self.hidden(condition, &entry.file, DEEPEST - 2) == Database::FromEnv
            }
            _ => false,
        })
    }

    /// The text of a dictionary's key.
    pub(super) fn key(&self, key: &Expr, file: &str) -> Option<String> {
        let known = self.evaluator.value(key, file)?;
        (!known.from_env).then_some(known.text)
    }

    /// What all say whose keys are not known: one of them is the default.
    fn agreed(&self, items: &[(Option<Expr>, Expr)], file: &str, depth: usize) -> Option<Database> {
        let is_computed = |key: &Expr| self.key(key, file).is_none();
        let all: BTreeSet<Database> = items
            .iter()
            .filter(|(key, _)| key.as_ref().is_some_and(is_computed))
            .map(|(_, alias)| self.alias(alias, file, depth))
            .collect();
        let first = *all.first()?;
        Some(if all.len() == 1 {
            first
        } else {
            Database::Unknown
        })
    }

    pub(super) fn engine(&self, value: &Expr, file: &str, depth: usize) -> Database {
        if depth > DEEPEST {
            return Database::Unknown;
        }
        if let E::Choice(then, otherwise, _) = &value.kind {
            let (a, b) = (
                self.engine(then, file, depth + 1),
                self.engine(otherwise, file, depth + 1),
            );
            return if a == b { a } else { Database::Unknown };
        }
        if let Some(name) = value.name() {
            let values = self.values(name, value.line, file);
            let all: BTreeSet<Database> = values
                .iter()
                .map(|entry| self.engine(&entry.value, &entry.file, depth + 1))
                .collect();
            match all.first() {
                Some(seen) if all.len() == 1 => return *seen,
                Some(_)
                    if all.contains(&Database::FromEnv)
                        || values.iter().any(|entry| self.asks_environment(entry)) =>
                {
                    return Database::FromEnv;
                }
                Some(_) => return Database::Unknown,
                None => {}
            }
        }
        let mut varies = false;
        value.walk(&mut |inner| {
            if let Some(name) = inner.name() {
                varies |= self.values(name, value.line, file).len() > 1;
            }
        });
        match self.evaluator.value(value, file) {
            Some(known) if known.from_env => Database::FromEnv,
            Some(known) if !varies => classify(&known.text),
            _ => self.hidden(value, file, depth),
        }
    }

    /// The assignments that a name may have its value from where it is used.
    fn values(&self, name: &str, line: usize, file: &str) -> Vec<&Entry> {
        let mut found: Vec<&Entry> = Vec::new();
        for entry in self.of_name(name, file) {
            if !entry.keys.is_empty() || entry.file == file && entry.line >= line {
                continue;
            }
            if entry.is_certain() && entry.replaces() {
                found.clear();
            }
            found.push(entry);
        }
        found
    }
}

fn is_empty(value: &Expr) -> bool {
    match &value.kind {
        E::Dict(items) => items.is_empty(),
        E::Call(function, arguments) => function.name() == Some("dict") && arguments.is_empty(),
        _ => false,
    }
}
