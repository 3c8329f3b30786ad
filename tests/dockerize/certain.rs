//! Which database the settings come to. Where syntax cannot tell, a person is asked: a wrong certain answer is worse.

use super::project::{modern, settings};
use super::{finding, inspect};
use crate::cli::sandbox::Sandbox;

const POSTGRESQL: &str = "{\"ENGINE\": \"django.db.backends.postgresql\", \"NAME\": \"x\"}";

/// What is said of settings that begin with `SQLite` and go on with `more`: `ask`, or the database that is certain.
fn said(sandbox: &Sandbox, more: &str) -> String {
    let more = more.replace("PG", POSTGRESQL);
    sandbox.write("p/shop/settings.py", settings("sqlite3", &more));
    let found = inspect(sandbox, "p");
    let asked = found["ask_for"].as_array().unwrap();
    if asked.iter().any(|key| key == "database") {
        return "ask".into();
    }
    finding(&found, "database")["value"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Settings, and what is to be said of them; what is wrong is listed whole.
pub(super) fn check(sandbox: &Sandbox, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(more, expected)| (more, expected, said(sandbox, more)))
        .filter(|(_, expected, said)| *expected != said)
        .map(|(more, expected, said)| format!("{said} instead of {expected}:\n{more}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn names_that_something_else_may_set() {
    let sandbox = modern();
    sandbox.write("p/shop/tools.py", "def change(names):\n    pass\n");
    let import = "import importlib, os\nmodule = importlib.import_module(os.environ[\"X\"])\n";
    check(
        &sandbox,
        &[
            ("", "sqlite"),
            (
                "import django_heroku\ndjango_heroku.settings(locals())\n",
                "ask",
            ),
            (
                "import django_heroku\ndjango_heroku.settings(locals(), databases=False)\n",
                "sqlite",
            ),
            ("from shop.tools import change\nchange(globals())\n", "ask"),
            ("from shop.tools import change\nchange(DATABASES)\n", "ask"),
            ("print(DATABASES, len(globals()))\n", "sqlite"),
            (
                &format!("{import}locals().update(module.__dict__)\n"),
                "ask",
            ),
            (
                &format!(
                    "{import}for key in dir(module):\n    globals()[key] = getattr(module, key)\n"
                ),
                "ask",
            ),
            ("names = globals()\nnames.update(load())\n", "ask"),
            ("globals().update(DEBUG=True)\n", "sqlite"),
            ("vars()[\"DATABASES\"] = {\"default\": PG}\n", "postgresql"),
            (
                "names = globals()\nnames[\"DATABASES\"] = {\"default\": PG}\n",
                "postgresql",
            ),
            (
                "import sys\nsetattr(sys.modules[__name__], \"DATABASES\", {\"default\": PG})\n",
                "postgresql",
            ),
            (
                "import sys\nfor key in CHANGES:\n    setattr(sys.modules[__name__], key, CHANGES[key])\n",
                "ask",
            ),
            (
                "try:\n    from production import *\nexcept ImportError:\n    pass\n",
                "ask",
            ),
            // Behind it, nothing of that counts.
            (
                "import django_heroku\ndjango_heroku.settings(locals())\nDATABASES = {\"default\": PG}\n",
                "postgresql",
            ),
        ],
    );
    // Of two drivers, one is for the servers.
    sandbox.write(
        "p/requirements.txt",
        "Django==4.2.11\npsycopg2\nmysqlclient\n",
    );
    let exec = "exec open(\"/etc/shop/settings\").read() in globals()\n";
    check(
        &sandbox,
        &[("from .local_settings import *\n", "ask"), (exec, "ask")],
    );
}

#[test]
fn parts_that_are_changed_afterwards() {
    let engine = "[\"ENGINE\"] = \"django.db.backends.postgresql\"\n";
    check(
        &modern(),
        &[
            (
                &format!("for one in DATABASES.values():\n    one{engine}"),
                "ask",
            ),
            (
                &format!("for name in DATABASES:\n    DATABASES[name]{engine}"),
                "ask",
            ),
            (
                "for name, one in DATABASES.items():\n    one.update(ENGINE=\"django.db.backends.mysql\")\n",
                "ask",
            ),
            (
                "for name in DATABASES:\n    DATABASES[name][\"CONN_MAX_AGE\"] = 60\n",
                "sqlite",
            ),
            (
                &format!("one = DATABASES[\"default\"]\none{engine}"),
                "postgresql",
            ),
            (
                &format!("def change():\n    DATABASES[\"default\"]{engine}\nchange()\n"),
                "ask",
            ),
            (
                "def change():\n    global DATABASES\n    DATABASES = load()\nchange()\n",
                "ask",
            ),
            ("def change():\n    return 1\nX = change()\n", "sqlite"),
            (
                "from django.db import DEFAULT_DB_ALIAS\nDATABASES[DEFAULT_DB_ALIAS] = PG\n",
                "ask",
            ),
            (
                "DATABASES[\"default\"] |= {\"ENGINE\": \"django.db.backends.mysql\"}\n",
                "mysql",
            ),
            ("DATABASES.clear()\n", "ask"),
            ("DATABASES[\"other\"] = PG\n", "sqlite"),
            (
                "for key in (\"NAME\", \"HOST\"):\n    DATABASES[\"default\"][key] = VALUES[key]\n",
                "sqlite",
            ),
            (
                "for key in KEYS:\n    DATABASES[\"default\"][key] = VALUES[key]\n",
                "ask",
            ),
            (
                "MORE = {\"HOST\": \"db\"}\nfor key, value in MORE.items():\n    DATABASES[\"default\"][key] = value\n",
                "sqlite",
            ),
            (
                "MORE = {\"ENGINE\": x}\nfor key, value in MORE.items():\n    DATABASES[\"default\"][key] = value\n",
                "ask",
            ),
            (
                "DATABASES[\"other\"] = PG\ndel DATABASES[\"default\"]\n",
                "ask",
            ),
        ],
    );
}

#[test]
fn values_that_are_put_together() {
    check(
        &modern(),
        &[
            (
                "BASE = PG\nDATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.sqlite3\", **BASE}}\n",
                "postgresql",
            ),
            (
                "BASE = PG\nDATABASES = {\"default\": {**BASE, \"ENGINE\": \"django.db.backends.sqlite3\"}}\n",
                "sqlite",
            ),
            (
                "from x import BASE\nDATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.sqlite3\", **BASE}}\n",
                "ask",
            ),
            (
                "MORE = {\"default\": PG}\nDATABASES = {**DATABASES, **MORE}\n",
                "postgresql",
            ),
            (
                "BASE = PG\nDATABASES = {\"default\": dict(BASE, NAME=\"y\")}\n",
                "postgresql",
            ),
            (
                "ALL = {\"a\": PG}\nDATABASES = {\"default\": ALL[\"a\"]}\n",
                "postgresql",
            ),
            (
                "ALL = {\"a\": PG}\nDATABASES = {\"default\": ALL[KEY]}\n",
                "ask",
            ),
            (
                "ONE = PG\nif SERVER:\n    ONE = {\"ENGINE\": \"django.db.backends.mysql\"}\nDATABASES = {\"default\": ONE}\n",
                "ask",
            ),
            (
                "ENGINE = \"postgresql\"\nif SERVER:\n    ENGINE = \"mysql\"\nDATABASES = {\"default\": {\"ENGINE\": ENGINE}}\n",
                "ask",
            ),
            (
                "ONE = PG\nDATABASES = {\"default\": ONE}\nONE[\"ENGINE\"] = \"django.db.backends.mysql\"\n",
                "mysql",
            ),
        ],
    );
}

#[test]
fn conditions_of_every_shape() {
    let postgresql = "DATABASES = {\"default\": PG}\n";
    check(
        &modern(),
        &[
            (
                &format!(
                    "match SERVER:\n    case \"a\" | \"b\":\n        {postgresql}    case _:\n        pass\n"
                ),
                "ask",
            ),
            (
                &format!("match = 1\nmatch.case: int = 2\n{postgresql}"),
                "postgresql",
            ),
            (&format!("if SERVER: A = 1; {postgresql}"), "ask"),
            (
                &format!("if \"test\" in sys.argv:\n    {postgresql}"),
                "sqlite",
            ),
            (
                &format!("if not \"test\" in sys.argv:\n    {postgresql}"),
                "ask",
            ),
            (
                &format!("if ENVIRONMENT != \"test\":\n    {postgresql}"),
                "ask",
            ),
            (&format!("if TESTING is False:\n    {postgresql}"), "ask"),
            (&format!("if TESTING or SERVER:\n    {postgresql}"), "ask"),
            (&format!("if LATEST:\n    {postgresql}"), "ask"),
            (
                &format!("if SERVER:\n    pass\nelif not TESTING:\n    {postgresql}"),
                "ask",
            ),
            (
                &format!(
                    "if not TESTING:\n    {postgresql}else:\n    DATABASES = {{\"default\": {{\"ENGINE\": \"django.db.backends.mysql\"}}}}\n"
                ),
                "ask",
            ),
            (&format!("if (X := SERVER):\n    {postgresql}"), "ask"),
            (
                &format!(
                    "class Base:\n    {postgresql}class Server(Base):\n    DATABASES = {{}}\n"
                ),
                "ask",
            ),
            (
                "class Server:\n    @property\n    def DATABASES(self):\n        return {\"default\": PG}\n",
                "ask",
            ),
        ],
    );
}

/// What is said of the version of Django where `files` ask for it: `ask`, or what is certain.
fn django(files: &[(&str, &str)]) -> String {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    for (path, text) in files {
        sandbox.write(&format!("p/{path}"), text);
    }
    let found = inspect(&sandbox, "p");
    let asked = found["ask_for"].as_array().unwrap();
    if asked.iter().any(|key| key == "django.spec") {
        return "ask".into();
    }
    finding(&found, "django.spec")["value"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn versions_that_differ_are_asked_for() {
    let pip = "requirements.txt";
    let marked = |one: &str, other: &str| {
        format!("Django{one}; python_version<'3'\nDjango{other}; python_version>='3'\n")
    };
    assert_eq!(django(&[(pip, &marked("==1.11", "==4.2"))]), "ask");
    assert_eq!(django(&[(pip, &marked(">=1.11,<2", ">=4.2"))]), "ask");
    assert_eq!(django(&[(pip, &marked("==4.2", "==4.2"))]), "==4.2");
    assert_eq!(django(&[(pip, "Django!=4.2.1\n")]), "ask");
    for (range, expected) in [
        (">=4.2,<5", "==4.2.3"),
        ("~=4.2.0", "==4.2.3"),
        (">=4.2.4", "ask"),
    ] {
        let range = format!("Django{range}\n");
        assert_eq!(
            django(&[("requirements.in", &range), (pip, "Django==4.2.3\n")]),
            expected,
            "{range}"
        );
    }
    for (included, expected) in [("Django==3.2\n", "ask"), ("Django==4.2\n", "==4.2")] {
        let files = [(pip, "-r base.txt\ndjango==4.2\n"), ("base.txt", included)];
        assert_eq!(django(&files), expected);
    }
    // A constraint pins what is asked for, and asks for nothing itself.
    let bound = |asked: &str, pinned: &str| {
        let asked = format!("-c bounds/versions.txt\n{asked}\n");
        django(&[(pip, &asked), ("bounds/versions.txt", pinned)])
    };
    assert_eq!(bound("Django", "Django==3.2.5\ncelery==5.1\n"), "==3.2.5");
    assert_eq!(bound("Django>=3", "Django==3.2.5\n"), "==3.2.5");
    assert_eq!(bound("Django>=4", "Django==3.2.5\n"), "ask");
    assert_eq!(bound("requests", "Django==3.2.5\n"), "ask");
    let files = [
        (pip, "-r requirements/base.txt\n"),
        (
            "requirements/base.txt",
            "--constraint=constraints.txt\nDjango\n",
        ),
        ("requirements/constraints.txt", "Django~=4.1.0\n"),
    ];
    assert_eq!(django(&files), "~=4.1.0");
    let poetry = "pyproject.toml";
    let start = "[tool.poetry.dependencies]\npython = \"^3.8\"\n";
    for (list, expected) in [
        (
            "django = [{version = \"^3.2\", python = \"<3.8\"}, {version = \"^4.2\", python = \">=3.8\"}]\n",
            "ask",
        ),
        (
            "django = [\n  {version = \"^3.2\", python = \"<3.8\"},\n  {version = \"^4.2\", python = \">=3.8\"},\n]\n",
            "ask",
        ),
        (
            "django = [\n  {version = \"^4.2\", extras = [\"argon2\"]},\n]\nother = \"1\"\n",
            "^4.2",
        ),
    ] {
        assert_eq!(
            django(&[(poetry, &format!("{start}{list}"))]),
            expected,
            "{list}"
        );
    }
    let range = format!("{start}django = \"^4.2\"\n");
    let locked =
        |version: &str| format!("[[package]]\nname = \"django\"\nversion = \"{version}\"\n\n");
    let both = locked("4.2.1") + &locked("4.2.7");
    for (lock, expected) in [
        (locked("4.2.1"), "==4.2.1"),
        (locked("3.2.1"), "ask"),
        (both, "ask"),
    ] {
        assert_eq!(
            django(&[(poetry, &range), ("poetry.lock", &lock)]),
            expected,
            "{lock}"
        );
    }
}

/// What is said of Python: `ask`, or the version that is certain.
fn python(files: &[(&str, &str)]) -> String {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/runtime.txt")).unwrap();
    for (path, text) in files {
        sandbox.write(&format!("p/{path}"), text);
    }
    let found = inspect(&sandbox, "p");
    let asked = found["ask_for"].as_array().unwrap();
    if asked.iter().any(|key| key == "python.version") {
        return "ask".into();
    }
    finding(&found, "python.version")["value"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn which_python_runs() {
    let stages =
        "FROM python:3.9 AS build\nRUN true\nFROM node:20 AS front\nFROM python:3.10-slim\n";
    let again = "FROM python:3.9 AS base\nFROM python:3.10 AS tools\nFROM base\n";
    let cased = "FROM python:3.9 AS Base\nFROM python:3.10 AS tools\nFROM base\n";
    let served = "FROM python:3.9 AS build\nRUN true\nFROM nginx\n";
    let renamed = "FROM python:3.9 AS build\nFROM nginx AS web\nFROM WEB AS last\n";
    for (files, expected) in [
        (&[("Dockerfile", stages)][..], "3.10"),
        (&[("Dockerfile", cased)], "3.9"),
        // What is built is no Python, and what built it need not be what runs.
        (&[("Dockerfile", served)], "ask"),
        (&[("Dockerfile", renamed)], "ask"),
        (
            &[("Dockerfile", served), ("runtime.txt", "python-3.10.1\n")],
            "3.10.1",
        ),
        (
            &[
                ("Dockerfile", served),
                ("app.Dockerfile", "FROM python:3.10\n"),
            ],
            "3.10",
        ),
        (&[("Dockerfile", again)], "3.9"),
        (
            &[
                ("Dockerfile", "FROM python:3.9\n"),
                ("runtime.txt", "python-3.8.1\n"),
            ],
            "ask",
        ),
        (
            &[
                ("Dockerfile", "FROM python:3.9\n"),
                (".python-version", "3.12\n"),
            ],
            "ask",
        ),
        (
            &[
                ("Dockerfile", "FROM python:3.9\n"),
                ("tools/x/Dockerfile", "FROM python:2.7\n"),
            ],
            "3.9",
        ),
        (
            &[
                ("deploy/local/Dockerfile", "FROM python:3.8\n"),
                ("deploy/live/Dockerfile", "FROM python:3.9\n"),
            ],
            "3.9",
        ),
        (
            &[("environment.yml", "dependencies:\n  - python=3.8\n")],
            "3.8",
        ),
        (
            &[(
                "environment.yml",
                "dependencies:\n  - \"python=3.9.7=h12_0\" # x\n  - python-dateutil=2.8\n",
            )],
            "3.9.7",
        ),
        (
            &[("environment.yml", "dependencies:\n  - python>=3.8\n")],
            ">=3.8",
        ),
        // Neither Django runs on that Python.
        (
            &[
                ("runtime.txt", "python-3.12.1\n"),
                ("requirements.txt", "Django==1.11.29\n"),
            ],
            "ask",
        ),
        (
            &[
                ("runtime.txt", "python-3.6.1\n"),
                ("requirements.txt", "Django==1.4.22\n"),
            ],
            "ask",
        ),
        (
            &[
                ("runtime.txt", "python-3.7.1\n"),
                ("requirements.txt", "Django==1.11.29\n"),
            ],
            "3.7.1",
        ),
    ] {
        assert_eq!(python(files), expected, "{files:?}");
    }
}

#[test]
fn settings_that_servers_start_with_count() {
    let other = settings("mysql", "");
    let wsgi = "import os\nfrom django.core.wsgi import get_wsgi_application\n\n\
                os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"deploy.live\")\napplication = get_wsgi_application()\n";
    for (path, text) in [
        ("shop/wsgi.py", wsgi),
        (
            "Procfile",
            "web: DJANGO_SETTINGS_MODULE=deploy.live gunicorn shop.wsgi\n",
        ),
        (".env", "DJANGO_SETTINGS_MODULE=deploy.live\n"),
        (
            "docker/Dockerfile",
            "FROM python:3.11\nENV DJANGO_SETTINGS_MODULE=deploy.live\n",
        ),
    ] {
        let sandbox = modern();
        sandbox
            .write("p/deploy/__init__.py", "")
            .write("p/deploy/live.py", &other);
        let ask_for = |sandbox: &Sandbox| inspect(sandbox, "p")["ask_for"].to_string();
        assert_eq!(ask_for(&sandbox), "[]");
        sandbox.write(&format!("p/{path}"), text);
        assert_eq!(ask_for(&sandbox), "[\"database\"]", "{path}");
        let found = inspect(&sandbox, "p");
        assert_eq!(finding(&found, "settings_form")["value"], "module");
    }
}

#[test]
fn a_settings_module_in_two_folders_of_the_path_is_asked_for() {
    let sandbox = modern();
    let manage = sandbox.read("p/manage.py").replace(
        "import sys\n",
        "import sys\n\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), \"apps\"))\n",
    );
    sandbox.write("p/manage.py", manage);
    assert_eq!(inspect(&sandbox, "p")["ask_for"].to_string(), "[]");
    sandbox
        .write("p/apps/shop/__init__.py", "")
        .write("p/apps/shop/settings.py", settings("mysql", ""));
    assert_eq!(
        inspect(&sandbox, "p")["ask_for"].to_string(),
        "[\"python_path\"]"
    );
}

#[test]
fn requirements_of_a_part_are_not_those_of_the_project() {
    let sandbox = modern();
    std::fs::remove_file(sandbox.path("p/requirements.txt")).unwrap();
    sandbox
        .write("p/requirements/base.txt", "Django==4.2.11\n")
        .write("p/script/monitor/requirements.txt", "requests\n");
    let found = inspect(&sandbox, "p");
    assert_eq!(
        finding(&found, "requirements.main")["value"],
        "requirements/base.txt"
    );
    // One without Django is not for certain what the project is installed from.
    let ask_for = |sandbox: &Sandbox| inspect(sandbox, "p")["ask_for"].to_string();
    sandbox.write("p/requirements.txt", "requests\n");
    assert_eq!(ask_for(&sandbox), "[\"requirements.main\"]");
    for text in ["-r requirements/base.txt\n", "Django==4.2.11\n"] {
        sandbox.write("p/requirements.txt", text);
        assert_eq!(ask_for(&sandbox), "[]", "{text}");
    }
}

#[test]
fn settings_that_say_where_a_server_is() {
    let sandbox = modern();
    let redis = |more: &str| {
        sandbox.write("p/shop/settings.py", settings("sqlite3", more));
        finding(&inspect(&sandbox, "p"), "redis")["value"].clone()
    };
    assert_eq!(redis("REDIS_HOST = os.environ[\"R\"]\n"), true);
    assert_eq!(
        redis("REDISTRIBUTE_URL = \"x\"\nUSE_REDIS = False\n"),
        false
    );
    // What a condition replaces is not said for certain.
    let more = "STATIC_URL = \"/static/\"\nif SERVER:\n    STATIC_URL = \"/s/\"\n";
    sandbox.write("p/shop/settings.py", settings("sqlite3", more));
    let found = inspect(&sandbox, "p");
    assert_eq!(finding(&found, "static.url")["confidence"], "medium");
}

#[test]
fn archives_say_their_version() {
    for line in [
        "https://example.com/Django-4.2.11.tar.gz",
        "./wheels/Django-4.2.11-py3-none-any.whl",
        "https://example.com/Django-4.2.11.zip#sha256=0123 --hash=sha256:0123",
    ] {
        assert_eq!(django(&[("requirements.txt", line)]), "==4.2.11", "{line}");
    }
    let unsaid = "https://example.com/django/main.zip\n";
    assert_eq!(django(&[("requirements.txt", unsaid)]), "ask");
}

#[test]
fn a_django_that_knows_one_python_gives_a_guess() {
    for (pin, expected) in [("1.3.7", "2"), ("1.11.29", ""), ("2.2.28", "3")] {
        let sandbox = modern();
        std::fs::remove_file(sandbox.path("p/runtime.txt")).unwrap();
        sandbox.write("p/requirements.txt", format!("Django=={pin}\n"));
        let found = inspect(&sandbox, "p");
        let python = &finding(&found, "python.version")["value"];
        assert_eq!(python.as_str().unwrap_or_default(), expected, "{pin}");
    }
}

#[test]
fn the_name_of_a_settings_module_may_be_put_together() {
    let sandbox = modern();
    sandbox.write("p/shop/live.py", settings("sqlite3", ""));
    let manage = sandbox.read("p/manage.py");
    for value in [
        "\"shop.\" + os.environ.get(\"STAGE\", \"live\")",
        "\"shop.%s\" % os.getenv(\"STAGE\", \"live\")",
        "\"shop.{}\".format(os.environ.get(\"STAGE\", \"live\"))",
        "\"shop.\" + STAGE",
    ] {
        let own = format!("import os\nSTAGE = os.environ.get(\"STAGE\", \"live\")\n{manage}");
        sandbox.write("p/manage.py", own.replace("\"shop.settings\"", value));
        let found = inspect(&sandbox, "p");
        let module = finding(&found, "settings_module");
        assert_eq!(module["value"], "shop.live", "{value}");
        assert_eq!(module["confidence"], "medium", "{value}");
    }
}
