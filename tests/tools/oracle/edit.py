"""Random edits of a document by two sides: alone, at one place, beside each other, the same, and the same entry twice."""

from __future__ import annotations

import re

from .model import Box, boxes


def names_its_box(box, item):
    """Whether this member tells its mapping from others in a list."""
    return box.shape == "map" and item is box.items[0] and item.key in ("repo", "id", "name")


class Editor:
    """Makes the edits of both sides. They are values, so that a case can be made smaller edit by edit."""

    def __init__(self, maker, doc, form):
        self.maker, self.rng, self.doc, self.form = maker, maker.rng, doc, form
        self.sides = ([], [])
        self.still = False  # nothing shall move, so that what both inserted at one place stays there
        self.places = [(holder, box, item) for holder, box in boxes(doc) for item in box.items]

    def run(self):
        scenes = [self.clash, self.clash, self.double, self.vectors, self.pins, self.neighbours, self.inserted, self.echo]
        for _ in range(self.rng.choice([0, 1, 1, 1, 2])):
            self.rng.choice(scenes)()
        for side in (0, 1):
            for _ in range(self.rng.choice([0, 0, 1, 1, 2, 3])):
                self.alone(side)
        if self.rng.random() < 0.08:
            self.layout(self.rng.choice([0, 1]))
        return [[edit for edit in edits if not (self.still and edit[0] == "move")] for edits in self.sides]

    def put(self, side, *edit):
        self.sides[side].append(edit)

    def pick(self, wanted=lambda box, item: True):
        found = [place for place in self.places if wanted(place[1], place[2])]
        return self.rng.choice(found) if found else None

    # --- one edit

    def alone(self, side):
        place = self.pick(self.touchable)
        if place:
            self.change(side, *place)

    def touchable(self, box, item):
        """A mapping in a list keeps the member that names it, and few edits take a whole section out."""
        if names_its_box(box, item):
            return False
        return not isinstance(item.value, Box) or item.value.shape != "map" or self.rng.random() < 0.25

    def change(self, side, holder, box, item, kinds=("set", "set", "set", "del", "add", "move", "note")):
        getattr(self, "one_" + self.rng.choice(kinds))(side, holder, box, item)

    def one_set(self, side, holder, box, item):
        if isinstance(item.value, Box):
            inner = item.value
            if inner.shape == "vector":
                self.edit_vector(side, item)
            else:
                free = [other for other in inner.items if not names_its_box(inner, other)]
                if free:
                    self.change(side, item.id, inner, self.rng.choice(free), ("set", "del", "add", "move"))
        elif self.renamed(box, item) and self.rng.random() < 0.15:
            self.put(side, "key", item.id, self.other_key(box, item))
        elif item.flavor not in ("statement", "brace"):
            self.put(side, "set", item.id, self.other(item, box))

    def renamed(self, box, item):
        return box.shape == "keyed" and not box.by or item.flavor == "requirement"

    def other_key(self, box, item):
        if item.key.isdigit():
            return self.maker.port()[0]
        return item.key + "_" + self.maker.fresh().upper().replace("-", "_") if item.key.isupper() else item.key + "-" + self.maker.fresh()

    def one_del(self, side, holder, box, item):
        if len(box.items) > 1 and box.shape != "vector" and item.flavor != "brace":
            self.put(side, "del", item.id)
        elif box.shape == "vector":
            self.edit_vector_at(side, holder)

    def one_add(self, side, holder, box, item):
        if box.shape == "vector":
            return self.edit_vector_at(side, holder)
        after = self.rng.choice([item.id, item.id, None])
        if box.items[0].flavor == "statement" and after is None:
            after = item.id
        self.put(side, "add", holder, self.keep_first(box, after), self.maker.member(box))

    def keep_first(self, box, after):
        """What names a mapping in a list stays its first member."""
        first = box.items[0]
        return first.id if after is None and names_its_box(box, first) else after

    def one_move(self, side, holder, box, item):
        if len(box.items) < 3 or box.shape == "vector" or item.flavor in ("statement", "brace"):
            return
        if self.form == "toml" and box is self.doc.root:
            return
        others = [other for other in box.items if other is not item]
        self.put(side, "move", item.id, self.keep_first(box, self.rng.choice([None, *(other.id for other in others)])))

    def one_note(self, side, holder, box, item):
        if self.form in ("json", "text") or box.flat or item.flavor == "statement" or box.shape == "vector":
            return self.one_set(side, holder, box, item)
        if self.form in ("ini", "makefile") and box.shape != "map" or self.form == "po" and not box.items[0].gap:
            return None
        if names_its_box(box, item):
            return None
        self.put(side, "note", item.id, None if item.note and self.rng.random() < 0.5 else self.maker.remark(1))

    def edit_vector_at(self, side, holder):
        for _, _, item in self.places:
            if item.id == holder:
                self.edit_vector(side, item)

    def edit_vector(self, side, item):
        items = item.value.items
        pick = self.rng.choice(items)
        kind = self.rng.choice(["append", "append", "set", "del"])
        if kind == "append":
            after = self.rng.choice([items[-1].id, items[-1].id, pick.id])
            first, second = (
                self.maker.item("--" + self.rng.choice(["workers", "timeout", "bind", self.maker.fresh()])),
                self.maker.item(self.maker.number()),
            )
            self.put(side, "add", item.id, after, first)
            if self.rng.random() < 0.6:
                self.put(side, "add", item.id, first.id, second)
        elif kind == "set":
            self.put(side, "set", pick.id, self.maker.number() + "1" if pick.flavor == "int" else self.maker.fresh())
        elif len(items) > 1:
            self.put(side, "del", pick.id)

    # --- other values for a text

    def other(self, item, box):
        text, rng = item.value, self.rng
        if self.form == "dockerfile":
            return self.other_instruction(text)
        if item.flavor == "bool":
            return "false" if text == "true" else "true"
        if item.flavor == "int":
            return str(max(1, int(text) + rng.choice([-3, -1, 1, 2, 7, 40])))
        if item.flavor in ("pin", "bound", "requirement") or box.join == "{key}{value}":
            return self.other_version(text, item.flavor)
        if item.flavor == "phrase" or " " in text:
            new = self.other_phrase(text)
            while new in self.maker.seen:
                new = self.other_phrase(text) + (" " + self.maker.fresh() if self.rng.random() < 0.2 else "")
            return new
        if box.shape in ("set", "seq", "order") or "/" in text:
            if text.endswith("/"):
                return text + self.maker.fresh() + rng.choice(["/", ""])
            return text + rng.choice(["-", "."]) + self.maker.fresh()
        return rng.choice([self.maker.fresh(), text + "-" + self.maker.fresh()])

    def other_instruction(self, text):
        """Another value for an instruction, whose word and name stay, and every command of which stays one."""
        head = re.match(r"(?:ENV|LABEL) \S+?=|\S+ ", text)[0]
        if " && " not in text:
            rest = text[len(head) :]
            return head + (self.maker.fresh() if head.endswith("=") or " " not in rest else self.other_phrase(rest))
        commands = text[len(head) :].split(" && ")
        at = self.rng.randrange(len(commands))
        commands[at] = self.other_phrase(commands[at])
        return head + " && ".join(commands)

    def other_phrase(self, text):
        if text.endswith(";"):
            return self.other_phrase(text[:-1]) + ";"
        words = text.split(" ")
        at, new = self.rng.randrange(len(words)), self.rng.choice([self.rng.choice(["on", "ssl", "fast"]), self.maker.fresh()])
        kind = self.rng.choice(["word", "word", "append", "drop", "before"])
        if kind == "append":
            words.append(new)
        elif kind == "before":
            words.insert(at, new)
        elif kind == "drop" and len(words) > 2:
            del words[at]
        else:
            words[at] = new
        return " ".join(words) if " ".join(words) != text else text + " " + self.maker.fresh()

    def other_version(self, text, flavor):
        numbers_ = list(re.finditer(r"\d+", text))
        if not numbers_ or self.rng.random() < 0.08 and flavor == "requirement":
            return f"=={self.maker.version()}" if not numbers_ or flavor == "requirement" else text
        hit = self.rng.choice(numbers_[-3:])
        number = int(hit[0])
        raised = self.rng.random() < 0.7
        number = number + self.rng.randrange(1, 9) if raised or number == 0 else self.rng.randrange(0, number)
        return text[: hit.start()] + str(number) + text[hit.end() :]

    # --- what both do

    def clash(self):
        place = self.pick(self.touchable)
        if not place:
            return
        first, second = self.rng.choice(
            [
                ("del", "set"),
                ("del", "set"),
                ("del", "move"),
                ("set", "set"),
                ("set", "move"),
                ("set", "note"),
                ("del", "del"),
                ("del", "add"),
            ]
        )
        side = self.rng.choice([0, 1])
        self.change(side, *place, kinds=(first,))
        self.change(1 - side, *place, kinds=(second,))

    def double(self):
        """Both add one entry: at one place or at two, alike or with another value."""
        place = self.pick(
            lambda box, item: box.shape not in ("vector",) and item.flavor != "statement" and not (box.by and box.shape != "seq")
        )
        if not place:
            return
        holder, box, item = place
        new = self.maker.member(box)
        places = [other.id for other in box.items if other.flavor != "statement"]
        ours = self.keep_first(box, self.rng.choice([None, *places]) if box.items[0].flavor != "statement" else self.rng.choice(places))
        theirs = self.keep_first(box, self.rng.choice([ours, *places]))
        if box.shape == "seq" or new.flavor == "statement":
            theirs = ours
        self.put(0, "add", holder, ours, new)
        self.put(1, "add", holder, theirs, new)
        if self.rng.random() < 0.5 and new.flavor != "statement":
            target = self.inner_text(new)
            if target is not None and (box.shape in ("map", "keyed") or target is not new):
                self.put(1, "set", target.id, self.other(target, box))

    def inner_text(self, item):
        if not isinstance(item.value, Box):
            return item
        found = [inner for inner in item.value.items[1:] if not isinstance(inner.value, Box)]
        return self.rng.choice(found) if found else None

    def vectors(self):
        place = self.pick(lambda box, item: isinstance(item.value, Box) and item.value.shape == "vector")
        for side in (0, 1) if place else ():
            self.edit_vector(side, place[2])

    def pins(self):
        place = self.pick(lambda box, item: item.flavor in ("pin", "bound", "int", "requirement") or box.join == "{key}{value}")
        for side in (0, 1) if place else ():
            self.one_set(side, *place)

    def neighbours(self):
        """One or both edit an entry, and one the next one."""
        place = self.pick(lambda box, item: box.items[-1] is not item and box.shape != "vector" and not isinstance(item.value, Box))
        if not place:
            return
        holder, box, item = place
        following = box.items[box.items.index(item) + 1]
        side = self.rng.choice([0, 1])
        self.change(side, holder, box, item, ("set",))
        if self.rng.random() < 0.5:
            self.change(1 - side, holder, box, item, ("set",))
        self.change(1 - side, holder, box, following, ("set", "set", "del", "add"))

    def inserted(self):
        """Both insert at one place."""
        place = self.pick(lambda box, item: box.shape != "vector")
        for side in (0, 1) if place else ():
            self.put(side, "add", place[0], place[2].id, self.maker.member(place[1]))

    def echo(self):
        """One edits a text; the other inserts an entry beside it that holds the same new word, or runs the same under a condition."""
        if self.form == "python":
            return self.guarded()
        if self.form == "dockerfile":
            return None
        place = self.pick(lambda box, item: item.flavor == "phrase" and not names_its_box(box, item))
        if not place:
            return
        holder, box, item = place
        side, word, new = self.rng.choice([0, 1]), self.rng.choice(["on", "ssl", "fast", "-g"]), self.maker.member(box)
        if isinstance(new.value, Box):
            return
        end = ";" if item.value.endswith(";") else ""
        new.value = f"{new.value.split(' ')[0]} {word}{end}" if " " in new.value else new.value
        self.put(side, "set", item.id, f"{item.value.removesuffix(';')} {word}{end}")
        self.put(1 - side, "add", holder, item.id, new)

    def guarded(self):
        self.still = True
        last, name = self.doc.root.items[-1], self.maker.fresh().replace("-", "_")
        plain = self.maker.item("", f"{name}()", "statement")
        self.put(0, "add", 0, last.id, plain)
        self.put(1, "add", 0, last.id, plain)
        self.put(self.rng.choice([0, 1]), "key", plain.id, f"if '{name}' in FLAGS:\n    {name}()")

    # --- layout

    def layout(self, side):
        place = self.pick(lambda box, item: isinstance(item.value, Box) and self.can_be_flat(box, item.value))
        kinds = []
        if place:
            kinds += ["flat"] * 3
        if self.form == "json":
            kinds += ["indent"]
        if self.form in ("yaml", "python"):
            kinds += ["quote"]
        if self.form == "yaml":
            kinds += ["dash", "indent"]
        maps = self.pick(
            lambda box, item: len(box.items) > 2 and box.shape == "map" and self.form != "python" and not names_its_box(box, box.items[0])
        )
        if maps:
            kinds += ["sort"]
        if not kinds:
            return
        kind = self.rng.choice(kinds)
        if kind == "sort":
            self.put(side, "sort", maps[0])
        elif kind == "flat":
            self.put(side, "flat", place[2].id, not place[2].value.flat)
        elif kind == "quote":
            self.put(side, "style", "quote", "'" if self.doc.style["quote"] == '"' else '"')
        elif kind == "dash":
            self.put(side, "style", "dash", 2 - self.doc.style["dash"])
        else:
            self.put(side, "style", "indent", 6 - self.doc.style["indent"])

    def can_be_flat(self, box, inner):
        simple = all(not isinstance(item.value, Box) for item in inner.items)
        return simple and inner.items and inner.shape != "map" and self.form in ("yaml", "json", "toml", "python")
