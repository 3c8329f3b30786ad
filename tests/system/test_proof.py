"""`dockerize --prove` with a real Docker Engine: a project on PostgreSQL with settings for each environment is built, tested and
served in a copy, and nothing of that is left."""

import json
import re
import shutil

import pytest
from support import older, process
from support.machine import TOOLS, clean_environment

FILES = {
    "requirements.txt": "Django~=5.2.0\npsycopg2-binary~=2.9.10\n",
    "runtime.txt": "python-3.13.1\n",
    "manage.py": """
        import os
        import sys

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
        """,
    "config/__init__.py": "",
    "config/settings/__init__.py": "",
    "config/settings/base.py": """
        import os
        from pathlib import Path

        BASE_DIR = Path(__file__).resolve().parent.parent.parent
        INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "goods"]
        MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
        ROOT_URLCONF = "config.urls"
        WSGI_APPLICATION = "config.wsgi.application"
        STATIC_URL = "/static/"
        STATIC_ROOT = BASE_DIR / "collected"
        DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
        DATABASES = {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ.get("PGDATABASE", "goods"),
                "HOST": os.environ.get("PGHOST", "localhost"),
                "USER": os.environ.get("PGUSER", "goods"),
                "PASSWORD": os.environ.get("PGPASSWORD", ""),
            }
        }
        """,
    "config/settings/local.py": """
        from .base import *

        DEBUG = True
        SECRET_KEY = "only-for-tests"
        """,
    "config/settings/production.py": """
        from .base import *

        DEBUG = False
        SECRET_KEY = os.environ["GOODS_SECRET_KEY"]
        ALLOWED_HOSTS = ["goods.example.com", "localhost"]
        SECURE_SSL_REDIRECT = True
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        """,
    "config/urls.py": """
        from django.http import HttpResponse
        from django.urls import path
        from goods.models import Thing

        urlpatterns = [path("", lambda request: HttpResponse("things: %d" % Thing.objects.count()))]
        """,
    "config/wsgi.py": """
        import os

        from django.core.wsgi import get_wsgi_application

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
        application = get_wsgi_application()
        """,
    **older.app("goods"),
    "goods/static/goods/site.css": "body { color: teal }\n",
    "goods/tests.py": """
        from django.test import TestCase


        class ThingTest(TestCase):
            def test_page(self):
                self.assertContains(self.client.get("/"), "things: 0")
        """,
}


@pytest.fixture(scope="module")
def project(docker, capsys_disabled, tmp_path_factory):
    """The project in git, and the images that it needs."""
    folder = tmp_path_factory.mktemp("proof") / "goods"
    older.write(folder, FILES)
    process.run(["git", "init", "--quiet"], cwd=folder)
    process.run(["git", "add", "--all"], cwd=folder)
    if docker.stand_ins:
        other = folder.with_name("other")
        shutil.copytree(folder, other)
        process.run(dockerize(other), env=clean_environment(), timeout=60)
        wanted = set(re.findall(r"^FROM (\S+:\S+)", (other / "Dockerfile").read_text(), re.M))
        listed = docker("compose", "config", "--images", cwd=other).stdout.split()
        wanted |= {image for image in listed if not image.endswith(":dev")}
        made = process.run([TOOLS / "images.sh", *sorted(wanted)], env=docker.env, timeout=900)
        capsys_disabled(made.stderr)
    return folder


def dockerize(folder, *flags):
    return older.dockerize(folder, "--answer=mode=bypass", "--answer=project_name=goods", *flags)


def prove(docker, folder, **options):
    return process.run(dockerize(folder, "--prove", "--json"), env=docker.env, timeout=900, **options)


def left(docker):
    """What the engine has of proofs: containers, volumes, networks, images."""
    lists = [["ps", "-a"], ["volume", "ls"], ["network", "ls"], ["image", "ls"]]
    return [line for words in lists for line in docker(*words).stdout.splitlines() if "ixdproof" in line]


def test_what_does_not_build_is_not_written(docker, project):
    requirements = project / "requirements.txt"
    before = requirements.read_text()
    requirements.write_text(before + "goods-of-nobody-at-all==1.0\n")
    try:
        failed = prove(docker, project, check=False)
        assert failed.returncode == 5, failed.stderr
        steps = {step["name"]: step for step in json.loads(failed.stdout)["proof"]["steps"]}
        assert steps["image"]["judgement"] == "failed" and steps["home page"]["judgement"] == "not-run"
        assert "goods-of-nobody-at-all" in failed.stderr
        assert not (project / "go.sh").exists()
        assert left(docker) == []
    finally:
        requirements.write_text(before)


def test_a_site_of_production_is_proven_and_taken_away(docker, project, capsys_disabled):
    proven = prove(docker, project, check=False)
    assert proven.returncode == 0, proven.stderr
    steps = {step["name"]: step for step in json.loads(proven.stdout)["proof"]["steps"]}
    capsys_disabled("proof: " + ", ".join(f"{name} {step['seconds']} s" for name, step in steps.items()))
    assert {step["judgement"] for step in steps.values()} == {"held"}, proven.stderr
    assert steps["tests before"]["said"] == steps["tests after"]["said"] == "1 passed"
    assert "config.settings.production" in steps["settings"]["said"] and "GOODS_SECRET_KEY" in steps["settings"]["said"]
    assert steps["static file"]["said"] == "200 /static/goods/site.css"
    assert (project / "go.sh").exists()
    assert left(docker) == []
