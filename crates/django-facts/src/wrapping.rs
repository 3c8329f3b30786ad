//! Facts that decide how a project is wrapped, beside those of the report.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses::{Addresses, Purpose, Server};
use super::containers::Containers;
use super::details::{Details, OwnPackage};
use super::engine::Engine;
use super::entrance::Entrance;
use super::packaging::Packaging;
use super::services::Services;
use super::settings::Settings;
use super::sources::Sources;
use super::{celery, database, local_examples, names, starting, uncovered};

/// What was read of a project, for whoever derives more from it.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) sources: &'a Sources,
    pub(super) entrance: &'a Entrance,
    pub(super) python_path: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) variants: &'a [(String, Settings)],
    pub(super) packaging: &'a Packaging,
    pub(super) services: &'a Services<'a>,
    /// The databases that installed drivers are for.
    pub(super) drivers: &'a [Engine],
    /// The oldest Django that the specification allows.
    pub(super) django: Option<(u32, u32)>,
    /// The file of the WSGI application.
    pub(super) wsgi_file: Option<&'a str>,
    pub(super) own_package: Option<&'a OwnPackage>,
    pub(super) addresses: &'a Addresses,
}

/// All details but the databases and the settings in use, which are found by others.
pub(super) fn details(known: Known) -> Details {
    let Known {
        sources,
        entrance,
        services,
        packaging,
        ..
    } = known;
    let driver = match known.drivers {
        [driver] => Some(*driver),
        _ => None,
    };
    let celery_app = (services.celery().is_true() || known.addresses.celery.is_some())
        .then_some(())
        .and_then(|()| {
            let module = entrance.settings_module.text();
            let package = module.and_then(|module| module.split('.').next());
            celery::app(sources, known.python_path, package)
        });
    let told = known
        .addresses
        .engine()
        .or_else(|| local_examples::engine(sources, known.settings, known.python_path))
        .or_else(|| services.database());
    Details {
        django: known.django,
        rabbitmq: services.rabbitmq().is_true() || known.addresses.has(Server::Rabbitmq),
        has_broker: services.has_broker() || known.addresses.is_for(Purpose::Broker),
        celery_app,
        not_covered: uncovered::find(services),
        has_geography: services.has_geography(),
        unusual: unusual(known),
        packages: packages(packaging),
        asked_by: asked_by(packaging),
        managers: packaging.managers.clone(),
        other_databases: Vec::new(),
        driver,
        likely_database: likely_database(known, told),
        told_database: told,
        settings_in_use: None,
        settings_file: entrance.settings_file.clone(),
        declared: entrance.declared.clone(),
        import_folders: entrance.import_folders.clone(),
        others: entrance.others(sources),
        neighbours: Vec::new(),
        addresses: Addresses::default(),
        containers: Containers::default(),
        own_package: None,
    }
}

/// The database that settings name first; a file yields to the server that variables and the examples of them name.
fn likely_database(known: Known, told: Option<Engine>) -> Option<Engine> {
    let guess = database::guess(known.settings, known.variants);
    match guess {
        None => told,
        Some(Engine::Sqlite) => known.addresses.engine().or(guess),
        _ => guess,
    }
}

/// Why the wrapper's settings and manage.py could not stand in for the project's.
fn unusual(known: Known) -> Option<String> {
    let Known {
        sources,
        entrance,
        python_path,
        ..
    } = known;
    if known.settings.has_classes {
        return Some("its settings are attributes of classes".to_owned());
    }
    if known.settings.has_relative_imports {
        return Some("its settings import from a folder above by `..`".to_owned());
    }
    if let Some(own) = known.own_package {
        return Some(format!(
            "its own folder is the package `{}` ({})",
            own.name,
            own.places.join(", ")
        ));
    }
    let manage = entrance.manage_py.text();
    manage
        .and_then(|manage| starting::unusual(sources, manage))
        .or_else(|| starting::unusual_wsgi(sources, known.wsgi_file?, python_path))
        .or_else(|| {
            let taken = sources.package_in(&entrance.import_folders, names::SETTINGS)?;
            Some(format!(
                "`{taken}` is there, and the wrapper's settings need that name"
            ))
        })
}

/// The packages by name, as pip compares them.
pub(super) fn packages(packaging: &Packaging) -> Vec<String> {
    let wanted = packaging.wanted.iter();
    wanted.map(|wanted| wanted.package.clone()).collect()
}

fn asked_by(packaging: &Packaging) -> BTreeMap<String, BTreeSet<String>> {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for wanted in packaging.wanted.iter().filter(|wanted| !wanted.is_dev) {
        let packages = files.entry(wanted.file.clone()).or_default();
        packages.insert(wanted.package.clone());
    }
    files
}
