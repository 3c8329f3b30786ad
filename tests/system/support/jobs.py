"""Celery's three programs on a generated project, and code for them to run."""

import json
import textwrap
from contextlib import contextmanager

from support import process

# On PYTHONPATH of the project, instead of in it: other tests use the same project.
TASKS = """
import time
from pathlib import Path
from celery import shared_task
from ixc_django_docker.tasks import one_at_a_time


@shared_task
def add(x, y):
    return x + y


@shared_task
def slow(started, seconds):
    Path(started).touch()
    time.sleep(seconds)
    return "finished"


def alone(name, when_running):
    @shared_task(name=name)
    @one_at_a_time(when_running, key="alone")
    def task(started, seconds):
        Path(started).touch()
        time.sleep(seconds)
        return name

    return task


skipped, failed, enqueued = (alone(name, name) for name in ("skip", "fail", "enqueue"))
"""


class Jobs:
    """A project with a broker, a database and the tasks above; `env` has all of it."""

    def __init__(self, project, folder, **env):
        self.project = project
        self.folder = folder
        (folder / "lib").mkdir()
        (folder / "lib/jobs.py").write_text(TASKS)
        self.env = {"PYTHONPATH": str(folder / "lib"), "VAR_DIR": str(folder / "var")} | env

    def python(self, code, **env):
        """Run code with Django set up; returns the JSON that its last line of output is."""
        out = self.project.python(textwrap.dedent(code), **self.env | env)
        return json.loads(out.splitlines()[-1])

    @contextmanager
    def run(self, script, *arguments, ready, name="", **env):
        """Run one of the scripts until the block ends; yields the process and its log."""
        log = self.folder / f"{script}{name}.log"
        with process.server(
            ["./go.sh", script, *arguments],
            cwd=self.project.path,
            env=self.project.env | self.env | {"QUICK": "1", "LOG_FORMAT": "json"} | env,
            log=log,
            ready=lambda: ready in log.read_text(errors="replace"),
        ) as running:
            yield running, log

    def worker(self, *arguments, **env):
        return self.run("celery.sh", "--include", "jobs", *arguments, ready=' ready."', **env)
