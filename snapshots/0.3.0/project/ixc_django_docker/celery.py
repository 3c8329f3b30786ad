"""The Celery application: ``celery -A ixc_django_docker.celery …``.

Loaded with Django (``apps.py``) when ``celery.py`` is among the settings, so that ``@shared_task`` finds it. Nothing
is connected to before a task is sent.
"""

import datetime
import logging
import os
import time

from celery import Celery, signals
from django.conf import settings

from ixc_django_docker import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ixc_django_docker.settings")

app = Celery(settings.PROJECT_NAME)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.timezone = getattr(settings, "CELERY_TIMEZONE", settings.TIME_ZONE)
app.autodiscover_tasks()
app.set_default()

logger = logging.getLogger(__name__)
consumer = None
told = False


@signals.before_task_publish.connect
def tell_of_late_eta(sender=None, headers=None, **kwargs):
    """Say that a task will run more than once, because Redis gives it to every worker in turn until it is due."""
    limit = app.conf.broker_transport_options.get("visibility_timeout")
    eta = (headers or {}).get("eta")
    if not limit or not eta:
        return
    due = datetime.datetime.fromisoformat(eta)
    if due.tzinfo and (due - datetime.datetime.now(datetime.UTC)).total_seconds() > limit:
        logger.warning(
            "the task %s is due later than CELERY_VISIBILITY_TIMEOUT (%d s) allows: it may run several times", sender, limit
        )


@signals.setup_logging.connect
def keep_logging(**kwargs):
    """Leave logging as Django's LOGGING has set it up: Celery does so when anybody listens to this signal."""


@signals.worker_ready.connect
def remember_consumer(sender, **kwargs):
    """Keep what knows how many tasks run at once."""
    global consumer
    consumer = sender


def active_requests():
    """Return what the processes of this worker are at. Imported here, because only a worker needs it."""
    from celery.worker import state

    return list(state.active_requests)


def is_stuck():
    """Tell whether no process of this worker has begun a task for ``CELERY_STUCK_AFTER`` seconds, because all are at one."""
    limit = settings.CELERY_STUCK_AFTER
    begun = [request.time_start or time.time() for request in active_requests()]
    if not limit or consumer is None or len(begun) < consumer.pool.num_processes:
        return False
    return time.time() - max(begun) > limit


@signals.heartbeat_sent.connect
def worker_is_alive(**kwargs):
    """Note that the worker reached the broker just now and gets on, for ``healthcheck.sh celery``."""
    global told
    if not is_stuck():
        told = False
        alive.touch("celery")
    elif not told:
        told = True
        alive.forget("celery")
        tasks = ", ".join(sorted(f"{request.name} ({request.id})" for request in active_requests()))
        logger.error("stuck: all processes are at the same tasks since CELERY_STUCK_AFTER: %s", tasks)


@signals.worker_shutdown.connect
def worker_is_gone(**kwargs):
    """Say so at once, instead of when the last sign of life is old."""
    alive.forget("celery")
