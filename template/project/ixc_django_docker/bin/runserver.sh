#!/usr/bin/env bash
# Serve the project with Django's development server, after setting up what changed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

setup-django.sh
if [ $# -eq 0 ]; then set -- "${BIND_ADDRESS:-127.0.0.1}:${PORT:-8000}"; fi
say "runserver.sh: serving on http://${SITE_DOMAIN:-localhost}:${PORT:-8000}/"
exec manage.py runserver "$@"
