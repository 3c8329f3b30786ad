//! A project's files, and what a person says of it → all findings.

use super::addresses::{self, Addresses, Run, Server};
use super::database::{self, Installed};
use super::details::{Details, OwnPackage};
use super::engine::Database;
use super::entrance::Entrance;
use super::finding::{Confidence, Finding};
use super::findings::{
    DjangoVersion, Environments, Findings, PythonVersion, Requirements, Serving,
};
use super::layout::{place, setting, settings_files, settings_form, variants, wsgi};
use super::neighbours::{self, Neighbour};
use super::overrides::Overrides;
use super::packaging::Packaging;
use super::services::Services;
use super::settings::Settings;
use super::sources::{Sources, join, parent};
use super::verdict::Verdict;
use super::versions::{self, Version};
use super::wrapping::{self, Known};
use super::{
    configuration, containers, docker, dynaconf, environments, interpreter, judging,
    local_examples, other_databases, own_package, serving,
};

impl Findings {
    /// What the files say.
    #[must_use]
    pub fn of(sources: &Sources) -> Self {
        Self::with(sources, &Overrides::default())
    }

    /// What they say where a person has said some of it; the rest follows from that. No file is parsed again.
    #[must_use]
    pub fn with(sources: &Sources, overrides: &Overrides) -> Self {
        Loaded::of(sources, overrides).findings(overrides)
    }
}

/// What of a project is read before anything is concluded from it.
struct Loaded<'s> {
    sources: &'s Sources,
    entrance: Entrance,
    /// The folder that modules are imported from; the root is empty.
    python_path: String,
    settings: Settings,
    /// The settings of other environments, by their files.
    variants: Vec<(String, Settings)>,
    packaging: Packaging,
    django: Version,
    python: Version,
    own_package: Option<OwnPackage>,
    neighbours: Vec<Neighbour>,
}

impl<'s> Loaded<'s> {
    fn of(sources: &'s Sources, overrides: &Overrides) -> Self {
        sources.know_package(None);
        let mut entrance = Entrance::find(sources, overrides);
        let own = entrance.manage_py.text().map(parent).unwrap_or_default();
        let mut own_package = None;
        if entrance.settings_file.is_none() {
            let found = &entrance.settings_module;
            own_package = found
                .text()
                .and_then(|module| own_package::declared(sources, &own, module, &found.evidence));
            if own_package.is_some() {
                sources.know_package(own_package.as_ref().map(OwnPackage::known));
                entrance = Entrance::find(sources, overrides);
            }
        }
        let python_path = match entrance.python_path.text() {
            Some(".") => String::new(),
            Some(path) => path.to_owned(),
            None => own.clone(),
        };
        let file = entrance.settings_file.clone();
        let load = || {
            let file = file.as_deref();
            let settings = file.map(|file| Settings::load(sources, &python_path, file));
            settings.unwrap_or_default()
        };
        let mut settings = load();
        if own_package.is_none() {
            own_package = own_package::named(sources, &python_path, &settings);
            if own_package.is_some() {
                sources.know_package(own_package.as_ref().map(OwnPackage::known));
                settings = load();
            }
        }
        if let Some(own) = &own_package {
            entrance.python_path = entrance
                .python_path
                .doubted(Confidence::Medium, &own.places);
        }
        let mut variants = variants(sources, &entrance, &settings, &python_path);
        let neighbours = neighbours::taken(&settings, &mut variants);
        if entrance.settings_file.is_none() {
            let module = entrance.settings_module.text().unwrap_or_default();
            variants.extend(local_examples::settings(sources, &python_path, module));
        }
        let given = overrides.requirements.as_deref();
        let packaging = Packaging::find(sources, &own, given);
        let django = versions::django(sources, &packaging, &settings, &own);
        let unreadable = packaging.unreadable_manifests(&own);
        let python = interpreter::python(sources, &django, &own, &unreadable);
        Self {
            sources,
            entrance,
            python_path,
            settings,
            variants,
            packaging,
            django,
            python,
            own_package,
            neighbours,
        }
    }

    /// Whether the declared settings hold nothing, so that the environment names others.
    fn is_hollow(&self, overrides: &Overrides) -> bool {
        let is_given = overrides.settings_module.is_some();
        self.settings.is_hollow() && !self.variants.is_empty() && !is_given
    }

    fn settings_module(&self, overrides: &Overrides) -> Finding<String> {
        let declared = self.entrance.settings_module.clone();
        let is_doubtful =
            self.is_hollow(overrides) || self.is_folder() || self.is_nowhere(&declared);
        if is_doubtful && overrides.settings_module.is_none() {
            declared.with(Confidence::Low)
        } else {
            declared
        }
    }

    /// Whether the module that is declared is not there, and nothing shows that each machine makes its own.
    fn is_nowhere(&self, declared: &Finding<String>) -> bool {
        let Some(module) = declared.text() else {
            return false;
        };
        let own = join(&self.python_path, &module.replace('.', "/"));
        let around = [parent(&own), own];
        let is_beside = |(path, _): &(String, Settings)| around.contains(&parent(path));
        self.entrance.settings_file.is_none()
            && !self.variants.iter().any(is_beside)
            && local_examples::of(self.sources, module).is_empty()
    }

    fn settings_in_use(&self, overrides: &Overrides) -> Option<(String, String)> {
        let is_chosen = overrides.settings_module.is_some();
        if self.is_folder() && !is_chosen {
            return configuration::for_developers(self.sources, &self.python_path, &self.variants);
        }
        let is_nowhere = self.is_nowhere(&self.entrance.settings_module);
        let is_open = self.is_hollow(overrides) || is_nowhere && !is_chosen;
        let (sources, folder) = (self.sources, &self.python_path);
        let named = is_open.then(|| {
            configuration::in_use(sources, folder, &self.variants)
                .or_else(|| configuration::first_started(sources, folder))
        });
        named.flatten()
    }

    /// Whether the module that is declared is a folder of settings, in which each machine makes the file that chooses.
    fn is_folder(&self) -> bool {
        let module = self.entrance.settings_module.text().unwrap_or_default();
        let folder = join(&self.python_path, &module.replace('.', "/"));
        self.entrance.settings_file.is_none()
            && !self.variants.is_empty()
            && self.sources.survey.has_folder(&folder)
    }

    /// The file of the production site's settings, where they are others than those of developers.
    fn production(&self, module: &Finding<String>) -> Option<String> {
        let file = self.sources.module(&self.python_path, module.text()?)?;
        (self.entrance.settings_file.as_ref() != Some(&file)).then_some(file)
    }

    fn database(&self, installed: Installed) -> Finding<Database> {
        let found = database::find(self.sources, &self.settings, &self.variants, installed);
        match found.value {
            Some(Database::None) => {
                dynaconf::database(self.sources, &self.settings.files).unwrap_or(found)
            }
            _ => found,
        }
    }

    fn environments(&self, module: &Finding<String>, installed: Installed) -> Environments {
        environments::find(
            self.sources,
            (&self.entrance, module),
            &self.settings,
            &self.variants,
            (&self.python_path, &self.neighbours),
            installed,
        )
    }

    fn serving(&self) -> Serving {
        serving::find(
            self.sources,
            &self.settings,
            &self.variants,
            &self.packaging,
            &self.entrance,
            &self.python_path,
        )
    }

    fn addresses(&self, production: &Finding<String>, has_celery: bool) -> Addresses {
        let file = self.production(production);
        let mut variants = self.variants.iter();
        let known = variants.find(|(path, _)| Some(path) == file.as_ref());
        let load = |file: String| Settings::load(self.sources, &self.python_path, &file);
        let loaded = file.filter(|_| known.is_none()).map(load);
        let run = Run {
            usual: &self.settings,
            variants: &self.variants,
            production: known.map(|(_, settings)| settings).or(loaded.as_ref()),
        };
        addresses::find(self.sources, &run, &self.python_path, has_celery)
    }

    fn own_package(&self) -> Finding<String> {
        let own = self.own_package.as_ref();
        own.map_or_else(Finding::absent, OwnPackage::finding)
    }

    fn requirements(&self) -> Requirements {
        Requirements {
            form: self.packaging.form.clone(),
            main: self.packaging.main.clone(),
            others: self.packaging.others.clone(),
        }
    }

    fn findings(self, overrides: &Overrides) -> Findings {
        let Self {
            sources,
            entrance,
            settings,
            variants,
            packaging,
            own_package,
            ..
        } = &self;
        let services = Services::new(sources, packaging, settings, variants);
        let (wsgi_module, wsgi_file) =
            wsgi(sources, settings, variants, &self.python_path, entrance);
        let drivers = database::drivers(packaging);
        let django = self.django.spec.text().and_then(versions::lowest);
        let packages = wrapping::packages(packaging);
        let installed = Installed {
            drivers: &drivers,
            packages: &packages,
            django,
        };
        let database = self.database(installed);
        let settings_module = self.settings_module(overrides);
        let environments = self.environments(&settings_module, installed);
        let serving = self.serving();
        let addresses = self.addresses(&environments.production, services.celery().is_true());
        let existing_docker = docker::find(sources);
        let details = Details {
            containers: containers::find(
                sources,
                &existing_docker,
                &serving.static_files,
                &database,
            ),
            other_databases: other_databases::find(sources, settings, variants, database.value),
            settings_in_use: self.settings_in_use(overrides),
            own_package: own_package.clone(),
            neighbours: self.neighbours.clone(),
            ..wrapping::details(Known {
                sources,
                entrance,
                python_path: &self.python_path,
                settings,
                variants,
                packaging,
                services: &services,
                drivers: &drivers,
                django,
                wsgi_file: wsgi_file.text(),
                own_package: own_package.as_ref(),
                addresses: &addresses,
            })
        };
        let findings = Findings {
            manage_py: entrance.manage_py.clone(),
            settings_module,
            settings_form: settings_form(sources, entrance, settings, variants),
            settings_files: settings_files(sources, settings, variants),
            wsgi_module,
            wsgi_file,
            root_urlconf: setting(settings, variants, "ROOT_URLCONF", false),
            python_path: entrance.python_path.clone(),
            own_package: self.own_package(),
            django: DjangoVersion {
                spec: self.django.spec.clone(),
                source: self.django.source.clone(),
            },
            python: PythonVersion {
                version: self.python.spec.clone(),
                source: self.python.source.clone(),
            },
            requirements: self.requirements(),
            other_databases: other_databases::finding(&details.other_databases),
            database,
            celery: addresses.uses_celery(services.celery()),
            redis: addresses.used(Server::Redis, services.redis()),
            elasticsearch: addresses.used(Server::Elasticsearch, services.elasticsearch()),
            memcached: addresses.used(Server::Memcached, services.memcached()),
            node: services.node(),
            bower: services.bower(),
            static_files: place(settings, variants, "STATIC"),
            media: place(settings, variants, "MEDIA"),
            existing_docker,
            settings: environments,
            serving,
            addresses: addresses.named(),
            hard_coded: addresses.hard_coded(),
            unreadable: packaging.unreadable(),
            verdict: Verdict::default(),
            details: Details {
                addresses,
                ..details
            },
        };
        let verdict = judging::verdict(&findings, sources, entrance, packaging);
        Findings {
            verdict: verdict.confirmed_by(overrides),
            ..findings
        }
    }
}
