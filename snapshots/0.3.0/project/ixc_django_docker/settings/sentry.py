"""Report errors of requests and tasks, and what was logged before them, to Sentry.

Needs ``SENTRY_DSN``; without it nothing is sent and nothing is loaded. ``SENTRY_ENVIRONMENT`` names the
environment (default: ``DOTENV``), ``SENTRY_RELEASE`` the version, and ``SENTRY_TRACES_SAMPLE_RATE`` (0 to 1,
default 0) the share of requests whose timing is sent too. Users, request bodies and the values of variables are not sent.
"""

from django.core.exceptions import ImproperlyConfigured

from ixc_django_docker.environ import env, env_float
from ixc_django_docker.loader import require

require("sentry_sdk", "sentry-sdk[django]", "sentry.py")

SENTRY_DSN = env("SENTRY_DSN")
# An error that a test provokes is none.
if SENTRY_DSN and DOTENV != "test":
    import sentry_sdk
    from sentry_sdk.integrations.logging import ignore_logger

    # Scanners ask for random hosts all day: that is in the log, and no event.
    ignore_logger("django.security.DisallowedHost")
    try:
        sentry_sdk.init(
            dsn=SENTRY_DSN,
            environment=env("SENTRY_ENVIRONMENT", DOTENV),
            release=env("SENTRY_RELEASE") or env("PROJECT_COMMIT") or None,
            traces_sample_rate=env_float("SENTRY_TRACES_SAMPLE_RATE"),
            send_default_pii=False,
            max_request_body_size="never",
            # Passwords and mails stand in them.
            include_local_variables=False,
        )
    except sentry_sdk.utils.BadDsn:
        # Without the cause, which shows the key.
        raise ImproperlyConfigured(
            "SENTRY_DSN must be an address such as https://KEY@HOST/NUMBER."
        ) from None
