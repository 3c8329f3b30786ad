"""Serves uploaded files.

What visitors uploaded is not to be trusted: a page or an SVG drawing shown from our own address
could act in the visitor's name. So only pictures, sound and film are shown; all else is downloaded.
"""

import mimetypes
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, Http404
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

from ixc_django_docker.storage import check_signature

INLINE = ("image/", "audio/", "video/", "text/plain")
NEVER_INLINE = {"image/svg+xml"}

# The same types on every machine: the table of the system is not read, and what older versions of
# Python do not know is added.
TYPES = mimetypes.MimeTypes(filenames=())
for _extension, _kind in {
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".wav": "audio/wav",
    ".webp": "image/webp",
}.items():
    TYPES.add_type(_kind, _extension)

# What the page may use that a browser makes around a single picture or recording: no scripts.
SHOWN = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
SAVED = "default-src 'none'; sandbox"


def find(root, name):
    """Return the path of the file ``name`` below ``root``; None when there is no such file."""
    try:
        path = Path(safe_join(root, name))
        return path if path.is_file() else None
    # A name may also be too long for the disk, or hold a NUL.
    except (SuspiciousFileOperation, OSError, ValueError):
        return None


def content_type(path):
    """Return what kind of file it is, judging by its name."""
    kind, encoding = TYPES.guess_type(path.name)
    return "application/octet-stream" if encoding or not kind else kind


def is_inline(path):
    """Tell whether a browser may show the file instead of saving it."""
    kind = content_type(path)
    return kind.startswith(INLINE) and kind not in NEVER_INLINE


def protect(response, path):
    """Add the headers that keep an uploaded file from acting as a part of the site."""
    kind = content_type(path)
    response["Content-Type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SHOWN if is_inline(path) else SAVED
    if not is_inline(path):
        response["Content-Disposition"] = "attachment"
    return response


def stream(request, response):
    """Return a file response that an ASGI server, too, sends piece by piece.

    Django would read the whole file into memory there before it sends the first byte.
    """
    if isinstance(request, ASGIRequest):
        response.streaming_content = _pieces(response.file_to_stream, response.block_size)
    return response


async def _pieces(file, size):
    if file is None:
        return
    read = sync_to_async(file.read, thread_sensitive=False)
    while piece := await read(size):
        yield piece


def respond(request, path):
    """Return the file as a response."""
    return protect(stream(request, FileResponse(path.open("rb"))), path)


@require_safe
def public(request, name):
    """Serve a public file while developing without ``whitenoise.py``."""
    path = find(settings.MEDIA_ROOT, name)
    if path is None:
        raise Http404("There is no such file.")
    return respond(request, path)


@require_safe
def private(request, name):
    """Serve a private file to the holder of a valid link."""
    expires, signature = request.GET.get("expires", ""), request.GET.get("signature", "")
    if not check_signature(name, expires, signature):
        raise PermissionDenied("This link is not valid, or no longer.")
    path = find(settings.PRIVATE_MEDIA_ROOT, name)
    if path is None:
        raise Http404("There is no such file.")
    response = respond(request, path)
    response["Cache-Control"] = "private, no-store"
    return response
