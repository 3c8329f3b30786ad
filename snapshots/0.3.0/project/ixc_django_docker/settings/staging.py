"""A rehearsal: everything as in production, but mail is printed instead of sent, or sent to ``EMAIL_REDIRECT_TO`` alone."""

import glob

from split_settings.tools import include

from ixc_django_docker.environ import env_list
from ixc_django_docker.loader import WRAPPER

include(glob.escape(str(WRAPPER / "production.py")), scope=globals())

EMAIL_REDIRECT_TO = env_list("EMAIL_REDIRECT_TO")
if EMAIL_REDIRECT_TO:
    IXC_EMAIL_BACKEND = "ixc_django_docker.mail.OneAddressBackend"
else:
    IXC_EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
