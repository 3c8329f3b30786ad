"""Finds the settings modules that the environment names, in the order in which they apply.

1. *base*: ``BASE_SETTINGS``, from ``ixc_django_docker/settings/``
2. *project*: ``PROJECT_SETTINGS``, from ``ixcproject/settings/``
3. *override*: ``OVERRIDE_SETTINGS``, from both folders, the wrapper's first
4. *extra*: ``EXTRA_SETTINGS``, from both folders, if it is set
5. *local*: ``ixcproject/settings/local.py``, when it exists; never committed

Modules are named as file paths relative to their folder, because they are executed one after the
other in one namespace instead of being imported.
"""

import difflib
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

WRAPPER = Path(__file__).resolve().parent / "settings"

# Used when BASE_SETTINGS is unset: what a site needs to run on several machines without a disk of
# its own. A module whose package was left out of this project is passed over.
DEFAULT_BASE = {
    "base.py": "django",
    "compressor.py": "compressor",
    "storages.py": "storages",
    "whitenoise.py": "whitenoise",
}


def settings_files(environ, project_dir):
    """Return the settings files to execute, first to last, as paths.

    The module named by ``OVERRIDE_SETTINGS`` must exist in at least one of the two folders.
    """
    project = Path(project_dir) / "ixcproject" / "settings"
    base = environ.get("BASE_SETTINGS", "").split() or default_base()
    # `base.py` sets what the other modules extend, so it is always there, and first.
    base = ["base.py", *(name for name in base if name != "base.py")]
    files = [_find("BASE_SETTINGS", name, [WRAPPER])[0] for name in dict.fromkeys(base)]

    name = environ.get("PROJECT_SETTINGS", "").strip() or "base.py"
    files += _find("PROJECT_SETTINGS", name, [project])

    dotenv = environ.get("DOTENV", "").strip() or "production"
    override = environ.get("OVERRIDE_SETTINGS", "").strip()
    source = "OVERRIDE_SETTINGS" if override else "DOTENV"
    files += _find(source, override or f"{dotenv}.py", [WRAPPER, project])

    for name in environ.get("EXTRA_SETTINGS", "").split():
        files += _find("EXTRA_SETTINGS", name, [WRAPPER, project])

    local = project / "local.py"
    if local.is_file():
        files.append(local)
    if environ.get("IXD_VERBOSE") == "1":
        # Never on stdout: `manage.py dumpdata > file` must stay clean.
        sys.stderr.write(f"settings: {' '.join(label(path) for path in files)}\n")
    return files


def label(path):
    """Return a settings file's short name, such as ``ixcproject/base.py``."""
    *_, package, name = Path(path).as_posix().rsplit("/settings/", 1)
    return f"{package.rpartition('/')[2]}/{name}"


def require(module, package, feature):
    """Stop with a clear error when ``package`` is not installed.

    ``find_spec`` looks without importing, so a settings module that calls this stays cheap.
    """
    if find_spec(module) is None:
        raise ImproperlyConfigured(
            f"The settings module {feature!r} needs the package {package!r}, which is not "
            f"installed. Add {package!r} to requirements.in and install it, or take {feature!r} "
            "out of BASE_SETTINGS."
        )


def default_base():
    """Return the modules that are used when ``BASE_SETTINGS`` is unset."""
    return [name for name, module in DEFAULT_BASE.items() if find_spec(module)]


def _find(variable, name, folders):
    """Return the files called ``name``, one per folder that has it; at least one."""
    found = [folder / name for folder in folders if (folder / name).is_file()]
    if found and name.endswith(".py") and Path(name).name != "__init__.py":
        return found

    known = sorted(
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in folder.rglob("*.py")
        if path.name not in {"__init__.py", "local.py"} and not path.name.endswith(".sample.py")
    )
    where = " or ".join(f"{folder.parent.name}/settings/" for folder in folders)
    dotted = not name.endswith(".py")
    if dotted:
        problem = f"{name!r} is not a file name; settings modules are named as paths, ending in .py"
    else:
        problem = f"there is no settings module {name!r} in {where}"
    guess = _nearest(name, known)
    hint = f"Did you mean {guess!r}?" if guess else f"Available: {', '.join(dict.fromkeys(known))}."
    raise ImproperlyConfigured(f"{variable}: {problem}. {hint}")


def _nearest(name, known):
    """Return the known file name that ``name`` most likely stands for, or None."""
    stem = name.removesuffix(".py")
    candidates = [stem.replace(".", "/"), stem.rpartition(".")[2], stem.rpartition(os.sep)[2]]
    for candidate in candidates:
        match = difflib.get_close_matches(f"{candidate}.py", known, n=1, cutoff=0.6)
        if match:
            return match[0]
    return None
