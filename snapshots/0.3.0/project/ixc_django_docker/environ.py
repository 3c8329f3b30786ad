"""The process environment, read in one way everywhere.

Every variable is optional. A variable that is set but empty counts as not set, because dotenv files
and Compose files often write ``NAME=``. Every value can also come from a file: ``NAME_FILE`` holds
the path, as Docker secrets do.
"""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def env(name, default=""):
    """Return the text of ``NAME``, else the content of the file ``NAME_FILE``, else ``default``."""
    value = os.environ.get(name, "")
    if value:
        return value
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return default
    try:
        # Editors and `echo` end a file with a newline that is no part of the secret.
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n") or default
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE: cannot read {path!r}: {error.strerror}. "
            f"Correct the path, or unset {name}_FILE."
        ) from error


def env_bool(name, default=False):
    """Return a switch: 1/true/yes/on or 0/false/no/off, in any case."""
    value = env(name).strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} must be 1 or 0 (or true/false, yes/no, on/off).")


def env_int(name, default=0):
    """Return a whole number."""
    value = env(name).strip()
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None


def env_float(name, default=0.0):
    """Return a number."""
    value = env(name).strip()
    try:
        return float(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, such as 0.5.") from None


def env_address(name):
    """Return ``HOST:PORT``, or nothing."""
    value = env(name).strip()
    if value and not re.fullmatch(r"[^\s/@]+:\d{1,5}", value):
        raise ImproperlyConfigured(f"{name} must be HOST:PORT.")
    return value


def env_choice(name, choices, default):
    """Return one of ``choices``, which are compared without regard to case."""
    value = env(name).strip() or default
    for choice in choices:
        if value.lower() == choice.lower():
            return choice
    raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}.")


def env_list(name, default=()):
    """Return words separated by spaces or commas."""
    return re.split(r"[\s,]+", env(name).strip(" \t\r\n,")) if env(name).strip() else list(default)


def project_dir():
    """Return the folder that holds ``ixc_django_docker/`` and ``ixcproject/``."""
    return Path(env("PROJECT_DIR") or Path(__file__).resolve().parents[1])


# One assignment: in single quotes, as a default in them, in double quotes, or a bare word; then perhaps
# a comment. What is in quotes may have several lines.
ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)=
    (?:'(?P<literal>[^']*)'|\$\{(?P<other>\w+):-'(?P<default>[^']*)'\}|"(?P<quoted>[^"\\`]*)"|(?P<bare>[^\s'"\\`;&|<>()#~]*))
    [ \t]*(?:(?<=[ \t])\#.*)?$""",
    re.VERBOSE | re.MULTILINE,
)
REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^{}]*))?\})")


def load_defaults(path, environ=None):
    """Take the variables that are still unset from the dotenv file ``path``.

    ``entrypoint.sh`` sources the dotenv files, and then this finds nothing left to do. It makes an
    IDE, a cron job or a plain ``python manage.py`` run with the same modules as ``./go.sh``. Only
    simple assignments count: ``[export] NAME=value``, where the value may use ``$NAME``,
    ``${NAME}``, ``${NAME:-default}`` and ``${NAME:-'default'}``. Anything that needs a real shell is left alone.
    """
    environ = os.environ if environ is None else environ
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return
    for match in ASSIGNMENT.finditer(text):
        if environ.get(match["name"]):
            continue
        value = match["literal"]
        if match["other"]:
            value = environ.get(match["other"]) or match["default"]
        elif value is None:
            value = REFERENCE.sub(
                lambda found: environ.get(found[1] or found[2]) or found[3] or "",
                match["quoted"] or match["bare"] or "",
            )
            if "$" in value:
                continue
        environ[match["name"]] = value
