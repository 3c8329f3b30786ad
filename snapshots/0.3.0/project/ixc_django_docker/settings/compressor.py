"""Combine, compile and minify CSS and JavaScript with django-compressor.

Offline: ``manage.py compress`` runs once, when the image is built, so that every machine has the
same files before the first request. It needs no database and no cache server.
"""

import shlex

from ixc_django_docker.loader import require

require("compressor", "django-compressor", "compressor.py")

INSTALLED_APPS += ["compressor"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
]

# The real tag instead of the stand-in, in both template engines.
TEMPLATES[0]["OPTIONS"]["libraries"].pop("compress", None)
TEMPLATES[1]["OPTIONS"]["extensions"] = ["compressor.contrib.jinja2ext.CompressorExtension"]

COMPRESS_ENABLED = True
COMPRESS_OFFLINE = True
COMPRESS_OFFLINE_CONTEXT = "ixc_django_docker.compress.offline_context"
IXC_COMPRESSOR_GLOBAL_CONTEXT = {}
IXC_COMPRESSOR_OPTIONAL_CONTEXT = []

# The file's name holds its hash already; a query string would defeat some caches.
COMPRESS_CSS_HASHING_METHOD = None

# `compress` uses a cache. The default one may be a server that an image build cannot reach.
CACHES["compressor"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
COMPRESS_CACHE_BACKEND = "compressor"

# A compiler is used when `npm-install.sh` has installed it.
_bin = PROJECT_DIR / "node_modules" / ".bin"
COMPRESS_PRECOMPILERS = [
    (mimetype, f"{shlex.quote(str(_bin / program))} {arguments}")
    for mimetype, program, arguments in (
        ("text/less", "lessc", "{infile} {outfile}"),
        ("text/x-scss", "sass", "--no-source-map {infile} {outfile}"),
        ("text/x-sass", "sass", "--no-source-map --indented {infile} {outfile}"),
    )
    if (_bin / program).exists()
]
