//! All that is known of a project, as values.

use serde::Serialize;

use super::debugging::Debugging;
use super::details::Details;
use super::engine::Database;
use super::finding::{Finding, ShownFinding};
use super::forms::{RequirementsForm, SettingsForm};
use super::key::Key;
use super::sources::Sources;
use super::verdict::Verdict;

/// All that is known of a project. The keys of its JSON are stable.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    pub manage_py: Finding<String>,
    /// The settings module that manage.py declares.
    pub settings_module: Finding<String>,
    /// `module`, `package`, `flat` (several modules side by side) or `absent`.
    pub settings_form: Finding<SettingsForm>,
    pub settings_files: Finding<Vec<String>>,
    pub wsgi_module: Finding<String>,
    pub wsgi_file: Finding<String>,
    pub root_urlconf: Finding<String>,
    /// The folder that must be on `sys.path`.
    pub python_path: Finding<String>,
    /// The package that the folder of manage.py is by itself, where nothing else has its name.
    pub own_package: Finding<String>,
    pub django: DjangoVersion,
    pub python: PythonVersion,
    pub requirements: Requirements,
    pub database: Finding<Database>,
    /// The databases beside the default one: `legacy: mysql`.
    pub other_databases: Finding<Vec<String>>,
    pub celery: Finding<bool>,
    pub redis: Finding<bool>,
    pub elasticsearch: Finding<bool>,
    pub memcached: Finding<bool>,
    pub node: Finding<bool>,
    pub bower: Finding<bool>,
    #[serde(rename = "static")]
    pub static_files: Location,
    pub media: Location,
    pub existing_docker: Finding<Vec<String>>,
    /// The settings modules of the environments that are no developer's.
    pub settings: Environments,
    pub serving: Serving,
    /// The variables that name servers, and those addresses that stand in the code instead.
    pub addresses: Finding<Vec<String>>,
    pub hard_coded: Finding<Vec<String>>,
    /// The manifests and locks that are not what their names say, so that nothing is known of them.
    #[serde(skip_serializing_if = "Finding::is_empty")]
    pub unreadable: Finding<Vec<String>>,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What the wizard uses and the report does not show.
    #[serde(skip)]
    pub details: Details,
}

#[derive(Clone, Debug, Serialize)]
pub struct DjangoVersion {
    pub spec: Finding<String>,
    pub source: Finding<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PythonVersion {
    pub version: Finding<String>,
    pub source: Finding<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Requirements {
    pub form: Finding<RequirementsForm>,
    pub main: Finding<String>,
    pub others: Finding<Vec<String>>,
}

/// Where files are served and collected.
#[derive(Clone, Debug, Serialize)]
pub struct Location {
    pub url: Finding<String>,
    pub root: Finding<String>,
}

/// The settings modules of the environments that are no developer's.
#[derive(Clone, Debug, Serialize)]
pub struct Environments {
    pub production: Finding<String>,
    /// The settings module of staging; production's, where it has none of its own.
    pub staging: Finding<String>,
    /// The settings module of tests; developers', where they have none of their own.
    pub test: Finding<String>,
    /// The variables that tell the project which of its own environments it is.
    #[serde(skip)]
    pub switches: Vec<Switch>,
    /// Where the settings of production turn DEBUG on, or do so unless the environment says otherwise.
    #[serde(skip)]
    pub debug_in_production: Option<String>,
    /// What turns DEBUG on for developers, where it is off without.
    #[serde(skip)]
    pub debugging: Option<Debugging>,
    /// The database of production, where its settings are others than those of developers.
    #[serde(skip)]
    pub database_in_production: Option<Finding<Database>>,
}

/// A variable that tells a project which of its own environments it is, with its values where one has to be set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switch {
    pub name: String,
    pub developers: Option<String>,
    pub staging: Option<String>,
    pub test: Option<String>,
    pub production: Option<String>,
    /// The words that it takes, where the project lists them.
    pub words: Vec<String>,
    /// Where it is read.
    pub place: String,
}

/// How the site is served.
#[derive(Clone, Debug, Serialize)]
pub struct Serving {
    /// The module whose `application` an asynchronous server runs, where the project has one of these.
    pub asgi_module: Finding<String>,
    /// `own`: the project's process answers for them; `storage`: they are elsewhere; `nobody`; none: it has no static files.
    pub static_files: Finding<String>,
}

impl Findings {
    /// Where the project has a package or module of this name, in any folder that modules are imported from.
    #[must_use]
    pub fn in_use(&self, name: &str, sources: &Sources) -> Option<String> {
        sources.package_in(&self.details.import_folders, name)
    }

    /// The finding under a key.
    #[must_use]
    pub fn get(&self, key: Key) -> ShownFinding<'_> {
        match key {
            Key::ManagePy => self.manage_py.shown(),
            Key::SettingsModule => self.settings_module.shown(),
            Key::SettingsForm => self.settings_form.shown(),
            Key::SettingsFiles => self.settings_files.shown(),
            Key::WsgiModule => self.wsgi_module.shown(),
            Key::WsgiFile => self.wsgi_file.shown(),
            Key::RootUrlconf => self.root_urlconf.shown(),
            Key::PythonPath => self.python_path.shown(),
            Key::OwnPackage => self.own_package.shown(),
            Key::DjangoSpec => self.django.spec.shown(),
            Key::DjangoSource => self.django.source.shown(),
            Key::PythonVersion => self.python.version.shown(),
            Key::PythonSource => self.python.source.shown(),
            Key::RequirementsForm => self.requirements.form.shown(),
            Key::RequirementsMain => self.requirements.main.shown(),
            Key::RequirementsOthers => self.requirements.others.shown(),
            Key::Database => self.database.shown(),
            Key::OtherDatabases => self.other_databases.shown(),
            Key::Celery => self.celery.shown(),
            Key::Redis => self.redis.shown(),
            Key::Elasticsearch => self.elasticsearch.shown(),
            Key::Memcached => self.memcached.shown(),
            Key::Node => self.node.shown(),
            Key::Bower => self.bower.shown(),
            Key::StaticUrl => self.static_files.url.shown(),
            Key::StaticRoot => self.static_files.root.shown(),
            Key::MediaUrl => self.media.url.shown(),
            Key::MediaRoot => self.media.root.shown(),
            Key::ExistingDocker => self.existing_docker.shown(),
            Key::SettingsOfProduction => self.settings.production.shown(),
            Key::SettingsOfStaging => self.settings.staging.shown(),
            Key::SettingsOfTests => self.settings.test.shown(),
            Key::AsgiModule => self.serving.asgi_module.shown(),
            Key::StaticServer => self.serving.static_files.shown(),
            Key::Addresses => self.addresses.shown(),
            Key::HardCoded => self.hard_coded.shown(),
            Key::Unreadable => self.unreadable.shown(),
        }
    }

    /// Every finding under its key, in the order of the report.
    pub fn all(&self) -> impl Iterator<Item = (Key, ShownFinding<'_>)> {
        Key::all().map(|key| (key, self.get(key)))
    }

    /// The services that were found, by the names that the template has for them.
    #[must_use]
    pub fn services(&self) -> Vec<&'static str> {
        let found = [
            ("redis", self.redis.is_true()),
            ("memcached", self.memcached.is_true()),
            ("rabbitmq", self.details.rabbitmq),
            ("elasticsearch", self.elasticsearch.is_true()),
        ];
        let used = found.into_iter().filter(|(_, is_used)| *is_used);
        used.map(|(name, _)| name).collect()
    }
}
