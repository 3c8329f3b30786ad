"""Who may see the debug toolbar."""

from django.conf import settings


def show_toolbar(request):
    """Show it whenever DEBUG is on.

    Not tied to INTERNAL_IPS: behind Docker's network the address of the browser is never the same.
    """
    return bool(settings.DEBUG)
