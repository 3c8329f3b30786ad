//! What is a project, and what is an app for others' projects.

use super::inspect;
use super::project::{MANAGE, modern, settings};
use crate::cli::sandbox::Sandbox;

/// A package for others with a site beside it: to try it with, unless the site is installed with it, or is deployed.
#[test]
fn a_site_beside_a_package_is_one_to_try_it_with_unless_it_is_run_in_earnest() {
    let setup = |more: &str| {
        format!(
            "from setuptools import setup\nsetup(\n    name='django_blog',\n    packages=['django_blog'],\n{more}\
             \x20   classifiers=['Framework :: Django'],\n)\n"
        )
    };
    let module = "from shop.settings import *\n";
    for (more, file, verdict) in [
        ("", "p/shop/other.py", "refuse"),
        ("    scripts=['manage.py'],\n", "p/shop/other.py", "ok"),
        ("", "p/shop/settings/production.py", "ok"),
    ] {
        let sandbox = modern();
        sandbox
            .write("p/setup.py", setup(more))
            .write("p/django_blog/__init__.py", "")
            .write("p/django_blog/models.py", "from django.db import models\n");
        if file.contains("/settings/") {
            std::fs::remove_file(sandbox.path("p/shop/settings.py")).unwrap();
            sandbox.write("p/shop/settings/__init__.py", settings("sqlite3", ""));
        }
        sandbox.write(file, module);
        let found = inspect(&sandbox, "p");
        assert_eq!(found["verdict"], verdict, "{more}{file}: {found}");
    }
}

/// A package for others, with one site that only its developers and its tests use: nobody is asked four questions about it.
#[test]
fn a_site_for_trying_an_app_is_no_project() {
    type Files<'a> = &'a [(&'a str, &'a str)];
    let setup = "from setuptools import setup, find_packages\nsetup(name='django-lamp', packages=find_packages(), install_requires=['Django>=3.2'])\n";
    let pyproject = "[project]\nname = \"django-lamp\"\nversion = \"1\"\ndependencies = [\"django>=4.2\"]\n[build-system]\nrequires = [\"hatchling\"]\n\
                     [tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = \"lampsite.settings\"\n";
    let manage = |module: &str| MANAGE.replace("shop.settings", module);
    let pytest = "[pytest]\nDJANGO_SETTINGS_MODULE = lampsite.settings\n";
    let tox = "[tox]\n[testenv]\nsetenv =\n    DJANGO_SETTINGS_MODULE = lampsite.settings\n";
    let cfg = "[tool:pytest]\nDJANGO_SETTINGS_MODULE = lampsite.settings\n";
    let runtests = "import os\nos.environ[\"DJANGO_SETTINGS_MODULE\"] = \"lampsite.settings\"\n";
    let cases: [(&str, Files, &str); 9] = [
        (
            "dev",
            &[("manage.py", &manage("dev.settings"))],
            "dev/settings.py",
        ),
        (
            "dev/site",
            &[("dev/manage.py", &manage("site.settings"))],
            "dev/site/settings.py",
        ),
        ("lampsite", &[("pytest.ini", pytest)], "pytest.ini:2"),
        ("lampsite", &[("tox.ini", tox)], "tox.ini:4"),
        ("lampsite", &[("setup.cfg", cfg)], "setup.cfg:2"),
        (
            "lampsite",
            &[("pyproject.toml", pyproject)],
            "pyproject.toml:8",
        ),
        (
            "lampsite",
            &[
                ("pyproject.toml", pyproject),
                ("manage.py", &manage("lampsite.settings")),
            ],
            "`lamp`",
        ),
        (
            "lampsite",
            &[
                ("pytest.ini", pytest),
                ("manage.py", &manage("lampsite.settings")),
            ],
            "`lamp`",
        ),
        (
            "lampsite",
            &[
                ("runtests.py", runtests),
                ("manage.py", &manage("lampsite.settings")),
            ],
            "`lamp`",
        ),
    ];
    for (site, files, place) in cases {
        // The name of a package is evidence only where it says what the package is for.
        let named = |text: &str| match place {
            "`lamp`" => text.to_owned(),
            _ => text.replace("django-lamp", "lamp"),
        };
        let sandbox = app(site, &named(setup));
        for (path, text) in files {
            sandbox.write(&format!("p/{path}"), named(text));
        }
        let found = inspect(&sandbox, "p");
        assert_eq!(found["verdict"], "refuse", "{site} {place}: {found}");
        let reason = found["reason"].as_str().unwrap();
        assert!(
            reason.starts_with("it is a reusable app") && reason.contains(place),
            "{place}: {reason}"
        );
    }
}

/// The same layout, where the site is served.
#[test]
fn a_site_that_is_deployed_is_a_project_though_it_is_packaged() {
    let setup = "from setuptools import setup\nsetup(name='lamp', packages=['lamp'], install_requires=['Django==4.2.1'])\n";
    let pytest = "[pytest]\nDJANGO_SETTINGS_MODULE = lampsite.settings\n";
    for (site, manage, more) in [
        ("dev", "dev.settings", "dev/production.py"),
        ("lampsite", "lampsite.settings", "lampsite/other.py"),
    ] {
        let sandbox = app(site, setup);
        sandbox
            .write("p/manage.py", MANAGE.replace("shop.settings", manage))
            .write("p/pytest.ini", pytest)
            .write("p/.python-version", "3.11\n")
            .write(&format!("p/{more}"), "from .settings import *\n");
        let found = inspect(&sandbox, "p");
        assert_eq!(found["verdict"], "ok", "{site}: {found}");
    }
}

/// The package `lamp`, and a site in another folder.
fn app(site: &str, setup: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let package = site.rsplit('/').next().unwrap();
    sandbox
        .write("p/setup.py", setup)
        .write("p/lamp/__init__.py", "")
        .write("p/lamp/models.py", "from django.db import models\n")
        .write(&format!("p/{site}/__init__.py"), "")
        .write(&format!("p/{site}/urls.py"), "urlpatterns = []\n")
        .write(
            &format!("p/{site}/settings.py"),
            settings("sqlite3", "").replace("shop", package),
        );
    sandbox
}
