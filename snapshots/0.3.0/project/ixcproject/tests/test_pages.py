"""The pages that every visitor may meet."""

import html

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.test import Client
from django.urls import include, path, reverse
from django.utils.html import escape

from ixcproject.urls import urlpatterns as project_urls


def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", broken), path("", include(project_urls))]


def test_home_shows_the_title(client):
    response = client.get(reverse("home"))

    assert response.status_code == 200
    assert escape(settings.PROJECT_TITLE) in response.content.decode()


def test_home_tells_visitors_nothing_about_the_inside(client):
    content = client.get(reverse("home")).content.decode()

    assert "ixcproject/base.py" not in content
    assert "SQLite" not in content


def test_home_shows_developers_what_runs(client, settings):
    settings.DEBUG = True

    content = client.get(reverse("home")).content.decode()

    assert "ixc_django_docker/base.py" in content
    assert "ixcproject/base.py" in content


def test_unknown_address_gets_our_page(client):
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


@pytest.mark.urls(__name__)
def test_error_gets_our_page():
    response = Client(raise_request_exception=False).get("/broken/")

    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


def test_error_page_needs_no_context():
    assert "Something went wrong" in render_to_string("500.html")


def test_jinja2_templates_have_the_same_conveniences():
    source = "{{ url('home') }} {{ static('css/site.css') }} {{ PROJECT_TITLE }}"

    text = engines["jinja2"].from_string(source).render()

    # Jinja2 writes some characters differently than Django when it escapes.
    assert html.unescape(text) == f"/ {static('css/site.css')} {settings.PROJECT_TITLE}"
    assert "<" not in text


@pytest.mark.django_db
class TestAdmin:
    """The admin is there, looks like the project, and lets the right people in."""

    def test_login_shows_the_title(self, client):
        response = client.get(reverse("admin:login"))

        assert response.status_code == 200
        content = response.content.decode()
        assert escape(settings.PROJECT_TITLE) in content
        assert "img/logo" in content

    def test_visitors_must_log_in(self, client):
        response = client.get(reverse("admin:index"))

        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))

    def test_administrators_see_the_overview(self, admin_client):
        assert admin_client.get(reverse("admin:index")).status_code == 200
