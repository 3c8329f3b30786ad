"""The Celery application: ``celery -A ixc_django_docker.celery …``.

Loaded with Django (``apps.py``) when ``celery.py`` is among the settings, so that ``@shared_task`` finds it. Nothing
is connected to before a task is sent.
"""

import os

from celery import Celery, signals
from django.conf import settings

from ixc_django_docker import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ixc_django_docker.settings")

app = Celery(settings.PROJECT_NAME)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.timezone = getattr(settings, "CELERY_TIMEZONE", settings.TIME_ZONE)
app.autodiscover_tasks()
app.set_default()


@signals.setup_logging.connect
def keep_logging(**kwargs):
    """Leave logging as Django's LOGGING has set it up: Celery does so when anybody listens to this signal."""


@signals.heartbeat_sent.connect
def worker_is_alive(**kwargs):
    """Note that the worker reached the broker just now, for ``healthcheck.sh celery``."""
    alive.touch("celery")


@signals.worker_shutdown.connect
def worker_is_gone(**kwargs):
    """Say so at once, instead of when the last sign of life is old."""
    alive.forget("celery")
