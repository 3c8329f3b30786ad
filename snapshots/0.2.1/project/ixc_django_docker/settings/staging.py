"""A rehearsal: everything as in production, but mail is printed instead of sent."""

import glob

from split_settings.tools import include

from ixc_django_docker.loader import WRAPPER

include(glob.escape(str(WRAPPER / "production.py")), scope=globals())

IXC_EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
