//! Settings files → [`Settings`]: what is assigned, and what is loaded from elsewhere on the way.

use std::collections::BTreeSet;

use super::expression::{Expr, Kind as E};
use super::settings::{Entry, Missing, Settings, is_library_of_settings, is_setting};
use super::sources::{Sources, join, matches_glob, parent};
use super::syntax::{Block, Kind, Statement};

pub(super) struct Loader<'a> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) python_path: &'a str,
    pub(super) settings: &'a mut Settings,
    pub(super) loading: BTreeSet<String>,
}

/// More files than any settings have.
const MOST_FILES: usize = 80;

impl Loader<'_> {
    pub(super) fn load(&mut self, path: &str, is_hidden: bool, around: &[Block]) {
        if self.settings.files.len() > MOST_FILES || !self.loading.insert(path.to_owned()) {
            return;
        }
        if !is_hidden && !self.settings.files.iter().any(|file| file == path) {
            self.settings.files.push(path.to_owned());
        }
        for statement in self.sources.python(path).iter() {
            if !statement.is_in_function() {
                self.statement(path, statement, is_hidden, around);
            }
        }
        self.loading.remove(path);
    }

    fn statement(&mut self, path: &str, statement: &Statement, is_hidden: bool, around: &[Block]) {
        if !is_hidden && assigns_in_class(statement) {
            self.settings.has_classes = true;
        }
        let inside: Vec<Block> = around.iter().chain(&statement.inside).cloned().collect();
        match &statement.kind {
            Kind::Assign { targets, op, value } => {
                for target in targets {
                    self.assign(path, statement, target, op, value, is_hidden, &inside);
                }
            }
            Kind::From {
                dots,
                module,
                names,
            } => {
                self.from(path, statement, (*dots, module), names, is_hidden, &inside);
            }
            Kind::Import(_) => {}
            Kind::Expression(expr) => self.call(path, statement, expr, is_hidden, &inside),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn assign(
        &mut self,
        path: &str,
        statement: &Statement,
        target: &Expr,
        op: &str,
        value: &Expr,
        is_hidden: bool,
        inside: &[Block],
    ) {
        let mut keys = Vec::new();
        let mut target = target;
        while let E::Index(inner, key) = &target.kind {
            keys.insert(0, key.text().unwrap_or("?").to_owned());
            target = inner;
        }
        if let E::List(parts) = &target.kind {
            // `A, B = …`: what each gets is not worked out.
            for part in parts.iter().filter_map(Expr::name) {
                self.push(
                    path,
                    statement,
                    (part, Vec::new(), op),
                    Expr::unknown(statement.line),
                    is_hidden,
                    inside,
                );
            }
            return;
        }
        if let E::Call(function, _) = &target.kind
            && matches!(function.name(), Some("globals" | "locals" | "vars"))
        {
            self.settings
                .is_dynamic
                .push((path.to_owned(), statement.line));
            return;
        }
        if let Some(name) = target.name() {
            self.push(
                path,
                statement,
                (name, keys, op),
                value.clone(),
                is_hidden,
                inside,
            );
        }
    }

    fn push(
        &mut self,
        path: &str,
        statement: &Statement,
        (name, keys, op): (&str, Vec<String>, &str),
        value: Expr,
        is_hidden: bool,
        inside: &[Block],
    ) {
        self.settings.entries.push(Entry {
            name: name.to_owned(),
            keys,
            op: op.to_owned(),
            value,
            file: path.to_owned(),
            line: statement.line,
            inside: inside.to_vec(),
            is_hidden,
        });
    }

    fn from(
        &mut self,
        path: &str,
        statement: &Statement,
        (dots, module): (usize, &str),
        names: &[(String, String)],
        is_hidden: bool,
        inside: &[Block],
    ) {
        let is_star = names.first().is_some_and(|(name, _)| name == "*");
        let found = self.resolve(path, dots, module);
        if dots > 1 && !is_hidden {
            self.settings.has_relative_imports = true;
        }
        match found {
            Some(file) if is_star => self.load(&file, is_hidden, inside),
            Some(file) => {
                let is_class = |(name, _): &&(String, String)| {
                    name.starts_with(char::is_uppercase) && !is_setting(name)
                };
                if names.iter().any(|name| is_class(&name)) && self.has_classes_of_settings(&file) {
                    return self.load(&file, is_hidden, inside);
                }
                let shown: Vec<&(String, String)> =
                    names.iter().filter(|(name, _)| is_setting(name)).collect();
                if dots > 0 && !is_hidden && module.is_empty() && shown.is_empty() {
                    // `from . import base`: a module, whose names are not the settings'.
                    return;
                }
                if shown.is_empty() {
                    return;
                }
                let before = self.settings.entries.len();
                self.load(&file, true, inside);
                let taken: Vec<Entry> = self.settings.entries[before..]
                    .iter()
                    .filter_map(|entry| {
                        let (_, here) = shown.iter().find(|(name, _)| *name == entry.name)?;
                        Some(Entry {
                            name: here.clone(),
                            is_hidden,
                            ..entry.clone()
                        })
                    })
                    .collect();
                self.settings.entries.extend(taken);
            }
            None if is_star && !is_library_of_settings(module) => {
                let is_local = dots > 0 || self.is_local(path, module);
                self.settings.missing.push(Missing {
                    file: path.to_owned(),
                    line: statement.line,
                    is_local,
                });
            }
            None => {
                for (name, here) in names.iter().filter(|(name, _)| is_setting(name)) {
                    // Its value is somewhere else; that it has one is known.
                    let value = Expr {
                        kind: E::Name(format!("{module}.{name}")),
                        line: statement.line,
                    };
                    self.push(
                        path,
                        statement,
                        (here, Vec::new(), "="),
                        value,
                        is_hidden,
                        inside,
                    );
                }
            }
        }
    }

    /// Whether a file has classes whose attributes are settings.
    fn has_classes_of_settings(&self, file: &str) -> bool {
        self.sources.python(file).iter().any(assigns_in_class)
    }

    /// Whether a module that is not there would be one of the project's own.
    fn is_local(&self, path: &str, module: &str) -> bool {
        let Some((package, _)) = module.rsplit_once('.') else {
            // `from local_settings import *`: a library of settings has another name.
            return module.contains("local")
                || module.contains("settings")
                || module.contains("secret");
        };
        let folder = join(self.python_path, &package.replace('.', "/"));
        self.sources.survey.has_folder(&folder)
            || parent(path).ends_with(&package.replace('.', "/"))
    }

    fn resolve(&self, path: &str, dots: usize, module: &str) -> Option<String> {
        let own = parent(path);
        if dots == 0 {
            let found = self.sources.module(self.python_path, module);
            // Python 2 looks beside the file first.
            return found.or_else(|| self.sources.module(&own, module));
        }
        let mut folder = own;
        for _ in 1..dots {
            folder = parent(&folder);
        }
        if module.is_empty() {
            let package = join(&folder, "__init__.py");
            return self.sources.survey.has(&package).then_some(package);
        }
        self.sources.module(&folder, module)
    }

    /// Calls that load other files into the settings.
    fn call(
        &mut self,
        path: &str,
        statement: &Statement,
        expr: &Expr,
        is_hidden: bool,
        inside: &[Block],
    ) {
        let E::Call(function, arguments) = &expr.kind else {
            return;
        };
        if let E::Attribute(inner, method) = &function.kind
            && method == "update"
            && matches!(inner.call(), Some(("globals" | "locals" | "vars", _)))
        {
            self.settings
                .is_dynamic
                .push((path.to_owned(), statement.line));
            return;
        }
        if let E::Attribute(inner, method) = &function.kind
            && method == "update"
            && matches!(inner.kind, E::Index(..))
            && let Some(argument) = arguments.first()
        {
            return self.assign(
                path,
                statement,
                inner,
                "update",
                &argument.value,
                is_hidden,
                inside,
            );
        }
        let Some(name) = function.name() else {
            return;
        };
        if let Some(setting) = name.strip_suffix(".update").filter(|name| is_setting(name))
            && let Some(argument) = arguments.first()
        {
            self.push(
                path,
                statement,
                (setting, Vec::new(), "update"),
                argument.value.clone(),
                is_hidden,
                inside,
            );
            return;
        }
        match name {
            "include" | "split_settings.tools.include" | "tools.include" => {
                for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
                    self.include(path, statement, &argument.value, is_hidden, inside);
                }
            }
            "execfile" | "exec" => {
                let mut texts = Vec::new();
                expr.walk(&mut |expr| texts.extend(expr.text().map(str::to_owned)));
                let file = texts
                    .iter()
                    .find(|text| text.contains(".py") || text.contains(".conf"));
                match file.and_then(|text| self.beside(path, text)) {
                    Some(file) => self.load(&file, is_hidden, inside),
                    None => self.settings.missing.push(Missing {
                        file: path.to_owned(),
                        line: statement.line,
                        is_local: true,
                    }),
                }
            }
            "setattr" => self
                .settings
                .is_dynamic
                .push((path.to_owned(), statement.line)),
            _ => {}
        }
    }

    fn beside(&self, path: &str, text: &str) -> Option<String> {
        let folder = parent(path);
        [
            join(&folder, text),
            join(self.python_path, text),
            text.to_owned(),
        ]
        .into_iter()
        .find(|path| self.sources.survey.has(path))
    }

    fn include(
        &mut self,
        path: &str,
        statement: &Statement,
        value: &Expr,
        is_hidden: bool,
        inside: &[Block],
    ) {
        let pattern = match (value.text(), value.call()) {
            (Some(text), _) => text,
            (None, Some((name, arguments))) if name.ends_with("optional") => {
                match arguments.first().and_then(|argument| argument.value.text()) {
                    Some(text) => text,
                    None => return,
                }
            }
            _ => {
                self.settings
                    .is_dynamic
                    .push((path.to_owned(), statement.line));
                return;
            }
        };
        let wanted = join(&parent(path), pattern);
        let files: Vec<String> = self
            .sources
            .survey
            .files()
            .iter()
            .filter(|file| matches_glob(&wanted, file) && *file != path)
            .cloned()
            .collect();
        if files.is_empty() {
            self.settings.missing.push(Missing {
                file: path.to_owned(),
                line: statement.line,
                is_local: true,
            });
        }
        for file in files {
            self.load(&file, is_hidden, inside);
        }
    }
}

/// Whether a statement sets an attribute of a class that only classes of settings have.
fn assigns_in_class(statement: &Statement) -> bool {
    const TELLING: [&str; 6] = [
        "DATABASES",
        "INSTALLED_APPS",
        "MIDDLEWARE",
        "MIDDLEWARE_CLASSES",
        "ROOT_URLCONF",
        "TEMPLATES",
    ];
    let Kind::Assign { targets, .. } = &statement.kind else {
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
