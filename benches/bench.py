"""What the benches share: the other tools, the same template for each of them, and a stopwatch.

The other tools are installed from the package index into a virtual environment in the user's cache. Set `IXD_TEMPLATE`
to measure another binary than `target/release/ixd-template`.
"""

import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "ixd-template-bench"
TOOLS = ["copier", "cookiecutter", "cruft"]

ENVIRONMENT = {
    "HOME": "/nonexistent",
    "PATH": os.environ["PATH"],
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


def binary():
    """Our own program, built for release."""
    given = os.environ.get("IXD_TEMPLATE")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    found = pathlib.Path(given) if given else target / "release/ixd-template"
    if not found.exists():
        sys.exit(f"{found} does not exist: run `cargo build --release`, or set IXD_TEMPLATE")
    return str(found.resolve())


def tool(name):
    """One of the other tools, installed on first use."""
    python = CACHE / "venv/bin/python"
    if not python.exists():
        print("installing copier, cookiecutter and cruft …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", CACHE / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *TOOLS, "jinja2-time"], check=True)
    return str(CACHE / "venv/bin" / name)


def versions():
    """The versions of the other tools, for the report."""
    python = CACHE / "venv/bin/python"
    listed = subprocess.run([python, "-m", "pip", "list", "--format=freeze"], check=True, capture_output=True, text=True)
    return ", ".join(line.replace("==", " ") for line in listed.stdout.split() if line.split("==")[0] in TOOLS)


class Work:
    """A folder for one bench, on a disk and not in memory; removed at the end."""

    def __enter__(self):
        CACHE.mkdir(parents=True, exist_ok=True)
        self.path = pathlib.Path(tempfile.mkdtemp(dir=CACHE, prefix="work-"))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def run(command, cwd, ok=(0,)):
    """Runs a command that must succeed, unmeasured."""
    done = subprocess.run(command, cwd=cwd, env={**ENVIRONMENT, "HOME": str(cwd)}, capture_output=True, text=True)
    if done.returncode not in ok:
        sys.exit(f"{command} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def once(command, cwd, ok=(0,)):
    """One run: wall seconds, CPU seconds, peak memory in MiB. All of the command's own processes count.

    The peak is never less than the stopwatch's own, about 12 MiB: what a process had before it became the command counts.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        # A process of its own, so that the peak of its children is that of this command alone.
        os.close(read)
        start = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**ENVIRONMENT, "HOME": str(cwd)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        wall = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in ok:
            os.write(2, f"{command} failed with {done.returncode}:\n".encode() + done.stderr)
            os._exit(1)
        os.write(write, f"{wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    if os.waitpid(child, 0)[1]:
        sys.exit(1)
    return tuple(map(float, text.split()))


def together(rows, runs):
    """Prints and returns the medians of several commands, which take turns: what else the machine does meets them all.

    A row is a name, a command, a function that prepares a folder for a run, and, if not only 0, the exit codes of success.
    """
    found = [[] for _ in rows]
    for _ in range(runs):
        for taken, (_, command, prepare, *ok) in zip(found, rows, strict=True):
            taken.append(once(command, prepare(), *ok))
    medians = [tuple(map(statistics.median, zip(*taken, strict=True))) for taken in found]
    for (name, *_), (wall, cpu, peak) in zip(rows, medians, strict=True):
        print(f"  {name:<36} {wall * 1000:>9.1f} ms {cpu * 1000:>9.1f} ms CPU {peak:>6.1f} MiB   {runs} runs", flush=True)
    return medians


def measure(name, command, prepare, runs, ok=(0,)):
    """[`together`] for one command."""
    return together([(name, command, prepare, ok)], runs)[0]


def goal(text, value, limit, unit="×", at_least=False):
    """Says whether a goal is met; returns it."""
    met = value >= limit if at_least else value <= limit
    word = "at least" if at_least else "at most"
    print(f"  {'met   ' if met else 'MISSED'} {text}: {value:.2f}{unit}, {word} {limit}{unit}", flush=True)
    return met


def content(number):
    """One file of the shared template: 40 lines, two with a variable, written `{{ NAME }}`."""
    lines = [f"line {line} of file {number}, which is as long as lines are" for line in range(40)]
    lines[3] = "title = {{ NAME }}"
    lines[20] = "owner = {{ NAME }} and others"
    return "\n".join(lines) + "\n"


def files(count, release, every=6):
    """Path → text of a template; one line changes in every so many files of the second release."""
    made = {}
    for number in range(count):
        text = content(number)
        if release == 2 and number % every == 0:
            text = text.replace("line 30 of", "line thirty, changed, of")
        made[f"part{number // 20}/sub/file{number}.txt"] = text
    return made


def write(folder, tree):
    for path, text in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def our_release(folder, tree, version, rendered=True):
    """The tree in our own layout."""
    manifest = f"name: bench\nversion: {version}\nquestions:\n  - {{name: title, prompt: Title, type: text, default: Shop}}\n"
    write(folder, {"template.yml": manifest})
    if rendered:
        tree = {f"{path}.tera": text.replace("NAME", "title") for path, text in tree.items()}
    write(folder / "project", tree)


def commit(folder, message, tag=None):
    if not (folder / ".git").exists():
        run(["git", "init", "-q"], folder)
    run(["git", "add", "-A"], folder)
    run(["git", "commit", "-qm", message], folder)
    if tag:
        run(["git", "tag", tag], folder)


def fresh(source, place):
    """Makes `place` a copy of `source`, which is on the disk before anything is measured."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(source, place, symlinks=True)
    os.sync()
    return place
