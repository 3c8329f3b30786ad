//! What is a project, and what is an app for others' projects.

use super::inspect;
use super::project::{modern, settings};

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
