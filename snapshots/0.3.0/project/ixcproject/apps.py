"""The project as a Django application, with room for models, commands and template tags."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin


class ProjectConfig(AppConfig):
    """Gives the admin the project's title."""

    name = "ixcproject"

    def ready(self):
        admin.site.site_title = settings.PROJECT_TITLE
        admin.site.site_header = settings.PROJECT_TITLE
