#!/bin/sh
# Whether the server answers on its port, whoever asks.
exec mariadb-admin --protocol=tcp --host=127.0.0.1 --user="$MARIADB_USER" --password="$MARIADB_PASSWORD" ping
