//! Code outside the settings names addresses, too: Celery modules do, and code that makes clients of servers.

use super::super::examples::is_example;
use super::super::expression::{Argument, Expr, ExprKind as E};
use super::super::guards::is_for_tests;
use super::super::settings::Settings;
use super::super::sources::{Sources, name};
use super::super::syntax::{Statement, StatementKind};
use super::collected::Collected;
use super::context::Context;
use super::model::{Purpose, Role, Server, Told};

/// The number of Python files that are looked into.
const MOST: usize = 3_000;
/// A project with more Python files than this is large. There, files are only looked into for Celery: all of them where
/// the project uses Celery, else those that are named for it.
const SMALL: usize = 400;
/// The number of modules that are read.
const MOST_READ: usize = 40;

/// A file is worth reading if it has one of these texts.
const SIGNS: [&str; 9] = [
    "Celery(",
    "broker_url",
    "Redis(",
    "from_url(",
    "Elasticsearch(",
    "ConnectionParameters(",
    "environ",
    "getenv(",
    "env(",
];

/// The modules beside the settings that may name addresses. `has_celery` says that the project uses Celery.
pub(super) fn modules(sources: &Sources, has_celery: bool) -> Vec<String> {
    let is_code = |path: &&String| {
        path.ends_with(".py")
            && !is_example(path)
            && !is_for_tests(path)
            && !path.contains("/migrations/")
            && !name(path).contains("settings")
            && !matches!(
                name(path),
                "manage.py" | "setup.py" | "conftest.py" | "fabfile.py" | "noxfile.py"
            )
    };
    let files: Vec<&String> = sources
        .survey
        .files()
        .iter()
        .filter(is_code)
        .take(MOST)
        .collect();
    let is_small = files.len() <= SMALL;
    let signs = if is_small { &SIGNS[..] } else { &SIGNS[..2] };
    let found = files.into_iter().filter(|path| {
        (is_small || has_celery || name(path).contains("celery")) && {
            let text = sources.text(path);
            signs.iter().any(|sign| text.contains(sign))
        }
    });
    found.take(MOST_READ).cloned().collect()
}

/// Notes what a Celery module says in `Celery(broker=…)`, `app.conf.broker_url = …` and `app.conf.update(…)`. The result
/// says whether the module makes an application.
pub(super) fn celery(
    into: &mut Collected,
    settings: &Settings,
    statements: &[Statement],
    file: &str,
) -> bool {
    let mut is_made = false;
    for statement in statements {
        match &statement.kind {
            StatementKind::Assign { targets, value, .. } => {
                for target in targets {
                    if let Some(key) = key_of_conf(target) {
                        option(into, settings, key, None, value, file);
                    }
                }
                is_made |= value
                    .call()
                    .is_some_and(|(function, _)| is_application(function));
                calls(into, settings, value, file);
            }
            StatementKind::Expression(value) => calls(into, settings, value, file),
            _ => {}
        }
    }
    is_made
}

fn is_application(function: &str) -> bool {
    matches!(function, "Celery" | "celery.Celery")
}

/// The name of an option: `broker_url` for `app.conf.broker_url` and `app.conf["broker_url"]`. In a module of options every
/// plain name is one.
fn key_of_conf(target: &Expr) -> Option<&str> {
    if let E::Index(of, key) = &target.kind {
        return of.name()?.ends_with(".conf").then(|| key.text())?;
    }
    let name = target.name()?;
    match name.rsplit_once('.') {
        Some((head, last)) => head.ends_with("conf").then_some(last),
        None => matches!(
            name,
            "broker_url" | "result_backend" | "broker_read_url" | "broker_write_url"
        )
        .then_some(name),
    }
}

fn calls(into: &mut Collected, settings: &Settings, value: &Expr, file: &str) {
    let mut found = Vec::new();
    value.walk(&mut |expr| {
        let Some((function, arguments)) = expr.call() else {
            return;
        };
        let last = function.rsplit('.').next().unwrap_or(function);
        if last.ends_with("Celery") {
            for argument in arguments {
                let key = match argument.name.as_deref() {
                    Some("broker") => "broker_url",
                    Some("backend") => "result_backend",
                    _ => continue,
                };
                found.push((key.to_owned(), argument.name.clone(), &argument.value));
            }
        } else if last == "update" && function.contains("conf") {
            for argument in arguments {
                match (&argument.name, &argument.value.kind) {
                    (Some(key), _) => found.push((key.clone(), None, &argument.value)),
                    (None, E::Dict(items)) => {
                        found.extend(items.iter().filter_map(|(key, value)| {
                            Some((key.as_ref()?.text()?.to_owned(), None, value))
                        }));
                    }
                    _ => {}
                }
            }
        }
    });
    for (key, written, value) in found {
        option(into, settings, &key, written, value, file);
    }
}

/// Notes the value of one of Celery's options. `written` is the name in the code, where that differs from the option's.
fn option(
    into: &mut Collected,
    settings: &Settings,
    key: &str,
    written: Option<String>,
    value: &Expr,
    file: &str,
) {
    let group = into.next_group();
    if let Some(mut context) = Context::of_setting(key, group) {
        context.key = written.or(context.key);
        into.value(settings, value, context, file);
    }
}

/// Clients of servers: the last part of the name, the server, the role of the first parameter, and its name.
const CLIENTS: [(&str, Server, Role, &str); 8] = [
    ("Redis", Server::Redis, Role::Host, "host"),
    ("StrictRedis", Server::Redis, Role::Host, "host"),
    ("RedisCluster", Server::Redis, Role::Host, "host"),
    ("from_url", Server::Redis, Role::Url, "url"),
    ("Elasticsearch", Server::Elasticsearch, Role::Hosts, "hosts"),
    (
        "AsyncElasticsearch",
        Server::Elasticsearch,
        Role::Hosts,
        "hosts",
    ),
    ("ConnectionParameters", Server::Rabbitmq, Role::Host, "host"),
    ("URLParameters", Server::Rabbitmq, Role::Url, "url"),
];

/// Notes the addresses of clients that code makes, such as `redis.Redis(host="localhost")`. Code in functions counts, too.
pub(super) fn clients(
    into: &mut Collected,
    settings: &Settings,
    statements: &[Statement],
    file: &str,
) {
    for statement in statements {
        let (StatementKind::Assign { value, .. } | StatementKind::Expression(value)) =
            &statement.kind
        else {
            continue;
        };
        let mut found: Vec<(Context, &Expr)> = Vec::new();
        value.walk(&mut |expr| {
            let Some((function, arguments)) = expr.call() else {
                return;
            };
            let last = function.rsplit('.').next().unwrap_or(function);
            let Some((_, server, role, parameter)) =
                CLIENTS.iter().find(|(client, ..)| *client == last)
            else {
                return;
            };
            // Other functions of that name belong to other libraries.
            let is_other = last == "from_url"
                && !function.to_ascii_lowercase().contains("redis")
                && !function.contains("ConnectionPool");
            if is_other {
                return;
            }
            let purpose = match server {
                Server::Elasticsearch => Purpose::Search,
                Server::Rabbitmq => Purpose::Broker,
                _ => Purpose::Store,
            };
            for (index, Argument { name, value }) in arguments.iter().enumerate() {
                let role = match name.as_deref() {
                    None if index == 0 => *role,
                    Some(name) if name == *parameter => *role,
                    Some("port") => Role::Port,
                    Some("password") => Role::Password,
                    _ => continue,
                };
                let context = Context {
                    key: name.clone(),
                    ..Context::new(last, Told::new(purpose, Some(*server), role), 0)
                };
                found.push((context, value));
            }
        });
        for (mut context, value) in found {
            context.group = into.next_group();
            into.value(settings, value, context, file);
        }
    }
}
