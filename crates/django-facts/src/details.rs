//! What the wizard uses of a project and the report does not show.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses::Addresses;
use super::containers::Containers;
use super::engine::{Database, Engine};
use super::finding::{Confidence, Finding};
use super::forms::RequirementsForm;
use super::neighbours::Neighbour;

/// Facts that decide how a project is wrapped.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// The oldest Django that the specification allows.
    pub django: Option<(u32, u32)>,
    pub rabbitmq: bool,
    /// Whether anything tells what Celery hands its tasks to.
    pub has_broker: bool,
    /// The module of the Celery application, where it is certain.
    pub celery_app: Option<String>,
    /// The services that the template has nothing for, each with the place that tells of it.
    pub not_covered: Vec<(&'static str, String)>,
    pub has_geography: bool,
    /// Why the wrapper's settings and manage.py could not stand in for the project's.
    pub unusual: Option<String>,
    /// The packages by name, as pip compares them.
    pub packages: Vec<String>,
    /// The packages that the project runs with, by the file that asks for them.
    pub asked_by: BTreeMap<String, BTreeSet<String>>,
    /// The files that other tools than pip install from, each with its kind.
    pub managers: Vec<(RequirementsForm, String)>,
    /// The databases beside the default one.
    pub other_databases: Vec<OtherDatabase>,
    /// The database that the installed driver is for, where the settings do not say.
    pub driver: Option<Engine>,
    /// The database that the settings name first among others, or as a default.
    pub likely_database: Option<Engine>,
    /// The database that an example tells, of the environment or of local settings, or the one server that compose files
    /// start; for settings that have it from elsewhere.
    pub told_database: Option<Engine>,
    /// The settings module that the environment names, and where, when the declared one holds no settings.
    pub settings_in_use: Option<(String, String)>,
    /// The settings module's own file.
    pub settings_file: Option<String>,
    /// The settings module by the project's own word, whatever a person says.
    pub declared: Option<String>,
    /// The folders that modules are imported from; the root is empty.
    pub import_folders: Vec<String>,
    /// What starts other projects in the same tree.
    pub others: Vec<String>,
    /// The other sites of the same tree that manage.py does not start.
    pub neighbours: Vec<Neighbour>,
    /// What the project reads of the environment, and the addresses that stand in its code.
    pub addresses: Addresses,
    /// The project's own Docker files.
    pub containers: Containers,
    /// The package that the folder of manage.py is by itself.
    pub own_package: Option<OwnPackage>,
}

/// A package that a folder of the project is by itself, though nothing on Python's path has its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPackage {
    pub name: String,
    /// The folder; the root is empty.
    pub folder: String,
    /// Where modules are named below it.
    pub places: Vec<String>,
}

impl OwnPackage {
    /// The name, and the folder.
    pub(super) fn known(&self) -> (String, String) {
        (self.name.clone(), self.folder.clone())
    }

    /// The name, as a finding.
    #[must_use]
    pub(super) fn finding(&self) -> Finding<String> {
        Finding::new(self.name.as_str(), Confidence::Medium, self.places.clone())
    }
}

/// A database beside the default one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherDatabase {
    /// `None`: something chooses among databases, and which there are is not told.
    pub alias: Option<String>,
    pub database: Database,
    pub place: String,
}
