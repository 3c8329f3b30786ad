//! Finds expressions that read the environment, such as `os.environ["X"]`, `env.db("X")` and `config("X", default=…)`.

use super::super::evaluate::is_environment;
use super::super::expression::{Argument, Expr, ExprKind as E};
use super::model::{Purpose, Role, Server, Told};

/// One read of a variable.
#[derive(Clone, Debug)]
pub(in super::super) struct Reading<'e> {
    pub(in super::super) name: String,
    pub(in super::super) default: Option<&'e Expr>,
    /// Whether the read fails, or names no server, where the variable is not set.
    pub(super) is_required: bool,
    /// What the name of the function tells of the value.
    pub(super) told: Option<Told>,
}

/// Functions that make settings of a URL: the last part of the name, the variable that the function reads by itself, and
/// what that is for.
const OF_URLS: [(&str, &str, Purpose, Option<Server>); 14] = [
    ("db", "DATABASE_URL", Purpose::Database, None),
    ("db_url", "DATABASE_URL", Purpose::Database, None),
    ("dj_db_url", "DATABASE_URL", Purpose::Database, None),
    ("cache", "CACHE_URL", Purpose::Cache, None),
    ("cache_url", "CACHE_URL", Purpose::Cache, None),
    ("dj_cache_url", "CACHE_URL", Purpose::Cache, None),
    ("email", "EMAIL_URL", Purpose::Mail, Some(Server::Mail)),
    ("email_url", "EMAIL_URL", Purpose::Mail, Some(Server::Mail)),
    (
        "dj_email_url",
        "EMAIL_URL",
        Purpose::Mail,
        Some(Server::Mail),
    ),
    ("search_url", "SEARCH_URL", Purpose::Search, None),
    ("channels", "CHANNELS_URL", Purpose::Channels, None),
    ("channels_url", "CHANNELS_URL", Purpose::Channels, None),
    ("DatabaseURLValue", "DATABASE_URL", Purpose::Database, None),
    ("CacheURLValue", "CACHE_URL", Purpose::Cache, None),
];

/// What an expression reads. `setting` is the name that the value is assigned to; some libraries make the name of the
/// variable from it.
#[must_use]
pub(in super::super) fn reading<'e>(expr: &'e Expr, setting: Option<&str>) -> Option<Reading<'e>> {
    match &expr.kind {
        E::Index(all, key) => {
            let is_environ = all.name().is_some_and(|name| {
                matches!(name, "environ" | "env" | "ENV") || name.ends_with(".environ")
            });
            is_environ.then(|| plain(key.text()?, None, true))?
        }
        E::Call(function, arguments) => of_call(function.name()?, arguments, setting),
        _ => None,
    }
}

fn plain<'e>(name: &str, default: Option<&'e Expr>, is_required: bool) -> Option<Reading<'e>> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    (starts && name.chars().all(fits)).then(|| Reading {
        name: name.to_owned(),
        default,
        is_required,
        told: None,
    })
}

fn named<'e>(arguments: &'e [Argument], name: &str) -> Option<&'e Expr> {
    let argument = arguments
        .iter()
        .find(|argument| argument.name.as_deref() == Some(name));
    argument.map(|argument| &argument.value)
}

fn nth(arguments: &[Argument], index: usize) -> Option<&Expr> {
    let mut plain = arguments.iter().filter(|argument| argument.name.is_none());
    plain.nth(index).map(|argument| &argument.value)
}

fn is_none(expr: &Expr) -> bool {
    expr.name() == Some("None")
}

fn of_call<'e>(
    function: &str,
    arguments: &'e [Argument],
    setting: Option<&str>,
) -> Option<Reading<'e>> {
    let (head, last) = function.rsplit_once('.').unwrap_or(("", function));
    let default = named(arguments, "default").or_else(|| nth(arguments, 1));
    if let Some(found) = of_library(function, arguments) {
        return Some(found);
    }
    if head == "values" || head.ends_with(".values") {
        return of_configurations(last, arguments, setting?);
    }
    if matches!(head, "env" | "ENV" | "environ" | "e" | "Env")
        && let Some((_, usual, purpose, server)) = OF_URLS.iter().find(|(name, ..)| *name == last)
    {
        let name = match nth(arguments, 0).or_else(|| named(arguments, "var")) {
            Some(name) => name.text()?,
            None => usual,
        };
        return Some(Reading {
            told: Some(Told::new(*purpose, *server, Role::Url)),
            ..plain(name, default, default.is_none())?
        });
    }
    let first = nth(arguments, 0)?.text()?;
    if last == "getenv" || last == "get" && (head == "environ" || head.ends_with(".environ")) {
        return plain(first, default.filter(|default| !is_none(default)), false);
    }
    if last == "setdefault" {
        return None;
    }
    let is_upper = !first.chars().any(char::is_lowercase) && first.chars().any(char::is_uppercase);
    let says_so = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.split('_')
            .any(|word| word.contains("env") || word == "secret" || word == "config")
    };
    let is_own = is_upper
        && (says_so(last) || matches!(head, "env" | "ENV" | "config") && last != "setdefault");
    // `get` gives `None` where the variable is not set and there is no default; the other functions fail.
    let may_fail = default.is_none() && last != "get";
    (is_environment(function) || is_own).then(|| plain(first, default, may_fail))?
}

/// The read of a library that has a usual name for its variable, as `dj_database_url.config()` has.
fn of_library<'e>(function: &str, arguments: &'e [Argument]) -> Option<Reading<'e>> {
    let (usual, told) = match function {
        "django_cache_url.config" | "dj_cache_url.config" => {
            ("CACHE_URL", Told::new(Purpose::Cache, None, Role::Url))
        }
        "dj_email_url.config" => (
            "EMAIL_URL",
            Told::new(Purpose::Mail, Some(Server::Mail), Role::Url),
        ),
        "dj_database_url.config" | "django_heroku.settings" => (
            "DATABASE_URL",
            Told::new(Purpose::Database, None, Role::Url),
        ),
        _ => return None,
    };
    if function == "django_heroku.settings" {
        let found = plain(usual, None, false)?;
        return Some(Reading {
            told: Some(told),
            ..found
        });
    }
    let name = match named(arguments, "env").or_else(|| nth(arguments, 0)) {
        Some(name) => name.text()?,
        None => usual,
    };
    let default = named(arguments, "default").or_else(|| nth(arguments, 1));
    Some(Reading {
        told: Some(told),
        ..plain(name, default, false)?
    })
}

/// The read of `values.Value("x")` of django-configurations. Its variable is the setting's name with a prefix.
fn of_configurations<'e>(
    class: &str,
    arguments: &'e [Argument],
    setting: &str,
) -> Option<Reading<'e>> {
    if !class.ends_with("Value") {
        return None;
    }
    let told = OF_URLS.iter().find(|(name, ..)| *name == class);
    let told = match (told, class) {
        (Some((_, _, purpose, server)), _) => Some((*purpose, *server)),
        (None, "EmailURLValue") => Some((Purpose::Mail, Some(Server::Mail))),
        (None, "SearchURLValue") => Some((Purpose::Search, None)),
        (None, _) => None,
    };
    let usual = match class {
        "DatabaseURLValue" => "DATABASE_URL",
        "CacheURLValue" => "CACHE_URL",
        "EmailURLValue" => "EMAIL_URL",
        "SearchURLValue" => "SEARCH_URL",
        _ => setting,
    };
    // Values of URLs have no prefix unless one is given.
    let usual_prefix = if told.is_some() { "" } else { "DJANGO" };
    let prefix = match named(arguments, "environ_prefix") {
        Some(prefix) => prefix.text().unwrap_or_default(),
        None => usual_prefix,
    };
    let name = named(arguments, "environ_name")
        .and_then(Expr::text)
        .unwrap_or(usual);
    let name = if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}_{name}")
    };
    let is_required = class == "SecretValue"
        || named(arguments, "environ_required").and_then(Expr::name) == Some("True");
    let default = nth(arguments, 0).or_else(|| named(arguments, "default"));
    Some(Reading {
        told: told.map(|(purpose, server)| Told::new(purpose, server, Role::Url)),
        ..plain(&name, default, is_required)?
    })
}

/// The variables of `environ.Env(NAME=(cast, default))` with their defaults.
pub(super) fn schemes(expr: &Expr) -> Vec<(String, Option<&Expr>)> {
    let Some((function, arguments)) = expr.call() else {
        return Vec::new();
    };
    if !matches!(
        function,
        "environ.Env" | "Env" | "environ.FileAwareEnv" | "FileAwareEnv"
    ) {
        return Vec::new();
    }
    let named = arguments.iter().filter_map(|argument| {
        let default = match &argument.value.kind {
            E::List(parts) => parts.get(1),
            _ => None,
        };
        Some((argument.name.clone()?, default))
    });
    named.collect()
}
