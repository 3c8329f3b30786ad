"""The settings of the running process: ``DJANGO_SETTINGS_MODULE=ixc_django_docker.settings``.

See ``ixc_django_docker/loader.py`` for what is included, and in which order. The modules in this
folder are executed, never imported: keep the folder off ``sys.path``, or ``celery.py`` and the like
would hide the packages of the same name.
"""

import glob
import os

from split_settings.tools import include

from ixc_django_docker import environ, loader

PROJECT_DIR = environ.project_dir()
environ.load_defaults(PROJECT_DIR / ".env.base")

# Without DOTENV, a process gets the settings of production. `manage.py` says `develop` by itself.
DOTENV = environ.env("DOTENV").strip() or "production"

SETTINGS_FILES = loader.settings_files(os.environ, PROJECT_DIR)

# `include` expands wildcards, and the project may live in a folder called `shop [old]`.
include(*(glob.escape(str(path)) for path in SETTINGS_FILES), scope=globals())
