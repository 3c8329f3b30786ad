"""Fixtures: one project per kind and one server per service for the whole run."""

import os
import signal

import pytest
from support import services
from support.machine import CACHE, clean_environment, tool
from support.process import run
from support.project import KINDS, Project, new

pytest_plugins = ["support.containers"]


def pytest_configure(config):
    """End in order on SIGTERM as well, so that no server and no container engine is left behind."""

    def interrupt(signum, frame):
        signal.signal(signum, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


# go.sh takes uv or pip, so there are projects of both. uv is many times faster, and the projects that most tests share
# have it. Node.js is certain to be where the Sass compiler is a feature.
PROGRAMS = {"default": ("uv",), "maximal": ("uv", "node", "npm")}


def programs(kind):
    """A folder with the programs of a kind, beside those of the system."""
    folder = CACHE / f"bin-{kind}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS[kind]:
        # Another worker may be at it, or already use it.
        link = folder / f".{name}-{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(tool(name))
        link.replace(folder / name)
    return folder


# What takes longest, first: otherwise the last of them runs while the other workers have nothing left to do.
LONG = "lasting commands start upgrade serving scaling lock storages dockerize data master_password browser redis".split()


def pytest_collection_modifyitems(items):
    place = {f"test_{name}.py": number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))


@pytest.fixture(scope="session")
def make_project(tmp_path_factory):
    """Make a project of a kind; it is installed at its first command."""

    def make(kind, name=None, *arguments):
        path = tmp_path_factory.mktemp(kind) / (name or f"{kind}_shop")
        new(path, KINDS[kind], *arguments)
        if not (path / ".git").exists():
            # A user without a git identity still has a repository.
            run(["git", "init", "-q"], cwd=path, env=clean_environment())
        env = {}
        if kind in PROGRAMS:
            env["PATH"] = f"{programs(kind)}:{clean_environment()['PATH']}"
        return Project(path, kind, **env)

    return make


# A build server has less time: there the default project has only the tests that name it. `tests/run` takes all three.
EACH = [kind for kind in KINDS if kind != "default" or os.environ.get("CI") != "true"]


@pytest.fixture(scope="session", params=EACH)
def project(request, installed):
    """Each kind in turn, installed."""
    return installed(request.param)


@pytest.fixture(scope="session")
def installed(make_project):
    """The project of a kind, installed once for the whole run."""
    made = {}

    def get(kind):
        if kind not in made:
            made[kind] = make_project(kind)
            # What a failed installation says is said once; every test that needs it fails quickly.
            result = made[kind].go("true", timeout=600, check=False)
            made[kind].install = result
        project = made[kind]
        assert project.install.returncode == 0, project.install.stderr
        return project

    return get


@pytest.fixture(scope="session")
def default(installed):
    return installed("default")


@pytest.fixture(scope="session")
def maximal(installed):
    return installed("maximal")


@pytest.fixture(scope="session")
def postgres():
    with services.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis(tmp_path_factory):
    with services.redis(tmp_path_factory.mktemp("redis")) as address:
        yield address


@pytest.fixture(scope="session")
def s3(tmp_path_factory):
    with services.s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def screenshots():
    """Where pictures are kept after the run, to be looked at."""
    from pathlib import Path

    folder = Path(os.environ.get("IXD_SCREENSHOTS") or CACHE / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
