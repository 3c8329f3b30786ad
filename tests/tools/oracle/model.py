"""A document as a value: boxes of items. Each item keeps its number through all edits, so that what a side did is known and not guessed.

Shapes of a box:

    map     keys and values; the order is layout
    set     texts that are joined; each is there once
    keyed   texts with a key (a port, a requirement) or mappings with a name (a hook); each key is there once
    order   names in an order that counts, each once (MIDDLEWARE)
    seq     what happens one after the other (steps, lines of a text)
    vector  one value (the arguments of a program)
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field


@dataclass
class Item:
    id: int
    value: object  # a text or a Box
    key: str | None = None
    flavor: str = "word"
    note: str | None = None
    gap: bool = False  # an empty line before it


@dataclass
class Box:
    shape: str
    items: list[Item] = field(default_factory=list)
    flat: bool = False  # on one line
    join: str = "{value}"  # how an item of a keyed list is written
    by: str | None = None  # the member that names an item which is a mapping
    sorted: bool = False
    holder: int = -1  # the number of the item that holds it, in a document that is owed

    def text(self, item):
        return self.join.format(key=item.key, value=item.value)

    def name(self, item):
        """What tells this item from its neighbours: a key, a text, or the name of a mapping."""
        if item.key is not None:
            return item.key
        if not isinstance(item.value, Box):
            return self.text(item)
        if self.by:
            for inner in item.value.items:
                if inner.key == self.by:
                    return re.sub(r"@[^@]*$", "", str(inner.value)) if self.by == "uses" else inner.value
        return None


@dataclass
class Doc:
    path: str
    root: Box
    style: dict


def boxes(doc, under=0):
    """(the number of the item that holds it, box), from the top down; the root's number is 0."""
    stack = [(0, doc.root)]
    while stack:
        number, box = stack.pop(0)
        yield number, box
        stack.extend((item.id, item.value) for item in box.items if isinstance(item.value, Box))


def find(doc, number):
    """The box that holds an item, and its place in it."""
    for _, box in boxes(doc):
        for place, item in enumerate(box.items):
            if item.id == number:
                return box, place
    return None, -1


def inside(doc, number):
    return next((box for holder, box in boxes(doc) if holder == number), None)


def numbers(item):
    yield item.id
    if isinstance(item.value, Box):
        for inner in item.value.items:
            yield from numbers(inner)


def apply(doc, edits):
    """A side: the document after its edits. An edit whose target is gone is left out."""
    doc = copy.deepcopy(doc)
    for edit in edits:
        globals()["apply_" + edit[0]](doc, *edit[1:])
    return doc


def apply_set(doc, number, value):
    box, place = find(doc, number)
    if box:
        box.items[place].value = copy.deepcopy(value)


def apply_key(doc, number, key):
    box, place = find(doc, number)
    if box:
        box.items[place].key = key


def apply_note(doc, number, note):
    box, place = find(doc, number)
    if box and not box.flat:
        box.items[place].note = note


def apply_del(doc, number):
    box, place = find(doc, number)
    if box:
        del box.items[place]


def apply_move(doc, number, after):
    box, place = find(doc, number)
    if not box or after == number:
        return
    target = [index for index, item in enumerate(box.items) if item.id == after]
    if after is None or target:
        item = box.items.pop(place)
        at = 0 if after is None else next(i for i, other in enumerate(box.items) if other.id == after) + 1
        box.items.insert(at, item)


def apply_add(doc, number, after, item):
    box = inside(doc, number)
    if box is None or any(other.id == item.id for other in box.items):
        return
    target = [index for index, other in enumerate(box.items) if other.id == after]
    if after is None or target:
        box.items.insert(0 if after is None else target[0] + 1, copy.deepcopy(item))


def apply_sort(doc, number):
    box = inside(doc, number)
    if box:
        box.items.sort(key=lambda item: item.key or str(item.value))
        box.sorted = True


def apply_flat(doc, number, flat):
    box = inside(doc, number)
    if box:
        box.flat = flat
        for item in box.items if flat else []:
            item.note = None


def apply_style(doc, name, value):
    doc.style[name] = value
