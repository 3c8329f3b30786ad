"""Says in one line of JSON what the settings of this environment are; of Python 2.7 as well."""
import json
import os
import sys

sys.path.insert(0, os.getcwd())
import django

if os.environ.get("DJANGO_CONFIGURATION"):
    # The settings are those of a class.
    import configurations

    configurations.setup()
elif hasattr(django, "setup"):
    django.setup()
# A library that reads the settings from elsewhere, such as dynaconf, has put its own in their place by now.
from django.conf import settings

said = {
    "settings": os.environ.get("DJANGO_SETTINGS_MODULE"),
    "debug": bool(settings.DEBUG),
    "hosts": [str(host) for host in settings.ALLOWED_HOSTS],
    "databases": [
        [str(base.get("ENGINE", "")), str(base.get("NAME", ""))] for _, base in sorted(settings.DATABASES.items())
    ],
    "static_url": str(settings.STATIC_URL or ""),
    "static": None,
}
try:
    from django.contrib.staticfiles import finders
    from django.contrib.staticfiles.storage import staticfiles_storage

    names = [name for finder in finders.get_finders() for name, _ in finder.list([])]
    for name in sorted(names, key=lambda name: (not name.endswith((".css", ".js")), name)):
        said["static"] = str(staticfiles_storage.url(name.replace("\\", "/")))
        break
except Exception as error:
    said["no_static"] = "%s: %s" % (type(error).__name__, error)
print("ixd-proof: " + json.dumps(said))
