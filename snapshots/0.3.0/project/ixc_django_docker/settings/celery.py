"""Run tasks in the background and on schedules with Celery.

Needs ``REDIS_ADDRESS`` (``HOST:PORT``), or ``CELERY_BROKER_URL`` for another broker. Without both, a task runs at once
in the process that calls it, so that code is the same with and without a worker. Results and schedules are in the
database. Tasks are functions with ``@shared_task`` in the ``tasks.py`` of an application.

``celery.sh`` runs a worker, ``celerybeat.sh`` the scheduler, ``celeryflower.sh`` a page that shows what they do.
"""

from urllib.parse import quote

from ixc_django_docker.environ import env, env_address, env_int
from ixc_django_docker.loader import require

require("celery", "celery[redis]", "celery.py")
require("django_celery_beat", "django-celery-beat", "celery.py")
require("django_celery_results", "django-celery-results", "celery.py")

INSTALLED_APPS += ["django_celery_beat", "django_celery_results"]

CELERY_BROKER_URL = env("CELERY_BROKER_URL")
if not CELERY_BROKER_URL and env_address("REDIS_ADDRESS"):
    _password = env("REDIS_PASSWORD")
    _login = f":{quote(_password, safe='')}@" if _password else ""
    CELERY_BROKER_URL = f"redis://{_login}{env('REDIS_ADDRESS')}/{env_int('REDIS_CELERY_DB', 0)}"

CELERY_TASK_ALWAYS_EAGER = not CELERY_BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
    # `delay()` while the broker is away is an error after a moment. Without these it would wait for ever.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "max_retries": 2,
        "interval_start": 0.1,
        "interval_step": 0.2,
        "interval_max": 0.5,
        "socket_connect_timeout": 2,
        # After so many seconds Redis gives a task to another worker that the first one has not finished (`acks_late`), or has
        # not begun, such as one with a later ETA. It has to be longer than both.
        "visibility_timeout": env_int("CELERY_VISIBILITY_TIMEOUT", 3600),
    }

# Projects and environments that share a broker must not get each other's tasks, questions and events.
CELERY_TASK_DEFAULT_QUEUE = f"{PROJECT_NAME}_{DOTENV}"
CELERY_CONTROL_EXCHANGE = f"{CELERY_TASK_DEFAULT_QUEUE}_control"
CELERY_EVENT_EXCHANGE = f"{CELERY_TASK_DEFAULT_QUEUE}_event"

CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = True
# How long results are kept, in seconds; beat removes older ones each night.
CELERY_RESULT_EXPIRES = env_int("CELERY_RESULT_EXPIRES", 7 * 24 * 3600)
CELERY_BEAT_SCHEDULER = "ixc_django_docker.celery_beat:Scheduler"

# In seconds: when a task gets SoftTimeLimitExceeded, and when its process is killed.
CELERY_TASK_SOFT_TIME_LIMIT = env_int("CELERY_TASK_SOFT_TIME_LIMIT") or None
CELERY_TASK_TIME_LIMIT = env_int("CELERY_TASK_TIME_LIMIT") or None
# A worker all of whose processes have been at the same tasks for longer than this fails its health check; 0: it never does.
CELERY_STUCK_AFTER = env_int("CELERY_STUCK_AFTER", 2 * 3600)

# Workers log as the rest of the project does, and tell flower what they do.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_TASK_SEND_SENT_EVENT = True
