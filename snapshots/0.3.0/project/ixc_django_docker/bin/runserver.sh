#!/usr/bin/env bash
# Serve the project with Django's development server, after setting up what changed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
need_port PORT

setup-django.sh

# An argument such as `8001` or `0.0.0.0:8001` is the address; other options leave it as it is.
address=
for argument in "$@"; do
    case "$argument" in
        -*) ;;
        *:* | [0-9][0-9]*) address="$argument" ;;
    esac
done
if [ -z "$address" ]; then
    address="$(bind_address):${PORT:-8000}"
    set -- "$@" "$address"
fi
say "runserver.sh: serving on http://${SITE_DOMAIN:-localhost}:${address##*:}/"
exec manage.py runserver "$@"
