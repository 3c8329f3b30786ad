#!/usr/bin/env bash
# Install the components of a bower.json, when it changed. For projects that still have one: use npm for new ones.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

if in_image || ! [ -e bower.json ]; then exit; fi

# .bowerrc may name another folder.
folder=
if [ -f .bowerrc ]; then folder="$(sed -n 's/.*"directory" *: *"\([^"]*\)".*/\1/p' .bowerrc)"; fi
folder="${folder:-bower_components}"
mark="${folder%/}/.bower-install.sh"
wanted="$(fingerprint bower.json .bowerrc)"
current() { [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; }
if current; then exit; fi

if ! has bower; then
    say "bower-install.sh: bower is not on PATH, so the components of bower.json are not installed: \`npm install bower\` adds it"
    exit
fi
if [ "${1:-}" != --locked ]; then
    exec waitlock.py --local bower-install -- "$0" --locked
fi
if current; then exit; fi

say "bower-install.sh: installing the components of bower.json into $folder"
set -- install --config.interactive=false
# It refuses root, whose files nobody else could change.
if [ "$(id -u)" = 0 ]; then set -- "$@" --allow-root; fi
bower "$@" >&2 || fail "bower could not install the components; its message is above" "QUICK=1 skips this step"
mkdir -p "$folder"
printf '%s\n' "$wanted" >"$mark"
