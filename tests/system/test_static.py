"""Linters and schemas, without running anything."""

import json
import tomllib

import pytest
from support.machine import ROOT, TOOLS, clean_environment, tool
from support.process import run
from support.project import is_executable


def scripts(folder):
    """Files in a shell language: by their ending or their first line."""
    for path in folder:
        if path.is_file() and not path.is_symlink():
            first = path.open("rb").readline()
            if path.suffix == ".sh" or (first.startswith(b"#!") and first.strip().endswith((b"sh", b"bash"))):
                yield path


@pytest.fixture(scope="session")
def compose():
    """Compose as a program of its own: checking a file needs no engine."""
    root = run([TOOLS / "engine.sh", "unpack"], timeout=300).stdout.strip()
    return f"{root}/usr/libexec/docker/cli-plugins/docker-compose"


def test_our_scripts():
    files = list(scripts([ROOT / ".ci/run", *(ROOT / "tests").rglob("*"), *(ROOT / "benches").rglob("*")]))
    assert len(files) > 5
    run([tool("shellcheck"), "-x", *files], cwd=ROOT)


def test_our_python():
    run([tool("ruff"), "check", "--no-cache", "--isolated", "--select", "E4,E7,E9,F,I,B,UP", "tests/system", "tests/tools"], cwd=ROOT)


def test_scripts(project):
    files = list(scripts(project.files()))
    assert len(files) > 8
    run([tool("shellcheck"), "-x", *files], cwd=project.path)
    for file in files:
        run(["bash", "-n", file])


def test_scripts_can_be_run(project):
    names = [
        "go.sh",
        "manage.py",
        *(f"ixc_django_docker/bin/{n}" for n in ("manage.py", "entrypoint.sh", "runserver.sh", "waitlock.py")),
    ]
    assert [name for name in names if not is_executable(project.path / name)] == []


def test_files_parse(project):
    """JSON, TOML and Python, whatever the title holds; and no template syntax is left over."""
    for path in project.files():
        if path.suffix == ".py":
            compile(path.read_bytes(), str(path), "exec")
        elif path.suffix == ".json":
            json.loads(path.read_text())
        elif path.suffix == ".toml":
            tomllib.loads(path.read_text())
        assert not path.name.endswith(".tera")
        if path.suffix in {".toml", ".json", ".in", ".cfg", ".yaml", ".yml"} or path.name in {
            "Dockerfile",
            ".env.base",
        }:
            # A workflow has expressions of its own, and the hostile title looks like one.
            left = path.read_text().replace("${{", "").replace("{{ x }}", "")
            assert "{{" not in left and "{%" not in left, path


def test_title_is_the_same_everywhere(project):
    assert project.settings("PROJECT_TITLE") == [project.title]
    assert project.settings("PROJECT_TITLE", DOTENV="production", SECRET_KEY="x" * 60) == [project.title]


def test_answers_arrive_in_the_settings(maximal):
    assert maximal.settings("TIME_ZONE", "LANGUAGE_CODE") == ["Australia/Sydney", "de"]


def test_minimal_has_no_docker_files(installed):
    project = installed("minimal")
    names = {path.name for path in project.path.iterdir()}
    assert not names & {"Dockerfile", "compose.yaml", ".dockerignore", "etc", "package.json", "package-lock.json"}


@pytest.fixture(params=["default", "maximal"])
def dockerized(request, installed):
    return installed(request.param)


def test_dockerfile(dockerized):
    # DL3008 asks for pinned Debian packages, whose old versions the mirrors delete.
    run([tool("hadolint"), "--no-color", "--ignore", "DL3008", "Dockerfile"], cwd=dockerized.path)
    text = (dockerized.path / "Dockerfile").read_text()
    assert "# syntax" not in text, "a frontend image would have to be fetched first"


def test_compose_schema(dockerized):
    run([tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml"], cwd=dockerized.path)


def test_compose_config(dockerized, compose):
    def services(*arguments):
        argv = [compose, *arguments, "config", "--format", "json"]
        return json.loads(run(argv, cwd=dockerized.path, env=clean_environment()).stdout)["services"]

    up = services()
    assert {"django", "postgres", "redis", "haproxy"} <= set(up)
    assert "bash" not in up, "`docker compose up` starts no shell"
    assert "bash" in services("--profile", "*")
    assert up["haproxy"]["depends_on"]["django"]["condition"] == "service_healthy"
    # Reachable from this machine only, until somebody decides otherwise.
    for name in ("postgres", "redis"):
        for port in up[name].get("ports", []):
            assert port.get("host_ip") == "127.0.0.1", (name, port)
    # One container fills a new volume from the image before others mount it: several at once make Docker fail.
    shared = {volume["source"] for volume in up["prepare"]["volumes"] if volume["type"] == "volume"}
    assert {"var"} < shared
    for name, service in services("--profile", "*").items():
        if name != "prepare" and shared & {volume["source"] for volume in service.get("volumes", [])}:
            assert service["depends_on"]["prepare"]["condition"] == "service_completed_successfully", name


def test_haproxy_configuration(dockerized):
    run([tool("haproxy"), "-c", "-f", "etc/haproxy/haproxy.cfg"], cwd=dockerized.path)


def test_docker_and_git_ignore_secrets(dockerized):
    ignored = (dockerized.path / ".dockerignore").read_text().split()
    for name in ("var", ".env.local", "node_modules", ".git"):
        assert any(line.strip("/").startswith(name) or line.endswith(name) for line in ignored), name
    for name in (".env.develop.secret", ".env.production.secret", "key.secret.pem"):
        told = run(["git", "check-attr", "filter", name], cwd=dockerized.path, env=clean_environment()).stdout
        assert told.endswith(" crypt\n"), told
        assert "**/*.secret*" in ignored
    for name in (".env.local", "var/db.sqlite3", "node_modules/x"):
        run(["git", "check-ignore", "-q", name], cwd=dockerized.path, env=clean_environment())
    for name in ("src/app.py", "ixcproject/settings/base.py", "static/css/site.css", ".env.base"):
        assert run(["git", "check-ignore", "-q", name], cwd=dockerized.path, check=False).returncode == 1, name
