"""The project's URLs, plus those that the active settings modules need."""

from django.apps import apps
from django.conf import settings
from django.urls import include, path

from ixc_django_docker import media

# Storages on S3 sign links to the bucket instead.
urlpatterns = [
    path(f"{settings.PRIVATE_MEDIA_URL.strip('/')}/<path:name>", media.private, name="private"),
]

if settings.DEBUG:
    urlpatterns.append(path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", media.public))
    if apps.is_installed("debug_toolbar"):
        from debug_toolbar.toolbar import debug_toolbar_urls

        urlpatterns += debug_toolbar_urls()

# Last, because the project may have a pattern that takes whatever is left.
urlpatterns.append(path("", include("ixcproject.urls")))
