"""Projects for Python 2.7 and 3.9 in their image, with compose, and without Docker. `tests/old-pythons` runs this.

It is not among the tests of each run: the images alone take minutes.
"""

import os
from pathlib import Path

import pytest
from support import older, process
from support.machine import TOOLS, clean_environment
from support.web import Site

SQLITE = "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE_DIR, 'old.db')}"
POSTGRES = (
    "{'ENGINE': 'django.db.backends.postgresql_psycopg2', 'NAME': os.environ.get('PGDATABASE'), "
    "'HOST': os.environ.get('PGHOST'), 'PORT': os.environ.get('PGPORT'), "
    "'USER': os.environ.get('PGUSER'), 'PASSWORD': os.environ.get('PGPASSWORD')}"
)

# Python, Django, whether it runs on PostgreSQL.
SHAPES = {
    "python 2.7, django 1.6": ("2.7", "1.6.11", False),
    "python 2.7, django 1.11": ("2.7", "1.11.29", True),
    "python 3.9, django 3.2": ("3.9", "3.2.25", True),
}


def files(python, django, on_postgres):
    """The whole project, by path."""
    number = tuple(int(part) for part in django.split(".")[:2])
    url = "from django.urls import re_path as url" if number >= (2, 0) else "from django.conf.urls import url"
    patterns = "patterns('', url(r'^$', home))" if number < (1, 8) else "[url(r'^$', home)]"
    more = "from django.conf.urls import patterns" if number < (1, 8) else ""
    made = {
        "requirements.txt": f"Django=={django}\n" + ("psycopg2-binary==2.8.6\n" if on_postgres else ""),
        "runtime.txt": f"python-{python}\n",
        "manage.py": """
            #!/usr/bin/env python
            import os, sys
            if __name__ == "__main__":
                os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
                from django.core.management import execute_from_command_line
                execute_from_command_line(sys.argv)
            """,
        "shop/__init__.py": "",
        "shop/settings.py": """
            # -*- coding: utf-8 -*-
            import os
            BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
            SECRET_KEY = 'only-for-tests'
            DEBUG = True
            ALLOWED_HOSTS = ['*']
            INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'django.contrib.staticfiles', 'goods']
            MIDDLEWARE_CLASSES = MIDDLEWARE = ['django.middleware.common.CommonMiddleware']
            ROOT_URLCONF = 'shop.urls'
            WSGI_APPLICATION = 'shop.wsgi.application'
            STATIC_URL = '/static/'
            STATIC_ROOT = os.path.join(BASE_DIR, 'static_root')
            DATABASES = {'default': """
        + (POSTGRES if on_postgres else SQLITE)
        + "}\n",
        "shop/urls.py": f"""
            {url}
            {more}
            from django.http import HttpResponse
            from goods.models import Thing

            def home(request):
                Thing.objects.create(name=u'x')
                return HttpResponse(u'the old shop: %d' % Thing.objects.count())

            urlpatterns = {patterns}
            """,
        "shop/wsgi.py": """
            import os
            from django.core.wsgi import get_wsgi_application
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
            application = get_wsgi_application()
            """,
        "goods/__init__.py": "",
        "goods/models.py": """
            from django.db import models
            class Thing(models.Model):
                name = models.CharField(max_length=10)
            """,
        "goods/tests.py": """
            from django.test import TestCase
            class OldTest(TestCase):
                def test_page(self):
                    self.assertIn('the old shop: 1', self.client.get('/').content.decode('utf-8'))
            """,
    }
    if number >= (1, 7):
        made["goods/migrations/__init__.py"] = ""
        made["goods/migrations/0001_initial.py"] = """
            from django.db import migrations, models
            class Migration(migrations.Migration):
                initial = True
                dependencies = []
                operations = [migrations.CreateModel(name='Thing', fields=[
                    ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=10))])]
            """
    if python.startswith("2"):
        made["goods/report.py"] = 'print "only Python 2 reads this"\n'
    return made


def make(folder, shape):
    older.write(folder, files(*shape))
    shown = process.run(older.dockerize(folder), env=clean_environment(), cwd=folder.parent, timeout=60).stdout
    assert "mode bypass" in shown
    if os.getuid() == 0:
        process.run(["chown", "-R", "1000:1000", folder])


@pytest.fixture(scope="module", params=SHAPES.values(), ids=SHAPES)
def old(request, docker, capsys_disabled, tmp_path_factory):
    """A project in the images that it needs; its dev image is built as compose does it."""
    folder = tmp_path_factory.mktemp("old") / "old_shop"
    make(folder, request.param)
    docker.env |= {"PORT": str(process.free_port())}
    if docker.stand_ins:
        base = (folder / "Dockerfile").read_text().split("\nFROM ")[1].split()[0]
        images = docker("compose", "config", "--images", cwd=folder).stdout.split()
        wanted = {base} | {image for image in images if not image.startswith("old_shop:")}
        made = process.run([TOOLS / "images.sh", *sorted(wanted)], env=docker.env, timeout=900)
        capsys_disabled(made.stderr)
    docker("compose", "build", "django", cwd=folder, timeout=900)
    try:
        yield folder, request.param
    finally:
        docker("compose", "down", "--volumes", "--timeout", "2", cwd=folder, check=False)


def test_compose_serves_it_and_runs_its_tests(old, docker):
    folder, _ = old
    try:
        docker("compose", "up", "--detach", "--wait", "haproxy", cwd=folder, timeout=300)
    except process.Failed as error:
        raise process.Failed(f"{error}\n{docker('compose', 'logs', 'django', cwd=folder).stdout}") from None
    site = Site(f"http://127.0.0.1:{docker.env['PORT']}", "localhost", None)
    process.wait_until(lambda: site.get("/").status == 200, 60, "the load balancer knows the server")
    assert "the old shop: " in site.get("/").text
    inside = ["compose", "exec", "-T", "django", "entrypoint.sh"]
    docker(*inside, "manage.py", "test", "goods", cwd=folder)
    docker(*inside, "runtests.sh", "goods", cwd=folder)
    docker(*inside, "build-static.sh", cwd=folder)
    # Nothing is installed or migrated twice.
    again = docker(*inside, "setup-django.sh", cwd=folder).stderr
    assert "installing" not in again


def test_production_image_serves_it(old, docker):
    folder, (_, _, on_postgres) = old
    docker("compose", "down", "--timeout", "2", cwd=folder)
    docker("build", "--quiet", "--tag", "old_shop:app", ".", cwd=folder, timeout=600)
    network = []
    if on_postgres:
        docker("compose", "up", "--detach", "--wait", "postgres", cwd=folder, timeout=120)
        network = ["--network", "old_shop_default", "-e", "PGHOST=postgres", "-e", "PGUSER=postgres", "-e", "PGPASSWORD=postgres"]
    port = process.free_port()
    container = docker("run", "-d", "-p", f"127.0.0.1:{port}:8000", *network, "old_shop:app").stdout.strip()
    try:
        site = Site(f"http://127.0.0.1:{port}", "localhost", None)

        def serves():
            try:
                return "the old shop: " in site.get("/").text
            except OSError:
                return False

        process.wait_until(serves, 90, "gunicorn serves the project")
        docker("exec", container, "healthcheck.sh")
    finally:
        docker("rm", "--force", container)


PYTHONS = sorted(Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv").glob("versions/[23].*/bin/python"))
DJANGO = {"2.7": "1.11.29", "3.6": "2.2.28", "3.7": "2.2.28", "3.8": "3.2.25", "3.9": "4.1.13"}


@pytest.mark.parametrize("python", [p for p in PYTHONS if ".".join(p.parts[-3].split(".")[:2]) in DJANGO], ids=str)
def test_without_docker_with_a_python_of_pyenv(python, tmp_path):
    number = ".".join(python.parts[-3].split(".")[:2])
    folder = tmp_path / "old shop"
    make(folder, (number, DJANGO[number], False))
    env = clean_environment(PYENV_ROOT=str(python.parents[3]))
    if number == "2.7":
        env["PYTHONUSERBASE"] = str(tmp_path / "user")
        refused = process.run(["./go.sh", "true"], cwd=folder, env=env, check=False, timeout=120)
        assert f"hint: {python} -m pip install --user 'virtualenv<20.22'" in refused.stderr
        process.run([python, "-m", "pip", "install", "--quiet", "--user", "virtualenv<20.22"], env=env, timeout=300)
    process.run(["./go.sh", "manage.py", "test", "goods"], cwd=folder, env=env, timeout=600)
    said = process.run(["./go.sh", "python", "-c", "import sys; print(sys.version)"], cwd=folder, env=env, timeout=120)
    assert said.stdout.startswith(number + ".")
