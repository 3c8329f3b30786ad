#!/usr/bin/env bash
# Tell by the exit code whether the server in this container answers /healthz with 200.
#
#   healthcheck.sh [PATH]                asks the server on PORT
#   healthcheck.sh celery|celerybeat     whether the worker, or the scheduler, in this container works
#   healthcheck.sh celeryflower          asks flower
# Needs neither curl nor Python, so it is cheap enough to run every few seconds.
set -euo pipefail

case "${1:-}" in
    celery | celerybeat)
        # Touched every few seconds: ixc_django_docker/alive.py.
        file="${VAR_DIR:-$(dirname "${BASH_SOURCE[0]}")/../../var}/run/$1-$HOSTNAME.alive"
        [ -n "$(find "$file" -mmin -1 2>/dev/null)" ] || { printf 'unhealthy: no sign of life of %s within a minute\n' "$1" >&2 && exit 1; }
        exit ;;
    celeryflower) set -- /healthcheck && PORT="${FLOWER_PORT:-5555}" ;;
esac

exec 3<>"/dev/tcp/127.0.0.1/${PORT:-8000}"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "${1:-/healthz}" >&3
IFS= read -r -t 5 status <&3
case "$status" in
    HTTP/*' 200'*) ;;
    # Without the wrapper there is no such address; whoever says so is alive.
    HTTP/*' '[34]*)
        if [ -e "$(dirname "${BASH_SOURCE[0]}")/../wsgi.py" ]; then printf 'unhealthy: %s\n' "$status" >&2 && exit 1; fi
        ;;
    *) printf 'unhealthy: %s\n' "$status" >&2 && exit 1 ;;
esac
