//! Merges what was found at many places into one value for each variable, and for each address in the code.

use super::super::finding::{Fact, at};
use super::collected::{Collected, Occurrence, Written};
use super::model::{Addresses, Literal, Purpose, Role, Server, Told, Variable};
use super::told::refined;
use super::words::{self, Scheme};

pub(super) struct Merge {
    examples: Vec<(String, String)>,
    found: Addresses,
}

impl Merge {
    pub(super) fn new(examples: Vec<(String, String)>) -> Self {
        Self {
            examples,
            found: Addresses::default(),
        }
    }

    /// Adds what settings or modules say. The flags tell whether developers run them, and whether the production site does.
    pub(super) fn add(&mut self, collected: Collected, for_developers: bool, in_production: bool) {
        let offset = self
            .found
            .literals
            .iter()
            .map(|literal| literal.group)
            .max()
            .unwrap_or(0);
        self.found.database = self.found.database.take().or(collected.database);
        for read in collected.reads {
            self.read(read, for_developers, in_production);
        }
        for written in collected.written {
            if let Some(literal) = literal(written, offset) {
                self.literal(literal, for_developers, in_production);
            }
        }
    }

    fn read(&mut self, read: Occurrence, for_developers: bool, in_production: bool) {
        let place = at(&read.file, read.line);
        let default = read.default.clone().filter(|default| !default.is_empty());
        let is_file = default
            .as_deref()
            .is_some_and(|default| is_sqlite(read.told, default));
        if is_file && read.alias.is_none() && self.found.file_by_default.is_none() {
            self.found.file_by_default = Some((read.name.clone(), place.clone()));
        }
        if let Some(known) = self
            .found
            .variables
            .iter_mut()
            .find(|known| known.name == read.name)
        {
            known.for_developers |= for_developers;
            known.in_production |= in_production;
            known.is_required |= read.is_required;
            known.is_required_by_developers |= read.is_required && for_developers;
            if !known.places.contains(&place) {
                known.places.push(place);
            }
            known.default = known.default.take().or(default.map(Fact::masked));
            let is_more = !known.told.is_address() && read.told.is_address()
                || known.told.role == Role::Other
                || known.told.role == Role::Choice && read.told.is_address();
            if is_more {
                known.told = read.told;
            }
            known.told.server = known.told.server.or(read.told.server);
            return;
        }
        self.found.variables.push(Variable {
            name: read.name,
            told: read.told,
            alias: read.alias,
            default: default.map(Fact::masked),
            example: None,
            is_required: read.is_required,
            is_required_by_developers: read.is_required && for_developers,
            for_developers,
            in_production,
            places: vec![place],
        });
    }

    fn literal(&mut self, mut literal: Literal, for_developers: bool, in_production: bool) {
        let is_it = |known: &&mut Literal| {
            known.place == literal.place
                && known.text == literal.text
                && known.told.role == literal.told.role
        };
        if let Some(known) = self.found.literals.iter_mut().find(is_it) {
            known.for_developers |= for_developers;
            known.in_production |= in_production;
            return;
        }
        literal.for_developers = for_developers;
        literal.in_production = in_production;
        self.found.literals.push(literal);
    }

    pub(super) fn addresses(mut self) -> Addresses {
        for variable in &mut self.found.variables {
            let example = self
                .examples
                .iter()
                .find(|(name, _)| *name == variable.name);
            let example = example.map(|(_, value)| value.as_str());
            variable.told = refined(variable.told, example);
            if variable.told.role == Role::Choice {
                let named = example.and_then(words::backend);
                variable.told.server = named.or(variable.told.server);
            }
            variable.example = match example {
                Some(_) if variable.told.is_secret() => Some("…".to_owned()),
                Some(value) => Some(value.to_owned().masked()),
                None => None,
            };
        }
        let Addresses {
            variables,
            literals,
            database,
            ..
        } = &mut self.found;
        variables.sort_by(|a, b| {
            (!a.told.is_address(), a.told.purpose).cmp(&(!b.told.is_address(), b.told.purpose))
        });
        keep_whole_databases(literals);
        name_apart(literals, variables);
        if database.is_none() {
            let of_example = || {
                let is_name =
                    |told: Told| told.purpose == Purpose::Database && told.role == Role::Name;
                let chooses = |name: &String| {
                    let mut variables = variables.iter();
                    variables.any(|known| known.name == *name && known.told.role == Role::Choice)
                };
                let mut examples = self.examples.iter();
                let named = examples
                    .find(|(name, _)| words::of_name(name).is_some_and(is_name) && !chooses(name));
                named.map(|(_, value)| value.clone())
            };
            *database = variables
                .iter()
                .find_map(name_of_database)
                .or_else(of_example);
        }
        self.found
    }
}

/// The database that a URL names.
fn name_of_database(variable: &Variable) -> Option<String> {
    if variable.told.purpose != Purpose::Database || variable.alias.is_some() {
        return None;
    }
    let known = [variable.default.as_deref(), variable.example.as_deref()];
    known.into_iter().flatten().find_map(|value| {
        let name = match variable.told.role {
            Role::Url if !is_sqlite(variable.told, value) => {
                value.split_once("://")?.1.split_once('/')?.1
            }
            Role::Name => value,
            _ => return None,
        };
        let name = name.split(['?', '#']).next()?;
        let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
        (!name.is_empty() && name.chars().all(fits)).then(|| name.to_owned())
    })
}

fn is_sqlite(told: Told, default: &str) -> bool {
    let says = match told.role {
        Role::Url | Role::Other => words::scheme(default).and_then(Scheme::server),
        Role::Engine | Role::Choice => words::backend(default),
        _ => None,
    };
    told.purpose == Purpose::Database && says == Some(Server::Sqlite)
}

/// The literal of a value in the code, if that is an address.
fn literal(written: Written, offset: usize) -> Option<Literal> {
    let Written {
        context,
        text,
        file,
        line,
    } = written;
    let mut told = refined(context.told, Some(&text));
    let scheme = words::scheme(&text);
    let is_host = words::host(&text).is_some();
    let fits = match told.role {
        Role::Url => match scheme {
            Some(Scheme::Of(Server::Sqlite)) => false,
            Some(Scheme::Of(_)) => is_host || text.ends_with("://") && !context.is_part,
            // A search server may have any scheme; other servers have schemes of their own.
            Some(Scheme::Other) => {
                told.purpose == Purpose::Search && text.starts_with("http") && is_host
            }
            None => words::has_port(&text) && is_host,
        },
        Role::Address | Role::Hosts => {
            (words::has_port(&text) || told.role == Role::Hosts) && is_host
        }
        Role::Host => is_host && !text.contains('/'),
        Role::User | Role::Password => told.purpose == Purpose::Database && context.alias.is_none(),
        Role::Port => {
            told.purpose == Purpose::Database && !matches!(text.as_str(), "5432" | "3306")
        }
        _ => false,
    };
    let is_here = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "::1");
    let is_reached = told.purpose == Purpose::Mail && !words::host(&text).is_some_and(is_here);
    if !fits
        || is_reached
        || told.server == Some(Server::Sqlite)
        || context.is_part && told.role != Role::Url
    {
        return None;
    }
    if told.role == Role::Hosts {
        told.role = if words::has_port(&text) {
            Role::Address
        } else {
            Role::Host
        };
    }
    if told.role == Role::Url && scheme.is_none() {
        told.role = Role::Address;
    }
    let value = if told.is_secret() {
        "…".to_owned()
    } else {
        text.clone().masked()
    };
    let is_whole = !context.is_part && !context.is_one_of_many;
    Some(Literal {
        variable: is_whole
            .then(|| {
                variable(
                    &context.setting,
                    context.alias.as_deref(),
                    context.key.as_deref(),
                    told,
                )
            })
            .flatten(),
        setting: context.setting,
        told,
        value,
        place: at(&file, line),
        file,
        line,
        group: offset + context.group,
        key: context.key,
        text,
        for_developers: false,
        in_production: false,
    })
}

/// The variable that could name an address.
fn variable(setting: &str, alias: Option<&str>, key: Option<&str>, told: Told) -> Option<String> {
    if told.purpose == Purpose::Database {
        return of_database(alias, told);
    }
    if told.purpose == Purpose::Mail && told.role != Role::Host {
        return None;
    }
    let part = match told.role {
        Role::Url => "URL",
        Role::Host => "HOST",
        Role::Address => "ADDRESS",
        _ => return None,
    };
    // The setting or key may itself have a name that says what the address is for.
    let own = key.unwrap_or(setting);
    let upper = own.to_ascii_uppercase();
    let is_telling = words::of_name(own)
        .is_some_and(|named| named.is_address() && named.purpose == told.purpose);
    let name = match (told.purpose, upper.as_str()) {
        (Purpose::Broker, "BROKER_URL" | "BROKER") => "CELERY_BROKER_URL".to_owned(),
        (Purpose::Results, "RESULT_BACKEND" | "BACKEND") => "CELERY_RESULT_BACKEND".to_owned(),
        _ if is_telling => upper,
        _ => {
            let server = told
                .server
                .map_or("SERVER", |server| server.name())
                .to_ascii_uppercase();
            match alias {
                Some(alias) => format!("{}_{server}_{part}", slug(alias)),
                None => format!("{server}_{part}"),
            }
        }
    };
    Some(name)
}

fn of_database(alias: Option<&str>, told: Told) -> Option<String> {
    if alias.is_some() {
        return None;
    }
    let name = match (told.server?, told.role) {
        (Server::Postgresql, Role::Host) => "PGHOST",
        (Server::Postgresql, Role::Port) => "PGPORT",
        (Server::Postgresql, Role::User) => "PGUSER",
        (Server::Postgresql, Role::Password) => "PGPASSWORD",
        (Server::Mysql, Role::Host) => "MYSQL_HOST",
        (Server::Mysql, Role::Port) => "MYSQL_PORT",
        (Server::Mysql, Role::User) => "MYSQL_USER",
        (Server::Mysql, Role::Password) => "MYSQL_PASSWORD",
        (_, Role::Url) => "DATABASE_URL",
        _ => return None,
    };
    Some(name.to_owned())
}

fn slug(text: &str) -> String {
    let fits = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    text.chars().map(fits).collect()
}

/// Drops the port and password of a database where neither its server nor its user stands in the code.
fn keep_whole_databases(literals: &mut Vec<Literal>) {
    let is_server =
        |literal: &Literal| matches!(literal.told.role, Role::Host | Role::Url | Role::User);
    let servers: Vec<usize> = literals
        .iter()
        .filter(|literal| is_server(literal))
        .map(|literal| literal.group)
        .collect();
    literals.retain(|literal| {
        let is_loose = matches!(literal.told.role, Role::Port | Role::Password);
        !is_loose || servers.contains(&literal.group)
    });
}

/// Gives different addresses different variables. A variable that the project reads for something else is not taken.
fn name_apart(literals: &mut [Literal], variables: &[Variable]) {
    let mut taken: Vec<(String, String)> = Vec::new();
    for literal in literals {
        let Some(name) = literal.variable.clone() else {
            continue;
        };
        let is_read = |name: &str| {
            let known = variables.iter().find(|variable| variable.name == name);
            known.is_some_and(|known| known.known() != Some(literal.value.as_str()))
        };
        let is_taken = |name: &str| {
            taken
                .iter()
                .any(|(known, text)| known == name && *text != literal.text)
        };
        let purpose = literal.told.purpose.name().to_ascii_uppercase();
        let many = (2..9).map(|number| format!("{name}_{number}"));
        let names = [name.clone(), format!("{purpose}_{name}")]
            .into_iter()
            .chain(many);
        let is_libpq = name.starts_with("PG");
        let free = names
            .into_iter()
            .find(|name| is_libpq && !is_taken(name) || !is_read(name) && !is_taken(name));
        if let Some(name) = &free {
            taken.push((name.clone(), literal.text.clone()));
        }
        literal.variable = free;
    }
}
