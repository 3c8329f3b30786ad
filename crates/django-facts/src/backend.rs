//! The name of a backend, or a URL → the database that it stands for.

/// What one assignment says of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EngineReading {
    Engine(&'static str),
    FromEnv,
    FromJson,
    FromLibrary,
    FromLocal,
    Unknown,
}

impl EngineReading {
    /// Whether a word of the report names a database, not where it hides.
    pub(super) fn is_engine(word: &str) -> bool {
        Self::engine(word).is_some()
    }

    /// The database that a word of the report names.
    pub(super) fn engine(word: &str) -> Option<&'static str> {
        ["sqlite", "postgresql", "postgis", "mysql", "oracle"]
            .into_iter()
            .find(|engine| *engine == word)
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Engine(engine) => engine,
            Self::FromEnv => "from-env",
            Self::FromJson => "from-json",
            Self::FromLibrary => "from-library",
            Self::FromLocal => "from-local-settings",
            Self::Unknown => "unknown",
        }
    }
}

pub(super) fn scheme(url: &str) -> EngineReading {
    match url.split(':').next().unwrap_or_default() {
        "postgis" => EngineReading::Engine("postgis"),
        scheme if scheme.starts_with("postgres") || scheme == "pgsql" => {
            EngineReading::Engine("postgresql")
        }
        scheme if scheme.starts_with("mysql") => EngineReading::Engine("mysql"),
        scheme if scheme.starts_with("sqlite") || scheme == "spatialite" => {
            EngineReading::Engine("sqlite")
        }
        scheme if scheme.starts_with("oracle") => EngineReading::Engine("oracle"),
        _ => EngineReading::Unknown,
    }
}

/// The database that a backend's name stands for.
pub(super) fn classify(engine: &str) -> EngineReading {
    let engine = engine.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| engine.contains(word));
    if has(&["postgis"]) {
        EngineReading::Engine("postgis")
    } else if has(&["postgres", "psycopg", "psqlextra", "pgpool"]) {
        EngineReading::Engine("postgresql")
    } else if has(&["mysql", "mariadb"]) {
        EngineReading::Engine("mysql")
    } else if has(&["oracle"]) {
        EngineReading::Engine("oracle")
    } else if has(&["sqlite", "spatialite"]) {
        EngineReading::Engine("sqlite")
    } else {
        EngineReading::Unknown
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
        EngineReading::Unknown
    };
    match seen {
        EngineReading::Engine(engine) => Some(engine),
        _ => None,
    }
}
