//! Where a database comes from that the settings do not name: the environment, a file, a library.

use super::backend::scheme;
use super::engine::Database;
use super::engine_reader::{DEEPEST, EngineReader};
use super::evaluate::is_environment;
use super::expression::{Expr, ExprKind as E};
use super::syntax::{Block, StatementKind};

impl EngineReader<'_> {
    /// Where a value comes from that is not in the settings.
    pub(super) fn hidden(&self, value: &Expr, file: &str, depth: usize) -> Database {
        if depth > DEEPEST {
            return Database::Unknown;
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
        if let E::Choice(then, otherwise, _) = &value.kind {
            let (a, b) = (
                self.alias(then, file, depth + 1),
                self.alias(otherwise, file, depth + 1),
            );
            return if a == b { a } else { Database::Unknown };
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
            return Database::FromLocalSettings;
        }
        if env {
            return Database::FromEnv;
        }
        if json {
            return Database::FromJson;
        }
        for name in names {
            let head = name.split('.').next().unwrap_or(&name);
            if let Some(entry) = self
                .settings
                .lookup(head, file)
                .filter(|entry| entry.value != *value)
            {
                let seen = self.hidden(&entry.value.clone(), &entry.file.clone(), depth + 1);
                if seen != Database::Unknown {
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
        Database::Unknown
    }

    /// What a function of the same file reads.
    fn function(&self, wanted: &str, file: &str) -> Option<Database> {
        let mut found = None;
        for statement in self.sources.python(file).iter() {
            let inside = |block: &Block| matches!(block, Block::Function(name) if name == wanted);
            if !statement.inside.iter().any(inside) {
                continue;
            }
            let expr = match &statement.kind {
                StatementKind::Assign { value, .. } => value,
                StatementKind::Expression(expr) => expr,
                _ => continue,
            };
            expr.walk(&mut |expr| {
                let Some(name) = expr.name() else { return };
                let head = name.split('.').next().unwrap_or(name);
                if name.contains("import_module") || name.ends_with("spec_from_file_location") {
                    found = Some(Database::FromLocalSettings);
                } else if is_environment(name)
                    || name.starts_with("os.environ")
                    || name == "environ"
                {
                    found = found.or(Some(Database::FromEnv));
                } else if is_file_reader(name)
                    || self.settings.lookup(head, file).is_some_and(|entry| {
                        entry
                            .value
                            .any(&|expr| expr.call().is_some_and(|(name, _)| is_file_reader(name)))
                    })
                {
                    found = found.or(Some(Database::FromJson));
                }
            });
        }
        found
    }

    /// Whether a name is imported from somewhere outside the project.
    fn import(&self, wanted: &str, file: &str) -> Option<Database> {
        self.sources
            .python(file)
            .iter()
            .find_map(|statement| match &statement.kind {
                StatementKind::From {
                    module,
                    names,
                    dots: 0,
                } if names.iter().any(|(_, here)| here == wanted) => {
                    if module.is_empty() || module.starts_with("django.") {
                        return None;
                    }
                    match self.sources.anywhere(module, file) {
                        Some(own) => self.function(wanted, &own),
                        None => Some(Database::FromLibrary),
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
