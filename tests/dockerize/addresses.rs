//! The addresses that a project reads are set under their own names; what has no value is listed with where it is read.

use serde_json::json;

use super::project::{commit, dockerize, modern, settings};
use super::{finding, inspect};
use crate::cli::sandbox::Sandbox;

const BYPASS: [&str; 3] = ["--defaults", "--yes", "--answer=mode=bypass"];

/// A project with these settings, packages and files beside, dockerized without the wrapper's settings.
fn made(lines: &str, packages: &str, flags: &[&str]) -> (Sandbox, String) {
    let sandbox = modern();
    let base = settings("sqlite3", "");
    let base: Vec<&str> = base
        .lines()
        .filter(|line| !line.starts_with("DATABASES"))
        .collect();
    sandbox
        .write(
            "p/shop/settings.py",
            format!("{}\nimport os\n{lines}", base.join("\n")),
        )
        .write("p/requirements.txt", format!("Django==4.2.11\n{packages}"));
    commit(&sandbox);
    let ran = dockerize(&sandbox, &[&BYPASS[..], flags].concat());
    assert_eq!(ran.code, 0, "{ran}");
    (sandbox, ran.stdout)
}

/// The variables that compose.yaml sets for the project, without those that are always there.
fn set(sandbox: &Sandbox) -> Vec<String> {
    let compose = sandbox.read("p/compose.yaml");
    let lines = compose
        .lines()
        .skip_while(|line| line.trim() != "environment:")
        .skip(1);
    let lines = lines.take_while(|line| line.starts_with("    "));
    let pairs = lines
        .map(str::trim)
        .filter(|line| !line.starts_with('#') && !line.starts_with("PORT:"));
    pairs.map(|line| line.replace('"', "")).collect()
}

fn lines_of<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines()
        .filter(|line| line.contains(&format!("{name}=")))
        .collect()
}

const LIBPQ: [&str; 4] = [
    "PGHOST: postgres",
    "PGPORT: 5432",
    "PGUSER: postgres",
    "PGPASSWORD: ${POSTGRES_PASSWORD:-postgres}",
];

#[test]
fn compose_sets_the_names_of_the_project() {
    let (sandbox, told) = made(
        "DATABASES = {'default': env.db()}\nCACHES = {'default': env.cache('REDIS_URL', default='redis://localhost:6379/3')}\n\
         CELERY_BROKER_URL = os.environ['BROKER']\nEMAIL_HOST = os.getenv('SMTP', 'localhost')\n",
        "django-environ\npsycopg2\nredis\ncelery\n",
        &["--answer=database=postgresql"],
    );
    let mut wanted = vec![
        "DATABASE_URL: postgres://postgres:${POSTGRES_PASSWORD:-postgres}@postgres:5432/shop",
        "REDIS_URL: redis://redis:6379/3",
        "BROKER: redis://redis:6379/0",
    ];
    wanted.extend(LIBPQ);
    wanted.push("PGDATABASE: shop");
    assert_eq!(set(&sandbox), wanted);
    assert!(
        told.contains(
            "compose.yaml sets what your settings read: BROKER, DATABASE_URL, REDIS_URL."
        ),
        "{told}"
    );
    let secrets = sandbox.read("p/.env.production.secret");
    assert_eq!(
        lines_of(&secrets, "DATABASE_URL"),
        ["# DATABASE_URL=${DATABASE_URL:-''}  # shop/settings.py:6"]
    );
    assert_eq!(
        lines_of(&secrets, "SMTP"),
        ["# SMTP=${SMTP:-''}  # shop/settings.py:9"]
    );
    for wrappers in ["REDIS_ADDRESS", "PGHOST", "MEDIA_AWS", "FLOWER"] {
        assert!(
            !secrets.contains(wrappers),
            "nobody reads {wrappers}: {secrets}"
        );
        assert!(
            !sandbox
                .read("p/.env.local.sample")
                .contains("REDIS_ADDRESS")
        );
    }
}

#[test]
fn the_parts_of_a_database_each_have_their_value() {
    let (sandbox, told) = made(
        "DATABASES = {'default': {'ENGINE': os.environ.get('DB_ENGINE', 'django.db.backends.sqlite3'), 'NAME': os.environ.get('DB_NAME', 'db.sqlite3'), \
         'USER': os.environ.get('DB_USER'), 'PASSWORD': os.environ.get('DB_PASSWORD', 'geheim'), 'HOST': os.environ.get('DB_HOST', 'localhost')}}\n",
        "mysqlclient\n",
        &["--answer=database=mysql"],
    );
    assert_eq!(
        set(&sandbox),
        [
            "DB_ENGINE: django.db.backends.mysql",
            "DB_NAME: shop",
            "DB_USER: shop",
            "DB_PASSWORD: ${MYSQL_PASSWORD:-mysql}",
            "DB_HOST: mysql",
        ]
    );
    let compose = sandbox.read("p/compose.yaml");
    assert!(
        compose.contains("MARIADB_DATABASE: shop\n      MARIADB_USER: shop\n"),
        "{compose}"
    );
    assert!(
        told.contains("Without DB_ENGINE your settings use SQLite"),
        "{told}"
    );
    assert!(!(told + &compose).contains("geheim"));
}

#[test]
fn each_kind_of_service_has_its_address() {
    let (sandbox, _) = made(
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.memcached.PyMemcacheCache', 'LOCATION': os.environ['WHERE']}}\n\
         CELERY_BROKER_URL = os.environ.get('AMQP', 'amqp://guest:guest@localhost//')\n\
         ELASTICSEARCH_DSL = {'default': {'hosts': os.getenv('ES', 'localhost:9200')}}\n\
         CELERY_RESULT_BACKEND = f\"redis://{os.environ['RESULT_BOX']}:6379\"\n\
         CACHEOPS_REDIS = os.environ.get('NODES', 'redis://10.0.0.1:6379/4,redis://10.0.0.2:6379/4').split(',')\n",
        "pymemcache\nelasticsearch\nredis\ncelery\n",
        &["--answer=database=none"],
    );
    let mut found = set(&sandbox);
    found.sort();
    assert_eq!(
        found,
        [
            "AMQP: amqp://guest:guest@rabbitmq:5672//",
            "ES: elasticsearch:9200",
            "NODES: redis://redis:6379/4",
            "RESULT_BOX: redis",
            "WHERE: memcached:11211",
        ]
    );
}

#[test]
fn what_no_service_stands_for_is_listed_alone() {
    let (sandbox, told) = made(
        "SECRET_KEY = os.environ['SHOP_SECRET']\nSOLR_URL = os.environ['SOLR_URL']\nALLOWED_HOSTS = os.environ['ALLOWED_HOSTS'].split(',')\n\
         EMAIL_HOST_PASSWORD = os.environ.get('MAIL_PASSWORD', 'geheim')\n",
        "",
        &["--answer=database=none"],
    );
    assert!(set(&sandbox).is_empty());
    let develop = sandbox.read("p/.env.develop.secret");
    assert!(
        develop.contains(
            "\nSHOP_SECRET=${SHOP_SECRET:-'only-for-development'}  # shop/settings.py:6\n"
        ),
        "{develop}"
    );
    assert!(
        develop.contains("\n# SOLR_URL=${SOLR_URL:-''}  # shop/settings.py:7\n"),
        "{develop}"
    );
    assert!(
        develop.contains("\nALLOWED_HOSTS=${ALLOWED_HOSTS:-'*'}  # shop/settings.py:8\n"),
        "{develop}"
    );
    let production = sandbox.read("p/.env.production.secret");
    for name in ["SHOP_SECRET", "SOLR_URL", "ALLOWED_HOSTS", "MAIL_PASSWORD"] {
        assert_eq!(lines_of(&production, name).len(), 1, "{name}: {production}");
    }
    assert!(!production.contains("geheim") && !told.contains("geheim"));
    assert!(
        told.contains("Your settings do not load without SOLR_URL: fill it in"),
        "{told}"
    );
}

#[test]
fn a_file_by_default_beside_a_server_is_told() {
    let (sandbox, told) = made(
        "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///db.sqlite3')}\n",
        "dj-database-url\npsycopg2\n",
        &[],
    );
    assert!(set(&sandbox)[0].starts_with("DATABASE_URL: postgres://"));
    assert!(
        told.contains(
            "Without DATABASE_URL your settings use SQLite, a file (shop/settings.py:7):"
        ),
        "{told}"
    );
}

#[test]
fn what_stands_in_the_code_is_named_with_its_edit() {
    let (sandbox, told) = made(
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'tide', 'HOST': 'localhost'}}\n\
         CELERY_BROKER_URL = 'redis://127.0.0.1:6379/0'\nCACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', \
         'LOCATION': ['redis://10.0.0.1:6379/1', 'redis://10.0.0.2:6379/1']}}\n",
        "psycopg2\nredis\ncelery\n",
        &[],
    );
    for line in [
        "shop/settings.py:6              os.environ.get(\"PGHOST\", \"localhost\")",
        "shop/settings.py:7              os.environ.get(\"CELERY_BROKER_URL\", \"redis://127.0.0.1:6379/0\")",
        "shop/settings.py:8              `redis://10.0.0.1:6379/1`: let a variable name it, by hand",
        "`--edit-settings` makes them",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let mut wanted = LIBPQ.to_vec();
    wanted.push("PGDATABASE: tide");
    assert_eq!(
        set(&sandbox),
        wanted,
        "the database is made under the name that the settings have"
    );
    assert!(
        !sandbox.read("p/shop/settings.py").contains("environ.get"),
        "nobody asked for an edit"
    );
}

#[test]
fn scripts_see_each_variable_with_its_kind_and_place() {
    let sandbox = modern();
    let more = "import os\nCELERY_BROKER_URL = os.environ.get('BROKER', 'amqp://u:geheim@localhost//')\nREDIS_HOST = '127.0.0.1'\n";
    sandbox.write("p/shop/settings.py", settings("sqlite3", more));
    let found = inspect(&sandbox, "p");
    assert_eq!(
        finding(&found, "addresses")["evidence"],
        json!(["shop/settings.py:7"])
    );
    assert_eq!(
        found["environment"],
        json!({
            "reads": [{
                "name": "BROKER", "purpose": "broker", "server": "rabbitmq", "role": "url", "default": "amqp://…@localhost//",
                "is_required": false, "is_required_by_developers": false, "for_developers": true, "in_production": true,
                "places": ["shop/settings.py:7"],
            }],
            "hard_coded": [{
                "setting": "REDIS_HOST", "purpose": "store", "server": "redis", "role": "host", "value": "127.0.0.1",
                "place": "shop/settings.py:8", "variable": "REDIS_HOST",
            }],
        })
    );
}

#[test]
fn the_wrapper_reads_its_own_names() {
    let sandbox = modern();
    sandbox
        .write(
            "p/shop/settings.py",
            settings("postgresql", "CELERY_BROKER_URL = 'redis://localhost'\n"),
        )
        .write("p/requirements.txt", "Django==4.2.11\npsycopg2\nredis\n");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--defaults", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    let mut wanted = LIBPQ.to_vec();
    wanted.extend(["PGDATABASE: x", "REDIS_ADDRESS: redis:6379"]);
    assert_eq!(set(&sandbox), wanted);
    let secrets = sandbox.read("p/.env.production.secret");
    assert!(
        secrets.contains("# PGHOST=${PGHOST:-''}  # ixc_django_docker/legacy.py\n"),
        "{secrets}"
    );
    assert!(
        secrets.contains("# SECRET_KEY=${SECRET_KEY:-''}\n"),
        "{secrets}"
    );
}

#[test]
fn a_project_that_was_never_asked_keeps_the_wrappers_names() {
    let (sandbox, _) = made(
        "REDIS_URL = os.environ['REDIS_URL']\n",
        "redis\n",
        &["--answer=database=postgresql", "--answer=addresses="],
    );
    let found = set(&sandbox);
    assert!(
        found.contains(&"REDIS_ADDRESS: redis:6379".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.starts_with("REDIS_URL")),
        "{found:?}"
    );
}

#[test]
fn other_settings_than_those_that_run_set_nothing() {
    let sandbox = modern();
    sandbox
        .write("p/shop/settings.py", settings("sqlite3", ""))
        .write(
            "p/shop/settings_ci.py",
            "import os\nfrom .settings import *\nREDIS_URL = os.environ['CI_REDIS']\n",
        )
        .write(
            "p/shop/settings_other.py",
            "import os\nfrom .settings import *\nREDIS_URL = os.environ['OTHER_REDIS']\n",
        )
        .write("p/requirements.txt", "Django==4.2.11\nredis\n");
    commit(&sandbox);
    let ran = dockerize(&sandbox, &BYPASS);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(set(&sandbox).is_empty());
    assert!(!sandbox.read("p/.env.production.secret").contains("_REDIS"));
}

#[test]
fn a_name_that_only_chooses_gets_no_value_that_was_made_up() {
    let choices = "ALL = {'sqlite': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'x.sqlite3'}, 'postgres': {'ENGINE': \
                   'django.db.backends.postgresql', 'NAME': 'tide'}}\nDATABASES = {'default': ALL[os.environ.get('DJANGO_DB', 'sqlite')]}\n\
                   if os.environ.get('DATABASE') == 'other':\n    DEBUG = True\n";
    let flags = ["--answer=database=postgresql"];
    let (sandbox, told) = made(choices, "psycopg2\n", &flags);
    let mut wanted = LIBPQ.to_vec();
    wanted.push("PGDATABASE: shop");
    assert_eq!(set(&sandbox), wanted, "{told}");
    let secrets = sandbox.read("p/.env.production.secret");
    for line in [
        "# DJANGO_DB=${DJANGO_DB:-''}  # shop/settings.py:7",
        "# DATABASE=${DATABASE:-''}  # shop/settings.py:8",
    ] {
        assert!(secrets.contains(line), "{line}\n{secrets}");
    }
    assert!(
        told.contains("Without DJANGO_DB your settings use SQLite"),
        "{told}"
    );
    for (example, value) in [
        ("postgres", Some("DJANGO_DB: postgres")),
        ("docker", Some("DJANGO_DB: docker")),
        ("mysql", None),
        ("sqlite", None),
    ] {
        let sandbox = modern();
        sandbox
            .write(
                "p/shop/settings.py",
                settings("sqlite3", &format!("import os\n{choices}")),
            )
            .write("p/requirements.txt", "Django==4.2.11\npsycopg2\n")
            .write("p/.env.example", format!("DJANGO_DB={example}\n"));
        commit(&sandbox);
        let ran = dockerize(&sandbox, &[&BYPASS[..], &flags].concat());
        assert_eq!(ran.code, 0, "{ran}");
        let found = set(&sandbox);
        let found = found.iter().find(|line| line.starts_with("DJANGO_DB"));
        assert_eq!(found.map(String::as_str), value, "{example}");
    }
}

#[test]
fn dynaconf_takes_its_database_from_variables_of_its_own() {
    let sandbox = modern();
    sandbox
        .write("p/shop/settings.py", "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n")
        .write(
            "p/shop/settings.yaml",
            "default:\n  DATABASES:\n    default:\n      ENGINE: django.db.backends.postgresql\n      HOST: 127.0.0.1\n  INSTALLED_APPS: [django.contrib.staticfiles]\nproduction:\n  DEBUG: false\n",
        )
        .write("p/requirements.txt", "Django==4.2.11\npsycopg2\n");
    let found = inspect(&sandbox, "p");
    assert_eq!(
        finding(&found, "database")["value"],
        "postgresql",
        "{found}"
    );
    commit(&sandbox);
    let ran = dockerize(&sandbox, &["--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        sandbox.read("p/.env.base").contains("SERVE_STATIC="),
        "{ran}"
    );
    let compose = sandbox.read("p/compose.yaml");
    for pair in [
        "HOST: \"postgres\"",
        "NAME: ",
        "USER: \"postgres\"",
        "PORT: \"5432\"",
    ] {
        let wanted = format!("    DJANGO_DATABASES__default__{pair}");
        assert!(compose.contains(&wanted), "{wanted} in {compose}");
    }
}
