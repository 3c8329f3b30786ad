//! What a Django project is, read from its files as bytes: nothing of it is ever imported or run.
#![doc = include_str!("../README.md")]
// A file is what its name says, letter for letter, on every system.
#![allow(clippy::case_sensitive_file_extension_comparisons)]

mod aliases;
mod backend;
mod celery;
mod database;
mod declared;
mod developers;
mod docker;
mod effects;
mod elsewhere;
mod engine;
mod entrance;
mod environments;
mod evaluate;
mod examples;
mod expression;
mod finding;
mod form;
mod formats;
mod further;
mod guards;
mod hidden;
mod images;
mod including;
mod interpreter;
mod layout;
mod load;
mod locate;
mod locks;
mod manifests;
mod more;
mod names;
mod packaging;
mod parse;
mod pip;
mod requirement;
mod services;
mod serving;
mod settings;
mod site;
mod sources;
mod starting;
mod survey;
mod syntax;
mod text;
mod tokens;
mod uncovered;
mod verdict;
mod versions;

use serde::Serialize;

pub use entrance::Told;
pub use environments::Environments;
pub use finding::{Confidence, Finding};
pub use further::Further;
pub use interpreter::oldest_python;
pub use more::More;
pub use names::normalised;
pub use pip::{Translation, for_developers, variables, without_secrets};
pub use serving::Serving;
pub use survey::Survey;
pub use verdict::Verdict;

use database::Installed;
use entrance::Entrance;
use layout::{place, setting, settings_files, settings_form, variants, wsgi};
use packaging::Packaging;
use services::Services;
use settings::Settings;
use sources::{Sources, parent};

/// All that is known of a project. The keys of its JSON are stable.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    pub manage_py: Finding,
    /// The one that manage.py declares.
    pub settings_module: Finding,
    /// `module`, `package`, `flat` (several modules side by side) or `absent`.
    pub settings_form: Finding,
    pub settings_files: Finding,
    pub wsgi_module: Finding,
    pub wsgi_file: Finding,
    pub root_urlconf: Finding,
    /// The folder that must be on `sys.path`.
    pub python_path: Finding,
    pub django: DjangoVersion,
    pub python: PythonVersion,
    pub requirements: Requirements,
    pub database: Finding,
    /// Those beside the default one: `legacy: mysql`.
    pub other_databases: Finding,
    pub celery: Finding,
    pub redis: Finding,
    pub elasticsearch: Finding,
    pub memcached: Finding,
    pub node: Finding,
    pub bower: Finding,
    #[serde(rename = "static")]
    pub static_files: Place,
    pub media: Place,
    pub existing_docker: Finding,
    /// The settings modules of the environments that are no developer's.
    pub settings: Environments,
    pub serving: Serving,
    /// The manifests and locks that are not what their names say, so that nothing is known of them.
    #[serde(skip_serializing_if = "Finding::is_empty_list")]
    pub unreadable: Finding,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What the wizard uses and the report does not show.
    #[serde(skip)]
    pub more: More,
}

#[derive(Clone, Debug, Serialize)]
pub struct DjangoVersion {
    pub spec: Finding,
    pub source: Finding,
}

#[derive(Clone, Debug, Serialize)]
pub struct PythonVersion {
    pub version: Finding,
    pub source: Finding,
}

#[derive(Clone, Debug, Serialize)]
pub struct Requirements {
    pub form: Finding,
    pub main: Finding,
    pub others: Finding,
}

/// Where files are served and collected.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    pub url: Finding,
    pub root: Finding,
}

/// The template's package that every mode brings.
pub const WRAPPER: &str = "ixc_django_docker";
/// The template's package of settings, where the wrapper's include the project's.
pub const SETTINGS: &str = "ixcproject";

impl Findings {
    /// Where the project has a package or module of this name, in any folder that modules are imported from.
    #[must_use]
    pub fn in_use(&self, name: &str, survey: &Survey) -> Option<String> {
        let mut paths = self.more.import_folders.iter().flat_map(|folder| {
            let path = match folder.as_str() {
                "" => name.to_owned(),
                folder => format!("{folder}/{name}"),
            };
            [format!("{path}.py"), path]
        });
        paths.find(|path| survey.has(path) || survey.has_folder(path))
    }

    /// Reads the project whose files `survey` lists.
    #[must_use]
    pub fn of(survey: &Survey) -> Self {
        Self::told(survey, &Told::default())
    }

    /// Reads it where a person has said some of it; the rest follows from that.
    #[must_use]
    pub fn told(survey: &Survey, told: &Told) -> Self {
        let sources = Sources::new(survey);
        let entrance = Entrance::find(&sources, told);
        let own = entrance.manage_py.text().map(parent).unwrap_or_default();
        let python_path = match entrance.python_path.text() {
            Some(".") => String::new(),
            Some(path) => path.to_owned(),
            None => own.clone(),
        };
        let settings = entrance
            .settings_file
            .as_deref()
            .map(|file| Settings::load(&sources, &python_path, file))
            .unwrap_or_default();
        let variants = variants(&sources, &entrance, &settings, &python_path);
        let packaging = Packaging::find(&sources, &own);
        let django = versions::django(&sources, &packaging, &settings, &own);
        let python = interpreter::python(
            &sources,
            &django,
            &own,
            &packaging.unreadable_manifests(&own),
        );
        let services = Services::new(&sources, &packaging, &settings, &variants);
        let (wsgi_module, wsgi_file) =
            wsgi(&sources, &settings, &variants, &python_path, &entrance);
        let drivers = database::drivers(&packaging);
        let mut more = more::find(
            &sources,
            (&settings, &variants),
            (&packaging, &drivers),
            &services,
            &django,
            (&entrance, &python_path),
        );
        let packages = more.packages.clone();
        let installed = Installed {
            drivers: &drivers,
            packages: &packages,
            django: more.django,
        };
        let environments =
            environments::find(&sources, &entrance, &variants, &python_path, installed);
        let serving = serving::find(
            &sources,
            (&settings, &variants),
            &packaging,
            &entrance,
            &python_path,
        );
        let database = database::find(&sources, &settings, &variants, installed);
        more.further = further::find(&sources, &settings, &variants, &database);
        let mut findings = Self {
            settings_form: settings_form(&sources, &entrance, &settings, &variants),
            settings_files: settings_files(&sources, &settings, &variants),
            root_urlconf: setting(&settings, &variants, "ROOT_URLCONF", false),
            other_databases: further::finding(&more.further),
            database,
            celery: services.celery(),
            redis: services.redis(),
            elasticsearch: services.elasticsearch(),
            memcached: services.memcached(),
            node: services.node(),
            bower: services.bower(),
            static_files: place(&settings, &variants, "STATIC"),
            media: place(&settings, &variants, "MEDIA"),
            existing_docker: docker::find(&sources),
            settings: environments,
            serving,
            unreadable: packaging.unreadable(),
            manage_py: entrance.manage_py.clone(),
            settings_module: entrance.settings_module.clone(),
            python_path: entrance.python_path.clone(),
            wsgi_module,
            wsgi_file,
            django: DjangoVersion {
                spec: django.spec,
                source: django.source,
            },
            python: PythonVersion {
                version: python.spec,
                source: python.source,
            },
            requirements: Requirements {
                form: packaging.form.clone(),
                main: packaging.main.clone(),
                others: packaging.others.clone(),
            },
            verdict: Verdict::default(),
            more,
        };
        if findings.more.unusual.is_none() {
            let served = findings.wsgi_file.text();
            findings.more.unusual =
                served.and_then(|file| starting::unusual_wsgi(&sources, file, &python_path));
        }
        if findings.more.unusual.is_none() {
            findings.more.unusual = findings.in_use(SETTINGS, survey).map(|path| {
                format!("`{path}` is there, and the wrapper's settings need that name")
            });
        }
        // What is declared holds no settings: the environment names others.
        if settings.is_hollow() && !variants.is_empty() && told.settings_module.is_none() {
            findings.settings_module.confidence = Confidence::Low;
            findings.more.settings_in_use = elsewhere::in_use(&sources, &python_path, &variants);
        }
        findings.verdict = Verdict::of(&findings, &sources, &entrance, &packaging);
        findings.verdict.answered(told);
        findings
    }

    /// The finding that the report shows under a key such as `django.spec`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Finding> {
        self.all()
            .into_iter()
            .find(|(name, _)| *name == key)
            .map(|(_, finding)| finding)
    }

    /// The services that were found, by the names that the template has for them.
    #[must_use]
    pub fn services(&self) -> Vec<&'static str> {
        let found = [
            ("redis", self.redis.is_true()),
            ("memcached", self.memcached.is_true()),
            ("rabbitmq", self.more.rabbitmq),
            ("elasticsearch", self.elasticsearch.is_true()),
        ];
        let used = found.into_iter().filter(|(_, is_used)| *is_used);
        used.map(|(name, _)| name).collect()
    }

    /// Every finding under its key, in the order of the report.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, &Finding)> {
        vec![
            ("manage_py", &self.manage_py),
            ("settings_module", &self.settings_module),
            ("settings_form", &self.settings_form),
            ("settings_files", &self.settings_files),
            ("wsgi_module", &self.wsgi_module),
            ("wsgi_file", &self.wsgi_file),
            ("root_urlconf", &self.root_urlconf),
            ("python_path", &self.python_path),
            ("django.spec", &self.django.spec),
            ("django.source", &self.django.source),
            ("python.version", &self.python.version),
            ("python.source", &self.python.source),
            ("requirements.form", &self.requirements.form),
            ("requirements.main", &self.requirements.main),
            ("requirements.others", &self.requirements.others),
            ("database", &self.database),
            ("other_databases", &self.other_databases),
            ("celery", &self.celery),
            ("redis", &self.redis),
            ("elasticsearch", &self.elasticsearch),
            ("memcached", &self.memcached),
            ("node", &self.node),
            ("bower", &self.bower),
            ("static.url", &self.static_files.url),
            ("static.root", &self.static_files.root),
            ("media.url", &self.media.url),
            ("media.root", &self.media.root),
            ("existing_docker", &self.existing_docker),
            ("settings.production", &self.settings.production),
            ("settings.staging", &self.settings.staging),
            ("settings.test", &self.settings.test),
            ("serving.asgi_module", &self.serving.asgi_module),
            ("serving.static_files", &self.serving.static_files),
            ("unreadable", &self.unreadable),
        ]
    }
}
