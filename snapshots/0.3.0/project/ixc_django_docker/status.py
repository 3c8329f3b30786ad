"""What the running process is made of, for the home page while ``DEBUG`` is on."""

import django
from django.conf import settings
from django.db import connections

from ixc_django_docker.loader import label


def services():
    """Return (what, which one, detail) for each part that the environment can exchange.

    Reads settings only; no server is asked.
    """
    parts = [_database(), _cache(), _media(), _mail()]
    if hasattr(settings, "CELERY_BROKER_URL"):
        parts.append(_tasks())
    if hasattr(settings, "HAYSTACK_CONNECTIONS"):
        parts.append(_search())
    return parts


def settings_modules():
    """Return the names of the included settings modules, in order."""
    return [label(path) for path in settings.SETTINGS_FILES]


def version():
    """Return Django's version."""
    return django.get_version()


def _database():
    database = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        return "Database", "SQLite", _short(database["NAME"])
    host = database["HOST"] or "local socket"
    return "Database", "PostgreSQL", f"{database['NAME']} at {host}"


def _cache():
    backend = settings.CACHES["default"]["BACKEND"]
    if "redis" in backend:
        return "Cache", "Redis", settings.REDIS_ADDRESS
    return "Cache", "Memory", "of each process"


def _media():
    if settings.ENABLE_S3_STORAGE:
        return "Uploads", "S3", settings.MEDIA_AWS_STORAGE_BUCKET_NAME
    return "Uploads", "Local disk", _short(settings.MEDIA_ROOT)


def _mail():
    backend = settings.IXC_EMAIL_BACKEND
    if "smtp" in backend:
        return "Mail", "SMTP", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return "Mail", backend.split(".")[-2].capitalize(), "nothing is sent"


def _tasks():
    if settings.CELERY_TASK_ALWAYS_EAGER:
        return "Tasks", "At once", "in the process that calls them"
    return "Tasks", "Celery", f"queue {settings.CELERY_TASK_DEFAULT_QUEUE}"


def _search():
    connection = settings.HAYSTACK_CONNECTIONS["default"]
    if "elasticsearch" in connection["ENGINE"]:
        return "Search", "Elasticsearch", connection["URL"].rpartition("@")[2]
    return "Search", "Whoosh", _short(connection.get("PATH", "memory"))


def _short(path):
    """Return a path relative to the project, where it is inside of it."""
    text, root = str(path), f"{settings.PROJECT_DIR}/"
    return text.removeprefix(root)
