"""An older project runs with the scripts as it did before: its own check, its own tests, its own server."""

import os
import textwrap

import pytest
from support import process
from support.machine import clean_environment
from support.project import binary, version

FILES = {
    "requirements.txt": "django~=5.2.0\n",
    "requirements-dev.txt": "pytest-django~=4.11.1\n",
    "runtime.txt": "python-3.11.4\n",
    "site/pytest.ini": """
        [pytest]
        DJANGO_SETTINGS_MODULE = old.settings_for_tests
        python_files = tests.py
        """,
    "site/old/settings_for_tests.py": """
        from old.settings import *

        SITE_ID = 7
        """,
    "site/manage.py": """
        import os
        import sys

        if __name__ == "__main__":
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "old.settings")
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
        """,
    "site/old/__init__.py": "",
    "site/old/settings.py": """
        from pathlib import Path

        BASE_DIR = Path(__file__).resolve().parent.parent
        SECRET_KEY = "only-for-tests"
        DEBUG = True
        ALLOWED_HOSTS = ["localhost"]
        INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "old"]
        MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
        ROOT_URLCONF = "old.urls"
        WSGI_APPLICATION = "old.wsgi.application"
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "old.db"}}
        STATIC_URL = "/static/"
        # Its keys are of Django's old default, which the wrapper must not change.
        SILENCED_SYSTEM_CHECKS = ["models.W042"]
        """,
    "site/old/urls.py": """
        from django.http import HttpResponse
        from django.urls import path

        urlpatterns = [path("", lambda request: HttpResponse("the old site"))]
        """,
    "site/old/wsgi.py": """
        import os

        from django.core.wsgi import get_wsgi_application

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "old.settings")
        application = get_wsgi_application()
        """,
    "site/old/models.py": """
        from django.db import models


        class Thing(models.Model):
            name = models.CharField(max_length=10)
        """,
    "site/old/migrations/__init__.py": "",
    "site/old/migrations/0001_initial.py": """
        from django.db import migrations, models


        class Migration(migrations.Migration):
            initial = True
            dependencies = []
            operations = [
                migrations.CreateModel(
                    name="Thing",
                    fields=[
                        ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=10)),
                    ],
                ),
            ]
        """,
    "site/old/tests.py": """
        from django.conf import settings
        from django.test import TestCase

        from old.models import Thing


        class OldTest(TestCase):
            def test_page(self):
                self.assertContains(self.client.get("/"), "the old site")

            def test_settings_are_its_own(self):
                self.assertEqual(settings.ROOT_URLCONF, "old.urls")
                self.assertEqual(settings.DEFAULT_AUTO_FIELD, "django.db.models.AutoField")
                self.assertEqual(settings.INSTALLED_APPS[-1], "old")
                self.assertEqual(Thing.objects.count(), 0)
        """,
}


@pytest.fixture(scope="module", params=["wrap", "bypass"])
def old(request, tmp_path_factory):
    """The project in each mode, installed."""
    folder = tmp_path_factory.mktemp(request.param) / "old site"
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip())
    argv = [binary(), "dockerize", folder, "--yes", "--release", version(), "--answer", f"mode={request.param}"]
    if os.environ.get("IXD_TEMPLATE_FROM"):
        argv += ["--from", os.environ["IXD_TEMPLATE_FROM"]]
    process.run(argv, env=clean_environment(), cwd=folder, timeout=60)

    def go(*argv, **env):
        return process.run(["./go.sh", *argv], cwd=folder, env=clean_environment(**env), timeout=600)

    go("true")
    return go, folder, request.param


def test_check_and_tests_are_those_of_the_project(old):
    go, _, mode = old
    assert "no issues" in go("manage.py", "check").stdout
    assert "Ran 2 tests" in go("manage.py", "test", "old").stderr
    # Its own tool for tests came with the packages for developers, and has settings of its own.
    seen = go("runtests.sh", "old", "-v", "--create-db").stdout
    assert "2 passed" in seen and "settings: old.settings_for_tests" in seen, seen
    # Nothing of the wrapper makes a migration of the project's models necessary.
    go("manage.py", "makemigrations", "--check", "--dry-run")


def test_it_is_served(old):
    go, folder, mode = old
    go("manage.py", "migrate", "--noinput")
    port = process.free_port()
    environment = clean_environment(PORT=str(port), DOTENV="develop", GUNICORN_WORKERS="1")
    with process.server(
        ["./go.sh", "gunicorn.sh"],
        cwd=folder,
        env=environment,
        log=folder.parent / "gunicorn.log",
        ready=lambda: process.answers(f"http://localhost:{port}/"),
    ):
        answer = process.run(["bash", "ixc_django_docker/bin/healthcheck.sh"], cwd=folder, env=environment)
        assert answer.returncode == 0


def test_it_goes_back(old):
    go, folder, mode = old
    process.run([binary(), "undo", folder], env=clean_environment(), cwd=folder.parent, timeout=60)
    for name, text in FILES.items():
        assert (folder / name).read_text() == textwrap.dedent(text).lstrip()
    assert not (folder / "go.sh").exists()
