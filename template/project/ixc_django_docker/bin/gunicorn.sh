#!/usr/bin/env bash
# Serve the project with gunicorn, after setting up what changed.
#
# GUNICORN_WORKERS, GUNICORN_THREADS, GUNICORN_TIMEOUT, GUNICORN_KEEPALIVE and GUNICORN_WORKER_CLASS tune it;
# the worker class `asgi` serves the ASGI application. LOG_FORMAT is `json` or `text`. More arguments
# go to gunicorn.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

setup-django.sh
cd "$PROJECT_DIR"
need_port PORT

if bypass; then
    [ -n "${WSGI_MODULE:-}" ] || fail "gunicorn.sh: WSGI_MODULE is not set: no WSGI module was found in the project" \
        "write one, as Django's startproject does, and name it in .env.base: WSGI_MODULE=\"project.wsgi\""
    say "gunicorn.sh: serving on http://${SITE_DOMAIN:-localhost}:${PORT:-8000}/"
    exec gunicorn --bind "$(bind_address):${PORT:-8000}" --workers "${GUNICORN_WORKERS:-2}" \
        --timeout "${GUNICORN_TIMEOUT:-60}" --access-logfile - "$@" "$WSGI_MODULE:application"
fi

class="${GUNICORN_WORKER_CLASS:-gthread}"
case "$class" in
    asgi | *uvicorn*) application=ixc_django_docker.asgi:application ;;
    *) application=ixc_django_docker.wsgi:application ;;
esac
if [ "$class" = gthread ]; then set -- --threads "${GUNICORN_THREADS:-4}" "$@"; fi
# Heartbeat files in memory: on a disk of a container they can block a worker for seconds.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then set -- --worker-tmp-dir /dev/shm "$@"; fi

# The log of a server belongs on stdout, as its access log; that of a command on stderr.
export LOG_STREAM="${LOG_STREAM:-stdout}"

say "gunicorn.sh: serving on http://${SITE_DOMAIN:-localhost}:${PORT:-8000}/${PROJECT_COMMIT:+, commit $PROJECT_COMMIT}"
exec newrelic.sh gunicorn \
    --bind "$(bind_address):${PORT:-8000}" \
    --workers "${GUNICORN_WORKERS:-2}" \
    --worker-class "$class" \
    --timeout "${GUNICORN_TIMEOUT:-60}" \
    --graceful-timeout 30 \
    --keep-alive "${GUNICORN_KEEPALIVE:-75}" \
    --max-requests "${GUNICORN_MAX_REQUESTS:-2000}" \
    --max-requests-jitter 200 \
    --access-logfile - \
    --logger-class ixc_django_docker.access_log.Logger \
    --no-control-socket \
    "$@" "$application"
