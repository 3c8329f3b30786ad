"""Random words, values and entries, and a new entry like those that a box has."""

from __future__ import annotations

import itertools

from .model import Box, Item

WORDS = (
    "web api worker cache queue mail search admin static media cron proxy metrics backup report invoice order basket stock price "
    "user session token asset theme audit event batch relay edge store notify review ticket agenda ledger parcel voucher"
).split()
PACKAGES = (
    "django redis celery psycopg gunicorn whitenoise pillow boto3 requests sentry-sdk django-environ django-storages lxml "
    "djangorestframework markdown pyyaml numpy uvicorn httpx bleach easy-thumbnails django-filter pytz babel"
).split()
TOOLS = "eslint prettier webpack rollup react vue lodash axios typescript jest sass postcss husky vite d3 dayjs".split()
RULES = "E F I B UP SIM DJ S N PT RUF C4 TID ISC PIE".split()
COMMANDS = "run build test lint collect migrate compile check deploy restart publish sync dump load clean pack".split()


class Drawer:
    """Draws from one stream, so that a seed makes the same case again."""

    def __init__(self, rng):
        self.rng, self.numbers, self.seen = rng, itertools.count(1), set()
        self.line = self.distinct  # how a line of this text is made

    def item(self, value, key=None, flavor="word", note=None):
        return Item(next(self.numbers), value, key, flavor, note)

    def chance(self, probability):
        return self.rng.random() < probability

    def fresh(self, words=WORDS, tail=("", "-main", "-two", "-old", "-eu", "x", "-next", "-beta", "-lite")):
        """A word that is nowhere else in the case."""
        for tries in itertools.count():
            word = self.rng.choice(words) + (self.rng.choice(tail) if tries < 20 else str(self.rng.randrange(10000)))
            if word not in self.seen:
                self.seen.add(word)
                return word

    def version(self, parts=3):
        return ".".join(str(self.rng.randrange(1, 20)) for _ in range(parts))

    def number(self):
        return str(self.rng.choice([1, 2, 5, 8, 30, 60, 90, 120, 300, 8000]) + self.rng.randrange(5))

    def phrase(self, length=None):
        return " ".join(self.rng.choice(COMMANDS + WORDS) for _ in range(length or self.rng.randrange(2, 5)))

    def some(self, low, high, make):
        return [make() for _ in range(self.rng.randrange(low, high + 1))]

    def remark(self, probability=0.15):
        return (
            f"{self.rng.choice(COMMANDS)} the {self.fresh()} {self.rng.choice(['first', 'once', 'here', 'twice'])}"
            if self.chance(probability)
            else None
        )

    def scalar(self, key, value, flavor="word"):
        return self.item(value, key, flavor, self.remark())

    def map(self, items, flat=False):
        return Box("map", [item for item in items if item], flat)

    def texts(self, shape, texts, flat=None):
        return Box(shape, [self.item(text) for text in texts], self.chance(0.4) if flat is None else flat)

    def box(self, key, box):
        return self.item(box, key, note=self.remark())

    def keyed(self, join, pairs, flat=False):
        return Box("keyed", [self.item(value, key) for key, value in pairs], flat, join)

    # --- values that a list of a kind may hold; edits draw from them too

    def port(self):
        return str(self.rng.randrange(3000, 9999)), self.rng.choice(["80", "443", "8000", "5432", "6379"])

    def host(self):
        return self.fresh() + ".test", f"10.0.0.{self.rng.randrange(2, 250)}"

    def member(self, box):
        """A new item for a box, like those that it has."""
        sample = self.rng.choice(box.items) if box.items else None
        if box.shape == "map":
            return self.pair(box)
        if box.shape == "keyed" and box.by:
            return self.named(box, sample)
        if box.shape == "keyed":
            return self.keyed_member(box)
        if sample is not None and isinstance(sample.value, Box):
            return self.named(box, sample)
        if box.shape == "set" and sample and sample.value in RULES + ["W", "D"]:
            return self.item(self.fresh(RULES, ("1", "2", "4", "9", "50", "70", "101")))
        if box.shape == "vector":
            return self.item(self.rng.choice(["--" + self.fresh(), self.number(), self.fresh()]))
        if sample and " " in str(sample.value):
            return self.item(self.new_line(), flavor="phrase") if box.shape == "seq" else self.item(self.distinct())
        if sample and str(sample.value).endswith("/"):
            return self.item(self.fresh() + "/")
        if sample and str(sample.value).count("."):
            return self.item("shop." + self.fresh())
        return self.item(self.fresh())

    def new_line(self):
        """A line of this text that is nowhere else in the case."""
        line = self.line()
        while line in self.seen:
            line = self.line() if self.chance(0.9) else self.distinct()
        self.seen.add(line)
        return line

    def keyed_member(self, box):
        if box.join == "{key}:{value}" and box.items and not box.items[0].key.isdigit():
            key, value = self.host()
        elif box.join == "{key}:{value}":
            key, value = self.port()
        elif box.join == "{value}:{key}":
            key, value = "/srv/" + self.fresh(), "./" + self.fresh()
        elif box.join == "{key}={value}":
            key, value = self.fresh().upper().replace("-", "_"), self.fresh()
        else:
            key, value = self.requirement()
        return self.item(value, key)

    def named(self, box, sample):
        if box.by == "id" or (box.by is None and sample.value.items[0].key == "id"):
            return self.item(self.hook())
        if box.by == "repo":
            return self.item(self.repo())
        if box.by == "uses" or sample.value.items[0].key in ("name", "uses"):
            return self.item(self.step())
        return self.item(self.map([self.scalar(item.key, self.fresh()) for item in sample.value.items]))

    def pair(self, box):
        """A new key for a mapping, like those that it has."""
        sample = self.rng.choice(box.items) if box.items else None
        upper = sample and sample.key and sample.key.isupper()
        key = self.fresh()
        key = key.upper().replace("-", "_") if upper else key
        flavor = sample.flavor if sample and not isinstance(sample.value, Box) else "word"
        if sample and isinstance(sample.value, Box) and self.nested(box):
            return self.section(key)
        if flavor == "statement":
            return self.item("", f"import {key.lower().replace('-', '_')}", "statement")
        if flavor == "requirement":
            name, value = self.requirement()
            return self.item(value, name, "requirement")
        values = {
            "pin": self.npm,
            "bound": self.npm,
            "int": self.number,
            "bool": lambda: self.rng.choice(["true", "false"]),
            "phrase": self.phrase,
        }
        if flavor in ("pin", "bound") and str(sample.value)[0] not in "^~>=0123456789":
            flavor = "word"
        value = values.get(flavor, self.fresh)()
        if flavor == "bound":
            flavor = "pin"
        return self.item(value, key, flavor, self.remark(0.1))

    def nested(self, box):
        return bool(box.items) and all(isinstance(item.value, Box) and item.value.shape == "map" for item in box.items)

    def section(self, key):
        return self.item(self.map([self.scalar(self.fresh(), self.fresh()) for _ in range(2)]), key)

    def requirement(self):
        name = self.fresh(PACKAGES, ("", "", "-extra", "-tools", "-stubs", "2"))
        pin = f"{self.rng.choice(['==', '==', '~=', '>='])}{self.version()}"
        value = self.rng.choice([pin, pin, pin, f">={self.version(1)},<{self.rng.randrange(20, 30)}", f"<{self.rng.randrange(2, 30)}", ""])
        return name, (self.rng.choice(["", "", "", "", "[all]"]) + value)

    def npm(self):
        return self.rng.choice(["^", "^", "~", ""]) + self.version()
