"""Random documents of the kinds that projects hold, and the words and values they are made of."""

from __future__ import annotations

import itertools

from .model import Box, Doc, Item

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


class Maker:
    """Draws from one stream, so that a seed makes the same case again."""

    def __init__(self, rng):
        self.rng, self.numbers, self.seen = rng, itertools.count(1), set()

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
        return f"{self.rng.choice(COMMANDS)} the {self.fresh()} {self.rng.choice(['first', 'once', 'here', 'twice'])}" if self.chance(probability) else None

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
            return self.item(self.line())
        if sample and str(sample.value).endswith("/"):
            return self.item(self.fresh() + "/")
        if sample and str(sample.value).count("."):
            return self.item("shop." + self.fresh())
        return self.item(self.fresh())

    def keyed_member(self, box):
        if box.join == "{key}:{value}":
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
        values = {"pin": self.npm, "bound": self.npm, "int": self.number, "bool": lambda: self.rng.choice(["true", "false"]), "phrase": self.phrase}
        if flavor in ("pin", "bound") and not str(sample.value)[0] in "^~>=0123456789":
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

    def line(self):
        return self.phrase()

    # --- documents

    def compose(self):
        names = self.some(1, 3, self.fresh)
        services = [self.box(name, self.service(names)) for name in names]
        root = [self.box("services", self.map(services))]
        if self.chance(0.4):
            root.append(self.box("volumes", self.map([self.item("", self.fresh()) for _ in range(2)])))
        return Doc(self.rng.choice(["docker-compose.yml", "compose.yaml"]), self.map(root), self.yaml_style())

    def service(self, names):
        return self.map(
            item
            for item in [
                self.scalar("image", f"{self.rng.choice(WORDS)}:{self.version()}", "pin"),
                self.maybe(0.5, lambda: self.box(self.rng.choice(["command", "entrypoint"]), self.arguments())),
                self.maybe(0.5, lambda: self.box("ports", self.keyed("{key}:{value}", self.some(1, 3, self.port)))),
                self.maybe(0.4, lambda: self.box("volumes", self.keyed("{value}:{key}", self.some(1, 3, lambda: ("/srv/" + self.fresh(), "./" + self.fresh()))))),
                self.maybe(0.6, self.environment),
                self.maybe(0.3, lambda: self.box("depends_on", self.texts("set", self.some(1, 3, self.fresh)))),
                self.maybe(0.3, lambda: self.box("healthcheck", self.map([self.box("test", self.arguments("CMD")), self.scalar("retries", self.number(), "int")]))),
                self.maybe(0.3, lambda: self.scalar("restart", self.rng.choice(["always", "unless-stopped"]))),
            ]
        )

    def maybe(self, probability, make):
        return make() if self.chance(probability) else None

    def environment(self):
        pairs = self.some(2, 5, lambda: (self.fresh().upper().replace("-", "_"), self.fresh()))
        if self.chance(0.5):
            return self.box("environment", self.keyed("{key}={value}", pairs))
        return self.box("environment", self.map([self.scalar(key, value) for key, value in pairs]))

    def arguments(self, first=None):
        words = [first or self.rng.choice(COMMANDS), self.fresh(), "--" + self.fresh(), self.number()]
        return self.texts("vector", words[: self.rng.randrange(2, 5)])

    def yaml_style(self):
        return {"indent": 2, "dash": self.rng.choice([0, 2, 2]), "quote": self.rng.choice(['"', '"', "'"])}

    def workflow(self):
        jobs = [self.box(self.fresh(), self.job()) for _ in range(self.rng.randrange(1, 3))]
        root = [
            self.scalar("name", self.fresh()),
            self.box("on", self.map([self.box("push", self.map([self.box("branches", self.texts("set", self.some(1, 3, self.fresh)))]))])),
            self.maybe(0.5, lambda: self.box("env", self.map(self.some(1, 4, lambda: self.scalar(self.fresh().upper().replace("-", "_"), self.fresh()))))),
            self.box("jobs", self.map(jobs)),
        ]
        return Doc(".github/workflows/ci.yml", self.map(root), self.yaml_style())

    def job(self):
        steps = Box("seq", [self.item(self.step()) for _ in range(self.rng.randrange(2, 5))], by="name")
        return self.map(
            [
                self.scalar("runs-on", "ubuntu-" + self.fresh()),
                self.maybe(0.4, lambda: self.scalar("timeout-minutes", self.number(), "int")),
                self.maybe(0.3, lambda: self.box("needs", self.texts("set", self.some(1, 3, self.fresh)))),
                self.box("steps", steps),
            ]
        )

    def step(self):
        name = self.scalar("name", f"{self.fresh()} {self.rng.choice(COMMANDS)}", "phrase")
        name.note = None
        if self.chance(0.5):
            with_ = self.box("with", self.map(self.some(1, 3, lambda: self.scalar(self.fresh(), self.fresh()))))
            return self.map([name, self.scalar("uses", f"actions/{self.fresh()}@v{self.rng.randrange(1, 9)}", "pin"), with_ if self.chance(0.4) else None])
        return self.map([name, self.scalar("run", self.phrase(), "phrase")])

    def hooks(self):
        repos = Box("keyed", [self.item(self.repo(), note=self.remark()) for _ in range(self.rng.randrange(1, 4))], by="repo")
        return Doc(".pre-commit-config.yaml", self.map([self.box("repos", repos)]), self.yaml_style())

    def repo(self):
        hooks = Box("keyed", [self.item(self.hook()) for _ in range(self.rng.randrange(1, 4))], by="id")
        return self.map([self.item(f"https://example.org/{self.fresh()}", "repo"), self.item("v" + self.version(), "rev", "pin"), self.item(hooks, "hooks")])

    def hook(self):
        return self.map(
            [
                self.item(self.fresh(), "id"),
                self.maybe(0.4, lambda: self.item(self.arguments("--strict"), "args")),
                self.maybe(0.3, lambda: self.item(self.keyed("{key}{value}", self.some(1, 3, self.requirement)), "additional_dependencies")),
                self.maybe(0.3, lambda: self.item(self.texts("set", self.rng.sample(["commit", "push", "manual", "merge-commit"], 2)), "stages")),
                self.maybe(0.3, lambda: self.item(f"{self.fresh()}/", "exclude")),
            ]
        )

    def tree(self, depth=0):
        def value():
            pick = self.rng.random()
            if depth < 2 and pick < 0.3:
                return self.box(self.fresh(), self.tree(depth + 1))
            if pick < 0.5:
                return self.box(self.fresh(), self.texts("seq", self.some(2, 4, self.fresh)))
            if pick < 0.65:
                return self.scalar(self.fresh(), self.number(), "int")
            if pick < 0.75:
                return self.scalar(self.fresh(), self.phrase(), "phrase")
            return self.scalar(self.fresh(), self.fresh())

        return self.map(self.some(2, 5, value))

    def free_yaml(self):
        return Doc(self.rng.choice(["config.yml", "values.yaml", "etc/app.yaml"]), self.tree(), self.yaml_style())

    def free_json(self):
        return Doc(self.rng.choice(["config.json", "fixture.json"]), self.unnoted(self.tree()), {"indent": self.rng.choice([2, 4])})

    def unnoted(self, box):
        for item in box.items:
            item.note = None
            if isinstance(item.value, Box):
                self.unnoted(item.value)
        return box

    def package(self):
        def pins():
            return self.map(self.some(2, 6, lambda: self.item(self.npm(), self.fresh(TOOLS, ("", "", "-cli", "-dom", "-core")), "pin")))

        root = [
            self.item(self.fresh(), "name"),
            self.box("scripts", self.map(self.some(1, 4, lambda: self.item(self.phrase(), self.fresh(COMMANDS, ("", ":all", ":ci", ":dev")), "phrase")))),
            self.box("dependencies", pins()),
            self.maybe(0.5, lambda: self.box("devDependencies", pins())),
            self.maybe(0.4, lambda: self.box("engines", self.map([self.item(f">={self.rng.randrange(10, 20)} <{self.rng.randrange(20, 30)}", "node", "bound")]))),
            self.maybe(0.3, lambda: self.box("browserslist", self.texts("seq", self.some(2, 4, self.fresh)))),
        ]
        return Doc("package.json", self.unnoted(self.map(root)), {"indent": 2})

    def pyproject(self):
        def requirements():
            return self.keyed("{key}{value}", self.some(2, 5, self.requirement))

        root = [
            self.box("project", self.map([
                self.item(self.fresh(), "name"),
                self.item(f">=3.{self.rng.randrange(8, 12)}", "requires-python", "bound"),
                self.box("dependencies", requirements()),
            ])),
            self.maybe(0.4, lambda: self.box("project.optional-dependencies", self.map([self.box(self.fresh(), requirements())]))),
            self.box("tool.ruff", self.map([self.scalar("line-length", self.number(), "int"), self.scalar("src-" + self.fresh(), self.fresh())])),
            self.maybe(0.7, lambda: self.box("tool.ruff.lint", self.map([
                self.box("select", self.texts("set", self.rng.sample(RULES, 4))),
                self.maybe(0.5, lambda: self.box("ignore", self.texts("set", self.rng.sample(["E501", "B008", "S101", "N802", "F401"], 2)))),
            ]))),
            self.maybe(0.4, lambda: self.box("tool.pytest.ini_options", self.map([self.scalar("addopts", "-q --" + self.fresh(), "phrase"), self.box("norecursedirs-" + self.fresh(), self.texts("seq", self.some(2, 3, self.fresh)))]))),
            self.maybe(0.5, lambda: self.box("tool." + self.fresh(), self.map(self.some(2, 4, lambda: self.scalar(self.fresh(), self.fresh()))))),
        ]
        return Doc("pyproject.toml", self.map(root), {"quote": '"'})

    def requirements_file(self):
        root = Box("map", [self.item(value, name, "requirement", self.remark()) for name, value in self.some(3, 9, self.requirement)])
        return Doc(self.rng.choice(["requirements.txt", "requirements.in", "requirements/dev.txt"]), root, {})

    def dotenv(self):
        def variable():
            key = self.fresh().upper().replace("-", "_")
            return self.scalar(key, *self.rng.choice([(self.fresh(), "word"), (self.number(), "int"), (self.phrase(), "phrase"), (f"https://{self.fresh()}.example.org/", "word")]))

        return Doc(self.rng.choice([".env", ".env.example", "prod.env"]), self.map(self.some(3, 9, variable)), {})

    def ini(self):
        def section():
            values = self.some(1, 4, lambda: self.scalar(self.fresh().replace("-", "_"), *self.rng.choice([(self.fresh(), "word"), (self.number(), "int"), (self.phrase(), "phrase")])))
            return self.box(self.fresh(), self.map(values))

        sections = self.some(1, 3, section)
        if self.chance(0.4):
            sections.append(self.box("options", self.map([self.item(self.keyed("{key}{value}", self.some(2, 4, self.requirement)), "install_requires")])))
        return Doc(self.rng.choice(["setup.cfg", "tox.ini"]), self.map(sections), {})

    def settings(self):
        def name():
            return self.fresh().upper().replace("-", "_")

        def setting():
            return self.scalar(name(), *self.rng.choice([(self.fresh(), "word"), (self.number(), "int"), ("true", "bool"), (self.phrase(), "phrase")]))

        def spread(shape, make):
            return self.texts(shape, self.some(2, 5, make), self.chance(0.15))

        items = [self.item("", f"import {self.fresh(WORDS, ('', 's', 'lib')).replace('-', '_')}", "statement") for _ in range(2)]
        items += self.some(2, 4, setting)
        items.append(self.box("INSTALLED_APPS", spread("set", lambda: "django.contrib." + self.fresh())))
        if self.chance(0.5):
            items.append(self.box("MIDDLEWARE", spread("order", lambda: "shop." + self.fresh() + ".Middleware")))
        if self.chance(0.5):
            database = self.map([self.scalar(key, self.fresh()) for key in ("ENGINE", "NAME", "HOST")])
            items.append(self.box("DATABASES", self.map([self.item(database, "default")])))
        items += self.some(1, 3, setting)
        for item in items[2:]:
            item.gap = self.chance(0.3)
        return Doc(self.rng.choice(["settings.py", "shop/settings/base.py"]), self.map(items), {"quote": self.rng.choice(['"', "'"])})

    def ignore(self):
        root = Box("set", [self.item(self.fresh() + self.rng.choice(["/", ".log", "", "/tmp/"]), note=self.remark()) for _ in range(self.rng.randrange(3, 9))])
        return Doc(self.rng.choice([".gitignore", ".dockerignore"]), root, {})

    def text(self):
        """Lines without two that are alike, so that what became of each can be told."""
        seen, items = set(), []
        for _ in range(self.rng.randrange(4, 12)):
            line = self.line()
            if line not in seen:
                seen.add(line)
                items.append(self.item(line, flavor="phrase"))
                items[-1].gap = self.chance(0.1)
        return Doc(self.rng.choice(["notes.txt", "site.conf", "run.sh", "Makefile", "CODEOWNERS", "README.md"]), Box("seq", items), {})


# The name of a format on the command line: how it is made, and how it is written and read.
FORMATS = {
    "compose": (Maker.compose, "yaml"),
    "workflow": (Maker.workflow, "yaml"),
    "hooks": (Maker.hooks, "yaml"),
    "yaml": (Maker.free_yaml, "yaml"),
    "package": (Maker.package, "json"),
    "json": (Maker.free_json, "json"),
    "toml": (Maker.pyproject, "toml"),
    "requirements": (Maker.requirements_file, "requirements"),
    "dotenv": (Maker.dotenv, "dotenv"),
    "ini": (Maker.ini, "ini"),
    "settings": (Maker.settings, "python"),
    "ignore": (Maker.ignore, "ignore"),
    "text": (Maker.text, "text"),
}
