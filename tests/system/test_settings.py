"""Every subset of the wrapper's settings modules with every override, in `settings_matrix.py`."""

import sys
from pathlib import Path

from support.process import run


def test_every_combination_loads(project):
    script = Path(__file__).with_name("settings_matrix.py")
    result = run([sys.executable, script, project.path, project.path / "var/go.sh-venv/bin/python"], timeout=400)
    print(result.stdout)
