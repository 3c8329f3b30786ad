"""ASGI entry point: ``gunicorn -k asgi ixc_django_docker.asgi``.

Without ``DOTENV`` the settings are those of production (see ``settings/__init__.py``).
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ixc_django_docker.settings")
os.environ.setdefault("LOG_STREAM", "stdout")

application = get_asgi_application()
