//! What else the project needs to run: queues, caches, search, Node, and how it is deployed today.

use super::docker::is_compose;
use super::engine::Engine;
use super::examples::is_example;
use super::finding::{Confidence, Finding, at};
use super::formats::compose;
use super::packaging::Packaging;
use super::settings::Settings;
use super::sources::{Sources, name};

/// Looks for the signs of services.
#[derive(Clone, Debug)]
pub(super) struct Services<'a> {
    sources: &'a Sources,
    pub(super) packaging: &'a Packaging,
    settings: &'a Settings,
    variants: &'a [(String, Settings)],
    /// The values of dotenv files, and where they are.
    values: Vec<(String, String)>,
    /// The images that compose files start, without registry and tag, and where.
    images: Vec<(String, String)>,
}

impl<'a> Services<'a> {
    #[must_use]
    pub(super) fn new(
        sources: &'a Sources,
        packaging: &'a Packaging,
        settings: &'a Settings,
        variants: &'a [(String, Settings)],
    ) -> Self {
        Self {
            sources,
            packaging,
            settings,
            variants,
            values: values(sources),
            images: images(sources),
        }
    }

    #[must_use]
    pub(super) fn celery(&self) -> Finding<bool> {
        self.found(
            &[
                "celery",
                "django-celery",
                "django-celery-beat",
                "django-celery-results",
            ],
            &["djcelery"],
            "celery",
            |text| text == "djcelery" || text.starts_with("django_celery"),
        )
    }

    #[must_use]
    pub(super) fn redis(&self) -> Finding<bool> {
        let mut found = self.found(
            &[
                "redis",
                "django-redis",
                "django-redis-cache",
                "django-rq",
                "rq",
                "channels-redis",
                "redis-py",
                "django-cacheops",
                "asgi-redis",
                "hiredis",
            ],
            &[],
            "redis",
            |text| {
                text.starts_with("redis://")
                    || text.contains("redis_cache")
                    || text.contains("django_redis")
                    || text.contains("cache.RedisCache")
            },
        );
        if !found.is_true() {
            for wanted in self.packaging.of(&["celery", "kombu", "dramatiq", "huey"]) {
                if wanted.extras.iter().any(|extra| extra == "redis") {
                    found = Finding::sure(true, at(&wanted.file, wanted.line));
                }
            }
        }
        found
    }

    #[must_use]
    pub(super) fn elasticsearch(&self) -> Finding<bool> {
        self.found(
            &[
                "elasticsearch",
                "elasticsearch-dsl",
                "django-elasticsearch-dsl",
                "pyelasticsearch",
                "elasticutils",
                "drf-haystack-elasticsearch",
            ],
            &[],
            "elasticsearch",
            |text| {
                text.contains("elasticsearch_backend")
                    || text.contains("elasticsearch2_backend")
                    || text.contains("elasticsearch5_backend")
                    || text.contains("elasticsearch7_backend")
                    || text.contains("search.backends.elasticsearch")
            },
        )
    }

    #[must_use]
    pub(super) fn memcached(&self) -> Finding<bool> {
        self.found(
            &[
                "python-memcached",
                "pylibmc",
                "pymemcache",
                "django-pylibmc",
                "django-pylibmc-sasl",
                "django-bmemcached",
                "python-binary-memcached",
            ],
            &[],
            "memcached",
            |text| {
                text.starts_with("memcached://")
                    || text.contains("cache.backends.memcached")
                    || text.contains("MemcachedCache")
                    || text.contains("django_pylibmc")
            },
        )
    }

    /// Whether `RabbitMQ` is the broker: no key of the report, but part of what an image needs.
    #[must_use]
    pub(super) fn rabbitmq(&self) -> Finding<bool> {
        let clients = ["pika", "aio-pika", "librabbitmq", "aioamqp", "pyrabbit"];
        self.found(&clients, &[], "rabbitmq", |text| {
            ["amqp://", "amqps://", "pyamqp://", "librabbitmq://"]
                .iter()
                .any(|scheme| text.starts_with(scheme))
        })
    }

    /// Finds a service by packages, then by what the settings say, then by the images of compose files.
    fn found(
        &self,
        packages: &[&str],
        apps: &[&str],
        image: &str,
        in_settings: impl Fn(&str) -> bool,
    ) -> Finding<bool> {
        let wanted = self.packaging.of(packages);
        let running: Vec<String> = wanted
            .iter()
            .filter(|wanted| !wanted.is_dev && !wanted.is_locked)
            .map(|wanted| at(&wanted.file, wanted.line))
            .collect();
        let mut evidence: Vec<String> = running.iter().take(3).cloned().collect();
        let mut confidence = if running.is_empty() {
            Confidence::Medium
        } else {
            Confidence::High
        };
        let all = std::iter::once(self.settings)
            .chain(self.variants.iter().map(|(_, settings)| settings));
        for settings in all {
            for entry in &settings.entries {
                let names = |text: &str| in_settings(text) || apps.contains(&text);
                if names_server(&entry.name, image)
                    || entry.value.any(&|expr| expr.text().is_some_and(names))
                {
                    let place = at(&entry.file, entry.line);
                    if !evidence.contains(&place) && evidence.len() < 4 {
                        evidence.push(place);
                    }
                }
            }
        }
        evidence.extend(self.of_environment(&in_settings));
        let started = self.images(&|name| name.starts_with(image));
        evidence.extend(started);
        if evidence.is_empty() {
            let indirect = wanted.iter().filter(|wanted| !wanted.is_dev);
            evidence.extend(indirect.map(|wanted| at(&wanted.file, wanted.line)).take(1));
        }
        if evidence.is_empty() {
            if let Some(wanted) = wanted.first() {
                return Finding::new(true, Confidence::Low, vec![at(&wanted.file, wanted.line)]);
            }
            // Where packages or settings could not be read, it may be there all the same.
            let is_blind = self.packaging.wanted.is_empty() || self.settings.files.is_empty();
            confidence = if is_blind {
                Confidence::Low
            } else {
                Confidence::High
            };
            return Finding::new(false, confidence, Vec::new());
        }
        Finding::new(true, confidence, evidence)
    }

    /// Where a text of the settings is of that kind.
    pub(super) fn in_settings(&self, is_wanted: &dyn Fn(&str) -> bool) -> Option<String> {
        let all = std::iter::once(self.settings)
            .chain(self.variants.iter().map(|(_, settings)| settings));
        all.flat_map(|settings| &settings.entries)
            .find(|entry| entry.value.any(&|expr| expr.text().is_some_and(is_wanted)))
            .map(|entry| at(&entry.file, entry.line))
    }

    /// Whether anything tells what Celery hands its tasks to.
    #[must_use]
    pub(super) fn has_broker(&self) -> bool {
        let names_it = |settings: &Settings| {
            let mut entries = settings.entries.iter();
            entries.any(|entry| entry.name.to_ascii_uppercase().contains("BROKER"))
        };
        self.redis().is_true()
            || self.rabbitmq().is_true()
            || names_it(self.settings)
            || self.variants.iter().any(|(_, settings)| names_it(settings))
    }

    /// Where dotenv files have a value of that kind.
    pub(super) fn of_environment(&self, is_wanted: &dyn Fn(&str) -> bool) -> Vec<String> {
        let found = self.values.iter().filter(|(value, _)| is_wanted(value));
        found.map(|(_, place)| place.clone()).take(2).collect()
    }

    /// The one kind of database server that compose files start; `None` where there are several.
    #[must_use]
    pub(super) fn database(&self) -> Option<Engine> {
        let engine = |image: &str| {
            if image.starts_with("postgis") {
                return Some(Engine::Postgis);
            }
            match image {
                "postgres" | "postgresql" | "pgvector" | "timescaledb" => Some(Engine::Postgresql),
                "mysql" | "mariadb" | "percona" | "mysql-server" => Some(Engine::Mysql),
                _ => None,
            }
        };
        let mut found = self.images.iter().filter_map(|(name, _)| engine(name));
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }

    /// Where compose files start an image with such a name.
    pub(super) fn images(&self, is_wanted: &dyn Fn(&str) -> bool) -> Vec<String> {
        let found = self.images.iter().filter(|(name, _)| is_wanted(name));
        found.map(|(_, place)| place.clone()).collect()
    }

    /// Whether there is a package.json, and where, if it is the project's own.
    #[must_use]
    pub(super) fn node(&self) -> Finding<bool> {
        self.files(&["package.json"])
    }

    #[must_use]
    pub(super) fn bower(&self) -> Finding<bool> {
        self.files(&["bower.json", ".bowerrc"])
    }

    fn files(&self, names: &[&str]) -> Finding<bool> {
        let found: Vec<&String> = self
            .sources
            .survey
            .files()
            .iter()
            .filter(|path| names.contains(&name(path)) && !is_example(path) && !is_of_library(path))
            .collect();
        let Some(first) = found.first() else {
            return Finding::new(false, Confidence::High, Vec::new());
        };
        let is_near = first.matches('/').count() <= 1;
        let confidence = if is_near {
            Confidence::High
        } else {
            Confidence::Medium
        };
        Finding::new(
            true,
            confidence,
            found.iter().take(3).map(|path| (*path).clone()).collect(),
        )
    }

    /// Whether `PostGIS` or another geographic library is used, by the settings' own word.
    #[must_use]
    pub(super) fn has_geography(&self) -> bool {
        self.settings.of("INSTALLED_APPS").any(|entry| {
            entry
                .value
                .any(&|expr| expr.text() == Some("django.contrib.gis"))
        })
    }
}

/// Whether a file belongs to a library that was copied into static files.
fn is_of_library(path: &str) -> bool {
    const FOLDERS: [&str; 10] = [
        "static",
        "media",
        "lib",
        "libs",
        "components",
        "assets",
        "plugins",
        "third_party",
        "thirdparty",
        "public",
    ];
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    folders.len() >= 2
        && folders[..folders.len() - 1]
            .iter()
            .any(|folder| FOLDERS.contains(folder))
}

/// Whether a setting of this name says where a server is: `REDIS_HOST`.
fn names_server(setting: &str, service: &str) -> bool {
    let setting = setting.to_ascii_lowercase();
    let mut words = setting.split('_');
    service != "celery"
        && words.clone().any(|word| word == service)
        && words.any(|word| {
            matches!(
                word,
                "host" | "hosts" | "url" | "urls" | "uri" | "server" | "servers" | "port"
            )
        })
}

/// Whether a file has values of the environment by its name.
pub(super) fn is_dotenv(path: &str) -> bool {
    let name = name(path);
    name.starts_with(".env") || name.ends_with(".env") || name.starts_with("env.")
}

/// The values of dotenv files, each with its place.
fn values(sources: &Sources) -> Vec<(String, String)> {
    let is_near = |path: &&String| is_dotenv(path) && path.matches('/').count() <= 3;
    let mut found = Vec::new();
    for path in sources.survey.files().iter().filter(is_near).take(40) {
        for (index, line) in sources.text(path).lines().enumerate() {
            if let Some((_, value)) = line.split_once('=')
                && !line.trim_start().starts_with('#')
            {
                let value = value.trim().trim_matches(['"', '\'']);
                found.push((value.to_owned(), at(path, index + 1)));
            }
        }
    }
    found
}

/// The images of compose files, each with its place.
fn images(sources: &Sources) -> Vec<(String, String)> {
    let files = sources.survey.files().iter();
    let mut found = Vec::new();
    for path in files.filter(|path| is_compose(path) && !is_example(path)) {
        for image in compose::images(&sources.text(path)) {
            found.push((name(image.value).to_owned(), at(path, image.line)));
        }
    }
    found
}
