"""Commands of django-extensions: ``shell_plus``, ``runserver_plus``, ``show_urls`` and more."""

from importlib.util import find_spec

from ixc_django_docker.loader import require

require("django_extensions", "django-extensions", "extensions.py")

INSTALLED_APPS += ["django_extensions"]
# IPython and Werkzeug are in requirements-dev.in: not in an image for production.
if find_spec("IPython"):
    SHELL_PLUS = "ipython"
