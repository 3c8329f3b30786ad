"""Writes a document in its format, as people do: notes above entries, lists on one line or on several."""

from __future__ import annotations

import json
import re

from .model import Box

BARE = {"int", "bool", "number"}
WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off"}
SAFE = re.compile(r"[A-Za-z_./][\w./@$ +<>=~^()*-]*$")


def write(form, doc):
    out = []
    WRITERS[form](doc, out)
    return "\n".join(out) + "\n"


def note(item, pad, out, sign="#"):
    if item.gap:
        out.append("")
    if item.note:
        out.append(f"{pad}{sign} {item.note}")


def write_yaml(doc, out):
    step, dash, quote = doc.style.get("indent", 2), doc.style.get("dash", 2), doc.style.get("quote", '"')

    def scalar(text, flavor):
        if text == "":
            return ""
        bare = SAFE.match(text) and " #" not in text and not text.endswith(" ") and text.lower() not in WORDS_OF_YAML
        return text if flavor in BARE or bare else quote + text + quote

    def flat(box):
        if box.shape == "map":
            return "{" + ", ".join(f"{item.key}: {scalar(item.value, item.flavor)}" for item in box.items) + "}"
        return "[" + ", ".join(quoted(box.text(item)) for item in box.items) + "]"

    def quoted(text):
        return text if re.fullmatch(r"[A-Za-z_./][\w./-]*", text) else quote + text + quote

    def mapping(box, pad, first=None):
        """`first` is the dash and what stands before it, for a mapping in a list."""
        for item in box.items:
            lead = first if first is not None else pad
            if first is None:
                note(item, pad, out)
            first = None
            if not isinstance(item.value, Box):
                out.append(f"{lead}{item.key}: {scalar(item.value, item.flavor)}".rstrip())
            elif item.value.flat or not item.value.items:
                out.append(f"{lead}{item.key}: {flat(item.value) if item.value.items else '{}' if item.value.shape == 'map' else '[]'}")
            elif item.value.shape == "map":
                out.append(f"{lead}{item.key}:")
                mapping(item.value, pad + " " * step)
            else:
                out.append(f"{lead}{item.key}:")
                sequence(item.value, pad + " " * dash)

    def sequence(box, pad):
        for item in box.items:
            note(item, pad, out)
            if isinstance(item.value, Box):
                mapping(item.value, pad + "  ", pad + "- ")
            else:
                out.append(f"{pad}- {quoted(box.text(item)) if box.shape != 'seq' else scalar(box.text(item), item.flavor)}")

    mapping(doc.root, "")


def write_json(doc, out):
    step = doc.style.get("indent", 2)

    def value(item, box, pad):
        if not isinstance(item.value, Box):
            return item.value if item.flavor in BARE else json.dumps(box.text(item) if item.key is None else item.value)
        inner, deeper = item.value, pad + " " * step
        opening, closing = "{}" if inner.shape == "map" else "[]"
        parts = [(json.dumps(i.key) + ": " if inner.shape == "map" else "") + value(i, inner, deeper) for i in inner.items]
        if not parts:
            return opening + closing
        if inner.flat:
            return opening + ", ".join(parts) + closing
        return opening + "\n" + ",\n".join(deeper + part for part in parts) + "\n" + pad + closing

    class Whole:
        value, flavor, key = doc.root, "", None

    out.extend(value(Whole, doc.root, "").split("\n"))


def literal(item, box, quote, python):
    text = box.text(item) if box.shape != "map" else item.value
    if item.flavor in BARE:
        return text.capitalize() if python and item.flavor == "bool" else text
    return quote + text + quote


def collection(box, pad, doc, out, lead, python, tail=""):
    """A list, or a dict of Python, after `lead`."""
    quote, deeper = doc.style.get("quote", '"'), pad + " " * doc.style.get("indent", 4)
    opening, closing = "{}" if box.shape == "map" else "[]"

    def head(item):
        return f"{quote}{item.key}{quote}: " if box.shape == "map" else ""

    if box.flat or not box.items:
        out.append(lead + opening + ", ".join(head(item) + literal(item, box, quote, python) for item in box.items) + closing + tail)
        return
    out.append(lead + opening)
    for item in box.items:
        note(item, deeper, out)
        if isinstance(item.value, Box):
            collection(item.value, deeper, doc, out, deeper + head(item), python, ",")
        else:
            out.append(f"{deeper}{head(item)}{literal(item, box, quote, python)},")
    out.append(pad + closing + tail)


def write_toml(doc, out):
    def entry(item, box):
        note(item, "", out)
        if isinstance(item.value, Box):
            collection(item.value, "", doc, out, f"{item.key} = ", False)
        else:
            out.append(f"{item.key} = {literal(item, box, doc.style.get('quote', chr(34)), False)}")

    plain = [item for item in doc.root.items if not (isinstance(item.value, Box) and item.value.shape == "map")]
    for item in plain:
        entry(item, doc.root)
    for item in doc.root.items:
        if isinstance(item.value, Box) and item.value.shape == "map":
            if out:
                out.append("")
            if item.note:
                out.append(f"# {item.note}")
            out.append(f"[{item.key}]")
            for inner in item.value.items:
                entry(inner, item.value)


def write_python(doc, out):
    for item in doc.root.items:
        note(item, "", out)
        if isinstance(item.value, Box):
            collection(item.value, "", doc, out, f"{item.key} = ", True)
        elif item.flavor == "statement":
            out.append(item.key)
        else:
            out.append(f"{item.key} = {literal(item, doc.root, doc.style.get('quote', chr(34)), True)}")


def write_ini(doc, out):
    for section in doc.root.items:
        if out:
            out.append("")
        if section.note:
            out.append(f"# {section.note}")
        out.append(f"[{section.key}]")
        for item in section.value.items:
            if item.note:
                out.append(f"# {item.note}")
            if isinstance(item.value, Box):
                out.append(f"{item.key} =")
                out.extend("    " + item.value.text(inner) for inner in item.value.items)
            else:
                out.append(f"{item.key} = {item.value}")


def write_dotenv(doc, out):
    for item in doc.root.items:
        note(item, "", out)
        quote = '"' if " " in item.value else ""
        out.append(f"{item.key}={quote}{item.value}{quote}")


def write_requirements(doc, out):
    for item in doc.root.items:
        note(item, "", out)
        name, _, marker = item.key.partition(";")
        out.append(f"{name}{item.value}" + (f"; {marker}" if marker else ""))


def write_lines(doc, out):
    for item in doc.root.items:
        note(item, "", out)
        out.append(item.value)


WRITERS = {
    "yaml": write_yaml,
    "json": write_json,
    "toml": write_toml,
    "ini": write_ini,
    "python": write_python,
    "dotenv": write_dotenv,
    "requirements": write_requirements,
    "ignore": write_lines,
    "text": write_lines,
}
