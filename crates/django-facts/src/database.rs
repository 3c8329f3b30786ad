//! Which database the settings name, or where they hide it.

use std::collections::BTreeSet;

use super::aliases::DATABASES;
use super::engine::{Database, Engine};
use super::engine_reader::EngineReader;
use super::evaluate::{Evaluator, is_environment};
use super::finding::{Confidence, Finding, at};
use super::guards::{is_for_tests, is_test_guard};
use super::packaging::Packaging;
use super::settings::{Entry, Opaque, Settings};
use super::sources::Sources;
use super::syntax::Block;
use super::tokens;

/// What the settings can come to, with where it was seen.
#[derive(Clone, Debug, Default)]
struct Possible {
    seen: BTreeSet<Database>,
    evidence: Vec<String>,
    /// How many of the settings' assignments come before the last one that decides.
    decided: usize,
}

/// What is known of the packages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Installed<'a> {
    /// The databases that installed drivers are for.
    pub(super) drivers: &'a [Engine],
    pub(super) packages: &'a [String],
    /// The oldest Django that the project may run with.
    pub(super) django: Option<(u32, u32)>,
}

/// The setting that Django once read in place of `DATABASES["default"]["ENGINE"]`.
const ENGINE: &str = "DATABASE_ENGINE";

/// The first Django that no longer reads `DATABASE_ENGINE`.
const WITHOUT_ENGINE: (u32, u32) = (1, 4);

/// The database of the settings, whose other environments are `variants`.
#[must_use]
pub(super) fn find(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
    installed: Installed,
) -> Finding<Database> {
    let main = possible(sources, settings, installed.django);
    let mut others = Possible::default();
    for (path, variant) in variants {
        if is_for_tests(path) {
            continue;
        }
        let possible = possible(sources, variant, installed.django);
        // A variant that does without what the settings module replaces may come to something else.
        if possible.seen != main.seen {
            others.seen.extend(&possible.seen);
            others.evidence.extend(possible.evidence);
        }
    }
    let local = settings.missing.iter().find(|missing| missing.is_local);
    let library = settings.missing.iter().find(|missing| !missing.is_local);
    let mut evidence = main.evidence.clone();
    if main.seen.is_empty() {
        if let Some(missing) = local {
            evidence.push(at(&missing.file, missing.line));
            let confidence = if others.seen.is_empty() {
                Confidence::High
            } else {
                Confidence::Low
            };
            return Finding::new(Database::FromLocalSettings, confidence, evidence);
        }
        if let Some(missing) = library {
            evidence.push(at(&missing.file, missing.line));
            return Finding::new(Database::FromLibrary, Confidence::Medium, evidence);
        }
        if let Some(opaque) = settings.opaque.first() {
            let place = vec![at(&opaque.file, opaque.line)];
            return Finding::new(
                hidden_by(opaque).unwrap_or(Database::Unknown),
                Confidence::Low,
                place,
            );
        }
    }
    if main.seen.is_empty() && others.seen.is_empty() {
        if settings.has_classes {
            return Finding::new(Database::Unknown, Confidence::Low, settings.files.clone());
        }
        // Where Django does not read it, what it says is no answer, and yet somebody had it in mind.
        if let Some(entry) = settings.of(ENGINE).last() {
            let place = vec![at(&entry.file, entry.line)];
            return Finding::new(Database::Unknown, Confidence::Low, place);
        }
        let names_them = |file: &&String| names_databases(&sources.text(file));
        let is_read = settings.of(DATABASES).next().is_some();
        if let Some(file) = settings.files.iter().find(names_them).filter(|_| !is_read) {
            return Finding::new(Database::Unknown, Confidence::Low, vec![file.clone()]);
        }
        return match settings.files.first() {
            Some(file) => Finding::new(Database::None, Confidence::Medium, vec![file.clone()]),
            None => Finding::new(Database::Unknown, Confidence::Low, evidence),
        };
    }
    let mut all: BTreeSet<Database> = main.seen.clone();
    all.extend(&others.seen);
    evidence.extend(others.evidence.clone());
    evidence.dedup();
    let database = combined(&main, &all);
    let mut confidence = if main.seen.is_empty() || all.len() > 1 {
        Confidence::Medium
    } else {
        Confidence::High
    };
    if all.contains(&Database::Unknown) {
        confidence = Confidence::Low;
    }
    let found = Finding::new(database, confidence, evidence);
    overruled(found, &main, settings, installed)
}

/// Whether the code of a file has the name of the setting, in a way that is not understood.
fn names_databases(text: &str) -> bool {
    text.contains("DATABASES")
        && tokens::lines(text)
            .iter()
            .flat_map(|line| &line.tokens)
            .any(|(token, _)| token.is("DATABASES"))
}

fn hidden_by(opaque: &Opaque) -> Option<Database> {
    opaque.is_library.then_some(Database::FromLibrary)
}

/// What is found, less certain where something that cannot be read comes after it and may replace it.
fn overruled(
    mut found: Finding<Database>,
    main: &Possible,
    settings: &Settings,
    installed: Installed,
) -> Finding<Database> {
    let engine = found.value.and_then(Database::engine);
    let is_engine = engine.is_some();
    let family = engine.map(Engine::family);
    let only_driver = matches!(installed.drivers, [driver] if Some(*driver) == family);
    let opaque = settings
        .opaque
        .iter()
        .find(|opaque| opaque.after >= main.decided);
    if let Some(opaque) = opaque {
        found.confidence = found.confidence.min(Confidence::Medium);
        found.evidence.push(at(&opaque.file, opaque.line));
        if is_engine && !only_driver {
            found.confidence = Confidence::Low;
            found.value = hidden_by(opaque).or(found.value);
        }
    }
    let missing = settings.missing.iter().find(|missing| {
        missing.after >= main.decided
            && (missing.is_local || !is_provided(&missing.module, installed.packages))
    });
    if let Some(missing) = missing {
        found.confidence = found.confidence.min(Confidence::Medium);
        found.evidence.push(at(&missing.file, missing.line));
        // A file where nothing else is said is what such a module most often replaces: it mostly names the server of a
        // database, and seldom a database of another kind.
        let has_other = installed
            .drivers
            .iter()
            .any(|driver| Some(*driver) != family);
        if engine == Some(Engine::Sqlite) || is_engine && has_other {
            found.confidence = Confidence::Low;
        }
    }
    found
}

/// Whether one of the packages has a module of this name.
fn is_provided(module: &str, packages: &[String]) -> bool {
    let head = module.split('.').next().unwrap_or(module);
    let head = head.to_ascii_lowercase().replace('_', "-");
    packages.iter().any(|package| {
        *package == head
            || package.ends_with(&format!("-{head}"))
            || package.starts_with(&format!("{head}-"))
    })
}

/// The databases that the installed packages are drivers for.
#[must_use]
pub(super) fn drivers(packaging: &Packaging) -> Vec<Engine> {
    let known: [(Engine, &[&str]); 3] = [
        (
            Engine::Postgresql,
            &[
                "psycopg2",
                "psycopg2-binary",
                "psycopg",
                "psycopg-binary",
                "psycopg2cffi",
            ],
        ),
        (
            Engine::Mysql,
            &[
                "mysqlclient",
                "mysql-python",
                "pymysql",
                "mysql-connector-python",
                "mysql-connector",
            ],
        ),
        (Engine::Oracle, &["cx-oracle", "oracledb"]),
    ];
    known
        .into_iter()
        .filter(|(_, packages)| !packaging.of(packages).is_empty())
        .map(|(engine, _)| engine)
        .collect()
}

/// The database to propose where the settings do not say it for certain: a server's rather than a file, if both are named
/// anywhere in what is assigned.
#[must_use]
pub(super) fn guess(settings: &Settings, variants: &[(String, Settings)]) -> Option<Engine> {
    let mut named = BTreeSet::new();
    let others = variants.iter().filter(|(path, _)| !is_for_tests(path));
    for settings in std::iter::once(settings).chain(others.map(|(_, variant)| variant)) {
        for entry in settings.entries.iter().filter(|entry| {
            entry.name.contains("DATABASE")
                || entry.value.any(&|expr| expr.text() == Some("ENGINE"))
        }) {
            entry
                .value
                .walk(&mut |expr| named.extend(expr.text().and_then(super::backend::named)));
        }
    }
    [
        Engine::Postgis,
        Engine::Postgresql,
        Engine::Mysql,
        Engine::Oracle,
        Engine::Sqlite,
    ]
    .into_iter()
    .find(|engine| named.contains(engine))
}

fn combined(main: &Possible, all: &BTreeSet<Database>) -> Database {
    if all.len() == 1 {
        return all.first().copied().unwrap_or(Database::Unknown);
    }
    // This is one file that takes another's word, with a default for developers.
    let is_hidden = |seen: &&Database| !matches!(seen, Database::Engine(_) | Database::Unknown);
    let mut hidden = main.seen.iter().filter(is_hidden);
    if let (Some(seen), None, true) = (hidden.next(), hidden.next(), main.seen.len() == all.len()) {
        return *seen;
    }
    if all.contains(&Database::Unknown)
        && !all.iter().any(|seen| matches!(seen, Database::Engine(_)))
    {
        return Database::Unknown;
    }
    Database::PerEnvironment
}

/// Whether a variable of the environment that is about databases decides whether a block runs.
fn is_chosen_by_environment(block: &Block) -> bool {
    let (Block::If(condition) | Block::Else(condition)) = block else {
        return false;
    };
    let asks = condition.any(&|expr| {
        let name = expr.call().map(|(name, _)| name).or_else(|| expr.name());
        name.is_some_and(|name| is_environment(name) || name.contains("environ"))
    });
    let is_about = |text: &str| {
        let text = text.to_ascii_uppercase();
        ["DB", "DATABASE", "SQL", "RDS", "POSTGRES"]
            .iter()
            .any(|word| text.contains(word))
    };
    asks && condition.any(&|expr| expr.text().is_some_and(is_about))
}

pub(super) fn reader<'a>(sources: &'a Sources, settings: &'a Settings) -> EngineReader<'a> {
    EngineReader {
        sources,
        settings,
        evaluator: Evaluator { settings },
    }
}

/// The assignments to `name` that do not run for tests alone, each with its place among all.
pub(super) fn counted<'a>(
    settings: &'a Settings,
    name: &'a str,
) -> impl Iterator<Item = (usize, &'a Entry)> {
    settings
        .entries
        .iter()
        .enumerate()
        .filter(move |(_, entry)| {
            // The settings themselves may bear a name as if they were for tests.
            let is_own = settings.files.first() == Some(&entry.file);
            entry.name == name
                && !entry.is_hidden
                && !entry.inside.iter().any(is_test_guard)
                && (is_own || !is_for_tests(&entry.file))
        })
}

fn possible(sources: &Sources, settings: &Settings, django: Option<(u32, u32)>) -> Possible {
    let reader = reader(sources, settings);
    let mut possible = Possible::default();
    let is_read = django.is_none_or(|django| django < WITHOUT_ENGINE);
    for name in [DATABASES, ENGINE]
        .into_iter()
        .filter(|name| is_read || *name == DATABASES)
    {
        for (index, entry) in counted(settings, name) {
            let seen = if name == DATABASES {
                reader.entry(entry)
            } else {
                Some(reader.engine(&entry.value, &entry.file, 0))
            };
            if let Some(seen) = seen {
                possible.add(entry, index, seen);
            }
        }
        if !possible.seen.is_empty() {
            break;
        }
    }
    possible
}

impl Possible {
    fn add(&mut self, entry: &Entry, index: usize, seen: Database) {
        let is_any = entry.keys.iter().any(|key| key == "?");
        let is_update = matches!(entry.op.as_str(), "update" | "|=");
        let is_whole = entry.replaces() || is_update && matches!(seen, Database::Engine(_));
        if is_whole && !is_any && !entry.is_in_class() && entry.is_certain() {
            self.seen.clear();
            self.evidence.clear();
            self.decided = index + 1;
        }
        if entry.inside.iter().any(is_chosen_by_environment) {
            self.seen.insert(Database::FromEnv);
        }
        self.seen.insert(seen);
        self.evidence.push(at(&entry.file, entry.line));
    }
}
