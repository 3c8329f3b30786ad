"""WSGI entry point: ``gunicorn ixc_django_docker.wsgi``.

Without ``DOTENV`` the settings are those of production (see ``settings/__init__.py``).
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ixc_django_docker.settings")
os.environ.setdefault("LOG_STREAM", "stdout")

application = get_wsgi_application()
