"""The former name of ``pytest.py``, so that a ``BASE_SETTINGS`` with it still works.

``NOSE_EXCLUDE_DIRS`` still says where no tests are looked for; ``TEST_EXCLUDE_DIRS`` is its name now.
"""

import glob
import warnings

from split_settings.tools import include

from ixc_django_docker.loader import WRAPPER

warnings.warn(
    "BASE_SETTINGS: nose.py is now called pytest.py, and pytest runs the tests", FutureWarning, stacklevel=1
)
include(glob.escape(str(WRAPPER / "pytest.py")), scope=globals())
