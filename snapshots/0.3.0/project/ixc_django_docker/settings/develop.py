"""A developer's machine: DEBUG on, security relaxed, readable logs."""

from ixc_django_docker.debug import PrivateAddresses
from ixc_django_docker.environ import env_choice

DEBUG = True
# This machine (and Django's test client) only: with DEBUG on, any web page that you visit could
# otherwise read this site, by pointing a name of its own here. More names, or `*` for all, come
# from the variable ALLOWED_HOSTS.
ALLOWED_HOSTS += [".localhost", "127.0.0.1", "[::1]", "testserver"]
# `{% if debug %}` in templates asks for it.
INTERNAL_IPS = PrivateAddresses()
AUTH_PASSWORD_VALIDATORS = []
if "console" in LOGGING.get("handlers", {}):
    LOGGING["handlers"]["console"]["formatter"] = env_choice("LOG_FORMAT", ["json", "text"], "text")

if "compressor" in INSTALLED_APPS:
    # Files one by one, compiled on request: an edit shows at the next reload.
    COMPRESS_ENABLED = False
    COMPRESS_OFFLINE = False
