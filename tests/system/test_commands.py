"""What a developer and a build server do with a fresh project of each kind."""

import re

import pytest
from support.machine import clean_environment, tool
from support.process import free_port, run

pytestmark = pytest.mark.usefixtures("project")


def unreachable():
    """Every service is configured and none is there, as in the build of an image."""
    return {
        "DOTENV": "production",
        "SECRET_KEY": "build-only",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(free_port()),
        "PGDATABASE": "nowhere",
        "REDIS_ADDRESS": f"127.0.0.1:{free_port()}",
        "MEDIA_AWS_ACCESS_KEY_ID": "nobody",
        "MEDIA_AWS_SECRET_ACCESS_KEY": "nothing",
        "MEDIA_AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
    }


def test_check(project):
    result = project.manage("check", "--fail-level", "WARNING")
    assert "no issues" in result.stdout + result.stderr


def test_migrate_on_sqlite(project, tmp_path):
    project.manage("migrate", "--noinput", VAR_DIR=str(tmp_path))
    project.manage("migrate", "--check", VAR_DIR=str(tmp_path))
    assert (tmp_path / "db.sqlite3").stat().st_size


def test_migrate_on_postgres(project, postgres):
    """The project's own script creates the database and its tables."""
    env = postgres.env(f"{project.kind}_migrate")
    project.go("setup-postgres.sh", **env)
    project.manage("migrate", "--noinput", **env)
    assert int(postgres.query(env["PGDATABASE"], "SELECT count(*) FROM django_migrations")) > 10
    project.manage("check", "--database", "default", **env)


def test_migrations_are_complete(project):
    project.manage("makemigrations", "--check", "--dry-run")


def a_build_that_fails_leaves_the_former_one(project, env):
    """And one that succeeds leaves nothing of it; a link stays what it is."""
    root, broken = project.path / "static_root", project.path / "static/css/broken.css"
    (root / "staticfiles.json").write_text("former")
    broken.write_text("a { background: url(nowhere.png) }")
    try:
        result = project.go("build-static.sh", check=False, **env)
        assert result.returncode and "nowhere.png" in result.stderr
        assert (root / "staticfiles.json").read_text() == "former"
    finally:
        broken.unlink()
    assert not list(project.path.glob(".static_root*"))
    elsewhere = project.path / f"var/{env['DOTENV']}"
    root.rename(elsewhere)
    root.symlink_to(elsewhere)
    (elsewhere / "old.css").touch()
    project.go("build-static.sh", **env)
    assert root.is_symlink() and (root / "staticfiles.json").exists() and not (root / "old.css").exists()
    root.unlink()
    elsewhere.rename(root)


@pytest.mark.parametrize("dotenv", ["production", "staging"])
def test_build_step_with_every_service_unreachable(project, dotenv):
    env = unreachable() | {"DOTENV": dotenv}
    result = project.manage("collectstatic", "--noinput", "--clear", **env)
    assert re.search(r"[1-9]\d* static files? copied", result.stdout), result.stdout
    if "compressor" in project.features:
        project.manage("compress", "--force", **env)
        assert list((project.path / "static_root/CACHE").rglob("output.*.css"))
        assert (project.path / "static_root/CACHE/manifest.json").exists()
    project.go("build-static.sh", **env)
    if "whitenoise" in project.features:
        packed = {path.suffixes[-1] for path in (project.path / "static_root").rglob("*.css.*")}
        assert {".gz", ".br"} <= packed
    assert not list(project.path.glob(".static_root*"))
    if project.kind == "minimal":
        a_build_that_fails_leaves_the_former_one(project, env)


@pytest.mark.parametrize("dotenv", ["production", "staging"])
def test_check_deploy(project, dotenv):
    """What is left to switch on is a promise about the domain, so the variables for it are set here."""
    env = {
        "DOTENV": dotenv,
        "SECRET_KEY": "n0t-a-default-" + "x7Q!" * 16,
        "SECURE_HSTS_SECONDS": "3600",
        "SECURE_SSL_REDIRECT": "1",
        "ELASTICSEARCH_ADDRESS": "127.0.0.1:9",
    }
    result = project.manage("check", "--deploy", "--fail-level", "WARNING", **env)
    assert "no issues" in result.stdout + result.stderr


def test_own_tests_with_pytest_and_coverage(project):
    result = project.go("runtests.sh")
    assert re.search(r"[1-9]\d* passed", result.stdout), result.stdout
    assert re.search(r"^TOTAL\s", result.stdout, re.M), result.stdout


def test_own_tests_on_postgres(project, postgres):
    """The name of the database does not matter, since Django makes and drops one called test_…"""
    env = postgres.env(f"test_{project.kind}")
    result = project.go("runtests.sh", "-q", WITHOUT_COVERAGE="1", **env)
    assert re.search(r"[1-9]\d* passed", result.stdout), result.stdout
    assert "TOTAL" not in result.stdout


def test_own_tests_with_manage(project):
    result = project.manage("test", DOTENV="test")
    assert re.search(r"([1-9]\d* passed|Ran [1-9]\d* tests?)", result.stdout + result.stderr)


def test_own_tests_with_the_settings_of_nose(project):
    """A project that comes from nose: one warning, pytest runs, and its variable still excludes folders."""
    modules = project.settings("SETTINGS_FILES")[0]
    base = [path.rpartition("/")[2] for path in modules if "/ixc_django_docker/settings/" in path]
    env = {"BASE_SETTINGS": " ".join([*(name for name in base if name != "develop.py"), "nose.py"])}
    assert project.settings("TEST_RUNNER", **env) == ["ixc_django_docker.testing.PytestRunner"]
    check = project.manage("check", **env)
    assert check.stderr.count("nose.py is now called pytest.py") == 1
    excluded = {"NOSE_EXCLUDE_DIRS": "ixcproject/tests/nowhere;ixcproject/tests", "WITHOUT_COVERAGE": "1"}
    for command in (["manage.py", "test"], ["runtests.sh"]):
        result = project.go(*command, check=False, **env | excluded)
        assert result.returncode and "passed" not in result.stdout, result.stdout
    some = project.manage("test", "-k", "health", **env | {"WITHOUT_COVERAGE": "1"})
    assert re.search(r"[1-9]\d* passed", some.stdout), some.stdout


def test_style(project):
    project.go("ruff", "check", "--no-cache", ".")
    project.go("ruff", "format", "--no-cache", "--check", ".")


def test_commands_leave_stdout_to_data(project, tmp_path):
    """`manage.py dumpdata > file` is only useful when nothing else goes there."""
    import json

    project.manage("migrate", "--noinput", VAR_DIR=str(tmp_path))
    assert json.loads(project.manage("dumpdata", "auth.user", VAR_DIR=str(tmp_path)).stdout) == []


def test_manage_works_from_any_folder(project, tmp_path):
    for script in ("manage.py", "ixc_django_docker/bin/manage.py"):
        python = project.path / "var/go.sh-venv/bin/python"
        result = run([python, project.path / script, "check"], cwd=tmp_path, env=clean_environment())
        assert "no issues" in result.stdout + result.stderr


def test_nothing_is_left_for_git(project):
    """Commands write only what .gitignore names."""
    run(["git", "add", "-A"], cwd=project.path, env=clean_environment())
    listed = run(["git", "ls-files"], cwd=project.path, env=clean_environment()).stdout.split("\n")
    kept = [
        name for name in listed if re.match(r"(var|node_modules|static_root)/|\.env\.local$|.*\.(pyc|sqlite3)$", name)
    ]
    assert kept == []
    run(["git", "reset", "-q"], cwd=project.path, env=clean_environment(), check=False)


def test_pinned_requirements_install_with_hashes(project, tmp_path):
    """requirements.txt alone, as the image installs it: complete, hashed and without contradictions."""
    uv, env = tool("uv"), clean_environment(UV_PYTHON_DOWNLOADS="never")
    python = tmp_path / "venv/bin/python"
    run([uv, "venv", "-q", "--python", "/usr/bin/python3", tmp_path / "venv"], env=env)
    pins = project.path / "requirements.txt"
    run([uv, "pip", "install", "-q", "--python", python, "--require-hashes", "--no-deps", "-r", pins], env=env)
    run([uv, "pip", "check", "--python", python], env=env)
    run([python, project.path / "manage.py", "check"], env=env, cwd=tmp_path)
    tools = run([uv, "pip", "freeze", "--python", python], env=env).stdout
    assert "pytest" not in tools, "what only developers need is not for the image"
