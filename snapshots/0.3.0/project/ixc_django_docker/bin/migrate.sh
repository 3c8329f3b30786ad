#!/usr/bin/env bash
# Apply migrations that are not applied yet. Several nodes may start at once: one of them migrates.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

# Without Redis the first lock is this machine's; the second is PostgreSQL's own, for all that use the database.
if [ "${1:-}" = --locked ] && ! bypass; then
    exec python -m ixc_django_docker.database_lock "$0" --alone
fi
# The database is asked each time: a note kept elsewhere is wrong once the database is replaced.
if manage.py migrate --check >/dev/null 2>&1; then exit; fi
if [ $# = 0 ]; then
    exec waitlock.py migrate -- "$0" --locked
fi
if bypass; then
    # Before 1.7 Django had no migrations; those of South, where it is in use, come after the tables of the rest.
    if python -c 'import sys, django; sys.exit(django.VERSION >= (1, 7))'; then
        say "migrate.sh: making tables that are not there yet"
        manage.py syncdb --noinput >&2
        if ! manage.py help migrate >/dev/null 2>&1; then exit; fi
    else
        # A project may have no database at all. What else is wrong, `migrate` says.
        python - 2>/dev/null <<'PYTHON' || [ $? != 3 ] || exit 0
import os, sys
try:
    import configurations
except ImportError:
    pass
else:
    # Without its name nothing but manage.py knows the class whose settings hold.
    if not os.environ.get("DJANGO_CONFIGURATION"):
        sys.exit(0)
    configurations.setup()
from django.conf import settings
sys.exit(0 if settings.DATABASES.get("default", {}).get("ENGINE") else 3)
PYTHON
    fi
fi
say "migrate.sh: applying migrations"
manage.py migrate --noinput >&2
