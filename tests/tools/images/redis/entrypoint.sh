#!/bin/sh
set -eu
case "$1" in
    -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
    set -- "$@" --bind 0.0.0.0 --protected-mode no
    if [ "$(id -u)" = 0 ]; then
        chown -R redis: /data
        exec setpriv --reuid=redis --regid=redis --init-groups "$@"
    fi
fi
exec "$@"
