//! The addresses that a project reads, and those that stand in its code.

use std::fmt::Write as _;

use django_facts::{Addresses, Findings};

use crate::project::Project;

/// Settings with these lines behind the usual ones, of which there are three, and files beside.
fn addresses(lines: &str, files: &[(&str, &str)]) -> Addresses {
    let settings = format!("import os\nINSTALLED_APPS = []\nROOT_URLCONF = \"shop.urls\"\n{lines}");
    let mut all = vec![("shop/settings.py", settings.as_str())];
    all.extend(files);
    Findings::of(&Project::new(&all).sources())
        .details
        .addresses
}

/// `NAME: purpose role server =default ~example !` for each variable that names a server; `!`: it is required.
pub(crate) fn read(lines: &str, files: &[(&str, &str)]) -> String {
    let mut shown = String::new();
    for known in addresses(lines, files).variables {
        let told = known.told;
        let server = told.server.map_or("?", |server| server.name());
        let _ = write!(
            shown,
            "{}: {} {} {server}",
            known.name,
            told.purpose.name(),
            told.role.name()
        );
        for (sign, value) in [('=', &known.default), ('~', &known.example)] {
            if let Some(value) = value {
                let _ = write!(shown, " {sign}{value}");
            }
        }
        let required = if known.is_required { " !" } else { "" };
        let _ = writeln!(shown, "{required} {}", known.places.join(" "));
    }
    shown
}

/// `value: purpose role server place → VARIABLE` for each address that stands in the code.
pub(crate) fn written(lines: &str, files: &[(&str, &str)]) -> String {
    let mut shown = String::new();
    for known in addresses(lines, files).literals {
        let told = known.told;
        let server = told.server.map_or("?", |server| server.name());
        let variable = known.variable.as_deref().unwrap_or("by hand");
        let (purpose, role) = (told.purpose.name(), told.role.name());
        let _ = writeln!(
            shown,
            "{}: {purpose} {role} {server} {} → {variable}",
            known.value, known.place
        );
    }
    shown
}

#[test]
fn every_way_to_read_a_url() {
    for (line, told) in [
        (
            "DATABASES = {'default': env.db()}",
            "DATABASE_URL: database url ? !",
        ),
        (
            "DATABASES = {'default': env.db('MAIN_DB')}",
            "MAIN_DB: database url ? !",
        ),
        (
            "DATABASES = {'default': env.db_url('D', default='postgres://u:secret@localhost/shop')}",
            "D: database url postgresql =postgres://…@localhost/shop",
        ),
        (
            "DATABASES = {'default': dj_database_url.config(default='sqlite:///db.sqlite3')}",
            "DATABASE_URL: database url ? =sqlite:///db.sqlite3",
        ),
        (
            "DATABASES = {'default': dj_database_url.parse(os.environ['DATABASE_URL'])}",
            "DATABASE_URL: database url ? !",
        ),
        (
            "DATABASES = {'default': dj_database_url.parse(config('DB', default='mysql://localhost/x'))}",
            "DB: database url mysql =mysql://localhost/x",
        ),
        (
            "DATABASES = {'default': config('DATABASE_URL', cast=db_url)}",
            "DATABASE_URL: database url ? !",
        ),
        (
            "DATABASES = values.DatabaseURLValue('postgres://localhost/x')",
            "DATABASE_URL: database url postgresql =postgres://localhost/x",
        ),
        (
            "CACHES = {'default': env.cache()}",
            "CACHE_URL: cache url ? !",
        ),
        (
            "CACHES = {'default': env.cache('REDIS_URL')}",
            "REDIS_URL: cache url redis !",
        ),
        (
            "CACHES = {'default': env.cache_url('C', default='memcache://127.0.0.1:11211')}",
            "C: cache url memcached =memcache://127.0.0.1:11211",
        ),
        (
            "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': env('WHERE')}}",
            "WHERE: cache address redis !",
        ),
        (
            "vars().update(env.email_url())",
            "EMAIL_URL: mail url mail !",
        ),
        (
            "EMAIL_HOST = os.getenv('SMTP', 'localhost')",
            "SMTP: mail host mail =localhost",
        ),
        (
            "CELERY_BROKER_URL = os.environ.get('BROKER', 'amqp://guest:guest@localhost//')",
            "BROKER: broker url rabbitmq =amqp://…@localhost//",
        ),
        (
            "BROKER_URL = os.getenv('CLOUDAMQP_URL')",
            "CLOUDAMQP_URL: broker url rabbitmq",
        ),
        (
            "CELERY_RESULT_BACKEND = config('R', default='redis://localhost:6379/2')",
            "R: results url redis =redis://localhost:6379/2",
        ),
        (
            "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [os.environ.get('CH', 'redis://localhost:6379')]}}}",
            "CH: channels url redis =redis://localhost:6379",
        ),
        (
            "HAYSTACK_CONNECTIONS = {'default': {'ENGINE': 'haystack.backends.elasticsearch7_backend.X', 'URL': env('SEARCH')}}",
            "SEARCH: search url elasticsearch !",
        ),
        (
            "ELASTICSEARCH_DSL = {'default': {'hosts': os.getenv('ES', 'localhost:9200')}}",
            "ES: search hosts elasticsearch =localhost:9200",
        ),
        (
            "CACHE = os.environ.get('REDIS_TLS_URL') or os.environ.get('REDIS_URL') or 'redis://localhost:6379'",
            "REDIS_URL: store url redis =redis://localhost:6379",
        ),
        (
            "SESSION_REDIS_HOST = os.environ.get('RH') or 'localhost'",
            "RH: store host redis =localhost",
        ),
    ] {
        let found = read(&format!("{line}\n"), &[]);
        let wanted = format!("{told} shop/settings.py:4\n");
        assert!(found.contains(&wanted), "{line}\n{wanted}{found}");
        assert!(
            !found.contains("secret") && !found.contains("guest"),
            "{found}"
        );
    }
}

#[test]
fn the_parts_of_a_database() {
    let lines = "DATABASES = {\n    'default': {\n        'ENGINE': os.environ.get('DB_ENGINE', 'django.db.backends.postgresql'),\n        \
                 'NAME': os.environ.get('POSTGRES_DB', 'shop'),\n        'USER': os.environ['POSTGRES_USER'],\n        \
                 'PASSWORD': os.environ.get('POSTGRES_PASSWORD', 'hidden'),\n        'HOST': os.getenv('THE_SERVER', 'localhost'),\n        \
                 'PORT': config('THE_PORT', default=5433, cast=int),\n    }\n}\n";
    let found = read(lines, &[]);
    assert_eq!(
        found,
        "DB_ENGINE: database engine postgresql =django.db.backends.postgresql shop/settings.py:6\n\
         POSTGRES_DB: database name postgresql =shop shop/settings.py:7\n\
         POSTGRES_USER: database user postgresql ! shop/settings.py:8\n\
         POSTGRES_PASSWORD: database password postgresql =… shop/settings.py:9\n\
         THE_SERVER: database host postgresql =localhost shop/settings.py:10\n\
         THE_PORT: database port postgresql =5433 shop/settings.py:11\n"
    );
    assert_eq!(addresses(lines, &[]).database.as_deref(), Some("shop"));
}

#[test]
fn examples_tell_what_the_settings_do_not() {
    let files = [
        (
            ".env.example",
            "CELERY_BROKER_URL=amqp://u:geheim@localhost:5672//\nUNREAD_URL=redis://x\n",
        ),
        (
            "docker-compose.yml",
            "services:\n  web:\n    environment:\n      - CACHE_URL=memcache://cache:11211\n",
        ),
    ];
    assert_eq!(
        read(
            "CELERY_BROKER_URL = env('CELERY_BROKER_URL')\nCACHES = {'default': env.cache()}\n",
            &files
        ),
        "CACHE_URL: cache url memcached ~memcache://cache:11211 ! shop/settings.py:5\n\
         CELERY_BROKER_URL: broker url rabbitmq ~amqp://…@localhost:5672// ! shop/settings.py:4\n"
    );
}

#[test]
fn values_that_are_put_together() {
    assert_eq!(
        read(
            "REDIS_HOST = os.environ.get('REDIS_HOST', 'localhost')\nBROKER_URL = f\"redis://{REDIS_HOST}:{os.environ['RPORT']}/0\"\n\
             CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://%s:6379' % os.environ['BOX']}}\n\
             RESULT_BACKEND = 'redis://{}:6379'.format(os.getenv('OTHER_BOX'))\n",
            &[]
        ),
        "BOX: cache host redis ! shop/settings.py:6\n\
         OTHER_BOX: results host ? shop/settings.py:7\n\
         REDIS_HOST: store host redis =localhost shop/settings.py:4\n\
         RPORT: store host redis ! shop/settings.py:5\n"
    );
    assert_eq!(
        written(
            "BROKER_URL = f\"redis://localhost:{PORT}/0\"\nCELERY_RESULT_BACKEND = 'redis://localhost:%s' % PORT\n",
            &[]
        ),
        "redis://localhost:%s: results url redis shop/settings.py:5 → by hand\n\
         redis://localhost:{PORT}/0: store url redis shop/settings.py:4 → by hand\n"
    );
}

#[test]
fn addresses_that_stand_in_the_code() {
    for (line, told) in [
        (
            "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': 'redis://127.0.0.1:6379'}}",
            "redis://127.0.0.1:6379: cache url redis shop/settings.py:4 → REDIS_URL",
        ),
        (
            "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.memcached.PyMemcacheCache', 'LOCATION': '127.0.0.1:11211'}}",
            "127.0.0.1:11211: cache address memcached shop/settings.py:4 → MEMCACHED_ADDRESS",
        ),
        (
            "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [('127.0.0.1', 6379)]}}}",
            "127.0.0.1: channels host redis shop/settings.py:4 → REDIS_HOST",
        ),
        (
            "CELERY_BROKER_URL = 'redis://localhost:6379/0'",
            "redis://localhost:6379/0: broker url redis shop/settings.py:4 → CELERY_BROKER_URL",
        ),
        (
            "HOST = '127.0.0.1'\nREDIS = {'host': HOST}\nREDIS_HOST = 'localhost'",
            "localhost: store host redis shop/settings.py:6 → REDIS_HOST",
        ),
        (
            "ELASTICSEARCH_DSL = {'default': {'hosts': 'localhost:9200'}}",
            "localhost:9200: search address elasticsearch shop/settings.py:4 → ELASTICSEARCH_ADDRESS",
        ),
        (
            "EMAIL_HOST = 'localhost'",
            "localhost: mail host mail shop/settings.py:4 → EMAIL_HOST",
        ),
        (
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'HOST': 'db', 'USER': 'u', 'PASSWORD': 'geheim'}}",
            "db: database host mysql shop/settings.py:4 → MYSQL_HOST\nu: database user mysql shop/settings.py:4 → MYSQL_USER\n…: database password mysql shop/settings.py:4 → MYSQL_PASSWORD",
        ),
        (
            "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': ['redis://10.0.0.1:6379/1', 'redis://10.0.0.2:6379/1']}}",
            "redis://10.0.0.1:6379/1: cache url redis shop/settings.py:4 → by hand\nredis://10.0.0.2:6379/1: cache url redis shop/settings.py:4 → by hand",
        ),
    ] {
        assert_eq!(
            written(&format!("{line}\n"), &[]),
            format!("{told}\n"),
            "{line}"
        );
    }
}

#[test]
fn options_beside_an_address_are_none() {
    assert_eq!(
        read(
            "DATABASES = {'default': env.db()}\nDATABASES['default']['CONN_MAX_AGE'] = env.int('LIFE', default=60)\n\
             CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': REDIS_URL, 'TIMEOUT': env('STAY')}}\n",
            &[]
        ),
        "DATABASE_URL: database url ? ! shop/settings.py:4\n\
         LIFE: other other ? =60 shop/settings.py:5\n\
         STAY: other other ? ! shop/settings.py:6\n"
    );
}

#[test]
fn what_the_code_goes_on_without_is_not_required() {
    assert_eq!(
        read(
            "try:\n    EMAIL_URL = os.environ['EMAIL_URL']\nexcept KeyError:\n    EMAIL_URL = None\n\
             if os.environ.get('REDIS_URL'):\n    CACHE_URL = os.environ['REDIS_URL'] or 'redis://localhost'\n",
            &[]
        ),
        "REDIS_URL: cache url redis =redis://localhost shop/settings.py:9 shop/settings.py:8\n\
         EMAIL_URL: mail url mail shop/settings.py:5\n"
    );
}

#[test]
fn what_is_no_address() {
    for line in [
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3', 'HOST': '', 'USER': 'x'}}",
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache', 'LOCATION': 'unique-snowflake'}}",
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': '/tmp/x'}}",
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.memcached.PyMemcacheCache', 'LOCATION': 'unix:/tmp/m.sock'}}",
        "CELERY_RESULT_BACKEND = 'django-db'",
        "CELERY_RESULT_BACKEND = 'rpc://'",
        "CELERY_BROKER_URL = 'memory://'",
        "CELERY_BROKER_URL = 'redis://' + os.environ['BOX'] + ':6379/0'",
        "EMAIL_HOST = 'smtp.example.com'",
        "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'",
        "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels.layers.InMemoryChannelLayer'}}",
        "import sys\nif 'test' in sys.argv:\n    CELERY_BROKER_URL = 'redis://localhost:6379/0'",
    ] {
        assert_eq!(written(&format!("{line}\n"), &[]), "", "{line}");
    }
}

#[test]
fn a_name_that_is_read_twice_is_required_where_one_read_needs_it() {
    assert_eq!(
        read(
            "A = os.environ.get('REDIS_URL', 'redis://localhost:6379/1')\nB = os.environ.get('REDIS_URL', 'redis://elsewhere:6379/5')\nC = os.environ['REDIS_URL']\n",
            &[]
        ),
        "REDIS_URL: store url redis =redis://localhost:6379/1 ! shop/settings.py:4 shop/settings.py:5 shop/settings.py:6\n"
    );
}

#[test]
fn who_reads_it() {
    let files = [
        (
            "manage.py",
            "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.conf.local\")\n",
        ),
        ("shop/conf/__init__.py", ""),
        (
            "shop/conf/base.py",
            "import os\nINSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\nREDIS_URL = os.environ['REDIS_URL']\n",
        ),
        (
            "shop/conf/local.py",
            "from .base import *\nDEBUG = True\nCELERY_BROKER_URL = 'redis://localhost'\n",
        ),
        (
            "shop/conf/production.py",
            "from .base import *\nimport os\nSECRET_KEY = os.environ['LIVE_KEY']\nDATABASES = {'default': env.db()}\n",
        ),
        (
            "shop/wsgi.py",
            "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.conf.production\")\nfrom django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
        ),
    ];
    let found = addresses("", &files);
    let mut shown: Vec<String> = found
        .variables
        .iter()
        .map(|known| {
            format!(
                "{} {} {}",
                known.name, known.for_developers, known.in_production
            )
        })
        .collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            "DATABASE_URL false true",
            "LIVE_KEY false true",
            "REDIS_URL true true"
        ]
    );
    let needed = found
        .variables
        .iter()
        .filter(|known| known.is_required_by_developers);
    assert_eq!(
        needed.map(|known| known.name.as_str()).collect::<Vec<_>>(),
        ["REDIS_URL"]
    );
    assert!(found.literals[0].for_developers && !found.literals[0].in_production);
}

#[test]
fn a_name_that_only_chooses_is_no_part_of_an_address() {
    for lines in [
        "ALL = {'lite': 1}\nDATABASES = {'default': ALL[os.environ.get('DJANGO_DB', 'lite')]}",
        "DATABASES = {'default': ALL.get(os.environ.get('DJANGO_DB', 'lite'))}",
        "DATABASES = {'default': {'lite': {}}.get(os.getenv('DJANGO_DB', 'lite').lower())}",
        "DATABASES = {'default': getattr(databases, os.getenv('DJANGO_DB', 'lite'))}",
        "if os.environ.get('DJANGO_DB', 'lite') == 'pg':\n    DEBUG = True",
        "if 'pg' != os.environ.get('DJANGO_DB', 'lite').strip():\n    DEBUG = True",
        "if os.environ.get('DJANGO_DB', 'lite') in ('pg', 'my'):\n    DEBUG = True",
        "if os.environ.get('DJANGO_DB', 'lite').startswith('pg'):\n    DEBUG = True",
        "match os.environ.get('DJANGO_DB', 'lite'):\n    case 'pg':\n        DEBUG = True",
        "DJANGO_DB = os.environ.get('DJANGO_DB', 'lite')\nDATABASES = {'default': ALL[DJANGO_DB]}",
        "DJANGO_DB = os.environ.get('DJANGO_DB', 'lite').lower()\nif DJANGO_DB == 'pg':\n    DEBUG = True",
        "which = os.environ.get('DJANGO_DB', 'lite')\nDATABASES = {'default': PG if which == 'pg' else LITE}",
        "DB = os.environ.get('DJANGO_DB', 'lite')\nif DB:\n    DATABASES = {'default': ALL[DB]}",
        "if os.environ.get('DJANGO_DB', 'lite'):\n    DATABASES = {'default': ALL[os.environ['DJANGO_DB']]}",
    ] {
        let examples = [(".env.example", "DJANGO_DB=postgres\n")];
        let found = addresses(&format!("{lines}\n"), &examples);
        let [known] = &found.variables[..] else {
            panic!("{lines}\n{:?}", found.variables);
        };
        let shown = (known.name.as_str(), known.told.role.name());
        assert_eq!(shown, ("DJANGO_DB", "choice"), "{lines}");
        assert_eq!(known.default.as_deref(), Some("lite"), "{lines}");
        assert_eq!(known.example.as_deref(), Some("postgres"), "{lines}");
        assert_eq!(found.database, None, "{lines}");
    }
    for (line, told) in [
        ("DATABASE == 'pg'", "DATABASE: database choice ?"),
        ("DB_ENGINE == 'pg'", "DB_ENGINE: database choice ?"),
        ("CELERY_BROKER == 'redis'", "CELERY_BROKER: broker choice ?"),
        (
            "CACHE_LOCATION in ['a', 'b']",
            "CACHE_LOCATION: cache choice ?",
        ),
        (
            "DATABASE_BACKEND == 'pg'",
            "DATABASE_BACKEND: database choice ?",
        ),
    ] {
        let (name, rest) = line.split_once(' ').unwrap();
        let lines = format!("if os.environ['{name}'] {rest}:\n    DEBUG = True\n");
        assert_eq!(read(&lines, &[]), format!("{told} shop/settings.py:4\n"));
    }
    let written = addresses("DJANGO_DB = 'pg'\nDATABASES = ALL[DJANGO_DB]\n", &[]);
    assert_eq!(written.database, None);
}

#[test]
fn a_name_that_is_compared_and_used_is_what_its_use_says() {
    for (lines, told) in [
        (
            "DB_NAME = os.environ.get('DB_NAME', 'shop')\nif DB_NAME == 'other':\n    DEBUG = True\nDATABASES = {'default': {'NAME': DB_NAME}}",
            "DB_NAME: database name ? =shop shop/settings.py:4\n",
        ),
        (
            "DB = os.environ.get('POSTGRES_DB', 'shop')\nif DB == 'other':\n    DEBUG = True\nDATABASES = {'default': {'NAME': DB}}",
            "POSTGRES_DB: database name postgresql =shop shop/settings.py:4\n",
        ),
        (
            "if os.environ.get('THE_DB') == 'other':\n    DEBUG = True\nDATABASES = {'default': {'NAME': os.environ['THE_DB']}}",
            "THE_DB: database name ? ! shop/settings.py:6 shop/settings.py:4\n",
        ),
        (
            "DB_HOST = os.environ.get('DB_HOST')\nif DB_HOST == 'localhost':\n    DEBUG = True",
            "DB_HOST: database host ? shop/settings.py:4\n",
        ),
        (
            "if os.environ.get('REDIS_URL'):\n    DEBUG = True",
            "REDIS_URL: store url redis shop/settings.py:4\n",
        ),
        (
            "requests.get(os.environ.get('SOLR_URL'))",
            "SOLR_URL: search url ? shop/settings.py:4\n",
        ),
        (
            "if os.environ.get('REDIS_URL', '') != '':\n    DEBUG = True",
            "REDIS_URL: store url redis shop/settings.py:4\n",
        ),
        (
            "CELERY_RESULT_BACKEND = os.environ.get('CELERY_RESULT_BACKEND')\nif CELERY_RESULT_BACKEND == 'django-db':\n    DEBUG = True",
            "CELERY_RESULT_BACKEND: results url ? shop/settings.py:4\n",
        ),
    ] {
        assert_eq!(read(&format!("{lines}\n"), &[]), told, "{lines}");
    }
    let shown = read(
        "if os.environ.get('DB_PASSWORD', 'geheim') == 'geheim':\n    DEBUG = True\n",
        &[(".env.example", "DB_PASSWORD=geheim\n")],
    );
    assert!(
        shown.starts_with("DB_PASSWORD: database password"),
        "{shown}"
    );
    assert!(!shown.contains("geheim"), "{shown}");
}
