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
# An older project may need more to collect its files than there is while its image is built.
if older && in_image && [ -e .static-missing ]; then
    say "gunicorn.sh: the image has no static files yet; collecting them"
    if build-static.sh; then rm -f .static-missing; else say "gunicorn.sh: pages will lack their static files; the message is above"; fi
fi
serving="$PROJECT_DIR/ixc_django_docker/bin/serving"
# Nothing but these scripts serves an older project that is asynchronous: with the server that it has.
if older && [ -n "${ASGI_MODULE:-}" ]; then
    export PYTHONPATH="$serving:${PYTHONPATH:-}"
    bypass || export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-ixc_django_docker.settings}"
    say "gunicorn.sh: serving on http://${SITE_DOMAIN:-localhost}:${PORT:-8000}/"
    if has daphne; then
        exec daphne -b "$(bind_address)" -p "${PORT:-8000}" "$@" ixc_asgi:application
    fi
    has uvicorn || fail "gunicorn.sh: neither daphne nor uvicorn is installed, and ASGI_MODULE names an ASGI application" \
        "add one of them to $REQUIREMENTS_FILE"
    exec uvicorn --host "$(bind_address)" --port "${PORT:-8000}" --workers "${GUNICORN_WORKERS:-2}" "$@" ixc_asgi:application
fi

if bypass; then
    [ -n "${WSGI_MODULE:-}" ] || fail "gunicorn.sh: WSGI_MODULE is not set: no WSGI module was found in the project" \
        "write one, as Django's startproject does, and name it in .env.base: WSGI_MODULE=\"project.wsgi\""
    application="$WSGI_MODULE:application"
    if [ -n "${SERVE_STATIC:-}" ]; then
        export PYTHONPATH="$serving:${PYTHONPATH:-}"
        application=ixc_wsgi:application
    fi
    say "gunicorn.sh: serving on http://${SITE_DOMAIN:-localhost}:${PORT:-8000}/"
    exec gunicorn --bind "$(bind_address):${PORT:-8000}" --workers "${GUNICORN_WORKERS:-2}" \
        --timeout "${GUNICORN_TIMEOUT:-60}" --access-logfile - "$@" "$application"
fi

class="${GUNICORN_WORKER_CLASS:-gthread}"
case "$class" in
    asgi | *uvicorn*) application=ixc_django_docker.asgi:application ;;
    *)
        application=ixc_django_docker.wsgi:application
        if older && [ -n "${SERVE_STATIC:-}" ]; then
            export WSGI_MODULE=ixc_django_docker.wsgi PYTHONPATH="$serving:${PYTHONPATH:-}"
            application=ixc_wsgi:application
        fi
        ;;
esac
if [ "$class" = gthread ]; then set -- --threads "${GUNICORN_THREADS:-4}" "$@"; fi
# Heartbeat files in memory: on a disk of a container they can block a worker for seconds.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then set -- --worker-tmp-dir /dev/shm "$@"; fi

# Gunicorn has had a control socket since 25.1; an older one does not know the option.
control=()
if python -c 'import gunicorn, sys; sys.exit(gunicorn.version_info < (25, 1))'; then control=(--no-control-socket); fi

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
    ${control[@]+"${control[@]}"} \
    "$@" "$application"
