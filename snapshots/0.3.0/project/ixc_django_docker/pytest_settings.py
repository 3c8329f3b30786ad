"""The settings module of pytest (``--ds`` in pyproject.toml).

Tests use the ``test`` override in every shell, also in one that was set up for something else.
"""

import os

os.environ["DOTENV"] = "test"
os.environ["OVERRIDE_SETTINGS"] = "test.py"

from ixc_django_docker.settings import *  # noqa: F403
from ixc_django_docker.testing import refuse_real_databases

refuse_real_databases(DATABASES)  # noqa: F405
