"""Projects that are older than the template, and `dockerize`, which brings them onto it."""

import os
import textwrap

from support.project import binary, version

# An app with one model.
_MODEL = {
    "__init__.py": "",
    "models.py": """
        from django.db import models


        class Thing(models.Model):
            name = models.CharField(max_length=10)
        """,
    "migrations/__init__.py": "",
    "migrations/0001_initial.py": """
        from django.db import migrations, models


        class Migration(migrations.Migration):
            initial = True
            dependencies = []
            operations = [
                migrations.CreateModel(
                    name="Thing",
                    fields=[
                        ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=10)),
                    ],
                ),
            ]
        """,
}


def app(folder):
    """The files of an app in that folder, whose model is `Thing`."""
    return {f"{folder}/{name}": text for name, text in _MODEL.items()}


def content(text):
    """What a file holds whose text is set in like the code of a test."""
    return textwrap.dedent(text).lstrip()


def write(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content(text))


def dockerize(folder, *flags):
    """The command line that brings a project onto the template under test."""
    argv = [binary(), "dockerize", folder, "--yes", "--release", version(), *flags]
    if os.environ.get("IXD_TEMPLATE_FROM"):
        argv += ["--from", os.environ["IXD_TEMPLATE_FROM"]]
    return argv
