"""A developer's machine: DEBUG on, security relaxed, readable logs."""

from ixc_django_docker.environ import env

DEBUG = True
# Any name works: `localhost`, a container's name, this machine's address in the local network.
ALLOWED_HOSTS = ["*"]
AUTH_PASSWORD_VALIDATORS = []
if "console" in LOGGING.get("handlers", {}):
    LOGGING["handlers"]["console"]["formatter"] = env("LOG_FORMAT", "text")

if "compressor" in INSTALLED_APPS:
    # Files one by one, compiled on request: an edit shows at the next reload.
    COMPRESS_ENABLED = False
    COMPRESS_OFFLINE = False
