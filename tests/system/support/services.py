"""Real services on free ports, stopped when the block ends."""

import glob
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

from support import process
from support.machine import as_user, tool


@dataclass
class Postgres:
    port: int
    bin: Path

    def env(self, database):
        """The variables with which a project reaches a database of that name."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGPASSWORD": "unused",
            "PGDATABASE": database,
        }

    def query(self, database, sql):
        env = os.environ | self.env(database)
        return process.run([self.bin / "psql", "-XAtc", sql], env=env, timeout=30).stdout.strip()


@contextmanager
def postgres():
    """A PostgreSQL server with an empty cluster."""
    bins = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    assert bins, "PostgreSQL is not installed; `tests/run system` installs what the tests need"
    home = Path(bins[-1])
    # The user of the server must be able to enter, which a folder of the test run does not allow.
    folder = Path(tempfile.mkdtemp(prefix="ixd-postgres-"))
    user = as_user("postgres")
    try:
        if user:
            shutil.chown(folder, "postgres", "postgres")
        data, port = folder / "data", process.free_port()
        process.run([*user, home / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], timeout=120)
        options = ["-p", port, "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        ready = [home / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port]
        with process.server(
            [*user, home / "postgres", "-D", data, *options],
            log=folder.with_suffix(".log"),
            ready=lambda: process.run(ready, check=False, timeout=10).returncode == 0,
        ):
            yield Postgres(port, home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".log").unlink(missing_ok=True)


@contextmanager
def redis(folder, port=None):
    """A Redis server; yields its address."""
    port = port or process.free_port()
    argv = [
        tool("redis-server"),
        "--bind",
        "127.0.0.1",
        "--port",
        port,
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        folder,
    ]
    with process.server(argv, log=folder / f"redis-{port}.log", ready=lambda: process.listens(port), seconds=30):
        yield f"127.0.0.1:{port}"


@dataclass
class S3:
    """A server that speaks the S3 protocol.

    The usual one honours ACLs but believes every signature. With IXD_S3S_FS naming the program `s3s-fs` there is one
    that checks signatures and knows no ACLs: `tests/tools/strict-s3.sh`.
    """

    url: str
    strict: bool = False

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test-secret",
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )

    def env(self, bucket):
        return {
            "MEDIA_AWS_ACCESS_KEY_ID": "test",
            "MEDIA_AWS_SECRET_ACCESS_KEY": "test-secret",
            "MEDIA_AWS_STORAGE_BUCKET_NAME": bucket,
            "MEDIA_AWS_S3_ENDPOINT_URL": self.url,
            "MEDIA_AWS_REGION": "us-east-1",
        }


@contextmanager
def s3(folder):
    """Run an S3 server with the credentials that `S3.env` gives to projects."""
    port = process.free_port()
    program = os.environ.get("IXD_S3S_FS")
    if program:
        data = folder / "data"
        data.mkdir()
        argv = [
            program,
            "--host",
            "127.0.0.1",
            "--port",
            port,
            "--access-key",
            "test",
            "--secret-key",
            "test-secret",
            data,
        ]
    else:
        argv = [tool("moto_server"), "-H", "127.0.0.1", "-p", port]
    with process.server(argv, log=folder / "s3.log", ready=lambda: process.listens(port), seconds=60):
        yield S3(f"http://127.0.0.1:{port}", strict=bool(program))
