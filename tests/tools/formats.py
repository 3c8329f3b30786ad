#!/usr/bin/env python3
"""Merges real files of which one side (or both) went through a real formatter, and says how often the result is what the formatter makes of the edit.

    formats.py --binary target/release/ixd-template --files FOLDER [--count N] [--seed N] [--only python-black,yaml] [--both] [--save DIR]
    formats.py --program git --files FOLDER                  the same for `git merge-file`, as a baseline

FOLDER holds real files of any kind, in any depth. The formatters come from the registries into --cache. Each case is a file, what a formatter
makes of it, and the file with one edit (a value, an insertion or a deletion, one as often as the other); it is merged in both directions.
With --both each side has an edit of its own and went through the formatter, with one line length and with two.

right      clean, and the formatter makes of it what it makes of the edited file
conflict   left to a person
wrong      clean, and something else
turned     the two directions do not agree: one is clean, the other is not, or they do not say the same
kept       of the right ones: how many lines of the formatted side are in the result (of those that the right result has, too)

Shares no code with the merge. The status is 1 when a case is wrong.
"""

import argparse
import ast
import collections
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv

import yaml

PYTHON_TOOLS = ["black==26.10.1", "ruff==0.17.6", "pyproject-fmt==2.30.6"]
NODE_TOOLS = ["prettier@3.10.1", "@taplo/cli@0.7.0"]
EDITS = ["value", "insertion", "deletion"]
SIZES = range(200, 12_000)


class Loader(yaml.SafeLoader):
    """Reads any tag as a plain value: only the form is of interest."""


Loader.add_multi_constructor("", lambda loader, suffix, node: str(node.value)[:0])


def reads_yaml(text):
    list(yaml.load_all(text, Loader))


class Tools:
    """The formatters: each formats all files of a folder in place."""

    def __init__(self, cache):
        cache = cache.resolve()
        self.python, self.node = cache / "python" / "bin", cache / "node" / "node_modules" / ".bin"
        if not (self.python / "black").exists():
            venv.create(cache / "python", with_pip=True)
            subprocess.run([self.python / "pip", "install", "--quiet", *PYTHON_TOOLS], check=True)
        if not (self.node / "prettier").exists():
            (cache / "node").mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", *NODE_TOOLS], cwd=cache / "node", check=True)

    def run(self, *command, cwd):
        subprocess.run([str(part) for part in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def black(self, folder, wide):
        self.run(self.python / "black", "-q", "-l", 120 if wide else 88, *sorted(folder.iterdir()), cwd=folder)

    def ruff(self, folder, wide):
        self.run(self.python / "ruff", "format", "--isolated", "-q", f"--line-length={120 if wide else 88}", *sorted(folder.iterdir()), cwd=folder)

    def prettier(self, folder, wide):
        self.run(self.node / "prettier", "--no-config", "--write", "--print-width", 120 if wide else 80, *sorted(folder.iterdir()), cwd=folder)

    def taplo(self, folder, wide):
        options = ["-o", f"column_width={120 if wide else 80}", "-o", "reorder_keys=false"]
        self.run(self.node / "taplo", "format", "--force", *options, *sorted(path.name for path in folder.iterdir()), cwd=folder)

    def pyproject(self, folder, wide):
        for path in sorted(folder.iterdir()):
            self.run(self.python / "pyproject-fmt", "--column-width", 120 if wide else 80, path, cwd=folder)


# Name, the ends of its files, the formatter, what reads it.
FORMATS = {
    "python-black": ({".py"}, Tools.black, ast.parse),
    "python-ruff": ({".py"}, Tools.ruff, ast.parse),
    "yaml": ({".yml", ".yaml"}, Tools.prettier, reads_yaml),
    "json": ({".json"}, Tools.prettier, json.loads),
    "toml": ({".toml"}, Tools.taplo, tomllib.loads),
    "pyproject": ({"pyproject.toml"}, Tools.pyproject, tomllib.loads),
    "css": ({".css", ".scss"}, Tools.prettier, str),
}


def reads(reader, text):
    try:
        reader(text)
    except (SyntaxError, ValueError, yaml.YAMLError, RecursionError):
        return False
    return True


def valued(line, draw):
    """A line with one of its words or numbers changed; what a formatter does with an unknown @rule says nothing."""
    words = [found for found in re.finditer(r"(?<![@\w])[A-Za-z_]{2,}|\d+", line)]
    if not words:
        return None
    word = draw.choice(words)
    own = word.group()
    new = str(int(own[:15]) + draw.randint(1, 9)) if own.isdigit() else own + draw.choice(["x", "_new", "s"])
    return line[: word.start()] + new + line[word.end() :]


def stretch(lines, at, draw):
    """A line, often with what is indented under it or what closes it."""
    end = at + 1
    indent = len(lines[at]) - len(lines[at].lstrip())
    if draw.random() < 0.7:
        while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > indent:
            end += 1
        if end < len(lines) and lines[at].rstrip().endswith(("(", "[", "{")) and lines[end].strip().startswith((")", "]", "}")):
            end += 1
    return range(at, end)


def edit(lines, kind, draw, keep=range(0)):
    """One edit as (first line, line behind it, new lines); lines of `keep`, and those beside it, are left alone."""
    at = draw.randrange(len(lines))
    if not lines[at].strip():
        return None
    if kind == "value":
        found = valued(lines[at], draw)
        change = found and (at, at + 1, [found])
    else:
        span = stretch(lines, at, draw)
        if kind == "deletion":
            change = (span.start, span.stop, [])
        else:
            new = valued(lines[at], draw)
            change = new and (span.stop, span.stop, [new, *lines[span.start + 1 : span.stop]])
    if not change or (keep and change[0] <= keep.stop + 3 and keep.start - 3 <= change[1]):
        return None
    return change


def changed(lines, *changes):
    lines = list(lines)
    for start, end, new in sorted(changes, reverse=True):
        lines[start:end] = new
    return "".join(lines)


class Cases:
    """Files of one format, with edits; everything that the formatter has to see is formatted at once."""

    def __init__(self, name, tools, args):
        self.name, self.tools, self.args = name, tools, args
        self.ends, self.formatter, self.reader = FORMATS[name]
        self.draw = random.Random(f"{args.seed} {name}")

    def formatted(self, texts, wide=False):
        """What the formatter makes of texts; of two kinds of end the first in order, so that one text is one file."""
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            end = max(self.ends)
            names = [folder / (f"{at}{end}" if end.startswith(".") else f"{at}-{end}") for at in range(len(texts))]
            for start in range(0, len(texts), 200):
                part = folder / str(start)
                part.mkdir()
                for path, text in zip(names[start : start + 200], texts[start : start + 200], strict=False):
                    (part / path.name).write_text(text)
                self.formatter(self.tools, part, wide)
            return [(folder / str(at // 200 * 200) / path.name).read_text() for at, path in enumerate(names)]

    def files(self):
        paths = [path for path in sorted(self.args.files.rglob("*")) if path.is_file() and (path.suffix in self.ends or path.name in self.ends)]
        self.draw.shuffle(paths)
        texts, seen = [], set()
        for path in paths:
            if len(texts) > 2 * self.args.count or path.stat().st_size not in SIZES:
                continue
            try:
                text = path.read_text()
            except UnicodeDecodeError:
                continue
            if text not in seen and "\r" not in text and "\t\t\t\t\t" not in text and reads(self.reader, text):
                seen.add(text)
                texts.append(text)
        return texts

    def make(self):
        """(base, formatted base, edited, formatted edited, kind of edit); with --both other sides and the right result."""
        texts = self.files()
        plain = self.formatted(texts)
        wide = self.formatted(texts, wide=True)
        again = self.formatted(plain)
        pool = [text for text, one, two, three in zip(texts, plain, wide, again, strict=False) if one != text and two != text and one == three and reads(self.reader, one)]
        made = []
        for at in range(self.args.count):
            if not pool:
                break
            base, kind = pool[at % len(pool)], EDITS[at % 3]
            found = self.both(base, kind) if self.args.both else self.one(base, kind)
            if found:
                made.append((base, kind, *found))
        return made

    def tries(self, base, kind, keep=range(0)):
        lines = base.splitlines(keepends=True)
        for _ in range(60):
            change = edit(lines, kind, self.draw, keep)
            if change and changed(lines, change) != base and reads(self.reader, changed(lines, change)):
                return lines, change
        return None

    def one(self, base, kind):
        found = self.tries(base, kind)
        return found and (changed(*found),)

    def both(self, base, kind):
        found = self.tries(base, kind)
        other = found and self.tries(base, self.draw.choice(EDITS), range(found[1][0], found[1][1] + 1))
        if not other:
            return None
        lines = found[0]
        right = changed(lines, found[1], other[1])
        return (changed(*found), changed(*other), right) if reads(self.reader, right) else None

    def rounds(self):
        """Rows of (label, kind of edit, base, two sides, right result)."""
        made = self.make()
        bases = [row[0] for row in made]
        if not self.args.both:
            edited = [row[2] for row in made]
            first, right = self.formatted(bases), self.formatted(edited)
            # An edit that the formatter takes back, or cannot read, says nothing.
            rows = zip(made, first, edited, right, strict=False)
            yield self.name, [(row[1], row[0], one, two, want) for row, one, two, want in rows if want != one and want != two]
            return
        want = self.formatted([row[4] for row in made])
        ours = self.formatted([row[2] for row in made])
        for label, wide in (("one length", False), ("two lengths", True)):
            theirs = self.formatted([row[3] for row in made], wide)
            rows = zip(made, ours, theirs, want, strict=False)
            # What the formatter leaves as it was it could not read.
            sound = [(row, *texts) for row, *texts in rows if texts[2] not in texts[:2] and not set(texts) & set(row)]
            yield f"{self.name}, {label}", [(row[1], row[0], *texts) for row, *texts in sound]

    def merge(self, folder, base, ours, theirs):
        texts = {"base": base, "ours": ours, "theirs": theirs}
        for name, text in texts.items():
            (folder / name).write_text(text)
        end = max(self.ends)
        if self.args.program:
            command = ["git", "merge-file", "-p", "ours", "base", "theirs"]
        else:
            command = [self.args.binary, "merge-file", "base", "ours", "theirs", "--path", f"x{end}" if end.startswith(".") else end]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60)
        return done.stdout.decode() if done.returncode == 0 else None

    def report(self):
        wrong = 0
        for label, rows in self.rounds():
            with tempfile.TemporaryDirectory() as folder:
                results = [[self.merge(pathlib.Path(folder), base, *sides) for sides in ((one, two), (two, one))] for _, base, one, two, _ in rows]
            flat = [text for pair in results for text in pair if text is not None]
            known = dict(zip(flat, self.formatted(flat), strict=False))
            wrong += self.count(label, rows, results, known)
        return wrong

    def count(self, label, rows, results, known):
        counts, kinds, kept = collections.Counter(), {kind: collections.Counter() for kind in EDITS}, [0, 0]
        for number, ((kind, base, one, two, want), pair) in enumerate(zip(rows, results, strict=False)):
            verdicts = ["conflict" if text is None else "right" if known[text] == want else "wrong" for text in pair]
            counts.update(verdicts)
            kinds[kind].update(verdicts)
            if verdicts[0] != verdicts[1]:
                counts["turned"] += 1
            if verdicts[0] == "right" and not self.args.both:
                lines = collections.Counter(one.splitlines()) & collections.Counter(want.splitlines())
                kept[0] += (lines & collections.Counter(pair[0].splitlines())).total()
                kept[1] += lines.total()
            if self.args.save and set(verdicts) != {"right"}:
                self.keep(f"{label}-{number}-{kind}-{'-'.join(verdicts)}", base, one, two, want, pair)
        total = 2 * len(rows)
        share = {name: f"{100 * counts[name] / max(total, 1):.1f}" for name in ("right", "conflict", "wrong")}
        split = " ".join(f"{kind} {100 * of['right'] / max(of.total(), 1):.0f}" for kind, of in kinds.items())
        print(f"{label:26} {total:5} merges: right {share['right']:>5} % ({split})  conflict {share['conflict']:>5} %  wrong {counts['wrong']}  turned {counts['turned']}", end="")
        print(f"  kept {100 * kept[0] / kept[1]:.1f} %" if kept[1] else "", flush=True)
        return counts["wrong"]

    def keep(self, name, base, one, two, want, pair):
        folder = self.args.save / name.replace(" ", "-").replace(",", "")
        folder.mkdir(parents=True, exist_ok=True)
        texts = {"base": base, "formatted": one, "edited": two, "want": want, "out": pair[0], "turned": pair[1]}
        for file, text in texts.items():
            if text is not None:
                (folder / file).write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary")
    parser.add_argument("--program", choices=["git"])
    parser.add_argument("--files", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "formats")
    parser.add_argument("--count", type=int, default=120, help="cases of each format; each is two merges")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="names of formats, with commas")
    parser.add_argument("--both", action="store_true")
    parser.add_argument("--save", type=pathlib.Path)
    args = parser.parse_args()
    if not args.binary and not args.program:
        parser.error("--binary or --program is needed")
    args.binary = args.binary and str(pathlib.Path(shutil.which(args.binary) or args.binary).resolve())
    tools = Tools(args.cache)
    names = args.only.split(",") if args.only else list(FORMATS)
    return min(1, sum(Cases(name, tools, args).report() for name in names))


if __name__ == "__main__":
    sys.exit(main())
