//! What the wizard uses of a project and the report does not show.

use std::collections::{BTreeMap, BTreeSet};

use super::entrance::Entrance;
use super::further::Further;
use super::packaging::Packaging;
use super::services::Services;
use super::settings::Settings;
use super::sources::Sources;
use super::versions::Version;
use super::{celery, database, starting, uncovered, versions};

/// Facts that decide how a project is wrapped.
#[derive(Clone, Debug, Default)]
pub struct More {
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
    /// The databases beside the default one.
    pub further: Vec<Further>,
    /// The database that the installed driver is for, where the settings do not say.
    pub driver: Option<&'static str>,
    /// The database that the settings name first among others, or as a default.
    pub likely_database: Option<&'static str>,
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
}

pub(super) fn find(
    sources: &Sources,
    (settings, variants): (&Settings, &[(String, Settings)]),
    (packaging, drivers): (&Packaging, &[&'static str]),
    services: &Services,
    django: &Version,
    (entrance, python_path): (&Entrance, &str),
) -> More {
    let driver = match drivers {
        [driver] => Some(*driver),
        _ => None,
    };
    let unusual = if settings.has_classes {
        Some("its settings are attributes of classes".to_owned())
    } else if settings.has_relative_imports {
        Some("its settings import from a folder above by `..`".to_owned())
    } else {
        entrance
            .manage_py
            .text()
            .and_then(|manage| starting::unusual(sources, manage))
    };
    More {
        django: django.spec.text().and_then(versions::lowest),
        rabbitmq: services.rabbitmq().is_true(),
        has_broker: services.has_broker(),
        celery_app: services.celery().is_true().then_some(()).and_then(|()| {
            let module = entrance.settings_module.text();
            let package = module.and_then(|module| module.split('.').next());
            celery::app(sources, python_path, package)
        }),
        not_covered: uncovered::find(services),
        has_geography: services.has_geography(),
        unusual,
        packages: packaging
            .wanted
            .iter()
            .map(|wanted| wanted.package.clone())
            .collect(),
        asked_by: asked_by(packaging),
        further: Vec::new(),
        driver,
        likely_database: database::guess(settings, variants),
        settings_in_use: None,
        settings_file: entrance.settings_file.clone(),
        declared: entrance.declared.clone(),
        import_folders: entrance.import_folders.clone(),
        others: entrance.others(sources),
    }
}

fn asked_by(packaging: &Packaging) -> BTreeMap<String, BTreeSet<String>> {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for wanted in packaging.wanted.iter().filter(|wanted| !wanted.is_dev) {
        let packages = files.entry(wanted.file.clone()).or_default();
        packages.insert(wanted.package.clone());
    }
    files
}
