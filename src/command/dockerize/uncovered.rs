//! What the project uses and the template has nothing for: said plainly, each with its place.

use super::questions;
use super::steps::{Step, Steps};
use crate::template::Answers;
use django_facts::{Database, Engine, Findings, OtherDatabase};

/// The sentences of the plan about it.
pub(super) fn not_covered(findings: &Findings, answers: &Answers, steps: &Steps) -> Vec<String> {
    let default = questions::database(answers).and_then(Database::engine);
    let details = &findings.details;
    let services = details.not_covered.iter().map(|(name, place)| {
        format!(
            "The template does not cover {name} ({place}): name your server in the environment."
        )
    });
    let databases = details
        .other_databases
        .iter()
        .filter_map(|other| database(other, default, steps.has(Step::Docker)));
    let folder = |path: &str| {
        path.rsplit_once('/')
            .map_or(".", |(folder, _)| folder)
            .to_owned()
    };
    let own = findings.manage_py.text().map(folder);
    let others = details.others.iter().map(|manage| {
        let folder = folder(manage);
        if own.as_deref() == Some(&folder) {
            return format!("{manage} starts Django with other settings; this leaves it as it is.");
        }
        format!("{manage} starts another project, which this leaves as it is: `ixd-template dockerize {folder}` is for that one.")
    });
    let neighbours = details.neighbours.iter().map(|other| {
        let (file, place) = (&other.file, &other.place);
        format!(
            "{file} has the settings of another site ({place}), which this leaves as it is: `--answer settings_module=…` takes that one."
        )
    });
    services
        .chain(databases)
        .chain(others)
        .chain(neighbours)
        .collect()
}

/// What there is to say of a database beside the default one, which is of the kind `default`.
fn database(other: &OtherDatabase, default: Option<Engine>, has_docker: bool) -> Option<String> {
    let place = &other.place;
    let Some(alias) = &other.alias else {
        return Some(format!(
            "The template's service and environment are for the database `default` alone, and DATABASE_ROUTERS ({place}) chooses \
             among others that the settings do not tell."
        ));
    };
    let kind = match other.database {
        Database::Unknown => "of a kind that the settings do not tell".to_owned(),
        Database::FromEnv
        | Database::FromJson
        | Database::FromLibrary
        | Database::FromLocalSettings => {
            format!("told {}", other.database.name().replace('-', " "))
        }
        told => told.name().to_owned(),
    };
    let engine = other.database.engine();
    if engine == Some(Engine::Sqlite) {
        // The database is a file, like the default one.
        return (default != Some(Engine::Sqlite)).then(|| {
            format!(
                "The database `{alias}` ({place}) is a file: keep it in a folder that outlives a container, such as VAR_DIR."
            )
        });
    }
    let known = libraries(default);
    let missing: Vec<&str> = libraries(engine)
        .iter()
        .filter(|library| !known.contains(library))
        .copied()
        .collect();
    let needs = match engine {
        _ if !has_docker => String::new(),
        Some(Engine::Oracle) if default != Some(Engine::Oracle) => {
            " Its driver may need Oracle's own client libraries in the image.".into()
        }
        _ if missing.is_empty() => String::new(),
        _ => format!(
            " Its driver may need in the Dockerfile: {}.",
            missing.join(" ")
        ),
    };
    Some(format!(
        "The template's service and environment are for the database `default` alone, not for `{alias}` ({kind}, {place}): the \
         settings must name a server for it that containers reach.{needs}"
    ))
}

/// What the image has for a default database of that kind, and a driver is built with.
fn libraries(engine: Option<Engine>) -> &'static [&'static str] {
    match engine {
        Some(Engine::Postgresql) => &["libpq-dev"],
        Some(Engine::Postgis) => &[
            "libpq-dev",
            "binutils",
            "gdal-bin",
            "libgdal-dev",
            "libgeos-dev",
            "libproj-dev",
        ],
        Some(Engine::Mysql) => &["default-libmysqlclient-dev"],
        _ => &[],
    }
}
