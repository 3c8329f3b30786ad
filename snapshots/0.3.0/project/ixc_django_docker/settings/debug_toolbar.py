"""Show django-debug-toolbar while ``DEBUG`` is on; without effect otherwise.

Whether DEBUG is on is decided later, by the override, so this module only prepares: the URLs and
the toolbar itself ask again, and the overrides without DEBUG take the toolbar out.

The package is one of requirements-dev.in: the production image does without it.
"""

from importlib.util import find_spec

from ixc_django_docker.lists import insert_after

if find_spec("debug_toolbar"):
    INSTALLED_APPS += ["debug_toolbar"]
    insert_after(
        MIDDLEWARE,
        "debug_toolbar.middleware.DebugToolbarMiddleware",
        "ixc_django_docker.health.HealthMiddleware",
        "django.middleware.security.SecurityMiddleware",
    )
    DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": "ixc_django_docker.debug.show_toolbar"}
