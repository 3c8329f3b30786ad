//! What compose.yaml sets for the project: the variables that it reads itself, with the addresses of the services there.

use std::collections::BTreeSet;

use super::questions::{
    ADDRESSES, DATABASE, DATABASE_NAME, KEEP, MODE, SERVICES, database_named, is_about_docker,
};
use crate::ask::Given;
use crate::template::{Answer, Answers};
use django_facts::{Database, Engine, Findings, Literal, Purpose, Role, Server, Told, Variable};

/// What stands for the variables where there are none, so that it is told from a project that was never asked.
const NONE: &str = "none";

/// The services that compose.yaml starts.
pub(super) struct Services {
    engine: Option<Engine>,
    others: Vec<String>,
    pub(super) has_docker: bool,
    /// The name of the default database.
    pub(super) name: String,
    is_wrapped: bool,
    /// A variable or the code names the server of the default database.
    is_named: bool,
}

impl Services {
    pub(super) fn of(
        given: &Given,
        findings: &Findings,
        directory: &str,
        has_docker: bool,
    ) -> Self {
        let text = |name: &str| given.text(name).unwrap_or_default();
        let name = text(DATABASE_NAME);
        Self {
            engine: database_named(&text(DATABASE))
                .and_then(Database::engine)
                .filter(|_| has_docker),
            others: if has_docker {
                given.list(SERVICES)
            } else {
                Vec::new()
            },
            has_docker,
            name: if name.is_empty() {
                database_name(findings, directory)
            } else {
                name
            },
            is_wrapped: text(MODE) == "wrap",
            is_named: names_server(findings),
        }
    }

    /// Whether the settings have to name a server first: psycopg takes PGHOST by itself, a client for `MySQL` nothing.
    pub(super) fn lacks_server(&self) -> bool {
        self.engine == Some(Engine::Mysql) && !self.is_wrapped && !self.is_named
    }

    fn has(&self, service: &str) -> bool {
        self.others.iter().any(|other| other == service)
    }

    /// The server of the default database.
    fn database(&self) -> Option<Server> {
        match self.engine? {
            Engine::Postgresql | Engine::Postgis => Some(Server::Postgresql),
            Engine::Mysql => Some(Server::Mysql),
            _ => None,
        }
    }

    /// The service that stands for a server of the project.
    fn server(&self, told: Told) -> Option<Server> {
        if told.purpose == Purpose::Database {
            let own = self.database()?;
            return told
                .server
                .is_none_or(|server| server == own)
                .then_some(own);
        }
        let usual = match told.purpose {
            Purpose::Broker if self.has("rabbitmq") => Server::Rabbitmq,
            Purpose::Cache if !self.has("redis") => Server::Memcached,
            Purpose::Search => Server::Elasticsearch,
            _ => Server::Redis,
        };
        let server = told.server.unwrap_or(usual);
        self.has(server.name()).then_some(server)
    }

    /// The value of a variable of the project's own.
    fn value_of(&self, variable: &Variable) -> Option<String> {
        if variable.told.role == Role::Choice {
            // Only the project knows which words it takes.
            return self.server(variable.told).and(variable.example.clone());
        }
        self.value(variable.told, variable.known(), variable.is_required)
    }

    /// The value that leads to the service; `known` is what the project takes otherwise.
    fn value(&self, told: Told, known: Option<&str>, is_required: bool) -> Option<String> {
        if told.purpose == Purpose::Mail {
            return is_required.then(|| mail(told.role).to_owned());
        }
        let server = self.server(told)?;
        let parts = self.parts(server);
        let value = match told.role {
            Role::Url => parts.url(known),
            Role::Host => parts.host.to_owned(),
            Role::Port => parts.port.to_owned(),
            Role::Hosts if known.is_some_and(|known| known.contains("://")) => parts.url(known),
            Role::Address | Role::Hosts => parts.address(),
            Role::User => parts.user.to_owned(),
            Role::Password => parts.password.to_owned(),
            Role::Name if told.purpose == Purpose::Database => self.name.clone(),
            Role::Name => is_required.then(|| "0".to_owned())?,
            Role::Engine => self.back_end(known)?,
            Role::Choice | Role::Other => return None,
        };
        let is_needed = !value.is_empty() || is_required;
        is_needed.then_some(value)
    }

    fn parts(&self, server: Server) -> Parts<'_> {
        let plain = |scheme, host, port| Parts {
            scheme,
            host,
            port,
            user: "",
            password: "",
            path: String::new(),
        };
        match server {
            Server::Postgresql => Parts {
                user: "postgres",
                password: "${POSTGRES_PASSWORD:-postgres}",
                path: format!("/{}", self.name),
                ..plain(
                    if self.engine == Some(Engine::Postgis) {
                        "postgis"
                    } else {
                        "postgres"
                    },
                    "postgres",
                    "5432",
                )
            },
            Server::Mysql => Parts {
                user: &self.name,
                password: "${MYSQL_PASSWORD:-mysql}",
                path: format!("/{}", self.name),
                ..plain("mysql", "mysql", "3306")
            },
            Server::Rabbitmq => Parts {
                user: "guest",
                password: "guest",
                path: "//".to_owned(),
                ..plain("amqp", "rabbitmq", "5672")
            },
            Server::Memcached => plain("memcache", "memcached", "11211"),
            Server::Elasticsearch => plain("http", "elasticsearch", "9200"),
            Server::Redis | Server::Sqlite | Server::Mail => Parts {
                path: "/0".to_owned(),
                ..plain("redis", "redis", "6379")
            },
        }
    }

    /// Django's back end; where the project takes the last word of one, that.
    fn back_end(&self, known: Option<&str>) -> Option<String> {
        let whole = match self.engine? {
            Engine::Postgresql => "django.db.backends.postgresql",
            Engine::Postgis => "django.contrib.gis.db.backends.postgis",
            Engine::Mysql => "django.db.backends.mysql",
            _ => return None,
        };
        let last = whole.rsplit('.').next().unwrap_or(whole);
        Some(match known {
            // Another back end for the same server, such as one with a pool.
            Some(known) if known.contains(last) && !known.contains("sqlite") => known.to_owned(),
            Some(known) if !known.contains('.') => last.to_owned(),
            _ => whole.to_owned(),
        })
    }

    /// What programs and the wrapper read, beside the project.
    fn of_others(&self) -> Vec<(String, String)> {
        let (server, prefix) = match self.database() {
            Some(Server::Mysql) if self.is_wrapped || !self.is_named => (Server::Mysql, "MYSQL_"),
            Some(Server::Postgresql) => (Server::Postgresql, "PG"),
            _ => return Vec::new(),
        };
        let parts = self.parts(server);
        let values = [
            ("HOST", parts.host),
            ("PORT", parts.port),
            ("USER", parts.user),
            ("PASSWORD", parts.password),
            ("DATABASE", &self.name),
        ];
        let named = values
            .into_iter()
            .map(|(key, value)| (format!("{prefix}{key}"), value.to_owned()));
        named.collect()
    }
}

/// What a required address of a mail server is where there is none: mail is shown, or refused.
fn mail(role: Role) -> &'static str {
    match role {
        Role::Url => "consolemail://",
        Role::Port => "25",
        Role::User | Role::Password => "",
        _ => "localhost",
    }
}

/// The parts of a service's address.
struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: &'a str,
    user: &'a str,
    password: &'a str,
    path: String,
}

impl Parts<'_> {
    fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The URL in the way of the one that the project has: its scheme, and the number of its database or its folder.
    fn url(&self, known: Option<&str>) -> String {
        // Of several servers the first tells how they are written.
        let known = known.and_then(|known| known.split([',', ';', ' ']).next());
        let (scheme, rest) = known
            .and_then(|known| known.split_once("://"))
            .unwrap_or((self.scheme, ""));
        // One with encryption, which no service here has, or that of a file or another server.
        let is_kept = scheme.starts_with(&self.scheme[..4.min(self.scheme.len())])
            || scheme.ends_with(self.scheme);
        let scheme = match scheme {
            "rediss" => "redis",
            "amqps" => "amqp",
            "https" => "http",
            _ if is_kept || self.scheme == "http" && scheme == "elasticsearch" => scheme,
            _ => self.scheme,
        };
        let own = rest
            .split_once('/')
            .map(|(_, path)| path.split(['?', '#']).next().unwrap_or_default());
        let path = match (self.host, known, own) {
            ("rabbitmq", Some(_), Some("")) => "/".to_owned(),
            ("rabbitmq" | "postgres" | "mysql", ..) => self.path.clone(),
            (_, Some(known), None) if known.contains("://") => String::new(),
            (_, Some(_), Some(path)) => format!("/{path}"),
            _ => self.path.clone(),
        };
        let user = match (self.user, self.password) {
            ("", _) => String::new(),
            (user, password) => format!("{user}:{password}@"),
        };
        format!("{scheme}://{user}{}{path}", self.address())
    }
}

fn names_server(findings: &Findings) -> bool {
    let is_server = |told: Told| {
        told.purpose == Purpose::Database
            && matches!(told.role, Role::Url | Role::Host | Role::Address)
    };
    let found = &findings.details.addresses;
    found.variables.iter().any(|known| is_server(known.told))
        || found.literals.iter().any(|known| is_server(known.told))
}

/// The default database by the name that the settings have for it, or one after the package or the folder.
fn database_name(findings: &Findings, directory: &str) -> String {
    let fits = |name: &&str| {
        name.len() <= 63
            && name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
    };
    let told = findings.details.addresses.database.as_deref().filter(fits);
    let package = findings
        .settings_module
        .text()
        .and_then(|module| module.split('.').next());
    let is_name = |name: &&str| {
        !matches!(
            *name,
            "config" | "conf" | "settings" | "core" | "src" | "project" | "app"
        )
    };
    let directory = directory.to_lowercase().replace(['-', ' ', '.'], "_");
    told.or(package.filter(is_name).filter(fits))
        .or(Some(directory.as_str()).filter(fits))
        .unwrap_or("app")
        .to_owned()
}

/// Whether a run of the site needs it: some settings are of tests alone, or of nobody.
pub(super) fn is_run(variable: &Variable) -> bool {
    variable.for_developers || variable.in_production
}

/// The value that compose.yaml has for what a person lets the environment name, if it has the service.
pub(super) fn value_of(literal: &Literal, services: &Services) -> Option<String> {
    let is_mail = literal.told.purpose == Purpose::Mail;
    services.value(literal.told, Some(&literal.value), !is_mail)
}

/// Whether a variable in its place is of use: compose.yaml has the service, or a site has a mail server of its own.
pub(super) fn is_of_use(literal: &Literal, services: &Services) -> bool {
    let is_mail = literal.told.purpose == Purpose::Mail && services.has_docker;
    literal.variable.is_some() && (is_mail || value_of(literal, services).is_some())
}

/// Whether something else names the address anyway: the wrapper does so for the default database.
pub(super) fn is_overruled(literal: &Literal, services: &Services) -> bool {
    services.is_wrapped
        && literal.told.purpose == Purpose::Database
        && services.server(literal.told).is_some()
}

/// Answers what compose.yaml sets; `edited` are the addresses that become variables.
pub(super) fn complete(
    given: &mut Given,
    findings: &Findings,
    services: &Services,
    edited: &[Literal],
) {
    let mut set: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| {
        let fits = !value.contains(['=', '"', '\\']) && !value.contains(char::is_whitespace);
        if fits && !set.iter().any(|(known, _)| known == name) {
            set.push((name.to_owned(), value));
        }
    };
    for variable in findings
        .details
        .addresses
        .variables
        .iter()
        .filter(|known| is_run(known))
    {
        let is_own = variable.alias.is_none() && variable.told.is_address();
        let value = services.value_of(variable).filter(|_| services.has_docker);
        if let Some(value) = value.filter(|_| is_own) {
            add(&variable.name, value);
        }
    }
    for literal in edited {
        if let (Some(name), Some(value)) = (&literal.variable, value_of(literal, services)) {
            add(name, value);
        }
    }
    for (name, value) in services.of_others() {
        add(&name, value);
    }
    let pairs: Vec<String> = set
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let text = if pairs.is_empty() {
        NONE.to_owned()
    } else {
        pairs.join(" ")
    };
    given.suggest(ADDRESSES, Answer::Text(text));
    if services
        .engine
        .is_some_and(|engine| engine != Engine::Sqlite)
    {
        given.suggest(DATABASE_NAME, Answer::Text(services.name.clone()));
    }
}

/// The names that compose.yaml sets.
pub(super) fn names_set(answers: &Answers) -> BTreeSet<String> {
    // What is known for later is set by nothing yet.
    let found = answers
        .get(ADDRESSES)
        .filter(|_| !is_about_docker(answers, KEEP));
    match found {
        Some(Answer::Text(text)) if text != NONE => {
            let names = text.split(' ').filter_map(|pair| pair.split_once('='));
            names.map(|(name, _)| name.to_owned()).collect()
        }
        _ => BTreeSet::new(),
    }
}
