"""The project's URLs; included by ``ixc_django_docker.urls``."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from ixcproject import views

urlpatterns = [
    path("", views.home, name="home"),
    path(settings.ADMIN_URL, admin.site.urls),
]
