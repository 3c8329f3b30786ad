//! Settings files → [`Settings`]: what is assigned, and what is loaded from elsewhere on the way.

use std::collections::BTreeSet;

use super::aliases::{Aliases, DATABASES, Target};
use super::exported::{assigns_in_class, exports, is_property};
use super::expression::{Expr, ExprKind as E};
use super::guards::is_test_guard;
use super::settings::{Entry, Missing, Opaque, Settings, is_library_of_settings, is_setting};
use super::site::{Change, Site};
use super::sources::{Sources, join, matches_glob, parent};
use super::syntax::{Block, DELETED, Statement, StatementKind};

pub(super) struct Loader<'a> {
    pub(super) sources: &'a Sources,
    pub(super) python_path: &'a str,
    pub(super) settings: &'a mut Settings,
    pub(super) loading: BTreeSet<String>,
    /// How many files were read, counting each as often as it was.
    pub(super) loads: usize,
    pub(super) aliases: Aliases,
}

/// `from ..module import names`.
#[derive(Clone, Copy)]
struct Import<'a> {
    dots: usize,
    module: &'a str,
    names: &'a [(String, String)],
}

/// The most files that are read; no settings have more.
const MOST_FILES: usize = 80;
/// The most often that files are read: two modules that import each other's neighbours twice double the work at each
/// step.
const MOST_LOADS: usize = 400;

impl Settings {
    /// Loads the file `path`, whose project has `python_path` on its path.
    #[must_use]
    pub(super) fn load(sources: &Sources, python_path: &str, path: &str) -> Self {
        let mut settings = Self::default();
        let mut loader = Loader {
            sources,
            python_path,
            settings: &mut settings,
            loading: BTreeSet::new(),
            loads: 0,
            aliases: Aliases::default(),
        };
        loader.load(path, false, &[]);
        settings
    }
}

impl Loader<'_> {
    pub(super) fn load(&mut self, path: &str, is_hidden: bool, around: &[Block]) {
        if self.settings.files.len() > MOST_FILES || !self.loading.insert(path.to_owned()) {
            return;
        }
        self.loads += 1;
        if self.loads > MOST_LOADS {
            self.not_read(path);
            self.loading.remove(path);
            return;
        }
        if !is_hidden && !self.settings.files.iter().any(|file| file == path) {
            self.settings.files.push(path.to_owned());
        }
        for statement in self.sources.python(path).iter() {
            if !statement.is_in_function() {
                self.statement(path, statement, is_hidden, around);
            } else if is_property(statement) && !is_hidden {
                self.settings.has_classes = true;
                let site = Site {
                    path,
                    statement,
                    is_hidden,
                    inside: &statement.inside,
                };
                self.push(
                    site,
                    Change::whole("DATABASES"),
                    Expr::unknown(statement.line),
                );
            }
        }
        self.loading.remove(path);
    }

    /// Notes that a file was not read, so that only a run can tell what it sets; once is enough.
    fn not_read(&mut self, path: &str) {
        if self.loads == MOST_LOADS + 1 {
            self.settings.opaque.push(Opaque {
                file: path.to_owned(),
                line: 1,
                after: usize::MAX,
                is_library: false,
            });
        }
    }

    fn statement(&mut self, path: &str, statement: &Statement, is_hidden: bool, around: &[Block]) {
        if !is_hidden && assigns_in_class(statement) {
            self.settings.has_classes = true;
        }
        let inside: Vec<Block> = around.iter().chain(&statement.inside).cloned().collect();
        let site = Site {
            path,
            statement,
            is_hidden,
            inside: &inside,
        };
        match &statement.kind {
            StatementKind::Assign { targets, op, value } => {
                for target in targets {
                    self.assign(site, target, op, value);
                }
                // `A = DATABASES = …` is one mapping under two names.
                let is_it = |target: &&Expr| target.name() == Some(DATABASES);
                if let Some(one) = targets.iter().find(is_it) {
                    for name in targets.iter().filter_map(Expr::name) {
                        self.aliases.note(path, name, one, &inside);
                    }
                }
                self.effects(site, value, false);
            }
            StatementKind::From {
                dots,
                module,
                names,
            } => {
                let import = Import {
                    dots: *dots,
                    module,
                    names,
                };
                self.from(site, import);
            }
            StatementKind::Import(_) | StatementKind::Global(_) => {}
            StatementKind::Expression(expr) => {
                self.call(site, expr);
                self.effects(site, expr, true);
            }
        }
    }

    pub(super) fn assign(&mut self, site: Site, target: &Expr, op: &str, value: &Expr) {
        if let E::List(parts) = &target.kind {
            // What each name of `A, B = …` gets is not worked out.
            for part in parts {
                self.assign(site, part, op, &Expr::unknown(site.statement.line));
            }
            return;
        }
        match self.aliases.target(site.path, target, site.inside) {
            Target::Name(name, keys) => {
                self.push(site, Change::new(&name, keys, op), value.clone());
            }
            Target::Any => self.opaque(site, false),
            Target::Nothing => {}
        }
        if let Some(name) = target.name().filter(|_| op == "=" || op == DELETED) {
            self.aliases.note(site.path, name, value, site.inside);
        }
    }

    pub(super) fn push(&mut self, site: Site, change: Change, value: Expr) {
        self.settings.entries.push(Entry {
            name: change.name.to_owned(),
            keys: change.keys,
            op: change.op.to_owned(),
            value,
            file: site.path.to_owned(),
            line: site.statement.line,
            inside: site.inside.to_vec(),
            is_hidden: site.is_hidden,
        });
    }

    fn missing(&mut self, site: Site, module: &str, is_local: bool) {
        if site.inside.iter().any(is_test_guard) {
            return;
        }
        self.settings.missing.push(Missing {
            file: site.path.to_owned(),
            line: site.statement.line,
            module: module.to_owned(),
            is_local,
            after: self.settings.entries.len(),
        });
    }

    fn from(&mut self, site: Site, import: Import) {
        let Import {
            dots,
            module,
            names,
        } = import;
        let Site {
            path,
            statement,
            is_hidden,
            inside,
        } = site;
        let is_star = names.first().is_some_and(|(name, _)| name == "*");
        let found = self.resolve(path, dots, module);
        if dots > 1 && !is_hidden {
            self.settings.has_relative_imports = true;
        }
        match found {
            Some(file) if is_star => {
                let before = self.settings.entries.len();
                self.load(&file, is_hidden, inside);
                if let Some(shown) = exports(&self.sources.python(&file)) {
                    for entry in &mut self.settings.entries[before..] {
                        entry.is_hidden |= !shown.contains(&entry.name);
                    }
                }
            }
            Some(file) => {
                let is_class = |(name, _): &&(String, String)| {
                    name.starts_with(char::is_uppercase) && !is_setting(name)
                };
                if names.iter().any(|name| is_class(&name)) && self.has_classes_of_settings(&file) {
                    return self.load(&file, is_hidden, inside);
                }
                let shown: Vec<&(String, String)> = names
                    .iter()
                    .filter(|(name, here)| is_setting(name) || is_setting(here))
                    .collect();
                if dots > 0 && !is_hidden && module.is_empty() && shown.is_empty() {
                    // `from . import base` gives a module, whose names are not the settings'.
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
                self.missing(site, module, is_local);
            }
            None => {
                let shown = names
                    .iter()
                    .filter(|(name, here)| is_setting(name) || is_setting(here));
                for (name, here) in shown {
                    // Its value is somewhere else, but it has one.
                    let value = Expr::named(&format!("{module}.{name}"), statement.line);
                    self.push(site, Change::whole(here), value);
                }
            }
        }
    }

    /// Whether a file has classes whose attributes are settings.
    fn has_classes_of_settings(&self, file: &str) -> bool {
        self.sources.python(file).iter().any(assigns_in_class)
    }

    /// Notes the calls that load other files into the settings, or add to one of them.
    fn call(&mut self, site: Site, expr: &Expr) {
        let E::Call(function, arguments) = &expr.kind else {
            return;
        };
        if let Some((inner, "update")) = function.attribute()
            && matches!(inner.kind, E::Index(..))
            && let Some(argument) = arguments.first()
            && self.aliases.part(site.path, inner, site.inside).is_none()
        {
            return self.assign(site, inner, "update", &argument.value);
        }
        let Some(name) = function.name() else {
            return;
        };
        if let Some(setting) = name
            .strip_suffix(".update")
            .filter(|name| is_setting(name) && *name != "DATABASES")
            && let Some(argument) = arguments.first()
        {
            return self.push(
                site,
                Change::new(setting, Vec::new(), "update"),
                argument.value.clone(),
            );
        }
        match name {
            "include" | "split_settings.tools.include" | "tools.include" => {
                for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
                    self.include(site, &argument.value);
                }
            }
            "execfile" | "exec" => {
                let mut texts = Vec::new();
                expr.walk(&mut |expr| texts.extend(expr.text().map(str::to_owned)));
                let file = texts
                    .iter()
                    .find(|text| text.contains(".py") || text.contains(".conf"));
                match file.and_then(|text| self.beside(site.path, text)) {
                    Some(file) => self.load(&file, site.is_hidden, site.inside),
                    None => self.missing(site, "", true),
                }
            }
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

    fn include(&mut self, site: Site, value: &Expr) {
        let pattern = match (value.text(), value.call()) {
            (Some(text), _) => text,
            (None, Some((name, arguments))) if name.ends_with("optional") => {
                match arguments.first().and_then(|argument| argument.value.text()) {
                    Some(text) => text,
                    None => return,
                }
            }
            _ => return self.opaque(site, false),
        };
        let wanted = join(&parent(site.path), pattern);
        let files: Vec<String> = self
            .sources
            .survey
            .files()
            .iter()
            .filter(|file| matches_glob(&wanted, file) && *file != site.path)
            .cloned()
            .collect();
        if files.is_empty() {
            self.missing(site, "", true);
        }
        for file in files {
            self.load(&file, site.is_hidden, site.inside);
        }
    }
}
