#!/usr/bin/env bash
# Apply migrations that are not applied yet. Several nodes may start at once: one of them migrates.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

# The database is asked each time: a note kept elsewhere is wrong once the database is replaced.
if manage.py migrate --check >/dev/null 2>&1; then exit; fi
if [ "${1:-}" != --locked ]; then
    exec waitlock.py migrate -- "$0" --locked
fi
say "migrate.sh: applying migrations"
manage.py migrate --noinput >&2
