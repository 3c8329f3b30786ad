#!/usr/bin/env bash
# Collect, combine and compress static files into static_root/, as a release needs them.
#
# Needs no service: neither database nor cache. The Dockerfile runs it; without Docker, run it when
# you deploy: `DOTENV=production ./go.sh build-static.sh`.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

# uses MODULE: true when BASE_SETTINGS, whose words may stand on several lines, names it.
uses() { case " ${BASE_SETTINGS//[[:space:]]/ } " in *" $1 "*) ;; *) return 1 ;; esac; }

# has_tag FOLDER: true when a template in a folder of that name has the tag `compress`.
has_tag() {
    [ -n "$(find . \( -path ./node_modules -o -path ./static_root -o -path ./var -o -path './.?*' \) -prune -o \
        -type d -name "$1" -exec grep -rqsE '\{%-? *compress ' {} \; -print)" ]
}

if older; then
    bypass || export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-ixc_django_docker.settings}"
    python ixc_django_docker/bin/serving/ixc_static.py >&2
    exit
fi

# Into a new folder, which takes the other one's place when all of it is there: a build that fails changes nothing. Settings of
# the project's own may name another folder as STATIC_ROOT; what is built is there, then.
root=static_root
export IXC_STATIC_ROOT=.static_root.new
rm -rf -- "$IXC_STATIC_ROOT"
trap 'rm -rf -- "$IXC_STATIC_ROOT"' EXIT
manage.py collectstatic --noinput --clear >&2
if [ -n "$(ls -A "$IXC_STATIC_ROOT" 2>/dev/null)" ]; then root="$IXC_STATIC_ROOT"; fi

if [ -z "${BASE_SETTINGS:-}" ]; then
    BASE_SETTINGS="$(python -c 'from ixc_django_docker.loader import default_base; print(*default_base())')"
fi
if uses compressor.py; then
    # `compress` fails for an engine none of whose templates has the tag.
    set --
    if has_tag templates; then set -- "$@" --engine django; fi
    if has_tag jinja2; then set -- "$@" --engine jinja2; fi
    if [ $# -gt 0 ]; then manage.py compress --force "$@" >&2; fi
    # Its threads write the index in any order; every node's shall be the same.
    index="$root/CACHE/manifest.json"
    if [ -f "$index" ]; then
        python -m json.tool --sort-keys "$index" >"$index.new"
        mv -f -- "$index.new" "$index"
    fi
    # collectstatic has compressed its own files already, but those of compressor are newer.
    if uses whitenoise.py && [ -d "$root/CACHE" ]; then
        python -m whitenoise.compress --quiet "$root/CACHE" >&2
    fi
fi
if [ "$root" = static_root ]; then exit; fi
rm -rf -- .static_root.old
if ! [ -e static_root ] || { ! [ -L static_root ] && mv -- static_root .static_root.old 2>/dev/null; }; then
    mv -- "$root" static_root
    rm -rf -- .static_root.old
else
    # A link, or the place where a disk is mounted, stays.
    find static_root/ -mindepth 1 -delete
    cp -Rp -- "$root/." static_root/
fi
