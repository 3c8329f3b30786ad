"""Kind 5: whoever takes one side of every conflict must not lose what the other side alone changed elsewhere."""

from __future__ import annotations

import re

from . import expect
from .model import Box
from .read import Pairs, read


def take(text, side):
    """The text with one side's part of each conflict: 0 the first, 1 the second."""
    out, part = [], None
    for line in text.split("\n"):
        if line.startswith("<<<<<<<"):
            part = 0
        elif part is not None and line.startswith("|||||||"):
            part = -1
        elif part is not None and re.match(r"=======\r?$", line):
            part = 1
        elif part is not None and line.startswith(">>>>>>>"):
            part = None
        elif part is None or part == side:
            out.append(line)
    return "\n".join(out)


def check(case, text, turned):
    """Faults of a result with conflicts; `turned` when the sides were exchanged."""
    if any(edit[0] in ("flat", "style", "sort", "move") for edits in case.edits for edit in edits):
        return
    for part in (0, 1):
        side = part ^ turned
        mine, other = case.sides[1 + side], case.sides[2 - side]
        taken = take(text, part)
        if case.form in ("text", "ignore"):
            lost = lost_lines(case.doc.root, mine.root, other.root, taken)
        else:
            try:
                found = read(case.form, taken)
            except Exception:
                continue
            lost = lost_entries(case.form, case.doc.root, mine.root, other.root, found, "")
        for why in lost:
            yield 5, f"with {('ours', 'theirs')[side]} for every conflict {why}"


def lost_entries(form, base, mine, other, found, path):
    if not isinstance(found, Pairs):
        return
    m, t = ({item.id: item for item in box.items} for box in (mine, other))
    for item in base.items:
        if item.id not in m or item.id not in t or item.flavor == "statement":
            continue
        if form == "makefile" and not apart(base, mine, t, item.id):
            continue
        if renamed_beside(base, m, t, item.id) or form in ("json", "jsonc") and last(item.id, base, mine, other):
            continue
        values = found.all(t[item.id].key)
        here = f"{path}/{item.key}"
        if expect.same(item, m[item.id], noted=True):
            if not expect.same(item, t[item.id]) and not right(form, t[item.id], values):
                yield f"{here} is as it was, though only the other side changed it"
        elif isinstance(item.value, Box) and item.value.shape == "map" and len(values) == 1:
            yield from lost_entries(form, item.value, m[item.id].value, t[item.id].value, values[0], here)
    order = [item.id for item in other.items]
    for item in other.items:
        if item.id not in m and item.id not in {known.id for known in base.items} and calm(base, mine, other, order, item.id):
            if form == "makefile" and not all(apart(base, mine, t, x) for x in beside(base, order, item.id)):
                continue
            if item.flavor != "statement" and not found.all(item.key):
                yield f"{path}/{item.key} is missing, though only the other side touched its place"


def apart(base, mine, other, number):
    """Whether one side left alone what touches an entry, and the edits of the other side beside it: where entries only suggest, edits
    of lines that touch are asked for."""
    old, now = ([item.id for item in box.items] for box in (base, mine))
    known = {item.id: item for item in mine.items}

    def edited(at):
        item = base.items[at]
        return item.id not in other or not expect.same(item, other[item.id], noted=True)

    first = last = old.index(number)
    while first > 0 and edited(first - 1):
        first -= 1
    while last + 1 < len(old) and edited(last + 1):
        last += 1
    run = base.items[max(first - 1, 0) : last + 2]
    alike = all(item.id in known and expect.same(item, known[item.id], noted=True) for item in run)
    return alike and all(around(old, number) == around(now, number) for number in old[first : last + 1])


def beside(base, order, number):
    """The entries of the base between which a side put an entry in."""
    known, at = {item.id for item in base.items}, order.index(number)
    before = next((x for x in reversed(order[:at]) if x in known), None)
    after = next((x for x in order[at:] if x in known), None)
    return [x for x in (before, after) if x is not None]


def last(number, base, *sides):
    """Whether an entry is the last of the base, and what follows it in a side is what both put in: then the comma behind it is of an
    entry that a person has to decide about, or that is kept at the other place."""
    known = {item.id for item in base.items}
    twice = set.intersection(*({item.id for item in box.items} for box in sides)) - known
    for box in sides:
        order = [item.id for item in box.items]
        behind = order[order.index(number) + 1 :]
        if twice & set(behind) and not known & set(behind):
            return True
    return False


def renamed_beside(base, mine, other, number):
    """Whether an entry was renamed by one side and so was its neighbour, or taken out, by either: nothing tells the two apart then."""
    old = [item.id for item in base.items]
    item = base.items[old.index(number)]
    beside = [base.items[at] for at in (old.index(number) - 1, old.index(number) + 1) if 0 <= at < len(old)]
    if other[number].key == item.key:
        return False
    return any(x.id not in side or side[x.id].key != x.key for x in beside for side in (mine, other))


def calm(base, mine, other, order, number):
    """Whether one side left the place alone where the other one inserted, and that one nothing but inserted there."""
    b, m = ({item.id: item for item in box.items} for box in (base, mine))
    old, now = [item.id for item in base.items], [item.id for item in mine.items]
    at = order.index(number)
    before = next((x for x in reversed(order[:at]) if x in b), None)
    after = next((x for x in order[at:] if x in b), None)
    start = old.index(before) if before is not None else -1
    if (old.index(after) if after is not None else len(old)) != start + 1:
        return False
    edge = beside(base, order, number)
    return all(x in m and expect.same(b[x], m[x], noted=True) and around(old, x) == around(now, x) for x in edge)


def around(numbers, number):
    at = numbers.index(number)
    return numbers[max(at - 1, 0) : at + 2]


def right(form, item, values):
    if not values:
        return isinstance(item.value, Box) and not item.value.items
    debt = expect.Debt(form, (set(), set()))
    if isinstance(item.value, Box):
        return not list(expect.check(debt, item.value, values[0], lambda holder: (None, None, None)))
    return not list(expect.check_text(debt, item, item.value, values[0], ""))


def lost_lines(base, mine, other, taken):
    """Lines: what the other side did where an untouched line stands between it and all that this side did."""
    lines = [line.strip() for line in taken.split("\n")]
    m, t = ({item.id: item for item in box.items} for box in (mine, other))
    rows = [spots(base, box, known) for box, known in ((mine, m), (other, t))]
    spot, count = 0, 2 * len(base.items) + 1
    while spot < count:
        end = spot
        while end < count and (
            rows[0][end] or rows[1][end] or end % 2 == 0 and end > spot and end + 1 < count and (rows[0][end + 1] or rows[1][end + 1])
        ):
            end += 1
        run = range(spot, end)
        if run and not any(rows[0][place] for place in run):
            for place in run:
                yield from lost_at(base, other, t, place, lines)
        spot = max(end, spot) + 1


def spots(base, box, known):
    """Whether a side touched each place: even numbers are gaps, odd ones lines."""
    row, gaps = [], inserted(base, box)
    for index, item in enumerate(base.items):
        row += [index in gaps, item.id not in known or known[item.id].value != item.value or known[item.id].note != item.note]
    return [*row, len(base.items) in gaps]


def inserted(base, box):
    """Where new lines stand, as the number of base lines before them -> the lines."""
    place = {item.id: index for index, item in enumerate(base.items)}
    found, at = {}, 0
    for item in box.items:
        if item.id in place:
            at = place[item.id] + 1
        else:
            found.setdefault(at, []).append(item.value)
    return found


def lost_at(base, other, known, place, lines):
    if place % 2 == 0:
        for text in inserted(base, other).get(place // 2, []):
            if text not in lines:
                yield f"{text!r} is missing, though only the other side touched its place"
        return
    item = base.items[place // 2]
    if item.id in known:
        if known[item.id].value not in lines:
            yield f"{item.value!r} is as it was, though only the other side changed it"
    elif item.value in lines:
        yield f"{item.value!r} is there, though only the other side took it out"
