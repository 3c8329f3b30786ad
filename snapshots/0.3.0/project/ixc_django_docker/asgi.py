"""ASGI entry point: ``gunicorn -k asgi ixc_django_docker.asgi``.

Without ``DOTENV`` the settings are those of production (see ``settings/__init__.py``).
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ixc_django_docker.settings")
os.environ.setdefault("LOG_STREAM", "stdout")
# Under ASGI a request may run in any thread, and would leave a kept connection behind in each.
os.environ.setdefault("CONN_MAX_AGE", "0")

application = get_asgi_application()
