"""A lock installs for years: from an index that has got a higher version of every package since, by old and new tools."""

import json
import os
import re
import sys
import zipfile

import pytest
from support import index as indexes
from support.machine import ROOT, clean_environment, tool
from support.process import run
from support.project import ALL_FEATURES, KINDS, Project, binary, new, version

# The pip of Debian 12 is 23.0.1. A pip before 23.3 resolves `coverage[toml]` apart from the pin of coverage.
PIPS = ["22.3", "23.0.1", "23.2.1", "26.3"]
# The first one that the scripts use, and the one of tests/tools/requirements.txt.
UVS = ["0.2.37", "newest"]
LOCK = "requirements-dev.txt"
BUILD = "ixc_django_docker/requirements-build.txt"
UNREACHABLE = "http://127.0.0.1:9"

# Every package there is, and few of them, which takes less time; haystack is the feature whose package has no wheel.
KINDS.setdefault("complete", {"features": ALL_FEATURES, "docker": False})
KINDS.setdefault("small", {"features": ["haystack"], "docker": False})
KINDS.setdefault("tiny", {"features": [], "docker": False})
# Large, and needed by no other package.
HEAVY = ["ruff", "debugpy"]
# What has to do with extras: `pytest-cov` needs one, and `requirements.in` wants one.
FEW = "pytest-cov coverage pytest pluggy iniconfig packaging pygments psycopg psycopg-binary typing-extensions".split()


def pinned(project, name=LOCK):
    return dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", (project.path / name).read_text(), re.M))


def without(file, *names):
    """Takes packages out of a lock."""
    text = file.read_text()
    for name in names:
        text, count = re.subn(rf"^{name}==.*(?:\n .*)*\n", "", text, flags=re.M)
        assert count == 1, f"{file.name} has no {name}"
    file.write_text(text)


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """Projects to be copied; each has its own lock but for the complete one, whose files the index is made of."""
    made = {}
    for kind in ("complete", "small", "tiny"):
        path = tmp_path_factory.mktemp(kind) / "shop"
        new(path, KINDS[kind])
        made[kind] = Project(path, kind)
        made[kind].pins = pinned(made[kind])
    without(made["small"].path / LOCK, *HEAVY)
    without(made["tiny"].path / LOCK, *(name for name in pinned(made["tiny"]) if name not in FEW))
    return made


@pytest.fixture(scope="module")
def later(shops, tmp_path_factory):
    """The index in a year, and the versions that are pinned."""
    complete = shops["complete"].path
    files = indexes.fetch([complete / LOCK, complete / BUILD])
    raised = tmp_path_factory.mktemp("raised") / "files"
    versions = indexes.raise_all([file for file in files.iterdir() if file.suffix in (".whl", ".gz")], raised)
    with indexes.serve(files, raised) as index:
        index.versions, index.files = versions, files
        yield index


@pytest.fixture
def start(shops, later, tmp_path):
    """Copies a project to where nothing but the index can be reached: start(pip="23.0.1") or start(uv="0.2.37")."""

    def start(kind="small", pip=None, uv=None):
        project = shops[kind].copy(tmp_path / "shop")
        surround(project, later, tmp_path, pip, uv)
        return project

    return start


def surround(project, later, tmp_path, pip=None, uv=None):
    """Gives a project its environment: that index, that pip or uv, and no way to anywhere else."""
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "python3").symlink_to(sys.executable)
    env = clean_environment(TMPDIR=str(tmp_path), PIP_NO_COMPILE="1", PIP_INDEX_URL=later.url, PYTHON=sys.executable)
    env.pop("UV_DEFAULT_INDEX", None)
    env |= {name: UNREACHABLE for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
    env |= {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    env |= {"UV_CACHE_DIR": str(tmp_path / "uv-cache"), "PIP_CACHE_DIR": str(tmp_path / "pip-cache")}
    env["PATH"] = f"{bin}:{env['PATH']}"
    project.env = env
    if uv == "newest":
        (bin / "uv").symlink_to(tool("uv"))
    elif uv:
        wheel = indexes.fetch_tool("uv", uv)
        run([sys.executable, "-m", "pip", "install", "-q", "--no-index", "--target", bin / "of-uv", wheel], env=env)
        (bin / "uv").symlink_to(bin / "of-uv/bin/uv")
    if pip:
        venv = project.path / "var/go.sh-venv"
        made_with(venv, pip)
        (venv / ".go.sh").write_text(f"{project.path}\n")


def made_with(venv, pip):
    """A virtual environment with that pip, as a machine may have it."""
    if pip.startswith("22.") and sys.version_info >= (3, 12):
        pytest.skip(f"pip {pip} does not run on Python 3.12 and newer")
    run([sys.executable, "-m", "venv", "--without-pip", venv])
    with zipfile.ZipFile(indexes.fetch_tool("pip", pip)) as wheel:
        wheel.extractall(next(venv.glob("lib/python*/site-packages")))


def installed(project):
    code = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    found = json.loads(project.go("python", "-c", code).stdout.splitlines()[-1])
    return {indexes.normalised(name): version for name, version in found.items()}


def is_as_locked(project, later):
    """Each pinned version is installed, none is missing for this Python, and nothing else came with them."""
    found = installed(project)
    found = {name: version for name, version in found.items() if name not in ("pip", "setuptools")}
    pins = pinned(project)
    assert found == {name: pins[name] for name in found}
    assert {name for name in pins if name in later.versions} <= found.keys()
    assert "django-haystack" in found or project.kind == "tiny", "the one without a wheel"


def nothing_is_missing(project):
    run([tool("uv"), "pip", "check", "--python", project.path / "var/go.sh-venv/bin/python"], env=clean_environment())


@pytest.mark.parametrize("pip", PIPS)
def test_pip_installs_the_lock_years_later(pip, start, later):
    project = start("complete" if pip == "23.0.1" else "small", pip=pip)
    project.go("true", timeout=600)
    is_as_locked(project, later)
    assert f"pip {pip} " in project.go("python", "-m", "pip", "--version").stdout
    nothing_is_missing(project)
    project.manage("check")


@pytest.mark.parametrize("uv", UVS)
def test_uv_installs_the_lock_years_later(uv, start, later):
    """From the index that pip was told of: uv by itself knows nothing of PIP_INDEX_URL."""
    project = start("complete", uv=uv)
    project.go("true", timeout=600)
    is_as_locked(project, later)
    assert not (project.path / "var/go.sh-venv/bin/pip").exists(), "pip did it"
    nothing_is_missing(project)


def test_the_index_is_a_trap(start, later):
    """What release 0.2.0 did fails here, for the two reasons that there are: these tests can fail."""
    project = start(pip="23.0.1")
    file = project.path / LOCK
    pip = [project.path / "var/go.sh-venv/bin/python", "-m", "pip", "install", "-q", "-r", file]
    result = run(pip, env=project.env, check=False)
    assert result.returncode and "setuptools" in result.stderr, result.stderr
    without(file, "django-haystack")
    result = run(pip, env=project.env, check=False)
    assert result.returncode, "it was installed"
    assert "In --require-hashes mode" in result.stderr and "coverage[toml]" in result.stderr, result.stderr


BOTH = pytest.mark.parametrize("by", [{"pip": "23.0.1"}, {"uv": "newest"}], ids=str)


@BOTH
@pytest.mark.parametrize("name", ["pluggy", "psycopg-binary"])
def test_a_lock_with_a_gap_is_never_taken_for_a_complete_one(name, by, start):
    """Also where an extra needs what is missing, which `pip check` does not look at."""
    project = start("tiny", **by)
    file = project.path / LOCK
    without(file, name)
    # As a tool writes it that keeps extras.
    file.write_text(re.sub(r"(?m)^psycopg==", "psycopg[binary]==", file.read_text()))
    result = project.go("true", check=False, timeout=600)
    assert name in result.stderr and "no complete lock" in result.stderr, result.stderr
    if "pip" in by:
        # As it was with --require-hashes: nothing that has no hash.
        assert result.returncode
        assert "lock the requirements again" in result.stderr
    else:
        # As it was: uv takes it from the index.
        assert result.returncode == 0
        assert name in installed(project)


@BOTH
def test_a_gap_is_told_where_a_lock_leaves_the_extras_to_its_source(by, start):
    """Our own locks do. Neither tool can know better than the list that it is given, so it stays a gap, and is no silent one."""
    project = start("tiny", **by)
    without(project.path / LOCK, "psycopg-binary")
    result = project.go("true", check=False, timeout=600)
    assert result.returncode == 0, result.stderr
    assert "psycopg-binary" in result.stderr and "no complete lock" in result.stderr, result.stderr
    assert "still not there; lock the requirements again" in result.stderr, result.stderr


def test_a_file_without_hashes_is_resolved(start, later):
    project = start("tiny", pip="23.0.1")
    (project.path / LOCK).write_text("sqlparse>=0.1\n-r more.txt\n")
    (project.path / "more.txt").write_text("pytest-cov\n")
    result = project.go("true", check=False, timeout=600)
    assert result.returncode == 0, result.stderr
    found = installed(project)
    assert found["sqlparse"] == indexes.raised(later.versions["sqlparse"])
    assert "coverage" in found and "pytest" in found


def test_a_build_server_installs_the_lock(start, later):
    """The step of both systems, with the pip of the image."""
    project = start("tiny", pip="23.0.1")
    workflow = (project.path / ".github/workflows/ci.yml").read_text()
    step = re.search(r"- run: (.*pip-install\.sh.*)", workflow)[1]
    assert f"    - {step}\n" in (ROOT / "template/project/.gitlab-ci.yml.tera").read_text()
    venv = project.path / "var/go.sh-venv"
    env = project.env | {"PATH": f"{venv}/bin:{project.env['PATH']}"}
    run(["bash", "-ec", step], cwd=project.path, env=env, timeout=600)
    is_as_locked(project, later)


@BOTH
def test_without_a_network(by, start, later):
    """The first start says what to do; with the files at hand it works; a later one needs nothing."""
    project = start(**by)
    offline = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple/", "PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}
    result = project.go("true", check=False, timeout=600, **offline)
    where_to_look(result)
    here = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(later.files)}
    project.go("true", timeout=600, **offline, **here)
    is_as_locked(project, later)
    assert "install" not in project.go("true", **offline).stderr


@BOTH
def test_behind_a_proxy(by, start, later):
    """The only way to an index that this machine has no name for; when it is closed, the hint says where to look."""
    project = start("tiny", **by)
    there = {"PIP_INDEX_URL": "http://index.example/simple/", "PIP_TRUSTED_HOST": "index.example"}
    proxy = later.url.removesuffix("/simple/")
    result = project.go("true", check=False, timeout=600, PIP_RETRIES="0", UV_HTTP_RETRIES="0", **there)
    where_to_look(result)
    project.go("true", timeout=600, **there, **{name: proxy for name in ("http_proxy", "HTTP_PROXY")})
    assert any(path.startswith("http://index.example/simple/pytest-cov/") for path in later.asked)
    nothing_is_missing(project)


@BOTH
def test_an_index_that_wants_a_password(by, start, later):
    project = start("tiny", **by)
    result = project.go("true", check=False, timeout=600, PIP_INDEX_URL=later.url.replace("/simple/", "/closed/"))
    where_to_look(result)


def where_to_look(result):
    assert result.returncode
    assert "the index could not be asked" in result.stderr, result.stderr
    assert "Where packages come from" in result.stderr and "lock the requirements again" not in result.stderr


def test_another_file_than_the_locked_one_is_told(start):
    project = start("tiny", pip="23.0.1")
    file = project.path / LOCK
    file.write_text(re.sub(r"(?m)^(pluggy==.*(?:\n .*)*)", lambda m: re.sub("sha256:....", "sha256:0000", m[1]), file.read_text()))
    result = project.go("true", check=False, timeout=600)
    assert result.returncode
    assert "another file than the one that was locked" in result.stderr, result.stderr


@pytest.mark.parametrize("release", ["0.1.0", "0.2.0"])
def test_an_upgrade_mends_an_older_project(release, shops, later, tmp_path):
    path = tmp_path / "shop"
    kind = "small" if release != "0.1.0" else "tiny"
    new(path, KINDS[kind], "--release", release)
    project = Project(path, "minimal")
    git = ["git", "-C", path, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    run(["git", "init", "-q", path], env=clean_environment())
    run([*git, "add", "-A"], env=clean_environment())
    run([*git, "commit", "-qm", "Start"], env=clean_environment())
    argv = [binary(), "upgrade", "--yes", "--release", version()]
    if os.environ.get("IXD_TEMPLATE_FROM"):
        argv += ["--from", os.environ["IXD_TEMPLATE_FROM"]]
    result = run(argv, cwd=path, env=clean_environment(), timeout=60)
    assert "conflict" not in result.stdout + result.stderr
    for name in (BUILD, "ixc_django_docker/bin/pip-install.sh", "ixc_django_docker/bin/functions.sh"):
        assert (path / name).read_bytes() == (shops["small"].path / name).read_bytes(), name
    assert pinned(project) == shops[kind].pins
    if release == "0.1.0":
        # test_upgrade.py starts one of these.
        return
    without(path / LOCK, *HEAVY)
    surround(project, later, tmp_path, pip="23.0.1")
    project.go("true", timeout=600)
    nothing_is_missing(project)
    project.manage("check")


def test_one_script_installs(shops, make_project):
    """No other file of a project has its own idea of how a lock is installed."""
    for project in (shops["complete"], make_project("maximal", "places")):
        for file in project.files():
            if file.suffix in (".md", ".txt", ".in") or file.name == "pip-install.sh" or file.is_symlink():
                continue
            text = file.read_bytes().decode("utf-8", "replace")
            assert not re.search(r"pip install\b.* -r ", text), file
