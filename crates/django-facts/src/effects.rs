//! Statements of settings that change names in other ways than `NAME = …`.

use super::aliases::{DATABASES, Target};
use super::expression::{Argument, Expr, ExprKind as E};
use super::guards::is_test_guard;
use super::load::Loader;
use super::settings::Opaque;
use super::site::{Change, Site};
use super::syntax::{Block, DELETED, StatementKind};

/// Whether a function only looks at what it is given.
fn is_harmless(function: &str) -> bool {
    let last = function.rsplit('.').next().unwrap_or(function);
    matches!(
        last,
        "print"
            | "len"
            | "dict"
            | "list"
            | "set"
            | "tuple"
            | "sorted"
            | "str"
            | "repr"
            | "bool"
            | "type"
            | "id"
            | "isinstance"
            | "eval"
            | "copy"
            | "deepcopy"
            | "format"
            | "format_map"
            | "pprint"
            | "pformat"
            | "include"
            | "exec"
            | "execfile"
            | "compile"
            | "getattr"
            | "hasattr"
    ) || ["logger.", "logging.", "log.", "warnings."]
        .iter()
        .any(|start| function.starts_with(start))
}

impl Loader<'_> {
    /// Notes that from here on names may be anything.
    pub(super) fn opaque(&mut self, site: Site, is_library: bool) {
        if !site.is_hidden && !site.inside.iter().any(is_test_guard) {
            self.settings.opaque.push(Opaque {
                file: site.path.to_owned(),
                line: site.statement.line,
                after: self.settings.entries.len(),
                is_library,
            });
        }
    }

    /// The calls in an expression that change names of the settings; `is_all`: the expression is the whole statement.
    pub(super) fn effects(&mut self, site: Site, expr: &Expr, is_all: bool) {
        let mut calls = Vec::new();
        let mut named = Vec::new();
        expr.walk(&mut |inner| match &inner.kind {
            E::Call(function, arguments) => calls.push((function.as_ref(), arguments.as_slice())),
            E::Named(name, value) => named.push((inner, name.clone(), value.as_ref())),
            _ => {}
        });
        for (at, name, value) in named {
            self.named(site, name, value, std::ptr::eq(at, expr));
        }
        for (index, (function, arguments)) in calls.into_iter().enumerate() {
            self.effect(site, function, arguments, is_all && index == 0);
        }
    }

    /// `name := value`, an assignment that is only made for certain where it `is_all` of an expression.
    fn named(&mut self, site: Site, name: String, value: &Expr, is_all: bool) {
        let target = Expr {
            kind: E::Name(name),
            line: value.line,
        };
        let mut inside = site.inside.to_vec();
        if !is_all {
            inside.push(Block::If(Expr::unknown(value.line)));
        }
        let inside = &inside;
        self.assign(Site { inside, ..site }, &target, "=", value);
    }

    fn effect(&mut self, site: Site, function: &Expr, arguments: &[Argument], is_all: bool) {
        if let Some(method) = self.method_of_namespace(site.path, function) {
            return self.on_namespace(site, method, arguments);
        }
        let name = function.name().unwrap_or_default();
        let first = arguments.first().map(|argument| &argument.value);
        let is_given = |loader: &Self, value: &Expr| {
            loader.aliases.is_namespace(site.path, value)
                || is_all
                    && loader
                        .aliases
                        .part(site.path, value, site.inside)
                        .is_some_and(|keys| keys.len() < 3)
        };
        match name {
            "setattr" => match arguments {
                [object, key, value, ..] if key.value.text().is_some() => {
                    if self.aliases.is_namespace(site.path, &object.value) {
                        let key = key.value.text().unwrap_or_default();
                        self.push(site, Change::whole(key), value.value.clone());
                    }
                }
                _ => self.opaque(site, false),
            },
            "delattr" => {}
            _ if self.changes_databases(site.path, name) => self.opaque(site, false),
            _ if is_harmless(name) => {}
            _ => {
                if let Some((keys, method)) = self.method_of_part(site, function) {
                    return self.on_databases(site, &method, keys, arguments);
                }
                // `settings(locals(), databases=False)` says what it leaves alone.
                let leaves = |argument: &Argument| {
                    argument.name.as_deref() == Some("databases")
                        && argument.value.name() == Some("False")
                };
                let is_handed = arguments
                    .iter()
                    .any(|argument| is_given(self, &argument.value))
                    && !arguments.iter().any(leaves);
                if is_handed {
                    let head = name.split('.').next().unwrap_or(name).to_owned();
                    let is_library = first.is_some() && self.is_of_library(site.path, &head);
                    self.opaque(site, is_library);
                }
            }
        }
    }

    /// The method of `globals().method(…)`, or of a name for that.
    fn method_of_namespace<'e>(&self, path: &str, function: &'e Expr) -> Option<&'e str> {
        let (namespace, method) = function.attribute()?;
        self.aliases.is_namespace(path, namespace).then_some(method)
    }

    /// The keys and the method of `DATABASES["default"].method(…)`, or of another name for that.
    fn method_of_part(&self, site: Site, function: &Expr) -> Option<(Vec<String>, String)> {
        let (part, method) = function.attribute()?;
        let keys = self.aliases.part(site.path, part, site.inside)?;
        Some((keys, method.to_owned()))
    }

    fn on_namespace(&mut self, site: Site, method: &str, arguments: &[Argument]) {
        let first = arguments.first().map(|argument| &argument.value);
        match (method, first) {
            ("setdefault" | "__setitem__" | "__setattr__", Some(key)) => match key.text() {
                Some(name) => {
                    let value = arguments.get(1).map_or_else(
                        || Expr::unknown(key.line),
                        |argument| argument.value.clone(),
                    );
                    self.push(site, Change::whole(name), value);
                }
                None => self.opaque(site, false),
            },
            ("update" | "__dict__.update", _) => {
                let mut is_known = true;
                for argument in arguments {
                    match (&argument.name, &argument.value.kind) {
                        (Some(name), _) => {
                            self.push(site, Change::whole(name), argument.value.clone());
                        }
                        (None, E::Dict(items)) => {
                            for (key, value) in items {
                                match key.as_ref().and_then(Expr::text) {
                                    Some(name) => {
                                        self.push(site, Change::whole(name), value.clone());
                                    }
                                    None => is_known = false,
                                }
                            }
                        }
                        _ => is_known = false,
                    }
                }
                if !is_known {
                    self.opaque(site, false);
                }
            }
            _ => {}
        }
    }

    /// A method of `DATABASES` or a part of it; `update` is an assignment.
    fn on_databases(
        &mut self,
        site: Site,
        method: &str,
        mut keys: Vec<String>,
        arguments: &[Argument],
    ) {
        let method = method.rsplit('.').next().unwrap_or(method);
        let text = arguments.first().and_then(|argument| argument.value.text());
        match method {
            "update" => {
                if let Some(argument) = arguments.first() {
                    let value = updated(arguments, argument);
                    self.push(site, Change::new(DATABASES, keys, "update"), value);
                }
            }
            "setdefault" | "__setitem__" => {
                keys.push(text.unwrap_or("?").to_owned());
                if let Some(argument) = arguments.get(1) {
                    self.push(
                        site,
                        Change::new(DATABASES, keys, "update"),
                        argument.value.clone(),
                    );
                }
            }
            "pop" if text.is_some_and(|key| key != "default" && key != "ENGINE") => {
                keys.extend(text.map(str::to_owned));
                let unknown = Expr::unknown(site.statement.line);
                self.push(site, Change::new(DATABASES, keys, DELETED), unknown);
            }
            "clear" | "pop" | "popitem" => {
                self.push(
                    site,
                    Change::new(DATABASES, keys, "="),
                    Expr::unknown(site.statement.line),
                );
            }
            _ => {}
        }
    }

    /// Whether a function of the file `path` changes the databases of its module.
    fn changes_databases(&self, path: &str, function: &str) -> bool {
        let statements = self.sources.python(path);
        statements.iter().any(|statement| {
            let is_inside =
                |block: &Block| matches!(block, Block::Function(name) if name == function);
            if !statement.inside.iter().any(is_inside) {
                return false;
            }
            let is_part = |expr: &Expr| match self.aliases.target(path, expr, &[]) {
                Target::Name(name, keys) => name == DATABASES && !keys.is_empty(),
                Target::Any => true,
                Target::Nothing => false,
            };
            match &statement.kind {
                StatementKind::Global(names) => names.iter().any(|name| name == DATABASES),
                StatementKind::Assign { targets, .. } => targets.iter().any(is_part),
                StatementKind::Expression(expr) => match &expr.kind {
                    E::Call(called, _) => match called.attribute_of_value() {
                        Some((part, method)) => {
                            method == "update"
                                && (is_part(part) || self.aliases.is_namespace(path, part))
                        }
                        None => called.name() == Some("DATABASES.update"),
                    },
                    _ => false,
                },
                _ => false,
            }
        })
    }

    /// Whether a name of the file is imported from outside the project.
    fn is_of_library(&self, path: &str, wanted: &str) -> bool {
        let outside = |module: &str| self.sources.anywhere(module, path).is_none();
        self.sources
            .python(path)
            .iter()
            .any(|statement| match &statement.kind {
                StatementKind::Import(modules) => modules.iter().any(|(module, here)| {
                    (here == wanted || module.split('.').next() == Some(wanted)) && outside(module)
                }),
                StatementKind::From {
                    dots: 0,
                    module,
                    names,
                } => names.iter().any(|(_, here)| here == wanted) && outside(module),
                _ => false,
            })
    }
}

/// What `update` is given, keywords too, as one value.
fn updated(arguments: &[Argument], first: &Argument) -> Expr {
    if first.name.is_none() {
        return first.value.clone();
    }
    let items = arguments.iter().filter_map(|argument| {
        let key = Expr {
            kind: E::Text(argument.name.clone()?),
            line: argument.value.line,
        };
        Some((Some(key), argument.value.clone()))
    });
    Expr {
        kind: E::Dict(items.collect()),
        line: first.value.line,
    }
}
