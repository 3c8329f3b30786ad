"""npm-install.sh takes the tool that the lock file is from; bower-install.sh serves projects that still have a bower.json."""

import json
import shutil

import pytest
from support.machine import CACHE, clean_environment, tool
from support.process import run

TOOLS = {"yarn": "1.22.22", "pnpm": "10.34.8", "bower": "1.8.14"}
LOCKS = {"npm": "package-lock.json", "yarn": "yarn.lock", "pnpm": "pnpm-lock.yaml"}


@pytest.fixture(scope="module")
def node():
    """A PATH with Node.js and each of the tools."""
    folder = CACHE / "-".join(["node", *(f"{name}{version}" for name, version in TOOLS.items())])
    path = f"{folder}/node_modules/.bin:{tool('node').rpartition('/')[0]}"
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        packages = [f"{name}@{version}" for name, version in TOOLS.items()]
        env = clean_environment() | {"PATH": f"{path}:{clean_environment()['PATH']}"}
        run(["npm", "install", "--no-audit", "--no-fund", *packages], cwd=folder, env=env)
        (folder / ".complete").touch()
    return path


@pytest.fixture
def project(default, node, tmp_path):
    """A copy that needs one package, which lies in a folder of its own: no registry is asked."""
    copy = default.copy(tmp_path / "shop")
    (copy.path / ".env.local").write_text("")
    for name in LOCKS.values():
        (copy.path / name).unlink(missing_ok=True)
    thing = copy.path / "vendor/thing"
    thing.mkdir(parents=True)
    (thing / "package.json").write_text('{"name": "thing", "version": "1.2.3"}')
    (thing / "bower.json").write_text('{"name": "thing", "version": "1.2.3"}')
    (thing / "thing.css").write_text("a { color: red }\n")
    (copy.path / "package.json").write_text(package({"thing": "file:./vendor/thing"}))
    copy.env["PATH"] = f"{node}:{copy.env['PATH']}"

    def go(*argv, check=True, **env):
        argv = ["ixc_django_docker/bin/entrypoint.sh", *argv]
        return run(argv, cwd=copy.path, env=copy.env | env, timeout=120, check=check)

    copy.go = go
    return copy


def package(dependencies):
    return json.dumps({"name": "shop", "version": "1.0.0", "private": True, "dependencies": dependencies})


@pytest.mark.parametrize("manager", LOCKS)
def test_the_lock_file_says_which_tool(project, manager):
    modules, mark = project.path / "node_modules", project.path / "node_modules/.npm-install.sh"
    run([manager, "install"], cwd=project.path, env=project.env)
    assert (project.path / LOCKS[manager]).exists()
    shutil.rmtree(modules)
    lock = (project.path / LOCKS[manager]).read_bytes()

    first = project.go("npm-install.sh")
    assert f"installing node_modules with {manager}" in first.stderr
    assert (modules / "thing/thing.css").exists() and mark.exists()
    assert (project.path / LOCKS[manager]).read_bytes() == lock
    assert project.go("npm-install.sh").stderr == "", "nothing changed, so nothing is done"

    # A lock that does not fit is an error, not a reason to take whatever is newest.
    (project.path / "vendor/other").mkdir()
    (project.path / "vendor/other/package.json").write_text('{"name": "other", "version": "1.0.0"}')
    (project.path / "package.json").write_text(package({"thing": "file:./vendor/thing", "other": "file:./vendor/other"}))
    refused = project.go("npm-install.sh", check=False, CI="true")
    assert refused.returncode and "commit both" in refused.stderr, refused.stderr
    assert (project.path / LOCKS[manager]).read_bytes() == lock


def test_without_the_tool_the_site_works_all_the_same(project):
    (project.path / "yarn.lock").write_text("")
    without = project.go("npm-install.sh", PATH=clean_environment()["PATH"])
    if shutil.which("yarn", path=clean_environment()["PATH"]) is None:
        assert "yarn is not on PATH" in without.stderr


@pytest.mark.parametrize("folder", ["bower_components", "static/vendor"])
def test_bower_components_are_installed_for_who_still_has_them(project, folder):
    assert project.go("bower-install.sh").stderr == "", "without a bower.json it does nothing"
    dependency = str(project.path / "vendor/thing")
    (project.path / "bower.json").write_text(json.dumps({"name": "shop", "dependencies": {"thing": dependency}}))
    if folder != "bower_components":
        (project.path / ".bowerrc").write_text(json.dumps({"directory": folder}))
    first = project.go("bower-install.sh")
    assert f"into {folder}" in first.stderr
    assert (project.path / folder / "thing/thing.css").exists()
    assert project.go("bower-install.sh").stderr == ""
    (project.path / "bower.json").write_text(json.dumps({"name": "shop", "dependencies": {"thing": "/no/such"}}))
    refused = project.go("bower-install.sh", check=False)
    assert refused.returncode and "could not install" in refused.stderr


def test_bower_is_named_when_it_is_missing(project):
    (project.path / "bower.json").write_text('{"name": "shop"}')
    result = project.go("bower-install.sh", PATH=clean_environment()["PATH"])
    if shutil.which("bower", path=clean_environment()["PATH"]) is None:
        assert "npm install bower" in result.stderr
