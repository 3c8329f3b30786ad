"""Run a command while no other node with the same database does: ``python -m ixc_django_docker.database_lock COMMAND…``.

``waitlock.py`` locks for all nodes when there is Redis; this does so without, on PostgreSQL. Other databases have no such lock
here: the command runs at once.
"""

import os
import subprocess
import sys
import time
import zlib
from contextlib import contextmanager

NAME = zlib.crc32(b"ixc_django_docker.migrate")


@contextmanager
def lock(connection, timeout):
    """Hold an advisory lock of PostgreSQL, in a connection and a transaction of its own: pgbouncer allows nothing else.

    It is asked for again and again: a question that waits would be an open transaction, which ``CREATE INDEX CONCURRENTLY``
    waits for.
    """
    own = connection.copy()
    deadline, announced = time.monotonic() + timeout, False
    own.set_autocommit(False)
    try:
        while True:
            with own.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [NAME])
                if cursor.fetchone()[0]:
                    break
            own.rollback()
            if time.monotonic() > deadline:
                sys.exit(f"error: another node has held the database's lock for {timeout:g} s")
            if not announced:
                print("database_lock: waiting for another node that migrates", file=sys.stderr, flush=True)
                announced = True
            time.sleep(0.5)
        yield
    finally:
        own.close()


def main(command):
    """Run the command; return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ixc_django_docker.settings")
    os.environ.setdefault("DOTENV", "develop")
    import django
    from django.db import OperationalError, connection

    django.setup()
    if connection.vendor != "postgresql":
        return subprocess.call(command)
    try:
        connection.ensure_connection()
    except OperationalError:
        # The command says better what is wrong.
        return subprocess.call(command)
    connection.close()
    with lock(connection, float(os.environ.get("WAITLOCK_TIMEOUT") or 900)):
        return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
