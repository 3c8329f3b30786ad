//! Reads addresses from formatted texts, and from examples of dotenv files.

use super::super::docker::is_compose;
use super::super::examples::is_example;
use super::super::expression::{Expr, ExprKind as E};
use super::super::services::is_dotenv;
use super::super::settings::Settings;
use super::super::sources::Sources;
use super::super::syntax::{self, StatementKind};
use super::super::tokens::{self, Token};
use super::collected::Collected;
use super::context::Context;
use super::model::{Purpose, Role, Server, Told};
use super::words::{self, Scheme};

/// Notes what formatted texts read that have an address in them, and where such a text names this machine itself.
pub(super) fn formatted(into: &mut Collected, settings: &Settings, sources: &Sources, file: &str) {
    let text = sources.text(file);
    if !["f\"", "f'", "F\"", "F'"]
        .iter()
        .any(|quote| text.contains(quote))
    {
        return;
    }
    for line in tokens::lines(&text) {
        for (token, number) in &line.tokens {
            let Token::Text(text, true) = token else {
                continue;
            };
            let server = words::scheme(text).and_then(Scheme::server);
            let told = Told::new(purpose_of(server), server, Role::Host);
            let context = Context::new("", told, into.next_group()).part();
            for part in placeholders(text) {
                let is_read = |expr: &Expr| super::reading::reading(expr, None).is_some();
                for statement in syntax::read(part) {
                    if let StatementKind::Expression(value) = &statement.kind
                        && value.any(&is_read)
                    {
                        into.value(settings, &at_line(value, *number), context.clone(), file);
                    }
                }
            }
            let is_here = ["://localhost", "://127.0.0.1", "@localhost", "@127.0.0.1"];
            if server.is_some() && is_here.iter().any(|host| text.contains(host)) {
                let whole = Context {
                    told: Told::new(told.purpose, server, Role::Url),
                    ..context
                };
                into.value(
                    settings,
                    &Expr {
                        kind: E::Text(text.clone()),
                        line: *number,
                    },
                    whole,
                    file,
                );
            }
        }
    }
}

fn purpose_of(server: Option<Server>) -> Purpose {
    match server {
        Some(Server::Postgresql | Server::Mysql) => Purpose::Database,
        Some(Server::Rabbitmq) => Purpose::Broker,
        Some(Server::Memcached) => Purpose::Cache,
        Some(Server::Elasticsearch) => Purpose::Search,
        Some(_) => Purpose::Store,
        None => Purpose::Other,
    }
}

fn at_line(value: &Expr, line: usize) -> Expr {
    Expr {
        line,
        ..value.clone()
    }
}

/// The expressions in the braces of an f-string, without what says how they are laid out.
fn placeholders(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let inner = &rest[start + 1..];
        if let Some(after) = inner.strip_prefix('{') {
            rest = after;
            continue;
        }
        let Some(end) = inner.find('}') else {
            return found;
        };
        found.push(inner[..end].split(['!', ':']).next().unwrap_or_default());
        rest = &inner[end + 1..];
    }
    found
}

/// The values of examples of dotenv files and of compose files' environments: name, value, place.
pub(in super::super) fn examples(sources: &Sources) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let has_values = |path: &str| {
        is_dotenv(path)
            || path.ends_with(".env.example")
            || path.starts_with(".envs/")
            || path.contains("/.envs/")
    };
    let files = sources
        .survey
        .files()
        .iter()
        .filter(|path| path.matches('/').count() <= 3);
    let files = files.filter(|path| has_values(path) || is_compose(path) && !is_example(path));
    for path in files.take(40) {
        let is_yaml = is_compose(path);
        for line in sources.text(path).lines() {
            let line = line
                .trim()
                .trim_start_matches("- ")
                .trim_start_matches("export ");
            let pair = line
                .split_once('=')
                .or_else(|| line.split_once(": ").filter(|_| is_yaml));
            let Some((name, value)) = pair else {
                continue;
            };
            let fits = |letter: char| {
                letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'
            };
            let name = name.trim().trim_matches(['"', '\'']);
            let value = value.trim().trim_matches(['"', '\'']);
            let is_reference = value.starts_with('$');
            if !name.is_empty() && name.chars().all(fits) && !value.is_empty() && !is_reference {
                found.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    found
}
