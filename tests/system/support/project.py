"""A project made by the program under test."""

import json
import os
import shutil
import stat
from contextlib import contextmanager

from support import process
from support.machine import ROOT, clean_environment
from support.web import Site

# What `--defaults` gives, and all that there is.
DEFAULT_FEATURES = [
    "compressor",
    "storages",
    "whitenoise",
    "redis_cache",
    "celery",
    "celery_email",
    "sentry",
    "extensions",
    "debug_toolbar",
]
ALL_FEATURES = [*DEFAULT_FEATURES, "post_office", "haystack", "logentries", "newrelic", "master_password"]
# Legal, and wrong in every place that forgets to quote it.
HOSTILE_TITLE = 'O\'Brien & "Söhne" $HOME {{ x }} <b>%s</b> `id` \\'

KINDS = {
    "minimal": {"features": [], "docker": False},
    "default": {},
    "maximal": {
        "project_title": HOSTILE_TITLE,
        "python_version": "3.13",
        "docker": True,
        "postgres_version": "18",
        "features": ALL_FEATURES,
        "node": "npm",
        "devcontainer": True,
        "pre_commit": True,
        "nginx": True,
        "deployment": ["swarm", "kubernetes"],
        "timezone": "Australia/Sydney",
        "language": "de",
    },
}


def binary():
    path = os.environ.get("IXD_TEMPLATE_BIN")
    assert path, "IXD_TEMPLATE_BIN is not set; `tests/run system` builds the program and sets it"
    return path


def version():
    """The version of the template in this tree, which may not be released yet: that is the one under test."""
    manifest = (ROOT / "template/template.yml").read_text(encoding="utf-8")
    return next(line.split()[1] for line in manifest.splitlines() if line.startswith("version:"))


def new(folder, answers, *arguments, env=None):
    """Make a project in `folder` with those answers and the defaults of the others."""
    argv = [binary(), "new", folder, "--defaults", *arguments]
    if "--release" not in arguments:
        argv += ["--release", version()]
    if os.environ.get("IXD_TEMPLATE_FROM"):
        argv += ["--from", os.environ["IXD_TEMPLATE_FROM"]]
    if answers:
        # JSON is YAML, and its quoting is simple.
        file = folder.with_name(folder.name + "-answers.yml")
        file.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
        argv += ["--answers", file]
    return process.run(argv, env=env or clean_environment(), cwd=folder.parent, timeout=60)


class Project:
    """A generated project: runs its commands as a user would, in an environment that holds nothing else."""

    def __init__(self, path, kind, **env):
        self.path = path
        self.kind = kind
        self.answers = KINDS[kind]
        self.features = self.answers.get("features", DEFAULT_FEATURES)
        self.title = self.answers.get("project_title") or path.name.replace("_", " ").title()
        self.env = clean_environment(**env)

    def go(self, *argv, timeout=300, check=True, stdin=None, **env):
        """Run `./go.sh ARGV…`."""
        env = self.env | env
        return process.run(["./go.sh", *argv], cwd=self.path, env=env, timeout=timeout, check=check, stdin=stdin)

    def manage(self, *argv, **options):
        return self.go("manage.py", *argv, **options)

    def python(self, code, **options):
        """Run code with Django set up; returns what it printed."""
        return self.manage("shell", "--no-imports", "-c", code, **options).stdout

    def settings(self, *names, **env):
        """The values of some settings, as JSON has them."""
        code = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n, None) for n in {names!r}], default=str))"
        return json.loads(self.python(code, **env).splitlines()[-1])

    @contextmanager
    def serve(self, script="gunicorn.sh", *arguments, host="127.0.0.1", seconds=90, **env):
        """Serve the project until the block ends; yields a `Site`."""
        port = process.free_port()
        log = self.path.parent / f"{self.path.name}-{script}-{port}.log"
        env = self.env | {"PORT": str(port), "GUNICORN_WORKERS": "1"} | env
        with process.server(
            ["./go.sh", script, *arguments],
            cwd=self.path,
            env=env,
            log=log,
            seconds=seconds,
            ready=lambda: process.answers(f"http://127.0.0.1:{port}/healthz"),
        ):
            yield Site(f"http://127.0.0.1:{port}", host, log)

    def copy(self, path):
        """The same project elsewhere, as a clone on another machine: nothing of `var/` or `node_modules/`."""
        ignore = shutil.ignore_patterns("var", "node_modules", "static_root", "__pycache__", ".git")
        shutil.copytree(self.path, path, symlinks=True, ignore=ignore)
        other = Project(path, self.kind)
        other.env = dict(self.env)
        other.title = self.title
        return other

    def files(self):
        """Every file that the program wrote, as paths relative to the project."""
        listed = process.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=self.path).stdout.split("\n")
        return [self.path / name for name in listed if name]


def is_executable(path):
    return bool(path.stat().st_mode & stat.S_IXUSR)


__all__ = ["ALL_FEATURES", "KINDS", "ROOT", "Project", "binary", "is_executable", "new"]
