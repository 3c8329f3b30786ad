//! Projects whose own folder is the package that their code imports, as it was up to Django 1.3.

use std::process::Command;

use super::project::{commit, dockerize};
use super::{finding, inspect, inspect_with};
use crate::cli::sandbox::Sandbox;

const SETTINGS: &str = "INSTALLED_APPS = (\"harbour.boats\",)\nROOT_URLCONF = \"harbour.urls\"\n\
                        DATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.sqlite3\", \"NAME\": \"x\"}}\n";
const EXECUTE: &str = "from django.core.management import execute_manager\nimport settings\nexecute_manager(settings)\n";

/// A project of which the folder `p/{folder}` is the package `harbour`.
fn project(folder: &str, manage: &str, settings: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let at = |path: &str| format!("p/{folder}{path}");
    sandbox
        .write(&at("__init__.py"), "BERTHS = 3\n")
        .write(&at("manage.py"), manage)
        .write(&at("settings.py"), settings)
        .write(&at("urls.py"), "urlpatterns = []\n")
        .write(&at("boats/__init__.py"), "")
        .write(&at("boats/models.py"), "import harbour.urls\n")
        .write("p/requirements.txt", "Django==1.3.7\n")
        .write("p/.python-version", "2.7\n");
    sandbox
}

/// The folder that modules are imported from is not certain, the package is found, and what it names is read.
#[test]
fn a_folder_that_is_a_package_is_found() {
    let by_environment = "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"harbour.settings\")\n\
                          from django.core.management import execute_from_command_line\n";
    for (folder, manage, settings, module) in [
        ("", EXECUTE, SETTINGS.to_owned(), "settings"),
        ("", by_environment, SETTINGS.to_owned(), "harbour.settings"),
        ("src/site/", EXECUTE, SETTINGS.to_owned(), "settings"),
        // The applications alone name it.
        (
            "",
            EXECUTE,
            SETTINGS.replace("harbour.urls", "urls"),
            "settings",
        ),
        (
            "",
            EXECUTE,
            format!("from harbour.base import *\n{SETTINGS}"),
            "settings",
        ),
    ] {
        let sandbox = project(folder, manage, &settings);
        sandbox.write(&format!("p/{folder}base.py"), "STATIC_URL = \"/files/\"\n");
        let found = inspect(&sandbox, "p");
        assert_eq!(
            finding(&found, "own_package")["value"],
            "harbour",
            "{folder}{module}: {found}"
        );
        assert_eq!(finding(&found, "settings_module")["value"], module);
        assert_eq!(
            finding(&found, "python_path")["confidence"],
            "medium",
            "{found}"
        );
        assert_eq!(finding(&found, "database")["value"], "sqlite");
        assert_eq!(found["verdict"], "ok", "{found}");
        if settings.starts_with("from") {
            assert_eq!(finding(&found, "static.url")["value"], "/files/", "{found}");
        }
    }
}

/// What Python finds by itself needs no help; nor is a package of others taken for the project's.
#[test]
fn a_package_that_is_somewhere_is_none_of_the_folder() {
    let boats = "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"harbour.settings\")\n\
                 from django.core.management import execute_from_command_line\n";
    // The folder lies in the root, which is on Python's path.
    let reached = project("harbour/", EXECUTE, SETTINGS);
    // A package of that name is there.
    let other = project("", EXECUTE, SETTINGS);
    other
        .write("p/lib/harbour/__init__.py", "")
        .write("p/lib/harbour/urls.py", "urlpatterns = []\n");
    // The applications are somebody else's, and the folder is no package.
    let foreign = project("", EXECUTE, &SETTINGS.replace("harbour.urls", "urls"));
    std::fs::remove_file(foreign.path("p/__init__.py")).unwrap();
    // The usual layout.
    let usual = project("harbour/", boats, SETTINGS);
    std::fs::rename(usual.path("p/harbour/manage.py"), usual.path("p/manage.py")).unwrap();
    for sandbox in [reached, other, foreign, usual] {
        let found = inspect(&sandbox, "p");
        assert_eq!(
            finding(&found, "own_package")["value"],
            serde_json::Value::Null,
            "{found}"
        );
    }
}

/// Whatever the folder is called, the code can be imported by the package's name, and what its `__init__.py` says is there.
#[test]
fn the_package_can_be_imported() {
    for folder in ["", "src/site/"] {
        let sandbox = project(folder, EXECUTE, SETTINGS);
        commit(&sandbox);
        let found = inspect_with(&sandbox, &["--defaults"]);
        assert_eq!(found["plan"]["mode"], "bypass", "{found}");
        assert_eq!(
            found["plan"]["answers"]["own_package"], "harbour",
            "{found}"
        );
        let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        assert!(
            ran.stdout.contains("harbour: the project's own folder"),
            "{ran}"
        );
        let script = "import harbour, harbour.boats.models, harbour.settings; print(harbour.BERTHS, harbour.__file__)";
        let python = Command::new(sandbox.path("p/ixc_django_docker/bin/entrypoint.sh"))
            .args(["python3", "-c", script])
            .env_remove("PYTHONPATH")
            .env("WITHOUT_SECRETS", "1")
            .current_dir("/")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&python.stdout).into_owned();
        let own = format!("p/{folder}__init__.py");
        assert!(
            said.trim_end().starts_with("3 ") && said.trim_end().ends_with(&own),
            "{python:?}"
        );
    }
}
