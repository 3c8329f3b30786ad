"""An upgrade as a team meets it: a project of the first release, worked on, brought to the newest template.

The project's own tests pass before and after, and every edit is still there.
"""

import json
import os
import re

import pytest
from support.machine import clean_environment
from support.process import run
from support.project import Project, binary

FIRST = "0.1.0"


@pytest.fixture(scope="module")
def newest():
    """The version under development, or the newest that is frozen."""
    found = run([binary(), "--version"], env=clean_environment()).stdout.split()[-1]
    if found == FIRST:
        pytest.skip("there is only one release yet")
    return found


def upgrade(project, *arguments, check=True):
    argv = [binary(), "upgrade", *arguments]
    if os.environ.get("IXD_TEMPLATE_FROM"):
        argv += ["--from", os.environ["IXD_TEMPLATE_FROM"]]
    return run(argv, cwd=project.path, env=project.env, timeout=60, check=check)


def git(project, *arguments):
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    return run(["git", *identity, *arguments], cwd=project.path, env=project.env).stdout


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


BLOG = {
    "blog/__init__.py": "",
    "blog/migrations/__init__.py": "",
    "blog/models.py": """from django.db import models


class Post(models.Model):
    title = models.CharField(max_length=80)

    def __str__(self):
        return self.title
""",
    "blog/tests.py": """import markdown
import pytest

from blog.models import Post


@pytest.mark.django_db
def test_posts_have_titles():
    assert Post.objects.create(title=markdown.markdown("*Hi*")).title == "<p><em>Hi</em></p>"
""",
}


def work_on(project):
    """What a team does in a few weeks."""
    root = project.path
    for name, text in BLOG.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    with open(root / "ixcproject/settings/base.py", "a") as settings:
        settings.write('\nINSTALLED_APPS += ["blog"]\nTIME_ZONE = "Europe/Vienna"\n')
    with open(root / "requirements.in", "a") as requirements:
        requirements.write("markdown~=3.9\n")
    with open(root / "requirements.txt", "a") as pins:
        pins.write(markdown_pin())
    with open(root / "requirements-dev.txt", "a") as pins:
        pins.write(markdown_pin())
    replace(root / "compose.yaml", "\n  postgres:\n", "\n  mail:\n    image: axllent/mailpit\n\n  postgres:\n")
    replace(root / "compose.yaml", "redis:8-alpine", "redis:8.2-alpine")
    replace(root / "Dockerfile", "postgresql-client pv tini", "gettext postgresql-client pv tini")
    replace(root / "etc/haproxy.cfg", "maxconn 2000", "maxconn 500")
    replace(root / ".gitignore", "*.swp\n", "*.swp\n/exports/\n")
    replace(root / ".env.base", 'PROJECT_NAME="', 'export TEAM="blue"\nPROJECT_NAME="')
    replace(root / "templates/home.html", "{% block", "{# the team's own words #}\n{% block")
    replace(root / "README.md", "\n", "\nOurs.\n")
    (root / "whitenoise_root/robots.txt").unlink()
    (root / "go.sh").chmod(0o700)
    project.go("pip-install.sh")
    project.manage("makemigrations", "blog")


def markdown_pin():
    """As `uv pip compile --generate-hashes` writes it."""
    listed = run(
        ["uv", "pip", "compile", "--no-header", "--no-annotate", "--generate-hashes", "-"],
        stdin="markdown~=3.9\n",
        env=dict(os.environ),
    ).stdout
    assert listed.startswith("markdown==")
    return listed


EDITS = {
    "ixcproject/settings/base.py": ['INSTALLED_APPS += ["blog"]', 'TIME_ZONE = "Europe/Vienna"'],
    "requirements.in": ["markdown~=3.9"],
    "requirements.txt": ["markdown=="],
    "requirements-dev.txt": ["markdown=="],
    "compose.yaml": ["image: axllent/mailpit", "redis:8.2-alpine"],
    "Dockerfile": ["gettext postgresql-client"],
    "etc/haproxy/haproxy.cfg": ["maxconn 500"],
    ".gitignore": ["/exports/"],
    ".env.base": ['export TEAM="blue"'],
    "templates/home.html": ["the team's own words"],
    "README.md": ["Ours."],
    "blog/models.py": ["class Post"],
}


def test_a_project_in_use_is_upgraded(make_project, newest):
    # With uv: since a newer `coverage` was published, no pip before 23.3 installs the lock of the first releases.
    project: Project = make_project("default", "used", "--release", FIRST)
    project.go("true", timeout=600)
    work_on(project)
    assert "passed" in project.go("runtests.sh").stdout
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Work")

    plan = json.loads(upgrade(project, "--release", newest, "--dry-run", "--json").stdout)
    classes = {change["path"]: change["class"] for change in plan["changes"]}
    assert "conflict" not in classes.values(), plan
    assert classes["etc/haproxy/haproxy.cfg"] == "merged", "moved, and changed on both sides"
    assert classes["jinja2/README.md"] == "removed"
    assert classes[".github/workflows/ci.yml"] == "new"
    assert git(project, "status", "--porcelain") == ""

    done = upgrade(project, "--release", newest, "--yes")
    assert "new question `ci`" in done.stdout, done.stdout
    assert "the default of `features` is now" in done.stdout
    for name, texts in EDITS.items():
        content = (project.path / name).read_text(encoding="utf-8")
        for text in texts:
            assert text in content, f"{name} lost {text!r}"
        assert not re.search(r"^(<{7}|>{7}) ", content, re.M)
    assert not (project.path / "etc/haproxy.cfg").exists()
    assert not (project.path / "whitenoise_root/robots.txt").exists()
    assert (project.path / "go.sh").stat().st_mode & 0o777 == 0o700

    # The newest release does without uv, with the pip that this machine brings.
    project.env = clean_environment()
    project.go("--reset")
    project.go("true", timeout=600)
    assert (project.path / "var/go.sh-venv/bin/pip").exists()
    assert "passed" in project.go("runtests.sh").stdout
    project.go("ruff", "check", ".")
    project.manage("check")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Upgrade")
    # The template's new secret files, and any of the team's, are encrypted although nobody set that up by hand.
    assert git(project, "cat-file", "blob", "HEAD:.env.production.secret").startswith("U2FsdGVk")
    assert "Nothing to do" in upgrade(project, "--release", newest, "--yes").stdout


def test_a_feature_is_added_with_the_upgrade(make_project, newest):
    """Answers change with the release: the new module, its package and its pins come together."""
    project = make_project("default", "asked", "--release", FIRST)
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Start")
    features = "compressor,storages,whitenoise,redis_cache,sentry"
    upgrade(project, "--release", newest, "--yes", "--answer", f"features={features}", "--answer", "ci=gitlab")
    assert "sentry.py" in (project.path / ".env.base").read_text()
    assert "sentry-sdk==" in (project.path / "requirements.txt").read_text()
    assert "ipython==" not in (project.path / "requirements-dev.txt").read_text()
    assert (project.path / ".gitlab-ci.yml").exists() and not (project.path / ".github").exists()
    before = git(project, "status", "--porcelain")
    assert before
    run([binary(), "undo"], cwd=project.path, env=project.env)
    assert git(project, "status", "--porcelain") == ""
