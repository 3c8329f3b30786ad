#!/usr/bin/env bash
# Collect, combine and compress static files into static_root/, as a release needs them.
#
# Needs no service: neither database nor cache. The Dockerfile runs it; without Docker, run it when
# you deploy: `DOTENV=production ./go.sh build-static.sh`.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

uses() { case " ${BASE_SETTINGS:-} " in *" $1 "*) ;; *) return 1 ;; esac; }

# Without --clear, files of the last release would stay for ever.
manage.py collectstatic --noinput --clear >&2

if uses compressor.py; then
    # `compress` fails for an engine none of whose templates has the tag.
    set --
    if grep -rqsE '\{%-? *compress ' templates ./*/templates; then set -- "$@" --engine django; fi
    if grep -rqsE '\{%-? *compress ' jinja2 ./*/jinja2; then set -- "$@" --engine jinja2; fi
    if [ $# -gt 0 ]; then manage.py compress --force "$@" >&2; fi
    # collectstatic has compressed its own files already, but those of compressor are newer.
    if uses whitenoise.py && [ -d static_root/CACHE ]; then
        python -m whitenoise.compress --quiet static_root/CACHE >&2
    fi
fi
