"""Where uploaded files go: public or private, on this disk or on S3, under plain or unique names.

Use ``STORAGES`` aliases, or in a model ``FileField(storage=private_storage)``: a function leaves no
trace of the environment in migrations. Two settings choose the class behind each:

===================== ==========================================================================
ENABLE_S3_STORAGE     files on S3 instead of the local disk (set by ``settings/storages.py``)
ENABLE_UNIQUE_STORAGE names made of the content, so that a file may be cached for ever
===================== ==========================================================================
"""

import hashlib
import os
import posixpath
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.utils import validate_file_name
from django.core.signing import BadSignature, Signer
from django.utils.encoding import filepath_to_uri

UNIQUE_PREFIX = "dd"


def public_storage():
    """Return the storage of public files, for ``FileField(storage=public_storage)``."""
    return storages["default"]


def private_storage():
    """Return the storage of private files, for ``FileField(storage=private_storage)``."""
    return storages["private"]


def PublicStorage(**options):  # noqa: N802  (Django imports a storage by its class name)
    """Make the storage of files that anybody may read."""
    return _choose("Public")(**options)


def PrivateStorage(**options):  # noqa: N802
    """Make the storage of files that only the holder of a signed, expiring link may read."""
    return _choose("Private")(**options)


def _choose(access):
    if settings.ENABLE_S3_STORAGE:
        from ixc_django_docker import s3 as module
    else:
        module = None
    unique = "Unique" if settings.ENABLE_UNIQUE_STORAGE else ""
    place = "S3" if module else "Local"
    name = f"{unique}{place}{access}Storage"
    return getattr(module, name) if module else globals()[name]


# On the local disk -------------------------------------------------------------------------------


class LocalPublicStorage(FileSystemStorage):
    """Files below ``MEDIA_ROOT``, served at ``MEDIA_URL``."""


class LocalPrivateStorage(FileSystemStorage):
    """Files below ``PRIVATE_MEDIA_ROOT``; ``url()`` is signed and works for a limited time."""

    def __init__(self, location=None, base_url=None, **options):
        super().__init__(
            location or settings.PRIVATE_MEDIA_ROOT,
            # Without one of its own, FileSystemStorage would answer with the public MEDIA_URL.
            base_url or settings.PRIVATE_MEDIA_URL,
            **options,
        )

    def url(self, name, expire=None):
        """Return a link that works for ``expire`` seconds (``PRIVATE_MEDIA_EXPIRE``)."""
        name = str(name).replace("\\", "/").lstrip("/")
        seconds = settings.PRIVATE_MEDIA_EXPIRE if expire is None else expire
        expires = int(time.time()) + seconds
        query = urlencode({"expires": expires, "signature": _signature(name, expires)})
        return f"{self.base_url}{filepath_to_uri(name)}?{query}"


def check_signature(name, expires, signature):
    """Tell whether a link to the private file ``name`` is ours and still works."""
    try:
        _signer().unsign(f"{name}:{expires}:{signature}")
        return int(expires) >= time.time()
    except (BadSignature, ValueError):
        return False


def _signature(name, expires):
    return _signer().signature(f"{name}:{expires}")


def _signer():
    return Signer(salt="ixc_django_docker.storage.private")


# Unique names ------------------------------------------------------------------------------------


class UniqueMixin:
    """Stores a file as ``dd/<folder>/<hash of the content><extension>``.

    The content of such a name never changes, so browsers and proxies may keep it for ever. Equal
    files in a folder are stored once. ``UniqueFile`` remembers under which name each was uploaded.
    """

    def save(self, name, content, max_length=None):
        """Store ``content`` unless it is there already; return its unique name."""
        if not hasattr(content, "chunks"):
            content = File(content, name)
        original = str(name or content.name).replace("\\", "/")
        validate_file_name(original, allow_relative_path=True)
        unique = self.unique_name(original, content)
        if max_length and len(unique) > max_length:
            raise SuspiciousFileOperation(
                f"The unique name {unique!r} has more than {max_length} characters. "
                "Give the FileField a larger max_length."
            )
        # A file cut short, by a crash or a full disk, is written again. Two processes may save the
        # same content: the later one overwrites it with itself.
        if not self.exists(unique) or self.size(unique) != content.size:
            unique = super().save(unique, content, max_length=max_length)
        self.remember(original, unique)
        return unique

    def delete(self, name):
        """Keep the file: other rows may hold the same content. ``delete_unique`` removes it."""

    def delete_unique(self, name):
        """Remove the file, whoever refers to it."""
        from ixc_django_docker.models import UniqueFile

        UniqueFile.objects.filter(access=self.access, unique_name=name).delete()
        super().delete(name)

    def get_available_name(self, name, max_length=None):
        return name

    def unique_name(self, name, content):
        """Return the name under which ``content`` is stored when it is uploaded as ``name``."""
        digest = hashlib.blake2b(digest_size=16)
        content.seek(0)
        for chunk in content.chunks():
            digest.update(chunk.encode() if isinstance(chunk, str) else chunk)
        content.seek(0)
        folder, base = posixpath.split(posixpath.normpath(name))
        if folder.partition("/")[0] != UNIQUE_PREFIX:
            folder = posixpath.join(UNIQUE_PREFIX, folder)
        return posixpath.join(folder, digest.hexdigest() + posixpath.splitext(base)[1].lower())

    def remember(self, original, unique):
        """Record that ``original`` is now found at ``unique``."""
        from ixc_django_docker.models import UniqueFile

        UniqueFile.objects.update_or_create(
            access=self.access, name=original, defaults={"unique_name": unique}
        )


class UniqueLocalPublicStorage(UniqueMixin, LocalPublicStorage):
    """Public files on this disk under unique names."""

    access = "public"

    def __init__(self, **options):
        super().__init__(**{"allow_overwrite": True} | options)


class UniqueLocalPrivateStorage(UniqueMixin, LocalPrivateStorage):
    """Private files on this disk under unique names."""

    access = "private"

    def __init__(self, **options):
        super().__init__(**{"allow_overwrite": True} | options)


# Files for other programs ------------------------------------------------------------------------


@contextmanager
def get_local_file_path(file, storage=None):
    """Give a stored file's content a path on this machine, for a program that needs one.

    ``file`` is the value of a ``FileField``, or a name in ``storage`` (the default storage). A file
    on this disk is used in place: do not write to it. A remote one is copied first, with its
    extension, and the copy is removed at the end of the block::

        with get_local_file_path(track.audio) as path:
            subprocess.run(["ffmpeg", "-i", path, ...], check=True)
    """
    name = getattr(file, "name", file)
    if not name:
        raise ValueError("There is no file: the field is empty.")
    storage = storage or getattr(file, "storage", None) or storages["default"]
    try:
        path = storage.path(name)
    except NotImplementedError:
        path = None
    if path is not None:
        yield path
        return

    handle, path = tempfile.mkstemp(suffix=Path(name).suffix)
    try:
        with os.fdopen(handle, "wb") as copy, storage.open(name, "rb") as stored:
            for chunk in stored.chunks():
                copy.write(chunk)
        # Closed, hence flushed: the other program sees all of it.
        yield path
    finally:
        Path(path).unlink(missing_ok=True)
