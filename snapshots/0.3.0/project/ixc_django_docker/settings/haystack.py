"""Full-text search with django-haystack.

On Elasticsearch when ``ELASTICSEARCH_ADDRESS`` (``HOST:PORT`` or a URL) is set, which all nodes then share: a server of
version 7 or 8. Without it on Whoosh, an engine within this process whose index is in ``VAR_DIR``: for one machine.
``HAYSTACK_ENGINE=whoosh`` or ``elasticsearch`` overrides that.

An application says in its ``search_indexes.py`` what is found; ``manage.py rebuild_index`` fills the index.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from ixc_django_docker.environ import env, env_int
from ixc_django_docker.loader import require

require("haystack", "django-haystack", "haystack.py")

INSTALLED_APPS += ["haystack"]

ELASTICSEARCH_ADDRESS = env("ELASTICSEARCH_ADDRESS")
_engine = env("HAYSTACK_ENGINE", "elasticsearch" if ELASTICSEARCH_ADDRESS else "whoosh")
if _engine == "elasticsearch":
    require("elasticsearch", "elasticsearch~=7.17", "haystack.py")
    # The client is that of version 7; it asks a server of version 8 to answer in the same way.
    os.environ.setdefault("ELASTIC_CLIENT_APIVERSIONING", "1")
    _address = ELASTICSEARCH_ADDRESS or "localhost:9200"
    HAYSTACK_CONNECTIONS = {
        "default": {
            "ENGINE": "haystack.backends.elasticsearch7_backend.Elasticsearch7SearchEngine",
            "URL": _address if "://" in _address else f"http://{_address}/",
            "INDEX_NAME": f"{PROJECT_NAME}_{DOTENV}".lower(),
            "TIMEOUT": env_int("ELASTICSEARCH_TIMEOUT", 10),
        }
    }
elif _engine == "whoosh":
    require("whoosh", "whoosh-reloaded", "haystack.py")
    HAYSTACK_CONNECTIONS = {
        "default": {
            "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
            "PATH": str(VAR_DIR / "whoosh"),
        }
    }
else:
    raise ImproperlyConfigured("HAYSTACK_ENGINE must be whoosh or elasticsearch.")
