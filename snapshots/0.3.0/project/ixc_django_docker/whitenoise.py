"""WhiteNoise for static files and media."""

import re
from urllib.parse import urlparse
from wsgiref.headers import Headers

from django.conf import settings
from django.core.files.storage import storages
from django.http import HttpResponseRedirect
from whitenoise.middleware import WhiteNoiseMiddleware as BaseMiddleware
from whitenoise.responders import NotARegularFileError, StaticFile

from ixc_django_docker import media
from ixc_django_docker.storage import UNIQUE_PREFIX

# What compressor writes: CACHE/css/output.0123456789ab.css
COMPRESSED = re.compile(r"^CACHE/.*\.[0-9a-f]{12}\.\w+$")
# What UniqueMixin writes: dd/<folder>/<32 hexadecimal digits><extension>
UNIQUE = re.compile(rf"^{UNIQUE_PREFIX}/(?:.*/)?[0-9a-f]{{32}}(?:\.\w+)?$")


class WhiteNoiseMiddleware(BaseMiddleware):
    """Serves static files from an index made at the start, and media as it is on disk right now.

    ``/media/`` answers only when files are on this disk. A file that was uploaded before unique
    names were in use, or whose plain name somebody wrote down, leads to where it is stored now.
    """

    def __init__(self, get_response=None, settings=settings):
        # Before the index is made, which asks for every file whether it may change.
        self.media_prefix = urlparse(settings.MEDIA_URL).path
        super().__init__(get_response, settings)

    def __call__(self, request):
        if request.path_info.startswith(self.media_prefix) and request.method in {"GET", "HEAD"}:
            response = self.serve_media(request, request.path_info[len(self.media_prefix) :])
            if response is not None:
                return response
        return super().__call__(request)

    @staticmethod
    def serve(static_file, request):
        return media.stream(request, BaseMiddleware.serve(static_file, request))

    def serve_media(self, request, name):
        """Return the media file ``name``; None to let the site answer with its own 404 page."""
        path = None if settings.ENABLE_S3_STORAGE else media.find(settings.MEDIA_ROOT, name)
        if path is not None:
            try:
                file = self.media_file(str(path), request.path_info)
                return media.protect(self.serve(file, request), path)
            except NotARegularFileError:  # Deleted meanwhile.
                return None
        if settings.ENABLE_UNIQUE_STORAGE:
            return self.redirect_to_unique(name)
        return None

    def media_file(self, path, url):
        """Describe the file at ``path`` to WhiteNoise, as just this one file.

        For a static file WhiteNoise prefers a compressed neighbour. Here ``photo.jpg.gz`` is
        somebody's upload and must never be sent for ``photo.jpg``.
        """
        headers = Headers([])
        self.add_cache_headers(headers, path, url)
        return StaticFile(path, headers.items())

    def redirect_to_unique(self, name):
        """Return a redirect to the current content of ``name``, which may be another one later."""
        from ixc_django_docker.models import UniqueFile

        if "\0" in name:  # PostgreSQL knows no such text.
            return None
        unique = UniqueFile.objects.filter(access="public", name=name).first()
        if unique is None:
            return None
        response = HttpResponseRedirect(storages["default"].url(unique.unique_name))
        response["Cache-Control"] = "public, max-age=60"
        return response

    def immutable_file_test(self, path, url):
        """Tell whether the content behind ``url`` can never change.

        A method, because a regular expression in the settings would replace the test of the
        manifest's names instead of adding to it.
        """
        if url.startswith(self.media_prefix):
            return bool(UNIQUE.match(url[len(self.media_prefix) :]))
        if url.startswith(self.static_prefix) and COMPRESSED.match(url[len(self.static_prefix) :]):
            return True
        return super().immutable_file_test(path, url)
