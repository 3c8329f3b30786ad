//! The name of a backend, or a URL → the database that it stands for.

use super::engine::{Database, Engine};

pub(super) fn scheme(url: &str) -> Database {
    match url.split(':').next().unwrap_or_default() {
        "postgis" => Database::Engine(Engine::Postgis),
        scheme if scheme.starts_with("postgres") || scheme == "pgsql" => {
            Database::Engine(Engine::Postgresql)
        }
        scheme if scheme.starts_with("mysql") => Database::Engine(Engine::Mysql),
        scheme if scheme.starts_with("sqlite") || scheme == "spatialite" => {
            Database::Engine(Engine::Sqlite)
        }
        scheme if scheme.starts_with("oracle") => Database::Engine(Engine::Oracle),
        _ => Database::Unknown,
    }
}

/// The database that a backend's name stands for.
pub(super) fn classify(engine: &str) -> Database {
    let engine = engine.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| engine.contains(word));
    if has(&["postgis"]) {
        Database::Engine(Engine::Postgis)
    } else if has(&["postgres", "psycopg", "psqlextra", "pgpool"]) {
        Database::Engine(Engine::Postgresql)
    } else if has(&["mysql", "mariadb"]) {
        Database::Engine(Engine::Mysql)
    } else if has(&["oracle"]) {
        Database::Engine(Engine::Oracle)
    } else if has(&["sqlite", "spatialite"]) {
        Database::Engine(Engine::Sqlite)
    } else {
        Database::Unknown
    }
}

/// The database that a text names, be it a URL or a backend.
pub(super) fn named(text: &str) -> Option<Engine> {
    let is_url = text.contains("://") || text.starts_with("sqlite:");
    let seen = if is_url {
        scheme(text)
    } else if text.contains("backends.") {
        classify(text)
    } else {
        Database::Unknown
    };
    seen.engine()
}
