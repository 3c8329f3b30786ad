//! Database engines, and what settings can say of the database.

use serde::{Serialize, Serializer};

/// A database that Django has a backend for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    Mysql,
    Oracle,
    Postgis,
    Postgresql,
    Sqlite,
}

impl Engine {
    /// Its name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Oracle => "oracle",
            Self::Postgis => "postgis",
            Self::Postgresql => "postgresql",
            Self::Sqlite => "sqlite",
        }
    }

    /// The engine whose drivers it uses.
    #[must_use]
    pub fn family(self) -> Self {
        match self {
            Self::Postgis => Self::Postgresql,
            other => other,
        }
    }
}

/// What the settings say of a database: its engine, or where they hide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Database {
    Engine(Engine),
    /// The environment names it.
    FromEnv,
    /// A file of data names it.
    FromJson,
    /// Something that is no part of the project sets it.
    FromLibrary,
    /// Settings that are made on each machine name it.
    FromLocalSettings,
    Unknown,
    /// Different settings files name different ones.
    PerEnvironment,
    /// There is none.
    None,
}

impl Database {
    /// Its word in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Engine(engine) => engine.name(),
            Self::FromEnv => "from-env",
            Self::FromJson => "from-json",
            Self::FromLibrary => "from-library",
            Self::FromLocalSettings => "from-local-settings",
            Self::Unknown => "unknown",
            Self::PerEnvironment => "per-environment",
            Self::None => "none",
        }
    }

    /// The engine, where it is told.
    #[must_use]
    pub fn engine(self) -> Option<Engine> {
        match self {
            Self::Engine(engine) => Some(engine),
            _ => None,
        }
    }
}

impl Serialize for Database {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
