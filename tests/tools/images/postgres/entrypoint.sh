#!/bin/sh
# Makes the cluster at the first start, then becomes the server.
set -eu
read_file() { # NAME_FILE wins when NAME is empty, as in the official image
    eval "file=\${$1_FILE:-}"
    [ -z "$file" ] || eval "$1=\$(cat \"\$file\")"
}
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres: "$PGDATA"
    chmod 700 "$PGDATA"
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    read_file POSTGRES_USER
    read_file POSTGRES_PASSWORD
    user=${POSTGRES_USER:-postgres}
    method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
        echo "POSTGRES_PASSWORD is not set" >&2
        exit 1
    fi
    password=$(mktemp)
    printf '%s\n' "${POSTGRES_PASSWORD:-unused}" >"$password"
    initdb -D "$PGDATA" -U "$user" --pwfile="$password" -A trust --auth-host=scram-sha-256 >/dev/null
    rm -f "$password"
    echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start >/dev/null
    database=${POSTGRES_DB:-$user}
    [ "$database" = postgres ] || createdb -U "$user" "$database"
    for script in /docker-entrypoint-initdb.d/*.sql; do
        [ -e "$script" ] && psql -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$script"
    done
    pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
fi
exec "$@" -c listen_addresses='*'
