"""Send mail in the background: a Celery worker hands it to the mail server, and tries again when that is away.

Wraps ``EMAIL_BACKEND``. Where mail goes in the end is still decided by ``IXC_EMAIL_BACKEND``. Without a broker mail is
sent at once. A message that cannot be queued is an error for its sender.
"""

from django.core.exceptions import ImproperlyConfigured

from ixc_django_docker.environ import env_int

if "django_celery_results" not in INSTALLED_APPS:
    raise ImproperlyConfigured(
        "The settings module 'celery_email.py' needs 'celery.py' before it in BASE_SETTINGS."
    )

IXC_CELERY_EMAIL_BACKEND = EMAIL_BACKEND
EMAIL_BACKEND = "ixc_django_docker.celery_email.EmailBackend"
# Where the worker finds the task.
CELERY_IMPORTS = ["ixc_django_docker.celery_email"]
# How often a worker tries again, with pauses from 10 seconds to 30 minutes: with 10, for about two hours.
CELERY_EMAIL_MAX_RETRIES = env_int("CELERY_EMAIL_MAX_RETRIES", 10)
