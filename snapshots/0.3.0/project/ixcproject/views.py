"""The project's pages."""

from django.conf import settings
from django.shortcuts import render

from ixc_django_docker import status


def home(request):
    """Show the start page. With DEBUG on it also says what this process is made of."""
    context = {}
    if settings.DEBUG:
        context = {
            "services": status.services(),
            "settings_modules": status.settings_modules(),
            "django_version": status.version(),
        }
    return render(request, "home.html", context)
