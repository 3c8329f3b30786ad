"""Merges of random edits, against what the readers of each format say; `tests/soak` makes many more."""

import sys

from support.machine import TOOLS, clean_environment
from support.process import run
from support.project import binary


def test_no_clean_merge_is_wrong():
    arguments = ["--binary", binary(), "--count", "2000", "--seed", "1", "--print", "2", "--shrink"]
    result = run([sys.executable, TOOLS / "merge_oracle.py", *arguments], env=clean_environment(), check=False)
    assert result.returncode == 0, result.stdout + result.stderr
