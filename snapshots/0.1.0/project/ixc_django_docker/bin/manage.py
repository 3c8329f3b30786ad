#!/usr/bin/env python3
"""Run a management command from any folder: this script's own folder is on PATH in ``./go.sh``."""

import sys
from pathlib import Path

# Python put this folder of scripts first on the path; the project's folder belongs there.
sys.path[0] = str(Path(__file__).resolve().parents[2])

from ixc_django_docker.manage import main  # noqa: E402

if __name__ == "__main__":
    main()
