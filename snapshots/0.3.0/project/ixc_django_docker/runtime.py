"""What a process needs on disk before Django starts: folders and a secret key."""

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def path(text, base):
    """Return ``text`` as a path; a relative one starts at ``base``, whatever the current folder."""
    return Path(base) / Path(text).expanduser()


def make_directories(*paths, required=True):
    """Create the folders that are missing. ``required=False`` lets a read-only disk pass."""
    for folder in paths:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if required:
                raise ImproperlyConfigured(
                    f"Cannot create the folder {str(folder)!r}: {error.strerror}. "
                    "Set VAR_DIR to a folder that this user may write to."
                ) from error


def secret_key(file):
    """Return the key kept in ``file``; make one, readable by its owner only, when there is none.

    Several processes may start at once: each writes a file of its own, and the first one to link it
    to the final name wins. Every process returns what the final name holds.
    """
    try:
        return _read(file)
    except FileNotFoundError:
        pass
    handle, name = tempfile.mkstemp(prefix=".secret_key-", dir=file.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(64))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o400)
        try:
            os.link(temporary, file)
        except FileExistsError:
            pass
        except OSError:
            # Some network and desktop file systems know no hard links.
            if not file.exists():
                temporary.rename(file)
    finally:
        temporary.unlink(missing_ok=True)
    return _read(file)


def _read(file):
    try:
        key = file.read_text(encoding="ascii").strip()
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"Cannot read the secret key in {str(file)!r}: it belongs to another user. "
            "Set SECRET_KEY, or run as the user who started the project first."
        ) from error
    if not key:
        raise ImproperlyConfigured(f"The secret key file {str(file)!r} is empty. Delete it.")
    return key
