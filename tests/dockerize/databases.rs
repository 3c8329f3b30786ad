//! Databases that are not where one looks first: named in rare ways, replaced by what is not there, beside the default one.

use super::certain::check;
use super::project::{modern, settings};
use super::{finding, inspect};

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
