#!/usr/bin/env bash
# Run a Celery worker, after setting up what changed. Arguments go to `celery worker`.
#
# SIGTERM ends it when the tasks that run now are done. CELERY_CONCURRENCY (2) is how many it runs at once,
# CELERY_MAX_TASKS_PER_CHILD (1000) after how many a process is replaced, which gives memory back.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

if older; then
    older_celery celery.sh worker --loglevel "${CELERY_LOG_LEVEL:-INFO}" --concurrency "${CELERY_CONCURRENCY:-2}" "$@"
fi
need_broker celery.sh
setup-django.sh
cd "$PROJECT_DIR"
export LOG_STREAM="${LOG_STREAM:-stdout}"

say "celery.sh: working on the tasks of ${PROJECT_NAME:-the project}${DOTENV:+ ($DOTENV)}"
exec newrelic.sh celery --quiet --app ixc_django_docker.celery --skip-checks worker \
    --concurrency "${CELERY_CONCURRENCY:-2}" \
    --max-tasks-per-child "${CELERY_MAX_TASKS_PER_CHILD:-1000}" \
    --without-mingle --without-gossip "$@"
