"""What every template can use, in both template engines."""

import importlib

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule


def environment(request=None):
    """Return the project's own context plus the settings in ``CONTEXT_PROCESSOR_SETTINGS``.

    Wraps ``ixcproject.context_processors.environment``, if there is one. ``request`` is None for
    the globals of Jinja2, which exist before any request.
    """
    context = {}
    for name in settings.CONTEXT_PROCESSOR_SETTINGS:
        try:
            context[name] = getattr(settings, name)
        except AttributeError:
            raise ImproperlyConfigured(
                f"CONTEXT_PROCESSOR_SETTINGS names {name!r}, but there is no such setting."
            ) from None
    return context | (_project_environment(request) or {})


def _project_environment(request):
    project = importlib.import_module("ixcproject")
    if not module_has_submodule(project, "context_processors"):
        return None
    module = importlib.import_module("ixcproject.context_processors")
    function = getattr(module, "environment", None)
    return function(request) if function else None
