"""What the settings promise, for every environment."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from ixc_django_docker import loader
from ixcproject.context_processors import environment

SITE = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJKLMNOP",
    "SITE_DOMAIN": "www.example.com",
    "SECURE_SSL_REDIRECT": "1",
    "SECURE_HSTS_SECONDS": "3600",
    # Of haystack.py, if it is used: an index that all machines share.
    "ELASTICSEARCH_ADDRESS": "search.example.com:9200",
}


def manage(*arguments, **environ):
    """Run a management command in a process and an environment of its own."""
    keep = {name: os.environ[name] for name in ("PATH", "BASE_SETTINGS") if name in os.environ}
    return subprocess.run(  # noqa: S603
        [sys.executable, settings.PROJECT_DIR / "manage.py", *arguments],
        env=keep | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def labels(**environ):
    files = loader.settings_files(environ, settings.PROJECT_DIR)
    return [loader.label(path) for path in files]


@pytest.mark.parametrize("dotenv", ["production", "staging"])
def test_public_sites_pass_the_deployment_check(dotenv, tmp_path):
    result = manage(
        "check", "--deploy", "--fail-level=WARNING", DOTENV=dotenv, VAR_DIR=str(tmp_path), **SITE
    )

    assert result.returncode == 0, result.stderr


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_later_modules_override_earlier_ones():
    order = labels(BASE_SETTINGS="base.py", DOTENV="develop")

    assert order[:4] == [
        "ixc_django_docker/base.py",
        "ixcproject/base.py",
        "ixc_django_docker/develop.py",
        "ixcproject/develop.py",
    ]


def test_nothing_runs_in_debug_mode_by_accident():
    assert "ixc_django_docker/production.py" in labels(BASE_SETTINGS="base.py")


@pytest.mark.parametrize(
    ("variables", "hint"),
    [
        ({"BASE_SETTINGS": "base.py whitenose.py"}, "Did you mean 'whitenoise.py'?"),
        ({"BASE_SETTINGS": "ixc_django_docker.settings.storages"}, "Did you mean 'storages.py'?"),
        ({"BASE_SETTINGS": "base.py", "DOTENV": "prodution"}, "Did you mean 'production.py'?"),
    ],
)
def test_a_wrong_module_name_is_explained(variables, hint):
    with pytest.raises(ImproperlyConfigured) as error:
        labels(**variables)

    assert hint in str(error.value)


def test_tests_touch_nothing_of_the_developer():
    assert settings.DATABASES["default"]["NAME"] != settings.VAR_DIR / "db.sqlite3"
    assert settings.MEDIA_ROOT != settings.VAR_DIR / "media"
    assert not settings.ENABLE_S3_STORAGE


def test_the_context_processor_works_without_a_request():
    assert isinstance(environment(None), dict)
