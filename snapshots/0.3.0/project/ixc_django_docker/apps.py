"""The wrapper as a Django application."""

from django.apps import AppConfig, apps


class WrapperConfig(AppConfig):
    """Registers the wrapper's system checks and, with ``celery.py``, the Celery application."""

    name = "ixc_django_docker"
    verbose_name = "Project wrapper"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from ixc_django_docker import checks  # noqa: F401  (registers by being imported)

        if apps.is_installed("django_celery_results"):
            from ixc_django_docker import celery  # noqa: F401
