#!/usr/bin/env bash
# Send scheduled tasks to the Celery workers, after setting up what changed. Arguments go to `celery beat`.
#
# Schedules are in the database: the admin changes them. Each task is sent once, however many nodes run this: the
# first one works, the others wait under a lock in Redis and take over when it is gone.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

if older; then
    mkdir -p "${VAR_DIR:-$PROJECT_DIR/var}/run"
    older_celery celerybeat.sh beat --loglevel "${CELERY_LOG_LEVEL:-INFO}" --pidfile= \
        --schedule "${VAR_DIR:-$PROJECT_DIR/var}/run/celerybeat-schedule" "$@"
fi
need_broker celerybeat.sh
if [ "${1:-}" != --locked ]; then
    setup-django.sh
    WAITLOCK_TIMEOUT=inf exec waitlock.py --strict celerybeat -- "$0" --locked "$@"
fi
shift
cd "$PROJECT_DIR"
export LOG_STREAM="${LOG_STREAM:-stdout}"

say "celerybeat.sh: sending the scheduled tasks of ${PROJECT_NAME:-the project}${DOTENV:+ ($DOTENV)}"
exec celery --app ixc_django_docker.celery --skip-checks beat --pidfile= "$@"
