#!/usr/bin/env python3
"""Makes `snapshots/legacy/lines.txt`: which lines an older template once had, as hashes.

    tests/tools/legacy_lines.py --moves snapshots/legacy/moves.txt CLONE[:FOLDER]... > snapshots/legacy/lines.txt

Each CLONE is a git clone with its whole history, FOLDER the place of the template in it. The file in this repository was
made from the public histories of `ixc/ixc-django-docker:project_template`, `ixc/ixc-project-template` and
`ic-labs/django-icekit:project_template`.

What it holds are facts about text, not text: for every path the template ever had, the first 12 hex digits of the SHA-256
of each line (without the spaces at its end; empty lines are left out), `*N` behind it where one version had it N times,
and `=` before that of each whole version. A path with a variable in it, and a file that is not text, is left out.
"""

import argparse
import collections
import hashlib
import pathlib
import subprocess
import sys

DIGITS = 12
# Templates write the project's name like this; `startproject.sh` put the real one in.
NAME = "project_template"
HEAD = """\
# What lines an older template once had, as hashes: see README.md beside this file.
# Made by tests/tools/legacy_lines.py; do not edit.
name {name}
"""


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGITS]


def git(clone: str, *args: str, data: bytes | None = None) -> bytes:
    return subprocess.run(["git", "-C", clone, *args], input=data, capture_output=True, check=True).stdout


def versions(clone: str, folder: str):
    """Yields (path below folder, bytes) of every version of every file, on every branch."""
    prefix = f"{folder.strip('/')}/" if folder else ""
    raw = git(clone, "log", "--all", "-m", "--raw", "--no-abbrev", "--no-renames", "-z", "--format=", "--", prefix or ".")
    fields = raw.decode("utf-8", "surrogateescape").split("\0")
    seen = set()
    index = 0
    while index + 1 < len(fields):
        head, path = fields[index].strip(), fields[index + 1]
        index += 2
        if not head.startswith(":"):
            index -= 1
            continue
        _, mode, _, blob, _ = head.split(" ")
        if path.startswith(prefix) and mode.startswith("100"):
            seen.add((path[len(prefix):], blob))
    blobs = sorted({blob for _, blob in seen})
    batch = git(clone, "cat-file", "--batch", data="\n".join(blobs).encode() + b"\n")
    content, at = {}, 0
    for blob in blobs:
        end = batch.index(b"\n", at)
        size = int(batch[at:end].split()[2])
        content[blob] = batch[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    for path, blob in sorted(seen):
        yield path, content[blob]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="+", metavar="CLONE[:FOLDER]")
    parser.add_argument("--name", default=NAME, help="how the template writes the project's name [%(default)s]")
    parser.add_argument("--moves", type=pathlib.Path, help="a `moves.txt`: paths that it does not name are left out")
    args = parser.parse_args()
    only = None
    if args.moves:
        named = (line.split(" -> ")[0].lstrip("~").strip() for line in args.moves.read_text().splitlines())
        only = {path for path in named if path and not path.startswith("#")}
    blobs = collections.defaultdict(set)
    lines = collections.defaultdict(collections.Counter)
    for source in args.sources:
        clone, _, folder = source.partition(":")
        for path, data in versions(clone, folder):
            if b"\0" in data or "{{" in path or (only is not None and path not in only):
                continue
            blobs[path].add(digest(data))
            counts = collections.Counter(
                digest(line) for line in (line.rstrip() for line in data.split(b"\n")) if line
            )
            for line, count in counts.items():
                lines[path][line] = max(lines[path][line], count)
    out = sys.stdout
    out.write(HEAD.format(name=args.name))
    for path in sorted(blobs):
        out.write(f"\n> {path}\n")
        out.writelines(f"={blob}\n" for blob in sorted(blobs[path]))
        out.writelines(f"{line}*{count}\n" if count > 1 else f"{line}\n" for line, count in sorted(lines[path].items()))


if __name__ == "__main__":
    main()
