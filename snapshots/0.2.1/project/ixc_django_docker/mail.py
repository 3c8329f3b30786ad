"""The innermost e-mail backend, which hands over to ``IXC_EMAIL_BACKEND``."""

from django.conf import settings
from django.core.mail import get_connection


def EmailBackend(*args, **kwargs):  # noqa: N802  (Django imports a backend by its class name)
    """Return a connection of the backend that ``IXC_EMAIL_BACKEND`` names.

    Modules that queue or record mail wrap ``EMAIL_BACKEND``; the override settings decide through
    ``IXC_EMAIL_BACKEND`` where mail goes in the end. Two settings: neither undoes the other.
    """
    return get_connection(settings.IXC_EMAIL_BACKEND, *args, **kwargs)
