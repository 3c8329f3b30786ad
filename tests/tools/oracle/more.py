"""Dockerfiles, Makefiles, catalogues of translations and JSON with comments: how each is made, written and read."""

from __future__ import annotations

import json
import re

from .model import Box, Doc
from .read import READERS, Pairs, plain
from .write import WRITERS

INSTRUCTIONS = "FROM RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG HEALTHCHECK SHELL STOPSIGNAL ONBUILD".split()


# --- how they are made; `maker` draws


def make_dockerfile(maker):
    def line():
        word = maker.fresh()
        kind = maker.rng.choice(["RUN", "RUN", "COPY", "ENV", "ENV", "ARG", "EXPOSE", "WORKDIR", "USER", "LABEL"])
        if kind == "RUN":
            commands = [f"{maker.rng.choice(['build', 'fetch', 'clean'])} {maker.fresh()}" for _ in range(maker.rng.choice([1, 1, 3]))]
            return "RUN " + " && ".join(commands)
        if kind in ("ENV", "LABEL"):
            return f"{kind} {word.upper().replace('-', '_')}={maker.fresh()}"
        return {"COPY": f"COPY {word} /{maker.fresh()}", "EXPOSE": f"EXPOSE {maker.number()}"}.get(kind, f"{kind} {word}")

    def stage():
        items = [maker.item(maker.new_line(), flavor="phrase", note=maker.remark()) for _ in range(maker.rng.randrange(3, 9))]
        if maker.chance(0.5):
            items.append(maker.item(f"CMD {maker.fresh()} {maker.fresh()}", flavor="phrase"))
        for item in items:
            item.gap = maker.chance(0.1)
        return maker.box(maker.fresh(), Box("seq", items))

    maker.line = maker.distinct = line
    maker.pair = lambda box: stage()
    stages = [stage() for _ in range(maker.rng.choice([1, 1, 2]))]
    return Doc(maker.rng.choice(["Dockerfile", "docker/web.Dockerfile"]), maker.map(stages), {})


def make_makefile(maker):
    def variable():
        value = maker.rng.choice([(maker.fresh(), "word"), (maker.phrase(), "phrase")])
        return maker.scalar(maker.fresh().upper().replace("-", "_"), *value)

    items = maker.some(1, 4, variable)
    if maker.chance(0.6):
        items.append(maker.item(maker.texts("set", maker.some(2, 4, maker.fresh), True), ".PHONY"))
    for _ in range(maker.rng.randrange(1, 4)):
        recipe = maker.texts("seq", maker.some(1, 4, maker.distinct), False)
        target = maker.box(maker.fresh(), recipe)
        target.gap = True
        items.append(target)
    return Doc(maker.rng.choice(["Makefile", "rules.mk"]), maker.map(items), {})


def make_translations(maker):
    def pair(box):
        """A message stands apart from others, a field of the header has no note."""
        new = type(maker).pair(maker, box)
        new.gap = not box.items or box.items[0].gap
        new.note = new.note if new.gap else None
        return new

    maker.pair = pair
    fields = [maker.item(maker.phrase(1), key, "phrase") for key in ("Project-Id-Version", "Last-Translator", "Language")]
    items = [maker.item(maker.map(fields), "header")]
    for _ in range(maker.rng.randrange(3, 8)):
        items.append(maker.item(maker.phrase() if maker.chance(0.8) else "", maker.fresh(), "phrase", maker.remark()))
    for item in items:
        item.gap = True
    return Doc("locale/de/LC_MESSAGES/django.po", maker.map(items), {})


def make_commented(maker):
    path = maker.rng.choice(["tsconfig.json", ".vscode/settings.json", "options.jsonc"])
    return Doc(path, maker.tree(), {"indent": 2, "comma": maker.chance(0.5)})


# --- how they are written


def above(item, pad, out, sign="#"):
    if item.gap and out:
        out.append("")
    if item.note:
        out.append(f"{pad}{sign} {item.note}")


def write_dockerfile(doc, out):
    for stage in doc.root.items:
        if out:
            out.append("")
        if stage.note:
            out.append(f"# {stage.note}")
        out.append(f"FROM base-{stage.key} AS {stage.key}")
        for item in stage.value.items:
            above(item, "", out)
            out += item.value.replace(" && ", " \\\n    && ").split("\n")


def write_makefile(doc, out):
    for item in doc.root.items:
        above(item, "", out)
        if not isinstance(item.value, Box):
            out.append(f"{item.key} = {item.value}")
        elif item.key == ".PHONY":
            out.append(".PHONY: " + " ".join(inner.value for inner in item.value.items))
        else:
            out.append(f"{item.key}:")
            out.extend("\t" + inner.value for inner in item.value.items)


def write_translations(doc, out):
    for item in doc.root.items:
        above(item, "", out)
        if isinstance(item.value, Box):
            out += ['msgid ""', 'msgstr ""', *(f'"{field.key}: {field.value}\\n"' for field in item.value.items)]
        else:
            out += [f'msgid "{item.key}"', f'msgstr "{item.value}"']


def write_commented(doc, out):
    step = doc.style["indent"]

    def rows(box, pad):
        for item in box.items:
            above(item, pad, out, "//")
            name = f"{json.dumps(item.key)}: " if box.shape == "map" else ""
            more = "," if item is not box.items[-1] or doc.style["comma"] else ""
            value(item, box, pad, pad + name, more)

    def value(item, box, pad, lead, more):
        inner = item.value
        if not isinstance(inner, Box):
            text = inner if item.flavor in ("int", "bool") else json.dumps(box.text(item) if item.key is None else inner)
            out.append(lead + text + more)
            return
        opening, closing = "{}" if inner.shape == "map" else "[]"
        if inner.flat or not inner.items:
            out.append(lead + opening + ", ".join(json.dumps(inner.text(i)) for i in inner.items) + closing + more)
            return
        out.append(lead + opening)
        rows(inner, pad + " " * step)
        out.append(pad + closing + more)

    out.append("{")
    rows(doc.root, " " * step)
    out.append("}")


# --- how they are read


def read_dockerfile(text):
    """Stages by name, each with its instructions, one text each."""
    found, stage, whole = Pairs(), None, ""
    for line in text.split("\n"):
        own = line.strip()
        if not own or own.startswith("#"):
            continue
        if whole and own.split(" ")[0] in INSTRUCTIONS:
            raise ValueError(f"an instruction within another one: {line}")
        whole += own.removesuffix("\\").strip() + " "
        if own.endswith("\\"):
            continue
        words, whole = whole.split(), ""
        if words[0] not in INSTRUCTIONS or len(words) < 2 or words[-1] == "&&":
            raise ValueError(f"no instruction: {line}")
        if words[0] == "FROM":
            stage = []
            found.append((words[-1], stage))
        elif stage is None:
            raise ValueError(f"no stage for {line}")
        else:
            stage.append(" ".join(words))
    if whole:
        raise ValueError("the last line is continued")
    return found


def read_makefile(text):
    found, recipe = Pairs(), None
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("\t"):
            if recipe is None:
                raise ValueError(f"a recipe without a target: {line}")
            recipe.append(line.strip())
            continue
        recipe = None
        if match := re.match(r"(\S+) = (.*)$", line):
            found.append((match[1], match[2]))
        elif match := re.match(r"(\S+):(.*)$", line):
            recipe = match[2].split() if match[1] == ".PHONY" else []
            found.append((match[1], recipe))
        else:
            raise ValueError(f"no separator: {line}")
    return found


def read_translations(text):
    """Messages with their translations, and the header's fields."""
    messages, into = [], None
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            into = None if messages and len(messages[-1]) > 1 else into
            continue
        match = re.fullmatch(r'(?:(msgid|msgstr) )?"((?:[^"\\]|\\.)*)"', line)
        if not match:
            raise ValueError(f"no message: {line}")
        if match[1] == "msgid":
            if messages and "msgstr" not in messages[-1]:
                raise ValueError(f"no translation before {line}")
            messages.append({})
        if match[1]:
            into = match[1]
            if not messages or into in messages[-1]:
                raise ValueError(f"not here: {line}")
        if into is None:
            raise ValueError(f"a text that belongs to nothing: {line}")
        messages[-1][into] = messages[-1].get(into, "") + match[2]
    if messages and "msgstr" not in messages[-1]:
        raise ValueError("no translation at the end")
    found = Pairs()
    for message in messages:
        if message["msgid"]:
            found.append((message["msgid"], message["msgstr"]))
        else:
            fields = [field for field in message["msgstr"].split("\\n") if field]
            found.append(("header", Pairs(tuple(field.split(": ", 1)) for field in fields)))
    return found


def read_commented(text):
    """JSON without its comments and the commas behind last elements."""
    token = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|[^"/]+|.', re.S)
    bare = "".join(part if not part.startswith(("//", "/*")) else " " for part in token.findall(text))
    parts = re.findall(r'"(?:[^"\\\n]|\\.)*"|[^"]+|"', bare)
    joined = "".join(part if part.startswith('"') else re.sub(r",(\s*[\]}])", r"\1", part) for part in parts)
    return plain(json.loads(joined, object_pairs_hook=Pairs, parse_float=str))


MAKERS = {
    "dockerfile": (make_dockerfile, "dockerfile"),
    "makefile": (make_makefile, "makefile"),
    "po": (make_translations, "po"),
    "jsonc": (make_commented, "jsonc"),
}
WRITERS.update({"dockerfile": write_dockerfile, "makefile": write_makefile, "po": write_translations, "jsonc": write_commented})
READERS.update({"dockerfile": read_dockerfile, "makefile": read_makefile, "po": read_translations, "jsonc": read_commented})
