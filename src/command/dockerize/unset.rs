//! The dotenv files with secrets: one line for each variable of the project that has no value yet, with where it is read.

use std::collections::BTreeMap;

use super::addresses;
use crate::template::Answers;
use crate::tree::{File, Tree};
use django_facts::{Findings, Literal, Purpose, Role, Variable};

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
    /// It has to be there, and is nobody's secret on the machine of a developer.
    has_value: bool,
}

/// Adds the lines to the files among `tree`; `edited` are addresses that variables shall name.
pub(super) fn add(tree: &mut Tree, findings: &Findings, edited: &[Literal], answers: &Answers) {
    for (name, for_developers) in FILES {
        let open = if for_developers {
            of_developers(findings, answers)
        } else {
            of_sites(findings, edited)
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
    variables
        .filter(|known| known.for_developers && known.is_required && !set.contains(&known.name))
        .map(|known| Unset {
            name: known.name.clone(),
            places: places(known),
            has_value: known.told.purpose == Purpose::Key,
        })
        .collect()
}

/// What a site needs a value of its own for: addresses, secrets, and what has no default.
fn of_sites(findings: &Findings, edited: &[Literal]) -> Vec<Unset> {
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
            has_value: false,
        })
        .collect();
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
                has_value: false,
            });
        }
    }
    open
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
        has_value,
    } in open
    {
        let own = format!("# {name}=${{{name}:-''}}\n");
        let line = if *has_value {
            format!("{name}=${{{name}:-'only-for-development'}}  # {places}\n")
        } else {
            format!("{}  # {places}\n", own.trim_end())
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
