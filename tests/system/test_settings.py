"""Every subset of the wrapper's settings modules with every override, in `settings_matrix.py`."""

import sys
from pathlib import Path

import pytest
from support.process import run


# The default project has the same modules as the maximal one.
@pytest.mark.parametrize("kind", ["minimal", "maximal"])
def test_every_combination_loads(installed, kind):
    project = installed(kind)
    script = Path(__file__).with_name("settings_matrix.py")
    result = run([sys.executable, script, project.path, project.path / "var/go.sh-venv/bin/python"], timeout=400)
    print(result.stdout)
