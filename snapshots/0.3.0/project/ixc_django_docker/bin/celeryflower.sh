#!/usr/bin/env bash
# Show what Celery does, on a web page with a login. Arguments go to `celery flower`.
#
# FLOWER_BASIC_AUTH (USER:PASSWORD) is who may see it, BIND_ADDRESS and FLOWER_PORT (5555) where it listens.
# Flower reads more variables of its own, all of which start with FLOWER_.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

if ! older; then need_broker celeryflower.sh; fi
# The page shows the arguments of all tasks and can end workers.
case "${FLOWER_BASIC_AUTH:-}" in
    ?*:?*) ;;
    *) fail "celeryflower.sh: FLOWER_BASIC_AUTH is not set to USER:PASSWORD" \
        "set it in .env.local, or in .env.${DOTENV:-production}.secret: FLOWER_BASIC_AUTH='flower:a-long-password'" ;;
esac
export FLOWER_BASIC_AUTH
export FLOWER_ADDRESS="${FLOWER_ADDRESS:-${BIND_ADDRESS:-127.0.0.1}}" FLOWER_PORT="${FLOWER_PORT:-5555}"
need_port FLOWER_PORT
if older; then older_celery celeryflower.sh flower "$@"; fi
setup-django.sh
cd "$PROJECT_DIR"
export LOG_STREAM="${LOG_STREAM:-stdout}"

say "celeryflower.sh: serving on http://${SITE_DOMAIN:-localhost}:$FLOWER_PORT/"
exec celery --app ixc_django_docker.celery --skip-checks flower "$@"
