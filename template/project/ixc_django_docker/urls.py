"""The project's URLs, plus those that the active settings modules need."""

from django.apps import apps
from django.conf import settings
from django.urls import include, path

from ixc_django_docker import media

urlpatterns = [path("", include("ixcproject.urls"))]

# Storages on S3 sign links to the bucket instead.
urlpatterns.insert(
    0, path(f"{settings.PRIVATE_MEDIA_URL.strip('/')}/<path:name>", media.private, name="private")
)

if settings.DEBUG:
    urlpatterns.insert(0, path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", media.public))
    if apps.is_installed("debug_toolbar"):
        from debug_toolbar.toolbar import debug_toolbar_urls

        urlpatterns += debug_toolbar_urls()
