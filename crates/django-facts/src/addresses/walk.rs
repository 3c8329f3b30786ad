//! Walks through a value, and notes what the value reads from the environment and which addresses stand in it.

use std::ptr;

use super::super::evaluate::Evaluator;
use super::super::expression::{Argument, Expr, ExprKind as E};
use super::super::settings::Settings;
use super::choices::choosing;
use super::collected::{Collected, Occurrence, Written};
use super::context::{Context, is_pair};
use super::model::{Purpose, Role, Server, Told};
use super::reading::{Reading, reading};
use super::told::told;
use super::words;

const DEEPEST: usize = 24;

/// A walk through one value.
pub(super) struct Walk<'a> {
    pub(super) settings: &'a Settings,
    pub(super) into: &'a mut Collected,
}

/// The last read in `a or b or …`, with its line.
fn last_reading<'e>(value: &'e Expr, target: Option<&str>) -> Option<(Reading<'e>, usize)> {
    match &value.kind {
        E::Binary(op, _, right) if op == "or" => last_reading(right, target),
        _ => reading(value, target).map(|read| (read, value.line)),
    }
}

/// A value without the methods that only clean a text: `value.strip().lower()`.
fn cleaned(value: &Expr) -> &Expr {
    match &value.kind {
        E::Call(function, _) => match function.attribute_of_value() {
            Some((inner, "strip" | "lower" | "upper" | "casefold")) => cleaned(inner),
            _ => value,
        },
        _ => value,
    }
}

/// A default as a text.
pub(super) fn shown(value: &Expr, settings: &Settings, file: &str) -> String {
    let known = Evaluator { settings }
        .value(value, file)
        .map(|known| known.text);
    match &value.kind {
        E::Number(number) => number.clone(),
        E::List(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Expr::text).collect();
            texts.join(",")
        }
        _ => known
            .or_else(|| value.name().map(str::to_owned))
            .unwrap_or_default(),
    }
}

fn is_server(back_end: &str) -> bool {
    words::backend(back_end).is_some_and(|server| server != Server::Sqlite)
}

impl Walk<'_> {
    pub(super) fn value(&mut self, value: &Expr, context: &Context, file: &str, depth: usize) {
        if depth > DEEPEST || !self.into.may_go_on() {
            return;
        }
        let depth = depth + 1;
        if let Some(found) = reading(value, context.key.as_deref()) {
            self.read(&found, value.line, Some(context), file);
            return;
        }
        if let Some(name) = value.name() {
            return self.name(name, context, file, depth);
        }
        match &value.kind {
            E::Text(text) => self.text(text, value.line, context, file),
            E::Number(number) if context.told.role == Role::Port => {
                self.text(number, value.line, context, file);
            }
            E::Dict(items) => {
                let inner = self.of_dict(value, context, file);
                for (key, value) in items {
                    match key {
                        Some(key) => {
                            let key = key.text().unwrap_or("?");
                            let inner = self.keyed(&inner, key);
                            self.value(value, &inner, file, depth);
                        }
                        None => self.value(value, &inner, file, depth),
                    }
                }
            }
            E::List(items) => self.list(items, context, file, depth),
            E::Binary(op, left, right) if op == "or" => {
                self.either(left, right, context, file, depth);
            }
            E::Binary(op, left, right) if op == "|" => {
                self.value(left, context, file, depth);
                self.value(right, context, file, depth);
            }
            E::Binary(_, left, right) => {
                self.value(left, &context.part(), file, depth);
                self.value(right, &context.part(), file, depth);
            }
            E::Choice(then, otherwise, _) => {
                self.value(then, context, file, depth);
                self.value(otherwise, context, file, depth);
            }
            E::Named(_, inner) => self.value(inner, context, file, depth),
            E::Index(inner, _) if context.told.role != Role::Other => {
                self.value(inner, &context.part(), file, depth);
            }
            E::Call(function, arguments) => {
                self.call(value, function, arguments, context, file, depth);
            }
            _ => {}
        }
    }

    fn call(
        &mut self,
        whole: &Expr,
        function: &Expr,
        arguments: &[Argument],
        context: &Context,
        file: &str,
        depth: usize,
    ) {
        let first = arguments.first().map(|argument| &argument.value);
        if let Some((inner, method)) = function.attribute_of_value() {
            // Examples are `"redis://{}:6379".format(host)` and `env("HOSTS").split(",")`.
            let role = if method == "split" {
                Role::Hosts
            } else {
                context.told.role
            };
            self.value(inner, &context.with_role(role).part(), file, depth);
            for argument in arguments.iter().filter(|_| method == "format") {
                self.value(&argument.value, &context.part(), file, depth);
            }
            return;
        }
        let name = function.name().unwrap_or_default();
        match name.rsplit('.').next().unwrap_or_default() {
            "dict" => {
                let inner = self.of_dict(whole, context, file);
                for argument in arguments {
                    let inner = match &argument.name {
                        Some(key) => self.keyed(&inner, key),
                        None => inner.clone(),
                    };
                    self.value(&argument.value, &inner, file, depth);
                }
            }
            "parse" | "db_url_config" if name.contains("url") => {
                if let Some(first) = first {
                    self.value(first, &context.with_role(Role::Url), file, depth);
                }
            }
            "int" | "str" | "list" | "tuple" | "deepcopy" | "copy" | "RedisHuey" => {
                if let Some(first) = first {
                    self.value(first, context, file, depth);
                }
            }
            _ => {}
        }
    }

    fn of_dict(&self, value: &Expr, context: &Context, file: &str) -> Context {
        let settings = self.settings;
        context.of_dict(value, &|expr| {
            // The environment may name another back end, so that only the default of a known server counts.
            Evaluator { settings }
                .value(expr, file)
                .filter(|known| !known.from_env || is_server(&known.text))
                .map(|known| known.text)
        })
    }

    /// The context below a key. Each database of a setting is a group of its own, whose values are changed together.
    fn keyed(&mut self, context: &Context, key: &str) -> Context {
        let mut inner = context.below(key);
        let is_one = inner.told.role == Role::Other || context.told.purpose != Purpose::Database;
        if is_one {
            inner.group = self.into.next_group();
        }
        inner
    }

    fn list(&mut self, items: &[Expr], context: &Context, file: &str, depth: usize) {
        if is_pair(items) && matches!(context.told.role, Role::Hosts | Role::Host | Role::Address) {
            for (item, role) in items.iter().zip([Role::Host, Role::Port]) {
                let inner = Context {
                    key: None,
                    ..context.with_role(role)
                };
                self.value(item, &inner, file, depth);
            }
            return;
        }
        let inner = Context {
            is_one_of_many: context.is_one_of_many || items.len() > 1,
            key: None,
            ..context.clone()
        };
        for item in items {
            self.value(item, &inner, file, depth);
        }
    }

    /// Notes `env or default`.
    fn either(&mut self, left: &Expr, right: &Expr, context: &Context, file: &str, depth: usize) {
        let Some((found, line)) = last_reading(left, None) else {
            self.value(left, context, file, depth);
            return self.value(right, context, file, depth);
        };
        let is_inner = reading(right, None).is_some();
        let found = Reading {
            is_required: false,
            default: found.default.or(Some(right).filter(|_| !is_inner)),
            ..found
        };
        self.read(&found, line, Some(context), file);
        self.value(left, context, file, depth);
        if is_inner {
            self.value(right, context, file, depth);
        }
    }

    fn name(&mut self, name: &str, context: &Context, file: &str, depth: usize) {
        let settings = self.settings;
        let Some(entry) = settings
            .lookup(name, file)
            .filter(|entry| entry.keys.is_empty())
        else {
            return;
        };
        let inner = Context {
            key: Some(entry.name.clone()),
            ..context.clone()
        };
        self.value(&entry.value, &inner, &entry.file, depth);
    }

    fn text(&mut self, text: &str, line: usize, context: &Context, file: &str) {
        let role = context.told.role;
        if context.told.purpose == Purpose::Database
            && role == Role::Name
            && context.alias.is_none()
        {
            let is_file =
                context.told.server == Some(Server::Sqlite) || text.contains(['/', '.', ':']);
            if !is_file && !text.is_empty() && !context.is_part {
                self.into.database = Some(text.to_owned());
            }
        }
        if !context.told.is_address()
            || text.is_empty()
            || !self.into.is_new(file, line, &format!("{role:?} {text}"))
        {
            return;
        }
        self.into.written.push(Written {
            context: context.clone(),
            text: text.to_owned(),
            file: file.to_owned(),
            line,
        });
    }

    /// Notes all reads in a value whose place tells nothing.
    pub(super) fn reads_in(
        &mut self,
        value: &Expr,
        target: Option<&str>,
        is_tried: bool,
        file: &str,
    ) {
        let only_chooses = target.is_some_and(|name| self.into.choices.contains(name))
            && last_reading(cleaned(value), target).is_some();
        self.reads(value, target, is_tried, only_chooses, file);
    }

    /// Notes all reads in a condition. They only choose, and none of them needs a value.
    pub(super) fn reads_in_condition(&mut self, condition: &Expr, file: &str) {
        self.reads(condition, None, true, true, file);
    }

    /// Notes all reads in a value. With `only_chooses`, every name that may choose is taken for a choice.
    fn reads(
        &mut self,
        value: &Expr,
        target: Option<&str>,
        is_tried: bool,
        only_chooses: bool,
        file: &str,
    ) {
        let choosing = choosing(value);
        let mut found = Vec::new();
        value.walk(&mut |expr| {
            // In `a or b` the value behind is a default.
            if let E::Binary(op, left, right) = &expr.kind
                && op == "or"
                && let Some((mut read, line)) = last_reading(left, target)
            {
                read.is_required = false;
                read.default = read.default.or(Some(right.as_ref()));
                found.push((read, line, expr));
            }
            found.extend(reading(expr, target).map(|read| (read, expr.line, expr)));
        });
        for (mut read, line, expr) in found {
            read.is_required &= !is_tried;
            let is_choice = choosing.contains(&ptr::from_ref(expr)) && !words::is_url(&read.name)
                || only_chooses && words::may_choose(&read.name);
            if is_choice && read.told.is_none() {
                read.told = words::of_name(&read.name)
                    .filter(|named| named.is_address() && !named.is_secret())
                    .map(|named| Told::new(named.purpose, named.server, Role::Choice));
            }
            if target == Some("SECRET_KEY") {
                read.told = Some(Told::new(Purpose::Key, None, Role::Other));
            }
            self.read(&read, line, None, file);
        }
    }

    fn read(&mut self, found: &Reading, line: usize, context: Option<&Context>, file: &str) {
        if !self.into.may_go_on()
            || found.name == "DJANGO_SETTINGS_MODULE"
            || !self.into.is_new(file, line, &found.name)
        {
            return;
        }
        let default = found.default.map(|value| shown(value, self.settings, file));
        let told = told(found, context, default.as_deref());
        if let (Purpose::Database, Role::Name, Some(name), Some(None)) = (
            told.purpose,
            told.role,
            default
                .as_deref()
                .filter(|name| !name.is_empty() && !name.contains(['/', '.', ':'])),
            context.map(|context| context.alias.as_deref()),
        ) {
            self.into.database.get_or_insert_with(|| name.to_owned());
        }
        self.into.reads.push(Occurrence {
            name: found.name.clone(),
            told,
            alias: context.and_then(|context| context.alias.clone()),
            default: default.map(|text| {
                if told.is_secret() {
                    "…".to_owned()
                } else {
                    text
                }
            }),
            is_required: found.is_required && !context.is_some_and(|context| context.is_tried),
            file: file.to_owned(),
            line,
        });
        // The default may itself read another variable.
        if let Some(value) = found.default {
            match context {
                Some(context) if reading(value, None).is_some() => {
                    self.value(value, context, file, 1);
                }
                _ => self.reads_in(value, None, true, file),
            }
        }
    }
}
