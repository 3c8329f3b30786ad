//! The dotenv files with secrets: one line for each variable of the project that has no value yet, with where it is read.

use std::collections::BTreeMap;

use super::addresses;
use super::questions::{MODE, database};
use super::serving::open_switches;
use crate::template::{Answer, Answers};
use crate::tree::{File, Tree};
use django_facts::{Database, Engine, Findings, Literal, Purpose, Role, Variable};

/// The files, and whether they are for developers.
const FILES: [(&str, bool); 3] = [
    (".env.develop.secret", true),
    (".env.staging.secret", false),
    (".env.production.secret", false),
];

/// How many places a line names.
const MOST: usize = 2;

/// A variable without a value.
struct Unset {
    name: String,
    places: String,
    /// What does on the machine of a developer.
    value: Option<String>,
}

/// Adds the lines to the files among `tree`; `edited` are addresses that variables shall name.
pub(super) fn add(tree: &mut Tree, findings: &Findings, edited: &[Literal], answers: &Answers) {
    for (name, for_developers) in FILES {
        let open = if for_developers {
            of_developers(findings, answers)
        } else {
            of_sites(findings, edited, answers)
        };
        let Some((path, file)) = tree.get_key_value(name).filter(|_| !open.is_empty()) else {
            continue;
        };
        let (path, executable) = (path.clone(), file.executable);
        let text = with(&String::from_utf8_lossy(&file.raw()), &open);
        let made = File {
            executable,
            ..File::new(text.into_bytes())
        };
        tree.insert(path, made);
    }
}

/// What code that developers run cannot do without, and compose.yaml does not set.
fn of_developers(findings: &Findings, answers: &Answers) -> Vec<Unset> {
    let set = addresses::names_set(answers);
    let variables = findings.details.addresses.variables.iter();
    let mut open: Vec<Unset> = variables
        .filter(|known| known.is_required_by_developers && !set.contains(&known.name))
        .map(|known| Unset {
            name: known.name.clone(),
            places: places(known),
            value: of_developer(known),
        })
        .collect();
    if let Some(debugging) = &findings.settings.debugging {
        open.retain(|known| known.name != debugging.name);
        open.push(Unset {
            name: debugging.name.clone(),
            places: debugging.place.clone(),
            value: Some(debugging.value.clone()),
        });
    }
    open
}

/// What does on the machine of a developer, where no secret is needed for it.
fn of_developer(variable: &Variable) -> Option<String> {
    let is_plain = |value: &&str| {
        let fits = |letter: char| {
            letter.is_ascii_graphic() && !matches!(letter, '\'' | '}' | '$' | '\\' | '`')
        };
        !value.is_empty() && value.chars().all(fits)
    };
    let name = variable.name.as_str();
    let known = match variable.told.purpose {
        Purpose::Key => "only-for-development",
        _ if name.ends_with("ALLOWED_HOSTS") => "*",
        _ if variable.told.is_secret() || variable.told.is_address() => return None,
        _ => match variable.example.as_deref().filter(is_plain) {
            Some(example) => example,
            None if name == "DEBUG" || name.ends_with("_DEBUG") => "True",
            None => return None,
        },
    };
    Some(known.to_owned())
}

/// The variables that a developer has to fill in before anything starts.
pub(super) fn to_fill_in(findings: &Findings, answers: &Answers) -> Vec<String> {
    let open = of_developers(findings, answers).into_iter();
    open.filter(|known| known.value.is_none())
        .map(|known| known.name)
        .collect()
}

/// What a site needs a value of its own for: addresses, secrets, and what has no default.
fn of_sites(findings: &Findings, edited: &[Literal], answers: &Answers) -> Vec<Unset> {
    let is_open = |known: &&Variable| {
        let is_fixed = matches!(known.told.role, Role::Port | Role::Engine);
        let is_own = known.told.is_address() && !is_fixed || known.told.is_secret();
        known.in_production && (known.is_required || is_own)
    };
    let read = findings.details.addresses.variables.iter().filter(is_open);
    let mut open: Vec<Unset> = read
        .map(|known| Unset {
            name: known.name.clone(),
            places: places(known),
            value: None,
        })
        .collect();
    open.extend(of_wrapper(findings, answers));
    open.extend(open_switches(findings, answers).map(|switch| Unset {
        name: switch.name.clone(),
        places: switch.place.clone(),
        value: None,
    }));
    let mut named: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for literal in edited {
        if let Some(name) = literal.variable.as_deref() {
            let places = named.entry(name).or_default();
            if !places.contains(&literal.place.as_str()) {
                places.push(&literal.place);
            }
        }
    }
    for (name, places) in named {
        if !open.iter().any(|known| known.name == name) {
            open.push(Unset {
                name: name.to_owned(),
                places: places.join(", "),
                value: None,
            });
        }
    }
    open
}

/// What the wrapper reads: the server of a database that no variable of the project names.
fn of_wrapper(findings: &Findings, answers: &Answers) -> Vec<Unset> {
    let is_wrapped = answers.get(MODE) == Some(&Answer::Text("wrap".into()));
    let is_named = findings.details.addresses.variables.iter().any(|known| {
        let is_server = matches!(known.told.role, Role::Url | Role::Host);
        known.in_production
            && is_server
            && known.told.purpose == Purpose::Database
            && known.alias.is_none()
    });
    let prefix = match database(answers).and_then(Database::engine) {
        Some(Engine::Postgresql | Engine::Postgis) => "PG",
        Some(Engine::Mysql) => "MYSQL_",
        _ => return Vec::new(),
    };
    let keys = ["HOST", "USER", "PASSWORD", "DATABASE"];
    let keys = keys.into_iter().filter(|_| is_wrapped && !is_named);
    keys.map(|key| Unset {
        name: format!("{prefix}{key}"),
        places: "ixc_django_docker/legacy.py".to_owned(),
        value: None,
    })
    .collect()
}

fn places(variable: &Variable) -> String {
    let places = variable.places.iter().take(MOST);
    places.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The text of a file with a line for each; what the template has a line for gets its place there.
fn with(text: &str, open: &[Unset]) -> String {
    let mut text = text.trim_end().to_owned() + "\n";
    let mut lines = String::new();
    for Unset {
        name,
        places,
        value,
    } in open
    {
        let own = format!("# {name}=${{{name}:-''}}\n");
        let line = match value {
            Some(value) => format!("{name}=${{{name}:-'{value}'}}  # {places}\n"),
            None => format!("{}  # {places}\n", own.trim_end()),
        };
        if text.contains(&own) {
            text = text.replace(&own, &line);
        } else {
            lines += &line;
        }
    }
    if !lines.is_empty() {
        text += "\n# What the project reads and nothing sets yet, each with where. Fill it in, and take the first `# ` away.\n";
        text += &lines;
    }
    text
}
