"""One case: a base, the edits of two sides, and what is wrong with what a program makes of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace

from . import conflicts, expect
from .edit import Editor
from .make import FORMATS, Maker
from .model import Box, apply, boxes, find, inside
from .read import Doubled, read
from .write import write

CLEAN, CONFLICT = 0, 1


@dataclass
class Case:
    name: str  # of its format
    form: str
    doc: object
    edits: tuple
    number: int = 0
    sides: tuple = field(default=())

    def __post_init__(self):
        ours, theirs = (apply(self.doc, edits) for edits in self.edits)
        self.sides = (self.doc, ours, theirs)
        self.texts = tuple(write(self.form, side) for side in self.sides)


def make(seed, number, names):
    rng = random.Random(f"{seed}/{number}")
    name = names[number % len(names)]
    build, form = FORMATS[name]
    maker = Maker(rng)
    doc = build(maker)
    return Case(name, form, doc, Editor(maker, doc, form).run(), number)


def debts(case):
    moved = tuple({edit[1] for edit in edits if edit[0] == "move"} for edits in case.edits)
    debt = expect.Debt(case.form, moved)
    owed = expect.merge(debt, *(side.root for side in case.sides))
    return debt, owed


def itself(case):
    """What our own readers and writers do not agree on: the oracle's own fault, so nothing may be found."""
    for side, text in zip(case.sides, case.texts, strict=True):
        debt = expect.Debt(case.form, (set(), set()))
        yield from expect.check(debt, side.root, read(case.form, text), lambda holder: (None, None, None))


def judge(case, runs):
    """Faults of both directions: `runs` are (status, text) for ours with theirs, and exchanged."""
    faults = []
    debt, owed = debts(case)
    for turned, (status, text) in enumerate(runs):
        if status == CLEAN:
            found = list(clean(case, debt, owed, text))
        elif status == CONFLICT:
            found = list(conflicts.check(case, text, turned))
        else:
            found = [("crash", f"it ended with {status}")]
        faults += [(kind, why, turned) for kind, why in found]
    statuses = [status for status, _ in runs]
    if set(statuses) == {CLEAN, CONFLICT} and not faults:
        faults.append(("asymmetric", "one direction is clean, the other holds a conflict", statuses.index(CLEAN)))
    return faults


def clean(case, debt, owed, text):
    try:
        found = read(case.form, text)
    except Doubled as error:
        yield 3, f"its reader refuses it: {error}"
        return
    except Exception as error:
        yield "invalid", f"it is not well formed: {str(error).splitlines()[0]}"
        return
    if debt.must:
        yield debt.must[0]
        return
    faults = list(expect.check(debt, owed, found, lambda holder: [inside(side, holder) for side in case.sides]))
    yield from faults or notes(case, owed, text)


def notes(case, owed, text):
    """Notes of entries that are there: as the sides have them, each once."""
    if case.form in ("json", "text"):
        return
    lines = Counter(re.sub(r"^\s*(#|//)\s?", "", line) for line in text.split("\n") if line.lstrip().startswith(("#", "//")))
    flat = {item.id for side in case.sides for _, box in boxes(side) if box.flat for item in box.items}
    alive = {item.id for _, box in boxes(replace(case.doc, root=owed)) for item in box.items}
    for number in alive - flat:
        found = [noted(side, number) for side in case.sides]
        base, ours, theirs = found
        if len({ours, theirs, base} - {None}) == 0:
            continue
        wanted = expect.three(base, ours, theirs)
        if ours != theirs and base not in (ours, theirs) and (number in placed(case, 1)) == (number in placed(case, 2)):
            yield 4, f"the note {base!r}: both changed it, to {ours!r} and {theirs!r}"
        elif wanted and lines[wanted] != 1:
            yield (3 if lines[wanted] else 4), f"the note {wanted!r} is there {lines[wanted]} times"
        for old in {base, ours, theirs} - {wanted, None}:
            if number in placed(case, 0) and lines[old] and wanted != old and base == old:
                yield 1, f"the note {old!r} was taken out and is back"


def placed(case, side):
    return {item.id for _, box in boxes(case.sides[side]) for item in box.items}


def noted(doc, number):
    box, place = find(doc, number)
    return box.items[place].note if box else None


def smaller(case):
    """Cases with one edit or one item less."""
    for side in (0, 1):
        for index in range(len(case.edits[side])):
            edits = list(case.edits)
            edits[side] = edits[side][:index] + edits[side][index + 1 :]
            yield replace(case, edits=tuple(edits))
    named = {number for edits in case.edits for edit in edits for number in edit[1:3] if isinstance(number, int)}
    for _, box in boxes(case.doc):
        for item in box.items:
            held = (
                {inner.id for _, b in boxes(replace(case.doc, root=item.value)) for inner in b.items}
                if isinstance(item.value, Box)
                else set()
            )
            if item.id not in named and not held & named and len(box.items) > 1 and item.key not in ("repo", "id", "name"):
                yield replace(case, doc=apply(case.doc, [("del", item.id)]))


def shrink(case, fails):
    """The smallest case that still `fails`, by taking out what is not needed."""
    again = True
    while again:
        again = False
        for less in smaller(case):
            if fails(less):
                case, again = less, True
                break
    return case
