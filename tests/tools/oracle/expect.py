"""What a merge owes its three sides, by rules on documents whose items are known by number.

`merge` gives the document that must come out, and the reasons why a person has to decide instead. `check` compares a clean
result with it. Kinds of fault: 1 taken out and back, or dropped, 2 joined though it is no set, 3 twice, 4 an edit is lost or was decided.
"""

from __future__ import annotations

import re
from collections import Counter

from .model import Box, Item
from .read import Pairs


class Debt:
    """What is owed for one case."""

    def __init__(self, form, moved):
        self.form, self.moved = form, moved  # moved: for each side, the numbers of items that it moved
        self.must = []  # (kind, why): a person must decide
        self.dead = {}  # number of a box's holder -> texts or keys that must not come back
        self.choice = {}  # number of an item -> other values that are right as well
        self.maybe = set()  # texts that may be there

    def conflict(self, kind, why):
        self.must.append((kind, why))


def merge(debt, base, ours, theirs, holder=0):
    """The box that must come out; `ours` and `theirs` come from `base`."""
    b, o, t = ({item.id: item for item in box.items} for box in (base, ours, theirs))
    result = Box(base.shape, [], base.flat, base.join, base.by, holder=holder)
    if base.shape == "vector":
        return vector(debt, base, ours, theirs, result)
    dead = debt.dead.setdefault(holder, [])
    gone = set()
    for number, item in b.items():
        if number in o and number in t:
            continue
        gone.add(number)
        dead.append(base.name(item))
        for side, other, box, without in ((0, t, theirs, ours), (1, o, ours, theirs)):
            if number in other and number not in (o, t)[side]:
                judge_deletion(debt, item, other[number], base, box, without, 1 - side)
    for number in order(o, t):
        if number in gone:
            continue
        first, second = o.get(number), t.get(number)
        if number in b:
            result.items.append(both(debt, b[number], first, second, result, dead))
        elif first and second:
            result.items.append(doubled(debt, first, second, base))
        else:
            result.items.append(first or second)
    if base.shape in ("seq", "order"):
        insertions(debt, base, ours, theirs)
    return result


def order(o, t):
    return [*o, *(number for number in t if number not in o)]


def vector(debt, base, ours, theirs, result):
    b, o, t = ([item.value for item in box.items] for box in (base, ours, theirs))
    if o != b and t != b and o != t:
        debt.conflict(2, f"both edited the arguments {b}: {o} and {t}")
    result.items = (ours if o != b else theirs).items
    return result


def same(one, other, noted=False):
    """Whether two items say the same, layout apart, and notes unless they count."""
    if noted and one.note != other.note:
        return False
    if isinstance(one.value, Box) != isinstance(other.value, Box) or one.key != other.key:
        return False
    if not isinstance(one.value, Box):
        return one.value == other.value
    a, b = one.value, other.value
    if a.shape == "map":
        a, b = ({item.key: item for item in box.items} for box in (a, b))
        return a.keys() == b.keys() and all(same(a[key], b[key], noted) for key in a)
    return len(a.items) == len(b.items) and all(same(x, y, noted) for x, y in zip(a.items, b.items, strict=True))


def less(item, kept):
    """Whether all that was done to an item is that parts of it were taken out: so whoever takes it out whole does that, too."""
    if not isinstance(item.value, Box):
        return same(item, kept)
    known = {inner.id: inner for inner in item.value.items}
    return all(inner.id in known and less(known[inner.id], inner) for inner in kept.value.items)


def judge_deletion(debt, item, kept, base, box, without, side):
    """Of an item that the box `without` does not have any more, and that `box` has as `kept`."""
    what = f"{base.name(item) or 'an item'}"
    if not same(item, kept):
        if less(item, kept):
            return
        named = base.shape == "map" and kept.key == item.key or isinstance(kept.value, Box)
        if not named and any(same(kept, other, noted=True) for other in without.items):
            return  # The other side has the same, as something else's edit.
        # Moved and edited at once is another entry, where nothing but its text tells it; of two that changed places either moved.
        if not named and (reordered(base, box) or any(other.id in debt.moved[side] for other in base.items)):
            debt.maybe.add(kept.key if base.shape == "map" else base.text(kept))
        else:
            debt.conflict(1, f"{what}: taken out by one side, edited by the other")
    elif item.id in debt.moved[side] and not tidy(box) and surely_moved(base, box, item.id):
        debt.conflict(1, f"{what}: taken out by one side, moved by the other")


def reordered(base, box):
    known = [item.id for item in base.items]
    rest = [item.id for item in box.items if item.id in known]
    return rest != [number for number in known if number in rest]


def tidy(box):
    """Whether a box is in the order of its names: then what moved is layout."""
    names = [box.name(item) or "" for item in box.items]
    return box.sorted or box.shape in ("map", "set", "keyed") and len(names) > 1 and names == sorted(names)


def surely_moved(base, box, number):
    """Whether no longest common order of both holds the item in its place; what was renamed tells nobody where it stood."""
    names = {item.id: base.name(item) for item in base.items}
    kept = {item.id for item in box.items if item.id in names and box.name(item) == names[item.id]}
    old = [item.id for item in base.items if item.id in kept]
    new = [item.id for item in box.items if item.id in set(old)]
    with_it = common(before(old, number), before(new, number)) + common(after(old, number), after(new, number)) + 1
    return with_it < common(old, new)


def before(numbers, number):
    return numbers[: numbers.index(number)]


def after(numbers, number):
    return numbers[numbers.index(number) + 1 :]


def common(one, other):
    row = [0] * (len(other) + 1)
    for x in one:
        last = row[:]
        for j, y in enumerate(other):
            row[j + 1] = last[j] + 1 if x == y else max(row[j], last[j + 1])
    return row[-1]


def both(debt, base, ours, theirs, box, dead):
    """An item that all three have."""
    result = Item(base.id, base.value, three(base.key, ours.key, theirs.key), base.flavor, three(base.note, ours.note, theirs.note))
    if result.key is None and base.key is not None:
        debt.conflict(4, f"{base.key}: both renamed it, to {ours.key} and {theirs.key}")
        result.key = ours.key
    if result.key != base.key:
        dead.append(base.key)
    if isinstance(base.value, Box):
        result.value = merge(debt, base.value, ours.value, theirs.value, base.id)
        return result
    values = base.value, ours.value, theirs.value
    result.value = three(*values)
    if result.value is None:
        accepted = decided(base, values, box)
        if not accepted:
            debt.conflict(4, f"{base.key or ''} {base.value!r}: both changed it, to {ours.value!r} and to {theirs.value!r}")
            accepted = [ours.value]
        result.value, debt.choice[base.id] = accepted[0], accepted
    if box.shape in ("set", "order", "seq") and result.value != base.value:
        dead.append(base.value)
    return result


def three(base, ours, theirs):
    if ours == theirs or theirs == base:
        return ours
    return theirs if ours == base else None


PIN = re.compile(r"(.*?)(\d+(?:\.\d+)*)$")


def decided(item, values, box):
    """The values that are right where both sides changed one: the higher pin that both raised, or what each changed alone."""
    pinned = item.flavor in ("pin", "requirement") or box.join == "{key}{value}"
    parts = [PIN.match(value) for value in values]
    if pinned and all(parts) and len({part[1] for part in parts}) == 1 and not re.search(r"[<!,]|^[^\[]*>(?!=)", parts[0][1]):
        b, o, t = (tuple(map(int, part[2].split("."))) for part in parts)
        if o > b and t > b and len(b) == len(o) == len(t):
            return [values[1] if o > t else values[2]]
        return []
    by = "," if pinned else " "
    if pinned or item.flavor in ("phrase", "bound") or " " in values[0]:
        merged = spans(*(value.split(by) for value in values))
        return [] if merged is None else [by.join(merged)]
    return []


def spans(base, ours, theirs):
    """The words with what each side changed, where these are different places of the text; else None."""
    if len(base) == len(ours) == len(theirs):
        merged = [three(*words) for words in zip(base, ours, theirs, strict=True)]
        return None if None in merged else merged
    (a, b, new), (c, d, other) = span(base, ours), span(base, theirs)
    if b <= c and (a, b) != (c, d):
        return base[:a] + new + base[b:c] + other + base[d:]
    if d <= a and (a, b) != (c, d):
        return base[:c] + other + base[d:a] + new + base[b:]
    return None


def span(base, side):
    """(from, to, words): the one run of words that a side put in place of others."""
    start = 0
    while start < min(len(base), len(side)) and base[start] == side[start]:
        start += 1
    end = 0
    while end < min(len(base), len(side)) - start and base[-1 - end] == side[-1 - end]:
        end += 1
    return start, len(base) - end, side[start : len(side) - end]


def doubled(debt, ours, theirs, box):
    if not same(ours, theirs):
        kind = 4 if ours.flavor == "statement" else 2 if debt.form == "yaml" and box.shape == "keyed" else 3
        debt.conflict(kind, f"{box.name(ours)}: both added it, with another value")
    return ours


def insertions(debt, base, ours, theirs):
    """Both inserted at one place, in a list whose order counts."""
    old = [item.id for item in base.items]
    gaps = [inserted(old, box) for box in (ours, theirs)]
    for gap in gaps[0].keys() & gaps[1].keys():
        one, other = gaps[0][gap], gaps[1][gap]
        if not set(one) <= set(other) and not set(other) <= set(one):
            debt.conflict(2, "both inserted at one place, and the order counts")


def inserted(old, box):
    """(the item before, the item after) of base -> what was inserted between them."""
    found, previous, run = {}, None, []
    for item in [*box.items, None]:
        if item is not None and item.id not in old:
            run.append(item.id)
            continue
        following = item.id if item else None
        at = (old.index(previous) if previous is not None else -1, old.index(following) if following is not None else len(old))
        if run and at[1] == at[0] + 1:
            found[at] = run
        previous, run = following, []
    return found


# --- a clean result against it -------------------------------------------------------------------------------------


def check(debt, expected, found, sides, path=""):
    """Faults of a clean result: (kind, why)."""
    if expected.shape == "map":
        yield from check_map(debt, expected, found, sides, path)
    else:
        yield from check_list(debt, expected, found, sides, path)


def check_map(debt, expected, found, sides, path):
    if not isinstance(found, Pairs):
        if expected.items or found not in ("", []):
            yield 4, f"{path or 'the file'} is no mapping any more"
        return
    counts = Counter(key for key, _ in found)
    wanted = {item.key: item for item in expected.items}
    for key, count in counts.items():
        if key not in wanted and key not in debt.maybe:
            back = key in debt.dead.get(expected.holder, [])
            yield (1, f"{path}/{key} was taken out and is back") if back else (4, f"{path}/{key} came from nowhere")
        elif key in wanted and count > 1:
            yield 3, f"{path}/{key} is there {count} times"
    for key, item in wanted.items():
        values = found.all(key)
        if not values:
            if not (isinstance(item.value, Box) and not item.value.items):
                yield 4, f"{path}/{key} is gone"
        elif isinstance(item.value, Box):
            yield from check(debt, item.value, values[0], sides, f"{path}/{key}")
        elif item.flavor != "statement":
            yield from check_text(debt, item, plain_text(debt.form, item.value), values[0], path)


def plain_text(form, text):
    return text.replace(" ", "") if form == "requirements" else text


def check_text(debt, item, wanted, got, path):
    accepted = debt.choice.get(item.id, [item.value])
    if got not in accepted and got not in [plain_text(debt.form, value) for value in accepted]:
        yield 4, f"{path}/{item.key} is {got!r}, not {wanted!r}"


def check_list(debt, expected, found, sides, path):
    if not isinstance(found, list) or isinstance(found, Pairs):
        if isinstance(found, str) and not expected.items:
            return
        yield 4, f"{path or 'the file'} is no list any more"
        return
    if expected.shape == "vector":
        if found != [item.value for item in expected.items]:
            yield 2, f"the arguments {path} are {found}, not {[item.value for item in expected.items]}"
        return
    mapped = [item for item in expected.items if isinstance(item.value, Box)]
    names = [name_of(expected, value) for value in found]
    wanted = Counter(expected.name(item) if isinstance(item.value, Box) else expected.text(item) for item in expected.items)
    yield from check_counts(debt, expected, Counter(names), wanted, path)
    for item in mapped:
        values = [value for value, name in zip(found, names, strict=True) if name == expected.name(item)]
        if values and expected.name(item) is not None:
            yield from check(debt, item.value, values[0], sides, f"{path}/{expected.name(item)}")
    if expected.shape in ("seq", "order") and not mapped:
        yield from check_order(expected, names, sides, path)


def name_of(box, value):
    if isinstance(value, Pairs):
        named = value.all(box.by) if box.by else []
        return named[0] if named else None
    return value


def check_counts(debt, expected, got, wanted, path):
    dead = debt.dead.get(expected.holder, [])
    others = {
        expected.join.format(key=item.key, value=value): expected.text(item)
        for item in expected.items
        for value in debt.choice.get(item.id, [])
    }
    for text, count in (got - wanted).items():
        if text in debt.maybe or text in others and text != others[text]:
            continue
        key = key_of(expected, text)
        if wanted[text]:
            yield 3, f"{path}: {text!r} is there {got[text]} times"
        elif key in dead:
            yield 1, f"{path}: {text!r} was taken out and is back"
        elif expected.shape == "keyed" and key in {item.key for item in expected.items}:
            if sum(count for other, count in got.items() if key_of(expected, other) == key) == 1:
                yield 4, f"{path}: {text!r} is no merge of what both changed"
            else:
                yield (2 if debt.form == "yaml" else 3), f"{path}: {text!r} beside another of its key"
        else:
            yield 4, f"{path}: {text!r} came from nowhere"
    for text in wanted - got:
        yield 4, f"{path}: {text!r} is gone"


def key_of(box, text):
    """The key of a written item of a keyed list."""
    if box.shape != "keyed" or box.by or not isinstance(text, str):
        return text
    patterns = {"{key}:{value}": r"(.*?):", "{value}:{key}": r".*?:(.*)", "{key}={value}": r"(.*?)=", "{key}{value}": r"([\w.-]*)"}
    match = re.match(patterns[box.join], text)
    return match[1] if match else text


def check_order(expected, names, sides, path):
    """What nobody moved stands as it stood; what was inserted stands where its side put it."""
    base, ours, theirs = sides(expected.holder)
    if not (base and ours and theirs):
        return
    rows = [[item.id for item in box.items] for box in (base, ours, theirs)]
    number = {expected.text(item): item.id for item in expected.items}
    if len(number) != len(expected.items):
        return
    out = [number[name] for name in names if name in number]
    kept = [x for x in rows[0] if x in rows[1] and x in rows[2] and x in out]
    orders = [[x for x in row if x in kept] for row in rows]
    wanted = three(*orders)
    if wanted is not None and [x for x in out if x in kept] != wanted:
        yield 2, f"{path or 'the lines'}: their order is {names}"
    elif orders[0] == orders[1] == orders[2]:
        # What a Dockerfile declares holds from there on: of two at different places the first one is right for both.
        twice = {number[name] for name in names if name in number and re.match("ARG|ENV|LABEL", name)}
        twice &= (set(rows[1]) & set(rows[2])) - set(rows[0])
        out = [x for x in out if x not in twice]
        for row in rows[1:]:
            mine = [x for x in row if x in out]
            if [x for x in out if x in mine] != mine:
                yield 2, f"{path or 'the lines'}: an insertion stands elsewhere: {names}"
                return
