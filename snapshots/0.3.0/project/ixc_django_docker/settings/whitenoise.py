"""Serve static files and media from the application server with WhiteNoise.

Static files get unique names and may be cached for ever. Media is served by our own middleware,
which also finds files that were uploaded after the start.
"""

from ixc_django_docker.lists import insert_after
from ixc_django_docker.loader import require

require("whitenoise", "whitenoise[brotli]", "whitenoise.py")

insert_after(
    MIDDLEWARE,
    "ixc_django_docker.whitenoise.WhiteNoiseMiddleware",
    "ixc_django_docker.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "debug_toolbar.middleware.DebugToolbarMiddleware",
)
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# Files that must sit at the root of the site: robots.txt, favicon.ico and the like.
if (PROJECT_DIR / "whitenoise_root").is_dir():
    WHITENOISE_ROOT = PROJECT_DIR / "whitenoise_root"
