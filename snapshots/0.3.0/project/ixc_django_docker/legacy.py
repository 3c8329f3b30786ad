"""Lets a project that has settings of its own run under the wrapper, with just these settings.

``ixcproject/settings/legacy.py`` calls it last. Of Django's settings only those that
the project sets are left; what the wrapper adds is listed in ``apply``, and nothing else is added.
"""

import importlib
import os
import sys

from django.conf import global_settings

from ixc_django_docker import environ

HEALTH = "ixc_django_docker.health.HealthMiddleware"


def choose(variables):
    """Tell the project which of its own environments it is in; what is set already holds."""
    for name, value in variables.items():
        os.environ.setdefault(name, value)


def apply(scope, module, folder, forced=True):
    """Put the settings of ``module``, which lies below ``folder``, in place of the wrapper's.

    ``forced`` turns ``DEBUG`` off outside development, after the settings were computed with it: a project that was given the
    template before release 0.3.0 runs so. Others have ``DEBUG`` as their settings of each environment say.
    """
    path = str(scope["PROJECT_DIR"] / folder) if folder != "." else str(scope["PROJECT_DIR"])
    if path not in sys.path:
        sys.path.insert(0, path)
    own = importlib.import_module(module)
    settings = {name: getattr(own, name) for name in dir(own) if name.isupper()}
    for name in [name for name in scope if name.isupper() and hasattr(global_settings, name)]:
        if name not in settings:
            del scope[name]
    fallback = {name: scope.get(name) for name in ("STATIC_ROOT", "SITE_DOMAIN", "PROJECT_DIR")}
    scope.update(settings)

    # A probe gets past host checks, redirects and caches.
    others = (name for name in scope.get("MIDDLEWARE", []) if name != HEALTH)
    scope["MIDDLEWARE"] = [HEALTH, *others]
    # `collectstatic` needs a place; the image takes it from there.
    if not scope.get("STATIC_ROOT"):
        scope["STATIC_ROOT"] = fallback["PROJECT_DIR"] / "static_root"
    if environ.env("SECRET_KEY"):
        scope["SECRET_KEY"] = environ.env("SECRET_KEY")
    hosts = [*environ.env("ALLOWED_HOSTS").replace(",", " ").split(), fallback["SITE_DOMAIN"]]
    scope["ALLOWED_HOSTS"] = [
        *scope.get("ALLOWED_HOSTS", []),
        *(host for host in hosts if host and scope.get("ALLOWED_HOSTS")),
    ]
    if scope.get("DOTENV") in {"staging", "production"}:
        if forced:
            scope["DEBUG"] = False
        if not scope["ALLOWED_HOSTS"]:
            scope["ALLOWED_HOSTS"] = [host for host in hosts if host]
    _database(scope)


def _database(scope):
    """Let the environment name the server, if it is of the kind that the project uses."""
    databases = scope.get("DATABASES") or {}
    default = databases.get("default") or {}
    engine = default.get("ENGINE", "")
    if "postgres" in engine or "postgis" in engine:
        prefix = "PG"
    elif "mysql" in engine:
        prefix = "MYSQL_"
    else:
        return
    given = {key: environ.env(f"{prefix}{key}") for key in ("HOST", "PORT", "USER", "PASSWORD")}
    given["NAME"] = environ.env(f"{prefix}DATABASE")
    given = {key: value for key, value in given.items() if value}
    if given.get("HOST"):
        scope["DATABASES"] = {**databases, "default": {**default, **given}}
