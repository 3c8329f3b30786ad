"""Commands of django-extensions: ``shell_plus``, ``runserver_plus``, ``show_urls`` and more."""

from ixc_django_docker.loader import require

require("django_extensions", "django-extensions", "extensions.py")

INSTALLED_APPS += ["django_extensions"]
