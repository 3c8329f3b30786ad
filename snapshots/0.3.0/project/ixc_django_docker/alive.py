"""Signs of life of processes that serve no port: a file for each machine, touched as long as all is well.

``healthcheck.sh celery`` asks whether it is recent. That costs next to nothing, where a question to the worker through
the broker would start a Python each time.
"""

import socket

from django.conf import settings


def _file(name):
    return settings.VAR_DIR / "run" / f"{name}-{socket.gethostname()}.alive"


def touch(name):
    """Say that ``name`` works at this moment. A full or read-only disk is no reason to stop working."""
    try:
        _file(name).touch()
    except OSError:
        pass


def forget(name):
    """Say that ``name`` does not work any more."""
    try:
        _file(name).unlink(missing_ok=True)
    except OSError:
        pass
