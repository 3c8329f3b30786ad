"""Wrapper around the project: settings modules, URLs, storages, health checks, scripts.

This package belongs to the template and is replaced on upgrade. Change behaviour from outside it:
environment variables, ``ixcproject/settings/``, ``templates/``, ``static/`` and ``bin/``.
"""

import os

if os.environ.get("IXC_DEBUGGER"):
    from ixc_django_docker.debugger import attach

    attach()
