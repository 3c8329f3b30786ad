"""Data: an empty database is filled from a dump or another server, and nothing is ever destroyed, by tests neither."""

import gzip
import os
import re
import shlex
import threading

import pytest
from support.process import run

SCHEMA = "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('mine');"


@pytest.fixture
def project(default, tmp_path):
    """A copy, so that dumps of one test are not seen by others; it uses the installed packages of the original."""
    copy = default.copy(tmp_path / "shop")
    (copy.path / "var").mkdir()
    (copy.path / ".env.local").write_text("")
    venv = default.path / "var/go.sh-venv"
    copy.env |= {"VIRTUAL_ENV": str(venv), "PATH": f"{venv}/bin:{copy.env['PATH']}", "QUICK": ""}
    copy.go = lambda *argv, timeout=120, check=True, **env: run(
        ["ixc_django_docker/bin/entrypoint.sh", *argv], cwd=copy.path, env=copy.env | env, timeout=timeout, check=check
    )
    return copy


@pytest.fixture
def source(postgres):
    """A database as production has it, with all tables and one row of somebody's."""
    name = "data_source"
    if not postgres.query("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
        postgres.query("postgres", f"CREATE DATABASE {name}")
    return name


@pytest.fixture
def dump(project, postgres, source):
    """What pg_dump writes of a migrated database with a site's user in it."""
    env = postgres.env(source)
    project.go("migrate.sh", **env)
    if postgres.query(source, "SELECT count(*) FROM auth_user") == "0":
        user = {"DJANGO_SUPERUSER_PASSWORD": "correct-horse"}
        project.manage("createsuperuser", "--noinput", "--username", "ada", "--email", "a@b.test", **env, **user)
    return run(
        [postgres.bin / "pg_dump", "--no-owner", "--no-privileges"], env=os.environ | env, timeout=60
    ).stdout.encode()


def on_a_terminal(project, *argv, **env):
    """Run a command of the project whose controlling terminal is a real one; returns what it showed there."""
    command = shlex.join(["ixc_django_docker/bin/entrypoint.sh", *argv])
    return run(["script", "-qec", command, "/dev/null"], cwd=project.path, env=project.env | env, timeout=120).stdout


def users(postgres, database):
    return postgres.query(database, "SELECT string_agg(username, ',') FROM auth_user")


@pytest.mark.parametrize("name", ["initial_data.sql", "initial_data.sql.gz"])
def test_a_dump_fills_an_absent_database(project, postgres, dump, name):
    (project.path / name).write_bytes(gzip.compress(dump) if name.endswith("gz") else dump)
    database = f"from_{name.replace('.', '_')}"
    env = postgres.env(database)
    shown = on_a_terminal(project, "setup-postgres.sh", **env)
    assert "100%" in shown and "restoring data" in shown, shown
    assert users(postgres, database) == "ada"
    project.manage("migrate", "--check", **env)
    # A second start changes nothing and says nothing.
    postgres.query(database, "UPDATE auth_user SET username = 'eve'")
    assert project.go("setup-postgres.sh", **env).stderr == ""
    assert users(postgres, database) == "eve"


def test_another_server_fills_an_empty_database(project, postgres, dump, source):
    database = "from_server"
    postgres.query("postgres", f"CREATE DATABASE {database}")
    env = postgres.env(database) | {
        "SRC_PGHOST": "127.0.0.1",
        "SRC_PGPORT": str(postgres.port),
        "SRC_PGUSER": "postgres",
        "SRC_PGPASSWORD": "unused",
        "SRC_PGDATABASE": source,
    }
    shown = on_a_terminal(project, "setup-postgres.sh", **env)
    assert "iB" in shown, f"no progress was shown: {shown}"
    assert users(postgres, database) == "ada"


def test_a_filled_database_is_left_alone(project, postgres, dump):
    database = "filled_shop"
    postgres.query("postgres", f"CREATE DATABASE {database}")
    postgres.query(database, SCHEMA)
    (project.path / "initial_data.sql").write_bytes(dump)
    project.go("setup-postgres.sh", **postgres.env(database))
    tables = postgres.query(database, "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'")
    assert tables == "kept"
    assert postgres.query(database, "SELECT word FROM kept") == "mine"


def test_a_broken_dump_leaves_the_database_empty(project, postgres, dump):
    """All of it or nothing: a half-restored database would be taken for a filled one by the next start."""
    database = "broken_shop"
    (project.path / "initial_data.sql").write_bytes(dump[: len(dump) // 2] + b"\n\\.\nSELECT no_such_column;\n")
    result = project.go("setup-postgres.sh", check=False, **postgres.env(database))
    assert result.returncode and "could not be restored" in result.stderr
    assert postgres.query(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"
    (project.path / "initial_data.sql").write_bytes(dump)
    project.go("setup-postgres.sh", **postgres.env(database))
    assert users(postgres, database) == "ada"


def test_a_server_that_stops_in_the_middle_leaves_the_database_empty(project, postgres):
    env = postgres.env("half_shop") | {"SRC_PGDATABASE": "no_such_database", "SRC_PGPORT": str(postgres.port)}
    result = project.go("setup-postgres.sh", check=False, **env, SRC_PGUSER="postgres")
    assert result.returncode and "still empty" in result.stderr
    assert postgres.query("half_shop", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"


PROBE = """
import pytest
from django.contrib.auth.models import User
from django.db import connection


@pytest.mark.django_db
def test_which_database():
    print("USED", connection.settings_dict["NAME"], sorted(User.objects.values_list("username", flat=True)))
"""


def used(result):
    return re.findall(r"USED (.*)", result.stdout)


@pytest.mark.parametrize("command, setup_tests", [(["runtests.sh"], "1"), (["manage.py", "test"], "")])
def test_tests_never_touch_a_real_database(project, postgres, dump, command, setup_tests):
    """Whatever the shell was set up for, the tests make a database of their own and drop that one."""
    database, namesake = "real_shop", "test_real_shop"
    if not postgres.query("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{namesake}'"):
        postgres.query("postgres", f"CREATE DATABASE {namesake}")
        postgres.query(namesake, SCHEMA)
    (project.path / "initial_data.sql").write_bytes(dump)
    (project.path / "ixcproject/tests/test_probe.py").write_text(PROBE)
    env = postgres.env(database) | {"DOTENV": "production", "SECRET_KEY": "t" * 60, "WITHOUT_COVERAGE": "1"}
    project.go("setup-postgres.sh", **env)
    probe = "ixcproject/tests/test_probe.py"
    extra = ["-s"] if command == ["runtests.sh"] else []
    result = project.go(*command, probe, *extra, **env, SETUP_TESTS=setup_tests)
    assert "1 passed" in result.stdout, result.stdout + result.stderr
    if extra:
        assert used(result) == ["test_real_shop_tmp []"]
    assert users(postgres, database) == "ada"
    assert postgres.query(namesake, "SELECT word FROM kept") == "mine"


def test_tests_refuse_a_real_database_that_the_settings_name(project, postgres, dump):
    database = "named_shop"
    (project.path / "initial_data.sql").write_bytes(dump)
    with open(project.path / "ixcproject/settings/test.py", "a") as settings:
        settings.write('\nDATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}\n')
    env = postgres.env(database) | {"WITHOUT_COVERAGE": "1"}
    project.go("setup-postgres.sh", **env)
    result = project.go("runtests.sh", "-q", check=False, **env)
    assert result.returncode and "the name of a real database" in result.stdout + result.stderr
    assert users(postgres, database) == "ada"


def test_a_prepared_test_database_is_kept(project, postgres, dump):
    """`setup-tests.sh` restores the data of tests; the tests use it as it is, and leave it for the next time."""
    (project.path / "test_initial_data.sql").write_bytes(dump)
    (project.path / "initial_data.sql").write_text("this is not for tests;\n")
    (project.path / "ixcproject/tests/test_probe.py").write_text(PROBE)
    env = postgres.env("kept_shop") | {"WITHOUT_COVERAGE": "1"}
    for command in ("runtests.sh", "pytest"):
        result = project.go("setup-tests.sh", command, "-s", "ixcproject/tests/test_probe.py", **env)
        assert used(result) == ["test_kept_shop_kept ['ada']"], result.stdout + result.stderr
        # Tests that make a database of their own leave it alone.
        result = project.go("runtests.sh", "-s", "ixcproject/tests/test_probe.py", **env)
        assert used(result) == ["test_kept_shop_tmp []"], result.stdout + result.stderr
    assert users(postgres, "test_kept_shop_kept") == "ada"
    assert postgres.query("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'kept_shop'") == "0"


def test_nodes_that_start_together_without_redis(project, postgres, tmp_path):
    """Each has a disk of its own, so that no lock on a file holds for the others: one creates and migrates, all go on."""
    env = postgres.env("data_together") | {"BASE_SETTINGS": "base.py"}
    results = []

    def start(number):
        more = env | {"VAR_DIR": str(tmp_path / f"var-{number}")}
        command = ["bash", "-c", "setup-postgres.sh && migrate.sh"]
        results.append(project.go(*command, check=False, **more))

    nodes = [threading.Thread(target=start, args=(number,)) for number in range(3)]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join(120)
    said = "".join(result.stderr for result in results)
    assert [result.returncode for result in results] == [0, 0, 0], said
    assert said.count("applying migrations") == 1 and "database_lock: waiting" in said, said
