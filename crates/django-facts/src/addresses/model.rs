//! The types of addresses: which variable names an address or where it is written, what it is for, and which part of it a
//! value holds.

use serde::{Serialize, Serializer};

use super::super::engine::Engine;
use super::super::finding::{Confidence, Finding};

/// The kind of server that answers at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Server {
    Postgresql,
    Mysql,
    /// A database in a file, which needs no server.
    Sqlite,
    Redis,
    Rabbitmq,
    Memcached,
    Elasticsearch,
    Mail,
}

/// What the project does with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Database,
    Cache,
    Broker,
    Results,
    Channels,
    Search,
    Mail,
    /// A server whose name does not tell its use, as with `REDIS_URL`.
    Store,
    /// The key that the project signs sessions and links with. It is no address.
    Key,
    /// Another password or key of the project itself. It is no address.
    Secret,
    /// Anything else that the project reads.
    Other,
}

/// Which part of an address a value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Url,
    Host,
    Port,
    /// `host:port`.
    Address,
    /// Several servers in one value.
    Hosts,
    User,
    Password,
    /// The name of a database, or its number.
    Name,
    /// The back end that Django connects with.
    Engine,
    /// A word that chooses among several servers, and is no part of an address.
    Choice,
    Other,
}

macro_rules! words {
    ($kind:ident { $($variant:ident => $word:literal),* $(,)? }) => {
        impl $kind {
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

words!(Server {
    Postgresql => "postgresql",
    Mysql => "mysql",
    Sqlite => "sqlite",
    Redis => "redis",
    Rabbitmq => "rabbitmq",
    Memcached => "memcached",
    Elasticsearch => "elasticsearch",
    Mail => "mail",
});

words!(Purpose {
    Database => "database",
    Cache => "cache",
    Broker => "broker",
    Results => "results",
    Channels => "channels",
    Search => "search",
    Mail => "mail",
    Store => "store",
    Key => "key",
    Secret => "secret",
    Other => "other",
});

words!(Role {
    Url => "url",
    Host => "host",
    Port => "port",
    Address => "address",
    Hosts => "hosts",
    User => "user",
    Password => "password",
    Name => "name",
    Engine => "engine",
    Choice => "choice",
    Other => "other",
});

/// What is told of a value by its name, its place or what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub purpose: Purpose,
    /// The server. It is `None` where nothing tells which one answers at this address.
    pub server: Option<Server>,
    pub role: Role,
}

impl Told {
    #[must_use]
    pub(crate) fn new(purpose: Purpose, server: Option<Server>, role: Role) -> Self {
        Self {
            purpose,
            server,
            role,
        }
    }

    /// Whether the value is about a server, and not a key of the project itself.
    #[must_use]
    pub fn is_address(self) -> bool {
        !matches!(
            self.purpose,
            Purpose::Key | Purpose::Secret | Purpose::Other
        )
    }

    /// Whether the value is a secret, which is neither shown nor kept.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.role == Role::Password || matches!(self.purpose, Purpose::Key | Purpose::Secret)
    }
}

/// A variable of the environment that the project reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(clippy::struct_excessive_bools)]
pub struct Variable {
    pub name: String,
    #[serde(flatten)]
    pub told: Told,
    /// The key of the database that the variable is for, where that is not the default one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// What the project takes where the variable is not set, with passwords masked. The first of several reads counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The value in `.env.example` or a compose file, with passwords masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// Whether some code reads the variable without a default.
    pub is_required: bool,
    /// Whether the settings that developers run read the variable without a default.
    pub is_required_by_developers: bool,
    /// Whether the settings that developers run read the variable, or code that runs with any settings.
    pub for_developers: bool,
    /// Whether the settings that the production site runs read the variable, or code that runs with any settings.
    pub in_production: bool,
    /// The places that read the variable, as `path:line`.
    pub places: Vec<String>,
}

impl Variable {
    /// What is known of the variable's value: the default, or else the example.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        self.default.as_deref().or(self.example.as_deref())
    }
}

/// An address that stands in the code, so that the environment cannot name another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Literal {
    /// The setting that it belongs to: `CACHES`.
    pub setting: String,
    #[serde(flatten)]
    pub told: Told,
    /// The value as it stands there, with passwords masked.
    pub value: String,
    pub place: String,
    #[serde(skip)]
    pub file: String,
    #[serde(skip)]
    pub line: usize,
    /// The variable that could name the address. It is `None` where the address is built of parts or names several servers;
    /// then a person must see to it.
    pub variable: Option<String>,
    /// The number of the group of values that are changed together, such as the host, user and password of one database.
    #[serde(skip)]
    pub group: usize,
    /// The name that the value is assigned to, or the key that it stands under.
    #[serde(skip)]
    pub(super) key: Option<String>,
    /// The text itself. Only the edit needs it, and it is never shown.
    #[serde(skip)]
    pub(super) text: String,
    #[serde(skip)]
    pub for_developers: bool,
    #[serde(skip)]
    pub in_production: bool,
}

/// All addresses of a project.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    pub variables: Vec<Variable>,
    pub literals: Vec<Literal>,
    /// The name of the default database, where the code tells it.
    pub database: Option<String>,
    /// The module that makes the Celery application.
    pub celery: Option<String>,
    /// The place where a default names `SQLite`, with the variable that could name another database.
    pub file_by_default: Option<(String, String)>,
}

impl Addresses {
    /// What is known of each address that developers or the site use, with its place.
    fn told(&self) -> impl Iterator<Item = (Told, &str)> {
        let read = self
            .variables
            .iter()
            .filter(|known| known.for_developers || known.in_production);
        let read = read.map(|known| (known.told, known.places.first().map_or("", String::as_str)));
        let written = self
            .literals
            .iter()
            .filter(|known| known.for_developers || known.in_production);
        read.chain(written.map(|known| (known.told, known.place.as_str())))
    }

    #[must_use]
    pub fn has(&self, server: Server) -> bool {
        self.told().any(|(told, _)| told.server == Some(server))
    }

    #[must_use]
    pub fn is_for(&self, purpose: Purpose) -> bool {
        self.told().any(|(told, _)| told.purpose == purpose)
    }

    /// Whether a server is used. `found` is what other signs say; an address counts more than weak ones.
    pub(crate) fn used(&self, server: Server, found: Finding<bool>) -> Finding<bool> {
        let mut places = self.told().filter(|(told, _)| told.server == Some(server));
        match places.next() {
            Some((_, place)) if !found.is_true() || found.confidence == Confidence::Low => {
                Finding::new(true, Confidence::Medium, vec![place.to_owned()])
            }
            _ => found,
        }
    }

    /// Whether Celery is used. The module that makes an application tells it where `found` does not.
    pub(crate) fn uses_celery(&self, found: Finding<bool>) -> Finding<bool> {
        match &self.celery {
            Some(file) if !found.is_true() => {
                Finding::new(true, Confidence::Medium, vec![file.clone()])
            }
            _ => found,
        }
    }

    /// The kind of the default database's server, by the defaults and examples of its variables.
    pub(crate) fn engine(&self) -> Option<Engine> {
        let of_default =
            |known: &&Variable| known.told.purpose == Purpose::Database && known.alias.is_none();
        self.variables.iter().filter(of_default).find_map(|known| {
            let is_geographic = || {
                let mut values = known.default.iter().chain(&known.example);
                values.any(|value| value.contains("postgis"))
            };
            match known.told.server? {
                Server::Postgresql if is_geographic() => Some(Engine::Postgis),
                Server::Postgresql => Some(Engine::Postgresql),
                Server::Mysql => Some(Engine::Mysql),
                _ => None,
            }
        })
    }

    /// The variables that name servers, for the report.
    pub(crate) fn named(&self) -> Finding<Vec<String>> {
        let found: Vec<&Variable> = self
            .variables
            .iter()
            .filter(|known| known.told.is_address())
            .collect();
        let names: Vec<String> = found.iter().map(|known| known.name.clone()).collect();
        let places = found
            .iter()
            .filter_map(|known| known.places.first().cloned());
        Finding::new(names, Confidence::High, places.collect())
    }

    /// The addresses in the code, for the report.
    pub(crate) fn hard_coded(&self) -> Finding<Vec<String>> {
        let servers = self
            .literals
            .iter()
            .filter(|known| !matches!(known.told.role, Role::User | Role::Password));
        let (values, places) = servers
            .map(|known| (known.value.clone(), known.place.clone()))
            .unzip();
        let values: Vec<String> = values;
        Finding::new(values, Confidence::High, places)
    }
}
