#!/usr/bin/env bash
# Run a command with the New Relic agent, when NEW_RELIC_LICENSE_KEY is set: `newrelic.sh gunicorn.sh`.
#
# gunicorn.sh and celery.sh do this by themselves. NEW_RELIC_APP_NAME names the application; the agent reads more
# variables of its own, all of which start with NEW_RELIC_.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

[ $# -gt 0 ] || fail "newrelic.sh: no command" "for example: newrelic.sh manage.py my_command"
# The second time is the server that the script with the agent starts.
if [ -z "${NEW_RELIC_LICENSE_KEY:-}" ] || [ -n "${NEW_RELIC_ADMIN_COMMAND:-}" ]; then exec "$@"; fi
if ! has newrelic-admin; then
    say "newrelic.sh: NEW_RELIC_LICENSE_KEY is set but the package is not installed, so nothing is reported: add \`newrelic\` to requirements.in"
    exec "$@"
fi
export NEW_RELIC_APP_NAME="${NEW_RELIC_APP_NAME:-${PROJECT_NAME:-project}${DOTENV:+ ($DOTENV)}}"
export NEW_RELIC_LOG="${NEW_RELIC_LOG:-stderr}" NEW_RELIC_LOG_LEVEL="${NEW_RELIC_LOG_LEVEL:-warning}"
exec newrelic-admin run-program "$@"
