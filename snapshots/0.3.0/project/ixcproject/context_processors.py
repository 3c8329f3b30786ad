"""What every template of this project can use, in Django's and in Jinja2 templates."""


def environment(request=None):
    """Return the project's template variables.

    ``request`` is None when the globals of Jinja2 are made, once per process. To pass on a setting,
    add its name to ``CONTEXT_PROCESSOR_SETTINGS`` instead.
    """
    return {}
