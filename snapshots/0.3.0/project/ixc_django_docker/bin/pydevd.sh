#!/usr/bin/env bash
# Run a command with its Python programs attached to PyCharm's debug server: `pydevd.sh runserver.sh`.
#
# Start "Python Debug Server" in PyCharm first. PYDEVD_HOST (localhost) and PYDEVD_PORT (5678) say where it listens; from
# a container the host is `host.docker.internal`. The package must fit PyCharm's version, so it is installed on demand:
# PYDEVD_VERSION is what PyCharm's dialog names, such as `~=261.22158`.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

[ $# -gt 0 ] || fail "pydevd.sh: no command" "for example: pydevd.sh runserver.sh"
export PYDEVD_HOST="${PYDEVD_HOST:-localhost}" PYDEVD_PORT="${PYDEVD_PORT:-5678}"
need_port PYDEVD_PORT
listens "$PYDEVD_HOST" "$PYDEVD_PORT" ||
    fail "pydevd.sh: no debug server listens on $PYDEVD_HOST:$PYDEVD_PORT" \
        "start the debug server of PyCharm, or set PYDEVD_HOST and PYDEVD_PORT to where it is"
if ! python -c 'import pydevd_pycharm' 2>/dev/null; then install_debugger "pydevd-pycharm${PYDEVD_VERSION:-}"; fi
say "pydevd.sh: attaching to $PYDEVD_HOST:$PYDEVD_PORT"
IXC_DEBUGGER=pydevd exec "$@"
