//! The template's questions that findings answer, by their names, and what a person is asked for the findings' sake.

use crate::template::{Answer, Answers};
use django_facts::{Database, Engine, Key};

pub(super) const ADDRESSES: &str = "addresses";
pub(super) const ASGI_MODULE: &str = "asgi_module";
pub(super) const CELERY_APP: &str = "celery_app";
pub(super) const CI: &str = "ci";
pub(super) const DATABASE: &str = "database";
pub(super) const DATABASE_NAME: &str = "database_name";
pub(super) const DEPLOYMENT: &str = "deployment";
pub(super) const DEVELOPER_REQUIREMENTS: &str = "developer_requirements";
pub(super) const DOCKER: &str = "docker";
pub(super) const ENVIRONMENT_DEVELOP: &str = "environment_develop";
pub(super) const ENVIRONMENT_PRODUCTION: &str = "environment_production";
pub(super) const ENVIRONMENT_STAGING: &str = "environment_staging";
pub(super) const ENVIRONMENT_TEST: &str = "environment_test";
pub(super) const DOCKER_FILES: &str = "docker_files";
pub(super) const FEATURES: &str = "features";
pub(super) const IMAGE_PYTHON: &str = "image_python";
pub(super) const IMAGE_REQUIREMENTS: &str = "image_requirements";
pub(super) const MANAGE_PY: &str = "manage_py";
pub(super) const MODE: &str = "mode";
pub(super) const PACKAGES_UNTIL: &str = "packages_until";
pub(super) const OWN_PACKAGE: &str = "own_package";
pub(super) const OWN_SERVICES: &str = "own_services";
pub(super) const PROJECT_NAME: &str = "project_name";
pub(super) const SITE_DOMAIN: &str = "site_domain";
pub(super) const PYTHON_PATH: &str = "python_path";
pub(super) const PYTHON_VERSION: &str = "python_version";
pub(super) const REQUIREMENTS_FILE: &str = "requirements_file";
pub(super) const SECRETS: &str = "secrets";
pub(super) const SERVICES: &str = "services";
pub(super) const SETTINGS_MODULE: &str = "settings_module";
pub(super) const SETTINGS_PRODUCTION: &str = "settings_production";
pub(super) const SETTINGS_STAGING: &str = "settings_staging";
pub(super) const SETTINGS_TEST: &str = "settings_test";
pub(super) const STATIC_SERVER: &str = "static_server";
pub(super) const WSGI_MODULE: &str = "wsgi_module";

/// A finding that becomes an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) key: Key,
    /// The name of the template's question.
    pub(super) name: &'static str,
    /// What a person is asked.
    pub(super) prompt: &'static str,
}

/// What is asked where it is not certain, in this order.
pub(super) const ASKED: [Asked; 7] = [
    Asked {
        key: Key::ManagePy,
        name: MANAGE_PY,
        prompt: "Which file is the project's manage.py (empty: none)",
    },
    Asked {
        key: Key::SettingsModule,
        name: SETTINGS_MODULE,
        prompt: "Settings module, as DJANGO_SETTINGS_MODULE names it",
    },
    Asked {
        key: Key::PythonPath,
        name: PYTHON_PATH,
        prompt: "Folder that must be on Python's path (`.` is the project's)",
    },
    Asked {
        key: Key::SettingsOfProduction,
        name: SETTINGS_PRODUCTION,
        prompt: "Settings module of the production site",
    },
    Asked {
        key: Key::PythonVersion,
        name: IMAGE_PYTHON,
        prompt: "Python of the image, such as 3.8",
    },
    Asked {
        key: Key::RequirementsMain,
        name: REQUIREMENTS_FILE,
        prompt: "File that pip installs the packages from",
    },
    Asked {
        key: Key::Database,
        name: DATABASE,
        prompt: "Database",
    },
];

/// The question for the WSGI module, which is never asked, and checked where an answer is given.
pub(super) const WSGI: Asked = Asked {
    key: Key::WsgiModule,
    name: WSGI_MODULE,
    prompt: "",
};

/// What becomes of Docker files that are there: the choices of [`DOCKER_FILES`].
pub(super) const KEEP: &str = "keep";
pub(super) const BESIDE: &str = "beside";
pub(super) const REPLACE: &str = "replace";

/// Whether the answer about such files is this one.
pub(super) fn is_about_docker(answers: &Answers, choice: &str) -> bool {
    answers.get(DOCKER_FILES) == Some(&Answer::Text(choice.into()))
}

/// The databases that the template knows, as the wizard lists them.
pub(super) const DATABASES: [Database; 6] = [
    Database::Engine(Engine::Sqlite),
    Database::Engine(Engine::Postgresql),
    Database::Engine(Engine::Postgis),
    Database::Engine(Engine::Mysql),
    Database::Engine(Engine::Oracle),
    Database::None,
];

/// The database of an answer; `None` where it is none of those that the template knows.
pub(super) fn database_named(name: &str) -> Option<Database> {
    DATABASES.into_iter().find(|known| known.name() == name)
}

/// The answer to the question for the database.
pub(super) fn database(answers: &Answers) -> Option<Database> {
    match answers.get(DATABASE) {
        Some(Answer::Text(name)) => database_named(name),
        _ => None,
    }
}
