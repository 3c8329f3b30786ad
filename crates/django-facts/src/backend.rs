//! The name of a backend, or a URL → the database that it stands for.

use super::engine::Seen;

pub(super) fn scheme(url: &str) -> Seen {
    match url.split(':').next().unwrap_or_default() {
        "postgis" => Seen::Engine("postgis"),
        scheme if scheme.starts_with("postgres") || scheme == "pgsql" => Seen::Engine("postgresql"),
        scheme if scheme.starts_with("mysql") => Seen::Engine("mysql"),
        scheme if scheme.starts_with("sqlite") || scheme == "spatialite" => Seen::Engine("sqlite"),
        scheme if scheme.starts_with("oracle") => Seen::Engine("oracle"),
        _ => Seen::Unknown,
    }
}

/// The database that a backend's name stands for.
pub(super) fn classify(engine: &str) -> Seen {
    let engine = engine.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| engine.contains(word));
    if has(&["postgis"]) {
        Seen::Engine("postgis")
    } else if has(&["postgres", "psycopg", "psqlextra", "pgpool"]) {
        Seen::Engine("postgresql")
    } else if has(&["mysql", "mariadb"]) {
        Seen::Engine("mysql")
    } else if has(&["oracle"]) {
        Seen::Engine("oracle")
    } else if has(&["sqlite", "spatialite"]) {
        Seen::Engine("sqlite")
    } else {
        Seen::Unknown
    }
}

/// The database that a text names, be it a URL or a backend.
pub(super) fn named(text: &str) -> Option<&'static str> {
    let is_url = text.contains("://") || text.starts_with("sqlite:");
    let seen = if is_url {
        scheme(text)
    } else if text.contains("backends.") {
        classify(text)
    } else {
        Seen::Unknown
    };
    match seen {
        Seen::Engine(engine) => Some(engine),
        _ => None,
    }
}
