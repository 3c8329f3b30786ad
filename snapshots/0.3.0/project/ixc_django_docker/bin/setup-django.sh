#!/usr/bin/env bash
# Bring packages, database and tables up to date, then run the command given, if any.
#
# Each step does nothing when nothing changed, and only one node at a time does what is shared.
# QUICK=1 skips all steps.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

if [ -z "${QUICK:-}" ]; then
    # A debugger is for the command, not for these.
    debugger="${IXC_DEBUGGER:-}"
    unset IXC_DEBUGGER
    npm-install.sh
    bower-install.sh
    pip-install.sh
    setup-postgres.sh
    migrate.sh
    if [ -n "$debugger" ]; then export IXC_DEBUGGER="$debugger"; fi
fi
if [ $# -gt 0 ]; then exec "$@"; fi
