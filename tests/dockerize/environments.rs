//! Each environment runs its own settings, and the site that runs is served whole.

use super::project::{commit, dockerize, modern, settings};
use super::{finding, inspect};
use crate::cli::sandbox::Sandbox;

/// A file that sets the settings module as Django's own do.
fn entry(module: &str) -> String {
    format!("import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"{module}\")\n")
}

/// The project with settings by environment: these modules stand in the package, developers run `local`.
fn split(modules: &[&str]) -> Sandbox {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/shop/settings.py")).unwrap();
    let manage = sandbox.read("p/manage.py");
    sandbox
        .write(
            "p/manage.py",
            manage.replace("shop.settings", "shop.settings.local"),
        )
        .write("p/shop/settings/__init__.py", "")
        .write("p/shop/settings/base.py", settings("sqlite3", ""));
    for module in modules {
        let debug = *module == "local";
        let text = format!(
            "from .base import *\nDEBUG = {}\n",
            if debug { "True" } else { "False" }
        );
        sandbox.write(&format!("p/shop/settings/{module}.py"), &text);
    }
    sandbox
}

fn wsgi(sandbox: &Sandbox, module: &str) {
    let text = entry(module)
        + "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n";
    sandbox.write("p/shop/wsgi.py", &text);
}

fn found(sandbox: &Sandbox, environment: &str) -> (String, String) {
    let found = inspect(sandbox, "p");
    let finding = finding(&found, &format!("settings.{environment}")).clone();
    (
        finding["value"].as_str().unwrap_or_default().to_owned(),
        finding["confidence"].as_str().unwrap().to_owned(),
    )
}

fn is(sandbox: &Sandbox, environment: &str, module: &str, confidence: &str) {
    assert_eq!(
        found(sandbox, environment),
        (module.to_owned(), confidence.to_owned()),
        "{environment}"
    );
}

#[test]
fn production_runs_what_its_server_names() {
    let sandbox = split(&["local", "production"]);
    wsgi(&sandbox, "shop.settings.production");
    is(&sandbox, "production", "shop.settings.production", "high");
    is(&sandbox, "staging", "shop.settings.production", "high");
    is(&sandbox, "test", "shop.settings.local", "high");
}

#[test]
fn an_asynchronous_server_names_them_too() {
    let sandbox = split(&["local", "live"]);
    std::fs::remove_file(sandbox.path("p/shop/wsgi.py")).unwrap();
    sandbox.write("p/shop/asgi.py", entry("shop.settings.live"));
    is(&sandbox, "production", "shop.settings.live", "high");
}

#[test]
fn settings_of_production_that_nothing_names_are_taken_where_there_is_one_of_them() {
    for name in ["production", "prod", "live"] {
        let sandbox = split(&["local", name]);
        std::fs::remove_file(sandbox.path("p/shop/wsgi.py")).unwrap();
        is(
            &sandbox,
            "production",
            &format!("shop.settings.{name}"),
            "medium",
        );
    }
}

#[test]
fn a_server_that_runs_developers_settings_beside_those_of_production_is_asked_about() {
    let sandbox = split(&["local", "production"]);
    wsgi(&sandbox, "shop.settings.local");
    is(&sandbox, "production", "shop.settings.production", "low");
    let asked = inspect(&sandbox, "p")["ask_for"].clone();
    assert!(
        asked
            .as_array()
            .unwrap()
            .contains(&"settings.production".into()),
        "{asked}"
    );
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("settings_production"), "{ran}");
    let ran = dockerize(
        &sandbox,
        &[
            "--yes",
            "--answer",
            "settings_production=shop.settings.nowhere",
        ],
    );
    assert_ne!(ran.code, 0, "{ran}");
    assert!(ran.stderr.contains("shop.settings.nowhere"), "{ran}");
}

#[test]
fn settings_that_the_environment_chooses_are_taken_though_the_server_names_the_usual_ones() {
    let sandbox = modern();
    sandbox
        .write(
            "p/shop/settings_prod.py",
            "from shop.settings import *\nDEBUG = False\n",
        )
        .write("p/shop/wsgi.py", entry("shop.settings"));
    is(&sandbox, "production", "shop.settings_prod", "medium");
}

#[test]
fn a_file_for_mod_wsgi_names_them_too() {
    let sandbox = split(&["local", "prod"]);
    std::fs::remove_file(sandbox.path("p/shop/wsgi.py")).unwrap();
    sandbox.write("p/deploy/site.wsgi", entry("shop.settings.prod"));
    is(&sandbox, "production", "shop.settings.prod", "high");
}

#[test]
fn two_servers_that_name_different_ones_are_asked_about() {
    let sandbox = split(&["local", "production", "live"]);
    wsgi(&sandbox, "shop.settings.production");
    sandbox.write("p/shop/asgi.py", entry("shop.settings.live"));
    assert_eq!(found(&sandbox, "production").1, "low");
}

#[test]
fn two_of_them_are_asked_about() {
    let sandbox = split(&["local", "production", "live"]);
    std::fs::remove_file(sandbox.path("p/shop/wsgi.py")).unwrap();
    assert_eq!(found(&sandbox, "production").1, "low");
}

#[test]
fn staging_and_tests_have_their_own() {
    let sandbox = split(&["local", "production", "staging", "test"]);
    wsgi(&sandbox, "shop.settings.production");
    is(&sandbox, "staging", "shop.settings.staging", "medium");
    is(&sandbox, "test", "shop.settings.test", "medium");
}

#[test]
fn one_settings_module_is_that_of_all() {
    let sandbox = modern();
    is(&sandbox, "production", "shop.settings", "high");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let legacy = sandbox.read("p/ixcproject/settings/legacy.py");
    assert!(
        legacy.contains("\"production\": \"shop.settings\","),
        "{legacy}"
    );
    assert!(legacy.contains("forced=False"), "{legacy}");
}

#[test]
fn what_runs_in_production_is_shown_before_anything_is_written() {
    let sandbox = split(&["local", "production"]);
    wsgi(&sandbox, "shop.settings.production");
    sandbox.write(
        "p/shop/settings/production.py",
        "from .base import *\nDEBUG = True\n",
    );
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--dry-run"]);
    assert_eq!(ran.code, 0, "{ran}");
    let shown: Vec<&str> = ran.stdout.split_whitespace().collect();
    let shown = shown.join(" ");
    for said in [
        "Production runs the settings `shop.settings.production`.",
        "DEBUG is on in these settings, unless the environment turns it off: shop/settings/production.py:2",
        "The database of these settings is SQLite",
    ] {
        assert!(shown.contains(said), "{said:?} in {ran}");
    }
}

#[test]
fn each_environment_gets_its_settings_in_both_modes() {
    let sandbox = split(&["local", "production", "staging"]);
    wsgi(&sandbox, "shop.settings.production");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes", "--answer", "mode=wrap"]);
    assert_eq!(ran.code, 0, "{ran}");
    let legacy = sandbox.read("p/ixcproject/settings/legacy.py");
    for line in [
        "\"production\": \"shop.settings.production\",",
        "\"staging\": \"shop.settings.staging\",",
    ] {
        assert!(legacy.contains(line), "{legacy}");
    }
    let ran = sandbox.ixd(&["undo", "p"]);
    assert_eq!(ran.code, 0, "{ran}");
    let ran = dockerize(&sandbox, &["--yes", "--answer", "mode=bypass"]);
    assert_eq!(ran.code, 0, "{ran}");
    let module = |dotenv: &str| {
        let script = "set -a; PROJECT_DIR=p; . ./.env.base; echo \"$DJANGO_SETTINGS_MODULE\"";
        let mut shell = sandbox.command("bash");
        shell.current_dir(sandbox.path("p")).args(["-c", script]);
        let output = shell.env("DOTENV", dotenv).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(module("production"), "shop.settings.production");
    assert_eq!(module("staging"), "shop.settings.staging");
    assert_eq!(module("develop"), "shop.settings.local");
    assert_eq!(module(""), "shop.settings.local");
}

#[test]
fn what_serves_static_files_is_found() {
    let with = |more: &str| {
        let sandbox = modern();
        sandbox.write("p/shop/settings.py", settings("sqlite3", more));
        let found = inspect(&sandbox, "p");
        finding(&found, "serving.static_files")["value"].clone()
    };
    let uses = "INSTALLED_APPS = [\"django.contrib.staticfiles\"]\n";
    assert_eq!(with(""), serde_json::Value::Null);
    assert_eq!(with(uses), "nobody");
    assert_eq!(
        with(&format!(
            "{uses}MIDDLEWARE = [\"whitenoise.middleware.WhiteNoiseMiddleware\"]\n"
        )),
        "own"
    );
    assert_eq!(
        with(&format!(
            "{uses}STATICFILES_STORAGE = \"storages.backends.s3boto3.S3StaticStorage\"\n"
        )),
        "storage"
    );
    assert_eq!(
        with(&format!(
            "{uses}STORAGES = {{\n  \"staticfiles\": {{\n    \"BACKEND\": \"storages.backends.azure_storage.A\"}}}}\n"
        )),
        "storage"
    );
    assert_eq!(
        with(&format!(
            "{uses}DEFAULT_FILE_STORAGE = \"storages.backends.s3boto3.S3Boto3Storage\"\n"
        )),
        "nobody"
    );
}

#[test]
fn the_image_installs_packages_before_the_project_is_copied() {
    let sandbox = modern();
    sandbox
        .write("p/requirements/base.txt", "Django==4.2.11\n")
        .write(
            "p/requirements.txt",
            "-r requirements/base.txt\n# more\nrequests>=2 ; python_version >= \"3.8\"\n",
        );
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let dockerfile = sandbox.read("p/Dockerfile");
    let order = [
        "COPY --chown=app:app requirements/base.txt",
        "pip-install.sh --system",
        "COPY --chown=app:app . .",
    ];
    let places: Vec<usize> = order
        .iter()
        .map(|text| {
            dockerfile
                .find(text)
                .unwrap_or_else(|| panic!("{text} in {dockerfile}"))
        })
        .collect();
    assert!(places.is_sorted(), "{dockerfile}");
}

#[test]
fn lists_above_a_list_and_lists_of_versions_are_copied_too() {
    let sandbox = modern();
    sandbox
        .write("p/base.txt", "Django==4.2.11\n")
        .write("p/pins.txt", "sqlparse<1\n")
        .write(
            "p/requirements/live.txt",
            "-r ../base.txt\n-c ../pins.txt # old\n",
        );
    std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    commit(&sandbox);
    let flags = [
        "--yes",
        "--answer",
        "requirements_file=requirements/live.txt",
    ];
    let ran = dockerize(&sandbox, &flags);
    assert_eq!(ran.code, 0, "{ran}");
    let dockerfile = sandbox.read("p/Dockerfile");
    for file in ["requirements/live.txt", "base.txt", "pins.txt"] {
        let copied = format!("COPY --chown=app:app {file} {file}\n");
        assert!(dockerfile.contains(&copied), "{copied} in {dockerfile}");
    }
}

#[test]
fn requirements_that_need_the_project_have_it_first() {
    for line in [
        "-e .",
        "--editable=lib",
        "--find-links=wheels",
        "-c /etc/pins.txt",
        "./vendor/tool",
        "tool @ file:///app/vendor/tool",
        "-f wheels",
        "-r ../all.txt",
    ] {
        let sandbox = modern();
        sandbox
            .write("all.txt", "")
            .write("p/requirements.txt", format!("Django==4.2.11\n{line}\n"));
        commit(&sandbox);
        let ran = dockerize(&sandbox, &["--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        let dockerfile = sandbox.read("p/Dockerfile");
        let copied = dockerfile.find("COPY --chown=app:app . .").unwrap();
        assert!(
            copied < dockerfile.find("pip-install.sh").unwrap(),
            "{line}: {dockerfile}"
        );
    }
}

#[test]
fn an_asynchronous_application_is_served_as_one() {
    let sandbox = modern();
    sandbox
        .write(
            "p/requirements.txt",
            "Django==4.2.11\nchannels==4.2.0\ndaphne==4.1.2\n",
        )
        .write("p/shop/asgi.py", "application = None\n")
        .write(
            "p/shop/settings.py",
            settings("sqlite3", "ASGI_APPLICATION = \"shop.asgi.application\"\n"),
        );
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    // What is served is not said to need a server of its own.
    assert!(ran.stdout.contains("`shop.asgi` is served"), "{ran}");
    assert!(!ran.stdout.contains("websockets need"), "{ran}");
    assert!(
        sandbox
            .read("p/.env.base")
            .contains("ASGI_MODULE=\"${ASGI_MODULE:-shop.asgi}\"")
    );
    // Django's own file is in every project.
    let sandbox = modern();
    sandbox.write("p/shop/asgi.py", "application = None\n");
    let found = inspect(&sandbox, "p");
    assert_eq!(
        finding(&found, "serving.asgi_module")["value"],
        serde_json::Value::Null
    );
    sandbox.write(
        "p/Procfile",
        "web: uvicorn --workers 2 shop.asgi:application\n",
    );
    let found = inspect(&sandbox, "p");
    assert_eq!(finding(&found, "serving.asgi_module")["value"], "shop.asgi");
}
