"""The container engine, a project with its base images, and its production image: fixtures of the container tests.

A machine with an engine of its own uses that one and its registry. Elsewhere root gets an engine for the time of the
tests, with base images made from Debian packages; what they stand in for is printed.
"""

import os
import re
import shutil
import time
from pathlib import Path

import pytest

from support.machine import TOOLS
from support.process import free_port, run
from support.project import new

NAME = "box_shop"


class Docker:
    """The `docker` command with an environment that reaches the engine."""

    def __init__(self, env, stand_ins):
        self.env = env
        self.stand_ins = stand_ins

    def __call__(self, *argv, timeout=120, **options):
        env = self.env | options.pop("env", {})
        return run(["docker", *argv], env=env, timeout=timeout, **options)


@pytest.fixture(scope="session")
def docker(capsys_disabled):
    env = os.environ | {"DOCKER_CLI_HINTS": "false"}
    own = shutil.which("docker") and run(["docker", "info"], check=False, timeout=30).returncode == 0
    if own:
        yield Docker(env, stand_ins=False)
        return
    folder = Path(os.environ.get("IXD_ENGINE_DIR") or f"/var/tmp/ixd-engine-{os.getpid()}")
    try:
        started = run([TOOLS / "engine.sh", "up", folder], timeout=400)
        capsys_disabled(started.stderr)
        lines = (folder / "env").read_text().splitlines()
        yield Docker(env | dict(line.split("=", 1) for line in lines), stand_ins=True)
    finally:
        run([TOOLS / "engine.sh", "down", folder], timeout=400)


@pytest.fixture(scope="session")
def capsys_disabled(request):
    """Print at once what a reader of the output must know, whether tests pass or fail."""
    manager = request.config.pluginmanager.getplugin("capturemanager")

    def show(text):
        with manager.global_and_fixture_disabled():
            print("\n" + text.strip(), flush=True)

    return show


@pytest.fixture(scope="session")
def box(docker, capsys_disabled, tmp_path_factory):
    """A project whose base images are there. As on most machines, its files belong to the user 1000."""
    path = tmp_path_factory.mktemp("containers") / NAME
    # The versions that the stand-ins really have. Debian's next release would do for Python 3.14 (see images.sh).
    python = {"trixie": "3.13", "forky": "3.14"}[os.environ.get("IXD_PYTHON_SUITE", "trixie")]
    answers = {"python_version": python, "postgres_version": "17"} if docker.stand_ins else {}
    answers |= {"nginx": True}
    new(path, answers, "--no-git")
    docker.env |= {"PORT": str(free_port()), "STATS_PORT": str(free_port())}
    if docker.stand_ins:
        text = (path / "Dockerfile").read_text()
        stages = re.findall(r"^FROM\s+(\S+)(?:\s+AS\s+(\S+))?", text, re.M | re.I)
        names = {alias for _, alias in stages}
        wanted = {image for image, _ in stages} - names
        listed = docker("compose", "config", "--images", cwd=path).stdout.split()
        wanted |= {image for image in listed if not image.startswith(f"{NAME}:")}
        made = run([TOOLS / "images.sh", *sorted(wanted)], env=docker.env, timeout=900)
        capsys_disabled("\n".join(x for x in made.stderr.splitlines() if x.startswith(("stand-in", "note", "error"))))
    if os.getuid() == 0:
        run(["chown", "-R", "1000:1000", path])
    return path


@pytest.fixture(scope="session")
def image(docker, box, capsys_disabled):
    """The production image, from the Dockerfile as it was generated."""
    started = time.monotonic()
    docker("build", "--quiet", "-t", f"{NAME}:test", ".", cwd=box, timeout=900)
    size = int(docker("image", "inspect", "-f", "{{.Size}}", f"{NAME}:test").stdout) // 2**20
    base = int(docker("image", "inspect", "-f", "{{.Size}}", base_image(box)).stdout) // 2**20
    capsys_disabled(
        f"production image: built in {time.monotonic() - started:.0f} s, {size} MiB on a base of {base} MiB"
    )
    return f"{NAME}:test"


def base_image(project):
    return re.search(r"^FROM (python:\S+)", (project / "Dockerfile").read_text(), re.M)[1]
