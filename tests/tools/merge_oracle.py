#!/usr/bin/env python3
"""Merges random edits of random files, and checks the results against what the files' own readers say. Shares no code with the merge.

    merge_oracle.py --binary target/release/ixd-template [--count MERGES] [--seed N] [--formats compose,toml] [--kinds 1,2]
    merge_oracle.py --program git            the same for `git merge-file`, as a baseline
    merge_oracle.py --binary … --case 4711   one case again: its sides, what came out, and why it is a fault

Each case is merged in both directions. Kinds of fault:

1  taken out by one side, edited or moved by the other: dropped or back     2  a list that is no set was joined, or its order is another
3  one entry twice, or added by both with another value                     4  an edit is lost, or was decided without a person
5  one side's part of the conflicts loses what only the other side changed  invalid  the result is not well formed
asymmetric  one direction is clean, the other is not                        crash    neither clean nor a conflict

The last line says how many were flagged; the status is 1 when any was.
"""

import argparse
import collections
import multiprocessing
import os
import pathlib
import shutil
import signal
import sys
import tempfile

sys.dont_write_bytecode = True
from oracle.case import CLEAN, CONFLICT, itself, judge, make, shrink  # noqa: E402
from oracle.make import FORMATS  # noqa: E402

KINDS = [1, 2, 3, 4, 5, "invalid", "asymmetric", "crash"]
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
SECONDS = 20


class Runner:
    """Runs the program on three texts; its folder is in memory where there is one."""

    def __init__(self, program, within):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=within))
        self.program = program
        self.environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}

    def close(self):
        shutil.rmtree(self.folder)

    def merge(self, case, turned):
        base, *sides = case.texts
        texts = {"base": base, "ours": sides[turned], "theirs": sides[1 - turned]}
        for name, text in texts.items():
            (self.folder / name).write_text(text)
        base, ours, theirs = (str(self.folder / name) for name in texts)
        if self.program == "git":
            command = ["git", "merge-file", "-p", ours, base, theirs]
        else:
            command = [self.program, "merge-file", base, ours, theirs, "--path", case.doc.path]
        status = self.run(command)
        text = (self.folder / "out").read_bytes().decode(errors="replace")
        if self.program == "git" and 0 < status < 128:
            status = CONFLICT
        return status, text

    def run(self, command):
        new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(self.folder / "out"), new, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        child = os.posix_spawnp(command[0], command, self.environment, file_actions=actions)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
        signal.alarm(SECONDS)
        _, status = os.waitpid(child, 0)
        signal.alarm(0)
        return os.waitstatus_to_exitcode(status)

    def both(self, case):
        return [self.merge(case, turned) for turned in (0, 1)]


def work(task):
    """The merges of some case numbers: counts by format, and the first fault of each case."""
    options, numbers = task
    runner, table, flagged = Runner(options.binary, options.folder), collections.Counter(), []
    try:
        for number in numbers:
            case = make(options.seed, number, options.formats)
            wrong = list(itself(case))
            if wrong:
                raise SystemExit(f"error: case {number}: the oracle does not read what it wrote: {wrong}")
            runs = runner.both(case)
            table[case.name, "merges"] += 2
            table[case.name, "clean"] += sum(status == CLEAN for status, _ in runs)
            faults = [fault for fault in judge(case, runs) if str(fault[0]) in options.kinds]
            if faults:
                table[case.name, faults[0][0]] += 1
                flagged.append((number, case.name, *faults[0]))
    finally:
        runner.close()
    return table, flagged


def show(case, runs, turned, save=None):
    base, *sides = case.texts
    texts = {"base": base, "ours": sides[turned], "theirs": sides[1 - turned], "result": runs[turned][1]}
    if save:
        save.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (save / name).write_text(text)
        (save / "path").write_text(case.doc.path + "\n")
        return
    for name, text in texts.items():
        print(f"--- {name}\n{text}", end="")


def explain(options, number, wanted, save=None):
    """Prints a case, or saves it; made smaller as long as it stays a fault of its kind."""
    runner = Runner(options.binary, options.folder)
    try:
        case = make(options.seed, number, options.formats)

        def faults(case):
            return [fault for fault in judge(case, runner.both(case)) if wanted is None or fault[0] == wanted]

        found = faults(case)
        if options.shrink and found:
            kind = found[0][0]
            case = shrink(case, lambda less: any(fault[0] == kind for fault in judge(less, runner.both(less))[:1]))
            found = faults(case)
        runs = runner.both(case)
        if not save:
            print(f"=== case {number}, {case.name}, {case.doc.path}: statuses {[status for status, _ in runs]}")
            for kind, why, turned in found:
                print(f"{kind}: {why}" + (" (exchanged)" if turned else ""))
        turned = found[0][2] if found else 0
        show(case, runs, turned, save)
        if save:
            (save / "why").write_text("".join(f"{kind}: {why}\n" for kind, why, _ in found))
    finally:
        runner.close()


def report(table, options):
    columns = ["merges", "clean", *(kind for kind in KINDS if str(kind) in options.kinds)]
    print("format".ljust(14) + "".join(str(column).rjust(max(8, len(str(column)) + 2)) for column in columns))
    totals = collections.Counter()
    for name in [*options.formats, "all"]:
        cells = [totals[column] if name == "all" else table[name, column] for column in columns]
        totals.update(dict(zip(columns, cells, strict=True)))
        print(name.ljust(14) + "".join(str(cell).rjust(max(8, len(str(column)) + 2)) for cell, column in zip(cells, columns, strict=True)))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", help="the program whose `merge-file` is tried")
    parser.add_argument("--program", choices=["git"], help="another program instead")
    parser.add_argument("--count", type=int, default=2000, help="merges; each case is two")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", default=",".join(FORMATS), help="default: " + ",".join(FORMATS))
    parser.add_argument("--kinds", default=",".join(map(str, KINDS)), help="default: all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--case", type=int, help="explain this case only")
    parser.add_argument("--print", type=int, default=0, metavar="N", help="explain the first N flagged cases of each kind")
    parser.add_argument("--save", type=pathlib.Path, help="write each flagged case to a folder below this one")
    parser.add_argument("--shrink", action="store_true", help="make cases smaller before they are printed or saved")
    options = parser.parse_args()
    options.formats, options.kinds = options.formats.split(","), options.kinds.split(",")
    unknown = [name for name in options.formats if name not in FORMATS] + [kind for kind in options.kinds if kind not in map(str, KINDS)]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}")
    if bool(options.binary) == bool(options.program):
        parser.error("either --binary or --program is needed")
    options.binary = options.program or os.path.abspath(options.binary)
    return options


def main():
    options = arguments()
    # One folder around those of all workers: it goes away even when a worker is ended before it can tidy up.
    with tempfile.TemporaryDirectory(prefix="merge-oracle.", dir=MEMORY) as options.folder:
        return tried(options)


def tried(options):
    if options.case is not None:
        return explain(options, options.case, None)
    cases = range((options.count + 1) // 2)
    tasks = [(options, cases[start : start + 200]) for start in range(0, len(cases), 200)]
    table, flagged = collections.Counter(), []
    with multiprocessing.Pool(options.jobs) as pool:
        for counts, found in pool.imap(work, tasks):
            table.update(counts)
            flagged += found
    shown = collections.Counter()
    for number, name, kind, why, _ in flagged:
        shown[kind] += 1
        if shown[kind] <= options.print:
            explain(options, number, kind)
        elif not options.save and not options.print and shown[kind] <= 5:
            print(f"case {number}, {name}, kind {kind}: {why}")
        if options.save:
            explain(options, number, kind, options.save / f"{kind}-{name}-{number}")
    report(table, options)
    print(f"{table.total() and sum(table[name, 'merges'] for name in options.formats)} merges, {len(flagged)} cases flagged")
    return 1 if flagged else 0


if __name__ == "__main__":
    sys.exit(main())
