"""What tasks of Celery need again and again. Imports Celery only where a task runs in a worker."""

import functools
import logging

from django.core.cache import cache

logger = logging.getLogger(__name__)

# After so many seconds a task that was put back is tried again.
PAUSE = 5


class AlreadyRunning(RuntimeError):
    """Another one of the same task runs."""


def one_at_a_time(when_running="skip", key=None):
    """Let one of a task run at a time, on all machines: below ``@shared_task``, as ``@one_at_a_time("enqueue")``.

    A second one does nothing (``skip``), is an error (``fail``), or is put back and tried again later (``enqueue``). Tasks
    with the same ``key`` exclude each other. Without ``redis_cache.py`` the lock holds within one process.
    """
    if when_running not in {"skip", "fail", "enqueue"}:
        raise ValueError("when_running must be skip, fail or enqueue")

    def decorate(function):
        name = f"task:{key or f'{function.__module__}.{function.__qualname__}'}"

        @functools.wraps(function)
        def run(*args, **kwargs):
            lock = cache.lock(name)
            if not lock.acquire(blocking=False):
                if when_running == "skip":
                    logger.info("%s runs already: skipped", name)
                    return None
                if when_running == "fail":
                    raise AlreadyRunning(f"{name} runs already")
                _put_back()
                lock.acquire()
            try:
                return function(*args, **kwargs)
            finally:
                lock.release()

        return run

    return decorate


def _put_back():
    """Give the task that runs now back to the queue; outside of a worker there is none, and it waits."""
    from celery import current_task

    if current_task and not current_task.request.is_eager and not current_task.request.called_directly:
        raise current_task.retry(countdown=PAUSE, max_retries=None)
