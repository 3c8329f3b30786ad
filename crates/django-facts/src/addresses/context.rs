//! The place of a value tells what it is for: the setting that it stands in, and the keys that lead to it.

use super::super::expression::{Expr, ExprKind as E};
use super::model::{Purpose, Role, Server, Told};
use super::words;

/// Where a value stands.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) setting: String,
    pub(super) told: Told,
    /// The key of the database or cache among several, where that is not the default one.
    pub(super) alias: Option<String>,
    /// The name or key right before the value.
    pub(super) key: Option<String>,
    /// The number of the group of values that are changed together.
    pub(super) group: usize,
    /// Whether the value names one of several servers.
    pub(super) is_one_of_many: bool,
    /// Whether the value is a part of a text that is put together.
    pub(super) is_part: bool,
    /// Whether the code goes on where the value is missing.
    pub(super) is_tried: bool,
}

/// Settings that hold addresses below keys, with what these are for.
const HOLDERS: [(&str, Purpose, Option<Server>); 16] = [
    ("DATABASES", Purpose::Database, None),
    ("CACHES", Purpose::Cache, None),
    ("CHANNEL_LAYERS", Purpose::Channels, None),
    ("HAYSTACK_CONNECTIONS", Purpose::Search, None),
    (
        "ELASTICSEARCH_DSL",
        Purpose::Search,
        Some(Server::Elasticsearch),
    ),
    ("WAGTAILSEARCH_BACKENDS", Purpose::Search, None),
    ("RQ_QUEUES", Purpose::Broker, Some(Server::Redis)),
    ("RQ", Purpose::Broker, Some(Server::Redis)),
    ("HUEY", Purpose::Broker, Some(Server::Redis)),
    ("Q_CLUSTER", Purpose::Broker, Some(Server::Redis)),
    ("SESSION_REDIS", Purpose::Store, Some(Server::Redis)),
    (
        "CONSTANCE_REDIS_CONNECTION",
        Purpose::Store,
        Some(Server::Redis),
    ),
    ("CACHEOPS_REDIS", Purpose::Cache, Some(Server::Redis)),
    ("DRAMATIQ_BROKER", Purpose::Broker, None),
    ("CELERY", Purpose::Broker, None),
    ("MONGODB_DATABASES", Purpose::Other, None),
];

impl Context {
    /// The context of a value of which nothing else is known.
    pub(super) fn new(setting: &str, told: Told, group: usize) -> Self {
        Self {
            setting: setting.to_owned(),
            told,
            alias: None,
            key: None,
            group,
            is_one_of_many: false,
            is_part: false,
            is_tried: false,
        }
    }

    /// The context of a whole setting. It is `None` where the setting is about no server.
    pub(super) fn of_setting(name: &str, group: usize) -> Option<Self> {
        let holder = HOLDERS.iter().find(|(holder, ..)| *holder == name);
        let told = match holder {
            Some((_, purpose, server)) => Told::new(*purpose, *server, Role::Other),
            None => words::of_name(name).filter(|told| told.is_address())?,
        };
        Some(Self {
            key: Some(name.to_owned()),
            ..Self::new(name, told, group)
        })
    }

    /// The context of the value under a key.
    pub(super) fn below(&self, key: &str) -> Self {
        let mut inner = Self {
            key: Some(key.to_owned()),
            ..self.clone()
        };
        if let Some(role) = role_of_key(key) {
            inner.told.role = role;
        } else if let Some(named) = words::of_name(key).filter(|told| told.is_address()) {
            // `CELERY = {"broker_url": …}`
            inner.told.purpose = named.purpose;
            inner.told.role = named.role;
            inner.told.server = named.server.or(inner.told.server);
        } else if self.told.role == Role::Other {
            // The key is an alias of a server, or it leads to options.
            let is_plain = matches!(
                key,
                "default" | "CONFIG" | "OPTIONS" | "connection" | "redis" | "TEST"
            );
            if !is_plain && self.alias.is_none() {
                inner.alias = Some(key.to_owned());
            }
        } else {
            inner.told.role = Role::Other;
        }
        if key == "redis" {
            inner.told.server = Some(Server::Redis);
            inner.told.role = Role::Url;
        }
        inner
    }

    /// The context of the values of a dictionary. Its back end tells which server they belong to.
    pub(super) fn of_dict(&self, value: &Expr, text_of: &dyn Fn(&Expr) -> Option<String>) -> Self {
        let told = ["BACKEND", "ENGINE", "backend"]
            .into_iter()
            .find_map(|key| value.get(key))
            .and_then(text_of);
        let mut inner = self.clone();
        if let Some(backend) = told {
            inner.told.server = words::backend(&backend);
            inner.told.role = Role::Other;
            if inner.told.server.is_none() && inner.told.purpose != Purpose::Database {
                // The cache is in local memory, in a file or in a table, and no server answers there.
                inner.told.purpose = Purpose::Other;
            }
        }
        inner
    }

    pub(super) fn with_role(&self, role: Role) -> Self {
        let mut inner = self.clone();
        inner.told.role = role;
        inner
    }

    pub(super) fn part(&self) -> Self {
        Self {
            is_part: true,
            ..self.clone()
        }
    }
}

fn role_of_key(key: &str) -> Option<Role> {
    Some(match key.to_ascii_lowercase().as_str() {
        "host" | "hostname" => Role::Host,
        "hosts" | "servers" | "nodes" | "startup_nodes" => Role::Hosts,
        "port" => Role::Port,
        "user" | "username" => Role::User,
        "password" | "passwd" => Role::Password,
        "name" | "db" | "database" | "dbname" => Role::Name,
        "url" | "urls" => Role::Url,
        "location" => Role::Address,
        "engine" => Role::Engine,
        _ => return None,
    })
}

/// Whether a list is a pair `(host, port)`, which names one server.
pub(super) fn is_pair(items: &[Expr]) -> bool {
    let is_port = |expr: &Expr| match &expr.kind {
        E::Text(text) => !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit()),
        E::Number(_) | E::Call(..) | E::Name(_) => true,
        _ => false,
    };
    let is_host = |expr: &Expr| {
        !expr
            .text()
            .is_some_and(|text| text.contains("://") || words::has_port(text))
    };
    matches!(items, [host, port] if is_port(port) && is_host(host) && !matches!(host.kind, E::List(_)))
}
