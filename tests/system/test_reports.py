"""What a project tells services of others: logs, errors and timings reach them, and nothing does when it is not asked for."""

import json
import time

import pytest
from support import process, sinks
from support.process import free_port, wait_until

TOKEN = "0f3c2a1b-1111-2222-3333-444455556666"


@pytest.fixture
def broken(tmp_path):
    """Variables of a site in production whose database is away: a visitor with a session gets an error."""
    return {
        "DOTENV": "production",
        "SECRET_KEY": "r3port-" + "y" * 60,
        "SITE_DOMAIN": "localhost",
        "VAR_DIR": str(tmp_path),
        "PGHOST": "127.0.0.1",
        "PGPORT": str(free_port()),
        "PGDATABASE": "nowhere",
        "QUICK": "1",
    }


@pytest.fixture(scope="module", autouse=True)
def built(maximal):
    maximal.go("build-static.sh", DOTENV="production", SECRET_KEY="b" * 60)


def provoke(project, site):
    """Ask for a page that fails."""
    name = project.settings("SESSION_COOKIE_NAME")[0]
    site.cookies = {name: "a" * 32}
    assert site.get("/admin/").status == 500


def test_an_error_is_reported_to_sentry(maximal, broken):
    with sinks.sentry() as (dsn, reports):
        with maximal.serve(host="localhost", SENTRY_DSN=dsn, PROJECT_COMMIT="7.8", **broken) as site:
            assert ", commit 7.8" in site.log.read_text()
            assert site.get("/", host="scanner.example").status == 400
            provoke(maximal, site)
            wait_until(lambda: any(kind == "event" for kind, _ in reports), 60, "an event at the sink")
    (event,) = (content for kind, content in reports if kind == "event")
    assert event["exception"]["values"][-1]["type"] == "OperationalError"
    assert (event["environment"], event["release"]) == ("production", "7.8")
    assert event["request"]["url"].endswith("/admin/")
    assert "cookies" not in event["request"], "nobody's session is sent"
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    assert not any("vars" in frame for frame in frames), "passwords and mails stand in variables"


def test_nothing_is_loaded_for_services_that_are_not_asked_for(maximal):
    code = """
import json, sys
from django.conf import settings
names = ["sentry_sdk.client", "newrelic", "ixc_django_docker.drain"]
print(json.dumps([name for name in names if name in sys.modules]))
"""
    assert json.loads(maximal.python(code).splitlines()[-1]) in ([], ["sentry_sdk.client"])
    active = "import sentry_sdk; print(sentry_sdk.get_client().is_active())"
    assert maximal.python(active).splitlines()[-1] == "False"
    assert maximal.python(active, DOTENV="test", SENTRY_DSN="http://key@192.0.2.1/1").splitlines()[-1] == "False"


def test_requests_are_reported_to_new_relic(maximal, broken, tmp_path):
    with sinks.newrelic(tmp_path) as (env, calls):
        with maximal.serve(host="localhost", NEW_RELIC_APP_NAME="Shop", **broken | env) as site:
            wait_until(lambda: "connect" in [name for name, _ in calls], 60, "the agent connects")
            assert site.get("/").status == 200
            provoke(maximal, site)
            time.sleep(1)
        # The rest is sent when the server ends.
        wait_until(lambda: "metric_data" in [name for name, _ in calls], 30, "metrics at the sink")
    connected = next(content for name, content in calls if name == "connect")
    assert connected[0]["app_name"] == ["Shop"]
    text = json.dumps([content for name, content in calls if name in {"metric_data", "error_data", "error_event_data"}])
    assert "WebTransaction" in text and "OperationalError" in text


def test_new_relic_leaves_a_command_alone_without_a_key(maximal):
    result = maximal.go("newrelic.sh", "env")
    assert "NEW_RELIC" not in result.stdout
    assert maximal.go("newrelic.sh", check=False).returncode == 1


def test_log_lines_reach_the_drain(maximal, broken):
    with sinks.lines() as (port, received):
        env = {"LOGENTRIES_TOKEN": TOKEN, "LOGENTRIES_ADDRESS": f"127.0.0.1:{port}", "LOGENTRIES_TLS": "0"}
        with maximal.serve(host="localhost", **broken | env) as site:
            provoke(maximal, site)
            wait_until(lambda: any("OperationalError" in line for line in received), 60, "the error at the sink")
            assert "OperationalError" in site.log.read_text(), "stdout has it all the same"
    assert all(line.startswith(f"{TOKEN} {{") and line.endswith("}\n") for line in received)
    record = json.loads(next(line for line in received if "OperationalError" in line).partition(" ")[2])
    assert record["level"] == "ERROR" and record["path"] == "/admin/"


DRAIN = """
import logging, os, time
log = logging.getLogger("shop")
log.warning("before the server is there")
while not os.path.exists(os.environ["GO_ON"]):
    time.sleep(0.1)
child = os.fork()
log.warning("from the %s with\\ntwo lines", "parent" if child else "child")
if child:
    os.waitpid(child, 0)
"""


def test_the_drain_waits_for_its_server_and_survives_a_fork(maximal, tmp_path):
    """Lines are kept while the server is away, a child sends its own, and the end waits until all is sent."""
    port, go_on, log = free_port(), tmp_path / "go-on", tmp_path / "drain.log"
    env = {"LOGENTRIES_TOKEN": TOKEN, "LOGENTRIES_ADDRESS": f"127.0.0.1:{port}", "LOGENTRIES_TLS": "0"}
    with process.server(
        ["./go.sh", "manage.py", "shell", "--no-imports", "-c", DRAIN],
        cwd=maximal.path,
        env=maximal.env | env | {"GO_ON": str(go_on)},
        log=log,
        ready=lambda: "log drain: 127.0.0.1: " in log.read_text(),
    ) as running:
        with sinks.lines(port) as (_, received):
            wait_until(lambda: received, 60, "the line from before", running)
            go_on.touch()
            assert running.wait(60) == 0
            wait_until(lambda: len(received) >= 3, 30, "three lines")
    messages = sorted(json.loads(line.partition(" ")[2])["message"] for line in received)
    assert messages == [
        "before the server is there",
        "from the child with\ntwo lines",
        "from the parent with\ntwo lines",
    ]
    assert log.read_text().count("log drain:") == 1, "it says once that the server is away"


@pytest.mark.parametrize(
    "name",
    "LOG_LEVELS LOG_LEVEL LOG_FORMAT LOG_STREAM SENTRY_DSN SENTRY_TRACES_SAMPLE_RATE LOGENTRIES_ADDRESS EMAIL_PORT REDIS_ADDRESS".split(),
)
def test_a_value_that_makes_no_sense_is_told_by_its_name(maximal, name):
    env = {"DOTENV": "production", "SECRET_KEY": "t" * 60, "LOGENTRIES_TOKEN": "t"}
    env |= {"SENTRY_DSN": "https://key@127.0.0.1:9/1", name: "s3cret"}
    result = maximal.manage("check", check=False, **env)
    assert result.returncode == 1 and f"{name} must be" in result.stderr
    assert "Traceback" not in result.stderr and "s3cret" not in result.stderr


@pytest.mark.parametrize("level", ["warn", "FATAL", "notset", "Error"])
def test_every_level_that_python_has_is_a_level(maximal, level):
    maximal.manage("check", LOG_LEVEL=level)
