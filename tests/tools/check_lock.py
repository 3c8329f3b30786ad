#!/usr/bin/env python3
"""Ask whether what `template/lock.json` gives for several sets of features fits together.

    python3 tests/tools/check_lock.py              # with uv, in seconds
    python3 tests/tools/check_lock.py --pip        # also the full set with pip, as the image does

Each set is resolved, without installing, with nothing but its own pins and hashes to choose from: a package that is
missing, or of a version that another one refuses, is an error. So is the full set for each Python and system that
projects run on: there must be a wheel with a known hash, but for the packages named below. Then the full set is
installed with `--no-deps`, and `check` must find nothing.
Needs `uv` on PATH (or `UV=/path/to/uv`) and a package index.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import refresh_lock

UV = os.environ.get("UV", "uv")
FEATURES = [
    "celery", "celery_email", "compressor", "debug_toolbar", "extensions", "haystack", "logentries", "master_password",
    "newrelic", "nginx", "post_office", "redis_cache", "sentry", "storages", "whitenoise",
]
SETS = [[], *([feature] for feature in FEATURES), ["compressor", "whitenoise"], FEATURES]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PLATFORMS = ["x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "x86_64-apple-darwin", "aarch64-apple-darwin"]
# Have no wheels, or none for macOS: they are built from their source, whose hash is in the lock as well.
BUILT = ["django-haystack"]
BUILT_ON_MACOS = [*BUILT, "newrelic", "rcssmin", "rjsmin"]


def requirements(name: str, features: list[str]) -> list[str]:
    """The requirements of `NAME.tera`, rendered for `features`; `nginx`, an answer of its own, is treated as one."""
    text = (refresh_lock.PROJECT / f"{name}.tera").read_text(encoding="utf-8")
    text = re.sub(
        r"\{%-? if ([^%]*?) -?%\}(.*?)\{%-? endif -?%\}",
        lambda block: block[2] if set(re.findall(r"\w+", block[1])) & set(features) else "",
        text,
        flags=re.DOTALL,
    )
    lines = []
    for line in (line.split(" #")[0].strip() for line in text.splitlines()):
        if line.startswith("-r "):
            lines += requirements(line[3:], features)
        elif line and not line.startswith("#"):
            lines.append(line)
    return lines


def pins(lock: dict, lines: list[str]) -> str:
    hashes = {(package["name"], package["version"]): package["hashes"] for package in lock["packages"]}
    return "".join(
        f"{name}=={version}{marker and f' ; {marker}'}"
        + "".join(f" \\\n    --hash=sha256:{digest}" for digest in hashes[name, version])
        + "\n"
        for (name, version), marker in refresh_lock.closure(lock, lines).items()
    )


def run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        sys.exit(f"error: `{command[0]}` is not on PATH\n\nhint: pip install uv, or set UV to its path")
    if done.returncode:
        sys.exit(f"error: {' '.join(command)}\n{done.stdout}{done.stderr}")


def main(arguments: list[str]) -> None:
    lock = json.loads(refresh_lock.LOCK.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        file, venv = Path(folder, "requirements.txt"), Path(folder, "venv")
        target = str(Path(folder, "none"))
        for name in ("requirements.in", "requirements-dev.in"):
            for features in SETS:
                file.write_text(pins(lock, requirements(name, features)), encoding="utf-8")
                run(UV, "pip", "install", "--dry-run", "--require-hashes", "--target", target, "-r", str(file))
                count = len(re.findall("^[a-z]", file.read_text(encoding="utf-8"), re.MULTILINE))
                print(f"{name}: {count:2} packages fit together: {' '.join(features) or 'no features'}", flush=True)

        for python in PYTHONS:
            for platform in PLATFORMS:
                built = BUILT_ON_MACOS if "darwin" in platform else BUILT
                run(
                    UV, "pip", "install", "--dry-run", "--require-hashes", "--only-binary=:all:",
                    *(f"--no-binary={name}" for name in built),
                    "--python-version", python, "--python-platform", platform, "--target", target, "-r", str(file),
                )
            print(f"Python {python}: files with known hashes for each of {len(PLATFORMS)} systems", flush=True)

        run(UV, "venv", "--clear", "--python", sys.executable, str(venv))
        run(UV, "pip", "install", "--python", str(venv), "--require-hashes", "--no-deps", "-r", str(file))
        run(UV, "pip", "check", "--python", str(venv))
        print("uv: the full set is installed and fits together", flush=True)

        if "--pip" in arguments:
            run(sys.executable, "-m", "venv", "--clear", str(venv))
            python = str(venv / "bin" / "python")
            run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(file))
            run(python, "-m", "pip", "check")
            print("pip: the full set is installed and fits together")


if __name__ == "__main__":
    main(sys.argv[1:])
