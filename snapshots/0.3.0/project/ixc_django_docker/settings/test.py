"""Tests: nothing outside this machine is used, and nothing of the developer's is touched."""

from ixc_django_docker.environ import env_bool, env_choice
from ixc_django_docker.lists import discard

# The test runner turns DEBUG off while tests run, whatever is said here.
DEBUG = True
ALLOWED_HOSTS = ["*"]
TEST_RUNNER = "ixc_django_docker.testing.PytestRunner"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = []
if "console" in LOGGING.get("handlers", {}):
    LOGGING["handlers"]["console"]["formatter"] = env_choice("LOG_FORMAT", ["json", "text"], "text")

# The tests make a database and drop it afterwards. Its name says so: Django's own `test_…` could be
# that of a real one. A database that was prepared is used as it is.
_database = DATABASES["default"]
if env_bool("SETUP_TESTS") and str(_database["NAME"]).startswith("test_"):
    _database["TEST"] = {"NAME": _database["NAME"]}
elif _database["ENGINE"].endswith((".postgresql", ".postgis")):
    _name = _database["NAME"] or f"{PROJECT_NAME}_{DOTENV}"
    _database["TEST"] = {"NAME": f"test_{_name}_tmp"}

CACHES["default"] = {"BACKEND": "ixc_django_docker.cache.LocMemCache", "LOCATION": "test"}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Uploads stay on this disk, apart from the developer's.
ENABLE_S3_STORAGE = False
MEDIA_ROOT = VAR_DIR / "test" / "media"
PRIVATE_MEDIA_ROOT = VAR_DIR / "test" / "media-private"

# Tests run without `collectstatic` and `compress`, so no name may depend on their results.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
if "compressor" in INSTALLED_APPS:
    COMPRESS_ENABLED = False
    COMPRESS_OFFLINE = False
    COMPRESS_PRECOMPILERS = []

if "django_celery_results" in INSTALLED_APPS:
    # Tasks run at once, and their errors are the caller's.
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
    CELERY_TASK_ALWAYS_EAGER = True
    CELERY_TASK_EAGER_PROPAGATES = True

if "haystack" in INSTALLED_APPS:
    # An index in memory, of each test process its own.
    HAYSTACK_CONNECTIONS = {
        "default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "STORAGE": "ram"}
    }

if "logentries" in LOGGING.get("handlers", {}):
    del LOGGING["handlers"]["logentries"]
    for _logger in (LOGGING["root"], *LOGGING["loggers"].values()):
        discard(_logger.get("handlers", []), "logentries")

# The toolbar refuses to run under tests.
discard(INSTALLED_APPS, "debug_toolbar")
discard(MIDDLEWARE, "debug_toolbar.middleware.DebugToolbarMiddleware")
