#!/usr/bin/env bash
# Open a shell in the project's environment, after setting up what changed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

if ! setup-django.sh; then
    say "bash.sh: the set-up failed (see above); run \`setup-django.sh\` again when that is repaired"
fi
if [ $# -gt 0 ] || ! [ -t 0 ]; then exec bash "$@"; fi
say "You are in the environment of ${PROJECT_NAME:-the project}${DOTENV:+ ($DOTENV)}. \`help.sh\` lists its commands, \`exit\` leaves."
exec bash --rcfile "$PROJECT_DIR/ixc_django_docker/etc/bashrc" -i
