"""Keep every mail, its attachments and what became of it in the database, with django-post-office.

Wraps ``EMAIL_BACKEND``: a mail is stored, then handed on at once; after ``celery_email.py`` that is to a worker. One
that could not be handed on is logged as an error and listed in the admin as failed, where it can be queued again for
``manage.py send_queued_mail``. Of a mail's alternatives only the HTML one is kept.
"""

from ixc_django_docker.loader import require

require("post_office", "django-post-office", "post_office.py")

INSTALLED_APPS += ["post_office"]
POST_OFFICE = {
    "BACKENDS": {"default": EMAIL_BACKEND},
    "DEFAULT_PRIORITY": "now",
    # Attachments are nobody else's business: the default storage is for the public.
    "FILE_STORAGE": "private",
}
EMAIL_BACKEND = "post_office.EmailBackend"
# Without a handler here it would set up one of its own, in a format of its own.
LOGGING["loggers"]["post_office"] = {"handlers": ["console"], "level": "INFO", "propagate": False}
