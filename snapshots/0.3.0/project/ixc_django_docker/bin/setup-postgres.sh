#!/usr/bin/env bash
# Create the database and fill it from initial_data.sql or another server, when it is absent or empty.
#
# Nothing is ever dropped or overwritten: a database that holds a table is left alone.
#   INITIAL_DATA    a dump, restored into an empty database; by default initial_data.sql or initial_data.sql.gz, if there
#                   is one beside manage.py
#   SRC_PGDATABASE, SRC_PGHOST, SRC_PGPORT, SRC_PGUSER, SRC_PGPASSWORD    a server to copy from instead
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

# Without these the project uses SQLite, which needs no set-up.
if [ -z "${PGHOST:-}${PGDATABASE:-}" ]; then exit; fi
if ! has psql; then
    say "setup-postgres.sh: psql is not on PATH, so nothing is created or restored in PostgreSQL"
    exit
fi
export PGDATABASE="${PGDATABASE:-${PROJECT_NAME:?}}" PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-5}"

# In English, whatever the locale: `state` looks for some of the messages.
sql() { LC_ALL=C psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }

# True when the server answers and has no such database. Its own messages may be in any language.
is_absent() {
    local answer
    answer="$(printf '%s' "SELECT count(*) FROM pg_catalog.pg_database WHERE datname = :'name'" |
        sql --dbname postgres --set name="$PGDATABASE" 2>/dev/null)" && [ "$answer" = 0 ]
}

# Prints `absent`, `empty` or `filled`; ends the script when the server does not answer.
state() {
    local answer attempt=0
    while ! answer="$(sql --command "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) THEN 'filled' ELSE 'empty' END" 2>&1)"; do
        case "$answer" in
            *"database \"$PGDATABASE\" does not exist"*) answer=absent && break ;;
            *"starting up"* | *"onnection refused"* | *"could not translate"* | *"No such file"*)
                # Also tells a server that starts together with us from one that is not there.
                attempt=$((attempt + 1))
                [ "$attempt" -lt "${PGWAIT:-30}" ] && sleep 1 && continue ;;
        esac
        if is_absent; then answer=absent && break; fi
        fail "PostgreSQL does not let us in: $answer" "PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE say where it is" \
            "start it, for example with \`docker compose up -d postgres\`, or unset PGHOST and PGDATABASE to use SQLite"
    done
    printf '%s' "$answer"
}

if [ -z "${INITIAL_DATA+set}" ]; then
    INITIAL_DATA=
    for file in initial_data.sql initial_data.sql.gz; do
        if [ -z "$INITIAL_DATA" ] && [ -f "$file" ]; then INITIAL_DATA="$file"; fi
    done
elif [ -n "$INITIAL_DATA" ] && ! [ -f "$INITIAL_DATA" ]; then
    fail "INITIAL_DATA names $INITIAL_DATA, which is no file"
fi

source_of_data() {
    if [ -n "${SRC_PGDATABASE:-}" ]; then printf 'server'; elif [ -n "$INITIAL_DATA" ]; then printf 'file'; fi
}

# Writes the dump to stdout, with a progress bar where one can be seen.
dump() {
    local show=cat
    if has pv && [ -t 2 ]; then show=pv; fi
    if [ "$(source_of_data)" = server ]; then
        local port="${PGPORT:-5432}" password="${PGPASSWORD:-}"
        # Another server gets neither our port nor our password.
        if [ -n "${SRC_PGHOST:-}" ]; then port=5432 password=""; fi
        PGHOST="${SRC_PGHOST:-${PGHOST:-}}" PGPORT="${SRC_PGPORT:-$port}" PGUSER="${SRC_PGUSER:-${PGUSER:-}}" \
            PGPASSWORD="${SRC_PGPASSWORD:-$password}" PGDATABASE="$SRC_PGDATABASE" \
            pg_dump --no-owner --no-privileges --no-password | "$show"
    else
        case "$INITIAL_DATA" in
            *.gz) "$show" <"$INITIAL_DATA" | gzip -dc ;;
            *) "$show" <"$INITIAL_DATA" ;;
        esac
    fi
}

now="$(state)"
if [ "$now" = filled ] || { [ "$now" = empty ] && [ -z "$(source_of_data)" ]; }; then exit; fi
if [ "${1:-}" != --locked ]; then
    exec waitlock.py setup-postgres -- "$0" --locked
fi

if [ "$now" = absent ]; then
    say "setup-postgres.sh: creating database $PGDATABASE"
    # Without Redis the lock holds for this machine only: another one may have been faster.
    createdb --no-password --encoding UTF8 --template template0 "$PGDATABASE" || sql --command "SELECT 1" >/dev/null 2>&1 ||
        fail "database $PGDATABASE could not be created" "give ${PGUSER:-the user} the right CREATEDB, or create it by hand"
fi
if [ -n "$(source_of_data)" ]; then
    say "setup-postgres.sh: restoring data into $PGDATABASE"
    # One transaction: either all of it is there afterwards, or the database is still empty. psql takes
    # the end of a broken-off dump for the end of the data, so a failed dump has to end with an error.
    { dump || printf '\n\\.\nSELECT 1/0;\n'; } | sql --single-transaction >/dev/null || [ "$(state)" = filled ] ||
        fail "the data could not be restored; $PGDATABASE is still empty" \
            "a line \`\\restrict\` that psql does not know needs a psql of August 2025 or later" \
            "the dump must be plain SQL of one database, made with pg_dump --no-owner --no-privileges" \
            "pg_dump must not be older than the server it copies from"
fi
