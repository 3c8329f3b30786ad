#!/usr/bin/env python3
"""Scores a three-way merge command against what people made of real merges, beside `git merge-file`.

    merge_score.py CASES 'ixd-template merge-file {base} {ours} {theirs} --path {path}' [--list FILE] [--only KIND]

CASES is a folder of folders, each with `base`, `ours`, `theirs`, `human` and `meta.json` ({"path": the file's name}).
The command prints the merge and exits 0 when it is clean, 1 when it holds conflicts; anything else is an error.

right      clean, and byte for byte what the person made
differ     clean, and something else
conflict   left to a person
invalid    clean, but not well formed although all three inputs are
unsound    clean, but some fact of the file is not the three-way merge of the facts of the three
lost       clean, but a line that nobody took out is gone
revived    clean, but a line is back that one side took out
moved      git merges the case cleanly, and the result is not git's
"""

import argparse
import ast
import collections
import json
import pathlib
import re
import shlex
import subprocess
import sys

try:
    import tomllib
except ImportError:  # Python 3.10
    tomllib = None
try:
    import yaml
except ImportError:
    yaml = None

COLUMNS = ["right", "differ", "conflict", "error", "invalid", "unsound", "lost", "revived", "moved"]


def kind_of(path):
    name = path.lower().rsplit("/", 1)[-1]
    if re.search(r"(requirements|constraints).*\.(txt|in|pip)$", path.lower()):
        return "requirements"
    if "compose" in name and name.endswith((".yml", ".yaml")):
        return "compose"
    if name.endswith((".yml", ".yaml")):
        return "yaml"
    if name.endswith(".toml"):
        return "toml"
    if name.endswith("ignore"):
        return "ignore"
    if name.startswith(".env") or name.endswith(".env"):
        return "dotenv"
    if name.endswith(".json"):
        return "json"
    if name.endswith(".py"):
        return "settings.py" if "settings" in path.lower() else "other .py"
    if name.endswith((".cfg", ".ini")) or name == ".flake8":
        return "ini"
    if "dockerfile" in name:
        return "dockerfile"
    return "other"


def parse(kind, text):
    """The value of a file, or None; raises when it is not well formed."""
    if kind in ("compose", "yaml") and yaml:
        return list(yaml.load_all(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    if kind == "toml" and tomllib:
        return tomllib.loads(text)
    if kind == "json":
        return json.loads(text)
    if kind in ("settings.py", "other .py"):
        ast.parse(text)
    return None


def facts(value, path=()):
    """(path, key) -> values of settings, and elements of lists, as multisets."""
    found = collections.Counter()
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, (dict, list)):
                found[(path, str(key), "{}")] += 1
                found += facts(inner, (*path, str(key)))
            else:
                found[(path, str(key), repr(inner))] += 1
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict):
                named = [str(inner[key]) for key in ("repo", "id", "name", "uses") if isinstance(inner.get(key), str)]
                found += facts(inner, (*path, re.sub("@.*", "", named[0]) if named else "[]"))
            else:
                found[(path, "[]", json.dumps(inner, default=str))] += 1
    return found


def lines(text):
    plain = (" ".join(line.split()).rstrip(",") for line in text.splitlines())
    return collections.Counter(line for line in plain if line)


def blurred(line):
    return re.sub(r"[0-9a-f]{12,}|\d[\w.]*", "#", line)


def judge(kind, texts, merged):
    """What is wrong with a clean result."""
    flags = set()
    try:
        values = [parse(kind, text) for text in texts]
    except Exception:
        values = None
    if values is not None:
        try:
            result = parse(kind, merged)
        except Exception:
            return {"invalid"}
        if result is not None:
            base, ours, theirs, out = (facts(value) for value in [*values, result])
            for key in base | ours | theirs | out:
                b, o, t, r = base[key], ours[key], theirs[key], out[key]
                expected = o if o == t or b == t else t if b == o else None
                both_changed = key[1] != "[]" and any(
                    ours[other] != base[other] for other in pairs(key, base, ours)
                ) and any(theirs[other] != base[other] for other in pairs(key, base, theirs))
                if both_changed and r <= max(o, t):
                    continue
                if expected is None and min(o, t) <= r <= max(o, t) or r == expected:
                    continue
                if key[1] == "[]" and blurred_equal(key, ours, theirs, out):
                    continue
                flags.add("unsound")
    base, ours, theirs, out = (lines(text) for text in [*texts, merged])
    for line in base | ours | theirs | out:
        b, o, t, r = base[line], ours[line], theirs[line], out[line]
        if r < min(o, t) or (r == 0 and b == 0 and max(o, t) and not any(blurred(line) == blurred(x) for x in out)):
            flags.add("lost")
        if b and r > max(o, t) or b and r >= b and r > min(o, t) and min(o, t) < b and max(o, t) <= b:
            flags.add("revived")
        if kind in ("requirements", "ignore", "dotenv") and r > max(o, t, 1 if b else max(o, t)):
            flags.add("unsound")
    return flags


def pairs(key, one, other):
    return [found for found in one | other if found[:2] == key[:2]]


def blurred_equal(key, ours, theirs, out):
    def same(found):
        return found[:2] == key[:2] and blurred(found[2]) == blurred(key[2])

    return any(same(found) for found in ours) and any(same(found) for found in theirs) and any(same(found) for found in out)


def run(command, case, path):
    names = {name: str(case / name) for name in ("base", "ours", "theirs")}
    arguments = [part.format(path=path, **names) for part in shlex.split(command)]
    try:
        done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
    except subprocess.TimeoutExpired:
        return 99, b""
    return done.returncode, done.stdout


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("cases", type=pathlib.Path)
    arguments.add_argument("command")
    arguments.add_argument("--list", type=pathlib.Path, help="write the verdict of each case to this file")
    arguments.add_argument("--only", help="one kind only")
    options = arguments.parse_args()
    table, git_table, verdicts = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter), []
    for case in sorted(options.cases.iterdir()):
        path = json.loads((case / "meta.json").read_text())["path"]
        kind = kind_of(path)
        if options.only and kind != options.only:
            continue
        human = (case / "human").read_bytes()
        git_code, git_bytes = run("git merge-file -p {ours} {base} {theirs}", case, path)
        code, merged = run(options.command, case, path)
        row, flags = table[kind], set()
        row["n"] += 1
        git_table[kind]["conflict" if git_code else "right" if git_bytes == human else "differ"] += 1
        if code == 0:
            verdict = "right" if merged == human else "differ"
            try:
                if verdict == "right":
                    raise LookupError  # what a person made is not to be judged
                texts = [(case / name).read_text("utf-8") for name in ("base", "ours", "theirs")]
                flags = judge(kind, texts, merged.decode())
            except (UnicodeDecodeError, LookupError):
                pass
        else:
            verdict = "conflict" if code == 1 else "error"
        if git_code == 0 and git_bytes != merged:
            flags.add("moved")
        for name in [verdict, *flags]:
            row[name] += 1
        git_verdict = "conflict" if git_code else "clean"
        verdicts.append(f"{case.name}\t{kind}\t{verdict}\t{','.join(sorted(flags)) or '-'}\tgit:{git_verdict}\t{path}")
    show(table, git_table)
    if options.list:
        options.list.write_text("\n".join(verdicts) + "\n")


def show(table, git_table):
    total, git_total = sum(table.values(), collections.Counter()), sum(git_table.values(), collections.Counter())
    head = f"{'kind':14}{'n':>5} |{'git right':>10}{'git differ':>11} |" + "".join(f"{name:>9}" for name in COLUMNS)
    print(head, "-" * len(head), sep="\n")
    for kind in [*sorted(table), "all"]:
        row, git = (total, git_total) if kind == "all" else (table[kind], git_table[kind])
        cells = "".join(f"{row[name] or '.':>9}" for name in COLUMNS)
        print(f"{kind:14}{row['n']:>5} |{git['right']:>10}{git['differ']:>11} |{cells}")
    if total["n"]:
        print(f"right: {total['right'] / total['n']:.1%}, git: {git_total['right'] / total['n']:.1%}")


if __name__ == "__main__":
    sys.exit(main())
