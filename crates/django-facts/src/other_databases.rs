//! Databases beside the default one: what is for that alone does not reach them.

use std::collections::BTreeMap;

use super::aliases::DATABASES;
use super::database::{counted, reader};
use super::details::OtherDatabase;
use super::engine::Database;
use super::engine_reader::{DEEPEST, EngineReader};
use super::expression::{Expr, ExprKind as E};
use super::finding::{Confidence, Finding, at};
use super::guards::is_for_tests;
use super::settings::{Entry, Settings};
use super::sources::Sources;
use super::syntax::DELETED;

/// All databases that the settings and their variants name; `default` is the word for the default one.
#[must_use]
pub(super) fn find(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
    default: Option<Database>,
) -> Vec<OtherDatabase> {
    let mut found: Vec<OtherDatabase> = Vec::new();
    let others = variants.iter().filter(|(path, _)| !is_for_tests(path));
    let all = || std::iter::once(settings).chain(others.clone().map(|(_, variant)| variant));
    for settings in all() {
        for (alias, (seen, place)) in named(&reader(sources, settings), default) {
            let other = OtherDatabase {
                alias: Some(alias),
                database: seen,
                place,
            };
            if !found.iter().any(|known| known.alias == other.alias) {
                found.push(other);
            }
        }
    }
    if found.is_empty() {
        found.extend(all().find_map(|settings| chosen_among(&reader(sources, settings))));
    }
    found
}

/// The databases as the report shows them.
#[must_use]
pub(super) fn finding(all: &[OtherDatabase]) -> Finding<Vec<String>> {
    let shown: Vec<String> = all
        .iter()
        .map(|other| {
            let alias = other.alias.as_deref().unwrap_or("?");
            format!("{alias}: {}", other.database.name())
        })
        .collect();
    let is_told = all.iter().all(|other| other.database.engine().is_some());
    let confidence = if is_told {
        Confidence::High
    } else {
        Confidence::Medium
    };
    let places = all.iter().map(|other| other.place.clone()).collect();
    Finding::new(shown, confidence, places)
}

/// The engine of each database and where it is named, by its alias.
type EngineByAlias = BTreeMap<String, (Database, String)>;

fn named(reader: &EngineReader, default: Option<Database>) -> EngineByAlias {
    let mut found = EngineByAlias::new();
    for (_, entry) in counted(reader.settings, DATABASES) {
        let database = |seen: Database, value: &Expr| match seen {
            // What is made of the default one has the engine of that one.
            Database::Unknown if value.any(&is_default) => {
                let engine = default.filter(|default| default.engine().is_some());
                engine.unwrap_or(seen)
            }
            seen => seen,
        };
        let place = at(&entry.file, entry.line);
        match entry.keys.as_slice() {
            [] => {
                // Where there are classes, one is chosen when the project runs.
                let is_more = entry.value.any(&|expr| expr.name() == Some(DATABASES));
                if entry.is_whole() && entry.is_certain() && !entry.is_in_class() && !is_more {
                    found.clear();
                }
                for (alias, value, file) in aliases(reader, &entry.value, &entry.file, 0) {
                    let seen = reader.alias(value, file, 0);
                    found.insert(alias, (database(seen, value), place.clone()));
                }
            }
            [alias, rest @ ..] if alias != "default" && alias != "?" => {
                let said = match rest {
                    [] if entry.op == DELETED => {
                        found.remove(alias);
                        continue;
                    }
                    [] => Some(reader.alias(&entry.value, &entry.file, 0)),
                    [key] if key == "ENGINE" => Some(reader.engine(&entry.value, &entry.file, 0)),
                    _ => None,
                };
                let is_partial = !rest.is_empty() || !entry.replaces();
                match said {
                    Some(Database::Unknown) | None if is_partial && found.contains_key(alias) => {}
                    said => {
                        let seen = said.unwrap_or(Database::Unknown);
                        found.insert(alias.clone(), (database(seen, &entry.value), place));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn is_default(expr: &Expr) -> bool {
    match &expr.kind {
        E::Index(all, key) => all.name() == Some(DATABASES) && key.text() == Some("default"),
        _ => false,
    }
}

/// The databases beside the default one that a value of `DATABASES` holds, each with the file that it stands in.
fn aliases<'r>(
    reader: &'r EngineReader,
    value: &'r Expr,
    file: &'r str,
    depth: usize,
) -> Vec<(String, &'r Expr, &'r str)> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let inner = |value: &'r Expr| aliases(reader, value, file, depth + 1);
    let is_other = |alias: &String| alias != "default";
    match &value.kind {
        E::Dict(items) => items
            .iter()
            .flat_map(|(key, value)| match key {
                Some(key) => {
                    let alias = reader.key(key, file).filter(is_other);
                    alias
                        .map(|alias| (alias, value, file))
                        .into_iter()
                        .collect()
                }
                None => inner(value),
            })
            .collect(),
        E::Call(function, arguments) if function.name() == Some("dict") => arguments
            .iter()
            .flat_map(|argument| match argument.name.clone() {
                Some(alias) => {
                    let alias = Some(alias).filter(is_other);
                    let one = alias.map(|alias| (alias, &argument.value, file));
                    one.into_iter().collect()
                }
                None => inner(&argument.value),
            })
            .collect(),
        E::Named(_, value) => inner(value),
        E::Binary(_, a, b) | E::Choice(a, b, _) => [inner(a), inner(b)].concat(),
        E::Name(_) | E::Attribute(_) if value.name() != Some(DATABASES) => {
            let all = value.name().map(|name| reader.of_name(name, file));
            let one = all
                .into_iter()
                .flatten()
                .flat_map(|entry| match entry.keys.as_slice() {
                    [] => aliases(reader, &entry.value, &entry.file, depth + 1),
                    [alias] if alias != "default" && alias != "?" => {
                        vec![(alias.clone(), &entry.value, entry.file.as_str())]
                    }
                    _ => Vec::new(),
                });
            one.collect()
        }
        _ => Vec::new(),
    }
}

/// The routers, where the settings do not say what there is to choose from.
fn chosen_among(reader: &EngineReader) -> Option<OtherDatabase> {
    let settings = reader.settings;
    let routers = settings.of("DATABASE_ROUTERS").last()?;
    let is_none = matches!(&routers.value.kind, E::List(items) if items.is_empty());
    let is_told = |entry: &Entry| match entry.keys.as_slice() {
        [] => match &entry.value.kind {
            E::Dict(items) => items.iter().all(|(key, _)| {
                key.as_ref()
                    .is_some_and(|key| reader.key(key, &entry.file).is_some())
            }),
            _ => false,
        },
        [alias, ..] => alias != "?",
    };
    let mut databases = counted(settings, DATABASES).map(|(_, entry)| entry);
    (!is_none && !databases.all(is_told)).then(|| OtherDatabase {
        alias: None,
        database: Database::Unknown,
        place: at(&routers.file, routers.line),
    })
}
