//! What the project uses and the template has nothing for: said plainly, each with its place.

use super::steps::{Step, Steps};
use crate::template::{Answer, Answers};
use django_facts::{Findings, Further};

/// The sentences of the plan about it.
pub(super) fn not_covered(findings: &Findings, answers: &Answers, steps: &Steps) -> Vec<String> {
    let default = match answers.get("database") {
        Some(Answer::Text(database)) => database.as_str(),
        _ => "",
    };
    let more = &findings.more;
    let services = more.not_covered.iter().map(|(name, place)| {
        format!(
            "The template does not cover {name} ({place}): name your server in the environment."
        )
    });
    let databases = more
        .further
        .iter()
        .filter_map(|further| database(further, default, steps.has(Step::Docker)));
    let others = more.others.iter().map(|manage| {
        let folder = manage.rsplit_once('/').map_or(".", |(folder, _)| folder);
        format!("{manage} starts another project, which this leaves as it is: `ixd-template dockerize {folder}` is for that one.")
    });
    services.chain(databases).chain(others).collect()
}

/// What there is to say of a database beside the default one, which is of the kind `default`.
fn database(further: &Further, default: &str, has_docker: bool) -> Option<String> {
    let place = &further.place;
    let Some(alias) = &further.alias else {
        return Some(format!(
            "The template's service and environment are for the database `default` alone, and DATABASE_ROUTERS ({place}) chooses \
             among others that the settings do not tell."
        ));
    };
    let kind = match further.engine {
        "unknown" => "of a kind that the settings do not tell".to_owned(),
        engine if engine.starts_with("from-") => format!("told {}", engine.replace('-', " ")),
        engine => engine.to_owned(),
    };
    if further.engine == "sqlite" {
        // A file, like the default one.
        return (default != "sqlite").then(|| {
            format!(
                "The database `{alias}` ({place}) is a file: keep it in a folder that outlives a container, such as VAR_DIR."
            )
        });
    }
    let known = libraries(default);
    let missing: Vec<&str> = libraries(further.engine)
        .iter()
        .filter(|library| !known.contains(library))
        .copied()
        .collect();
    let needs = match further.engine {
        _ if !has_docker => String::new(),
        "oracle" if default != "oracle" => {
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
fn libraries(database: &str) -> &'static [&'static str] {
    match database {
        "postgresql" => &["libpq-dev"],
        "postgis" => &[
            "libpq-dev",
            "binutils",
            "gdal-bin",
            "libgdal-dev",
            "libgeos-dev",
            "libproj-dev",
        ],
        "mysql" => &["default-libmysqlclient-dev"],
        _ => &[],
    }
}
