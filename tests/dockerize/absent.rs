//! Modules that are named and absent, and servers that nobody has.

use std::process::Command;

use serde_json::Value;

use super::project::{MANAGE, commit, dockerize, modern, settings};
use super::{finding, inspect, inspect_with};

/// manage.py names a module that no folder can hold: it is asked for, and what a server starts is proposed.
#[test]
fn settings_that_are_nowhere_are_asked_for() {
    for module in ["shop.settings.local", "quay.settings"] {
        let sandbox = modern();
        sandbox
            .write("p/manage.py", MANAGE.replace("shop.settings", module))
            .write(
                "p/shop/wsgi.py",
                "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings\")\n",
            );
        let found = inspect(&sandbox, "p");
        assert_eq!(
            finding(&found, "settings_module")["confidence"],
            "low",
            "{found}"
        );
        assert_eq!(
            found["ask_for"],
            serde_json::json!(["settings_module"]),
            "{found}"
        );
        let ran = dockerize(&sandbox, &["--yes"]);
        assert_eq!(ran.code, 1, "{ran}");
        assert!(
            ran.stderr.contains("which here is `shop.settings`"),
            "{ran}"
        );
        let found = inspect_with(&sandbox, &["--defaults"]);
        assert_eq!(
            found["plan"]["answers"]["settings_module"], "shop.settings",
            "{found}"
        );
    }
}

/// wsgi.py names a module that is not there: production is asked for, and a guess is told as one.
#[test]
fn settings_of_production_that_are_nowhere_are_asked_for() {
    let sandbox = modern();
    sandbox.write(
        "p/shop/wsgi.py",
        "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings_live\")\n",
    );
    commit(&sandbox);
    let found = inspect_with(&sandbox, &[]);
    let production = finding(&found, "settings.production");
    assert_eq!(production["value"], "shop.settings_live");
    assert_eq!(production["confidence"], "low");
    assert_eq!(
        found["ask_for"],
        serde_json::json!(["settings.production"]),
        "{found}"
    );
    let ran = dockerize(&sandbox, &["--defaults", "--dry-run"]);
    assert_eq!(ran.code, 0, "{ran}");
    let told = "  Production runs the settings `shop.settings`.\n  But shop/wsgi.py:2 names `shop.settings_live`.\n";
    assert!(ran.stdout.contains(told), "{ran}");
    // Each machine may have that file for itself.
    let flags = ["--answer", "settings_production=shop.settings_live"];
    let found = inspect_with(&sandbox, &flags);
    assert_eq!(
        found["plan"]["answers"]["settings_production"], "shop.settings_live",
        "{found}"
    );
}

/// Nothing offers to dump a database, or to set it up, where no server holds the project's data.
#[test]
fn no_dump_is_offered_where_no_server_is() {
    let engine = "import dj_database_url\nDATABASES = {\"default\": dj_database_url.config(default=\"sqlite:///x\")}\n";
    let cases: [(&str, String, &[&str], bool); 4] = [
        (
            "sqlite3",
            String::new(),
            &["--answer", "database=postgresql"],
            false,
        ),
        ("sqlite3", engine.to_owned(), &[], false),
        ("postgresql", String::new(), &[], true),
        ("sqlite3", engine.to_owned(), &["example"], true),
    ];
    for (name, more, flags, is_offered) in cases {
        let sandbox = modern();
        sandbox
            .write("p/shop/settings.py", settings(name, &more))
            .write(
                "p/requirements.txt",
                "Django==4.2.11\npsycopg2\ndj-database-url\n",
            );
        let mut flags = flags.to_vec();
        if flags.first() == Some(&"example") {
            flags.clear();
            sandbox.write("p/.env.example", "DATABASE_URL=postgres://shop@db/shop\n");
        }
        commit(&sandbox);
        let mut json = flags.clone();
        json.push("--defaults");
        let found = inspect_with(&sandbox, &json);
        let steps = found["plan"]["steps"].as_array().unwrap();
        let has_data = steps.iter().any(|step| step == "data");
        assert_eq!(has_data, is_offered, "{name} {more} {flags:?}: {found}");
        flags.extend(["--defaults", "--yes"]);
        let ran = dockerize(&sandbox, &flags);
        assert_eq!(ran.code, 0, "{ran}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(said.contains("pg_dump"), is_offered, "{ran}");
    }
}

/// go.sh names programs for servers that the project may use, and no others.
#[test]
fn go_sh_names_no_programs_for_servers_that_nobody_has() {
    for (engine, names_psql) in [("sqlite3", false), ("postgresql", true)] {
        let sandbox = modern();
        sandbox.write("p/shop/settings.py", settings(engine, ""));
        commit(&sandbox);
        let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
        assert_eq!(ran.code, 0, "{ran}");
        let script = "eval \"$(sed -n '/^say()/p; /^may_use()/p; /^install_hint()/,/^}/p; /^list_missing()/,/^}/p' go.sh)\"\n\
                      project=. named=3.11\nuname() { :; }\ncommand() { false; }\nlist_missing";
        let bash = Command::new("bash")
            .args(["-c", script])
            .current_dir(sandbox.path("p"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&bash.stderr).into_owned();
        assert_eq!(said.contains("psql"), names_psql, "{engine}: {bash:?}");
        assert!(!said.contains("redis-server"), "{engine}: {bash:?}");
    }
}

/// The settings are made from an example on each machine: the example tells what they are like.
#[test]
fn an_example_of_the_settings_tells_what_they_hold() {
    let sandbox = modern();
    let own = std::fs::read_to_string(sandbox.path("p/shop/settings.py")).unwrap();
    std::fs::remove_file(sandbox.path("p/shop/settings.py")).unwrap();
    sandbox.write("p/shop/settings.py.dist", own);
    let found = inspect(&sandbox, "p");
    assert_eq!(found["verdict"], "ok", "{found}");
    assert_eq!(finding(&found, "root_urlconf")["value"], "shop.urls");
    let database = finding(&found, "database");
    assert_ne!(database["confidence"], Value::from("high"), "{found}");
}
