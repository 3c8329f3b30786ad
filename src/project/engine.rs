//! One value of `DATABASES` → the engine it names, or where it comes from.

use std::collections::BTreeSet;

use super::evaluate::{Evaluator, is_environment};
use super::expression::{Expr, Kind as E};
use super::settings::{Entry, Settings};
use super::sources::Sources;
use super::syntax::{Block, Kind};

/// What one assignment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Seen {
    Engine(&'static str),
    FromEnv,
    FromJson,
    FromLibrary,
    FromLocal,
    Unknown,
}

impl Seen {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Engine(engine) => engine,
            Self::FromEnv => "from-env",
            Self::FromJson => "from-json",
            Self::FromLibrary => "from-library",
            Self::FromLocal => "from-local-settings",
            Self::Unknown => "unknown",
        }
    }
}

pub(super) struct Reader<'a> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) settings: &'a Settings,
    pub(super) evaluator: Evaluator<'a>,
}

const DEEPEST: usize = 12;

impl Reader<'_> {
    /// What an assignment to `DATABASES` or a part of it says; `None`: nothing about the engine of the default one.
    pub(super) fn entry(&self, entry: &Entry) -> Option<Seen> {
        let keys: Vec<&str> = entry.keys.iter().map(String::as_str).collect();
        match keys[..] {
            [] => self.databases(&entry.value, &entry.file, 0),
            ["default"] if entry.op == "update" && matches!(entry.value.kind, E::Dict(_)) => entry
                .value
                .get("ENGINE")
                .map(|engine| self.engine(engine, &entry.file, 0)),
            ["default"] => Some(self.alias(&entry.value, &entry.file, 0)),
            ["default", "ENGINE"] => Some(self.engine(&entry.value, &entry.file, 0)),
            _ => None,
        }
    }

    fn databases(&self, value: &Expr, file: &str, depth: usize) -> Option<Seen> {
        if depth > DEEPEST {
            return Some(Seen::Unknown);
        }
        match &value.kind {
            E::Dict(items) if items.is_empty() => None,
            E::Dict(_) => match value.get("default") {
                Some(alias) if matches!(&alias.kind, E::Dict(items) if items.is_empty()) => {
                    Some(Seen::Unknown)
                }
                Some(alias) => Some(self.alias(alias, file, depth + 1)),
                None => Some(self.agreed(value, file, depth + 1)),
            },
            E::Call(function, _) if function.name() == Some("dict") => value
                .get("default")
                .map(|alias| self.alias(alias, file, depth + 1)),
            E::Name(name) => match self
                .settings
                .lookup(name, file)
                .filter(|found| found.line != value.line || found.file != file)
            {
                Some(found) => self.databases(&found.value.clone(), &found.file.clone(), depth + 1),
                None => Some(self.hidden(value, file, depth)),
            },
            E::Choice(then, otherwise) => {
                let (a, b) = (
                    self.databases(then, file, depth + 1),
                    self.databases(otherwise, file, depth + 1),
                );
                if a == b { a } else { Some(Seen::Unknown) }
            }
            _ => Some(self.hidden(value, file, depth)),
        }
    }

    /// What all aliases say, where the keys are no plain texts.
    fn agreed(&self, value: &Expr, file: &str, depth: usize) -> Seen {
        let E::Dict(items) = &value.kind else {
            return Seen::Unknown;
        };
        let all: BTreeSet<Seen> = items
            .iter()
            .map(|(_, alias)| self.alias(alias, file, depth))
            .collect();
        match all.first() {
            Some(seen) if all.len() == 1 => *seen,
            _ => Seen::Unknown,
        }
    }

    fn alias(&self, value: &Expr, file: &str, depth: usize) -> Seen {
        if depth > DEEPEST {
            return Seen::Unknown;
        }
        match &value.kind {
            E::Dict(items) => {
                if let Some(engine) = value.get("ENGINE") {
                    return self.engine(engine, file, depth + 1);
                }
                let spread = items.iter().find(|(key, _)| key.is_none());
                spread.map_or(Seen::Unknown, |(_, inner)| {
                    self.alias(inner, file, depth + 1)
                })
            }
            E::Call(function, _) if function.name() == Some("dict") => value
                .get("ENGINE")
                .map_or(Seen::Unknown, |engine| self.engine(engine, file, depth + 1)),
            E::Name(name) => match self
                .settings
                .lookup(name, file)
                .filter(|found| found.line != value.line || found.file != file)
            {
                Some(found) if found.is_certain() => {
                    self.alias(&found.value.clone(), &found.file.clone(), depth + 1)
                }
                _ => self.hidden(value, file, depth),
            },
            _ => self.hidden(value, file, depth),
        }
    }

    pub(super) fn engine(&self, value: &Expr, file: &str, depth: usize) -> Seen {
        if let E::Choice(then, otherwise) = &value.kind {
            let (a, b) = (
                self.engine(then, file, depth + 1),
                self.engine(otherwise, file, depth + 1),
            );
            return if a == b { a } else { Seen::Unknown };
        }
        match self.evaluator.value(value, file) {
            Some(known) if known.from_env => Seen::FromEnv,
            Some(known) => classify(&known.text),
            None => self.hidden(value, file, depth),
        }
    }

    /// Where a value comes from that is not in the settings.
    fn hidden(&self, value: &Expr, file: &str, depth: usize) -> Seen {
        if depth > DEEPEST {
            return Seen::Unknown;
        }
        if let Some((function, arguments)) = value.call()
            && function.ends_with("parse")
            && is_url_reader(function)
            && let Some(url) = arguments
                .first()
                .and_then(|argument| self.evaluator.value(&argument.value, file))
            && !url.from_env
        {
            return scheme(&url.text);
        }
        if let E::Choice(then, otherwise) = &value.kind {
            let (a, b) = (
                self.alias(then, file, depth + 1),
                self.alias(otherwise, file, depth + 1),
            );
            return if a == b { a } else { Seen::Unknown };
        }
        let mut env = false;
        let mut json = false;
        let mut module = false;
        let mut names = Vec::new();
        value.walk(&mut |expr| {
            if let Some((function, _)) = expr.call() {
                env |= is_environment(function) || is_url_reader(function);
                json |= is_file_reader(function);
                module |= function.ends_with("import_module") || function == "__import__";
            }
            // A bare `os.environ` is handed on to something that may do anything with it.
            if let E::Index(inner, _) = &expr.kind {
                env |= matches!(inner.name(), Some("os.environ" | "environ"));
            }
            if let Some(name) = expr.name() {
                env |= name.starts_with("os.environ.");
                names.push(name.to_owned());
            }
        });
        if module {
            return Seen::FromLocal;
        }
        if env {
            return Seen::FromEnv;
        }
        if json {
            return Seen::FromJson;
        }
        for name in names {
            let head = name.split('.').next().unwrap_or(&name);
            if let Some(entry) = self
                .settings
                .lookup(head, file)
                .filter(|entry| entry.value != *value)
            {
                let seen = self.hidden(&entry.value.clone(), &entry.file.clone(), depth + 1);
                if seen != Seen::Unknown {
                    return seen;
                }
            }
            if let Some(seen) = self.function(head, file) {
                return seen;
            }
            if let Some(seen) = self.import(head, file) {
                return seen;
            }
        }
        Seen::Unknown
    }

    /// What a function of the same file reads.
    fn function(&self, wanted: &str, file: &str) -> Option<Seen> {
        let mut found = None;
        for statement in self.sources.python(file).iter() {
            let inside = |block: &Block| matches!(block, Block::Function(name) if name == wanted);
            if !statement.inside.iter().any(inside) {
                continue;
            }
            let expr = match &statement.kind {
                Kind::Assign { value, .. } => value,
                Kind::Expression(expr) => expr,
                _ => continue,
            };
            expr.walk(&mut |expr| {
                let Some(name) = expr.name() else { return };
                let head = name.split('.').next().unwrap_or(name);
                if name.contains("import_module") || name.ends_with("spec_from_file_location") {
                    found = Some(Seen::FromLocal);
                } else if is_environment(name)
                    || name.starts_with("os.environ")
                    || name == "environ"
                {
                    found = found.or(Some(Seen::FromEnv));
                } else if is_file_reader(name)
                    || self.settings.lookup(head, file).is_some_and(|entry| {
                        entry
                            .value
                            .any(&|expr| expr.call().is_some_and(|(name, _)| is_file_reader(name)))
                    })
                {
                    found = found.or(Some(Seen::FromJson));
                }
            });
        }
        found
    }

    /// Whether a name is imported from somewhere outside the project.
    fn import(&self, wanted: &str, file: &str) -> Option<Seen> {
        self.sources
            .python(file)
            .iter()
            .find_map(|statement| match &statement.kind {
                Kind::From {
                    module,
                    names,
                    dots: 0,
                } if names.iter().any(|(_, here)| here == wanted) => {
                    if module.is_empty() || module.starts_with("django.") {
                        return None;
                    }
                    match self.sources.anywhere(module, file) {
                        Some(own) => self.function(wanted, &own),
                        None => Some(Seen::FromLibrary),
                    }
                }
                _ => None,
            })
    }
}

fn is_url_reader(function: &str) -> bool {
    function.starts_with("dj_database_url")
        || function.contains("database_url")
        || function.contains("DatabaseURL")
        || function.ends_with("db_url")
}

fn is_file_reader(function: &str) -> bool {
    matches!(
        function,
        "json.load"
            | "json.loads"
            | "yaml.load"
            | "yaml.safe_load"
            | "toml.load"
            | "toml.loads"
            | "tomllib.load"
            | "tomllib.loads"
            | "simplejson.load"
            | "anyjson.loads"
            | "ConfigParser"
            | "configparser.ConfigParser"
            | "RawConfigParser"
            | "SafeConfigParser"
            | "ConfigParser.ConfigParser"
            | "ConfigParser.RawConfigParser"
            | "configparser.RawConfigParser"
            | "ConfigParser.SafeConfigParser"
            | "ujson.load"
            | "load"
            | "loads"
    )
}

fn scheme(url: &str) -> Seen {
    match url.split(':').next().unwrap_or_default() {
        "postgis" => Seen::Engine("postgis"),
        scheme if scheme.starts_with("postgres") || scheme == "pgsql" => Seen::Engine("postgresql"),
        scheme if scheme.starts_with("mysql") => Seen::Engine("mysql"),
        scheme if scheme.starts_with("sqlite") || scheme == "spatialite" => Seen::Engine("sqlite"),
        scheme if scheme.starts_with("oracle") => Seen::Engine("oracle"),
        _ => Seen::Unknown,
    }
}

/// The database that a backend's name stands for.
fn classify(engine: &str) -> Seen {
    let engine = engine.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| engine.contains(word));
    if has(&["postgis"]) {
        Seen::Engine("postgis")
    } else if has(&["postgres", "psycopg", "psqlextra", "pgpool"]) {
        Seen::Engine("postgresql")
    } else if has(&["mysql", "mariadb"]) {
        Seen::Engine("mysql")
    } else if has(&["oracle"]) {
        Seen::Engine("oracle")
    } else if has(&["sqlite", "spatialite"]) {
        Seen::Engine("sqlite")
    } else {
        Seen::Unknown
    }
}

/// The database that a text names, be it a URL or a backend.
pub(super) fn named(text: &str) -> Option<&'static str> {
    let is_url = text.contains("://") || text.starts_with("sqlite:");
    let seen = if is_url {
        scheme(text)
    } else if text.contains("backends.") {
        classify(text)
    } else {
        Seen::Unknown
    };
    match seen {
        Seen::Engine(engine) => Some(engine),
        _ => None,
    }
}
