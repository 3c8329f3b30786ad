//! Databases that are not where one looks first: named in rare ways, replaced by what is not there, beside the default one.

use super::certain::check;
use serde_json::Value;

use super::project::{dockerize, modern, settings};
use super::{finding, inspect};
use crate::cli::sandbox::Sandbox;

const MYSQL: &str = "DATABASES := {\"default\": {\"ENGINE\": \"django.db.backends.mysql\"}}";

#[test]
fn names_given_inside_an_expression() {
    check(
        &modern(),
        &[
            (
                &format!("with open(\"x\") as file:\n    ({MYSQL})\n"),
                "mysql",
            ),
            (&format!("({MYSQL})\n"), "mysql"),
            (&format!("SAME = ({MYSQL})\n"), "mysql"),
            (
                &format!("with open(\"x\") as file, ({MYSQL}):\n    pass\n"),
                "mysql",
            ),
            (&format!("f({MYSQL})\n"), "ask"),
            (&format!("SERVER and ({MYSQL})\n"), "ask"),
            (&format!("if ({MYSQL}):\n    pass\n"), "ask"),
            (&format!("while f({MYSQL}):\n    break\n"), "ask"),
            ("if (DATABASE := SERVER):\n    pass\n", "sqlite"),
            (
                "same = DATABASES = {\"default\": {}}\nsame[\"default\"] = PG\n",
                "postgresql",
            ),
            (
                "DATABASES = same = {\"default\": {}}\nsame[\"default\"].update(PG)\n",
                "postgresql",
            ),
            (
                "with suppress(KeyError):\n    DATABASES = {\"default\": PG}\n",
                "ask",
            ),
        ],
    );
}

#[test]
fn without_a_default_one_nothing_is_certain() {
    check(
        &modern(),
        &[
            ("DATABASES = {\"other\": PG}\n", "ask"),
            ("DATABASES = dict(other=PG)\n", "ask"),
            ("DATABASES = {\"other\": PG, \"more\": PG}\n", "ask"),
            ("DATABASES = {NAME: PG}\n", "postgresql"),
            ("DATABASES = {\"other\": {}, NAME: PG}\n", "postgresql"),
            (
                "DATABASES = {\"other\": PG}\nDATABASES[\"default\"] = PG\n",
                "postgresql",
            ),
            (
                "MORE = {\"other\": PG}\nDATABASES = {\"default\": PG, **MORE}\n",
                "postgresql",
            ),
            (
                "DATABASES = {}\nDATABASES[\"default\"] = PG\n",
                "postgresql",
            ),
        ],
    );
}

#[test]
fn a_setting_that_django_no_longer_reads() {
    let sandbox = modern();
    let engine = settings("sqlite3", "DATABASE_ENGINE = \"mysql\"\n").replace("DATABASES", "XX");
    sandbox.write("p/shop/settings.py", engine);
    let found = inspect(&sandbox, "p");
    assert_eq!(found["ask_for"].to_string(), "[\"database\"]");
    let database = finding(&found, "database");
    assert_eq!(database["value"], "unknown");
    assert_eq!(database["evidence"][0], "shop/settings.py:6");
    for (django, python) in [("1.1.4", "2.7"), ("1.3.7", "2.7")] {
        sandbox
            .write("p/requirements.txt", format!("Django=={django}\n"))
            .write("p/runtime.txt", format!("python-{python}.1\n"));
        let found = inspect(&sandbox, "p");
        assert_eq!(finding(&found, "database")["value"], "mysql", "{django}");
        assert_eq!(found["verdict"], "ok", "{found}");
    }
}

#[test]
fn what_is_not_there_may_name_a_server() {
    let sandbox = modern();
    let absent = [
        "from .local_settings import *\n",
        "try:\n    from .local_settings import *\nexcept ImportError:\n    pass\n",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    from secret_db import *\n",
        "exec(open(os.path.join(BASE_DIR, \"local.py\")).read())\n",
        "if os.path.exists(\"local.py\"):\n    exec(open(\"local.py\").read())\n",
        "import django_heroku\ndjango_heroku.settings(locals())\n",
    ];
    let cases = absent.map(|more| (more, "ask"));
    check(&sandbox, &cases);
    check(
        &sandbox,
        &[
            (
                "if \"test\" in sys.argv:\n    from .local_settings import *\n",
                "sqlite",
            ),
            (
                "from .local_settings import *\nDATABASES = {\"default\": PG}\n",
                "postgresql",
            ),
            // A server is named; what is not there says where it is.
            (
                "DATABASES = {\"default\": PG}\nfrom .local_settings import *\n",
                "postgresql",
            ),
        ],
    );
    sandbox.write("p/requirements.txt", "Django==4.2.11\nmysqlclient\n");
    check(
        &sandbox,
        &[(
            "DATABASES = {\"default\": PG}\nfrom .local_settings import *\n",
            "ask",
        )],
    );
}

/// What the report says of databases beside the default one: as found, with places; and in the plan.
fn beside(sandbox: &Sandbox, engine: &str, more: &str) -> (Value, Value, Vec<String>) {
    let more = more.replace("MY", "{\"ENGINE\": \"django.db.backends.mysql\"}");
    let more = more.replace("PG", "{\"ENGINE\": \"django.db.backends.postgresql\"}");
    sandbox.write("p/shop/settings.py", settings(engine, &more));
    let found = inspect(sandbox, "p");
    assert_eq!(found["verdict"], "ok", "{more}: {found}");
    let other = finding(&found, "other_databases");
    let told = found["plan"]["not_covered"].as_array();
    let told = told.into_iter().flatten();
    (
        other["value"].clone(),
        other["evidence"].clone(),
        told.map(|text| text.as_str().unwrap().to_owned()).collect(),
    )
}

#[test]
fn databases_beside_the_default_one_are_told() {
    let sandbox = modern();
    for (more, expected) in [
        ("DATABASES[\"legacy\"] = MY\n", "legacy: mysql"),
        ("DATABASES.update({\"legacy\": MY})\n", "legacy: mysql"),
        ("DATABASES.update(legacy=MY)\n", "legacy: mysql"),
        ("DATABASES.setdefault(\"legacy\", MY)\n", "legacy: mysql"),
        (
            "DATABASES = {\"default\": PG, \"legacy\": MY}\n",
            "legacy: mysql",
        ),
        (
            "ALIAS = \"legacy\"\nDATABASES = {\"default\": PG, ALIAS: MY}\n",
            "legacy: mysql",
        ),
        (
            "DATABASES = dict(default=PG, legacy=dict(MY))\n",
            "legacy: mysql",
        ),
        (
            "MORE = {\"legacy\": MY}\nDATABASES = {\"default\": PG, **MORE}\n",
            "legacy: mysql",
        ),
        (
            "if SERVER:\n    DATABASES[\"legacy\"] = MY\n",
            "legacy: mysql",
        ),
        (
            "DATABASES[\"legacy\"] = {}\nDATABASES[\"legacy\"][\"ENGINE\"] = \"django.db.backends.mysql\"\n",
            "legacy: mysql",
        ),
        (
            "DATABASES[\"legacy\"] = env.db(\"LEGACY_URL\")\n",
            "legacy: from-env",
        ),
        (
            "DATABASES[\"legacy\"] = {\"ENGINE\": \"some.thing\"}\n",
            "legacy: unknown",
        ),
        (
            "DATABASES = {\"default\": PG}\nDATABASES[\"replica\"] = {**DATABASES[\"default\"], \"HOST\": \"b\"}\n",
            "replica: postgresql",
        ),
        (
            "DATABASES = {\"default\": PG}\nDATABASES[\"replica\"] = DATABASES[\"default\"].copy()\n",
            "replica: postgresql",
        ),
    ] {
        let (value, evidence, told) = beside(&sandbox, "postgresql", more);
        assert_eq!(value, serde_json::json!([expected]), "{more}");
        let place = evidence[0].as_str().unwrap();
        assert!(place.starts_with("shop/settings.py:"), "{more}: {place}");
        let alias = format!("`{}`", expected.split(':').next().unwrap());
        assert_eq!(told.len(), 1, "{more}: {told:?}");
        assert!(
            told[0].contains(&alias)
                && told[0].contains(place)
                && told[0].contains("`default` alone"),
            "{more}: {told:?}"
        );
        let needs = expected == "legacy: mysql";
        assert_eq!(
            told[0].contains("default-libmysqlclient-dev"),
            needs,
            "{more}: {told:?}"
        );
    }
}

#[test]
fn what_is_no_second_server() {
    let sandbox = modern();
    for more in [
        "",
        "DATABASES[\"default\"][\"HOST\"] = \"db\"\n",
        "DATABASES[\"legacy\"] = MY\ndel DATABASES[\"legacy\"]\n",
        "DATABASES[\"legacy\"] = MY\nDATABASES.pop(\"legacy\")\n",
        "DATABASES[\"legacy\"] = MY\nDATABASES = {\"default\": PG}\n",
        "if \"test\" in sys.argv:\n    DATABASES[\"legacy\"] = MY\n",
        "DATABASE_ROUTERS = [\"tenants.Router\"]\n",
    ] {
        let (value, _, told) = beside(&sandbox, "postgresql", more);
        assert_eq!((value, told.len()), (serde_json::json!([]), 0), "{more}");
    }
    let more = "class Base:\n    DATABASES = {\"default\": PG, \"legacy\": MY}\nclass Server(Base):\n    DATABASES = {\"default\": PG}\n";
    sandbox.write(
        "p/shop/settings.py",
        settings("sqlite3", &more.replace("MY", "MYSQL")),
    );
    let found = inspect(&sandbox, "p");
    let other = &finding(&found, "other_databases")["value"];
    assert_eq!(other.to_string(), "[\"legacy: unknown\"]");
    let more = "DATABASES[\"legacy\"] = MY\nDATABASES = {**DATABASES, \"more\": PG}\n";
    let (value, _, _) = beside(&sandbox, "postgresql", more);
    assert_eq!(
        value,
        serde_json::json!(["legacy: mysql", "more: postgresql"])
    );
    // A file needs no server.
    let (value, _, told) = beside(
        &sandbox,
        "sqlite3",
        "DATABASES[\"cache\"] = {\"ENGINE\": \"django.db.backends.sqlite3\"}\n",
    );
    assert_eq!(
        (value, told.len()),
        (serde_json::json!(["cache: sqlite"]), 0)
    );
    let more = "from x import MORE\nDATABASES = {**MORE, \"default\": PG}\nDATABASE_ROUTERS = [\"shop.Router\"]\n";
    let (value, _, told) = beside(&sandbox, "sqlite3", more);
    assert_eq!(value, serde_json::json!(["?: unknown"]));
    assert!(
        told[0].contains("DATABASE_ROUTERS (shop/settings.py:8)"),
        "{told:?}"
    );
}

#[test]
fn what_a_person_reads_of_a_second_database() {
    let sandbox = modern();
    let more = "DATABASES[\"legacy\"] = {\"ENGINE\": \"django.db.backends.mysql\"}\n";
    sandbox.write("p/shop/settings.py", settings("postgresql", more));
    let ran = dockerize(&sandbox, &["--dry-run", "--defaults"]);
    assert!(ran.stdout.contains("legacy: mysql"), "{ran}");
    let told = "for the database `default` alone, not for `legacy` (mysql, shop/settings.py:6): the settings must name";
    let words: Vec<&str> = ran.stdout.split_whitespace().collect();
    assert!(words.join(" ").contains(told), "{ran}");
    // What it says an image needs for it is what an image for it has.
    sandbox.write("p/shop/settings.py", settings("mysql", ""));
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        sandbox
            .read("p/Dockerfile")
            .contains(" default-libmysqlclient-dev ")
    );
}

#[test]
fn names_that_a_module_keeps_to_itself() {
    let sandbox = modern();
    sandbox.write("p/shop/base.py", settings("mysql", ""));
    let star = "from .base import *\n";
    let module = |all: &str| {
        sandbox.write("p/shop/base.py", settings("mysql", all));
        check(&sandbox, &[(star, "mysql")]);
    };
    for all in [
        "",
        "__all__ = [\"DATABASES\"]\n",
        "__all__ = ()\n__all__ += (\"DATABASES\",)\n",
        "__all__ = []\n__all__.append(\"DATABASES\")\n",
        "__all__ = [name for name in dir() if name.isupper()]\n",
    ] {
        module(all);
    }
    sandbox.write(
        "p/shop/base.py",
        settings(
            "mysql",
            "__all__ = [\"INSTALLED_APPS\", \"STATIC_URL\"]\nSTATIC_URL = \"/s/\"\n",
        ),
    );
    check(&sandbox, &[(star, "sqlite")]);
    let found = inspect(&sandbox, "p");
    assert_eq!(finding(&found, "static.url")["value"], "/s/");
    let files = &finding(&found, "settings_files")["value"];
    assert!(files.to_string().contains("shop/base.py"), "{files}");
}
