"""The project's URLs, plus those that the active settings modules need."""

from django.apps import apps
from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.urls import NoReverseMatch, include, path, reverse

from ixc_django_docker import media


def login(request):
    """Lead to the login page of the admin, if it is in use."""
    try:
        return redirect(f"{reverse('admin:login')}?{request.META['QUERY_STRING']}")
    except NoReverseMatch:
        raise Http404("There is no login page.") from None


# Storages on S3 sign links to the bucket instead.
urlpatterns = [
    path(f"{settings.PRIVATE_MEDIA_URL.strip('/')}/<path:name>", media.private, name="private"),
]

if settings.DEBUG:
    urlpatterns.append(path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", media.public))
    if apps.is_installed("debug_toolbar"):
        from debug_toolbar.toolbar import debug_toolbar_urls

        urlpatterns += debug_toolbar_urls()

# After those, because the project may have a pattern that takes whatever is left.
urlpatterns.append(path("", include("ixcproject.urls")))
# Where `@login_required` leads: a project without a page for it has that of the admin.
if settings.LOGIN_URL == "/accounts/login/" and apps.is_installed("django.contrib.admin"):
    urlpatterns.append(path("accounts/login/", login))
