//! The names of findings.

use serde::{Serialize, Serializer};

/// What there is to find out about a project, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    ManagePy,
    SettingsModule,
    SettingsForm,
    SettingsFiles,
    WsgiModule,
    WsgiFile,
    RootUrlconf,
    PythonPath,
    OwnPackage,
    DjangoSpec,
    DjangoSource,
    PythonVersion,
    PythonSource,
    RequirementsForm,
    RequirementsMain,
    RequirementsOthers,
    Database,
    OtherDatabases,
    Celery,
    Redis,
    Elasticsearch,
    Memcached,
    Node,
    Bower,
    StaticUrl,
    StaticRoot,
    MediaUrl,
    MediaRoot,
    ExistingDocker,
    SettingsOfProduction,
    SettingsOfStaging,
    SettingsOfTests,
    AsgiModule,
    StaticServer,
    Addresses,
    HardCoded,
    Unreadable,
}

struct Row {
    key: Key,
    name: &'static str,
    label: &'static str,
    words: &'static str,
}

const fn row(key: Key, name: &'static str, label: &'static str, words: &'static str) -> Row {
    Row {
        key,
        name,
        label,
        words,
    }
}

/// Each key with its path in the report's JSON, and what is found under it in plain words.
const TABLE: [Row; 37] = [
    row(
        Key::ManagePy,
        "manage_py",
        "manage.py",
        "the script that starts Django's commands",
    ),
    row(
        Key::SettingsModule,
        "settings_module",
        "Settings",
        "the settings module that is declared",
    ),
    row(
        Key::SettingsForm,
        "settings_form",
        "Layout of settings",
        "how the settings are laid out",
    ),
    row(
        Key::SettingsFiles,
        "settings_files",
        "Files of settings",
        "the files of the settings",
    ),
    row(
        Key::WsgiModule,
        "wsgi_module",
        "WSGI module",
        "the module of the WSGI application",
    ),
    row(
        Key::WsgiFile,
        "wsgi_file",
        "WSGI file",
        "the file of the WSGI application",
    ),
    row(
        Key::RootUrlconf,
        "root_urlconf",
        "URLs",
        "the module that routes requests",
    ),
    row(
        Key::PythonPath,
        "python_path",
        "Folder of the code",
        "the folder that must be on Python's path",
    ),
    row(
        Key::OwnPackage,
        "own_package",
        "Folder's own package",
        "the package that this folder is by itself",
    ),
    row(
        Key::DjangoSpec,
        "django.spec",
        "Django",
        "the versions of Django",
    ),
    row(
        Key::DjangoSource,
        "django.source",
        "Django, told by",
        "the file that says which Django",
    ),
    row(
        Key::PythonVersion,
        "python.version",
        "Python",
        "the versions of Python",
    ),
    row(
        Key::PythonSource,
        "python.source",
        "Python, told by",
        "the file that says which Python",
    ),
    row(
        Key::RequirementsForm,
        "requirements.form",
        "Kind of packages list",
        "how the packages are listed",
    ),
    row(
        Key::RequirementsMain,
        "requirements.main",
        "Packages",
        "the file that packages are installed from",
    ),
    row(
        Key::RequirementsOthers,
        "requirements.others",
        "Other lists",
        "other files that list packages",
    ),
    row(
        Key::Database,
        "database",
        "Database",
        "the default database",
    ),
    row(
        Key::OtherDatabases,
        "other_databases",
        "Other databases",
        "databases beside the default one",
    ),
    row(Key::Celery, "celery", "Celery", "whether Celery is used"),
    row(Key::Redis, "redis", "Redis", "whether Redis is used"),
    row(
        Key::Elasticsearch,
        "elasticsearch",
        "Elasticsearch",
        "whether Elasticsearch is used",
    ),
    row(
        Key::Memcached,
        "memcached",
        "memcached",
        "whether memcached is used",
    ),
    row(
        Key::Node,
        "node",
        "Node",
        "whether there are packages of Node",
    ),
    row(
        Key::Bower,
        "bower",
        "Bower",
        "whether there are packages of Bower",
    ),
    row(
        Key::StaticUrl,
        "static.url",
        "Static files at",
        "the address of static files",
    ),
    row(
        Key::StaticRoot,
        "static.root",
        "Static files in",
        "the folder of collected static files",
    ),
    row(
        Key::MediaUrl,
        "media.url",
        "Uploads at",
        "the address of uploaded files",
    ),
    row(
        Key::MediaRoot,
        "media.root",
        "Uploads in",
        "the folder of uploaded files",
    ),
    row(
        Key::ExistingDocker,
        "existing_docker",
        "Docker files",
        "files that build or run containers",
    ),
    row(
        Key::SettingsOfProduction,
        "settings.production",
        "Settings, production",
        "the settings module of the production site",
    ),
    row(
        Key::SettingsOfStaging,
        "settings.staging",
        "Settings, staging",
        "the settings module of the staging site",
    ),
    row(
        Key::SettingsOfTests,
        "settings.test",
        "Settings, tests",
        "the settings module of tests",
    ),
    row(
        Key::AsgiModule,
        "serving.asgi_module",
        "ASGI module",
        "the module of an ASGI application that is served",
    ),
    row(
        Key::StaticServer,
        "serving.static_files",
        "Static files served by",
        "what serves static files",
    ),
    row(
        Key::Addresses,
        "addresses",
        "Variables for servers",
        "the variables that name servers",
    ),
    row(
        Key::HardCoded,
        "hard_coded",
        "Addresses in the code",
        "addresses that stand in the code",
    ),
    row(
        Key::Unreadable,
        "unreadable",
        "Not readable",
        "manifests and locks that could not be read",
    ),
];

impl Key {
    /// Every key, in the order of the report.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.key)
    }

    /// Its path in the JSON of the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What people call it, in a column of names.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// What is found under it, in plain words.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.row().words
    }

    /// The key of such a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut rows = TABLE.iter();
        rows.find(|row| row.name == name).map(|row| row.key)
    }

    /// The table is in the order of the variants; a test says so.
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, TABLE};

    #[test]
    fn each_key_has_its_row() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.key as usize, index, "{}", row.name);
            assert_eq!(row.key.name(), row.name);
            assert_eq!(Key::named(row.name), Some(row.key));
        }
    }
}
