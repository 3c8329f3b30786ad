"""Start Django's command line, from whatever folder it is called."""

import os
import sys
from pathlib import Path


def main(argv=None):
    """Run a management command.

    Without ``DOTENV`` the ``develop`` settings are used: this is a developer's shell. A server
    (``wsgi.py``, ``asgi.py``) without ``DOTENV`` uses ``production`` instead, so that no deployment
    runs in DEBUG mode because a variable was forgotten. ``manage.py test`` always uses ``test``.
    """
    argv = sys.argv if argv is None else argv
    here = Path(__file__).resolve().parents[1]
    # A shell set up for one project may call the `manage.py` of another one.
    named = os.environ.get("PROJECT_DIR", "")
    if not (named and Path(named).is_dir() and here.samefile(named)):
        os.environ["PROJECT_DIR"] = str(here)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ixc_django_docker.settings")
    if argv[1:2] == ["test"]:
        os.environ["DOTENV"] = "test"
        # An older project has no settings of that name, and its tests run with its own.
        if (here / "ixcproject" / "settings" / "test.py").exists():
            os.environ["OVERRIDE_SETTINGS"] = "test.py"
    elif not os.environ.get("DOTENV"):
        os.environ["DOTENV"] = "develop"
    if argv[1:2] in (["makemessages"], ["compilemessages"]):
        # Below the current folder it would rewrite the catalogues of every installed package, which uv shares among projects.
        argv = [*argv, "--ignore=var/go.sh-venv", "--ignore=node_modules", "--ignore=ixc_django_docker"]
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as error:
        if error.name != "django":
            raise
        sys.exit(
            f"error: Django is not installed for {sys.executable}\n\n"
            "hint: run `./go.sh`, which installs what the project needs, and use `manage.py` there"
        )
    try:
        # Loads the settings. What is wrong with them is a message to a person, not a crash.
        settings.DEBUG  # noqa: B018
    except ImproperlyConfigured as error:
        if "--traceback" in argv:
            raise
        sys.exit(f"error: {error}")
    execute_from_command_line(argv)
