#!/usr/bin/env python3
"""Run a command while holding a lock, so that only one process, or one node, runs it at a time.

    waitlock.py [--local | --strict] NAME -- COMMAND [ARG]...

The lock is in Redis when REDIS_ADDRESS (HOST:PORT, with REDIS_PASSWORD if set) answers: it then holds for
all nodes. Otherwise, and with --local, it is a lock on a file in VAR_DIR, which holds for this machine.
With WAITLOCK_SHARED=1 a lock for all nodes is waited for until Redis answers: nodes may start before it does.
Both end with the process that holds them, the one in Redis at the latest LEASE seconds after a kill. A lock
that Redis forgot is taken again; when another node has it by then, --strict ends the command with SIGTERM.

The exit code is the command's; 75 when the lock was not free within WAITLOCK_TIMEOUT seconds (900), or was lost.
Only the standard library is used: this must work before anything is installed.
"""

import contextlib
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid

LEASE = 30
RENEW = 10
EX_TEMPFAIL = 75

# Act only on a lock that is still ours: it may have expired and belong to someone else by now.
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
EXTEND = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"
)


def say(message):
    print(f"waitlock.py: {message}", file=sys.stderr, flush=True)


class TimedOut(Exception):
    """The lock was not free in time."""


def wait_until(attempt, name, holder, timeout):
    """Calls `attempt` until it returns true; says once that, and for whom, it waits."""
    deadline = time.monotonic() + timeout
    announced = False
    while not attempt():
        if time.monotonic() > deadline:
            raise TimedOut(f"`{name}` was not free within {timeout:g} s ({holder()})")
        if not announced:
            say(f"waiting for `{name}` ({holder()})")
            announced = True
        time.sleep(0.2)


class FileLock:
    """An advisory lock on a file. The kernel frees it when the process ends, however it ends."""

    def __init__(self, name, folder):
        self.name = name
        self.path = os.path.join(folder, f"{re.sub(r'[^A-Za-z0-9.-]', '_', name)}.lock")

    def acquire(self, timeout):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        wait_until(self.attempt, self.name, lambda: f"locked in {self.path}", timeout)

    def attempt(self):
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def renew(self):
        return True

    def release(self):
        os.close(self.file)


class Redis:
    """As much of the Redis protocol as the lock needs."""

    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=5)
        self.stream = self.socket.makefile("rb")

    def call(self, *words):
        encoded = [str(word).encode() for word in words]
        self.socket.sendall(
            b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in encoded)
        )
        line = self.stream.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise OSError(f"Redis says {rest.decode(errors='replace')}")
        if kind == b"$":
            size = int(rest)
            return None if size < 0 else self.stream.read(size + 2)[:-2].decode(errors="replace")
        return int(rest) if kind == b":" else rest.decode(errors="replace")


class RedisLock:
    """A key that only its holder may extend or delete, and that expires when the holder is gone."""

    def __init__(self, name, address):
        host, _, port = address.rpartition(":")
        self.server = (host.strip("[]") or port, int(port) if host else 6379)
        scope = [os.environ.get("PROJECT_NAME", "project"), os.environ.get("DOTENV", "")]
        self.name = name
        self.key = ":".join(["waitlock", *filter(None, scope), name])
        self.token = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self.redis = self.connect()

    def connect(self):
        redis = Redis(*self.server)
        if os.environ.get("REDIS_PASSWORD"):
            redis.call("AUTH", os.environ["REDIS_PASSWORD"])
        redis.call("PING")
        return redis

    def acquire(self, timeout):
        wait_until(self.attempt, self.name, self.holder, timeout)

    def attempt(self):
        return self.redis.call("SET", self.key, self.token, "NX", "PX", LEASE * 1000) == "OK"

    def holder(self):
        holder = self.redis.call("GET", self.key) or "just freed"
        return f"held by {holder.rpartition(':')[0] or holder} in Redis"

    def renew(self):
        """Tells whether the lock is ours still, as far as we know: Redis may be away for a while."""
        try:
            if self.redis.call("EVAL", EXTEND, 1, self.key, self.token, LEASE * 1000):
                return True
            if self.attempt():
                say(f"took `{self.name}` again: Redis had forgotten it")
                return True
            say(f"lost `{self.name}` ({self.holder()})")
            return False
        except OSError as error:
            say(f"could not extend `{self.name}`: {error}")
            with contextlib.suppress(OSError):
                self.redis = self.connect()
            return True

    def release(self):
        # A lock that cannot be released now expires by itself.
        with contextlib.suppress(OSError):
            self.redis.call("EVAL", RELEASE, 1, self.key, self.token)


def make_lock(name, local, timeout):
    address = os.environ.get("REDIS_ADDRESS", "")
    shared = os.environ.get("WAITLOCK_SHARED", "").lower() in ("1", "true", "yes", "on")
    deadline = time.monotonic() + timeout
    announced = False
    if shared and not address and not local:
        raise TimedOut(f"WAITLOCK_SHARED is set and REDIS_ADDRESS is not, so `{name}` cannot be locked for all nodes")
    while address and not local:
        try:
            return RedisLock(name, address)
        except (OSError, ValueError) as error:
            problem = f"REDIS_ADDRESS={address} does not answer ({error})"
        if not shared:
            say(f"{problem}: `{name}` is locked on this machine only")
            break
        if time.monotonic() > deadline:
            raise TimedOut(f"{problem}, and `{name}` needs a lock that holds for all nodes")
        if not announced:
            say(f"{problem}: waiting for it, to lock `{name}` for all nodes")
            announced = True
        time.sleep(0.5)
    project = os.environ.get("PROJECT_DIR") or os.path.abspath(os.path.join(__file__, "..", "..", ".."))
    return FileLock(name, os.path.join(project, os.environ.get("VAR_DIR") or "var", "lock"))


def run(command, lock, strict):
    """Runs the command, passes signals on to it and keeps the lock alive meanwhile."""
    child = subprocess.Popen(command)
    lost = False

    def forward(number, _frame):
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, forward)
    # The terminal sends Ctrl-C to the child as well: it decides, we wait for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            code = child.wait(timeout=RENEW)
            return EX_TEMPFAIL if lost else code if code >= 0 else 128 - code
        except subprocess.TimeoutExpired:
            if not lost and not lock.renew() and strict:
                lost = True
                child.terminate()


def main(arguments):
    local, strict = arguments[:1] == ["--local"], arguments[:1] == ["--strict"]
    arguments = arguments[local or strict :]
    if len(arguments) < 3 or arguments[1] != "--":
        print(__doc__, file=sys.stderr)
        return 64
    name, command = arguments[0], arguments[2:]
    try:
        timeout = float(os.environ.get("WAITLOCK_TIMEOUT") or 900)
    except ValueError:
        say("error: WAITLOCK_TIMEOUT must be a number of seconds")
        return 64
    try:
        lock = make_lock(name, local, timeout)
        lock.acquire(timeout)
    except TimedOut as error:
        say(f"error: {error}")
        return EX_TEMPFAIL
    except OSError as error:
        say(f"error: cannot lock `{name}`: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    try:
        return run(command, lock, strict)
    except OSError as error:
        say(f"error: cannot run `{command[0]}`: {error.strerror}")
        return 127
    finally:
        lock.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
