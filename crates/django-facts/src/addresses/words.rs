//! Tells addresses by their words: by names such as `CELERY_BROKER_URL`, and by values such as `redis://cache:6379/1`.

use super::model::{Purpose, Role, Server, Told};

/// A name with one of these words holds no address, whatever its other words are.
const NO_ADDRESS: [&str; 28] = [
    "TIMEOUT",
    "TTL",
    "ENABLED",
    "ENABLE",
    "USE",
    "PREFIX",
    "SSL",
    "TLS",
    "SSLMODE",
    "MAX",
    "MIN",
    "AGE",
    "SUBJECT",
    "FROM",
    "SECONDS",
    "SIZE",
    "INDEX",
    "LEVEL",
    "FORMAT",
    "RETRIES",
    "RETRY",
    "POOL",
    "CONN",
    "CONNECTIONS",
    "SCHEMA",
    "CHARSET",
    "DIR",
    "VERSION",
];

const SECRETS: [&str; 10] = [
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASS",
    "PWD",
    "TOKEN",
    "KEY",
    "APIKEY",
    "PASSPHRASE",
    "CREDENTIALS",
];

/// What the name of a variable or setting tells. It is `None` where the name is about something else.
#[must_use]
pub(super) fn of_name(name: &str) -> Option<Told> {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split('_').filter(|word| !word.is_empty()).collect();
    if let Some(role) = of_libpq(&upper) {
        return Some(Told::new(Purpose::Database, Some(Server::Postgresql), role));
    }
    let has = |all: &[&str]| words.iter().any(|word| all.contains(word));
    if (is_url(&upper) || !has(&NO_ADDRESS))
        && let Some((purpose, server)) = kind(&words)
        && let Some(role) = role(&words, purpose)
    {
        return Some(Told::new(purpose, server, role));
    }
    has(&SECRETS).then(|| Told::new(Purpose::Secret, None, Role::Other))
}

/// Whether a name is that of a password, a key or a token, and not of an option beside it.
#[must_use]
pub(super) fn is_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let is_option = |word: &str| NO_ADDRESS.contains(&word) || matches!(word, "ALLOW" | "RANDOM");
    !upper.split('_').any(is_option) && of_name(name).is_some_and(Told::is_secret)
}

/// Whether a name is that of a URL. Such a name never chooses, whatever the code does with it.
#[must_use]
pub(super) fn is_url(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let mut words = upper.rsplit('_').filter(|word| !word.is_empty());
    words
        .next()
        .is_some_and(|last| matches!(last, "URL" | "URI"))
}

/// The names that clients of `PostgreSQL` read by themselves.
fn of_libpq(name: &str) -> Option<Role> {
    match name {
        "PGHOST" => Some(Role::Host),
        "PGPORT" => Some(Role::Port),
        "PGUSER" => Some(Role::User),
        "PGPASSWORD" => Some(Role::Password),
        "PGDATABASE" => Some(Role::Name),
        _ => None,
    }
}

fn kind(words: &[&str]) -> Option<(Purpose, Option<Server>)> {
    let has = |all: &[&str]| words.iter().any(|word| all.contains(word));
    let redis = has(&["REDIS", "REDISCLOUD", "REDISTOGO", "VALKEY"]);
    let rabbit = has(&["RABBITMQ", "RABBIT", "CLOUDAMQP", "AMQP"]);
    let server = if redis {
        Some(Server::Redis)
    } else if rabbit {
        Some(Server::Rabbitmq)
    } else {
        None
    };
    let told = if has(&["RESULT", "RESULTS"]) && has(&["CELERY", "BACKEND"]) {
        (Purpose::Results, server)
    } else if has(&["BROKER"]) || rabbit || redis && has(&["CELERY", "QUEUE", "QUEUES", "RQ"]) {
        (Purpose::Broker, server)
    } else if has(&["CHANNEL", "CHANNELS"]) && (redis || has(&["LAYER", "LAYERS", "URL", "HOST"])) {
        (Purpose::Channels, server)
    } else if has(&["MEMCACHED", "MEMCACHE", "MEMCACHIER", "MEMCACHEDCLOUD"]) {
        (Purpose::Cache, Some(Server::Memcached))
    } else if has(&["CACHE", "CACHES", "CACHEOPS"]) {
        (Purpose::Cache, server)
    } else if redis {
        (Purpose::Store, server)
    } else if has(&["POSTGRES", "POSTGRESQL", "PG", "PSQL", "POSTGIS", "PSQLDB"]) {
        (Purpose::Database, Some(Server::Postgresql))
    } else if has(&["MYSQL", "MARIADB", "JAWSDB", "CLEARDB"]) {
        (Purpose::Database, Some(Server::Mysql))
    } else if has(&["DATABASE", "DB", "RDS", "SQL"]) {
        (Purpose::Database, None)
    } else if has(&[
        "ELASTICSEARCH",
        "ELASTIC",
        "ES",
        "OPENSEARCH",
        "BONSAI",
        "SEARCHBOX",
    ]) {
        (Purpose::Search, Some(Server::Elasticsearch))
    } else if has(&["HAYSTACK", "SEARCH", "SOLR"]) {
        (Purpose::Search, None)
    } else if has(&["EMAIL", "SMTP", "MAIL"]) {
        (Purpose::Mail, Some(Server::Mail))
    } else {
        return None;
    };
    Some(told)
}

fn role(words: &[&str], purpose: Purpose) -> Option<Role> {
    let last = *words.last()?;
    let role = match last {
        "URL" | "URI" | "DSN" | "URLS" => Role::Url,
        "HOST" | "HOSTNAME" | "SERVER" | "ENDPOINT" => Role::Host,
        "HOSTS" | "SERVERS" | "NODES" | "CLUSTER" => Role::Hosts,
        "PORT" => Role::Port,
        "USER" | "USERNAME" | "LOGIN" => Role::User,
        "PASSWORD" | "PASS" | "PASSWD" | "PWD" => Role::Password,
        "ADDRESS" | "ADDR" | "LOCATION" if purpose != Purpose::Mail => Role::Address,
        "ENGINE" if purpose == Purpose::Database => Role::Engine,
        "NAME" | "DB" | "DATABASE" | "DBNAME" if words.len() > 1 && purpose != Purpose::Mail => {
            Role::Name
        }
        "BROKER" | "DATABASE" | "BACKEND"
            if matches!(
                purpose,
                Purpose::Broker | Purpose::Results | Purpose::Database
            ) =>
        {
            Role::Url
        }
        _ => return None,
    };
    Some(role)
}

/// Whether a name that tells of a server may only choose one: `DJANGO_DB` names a database, or a key of several.
#[must_use]
pub(super) fn may_choose(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    match upper.rsplit('_').next() {
        Some("DB" | "DATABASE" | "ENGINE" | "BROKER") => true,
        // Celery itself reads `CELERY_RESULT_BACKEND`, which is one of its settings.
        Some("BACKEND") => !upper.contains("RESULT"),
        _ => false,
    }
}

/// What the scheme of a URL says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Of(Server),
    /// A scheme that none of the known servers has, such as `https`.
    Other,
}

impl Scheme {
    pub(super) fn server(self) -> Option<Server> {
        match self {
            Self::Of(server) => Some(server),
            Self::Other => None,
        }
    }
}

/// The scheme of a URL. It is `None` for a text that is no URL.
#[must_use]
pub(super) fn scheme(text: &str) -> Option<Scheme> {
    let (scheme, _) = text.split_once(':')?;
    let is_word =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.' | '_');
    if !text[scheme.len()..].starts_with("://") && scheme != "sqlite"
        || !scheme.chars().all(is_word)
    {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    let starts = |all: &[&str]| all.iter().any(|word| scheme.starts_with(word));
    let server = if starts(&["postgres", "pgsql", "postgis"]) {
        Some(Server::Postgresql)
    } else if starts(&["mysql", "mariadb"]) {
        Some(Server::Mysql)
    } else if starts(&["sqlite", "spatialite"]) {
        Some(Server::Sqlite)
    } else if starts(&["redis", "rediss", "valkey"]) && !scheme.contains("socket") {
        Some(Server::Redis)
    } else if starts(&["amqp", "pyamqp", "librabbitmq"]) {
        Some(Server::Rabbitmq)
    } else if starts(&[
        "memcache",
        "pymemcache",
        "pymemcached",
        "djangopylibmc",
        "elasticache",
    ]) {
        Some(Server::Memcached)
    } else if starts(&["elasticsearch"]) {
        Some(Server::Elasticsearch)
    } else if starts(&["smtp", "submission"]) {
        Some(Server::Mail)
    } else {
        None
    };
    Some(server.map_or(Scheme::Other, Scheme::Of))
}

/// The server that a back end of Django, such as `django_redis.cache.RedisCache`, connects to.
#[must_use]
pub(super) fn backend(text: &str) -> Option<Server> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["redis", "valkey"]) {
        Some(Server::Redis)
    } else if has(&["memcache", "pylibmc"]) {
        Some(Server::Memcached)
    } else if has(&["elasticsearch", "opensearch"]) {
        Some(Server::Elasticsearch)
    } else if has(&["rabbit", "amqp"]) {
        Some(Server::Rabbitmq)
    } else if has(&["postgis", "postgres", "psycopg"]) {
        Some(Server::Postgresql)
    } else if has(&["mysql", "mariadb"]) {
        Some(Server::Mysql)
    } else if has(&["sqlite", "spatialite"]) {
        Some(Server::Sqlite)
    } else {
        None
    }
}

/// The host in a value that is a URL, `host:port` or a host alone. It is `None` where the value names a file or no host.
#[must_use]
pub(super) fn host(text: &str) -> Option<&str> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next()?;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = match rest.strip_prefix('[') {
        Some(six) => six.split(']').next()?,
        None if rest.matches(':').count() > 1 => rest,
        None => rest.split(':').next()?,
    };
    let fits =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':');
    (!host.is_empty() && host.chars().all(fits)).then_some(host)
}

/// Whether a value is `host:port`.
#[must_use]
pub(super) fn has_port(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty()
            && !host.contains(':')
            && !port.is_empty()
            && port.chars().all(|letter| letter.is_ascii_digit())
    })
}
