"""Settings of this machine only: copy this file to ``local.py``, which git ignores.

``local.py`` is executed last, in every environment, tests included.
"""

# Show every database query in the log.
# LOGGING["loggers"]["django.db.backends"] = {"level": "DEBUG"}
