"""The wrapper as a Django application."""

from django.apps import AppConfig


class WrapperConfig(AppConfig):
    """Registers the wrapper's system checks."""

    name = "ixc_django_docker"
    verbose_name = "Project wrapper"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from ixc_django_docker import checks  # noqa: F401  (registers by being imported)
