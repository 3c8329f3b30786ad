"""Compresses pages on their way out."""

from django.middleware.gzip import GZipMiddleware

TYPES = ("text/", "application/javascript", "application/json", "application/xml", "image/svg+xml")


class CompressionMiddleware(GZipMiddleware):
    """Compresses what is text and is not sent piece by piece, with Django's guard against guessing secrets by size."""

    def process_response(self, request, response):
        if response.streaming or not response.get("Content-Type", "").startswith(TYPES):
            return response
        return super().process_response(request, response)
