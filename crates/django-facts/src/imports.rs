//! What the code imports → a list of packages, for a project that has none.

use std::collections::{BTreeMap, BTreeSet};

use super::examples::is_example;
use super::finding::at;
use super::findings::Findings;
use super::pip::Translation;
use super::sources::{Sources, name};
use super::syntax::StatementKind;
use super::versions::{end, lowest};
use crate::engine::{Database, Engine};

/// Modules, and the packages that have them. What is not among them is told, and not guessed.
const PACKAGES: [(&str, &str); 62] = [
    ("PIL", "Pillow"),
    ("allauth", "django-allauth"),
    ("bleach", "bleach"),
    ("boto", "boto"),
    ("boto3", "boto3"),
    ("bootstrap3", "django-bootstrap3"),
    ("bootstrap4", "django-bootstrap4"),
    ("bs4", "beautifulsoup4"),
    ("celery", "celery"),
    ("channels", "channels"),
    ("ckeditor", "django-ckeditor"),
    ("compressor", "django-compressor"),
    ("constance", "django-constance"),
    ("corsheaders", "django-cors-headers"),
    ("crispy_forms", "django-crispy-forms"),
    ("daphne", "daphne"),
    ("dateutil", "python-dateutil"),
    ("debug_toolbar", "django-debug-toolbar"),
    ("decouple", "python-decouple"),
    ("dj_database_url", "dj-database-url"),
    ("django_celery_beat", "django-celery-beat"),
    ("django_celery_results", "django-celery-results"),
    ("django_extensions", "django-extensions"),
    ("django_filters", "django-filter"),
    ("django_redis", "django-redis"),
    ("django_tables2", "django-tables2"),
    ("docutils", "docutils"),
    ("dotenv", "python-dotenv"),
    ("drf_yasg", "drf-yasg"),
    ("easy_thumbnails", "easy-thumbnails"),
    ("environ", "django-environ"),
    ("graphene_django", "graphene-django"),
    ("guardian", "django-guardian"),
    ("gunicorn", "gunicorn"),
    ("haystack", "django-haystack"),
    ("import_export", "django-import-export"),
    ("jwt", "PyJWT"),
    ("lxml", "lxml"),
    ("markdown", "Markdown"),
    ("memcache", "python-memcached"),
    ("model_utils", "django-model-utils"),
    ("mptt", "django-mptt"),
    ("numpy", "numpy"),
    ("openpyxl", "openpyxl"),
    ("pandas", "pandas"),
    ("pytz", "pytz"),
    ("redis", "redis"),
    ("reportlab", "reportlab"),
    ("requests", "requests"),
    ("rest_framework", "djangorestframework"),
    ("reversion", "django-reversion"),
    ("sentry_sdk", "sentry-sdk"),
    ("simplejson", "simplejson"),
    ("six", "six"),
    ("social_django", "social-auth-app-django"),
    ("sorl", "sorl-thumbnail"),
    ("south", "South"),
    ("storages", "django-storages"),
    ("stripe", "stripe"),
    ("taggit", "django-taggit"),
    ("whitenoise", "whitenoise"),
    ("yaml", "PyYAML"),
];

/// Packages of which the newest does not run with every Django: the first release of Django that the bound is not for.
const BOUNDS: [(&str, (u32, u32), &str); 14] = [
    ("djangorestframework", (1, 7), "<3.3"),
    ("djangorestframework", (1, 10), "<3.7"),
    ("djangorestframework", (2, 2), "<3.12"),
    ("djangorestframework", (3, 0), "<3.14"),
    ("djangorestframework", (4, 2), "<3.16"),
    ("django-debug-toolbar", (1, 11), "<1.10"),
    ("django-debug-toolbar", (2, 2), "<3"),
    ("django-debug-toolbar", (3, 2), "<3.3"),
    ("django-filter", (1, 11), "<2"),
    ("django-filter", (2, 2), "<2.3"),
    ("django-filter", (3, 2), "<22"),
    ("django-extensions", (2, 2), "<3"),
    ("psycopg2-binary", (3, 1), "<2.9"),
    ("whitenoise", (2, 2), "<6"),
];

impl Translation {
    /// A list for a project that has none, of what its code imports, with versions that fit its Django.
    #[must_use]
    pub fn of_imports(sources: &Sources, findings: &Findings) -> Option<Self> {
        let modules = imported(sources);
        if !modules.contains_key("django") {
            return None;
        }
        let django = findings.django.spec.text();
        let release = django.and_then(release);
        let mut packages: Vec<&str> = PACKAGES
            .iter()
            .filter(|(module, _)| modules.contains_key(*module))
            .map(|(_, package)| *package)
            .collect();
        let engine = findings.database.value.and_then(Database::engine);
        match engine {
            Some(Engine::Postgresql | Engine::Postgis) => packages.push("psycopg2-binary"),
            Some(Engine::Mysql) => packages.push("mysqlclient"),
            _ => {}
        }
        packages.sort_unstable();
        let bound = |package: &str| {
            let release = release?;
            let mut bounds = BOUNDS.iter();
            let (_, _, bound) =
                bounds.find(|(known, end, _)| *known == package && release < *end)?;
            Some(*bound)
        };
        let mut lines = vec![format!("Django{}", django.map(series).unwrap_or_default())];
        lines.extend(
            packages
                .iter()
                .map(|package| format!("{package}{}", bound(package).unwrap_or_default())),
        );
        let is_known =
            |module: &str| module == "django" || PACKAGES.iter().any(|(known, _)| *known == module);
        let unknown: Vec<String> = modules
            .iter()
            .filter(|(module, _)| !is_known(module) && !is_standard(module))
            .map(|(module, place)| {
                format!("{place}: `{module}` is imported, and which package has it is not known")
            })
            .collect();
        lines.extend(unknown.iter().map(|why| format!("# {why}")));
        Some(Self {
            lines,
            untranslated: unknown,
            locked: None,
        })
    }
}

/// A release that fits: the lowest, or the last one before the end.
fn release(spec: &str) -> Option<(u32, u32)> {
    let last = |(major, minor): (u32, u32)| (major, minor.saturating_sub(1));
    lowest(spec).or_else(|| end(spec).map(last))
}

/// The versions of a Django that is only told from below: those of the same series.
fn series(spec: &str) -> String {
    match lowest(spec).filter(|_| spec.starts_with('>') && end(spec).is_none()) {
        Some((major, minor)) => format!(">={major}.{minor},<{major}.{}", minor + 1),
        None if spec == "git" => String::new(),
        None => spec.to_owned(),
    }
}

/// The modules of others that the code imports or installs as applications, each with its first place.
fn imported(sources: &Sources) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let own = own_modules(sources);
    let files = sources.survey.files().iter();
    let is_code = |path: &&String| path.ends_with(".py") && !is_example(path);
    for path in files.filter(is_code).take(800) {
        for statement in sources.python(path).iter() {
            let mut note = |module: &str| {
                let head = module.split('.').next().unwrap_or(module);
                if !head.is_empty() && !own.contains(head) {
                    found
                        .entry(head.to_owned())
                        .or_insert_with(|| at(path, statement.line));
                }
            };
            match &statement.kind {
                StatementKind::From {
                    dots: 0, module, ..
                } => note(module),
                StatementKind::Import(names) => names.iter().for_each(|(module, _)| note(module)),
                StatementKind::Assign { targets, value, .. }
                    if targets
                        .iter()
                        .any(|target| target.name() == Some("INSTALLED_APPS")) =>
                {
                    value.walk(&mut |expr| {
                        let app = expr.text().unwrap_or_default();
                        let fits = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
                        if app.chars().all(fits) {
                            note(app);
                        }
                    });
                }
                _ => {}
            }
        }
    }
    found
}

/// The names of modules and packages that the project itself has, wherever they lie.
fn own_modules(sources: &Sources) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for path in sources.survey.files() {
        let Some(stem) = path.strip_suffix(".py") else {
            continue;
        };
        found.insert(name(stem));
        // A folder of Python files is a package, with `__init__.py` or without.
        if let Some((folder, _)) = stem.rsplit_once('/') {
            found.extend(folder.split('/'));
        }
    }
    found
}

/// Whether Python itself has a module, of whatever version.
fn is_standard(module: &str) -> bool {
    const MODULES: &str = " __future__ abc argparse array ast asyncio base64 bisect builtins bz2 calendar cgi code codecs collections \
        colorsys commands concurrent configparser contextlib contextvars copy cPickle csv cStringIO ctypes dataclasses datetime \
        decimal difflib dis email enum errno fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext \
        glob grp gzip hashlib heapq hmac html htmlentitydefs http httplib imaplib imghdr imp importlib inspect io ipaddress \
        itertools json keyword linecache locale logging lzma mailbox marshal math mimetypes multiprocessing numbers operator \
        optparse os pathlib pdb pickle pkgutil platform plistlib poplib posixpath pprint profile pwd queue Queue random re \
        readline resource sched secrets select sets shelve shlex shutil signal site smtplib socket SocketServer socketserver \
        sqlite3 ssl stat statistics string StringIO struct subprocess symtable sys sysconfig syslog tarfile tempfile textwrap \
        thread threading time timeit token tokenize tomllib traceback types typing unicodedata unittest urllib urllib2 urlparse \
        uuid venv warnings wave weakref webbrowser wsgiref xml xmlrpc xmlrpclib zipfile zipimport zlib zoneinfo ";
    MODULES.split_whitespace().any(|known| known == module)
}
