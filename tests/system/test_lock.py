"""The template's lock: every set of features installs from it, for every Python and system it names."""

import sys

from support.machine import TOOLS, clean_environment, tool
from support.process import run


def test_every_set_of_features_fits_together():
    env = clean_environment(UV=tool("uv"), PYTHONDONTWRITEBYTECODE="1")
    result = run([sys.executable, TOOLS / "check_lock.py"], env=env, timeout=500)
    print(result.stdout)
