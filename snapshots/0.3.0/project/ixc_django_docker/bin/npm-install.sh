#!/usr/bin/env bash
# Install node_modules with the tool that the lock file is from, when the lock changed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

if in_image || ! [ -e package.json ]; then exit; fi

if [ -e pnpm-lock.yaml ]; then
    tool=pnpm lock=pnpm-lock.yaml
elif [ -e yarn.lock ]; then
    tool=yarn lock=yarn.lock
elif [ -e package-lock.json ]; then
    tool=npm lock=package-lock.json
else
    tool=npm lock=
    if grep -q '"packageManager": *"yarn@' package.json; then tool=yarn; fi
fi

# The mark also tells `go.sh --reset` that this node_modules may be removed.
mark=node_modules/.npm-install.sh
wanted="$(fingerprint package.json ${lock:+"$lock"})"
current() { [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; }
if current; then exit; fi

if ! has "$tool"; then
    say "npm-install.sh: $tool is not on PATH: Sass and Less are not compiled until it is installed"
    exit
fi
if [ "${1:-}" != --locked ]; then
    exec waitlock.py --local npm-install -- "$0" --locked
fi
current && exit

# Docker makes an empty folder of root's where it mounts a volume. It can be removed all the same.
rmdir node_modules 2>/dev/null || true

say "npm-install.sh: installing node_modules with $tool"
hint="if package.json and ${lock:-its lock file} disagree, run \`$tool install\` and commit both; QUICK=1 skips this step"
case "$tool${lock:+-locked}" in
    npm-locked) npm ci --no-audit --no-fund >&2 ;;
    npm) npm install --no-audit --no-fund >&2 ;;
    *-locked) "$tool" install --frozen-lockfile >&2 ;;
    *) "$tool" install >&2 ;;
esac || fail "$tool could not install node_modules; its message is above" "$hint"
mkdir -p node_modules
printf '%s\n' "$wanted" >"$mark"
