"""Send logs to Rapid7 InsightOps, formerly LogEntries, as they are written.

Needs ``LOGENTRIES_TOKEN``, the token of a log of the kind "Token TCP"; without it nothing is sent and nothing is loaded.
``LOGENTRIES_REGION`` is where the account is (``us``, ``eu``, ``ca``, ``au``, ``ap``), ``LOGENTRIES_ADDRESS`` (``HOST:PORT``)
another server that takes such lines, and ``LOGENTRIES_TLS=0`` switches encryption off for it.

Where a collector reads the output of containers, this module is not needed: servers write the same lines to stdout.
"""

from ixc_django_docker.environ import env, env_address, env_bool

LOGENTRIES_TOKEN = env("LOGENTRIES_TOKEN")
LOGENTRIES_ADDRESS = (
    env_address("LOGENTRIES_ADDRESS")
    or f"{env('LOGENTRIES_REGION', 'us')}.data.logs.insight.rapid7.com:443"
)
if LOGENTRIES_TOKEN:
    LOGGING["handlers"]["logentries"] = {
        "class": "ixc_django_docker.drain.Handler",
        "formatter": "json",
        "token": LOGENTRIES_TOKEN,
        "address": LOGENTRIES_ADDRESS,
        "tls": env_bool("LOGENTRIES_TLS", True),
    }
    LOGGING["root"]["handlers"].append("logentries")
    LOGGING["loggers"]["django.security.DisallowedHost"]["handlers"].append("logentries")
