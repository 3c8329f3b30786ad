"""Reads a file with the reader that the world uses for it, into one shape for all: Pairs for mappings, lists, and texts.

Raises when the file is not well formed. A mapping keeps doubled keys, because whether there are any is the question.
"""

from __future__ import annotations

import ast
import configparser
import json
import re
import tomllib

import yaml

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Pairs(list):
    """A mapping as (key, value) in the order of the file."""

    def all(self, key):
        return [value for name, value in self if name == key]


class Doubled(Exception):
    """A reader refused a key or a section that is there twice."""


def read(form, text):
    if "\n<<<<<<< " in "\n" + text or "\n>>>>>>> " in "\n" + text:
        raise ValueError("a conflict marker")
    return READERS[form](text)


def read_yaml(text):
    def value(node):
        if isinstance(node, yaml.MappingNode):
            return Pairs((key.value, value(inner)) for key, inner in node.value)
        if isinstance(node, yaml.SequenceNode):
            return [value(inner) for inner in node.value]
        return node.value

    node = yaml.compose(text, Loader=LOADER)
    return Pairs() if node is None else value(node)


def plain(value):
    """Texts for all scalars, Pairs for mappings."""
    if isinstance(value, Pairs):
        return Pairs((key, plain(inner)) for key, inner in value)
    if isinstance(value, dict):
        return Pairs((key, plain(inner)) for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_json(text):
    return plain(json.loads(text, object_pairs_hook=Pairs, parse_float=str))


def read_toml(text):
    """Tables by their dotted names, each with what it holds itself."""
    found = Pairs()

    def table(name, values):
        own = Pairs((key, plain(value)) for key, value in values.items() if not isinstance(value, dict))
        if name and (own or not any(isinstance(value, dict) for value in values.values())):
            found.append((name, own))
        elif not name:
            found.extend(own)
        for key, value in values.items():
            if isinstance(value, dict):
                table(f"{name}.{key}" if name else key, value)

    try:
        table("", tomllib.loads(text, parse_float=str))
    except tomllib.TOMLDecodeError as error:
        if re.search("overwrite|twice|declare|duplicate", str(error).lower()):
            raise Doubled(str(error)) from None
        raise
    return found


def read_ini(text):
    parser = configparser.RawConfigParser(strict=True, allow_no_value=True, comment_prefixes=("#", ";"))
    parser.optionxform = str
    try:
        parser.read_string(text)
    except (configparser.DuplicateSectionError, configparser.DuplicateOptionError) as error:
        raise Doubled(str(error)) from None

    def value(found):
        found = found or ""
        return [line for line in found.split("\n") if line] if "\n" in found else found

    return Pairs((name, Pairs((key, value(text)) for key, text in parser.items(name))) for name in parser.sections())


def read_python(text):
    def value(node):
        if isinstance(node, (ast.List, ast.Tuple)):
            return [value(inner) for inner in node.elts]
        if isinstance(node, ast.Dict):
            return Pairs((value(key), value(inner)) for key, inner in zip(node.keys, node.values, strict=True))
        if isinstance(node, ast.Constant):
            return plain(node.value)
        return ast.unparse(node)

    found = Pairs()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found.append((node.targets[0].id, value(node.value)))
        else:
            found.append((ast.unparse(node), ""))
    return found


def lines(text, comment="#"):
    stripped = (line.strip() for line in text.split("\n"))
    return [line for line in stripped if line and not (comment and line.startswith(comment))]


def read_dotenv(text):
    found = Pairs()
    for line in lines(text):
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals or not re.fullmatch(r"\w+", name):
            raise ValueError(f"no variable: {line}")
        found.append((name, value.strip("'\"")))
    return found


def read_requirements(text):
    """One entry a line: the name with its marker, and what is asked of it."""
    found = Pairs()
    for line in lines(text):
        requirement, _, marker = line.split(" #")[0].partition(";")
        match = re.fullmatch(r"([\w.-]+)(\[[\w,-]+\])?\s*(.*?)\s*", requirement)
        if not match:
            raise ValueError(f"no requirement: {line}")
        name = re.sub(r"[-_.]+", "-", match[1]).lower()
        found.append((name + (";" + marker.strip() if marker else ""), (match[2] or "") + match[3].replace(" ", "")))
    return found


READERS = {
    "yaml": read_yaml,
    "json": read_json,
    "toml": read_toml,
    "ini": read_ini,
    "python": read_python,
    "dotenv": read_dotenv,
    "requirements": read_requirements,
    "ignore": lines,
    "text": lambda text: lines(text, None),
}
