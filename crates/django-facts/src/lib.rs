//! What a Django project is, read from its files as bytes: nothing of it is ever imported or run.
#![doc = include_str!("../README.md")]
// A file is what its name says, letter for letter, on every system.
#![allow(clippy::case_sensitive_file_extension_comparisons)]

mod addresses;
mod aliases;
mod apps;
mod backend;
mod build_servers;
mod celery;
mod configuration;
mod containers;
mod database;
mod debugging;
mod declared;
mod details;
mod developers;
mod docker;
mod dynaconf;
mod effects;
mod engine;
mod engine_reader;
mod entrance;
mod environments;
mod evaluate;
mod examples;
mod exported;
mod expression;
mod finding;
mod findings;
mod form;
mod formats;
mod forms;
mod guards;
mod hidden;
mod images;
mod imports;
mod including;
mod inspect;
mod installs;
mod interpreter;
mod judging;
mod key;
mod layout;
mod load;
mod local_examples;
mod locate;
mod locks;
mod manifests;
mod names;
mod neighbours;
mod other_databases;
mod overrides;
mod own_package;
mod packaging;
mod parse;
mod pip;
mod purposes;
mod requirement;
mod services;
mod serving;
mod settings;
mod site;
mod sources;
mod starting;
mod survey;
mod switches;
mod syntax;
mod text;
mod tokens;
mod uncovered;
mod verdict;
mod versions;
mod wrapping;

pub use addresses::{
    Addresses, Change, Edited, Literal, Purpose, Role, Server, Told, Variable, edited,
};
pub use containers::{Containers, OwnService, Weakness, WeaknessKind};
pub use debugging::Debugging;
pub use details::{Details, OtherDatabase, OwnPackage};
pub use engine::{Database, Engine};
pub use finding::{Confidence, Fact, Finding, ShownFinding, ShownValue};
pub use findings::{
    DjangoVersion, Environments, Findings, Location, PythonVersion, Requirements, Serving, Switch,
};
pub use forms::{RequirementsForm, SettingsForm};
pub use including::{has_hashes, needs_no_folder, read_alone};
pub use interpreter::{first_without, oldest_python};
pub use key::Key;
pub use names::{SETTINGS, WRAPPER, normalised};
pub use neighbours::Neighbour;
pub use overrides::Overrides;
pub use pip::{Translation, for_developers, variables, without_secrets};
pub use sources::Sources;
pub use survey::Survey;
pub use verdict::{Decision, Verdict};
