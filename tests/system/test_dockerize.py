"""An older project runs with the scripts as it did before: its own check, its own tests, its own server."""

import os
import shutil
import sys
import urllib.request

import pytest
from support import older, process
from support.machine import CACHE, ROOT, clean_environment, tool
from support.project import binary

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
    **older.app("site/old"),
    "site/old/settings.py": """
        from pathlib import Path

        BASE_DIR = Path(__file__).resolve().parent.parent
        SECRET_KEY = "only-for-tests"
        DEBUG = True
        ALLOWED_HOSTS = ["localhost"]
        INSTALLED_APPS = ["django.contrib.staticfiles", "django.contrib.contenttypes", "django.contrib.auth", "old"]
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
    "site/old/static/old/site.css": "body { color: teal }\n",
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


def written(folder, more=""):
    """The files of the old project, with more at the end of its settings."""
    older.write(folder, FILES)
    with (folder / "site/old/settings.py").open("a") as file:
        file.write(more)


@pytest.fixture(scope="module", params=["wrap", "bypass"])
def old(request, tmp_path_factory):
    """The project in each mode, installed."""
    folder = tmp_path_factory.mktemp(request.param) / "old site"
    written(folder)
    argv = older.dockerize(folder, "--answer", f"mode={request.param}")
    process.run(argv, env=clean_environment(), cwd=folder, timeout=60)

    def go(*argv, **env):
        return process.run(["./go.sh", *argv], cwd=folder, env=clean_environment(**env), timeout=600)

    go("true")
    return go, folder, request.param


def test_check_and_tests_are_those_of_the_project(old):
    go, folder, mode = old
    assert "no issues" in go("manage.py", "check").stdout
    assert "Ran 2 tests" in go("manage.py", "test", "old").stderr
    # Its own tool for tests came with the packages for developers, and has settings of its own.
    seen = go("runtests.sh", "old", "-v", "--create-db").stdout
    assert "2 passed" in seen and "settings: old.settings_for_tests" in seen, seen
    # Without it, Django's own looks for tests beside manage.py.
    kept = (folder / "site/pytest.ini").rename(folder / "pytest.ini.kept")
    assert "Ran 2 tests" in go("runtests.sh").stderr
    kept.rename(folder / "site/pytest.ini")
    # Nothing of the wrapper makes a migration of the project's models necessary.
    go("manage.py", "makemigrations", "--check", "--dry-run")


def test_it_is_served(old):
    go, folder, mode = old
    go("manage.py", "migrate", "--noinput")
    # The settings name no folder for static files, and nothing of the project serves them.
    go("build-static.sh", DOTENV="production")
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
        with urllib.request.urlopen(f"http://localhost:{port}/static/old/site.css", timeout=10) as css:
            assert css.read().decode() == FILES["site/old/static/old/site.css"]


@pytest.mark.parametrize("kind", ["asgi", "wsgi"])
def test_a_module_is_served_that_needs_django_set_up_or_sets_it_up_itself(old, kind):
    """Models before `get_asgi_application()` only work where Django is set up; other settings only where it is not yet."""
    go, folder, mode = old
    made = f"from django.core.{kind} import get_{kind}_application\n\napplication = get_{kind}_application()\n"
    own = 'import os\n\nos.environ["DJANGO_SETTINGS_MODULE"] = "old.settings_for_tests"\n'
    code = (
        f"import sys; sys.path.insert(0, 'ixc_django_docker/bin/serving'); import ixc_{kind};"
        f"from django.conf import settings; print(callable(ixc_{kind}.application), getattr(settings, 'SITE_ID', None))"
    )
    for name, text, seen in [
        ("models_first", f"from old.models import Thing  # noqa: F401\n{made}", "True None"),
        ("own_settings", f"{own}{made}", "True 7"),
    ]:
        file = folder / f"site/old/{kind}_{name}.py"
        file.write_text(text)
        env = {f"{kind.upper()}_MODULE": f"old.{file.stem}", "SERVE_STATIC": ""}
        if mode == "wrap":
            env["DJANGO_SETTINGS_MODULE"] = "ixc_django_docker.settings"
        assert go("python", "-c", code, **env).stdout.strip() == seen, name
        file.unlink()


def test_a_failed_installation_names_no_manual_that_is_not_there(old):
    go, folder, mode = old
    file = folder / "requirements.txt"
    text = file.read_text()
    file.write_text(text + "\na-package-of-the-team==1\n")
    result = process.run(
        ["./go.sh", "true"],
        cwd=folder,
        env=clean_environment(PIP_INDEX_URL="http://127.0.0.1:9/simple/", PIP_RETRIES="0"),
        timeout=300,
        check=False,
    )
    file.write_text(text)
    assert result.returncode
    assert "the index could not be asked" in result.stderr and "PIP_INDEX_URL" in result.stderr, result.stderr
    assert ".md" not in result.stderr


def test_the_scripts_run_with_the_class_of_settings_that_the_project_names(tmp_path):
    """django-configurations: what loads the settings without manage.py found none, and left migrations out."""
    folder = tmp_path / "configured"
    written(folder)
    settings = (folder / "site/old/settings.py").read_text()
    head = "from configurations import Configuration\n\n\nclass Local(Configuration):\n"
    body = "".join(f"    {line}\n" if line else "\n" for line in settings.splitlines())
    live = "\n\nclass Production(Local):\n    DEBUG = False\n    ALLOWED_HOSTS = ['*']\n"
    (folder / "site/old/settings.py").write_text(head + body + live)
    with (folder / "requirements.txt").open("a") as file:
        file.write("django-configurations\n")
    for name, class_name in [("manage.py", "Local"), ("old/wsgi.py", "Production")]:
        path = folder / "site" / name
        text = path.read_text().replace("django.core.management", "configurations.management")
        text = text.replace("django.core.wsgi", "configurations.wsgi").replace(
            '"old.settings")', f'"old.settings"); os.environ.setdefault("DJANGO_CONFIGURATION", "{class_name}")'
        )
        path.write_text(text)
    wsgi = (folder / "site/old/wsgi.py").read_text().replace("from configurations.wsgi import get_wsgi_application\n", "")
    wsgi = wsgi.replace("application = ", "from configurations.wsgi import get_wsgi_application\n\napplication = ")
    (folder / "site/old/wsgi.py").write_text(wsgi)
    argv = older.dockerize(folder, "--answer", "mode=bypass", "--defaults")
    process.run(argv, env=clean_environment(), cwd=folder, timeout=60)

    def go(*argv, **env):
        return process.run(["./go.sh", *argv], cwd=folder, env=clean_environment(**env), timeout=600)

    for environment in ["develop", "production"]:
        assert "applying migrations" in go("migrate.sh", DOTENV=environment).stderr, environment
        assert (folder / "site/old.db").exists()
        (folder / "site/old.db").unlink()
    go("build-static.sh", DOTENV="production")
    assert (folder / "static_root/old/site.css").exists()
    code = "import sys; sys.path.insert(0, 'ixc_django_docker/bin/serving'); import ixc_wsgi; from django.conf import settings; print(settings.DEBUG)"
    assert go("python", "-c", code, DOTENV="production").stdout.strip() == "False"
    assert go("python", "-c", code, DOTENV="develop").stdout.strip() == "True"


@pytest.mark.parametrize("library", [None, "dynaconf"])
def test_static_files_have_a_folder_where_settings_come_from_elsewhere_or_are_used_early(tmp_path, library):
    """dynaconf puts settings of its own in the place of Django's, and the storage of static files keeps the folder it saw first."""
    folder = tmp_path / "elsewhere"
    more = '\nSTATIC_ROOT = None\n'
    if library:
        more = "\nimport dynaconf\n\nsettings = dynaconf.DjangoDynaconf(__name__, settings_files=['settings.yaml'])\n"
        (folder / "site/old").mkdir(parents=True)
        (folder / "site/old/settings.yaml").write_text("default:\n  STATIC_ROOT:\n")
    written(folder, more)
    with (folder / "requirements.txt").open("a") as file:
        file.write(f"{library}\n" if library else "")
    with (folder / "site/old/models.py").open("a") as file:
        file.write("\n\nfrom django.templatetags.static import static\n\nSTYLE = static('old/site.css')\n")
    argv = older.dockerize(folder, "--answer", "mode=bypass", "--defaults")
    process.run(argv, env=clean_environment(), cwd=folder, timeout=60)

    def go(*argv, **env):
        return process.run(["./go.sh", *argv], cwd=folder, env=clean_environment(DOTENV="production", **env), timeout=600)

    go("build-static.sh")
    assert (folder / "static_root/old/site.css").exists()
    code = (
        "import sys; sys.path.insert(0, 'ixc_django_docker/bin/serving'); import ixc_static, ixc_wsgi;"
        "from django.conf import settings; print(ixc_static.served(settings))"
    )
    seen = go("python", "-c", code).stdout
    assert seen.strip() == str((str(folder / "static_root"), "/static/")), seen


def test_it_goes_back(old):
    go, folder, mode = old
    process.run([binary(), "undo", folder], env=clean_environment(), cwd=folder.parent, timeout=60)
    for name, text in FILES.items():
        assert (folder / name).read_text() == older.content(text)
    assert not (folder / "go.sh").exists()


@pytest.fixture
def for_python_3_8(tmp_path):
    """The project, for a Python that this machine may not have; nothing is to be installed but gunicorn."""
    folder = tmp_path / "for 3.8"
    written(folder)
    (folder / "requirements.txt").write_text("# django==3.2\n-r more.txt\n")
    (folder / "more.txt").write_text("")
    (folder / "runtime.txt").write_text("python-3.8.20\n")
    argv = older.dockerize(folder, "--answer", "mode=bypass", "--defaults")
    process.run(argv, env=clean_environment(), cwd=folder, timeout=60)
    return folder


def test_the_python_that_the_project_names_is_not_there(for_python_3_8, tmp_path):
    # Only what go.sh itself needs, so that no Python of the machine is found.
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "env", "sed", "dirname", "basename", "cat", "uname", "sh", "cut", "sha256sum", "readlink", "tr"):
        (tools / name).symlink_to(shutil.which(name))
    env = {"PATH": str(tools), "HOME": str(tmp_path)}
    refused = process.run(["./go.sh", "true"], cwd=for_python_3_8, env=env, check=False, timeout=60)
    assert refused.returncode == 1
    assert "error: Python 3.8, which .env.base names for this project, was not found" in refused.stderr
    assert "hint: install it and start go.sh again: " in refused.stderr
    assert "hint: the image has it: docker compose run --rm --service-ports bash" in refused.stderr
    assert not (for_python_3_8 / "var").exists()
    env["PYTHON"] = "no-such-python"
    refused = process.run(["./go.sh", "true"], cwd=for_python_3_8, env=env, check=False, timeout=60)
    assert "error: PYTHON names no-such-python" in refused.stderr


def test_the_python_that_the_project_names_is_taken(for_python_3_8, tmp_path):
    """A stand-in that says of itself to be Python 3.8 and is this machine's, in the place where pyenv has its own."""
    folder = tmp_path / "pyenv/versions/3.8.20/bin"
    folder.mkdir(parents=True)
    (folder / "python").write_text(
        f"#!/bin/sh\ncase \"$2 $3\" in *version_info*3.8) exit 0 ;; esac\nexec '{sys.executable}' \"$@\"\n"
    )
    (folder / "python").chmod(0o755)
    env = clean_environment(PYENV_ROOT=str(tmp_path / "pyenv"))
    go = ["./go.sh", "python", "-c", "import sys, gunicorn; print(sys.prefix)"]
    first = process.run(go, cwd=for_python_3_8, env=env, timeout=300)
    assert first.stdout.strip() == str(for_python_3_8 / "var/go.sh-venv")
    # What an included file says counts as well.
    (for_python_3_8 / "more.txt").write_text("# changed\n")
    check = ["ixc_django_docker/bin/pip-install.sh", "--check"]
    venv = {"VIRTUAL_ENV": str(for_python_3_8 / "var/go.sh-venv"), "REQUIREMENTS_FILE": "requirements.txt"}
    assert process.run(check, cwd=for_python_3_8, env=env | venv, check=False, timeout=60).returncode == 1
    (for_python_3_8 / "more.txt").write_text("")
    process.run(check, cwd=for_python_3_8, env=env | venv, timeout=60)


def test_other_programs_do_their_steps(tmp_path, postgres):
    """uv locks what Poetry had locked; pg_dump copies a database and setup-postgres.sh restores it, without a password told."""
    folder = tmp_path / "steps"
    written(folder)
    settings = folder / "site/old/settings.py"
    settings.write_text(settings.read_text().replace("sqlite3", "postgresql"))
    (folder / "requirements.txt").unlink()
    (folder / "pyproject.toml").write_text('[tool.poetry.dependencies]\npython = "^3.11"\ndjango = "^4.2"\n')
    (folder / "poetry.lock").write_text('[[package]]\nname = "django"\nversion = "4.2.11"\n')
    postgres.query("postgres", "CREATE DATABASE live")
    postgres.query("live", "CREATE TABLE thing AS SELECT generate_series(1, 1000)")
    argv = older.dockerize(folder, "--run", "lock", "--run", "data")
    env = clean_environment(**postgres.env("restored"), SRC_PGDATABASE="live", SRC_PGPASSWORD="hush-hush")
    env["PATH"] = f"{os.path.dirname(tool('uv'))}:{env['PATH']}"
    done = process.run(argv, env=env, cwd=tmp_path, timeout=180)
    assert "hush-hush" not in done.stdout + done.stderr
    locked = (folder / "requirements.txt").read_text()
    assert "django==4.2.11\n" in locked and "sqlparse==" in locked
    assert (folder / "initial_data.sql").stat().st_mode & 0o777 == 0o600
    assert postgres.query("restored", "SELECT count(*) FROM thing") == "1000"


def test_uploads_are_copied_to_a_bucket(tmp_path, s3):
    """The real client copies them, with the credentials of the project's variables, and tells of a bucket that is not there."""
    folder = tmp_path / "uploads"
    written(folder, 'MEDIA_ROOT = BASE_DIR / "media"\nMEDIA_URL = "/media/"\n')
    names = ["a b/one.txt", "two.bin"]
    for name in names:
        file = folder / "site/media" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    client = tmp_path / "bin/aws"
    client.parent.mkdir()
    client.write_text(f"#!/bin/sh\nexec '{tool('uv')}' tool run --quiet --from awscli==1.46.3 aws \"$@\"\n")
    client.chmod(0o755)
    env = clean_environment(**s3.env("uploads"), AWS_EC2_METADATA_DISABLED="true")
    env["PATH"] = f"{client.parent}:{env['PATH']}"
    # What it takes to run it is fetched here.
    for tries in range(3, 0, -1):
        process.run([client, "--version"], env=env, check=tries == 1, timeout=180)
    argv = older.dockerize(folder, "--run", "media")
    refused = process.run(argv, env=env, cwd=tmp_path, check=False, timeout=180)
    assert refused.returncode == 4, refused.stderr
    assert "NoSuchBucket" in refused.stdout + refused.stderr
    assert "run it again" in refused.stderr
    process.run([binary(), "undo"], env=env, cwd=folder, timeout=60)
    s3.client().create_bucket(Bucket="uploads")
    done = process.run(argv, env=env, cwd=tmp_path, timeout=180)
    assert "test-secret" not in done.stdout + done.stderr
    found = s3.client().list_objects_v2(Bucket="uploads")["Contents"]
    assert [item["Key"] for item in found] == [f"media/{name}" for name in names]


def test_a_database_of_mariadb_is_copied():
    """mysqldump copies it, and the command that is printed restores it, where nobody may act in the name of who made a view."""
    done = process.run([ROOT / "tests/mysql"], env=os.environ | {"IXD_CACHE": str(CACHE)}, timeout=300)
    assert "as it was" in done.stdout
