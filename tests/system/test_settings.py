"""The wrapper's settings modules: small subsets with every override (`settings_matrix.py`), and what they refuse."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from support.process import run
from support.project import new


# The modules of the default project are among those of the maximal one.
@pytest.mark.parametrize("kind", ["minimal", "maximal"])
def test_every_combination_loads(installed, kind):
    project = installed(kind)
    script = Path(__file__).with_name("settings_matrix.py")
    result = run([sys.executable, script, project.path, project.path / "var/go.sh-venv/bin/python"], timeout=550)
    print(result.stdout)


def test_what_the_environment_says_about_addresses_and_more(maximal):
    """Whose the visitor's is, behind proxies of ours; from where templates show what is for developers; where the admin is."""
    code = """
import json, logging
from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.test import RequestFactory
from ixc_django_docker.proxies import ClientAddressMiddleware
seen = []
for claimed in ("6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9,10.0.0.2", "10.0.0.2", ""):
    request = RequestFactory().get("/", REMOTE_ADDR="172.18.0.5", HTTP_X_FORWARDED_FOR=claimed)
    ClientAddressMiddleware(lambda request: seen.append(request.META["REMOTE_ADDR"]))(request)
template = engines["django"].from_string("{% if debug %}yes{% endif %}")
for address in ("127.0.0.1", "172.18.0.5", "8.8.8.8", "odd"):
    seen.append(template.render({}, RequestFactory().get("/", REMOTE_ADDR=address)))
seen.append(logging.getLogger("shop").level)
seen.append([settings.SETTINGS_FILES[-1].name, settings.EMAIL_BACKEND.partition(".")[0], reverse("admin:index")])
seen.append(settings.MIDDLEWARE[1])
seen.append(settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"])
print(json.dumps(seen))
"""
    env = {"TRUSTED_PROXIES": "2", "PGHOST": "127.0.0.1", "PGBOUNCER": "1"}
    env |= {"LOG_LEVELS": "shop=debug", "EXTRA_SETTINGS": "nose.py", "ADMIN_URL": "/back-office"}
    seen = json.loads(maximal.python(code, **env).splitlines()[-1])
    assert seen[:4] == ["203.0.113.9", "203.0.113.9", "172.18.0.5", "172.18.0.5"]
    assert seen[4:8] == ["yes", "yes", "", ""]
    assert seen[8:10] == [10, ["nose.py", "post_office", "/back-office/"]]
    assert seen[10:] == ["ixc_django_docker.proxies.ClientAddressMiddleware", True]


def test_links_to_private_files_need_a_region(maximal):
    env = {"DOTENV": "production", "SECRET_KEY": "r" * 60, "MEDIA_AWS_ACCESS_KEY_ID": "key"}
    assert "ixc_django_docker.W004" in maximal.manage("check", "--deploy", **env).stderr
    assert maximal.settings("MEDIA_AWS_REGION", AWS_REGION="eu-central-1") == ["eu-central-1"]


def test_translations_are_the_projects_own(maximal):
    """makemessages leaves the catalogues of installed packages alone: uv links them to those of other projects."""
    (site_packages,) = (maximal.path / "var/go.sh-venv/lib").glob("python3*/site-packages")
    foreign = {path: path.stat().st_mtime_ns for path in site_packages.rglob("*.[mp]o")}
    catalogue = maximal.path / "locale/de/LC_MESSAGES/django.po"
    page, code = maximal.path / "templates/hello.html", maximal.path / "ixcproject/hello.py"
    page.write_text('{% load i18n %}{% translate "Good morning" %}')
    code.write_text('from django.utils.translation import gettext\n\ngettext("Good night")\n')
    (maximal.path / "ixcproject/locale").mkdir()
    try:
        maximal.manage("makemessages", "-l", "de")
        own = maximal.path / "ixcproject/locale/de/LC_MESSAGES/django.po"
        assert "Good night" in own.read_text() and "Good morning" in catalogue.read_text()
        catalogue.write_text(catalogue.read_text().replace('"Good morning"\nmsgstr ""', '"Good morning"\nmsgstr "Moin"'))
        maximal.manage("compilemessages")
        assert foreign == {path: path.stat().st_mtime_ns for path in site_packages.rglob("*.[mp]o")} != {}
        show = "from django.template.loader import render_to_string as r; print(r('hello.html'))"
        assert maximal.python(show).splitlines()[-1] == "Moin"
    finally:
        page.unlink()
        code.unlink()
        shutil.rmtree(maximal.path / "ixcproject/locale")
        shutil.rmtree(maximal.path / "locale", ignore_errors=True)


def test_a_build_without_base_settings_takes_the_usual_modules(maximal):
    env = {"DOTENV": "production", "SECRET_KEY": "b" * 60}
    maximal.go("env", "-u", "BASE_SETTINGS", "build-static.sh", **env)
    assert list((maximal.path / "static_root/CACHE/css").glob("output.*.css.gz"))


def test_mail_in_the_background_needs_what_runs_in_the_background(maximal):
    result = maximal.manage("check", check=False, BASE_SETTINGS="base.py celery_email.py celery.py")
    assert result.returncode == 1
    assert "'celery_email.py' needs 'celery.py' before it in BASE_SETTINGS" in result.stderr


def test_mail_in_the_background_brings_it_along(tmp_path):
    """One answer is enough: the other module, its packages and its containers come by themselves."""
    folder = tmp_path / "mailing"
    new(folder, {"features": ["celery_email"]})
    base = (folder / ".env.base").read_text()
    assert 0 < base.index("    celery.py\n") < base.index("    celery_email.py\n")
    for package in ("celery==", "django-celery-beat==", "flower==", "redis=="):
        assert f"\n{package}" in (folder / "requirements.txt").read_text()
    assert "\n  celery:\n" in (folder / "compose.yaml").read_text()
