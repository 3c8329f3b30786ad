"""The image and the compose file, built and run for real by a Docker Engine.

A machine with an engine of its own uses that one and its registry. Elsewhere root gets an engine for the time of the
tests, with base images made from Debian packages; what they stand in for is printed.
"""

import json
import re
import shutil
import time

import pytest
from support.containers import NAME
from support.process import Failed, free_port, wait_until
from support.web import Site, links


@pytest.fixture(scope="module")
def project(box):
    return box


def test_image_runs_as_an_ordinary_user(docker, image):
    assert docker("run", "--rm", "--network", "none", image, "id", "-u").stdout.strip() == "1000"
    # The code cannot be changed by who runs it... unless it is theirs; what they write goes to the volume.
    docker("run", "--rm", "--network", "none", image, "sh", "-c", 'touch "$VAR_DIR/x"')


def test_image_holds_no_secret_and_nothing_of_the_machine(docker, project, image):
    (project / ".env.production.secret").write_text("PASSWORD='hush'\n")
    (project / ".env.local").write_text("DOTENV=develop\n")
    (project / "var").mkdir(exist_ok=True)
    (project / "var/db.sqlite3").write_text("mine")
    (project / "initial_data.sql").write_text("mine")
    try:
        docker("build", "--quiet", "-t", f"{NAME}:again", ".", cwd=project, timeout=600)
        names = docker("run", "--rm", "--network", "none", f"{NAME}:again", "ls", "-A", "/app").stdout.split()
        assert not {".env.local", ".env.production.secret", ".git", "var", "initial_data.sql", "node_modules"} & set(
            names
        ), names
        history = docker("history", "--no-trunc", f"{NAME}:again").stdout
        assert "hush" not in history
        tools = docker("run", "--rm", "--network", "none", f"{NAME}:again", "sh", "-c", "ls /opt/venv/bin")
        assert not {"pytest", "ruff"} & set(tools.stdout.split())
    finally:
        for name in (".env.production.secret", ".env.local", "initial_data.sql"):
            (project / name).unlink()
        shutil.rmtree(project / "var")


def test_second_build_is_cached(docker, project, image):
    """After an edit of the code, packages are not installed again."""
    (project / "ixcproject/edited.py").write_text("EDITED = True\n")
    started = time.monotonic()
    docker("build", "--quiet", "-t", f"{NAME}:edited", ".", cwd=project, timeout=600)
    assert time.monotonic() - started < 60
    code = docker("run", "--rm", "--network", "none", f"{NAME}:edited", "cat", "ixcproject/edited.py").stdout
    assert code == "EDITED = True\n"
    (project / "ixcproject/edited.py").unlink()


@pytest.mark.parametrize("command", [[], ["gunicorn.sh"]], ids=["nginx and gunicorn", "gunicorn"])
def test_image_serves_alone(docker, image, command):
    """Production with nothing beside it: no service, no new privileges, a root file system that is read-only."""
    port = free_port()
    container = docker(
        *("run", "-d", "--init", "-p", f"127.0.0.1:{port}:8000", "-e", "SECRET_KEY=" + "c" * 60),
        *("-e", "SITE_DOMAIN=localhost", "--read-only", "--tmpfs", "/tmp", "-v", "/opt/var"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", image, *command),
    ).stdout.strip()
    try:
        site = Site(f"http://127.0.0.1:{port}", "localhost", None)
        try:
            wait_until(lambda: answers(site, "/readyz"), 90, "the container serves")
        except Failed as error:
            raise Failed(f"{error}\n{docker('logs', container, check=False)}") from None
        page = site.get("/")
        assert page.status == 200
        assert ("nginx" in page.headers["Server"]) == (not command)
        addresses = [a for a in links(page.text) if a.startswith("/static/")]
        assert addresses
        for address in addresses:
            file = site.get(address)
            assert file.status == 200 and "immutable" in file.headers["Cache-Control"], address
        assert site.get("/admin/login/").status == 200
        started = time.monotonic()
        docker("stop", "-t", "30", container)
        assert time.monotonic() - started < 20, "it does not stop when it is told to"
        assert docker("inspect", "-f", "{{.State.ExitCode}}", container).stdout.strip() in ("0", "143")
    finally:
        docker("rm", "-f", "-v", container)


def answers(site, path):
    try:
        return site.get(path, timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def compose(docker, project, capsys_disabled):
    """The development site, started as the README says."""

    def command(*argv, **options):
        return docker("compose", *argv, cwd=project, **options)

    started = time.monotonic()
    command("build", "--quiet", timeout=900)
    built = time.monotonic()
    try:
        up = command("up", "-d", "--wait", "--quiet-pull", "haproxy", timeout=400, check=False)
        if up.returncode:
            logs = command("logs", "--no-color", "--tail", "60", check=False).stdout
            raise Failed(f"docker compose up: {up.stderr}\n{logs}")
        took = f"built in {built - started:.0f} s, healthy after {time.monotonic() - built:.0f} s"
        capsys_disabled(f"compose: {took}")
        yield command
    finally:
        command("down", "-v", "-t", "5", "--remove-orphans", check=False)


@pytest.fixture
def site(docker, compose):
    return Site(f"http://127.0.0.1:{docker.env['PORT']}", "localhost", None)


def test_site_through_the_load_balancer(docker, site):
    page = site.get("/")
    assert page.status == 200 and "Box Shop" in page.text
    for address in links(page.text):
        if address.startswith("/"):
            assert site.get(address).status == 200, address
    assert site.get("/admin/login/").status == 200
    assert site.get("/readyz", host="10.0.0.1").status == 200
    stats = Site(f"http://127.0.0.1:{docker.env['STATS_PORT']}", "localhost", None)
    assert stats.get("/").status == 200


def test_migrations_ran_once(compose):
    # Celery's services start at the same time, and one of them may be the first.
    logs = compose("logs", "--no-color").stdout
    assert logs.count("applying migrations") == 1, logs
    assert "Traceback" not in compose("logs", "--no-color", "django").stdout, logs
    tables = compose(
        "exec", "-T", "postgres", "psql", "-U", "postgres", "-Atc", "SELECT datname FROM pg_database"
    ).stdout
    assert f"{NAME}_develop" in tables.split()


def test_shell_service_has_the_environment(compose):
    """`docker compose run --rm bash COMMAND`, beside the running site."""
    result = compose("run", "--rm", "-T", "bash", "manage.py", "check", "--database", "default")
    assert "no issues" in result.stdout + result.stderr
    result = compose("run", "--rm", "-T", "bash", "runtests.sh", "-q", timeout=300)
    assert re.search(r"[1-9]\d* passed", result.stdout), result.stdout


def test_containers_run_as_the_owner_of_the_files(compose, project):
    assert compose("exec", "-T", "django", "id", "-u").stdout.strip() == "1000"
    compose("run", "--rm", "-T", "bash", "sh", "-c", "echo made > made.txt")
    assert (project / "made.txt").stat().st_uid == project.stat().st_uid
    (project / "made.txt").unlink()


def test_an_edit_shows_without_a_rebuild(project, site):
    home = project / "templates/home.html"
    before = home.read_text()
    assert "</h1>" in before
    home.write_text(before.replace("</h1>", "<!-- edited --></h1>", 1))
    try:
        wait_until(lambda: "<!-- edited -->" in site.get("/").text, 20, "the edit shows")
    finally:
        home.write_text(before)


def test_two_instances_share_the_work(docker, compose, site):
    compose("up", "-d", "--wait", "--no-recreate", "--scale", "django=2", "haproxy", timeout=200)
    csv = Site(f"http://127.0.0.1:{docker.env['STATS_PORT']}", "localhost", None)

    def up():
        rows = [line.split(",") for line in csv.get("/;csv").text.splitlines()]
        return (
            sum(
                row[0] == "django" and row[1] != "BACKEND" and row[17].startswith("UP") for row in rows if len(row) > 17
            )
            == 2
        )

    wait_until(up, 60, "the load balancer sees two instances")
    assert all(site.get("/").status == 200 for _ in range(10))
    compose("up", "-d", "--wait", "--no-recreate", "--scale", "django=1", "haproxy", timeout=200)
    wait_until(lambda: site.get("/").status == 200, 20, "one instance serves")


def test_a_restart_sets_nothing_up_again(compose, site):
    before = compose("logs", "--no-color", "django").stdout
    started = time.monotonic()
    compose("restart", "-t", "20", "django")
    wait_until(lambda: answers(site, "/readyz"), 60, "the restarted site serves")
    assert time.monotonic() - started < 60
    new = compose("logs", "--no-color", "django").stdout[len(before) :]
    assert "installing" not in new and "applying migrations" not in new, new


def test_database_survives_down(docker, compose, project, site):
    """`down` without `-v` keeps the volumes."""
    compose("exec", "-T", "-e", "DJANGO_SUPERUSER_PASSWORD=pw", "django", "entrypoint.sh", "manage.py", "createsuperuser",
            "--noinput", "--username", "kept", "--email", "k@example.test")  # fmt: skip
    compose("down", "-t", "10")
    compose("up", "-d", "--wait", "haproxy", timeout=300)
    sql = "SELECT username FROM auth_user"
    names = compose("exec", "-T", "postgres", "psql", "-U", "postgres", "-d", f"{NAME}_develop", "-Atc", sql).stdout
    assert "kept" in names.split()
    assert site.get("/").status == 200


def test_published_ports_are_for_this_machine_only(compose):
    for line in compose("ps", "--format", "json").stdout.splitlines():
        for port in json.loads(line).get("Publishers") or []:
            assert port["URL"] in ("", "127.0.0.1"), port
