//! Several sites in one tree: a person says which one, or is told of the others.

use super::project::{MANAGE, commit, modern, settings};
use super::{finding, inspect, inspect_with};
use crate::cli::sandbox::Sandbox;

/// A second site of the name `quay` beside `shop`, with settings and a WSGI application of its own.
fn with_quay() -> Sandbox {
    let sandbox = modern();
    let own = |text: String| text.replace("shop", "quay");
    sandbox
        .write("p/quay/__init__.py", "")
        .write("p/quay/settings.py", own(settings("postgresql", "")))
        .write("p/quay/urls.py", "urlpatterns = []\n")
        .write(
            "p/quay/wsgi.py",
            "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"quay.settings\")\n",
        );
    sandbox
}

/// Scripts of other names than manage.py are the project's where there is no manage.py; of two it is asked which.
#[test]
fn scripts_of_other_names_start_django_too() {
    let sandbox = modern();
    let manage = sandbox.path("p/manage.py");
    std::fs::rename(&manage, sandbox.path("p/manage_shop.py")).unwrap();
    let found = inspect(&sandbox, "p");
    assert_eq!(finding(&found, "manage_py")["value"], "manage_shop.py");
    assert_eq!(finding(&found, "manage_py")["confidence"], "high");
    let sandbox = with_quay();
    std::fs::rename(
        sandbox.path("p/manage.py"),
        sandbox.path("p/manage_shop.py"),
    )
    .unwrap();
    sandbox.write("p/manage_quay.py", MANAGE.replace("shop", "quay"));
    let found = inspect(&sandbox, "p");
    assert_eq!(finding(&found, "manage_py")["confidence"], "low", "{found}");
    let asked = found["ask_for"].as_array().unwrap();
    assert!(asked.iter().any(|key| key == "manage_py"), "{found}");
    commit(&sandbox);
    let flags = ["--answer", "manage_py=manage_shop.py"];
    let found = inspect_with(&sandbox, &flags);
    assert_eq!(found["verdict"], "ok", "{found}");
    let told = found["plan"]["not_covered"].to_string();
    assert!(
        told.contains("manage_quay.py starts Django with other settings"),
        "{told}"
    );
}

/// The settings of another site are no other environment of this one, and are told.
#[test]
fn the_settings_of_another_site_are_told() {
    let sandbox = with_quay();
    commit(&sandbox);
    let found = inspect_with(&sandbox, &[]);
    assert_eq!(found["verdict"], "ok", "{found}");
    assert_eq!(finding(&found, "database")["value"], "sqlite");
    assert_eq!(
        finding(&found, "settings.production")["value"],
        "shop.settings"
    );
    let told = found["plan"]["not_covered"].to_string();
    assert!(
        told.contains("quay/settings.py has the settings of another site (quay/settings.py:3)"),
        "{told}"
    );
    // Settings that include the site's own are those of an environment, whatever their URLs.
    let sandbox = with_quay();
    sandbox.write(
        "p/quay/settings.py",
        "from shop.settings import *\nROOT_URLCONF = \"quay.urls\"\n",
    );
    commit(&sandbox);
    let found = inspect_with(&sandbox, &["--defaults"]);
    assert_eq!(
        found["plan"]["not_covered"],
        serde_json::Value::Null,
        "{found}"
    );
}
