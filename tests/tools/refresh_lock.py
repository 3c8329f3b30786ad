#!/usr/bin/env python3
"""Refresh `template/lock.json`, the resolution that every project's pins are taken from.

    python3 tests/tools/refresh_lock.py            # resolve again, newest versions, and write the file
    python3 tests/tools/refresh_lock.py --check    # only read the file and check that it is sound

Needs `uv` on PATH (or `UV=/path/to/uv`); everything else is the standard library. The roots are the
requirements of `template/project/requirements-dev.in.tera` (which includes `requirements.in.tera`), with
every feature on, and of the wrapper's `requirements-build.in`: all `{% … %}` tags are dropped, so each conditional block is kept. One resolution covers
every Python of `REQUIRES_PYTHON`, hence any subset of it fits together. `ALSO` names roots on top of them.

The format of lock.json
=======================

One JSON object; each package stands on one line, so that a refresh has a readable diff:

    {"requires_python": ">=3.11,<3.15",
     "packages": [
    {"name": "django", "version": "5.2.19", "marker": "", "dependencies": [EDGE, …],
     "extras": {"argon2": [EDGE, …]}, "hashes": ["<64 hex digits>", …]},
    …]}

- `name`: normalised as in PEP 503. Packages are sorted by name, then version.
- `version`: exact. A name appears twice only where the resolution forked.
- `marker`: PEP 508 marker that says when *this version* is the right one. Empty unless the name forked; the
  markers of a forked name exclude each other.
- EDGE: `{"name": "asgiref", "marker": "", "extras": []}`: the package needs `name` with these `extras`
  when `marker` holds (empty: always). An edge leads to every entry of that name: their own markers choose.
- `extras`: extra (normalised) → the additional edges it brings. Only extras that something asked for.
- `hashes`: sorted sha256 of the sdist and of the wheels for Linux and macOS on x86_64 and arm64, and of
  platform-free wheels. No address is stored: whoever installs chooses the index.

The closure
===========

To pin a set of requirements: start with one (name, extras, condition) per requirement, where condition is
the requirement's marker. Visit an entry with the edges of the package and of each asked extra; the
condition of what an edge leads to is `condition and edge.marker`. A package reached without condition is
unconditional; one reached under several conditions applies under any of them (`or`). What is written is
`name==version`, then `; ` with `condition and marker` if that is not empty, then one
`--hash=sha256:…` per hash. `closure` below is the reference; `check_lock.py` beside this file installs what it gives.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = REPOSITORY / "template" / "project"
LOCK = REPOSITORY / "template" / "lock.json"
REQUIRES_PYTHON = ">=3.11,<3.15"
# Locked although no requirements file has them in every rendering: other files of a project name them.
ALSO = ["pre-commit~=4.7", "supervisor~=4.3"]

# Wheels for systems that no project of ours runs on. They would double the size of the file.
FOREIGN = re.compile(
    r"-(?:win32|win_\w+|pyodide_\w+|emscripten_\w+|wasm\w*|ios_\w+|android_\w+"
    r"|(?:linux|manylinux|musllinux)\w*_(?:i686|armv\dl|ppc64le|ppc64|s390x|riscv64|loongarch64)"
    r"(?:\.\w+)*)\.whl$"
    r"|-(?:pp\d+|graalpy\d+)-"
)


class Unsound(Exception):
    """The lock cannot be used; the message says which entry and why."""


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_lines(path: Path) -> list[str]:
    """The requirements of a `.in.tera` file with every feature on, following `-r other.in`."""
    lines = []
    for line in re.sub(r"\{%.*?%\}", "", path.read_text(encoding="utf-8")).splitlines():
        line = line.split(" #")[0].strip()
        if line.startswith("-r "):
            lines += requirement_lines(path.parent / f"{line[3:].strip()}.tera")
        elif line and not line.startswith("#"):
            lines.append(line)
    return lines


def all_roots() -> list[str]:
    build = requirement_lines(PROJECT / "ixc_django_docker" / "requirements-build.in")
    return [*requirement_lines(PROJECT / "requirements-dev.in.tera"), *build, *ALSO]


def resolve(roots: list[str]) -> dict:
    """The parsed `uv.lock` of a scratch project that needs `roots`."""
    project = {"name": "scratch", "version": "0", "requires-python": REQUIRES_PYTHON, "dependencies": roots}
    with tempfile.TemporaryDirectory() as folder:
        lines = ["[project]"] + [f"{key} = {json.dumps(value)}" for key, value in project.items()]
        Path(folder, "pyproject.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        uv = os.environ.get("UV", "uv")
        try:
            subprocess.run([uv, "lock", "--python", sys.executable, "--directory", folder], check=True)
        except FileNotFoundError:
            sys.exit("error: `uv` is not on PATH\n\nhint: pip install uv, or set UV to its path")
        except subprocess.CalledProcessError as error:
            sys.exit(f"error: `uv lock` failed with exit code {error.returncode}; its message is above")
        return tomllib.loads(Path(folder, "uv.lock").read_text(encoding="utf-8"))


def edges(dependencies: list[dict]) -> list[dict]:
    """uv's edges without versions and sources. A forked name has one uv edge per version: they are
    joined into one, because the markers of the versions already tell them apart."""
    joined: dict[tuple, list[str]] = {}
    for edge in dependencies:
        key = (normalise(edge["name"]), tuple(sorted(edge.get("extra", []))), "version" in edge)
        joined.setdefault(key, []).append(edge.get("marker", ""))
    return [
        {"name": name, "marker": "" if forked or "" in markers else any_of(markers), "extras": list(extras)}
        for (name, extras, forked), markers in sorted(joined.items())
    ]


def reduce(lock: dict) -> list[dict]:
    packages = []
    for package in lock["package"]:
        if "virtual" in package["source"] or "editable" in package["source"]:
            continue
        files = [wheel for wheel in package.get("wheels", []) if not FOREIGN.search(wheel["url"])]
        files += [package["sdist"]] if "sdist" in package else []
        packages.append({
            "name": normalise(package["name"]),
            "version": package["version"],
            "marker": any_of(package.get("resolution-markers", [])),
            "dependencies": edges(package.get("dependencies", [])),
            "extras": {
                normalise(extra): edges(needs)
                for extra, needs in sorted(package.get("optional-dependencies", {}).items())
            },
            "hashes": sorted({file["hash"].removeprefix("sha256:") for file in files}),
        })
    return sorted(packages, key=lambda package: (package["name"], package["version"]))


def any_of(markers: list[str]) -> str:
    unique = sorted(set(markers))
    return unique[0] if len(unique) == 1 else " or ".join(f"({marker})" for marker in unique)


def all_of(*markers: str) -> str:
    given = [marker for marker in dict.fromkeys(markers) if marker]
    return given[0] if len(given) == 1 else " and ".join(f"({marker})" for marker in given)


def parse_requirement(line: str) -> tuple[str, frozenset, str]:
    match = re.match(r"([A-Za-z0-9._-]+)\s*(?:\[([^]]*)\])?[^;]*(?:;\s*(.*))?$", line)
    if not match:
        raise Unsound(f"`{line}` is not a requirement")
    extras = frozenset(normalise(extra.strip()) for extra in (match[2] or "").split(",") if extra.strip())
    return normalise(match[1]), extras, (match[3] or "").strip()


def closure(lock: dict, requirements: list[str]) -> dict[tuple[str, str], str]:
    """(name, version) → marker of every package that `requirements` need: the pins of one project."""
    by_name: dict[str, list[dict]] = {}
    for package in lock["packages"]:
        by_name.setdefault(package["name"], []).append(package)
    conditions: dict[tuple[str, str], set[str]] = {}
    queue, seen = [parse_requirement(line) for line in requirements], set()
    while queue:
        item = name, extras, condition = queue.pop()
        if item in seen:
            continue
        seen.add(item)
        if name not in by_name:
            raise Unsound(f"`{name}` is required but not in the lock")
        for package in by_name[name]:
            conditions.setdefault((name, package["version"]), set()).add(condition)
            needs = list(package["dependencies"])
            for extra in extras:
                needs += package["extras"].get(extra, [])
            for edge in needs:
                marker = all_of(condition, package["marker"], edge["marker"])
                queue.append((edge["name"], frozenset(edge["extras"]), marker))
    markers = {(package["name"], package["version"]): package["marker"] for package in lock["packages"]}
    return {
        key: all_of("" if "" in found else any_of(list(found)), markers[key])
        for key, found in sorted(conditions.items())
    }


def check(lock: dict) -> None:
    """Raises `Unsound` unless every edge leads somewhere, every package is needed and has hashes."""
    text = json.dumps(lock)
    if "://" in text:
        raise Unsound("an address is in the lock")
    for package in lock["packages"]:
        if not package["hashes"]:
            raise Unsound(f"`{package['name']}` has no hashes")
        if any(not re.fullmatch(r"[0-9a-f]{64}", value) for value in package["hashes"]):
            raise Unsound(f"`{package['name']}` has a hash that is not sha256")
    needed = closure(lock, all_roots())
    for package in lock["packages"]:
        if (package["name"], package["version"]) not in needed:
            raise Unsound(f"`{package['name']}` is in the lock but nothing needs it")


def write(lock: dict, path: Path) -> None:
    packages = ",\n".join(json.dumps(package) for package in lock["packages"])
    python = json.dumps(lock["requires_python"])
    path.write_text(f'{{"requires_python": {python}, "packages": [\n{packages}\n]}}\n', encoding="utf-8")


def main(arguments: list[str]) -> None:
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    if not arguments:
        write({"requires_python": REQUIRES_PYTHON, "packages": reduce(resolve(all_roots()))}, LOCK)
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    try:
        check(lock)
    except Unsound as error:
        sys.exit(f"error: {LOCK} is unsound: {error}")
    hashes = sum(len(package["hashes"]) for package in lock["packages"])
    print(f"{LOCK.relative_to(REPOSITORY)}: {len(lock['packages'])} packages, {hashes} hashes, sound")


if __name__ == "__main__":
    main(sys.argv[1:])
