"""Random documents of the kinds that projects hold."""

from __future__ import annotations

from . import more
from .draw import COMMANDS, PACKAGES, RULES, TOOLS, WORDS, Drawer
from .model import Box, Doc


class Maker(Drawer):
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
                self.maybe(
                    0.4,
                    lambda: self.box(
                        "volumes", self.keyed("{value}:{key}", self.some(1, 3, lambda: ("/srv/" + self.fresh(), "./" + self.fresh())))
                    ),
                ),
                self.maybe(0.6, self.environment),
                self.maybe(0.2, lambda: self.box("extra_hosts", self.keyed("{key}:{value}", self.some(1, 3, self.host)))),
                self.maybe(
                    0.2, lambda: self.box("labels", self.keyed("{key}={value}", self.some(1, 3, lambda: (self.fresh(), self.fresh()))))
                ),
                self.maybe(0.3, lambda: self.box("depends_on", self.texts("set", self.some(1, 3, self.fresh)))),
                self.maybe(
                    0.3,
                    lambda: self.box(
                        "healthcheck", self.map([self.box("test", self.arguments("CMD")), self.scalar("retries", self.number(), "int")])
                    ),
                ),
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
            self.maybe(
                0.5,
                lambda: self.box(
                    "env", self.map(self.some(1, 4, lambda: self.scalar(self.fresh().upper().replace("-", "_"), self.fresh())))
                ),
            ),
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
            return self.map(
                [
                    name,
                    self.scalar("uses", f"actions/{self.fresh()}@v{self.rng.randrange(1, 9)}", "pin"),
                    with_ if self.chance(0.4) else None,
                ]
            )
        return self.map([name, self.scalar("run", self.phrase(), "phrase")])

    def gitlab(self):
        def job():
            return self.box(
                self.fresh(),
                self.map(
                    [
                        self.scalar("stage", self.fresh()),
                        self.maybe(0.5, lambda: self.scalar("image", f"{self.rng.choice(WORDS)}:{self.version()}", "pin")),
                        self.maybe(0.4, lambda: self.box("before_script", self.texts("seq", self.some(1, 2, self.distinct), False))),
                        self.box("script", self.texts("seq", self.some(2, 4, self.distinct), False)),
                    ]
                ),
            )

        return Doc(".gitlab-ci.yml", self.map(self.some(1, 3, job)), self.yaml_style())

    def distinct(self):
        return f"{self.rng.choice(COMMANDS)} {self.fresh()} {self.phrase(1)}"

    def hooks(self):
        repos = Box("keyed", [self.item(self.repo(), note=self.remark()) for _ in range(self.rng.randrange(1, 4))], by="repo")
        return Doc(".pre-commit-config.yaml", self.map([self.box("repos", repos)]), self.yaml_style())

    def repo(self):
        hooks = Box("keyed", [self.item(self.hook()) for _ in range(self.rng.randrange(1, 4))], by="id")
        return self.map(
            [
                self.item(f"https://example.org/{self.fresh()}", "repo"),
                self.item("v" + self.version(), "rev", "pin"),
                self.item(hooks, "hooks"),
            ]
        )

    def hook(self):
        return self.map(
            [
                self.item(self.fresh(), "id"),
                self.maybe(0.4, lambda: self.item(self.arguments("--strict"), "args")),
                self.maybe(
                    0.3, lambda: self.item(self.keyed("{key}{value}", self.some(1, 3, self.requirement)), "additional_dependencies")
                ),
                self.maybe(
                    0.3, lambda: self.item(self.texts("set", self.rng.sample(["commit", "push", "manual", "merge-commit"], 2)), "stages")
                ),
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
        if self.chance(0.2):
            rules = [
                self.box(self.fresh(), Box("vector", [self.item("error"), self.item(self.number(), flavor="int")], True)) for _ in range(3)
            ]
            return Doc(
                ".eslintrc.json",
                self.map([self.item("true", "root", "bool"), self.box("rules", self.unnoted(self.map(rules)))]),
                {"indent": 2},
            )
        if self.chance(0.1):
            return Doc(
                "babel.config.json",
                self.unnoted(self.map([self.box("plugins", self.texts("order", self.some(2, 4, self.fresh)))])),
                {"indent": 2},
            )
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
            self.box(
                "scripts",
                self.map(self.some(1, 4, lambda: self.item(self.phrase(), self.fresh(COMMANDS, ("", ":all", ":ci", ":dev")), "phrase"))),
            ),
            self.box("dependencies", pins()),
            self.maybe(0.5, lambda: self.box("devDependencies", pins())),
            self.maybe(
                0.4,
                lambda: self.box(
                    "engines", self.map([self.item(f">={self.rng.randrange(10, 20)} <{self.rng.randrange(20, 30)}", "node", "bound")])
                ),
            ),
            self.maybe(0.3, lambda: self.box("browserslist", self.texts("seq", self.some(2, 4, self.fresh)))),
        ]
        return Doc("package.json", self.unnoted(self.map(root)), {"indent": 2})

    def pyproject(self):
        def requirements():
            return self.keyed("{key}{value}", self.some(2, 5, self.requirement))

        root = [
            self.maybe(
                0.3,
                lambda: self.box(
                    "tool.poetry.dependencies", self.map(self.some(2, 4, lambda: self.item(self.npm(), self.fresh(PACKAGES), "pin")))
                ),
            ),
            self.box(
                "project",
                self.map(
                    [
                        self.item(self.fresh(), "name"),
                        self.item(f">=3.{self.rng.randrange(8, 12)}", "requires-python", "bound"),
                        self.box("dependencies", requirements()),
                    ]
                ),
            ),
            self.maybe(0.4, lambda: self.box("project.optional-dependencies", self.map([self.box(self.fresh(), requirements())]))),
            self.box(
                "tool.ruff", self.map([self.scalar("line-length", self.number(), "int"), self.scalar("src-" + self.fresh(), self.fresh())])
            ),
            self.maybe(
                0.7,
                lambda: self.box(
                    "tool.ruff.lint",
                    self.map(
                        [
                            self.box("select", self.texts("set", self.rng.sample(RULES, 4))),
                            self.maybe(
                                0.5,
                                lambda: self.box("ignore", self.texts("set", self.rng.sample(["E501", "B008", "S101", "N802", "F401"], 2))),
                            ),
                        ]
                    ),
                ),
            ),
            self.maybe(
                0.4,
                lambda: self.box(
                    "tool.pytest.ini_options",
                    self.map([self.addopts(), self.box("norecursedirs-" + self.fresh(), self.texts("seq", self.some(2, 3, self.fresh)))]),
                ),
            ),
            self.maybe(
                0.5, lambda: self.box("tool." + self.fresh(), self.map(self.some(2, 4, lambda: self.scalar(self.fresh(), self.fresh()))))
            ),
        ]
        return Doc("pyproject.toml", self.map(root), {"quote": '"'})

    def addopts(self):
        if self.chance(0.5):
            return self.scalar("addopts", "-q --" + self.fresh(), "phrase")
        return self.box("addopts", self.arguments("-q"))

    def requirements_file(self):
        root = Box("map", [self.item(value, name, "requirement", self.remark()) for name, value in self.some(3, 9, self.requirement)])
        return Doc(self.rng.choice(["requirements.txt", "requirements.in", "requirements/dev.txt"]), root, {})

    def dotenv(self):
        def variable():
            key = self.fresh().upper().replace("-", "_")
            return self.scalar(
                key,
                *self.rng.choice(
                    [
                        (self.fresh(), "word"),
                        (self.number(), "int"),
                        (self.phrase(), "phrase"),
                        (f"https://{self.fresh()}.example.org/", "word"),
                    ]
                ),
            )

        return Doc(self.rng.choice([".env", ".env.example", "prod.env"]), self.map(self.some(3, 9, variable)), {})

    def ini(self):
        def section():
            values = self.some(
                1,
                4,
                lambda: self.scalar(
                    self.fresh().replace("-", "_"),
                    *self.rng.choice([(self.fresh(), "word"), (self.number(), "int"), (self.phrase(), "phrase")]),
                ),
            )
            return self.box(self.fresh(), self.map(values))

        sections = self.some(1, 3, section)
        if self.chance(0.4):
            sections.append(self.box("testenv", self.map([self.item(self.texts("seq", self.some(2, 3, self.distinct)), "commands")])))
        if self.chance(0.4):
            sections.append(
                self.box(
                    "options", self.map([self.item(self.keyed("{key}{value}", self.some(2, 4, self.requirement)), "install_requires")])
                )
            )
        return Doc(self.rng.choice(["setup.cfg", "tox.ini"]), self.map(sections), {})

    def settings(self):
        def name():
            return self.fresh().upper().replace("-", "_")

        def setting():
            return self.scalar(
                name(), *self.rng.choice([(self.fresh(), "word"), (self.number(), "int"), ("true", "bool"), (self.phrase(), "phrase")])
            )

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
        root = Box(
            "set",
            [
                self.item(self.fresh() + self.rng.choice(["/", ".log", "", "/tmp/"]), note=self.remark())
                for _ in range(self.rng.randrange(3, 9))
            ],
        )
        return Doc(self.rng.choice([".gitignore", ".dockerignore"]), root, {})

    def text(self):
        """Lines without two that are alike, but for braces: so what became of each can be told."""
        path, self.line = self.rng.choice(self.lines())
        items = [self.item(self.new_line(), flavor="phrase") for _ in range(self.rng.randrange(4, 12))]
        for item in items:
            item.gap = self.chance(0.1)
        if path == "Dockerfile":
            items.insert(0, self.item(f"FROM python:{self.version()}", flavor="pin"))
        if path == "site.conf" and self.chance(0.5):
            for place in (len(items) // 2, len(items)):
                items.insert(place, self.item("}", flavor="brace"))
        return Doc(path, Box("seq", items), {})

    def lines(self):
        """Names of texts, and how a line of each is made."""
        draw = self.rng.choice
        return [
            ("notes.txt", self.phrase),
            ("README.md", self.phrase),
            ("run.sh", lambda: self.phrase(2)),
            ("site.conf", lambda: f"{draw(COMMANDS)}_{draw(WORDS)} {draw(['on', 'off', 'all', self.number()])};"),
            ("Makefile", lambda: f"{draw(WORDS).upper()} = -{draw(['O2', 'g', 'Wall', draw(WORDS)])}"),
            ("CODEOWNERS", lambda: f"{draw(WORDS)}/ @{draw(WORDS)}"),
            ("Dockerfile", lambda: draw(["USER {}", "RUN {}", "COPY {} .", "ENV {}=1", "WORKDIR /{}"]).format(draw(WORDS))),
        ]


# The name of a format on the command line: how it is made, and how it is written and read.
FORMATS = {
    "compose": (Maker.compose, "yaml"),
    "workflow": (Maker.workflow, "yaml"),
    "gitlab": (Maker.gitlab, "yaml"),
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
    **more.MAKERS,
}
