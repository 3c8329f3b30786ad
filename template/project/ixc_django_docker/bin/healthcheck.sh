#!/usr/bin/env bash
# Tell by the exit code whether the server in this container answers /healthz with 200.
#
# Needs neither curl nor Python, so it is cheap enough to run every few seconds.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${PORT:-8000}"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "${1:-/healthz}" >&3
IFS= read -r -t 5 status <&3
case "$status" in
    HTTP/*' 200'*) ;;
    # Without the wrapper there is no such address; whoever says so is alive.
    HTTP/*' '[34]*) [ ! -e "${PROJECT_DIR:-/app}/ixc_django_docker/wsgi.py" ] || { printf 'unhealthy: %s\n' "$status" >&2 && exit 1; } ;;
    *) printf 'unhealthy: %s\n' "$status" >&2 && exit 1 ;;
esac
