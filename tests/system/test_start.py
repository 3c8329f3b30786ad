"""Installing and starting: what it costs, what it survives, what it never removes."""

import re
import threading
import time

import pytest
from support.machine import clean_environment, tool
from support.process import run


def test_installs_with_nothing_in_the_environment(project):
    """The fixture has run ./go.sh with PATH and HOME only."""
    assert (project.path / "var/go.sh-venv/bin/python").exists()
    assert (project.path / "var/go.sh-venv/bin/pip").exists() == (project.kind == "minimal"), "the others have uv"


def test_nothing_is_missing(project):
    run([tool("uv"), "pip", "check", "--python", project.path / "var/go.sh-venv/bin/python"], env=clean_environment())


def test_the_lock_of_production_is_complete(default, tmp_path):
    python = tmp_path / "venv/bin/python"
    uv = [tool("uv"), "pip", "--quiet"]
    run([tool("uv"), "venv", "--quiet", "--python", default.path / "var/go.sh-venv/bin/python", tmp_path / "venv"])
    pins = default.path / "requirements.txt"
    run([*uv, "install", "--python", python, "--require-hashes", "--no-deps", "-r", pins], env=clean_environment())
    run([*uv, "check", "--python", python], env=clean_environment())


def test_second_start_is_fast(project):
    project.go("true")
    started = time.monotonic()
    result = project.go("true")
    assert time.monotonic() - started < 5
    assert "install" not in result.stderr


def test_arguments_arrive_unchanged(project):
    words = ["two words", "$HOME", "'", '"', "*", "", "{{ x }}"]
    result = project.go("python", "-c", "import sys; print(sys.argv[1:])", *words)
    assert result.stdout == f"{words}\n"


def test_sass_and_less_are_compiled(maximal):
    """With the compilers that npm-install.sh installs from the lock."""
    probe = {
        "static/probe.scss": "$tint: #123456; .sass { a { color: $tint } }",
        "static/probe.less": "@tint: #654321; .less { a { color: @tint } }",
        "templates/probe.html": """{% load compress static %}{% compress css %}
            <link rel="stylesheet" type="text/x-scss" href="{% static 'probe.scss' %}">
            <link rel="stylesheet" type="text/less" href="{% static 'probe.less' %}">{% endcompress %}""",
    }
    for name, text in probe.items():
        (maximal.path / name).write_text(text)
    try:
        maximal.go("npm-install.sh")
        maximal.go("build-static.sh", DOTENV="production", SECRET_KEY="s" * 60)
        css = "".join(path.read_text() for path in (maximal.path / "static_root/CACHE").rglob("*.css"))
        assert ".sass a" in css and "#123456" in css
        assert ".less a" in css and "#654321" in css
    finally:
        for name in probe:
            (maximal.path / name).unlink()


def test_unknown_command_is_one_clear_error(default):
    result = default.go("rnserver.sh", check=False)
    assert result.returncode
    assert "rnserver.sh" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_lists_the_commands(default):
    """All that the original had, under its names, but what is gone or better done otherwise.

    logentries.sh (its agent is gone: logs go to stdout), redis-cache.py (`migrate --check` asks the database), transcrypt
    (secrets.sh), transfer.sh (its service is gone); setup-git-secret.sh comes with the answer `git-secret`.
    """
    listed = re.findall(r"^  (\S+) +\S", default.go("help.sh").stdout, re.M)
    names = """
        bash bower-install celery celerybeat celeryflower entrypoint gunicorn help migrate newrelic nginx npm-install
        pip-install pydevd runserver runtests setup-django setup-postgres setup-tests supervisor
    """
    assert {f"{name}.sh" for name in names.split()} | {"manage.py", "waitlock.py"} <= set(listed)


@pytest.mark.parametrize(
    "variable, value, expected",
    [
        ("BASE_SETTINGS", "base.py storage.py", "storages.py"),
        ("BASE_SETTINGS", "ixc_django_docker.settings.whitenoise", "whitenoise.py"),
        ("PROJECT_SETTINGS", "bse.py", "base.py"),
        ("OVERRIDE_SETTINGS", "produktion.py", "production.py"),
    ],
)
def test_wrong_settings_module_names_the_nearest(default, variable, value, expected):
    result = default.manage("check", check=False, **{variable: value})
    assert result.returncode
    assert variable in result.stderr and expected in result.stderr
    assert len(result.stderr.strip().splitlines()) < 12, "one clear error, not a page"


def test_serves_at_once_with_defaults(make_project):
    """The README's promise: new, then runserver.sh, with nothing but Python and bash."""
    project = make_project("default", "shop")
    project.env = clean_environment()
    with project.serve("runserver.sh", seconds=400) as site:
        page = site.get("/")
        assert page.status == 200
        assert "Shop" in page.text
        assert site.get("/admin/login/").status == 200
        for address in re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"', page.text):
            assert site.get(address).status == 200, address


def test_reset_removes_only_what_it_made(make_project):
    project = make_project("default", "reset_shop")
    project.go("true", timeout=600)
    mine = ["src/mine.py", "var/media/mine.txt", "node_modules/mine.js", "bin/mine.sh", "venv/mine", "var/db.sqlite3"]
    for name in mine:
        file = project.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine")
    before = {p for p in project.path.rglob("*") if "go.sh-venv" not in p.parts and "__pycache__" not in p.parts}
    run(["./go.sh", "--reset"], cwd=project.path, env=project.env)
    after = set(project.path.rglob("*"))
    assert before - after == set()
    assert not (project.path / "var/go.sh-venv").exists()
    assert run(["git", "check-ignore", "src/mine.py"], cwd=project.path, check=False).returncode == 1


def race(*commands):
    """Run functions at the same moment; returns their results or exceptions."""
    results = [None] * len(commands)
    barrier = threading.Barrier(len(commands))

    def work(index):
        barrier.wait()
        try:
            results[index] = commands[index]()
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(commands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def test_two_nodes_starting_at_once_migrate_once(default, postgres, redis, tmp_path):
    """Nodes share a database and Redis, but no disk."""
    env = postgres.env("two_nodes") | {"REDIS_ADDRESS": redis, "DOTENV": "production", "SECRET_KEY": "x" * 60}

    def node(number):
        return lambda: default.go("setup-django.sh", VAR_DIR=str(tmp_path / str(number)), **env)

    first, second = race(node(1), node(2))
    said = first.stderr + second.stderr
    assert said.count("applying migrations") == 1, said
    assert said.count("creating database") == 1, said
    default.manage("migrate", "--check", **env)


def test_two_processes_on_one_machine_migrate_once(default, tmp_path):
    """Without Redis the lock is a file; SQLite would say "database is locked"."""
    env = {"VAR_DIR": str(tmp_path)}
    first, second = race(*[lambda: default.go("migrate.sh", **env)] * 2)
    said = first.stderr + second.stderr
    assert said.count("applying migrations") == 1, said


def test_first_start_by_two_processes_installs_once(make_project):
    project = make_project("default", "twice_shop")
    results = race(*[lambda: project.go("python", "-c", "import django", timeout=600)] * 2)
    said = "".join(result.stderr for result in results)
    assert said.count("pip-install.sh: installing") == 1, said
