"""Static files of an older project, for every Python from 2.7 on: `build-static.sh` runs this, and servers import it.

It imports nothing of the wrapper, so that the project's settings stay in charge.
"""

import importlib
import os
import sys

PROJECT_DIR = os.environ.get("PROJECT_DIR") or os.getcwd()


def configurations():
    """Give django-configurations where the settings are those of a class, or None."""
    if not os.environ.get("DJANGO_CONFIGURATION"):
        return None
    try:
        return importlib.import_module("configurations")
    except ImportError:
        return None


def set_up():
    """Set Django up, or django-configurations, whose settings are those of a class."""
    import django

    if configurations():
        configurations().setup()
    # Before 1.7 there was nothing to set up.
    elif hasattr(django, "setup"):
        django.setup()


def rooted():
    """Give the settings as they are now, with a folder for static files where they name none."""
    from django.conf import settings

    if not getattr(settings, "STATIC_ROOT", None):
        settings.STATIC_ROOT = os.path.join(PROJECT_DIR, "static_root")
    return settings


def settings():
    """Give the project's settings, once Django is set up, with a folder for static files where they name none.

    They have it before that already: the storage of static files keeps the one that it sees first, and an application may ask
    for the address of a file when it is loaded. A library that reads settings from elsewhere, such as dynaconf, puts its own
    object in the place of Django's when these are read, or when Django is set up.
    """
    if configurations():
        importlib.import_module("configurations.importer").install()
    rooted()
    rooted()
    set_up()
    return rooted()


def application(name):
    """Give the application of a module, which may be one that runs only where Django is set up before.

    `runserver` does that before it imports the module; servers do not. Here it is done for a module that fails without it,
    and not before: a module may name its settings itself, or set Django up in a way of its own.
    """
    import django

    try:
        module = importlib.import_module(name)
    except Exception:
        # Before 1.7 there was nothing to set up.
        if not hasattr(django, "setup"):
            raise
        from django.apps import apps

        if apps.ready:
            raise
        set_up()
        module = importlib.import_module(name)
    return module.application


def served(settings):
    """Give the folder and the prefix of files that are to be served here, or None."""
    root, url = str(settings.STATIC_ROOT), getattr(settings, "STATIC_URL", None)
    # A URL of another host is served there.
    if not url or "//" in url or not os.path.isdir(root):
        return None
    return root, "/" + url.strip("/") + "/"


def before(application, settings):
    """Put WhiteNoise before a WSGI application."""
    found = served(settings)
    if not found:
        return application
    from whitenoise import WhiteNoise

    return WhiteNoise(application, root=found[0], prefix=found[1], max_age=60)


def collect():
    """Collect the files, and compress what django-compressor compresses before it is asked for."""
    from django.core.management import call_command

    own = settings()
    if "django.contrib.staticfiles" not in own.INSTALLED_APPS:
        sys.stderr.write("build-static.sh: the project does not use django.contrib.staticfiles: nothing to collect\n")
        return
    # Not `clear`: an older project's folder may hold more.
    call_command("collectstatic", interactive=False, verbosity=1)
    if "compressor" in own.INSTALLED_APPS and getattr(own, "COMPRESS_OFFLINE", False):
        call_command("compress", force=True)


if __name__ == "__main__":
    sys.path.insert(0, PROJECT_DIR)
    collect()
