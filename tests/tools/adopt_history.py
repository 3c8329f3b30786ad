#!/usr/bin/env python3
"""Adopts projects of an older template, made from its history and edited by chance, and says what came out.

    tests/tools/adopt_history.py ixd-template CLONE:FOLDER [--runs 40] [--release VERSION]

CLONE:FOLDER is as for `legacy_lines.py`. Each run takes the template at one commit, puts a project's name in, edits some of
its files, and adopts it. Counted are the projects that were recognised, the team's lines that are nowhere afterwards (there
must be none), and those whose files are not byte for byte as before once it was taken back (likewise). Too long for a build
server, and it needs the clone: run it by hand.
"""

import argparse
import pathlib
import random
import re
import subprocess
import sys
import tempfile

IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]


def run(*args: str, cwd: pathlib.Path, check: bool = True) -> subprocess.CompletedProcess:
    return subprocess.run(args, cwd=cwd, check=check, capture_output=True)


def make(root: pathlib.Path, clone: str, folder: str, commit: str) -> None:
    root.mkdir()
    archive = run("git", "-C", clone, "archive", commit, folder, cwd=root)
    depth = len(folder.strip("/").split("/"))
    subprocess.run(["tar", "x", f"--strip-components={depth}"], cwd=root, input=archive.stdout, check=True)
    for path in files(root):
        data = path.read_bytes()
        path.write_bytes(data.replace(b"project_template", root.name.encode()))
    run("git", "init", "-q", cwd=root)


def files(root: pathlib.Path) -> list[pathlib.Path]:
    found = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if ".git" not in path.relative_to(root).parts)


def edit(root: pathlib.Path, dice: random.Random) -> set[str]:
    """Edits a part of the files; returns the lines that are the team's."""
    share, own, number = dice.choice([0.0, 0.2, 0.5, 0.8]), set(), 0
    for path in files(root):
        try:
            lines = path.read_text().split("\n")
        except UnicodeDecodeError:
            continue
        if dice.random() >= share:
            continue
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(lines))
            kind = dice.choice(["insert", "insert", "insert", "change", "delete", "copy"])
            number += 1
            if kind == "insert":
                indent = re.match(r"\s*", lines[at])[0]
                lines.insert(at, f"{indent}# the team's line {number}")
            elif kind == "change":
                lines[at] = f"{lines[at]} # changed by the team {number}"
            elif kind == "copy":
                lines.insert(at, dice.choice(lines))
            elif len(lines) > 1:
                del lines[at]
        path.write_text("\n".join(lines))
        own |= {line.strip() for line in lines if "the team" in line}
    return own


def tree(root: pathlib.Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mode) for path in files(root)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("source", metavar="CLONE:FOLDER")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--release", default=None)
    args = parser.parse_args()
    clone, _, folder = args.source.partition(":")
    binary = str(args.binary.resolve())
    log = run("git", "-C", clone, "log", "--format=%H", "--", folder, cwd=pathlib.Path("/"))
    commits = log.stdout.decode().split()
    counts = dict.fromkeys(("runs", "recognised", "clean", "own lines", "lost", "not restored", "failed"), 0)
    for number in range(args.runs):
        dice = random.Random(args.seed * 100_000 + number)
        commit = dice.choice(commits)
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch) / "museum"
            make(root, clone, folder, commit)
            own = edit(root, dice)
            run("git", "add", "-Af", cwd=root)
            run("git", *IDENTITY, "commit", "-qm", "as it was", cwd=root)
            before = tree(root)
            release = ["--release", args.release] if args.release else []
            ran = run(binary, "upgrade", "--adopt", "--yes", *release, cwd=root, check=False)
            counts["runs"] += 1
            if ran.returncode not in (0, 3):
                counts["failed"] += b"resemble no release" not in ran.stderr
                print(f"{commit[:8]} ({len(own)} own lines): {ran.stderr.decode().splitlines()[0]}")
                continue
            counts["recognised"] += 1
            counts["clean"] += ran.returncode == 0
            after = b"\n".join(path.read_bytes() for path in files(root)).decode(errors="replace")
            lost = [line for line in own if line not in after]
            counts["own lines"] += len(own)
            counts["lost"] += len(lost)
            for line in lost:
                print(f"{commit[:8]} run {number} lost: {line}")
            back = ["undo"] if ran.returncode == 0 else ["upgrade", "--abort"]
            run(binary, *back, cwd=root, check=False)
            if tree(root) != before:
                counts["not restored"] += 1
                print(f"{commit[:8]} run {number}: not as it was")
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    sys.exit(counts["lost"] + counts["not restored"] + counts["failed"] > 0)


if __name__ == "__main__":
    main()
