"""Accept one more password for every account, for support. Think twice before you use this in production.

Needs ``MASTER_PASSWORD``; without it nothing changes. While ``DEBUG`` is on, it may be any password in clear. Otherwise
it must be the hash of a strong one, which ``manage.py make_password`` makes. Accounts that are not active stay closed,
and every use is logged.
"""

from ixc_django_docker.environ import env

MASTER_PASSWORD = env("MASTER_PASSWORD")
if MASTER_PASSWORD:
    # Last: a user's own password is tried first.
    AUTHENTICATION_BACKENDS = [
        *globals().get("AUTHENTICATION_BACKENDS", ["django.contrib.auth.backends.ModelBackend"]),
        "ixc_django_docker.master_password.Backend",
    ]
