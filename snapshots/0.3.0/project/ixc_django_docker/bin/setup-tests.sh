#!/usr/bin/env bash
# Prepare a test database that is kept, and run a command with the settings of tests.
#
# `setup-tests.sh runtests.sh` starts faster than `runtests.sh`, which makes a database and drops it each time, and its tests
# find what test_initial_data.sql or test_initial_data.sql.gz holds. The database is called test_${PGDATABASE}_kept, so that
# `runtests.sh` alone does not use it; `dropdb` it to start anew. Without PostgreSQL there is nothing to prepare.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

export DOTENV=test OVERRIDE_SETTINGS=test.py
if [ -n "${PGHOST:-}${PGDATABASE:-}" ]; then
    PGDATABASE="${PGDATABASE:-$PROJECT_NAME}"
    PGDATABASE="${PGDATABASE#test_}"
    export PGDATABASE="test_${PGDATABASE%_kept}_kept" SETUP_TESTS=1
    # However pytest is started: it would drop the database otherwise. An older project may not know the option.
    older || export PYTEST_ADDOPTS="${PYTEST_ADDOPTS:-} --reuse-db"
    # The data of tests only: what SRC_PG… and initial_data.sql name belongs to people.
    export SRC_PGDATABASE='' INITIAL_DATA=''
    for file in test_initial_data.sql test_initial_data.sql.gz; do
        if [ -z "$INITIAL_DATA" ] && [ -f "$file" ]; then INITIAL_DATA="$file"; fi
    done
    setup-postgres.sh
    migrate.sh
fi
if [ $# -eq 0 ]; then set -- bash; fi
exec "$@"
