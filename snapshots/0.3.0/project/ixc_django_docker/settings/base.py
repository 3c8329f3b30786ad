"""Safe defaults for every environment; always the first module.

Works with an empty environment: SQLite, uploads on the local disk, mail on the console, a cache in
memory. PostgreSQL takes over when ``PGHOST``, ``PGSERVICE`` or ``PGDATABASE`` is set.
"""

from django.core.exceptions import ImproperlyConfigured

import ixcproject
from ixc_django_docker import runtime
from ixc_django_docker.environ import env, env_bool, env_choice, env_int, env_list

# The project -------------------------------------------------------------------------------------

PROJECT_NAME = env("PROJECT_NAME", getattr(ixcproject, "NAME", PROJECT_DIR.name))
PROJECT_TITLE = env("PROJECT_TITLE", getattr(ixcproject, "TITLE", PROJECT_NAME))
SITE_DOMAIN = env("SITE_DOMAIN", getattr(ixcproject, "SITE_DOMAIN", "localhost"))

# Everything the running project writes goes below VAR_DIR: mount a volume there.
VAR_DIR = runtime.path(env("VAR_DIR", "var"), PROJECT_DIR)
# build-static.sh names another folder while it works, so that the site has the former files until all new ones are there.
STATIC_ROOT = PROJECT_DIR / env("IXC_STATIC_ROOT", "static_root")
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_MEDIA_ROOT = VAR_DIR / "media-private"
runtime.make_directories(VAR_DIR, MEDIA_ROOT, PRIVATE_MEDIA_ROOT, VAR_DIR / "log", VAR_DIR / "run")
runtime.make_directories(STATIC_ROOT, required=False)

# Security ----------------------------------------------------------------------------------------

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
# A key made here is known to this machine only: several machines need one in the environment.
SECRET_KEY_GENERATED = not SECRET_KEY
if SECRET_KEY_GENERATED:
    if env_bool("WAITLOCK_SHARED"):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set, and WAITLOCK_SHARED says that this is one node of several: each would sign sessions"
            " with a key of its own. Set SECRET_KEY, or SECRET_KEY_FILE, to the same long random value on all of them."
        )
    SECRET_KEY = runtime.secret_key(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = [SITE_DOMAIN, *env_list("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
SESSION_COOKIE_NAME = f"{PROJECT_NAME}_session"
SILENCED_SYSTEM_CHECKS = []

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Applications ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "ixc_django_docker",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # First, so that a probe gets past host checks, redirects and caches.
    "ixc_django_docker.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# How many proxies of ours are in front, each of which adds the address that it sees to X-Forwarded-For. Without them, visitors
# could claim any address.
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES")
if TRUSTED_PROXIES > 0:
    MIDDLEWARE.insert(1, "ixc_django_docker.proxies.ClientAddressMiddleware")

# Where `ixcproject/urls.py` puts the admin.
ADMIN_URL = env("ADMIN_URL", "admin").strip("/") + "/"
ROOT_URLCONF = "ixc_django_docker.urls"
WSGI_APPLICATION = "ixc_django_docker.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Templates ---------------------------------------------------------------------------------------

# Settings that every template may read, on top of what the project's context processor adds.
CONTEXT_PROCESSOR_SETTINGS = ["DEBUG", "PROJECT_TITLE", "SITE_DOMAIN"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ixc_django_docker.context_processors.environment",
            ],
            # `{% compress %}` is written once: `compressor.py` swaps in the real tag.
            "libraries": {"compress": "ixc_django_docker.compress"},
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PROJECT_DIR / "jinja2"],
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "ixc_django_docker.jinja2.environment",
            "context_processors": ["ixc_django_docker.context_processors.environment"],
            "extensions": ["ixc_django_docker.jinja2.PlainCompress"],
        },
    },
]

# Database ----------------------------------------------------------------------------------------

if env("PGHOST") or env("PGSERVICE") or env("PGDATABASE"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": env("PGDATABASE", "" if env("PGSERVICE") else f"{PROJECT_NAME}_{DOTENV}"),
            "HOST": env("PGHOST"),
            "PORT": env("PGPORT"),
            "USER": env("PGUSER"),
            "PASSWORD": env("PGPASSWORD"),
            "CONN_MAX_AGE": env_int("CONN_MAX_AGE", 60),
            "CONN_HEALTH_CHECKS": True,
            # Without a limit, each request (and each probe of /readyz) would hang for minutes
            # while the server is away.
            "OPTIONS": {"connect_timeout": env_int("PGCONNECT_TIMEOUT", 10)}
            | ({"service": env("PGSERVICE")} if env("PGSERVICE") else {}),
            # pgbouncer may use another connection for each transaction, and a cursor of the server is in one.
            "DISABLE_SERVER_SIDE_CURSORS": env_bool("PGBOUNCER"),
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "db.sqlite3",
            # Lets several server processes read while one writes, instead of "database is locked".
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
        }
    }

# Cache -------------------------------------------------------------------------------------------

CACHES = {"default": {"BACKEND": "ixc_django_docker.cache.LocMemCache", "KEY_PREFIX": PROJECT_NAME}}

# Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
# Translations of the project's own, such as those of `templates/`; an application may have a `locale/` as well.
LOCALE_PATHS = [PROJECT_DIR / "locale"]
USE_TZ = True

# Static files and media --------------------------------------------------------------------------

STATIC_URL = "/static/"
# Django warns about a folder that does not exist, and git keeps no empty one.
STATICFILES_DIRS = [path for path in [PROJECT_DIR / "static"] if path.is_dir()]
MEDIA_URL = "/media/"
PRIVATE_MEDIA_URL = "/media-private/"
# For how many seconds a link to a private file works.
PRIVATE_MEDIA_EXPIRE = env_int("PRIVATE_MEDIA_EXPIRE", 3600)

# Bytes of a form with its files; nginx has its own limit. Without one a visitor fills the disk, before anything is checked.
MAX_UPLOAD_SIZE = env_int("MAX_UPLOAD_SIZE", 500 * 2**20)
FILE_UPLOAD_HANDLERS = [
    "ixc_django_docker.uploads.LimitedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# `storages.py` may turn this on; the storage classes look at it when they are made.
ENABLE_S3_STORAGE = False
ENABLE_UNIQUE_STORAGE = env_bool("ENABLE_UNIQUE_STORAGE")

STORAGES = {
    "default": {"BACKEND": "ixc_django_docker.storage.PublicStorage"},
    "private": {"BACKEND": "ixc_django_docker.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Mail --------------------------------------------------------------------------------------------

# Other modules may wrap EMAIL_BACKEND; the innermost one hands over to IXC_EMAIL_BACKEND, which is
# what the overrides choose. So an override never takes out a wrapper by accident.
EMAIL_BACKEND = "ixc_django_docker.mail.EmailBackend"
IXC_EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS")
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL")
EMAIL_TIMEOUT = env_int("EMAIL_TIMEOUT", 10)
EMAIL_SUBJECT_PREFIX = f"[{PROJECT_TITLE}] "
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", f"noreply@{SITE_DOMAIN}")
SERVER_EMAIL = env("SERVER_EMAIL", DEFAULT_FROM_EMAIL)

# Logging -----------------------------------------------------------------------------------------

LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "WARN", "FATAL", "NOTSET"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"require_debug_false": {"()": "django.utils.log.RequireDebugFalse"}},
    "formatters": {
        "json": {"()": "ixc_django_docker.logging.JSONFormatter"},
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env_choice("LOG_FORMAT", ["json", "text"], "json"),
            # Servers log to stdout. Commands log to stderr: `dumpdata > file` must stay clean.
            "stream": "ext://sys." + env_choice("LOG_STREAM", ["stderr", "stdout"], "stderr"),
        },
        "mail_admins": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "filters": ["require_debug_false"],
        },
    },
    "root": {"handlers": ["console"], "level": env_choice("LOG_LEVEL", LOG_LEVELS, "INFO")},
    "loggers": {
        # Replaces Django's own handlers: one line per event. Errors also go to ADMINS, if any.
        "django": {"handlers": ["mail_admins"], "level": "INFO", "propagate": True},
        # Scanners ask for random hosts all day: worth a line, not a mail.
        "django.security.DisallowedHost": {"handlers": ["console"], "propagate": False},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
# Levels of single loggers: LOG_LEVELS="django.db.backends=DEBUG celery=WARNING"
for _pair in env_list("LOG_LEVELS"):
    _name, _, _level = _pair.rpartition("=")
    if _level.upper() not in LOG_LEVELS or not _name:
        raise ImproperlyConfigured(f"LOG_LEVELS must be LOGGER=LEVEL, with one of {', '.join(LOG_LEVELS)}.")
    LOGGING["loggers"].setdefault(_name, {})["level"] = _level.upper()
