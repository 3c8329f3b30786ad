"""Runs ``manage.py test`` with pytest."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError


def refuse_real_databases(databases):
    """Raise when the tests would use, and drop, a database of which the settings say that it is real.

    ``databases`` is the setting. A name that starts with ``test_`` says that a database may go.
    """
    real = {str(database.get("NAME")) for database in databases.values()}
    for alias, database in databases.items():
        name = str(database.get("TEST", {}).get("NAME") or "")
        if name in real and not Path(name).name.startswith("test_"):
            raise ImproperlyConfigured(
                f"DATABASES[{alias!r}]['TEST']['NAME'] is {name!r}, the name of a real database, "
                "which the tests would drop. Remove it, or give it a name that starts with `test_`."
            )


class PytestRunner:
    """Hands over to pytest, in a process of its own so that coverage sees every import.

    Labels may be paths, as pytest takes them, or dotted names, as Django does. Coverage is shown
    unless ``WITHOUT_COVERAGE`` is set.
    """

    def __init__(self, verbosity=1, failfast=False, keepdb=False, patterns=None, **options):
        self.verbosity = verbosity
        self.failfast = failfast
        self.keepdb = keepdb
        self.patterns = patterns or []

    @classmethod
    def add_arguments(cls, parser):
        """Add the options that have the same meaning in pytest."""
        parser.add_argument("-k", dest="patterns", action="append", metavar="EXPRESSION")
        parser.add_argument("--keepdb", action="store_true", help="Keep the test database.")

    def run_tests(self, test_labels, **options):
        """Return 0 when all tests passed, else pytest's exit code."""
        if find_spec("pytest") is None:
            raise CommandError(
                "pytest is not installed. Install requirements-dev.txt, then run the tests again."
            )
        command = [sys.executable, "-m", "pytest", *self.arguments(test_labels)]
        return subprocess.run(command, cwd=settings.PROJECT_DIR, check=False).returncode  # noqa: S603

    def arguments(self, labels):
        """Return pytest's arguments for the same request."""
        arguments = [self.path(label) for label in labels]
        arguments += ["-q"] if self.verbosity == 0 else ["-v"] * (self.verbosity - 1)
        arguments += ["-x"] if self.failfast else []
        arguments += ["--reuse-db"] if self.keepdb else []
        arguments += [] if os.environ.get("WITHOUT_COVERAGE") else ["--cov"]
        arguments += [f"--ignore={folder}" for folder in self.excluded()]
        for pattern in self.patterns:
            arguments += ["-k", pattern]
        return arguments

    @staticmethod
    def excluded():
        """Return the folders in which no tests are looked for, as in ``runtests.sh``."""
        names = f"{os.environ.get('TEST_EXCLUDE_DIRS', '')} {os.environ.get('NOSE_EXCLUDE_DIRS', '')}"
        return names.replace(";", " ").split()

    def path(self, label):
        """Return a label as pytest writes it: ``a.tests.test_b.C`` is ``a/tests/test_b.py::C``."""
        if "/" in label or "::" in label or Path(label).exists():
            return str(Path(label).resolve()) if Path(label).exists() else label
        parts = label.split(".")
        for length in range(len(parts), 0, -1):
            path = Path(settings.PROJECT_DIR, *parts[:length])
            rest = parts[length:]
            if path.with_suffix(".py").is_file():
                return "::".join([str(path.with_suffix(".py")), *rest])
            if path.is_dir() and not rest:
                return str(path)
        return label
