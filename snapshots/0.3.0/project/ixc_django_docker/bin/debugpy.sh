#!/usr/bin/env bash
# Run a command whose Python program waits for an editor such as VS Code to attach: `debugpy.sh runserver.sh`.
#
# It listens on DEBUGPY_HOST (BIND_ADDRESS) and DEBUGPY_PORT (5678). With PYDEVD_HOST set it attaches to an editor that
# listens there, on PYDEVD_PORT, instead. DEBUGPY_WAIT=0 starts without waiting.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

[ $# -gt 0 ] || fail "debugpy.sh: no command" "for example: debugpy.sh runserver.sh"
export DEBUGPY_HOST="${DEBUGPY_HOST:-${BIND_ADDRESS:-127.0.0.1}}" DEBUGPY_PORT="${DEBUGPY_PORT:-5678}"
export PYDEVD_PORT="${PYDEVD_PORT:-5678}"
need_port DEBUGPY_PORT
need_port PYDEVD_PORT
if ! python -c 'import debugpy' 2>/dev/null; then install_debugger debugpy; fi
if [ -z "${PYDEVD_HOST:-}" ]; then
    say "debugpy.sh: waiting for an editor on $DEBUGPY_HOST:$DEBUGPY_PORT"
elif ! listens "$PYDEVD_HOST" "$PYDEVD_PORT"; then
    fail "debugpy.sh: no editor listens on $PYDEVD_HOST:$PYDEVD_PORT" "start listening in the editor, or unset PYDEVD_HOST"
fi
IXC_DEBUGGER=debugpy exec "$@"
