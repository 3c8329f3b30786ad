#!/bin/bash
# Makes the database and its user at the first start, then becomes the server.
set -eu
if [ ! -d /var/lib/mysql/mysql ]; then
    mariadb-install-db --user=mysql --datadir=/var/lib/mysql --auth-root-authentication-method=socket >/dev/null
    # What the server reads before it listens to anybody.
    cat >/tmp/init.sql <<SQL
CREATE DATABASE IF NOT EXISTS \`${MARIADB_DATABASE:-test}\`;
CREATE USER '${MARIADB_USER:-test}'@'%' IDENTIFIED BY '${MARIADB_PASSWORD:-}';
GRANT ALL ON \`${MARIADB_DATABASE:-test}\`.* TO '${MARIADB_USER:-test}'@'%';
SQL
    chmod 644 /tmp/init.sql
    set -- "$@" --init-file=/tmp/init.sql
fi
exec "$@" --user=mysql --datadir=/var/lib/mysql --bind-address=0.0.0.0
