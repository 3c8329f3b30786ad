"""The innermost e-mail backend, which hands over to ``IXC_EMAIL_BACKEND``."""

import copy

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends import smtp


def EmailBackend(*args, **kwargs):  # noqa: N802  (Django imports a backend by its class name)
    """Return a connection of the backend that ``IXC_EMAIL_BACKEND`` names.

    Modules that queue or record mail wrap ``EMAIL_BACKEND``; the override settings decide through
    ``IXC_EMAIL_BACKEND`` where mail goes in the end. Two settings: neither undoes the other.
    """
    return get_connection(settings.IXC_EMAIL_BACKEND, *args, **kwargs)


class OneAddressBackend(smtp.EmailBackend):
    """Sends every mail to ``EMAIL_REDIRECT_TO`` instead of its recipients, who stand in the header ``X-Original-To``."""

    def send_messages(self, email_messages):
        return super().send_messages([self.redirected(message) for message in email_messages or []])

    @staticmethod
    def redirected(message):
        other = copy.copy(message)
        shown = {name: value for name, value in message.extra_headers.items() if name.lower() not in {"to", "cc"}}
        other.extra_headers = shown | {"X-Original-To": ", ".join(message.recipients())}
        other.to, other.cc, other.bcc = list(settings.EMAIL_REDIRECT_TO), [], []
        return other
