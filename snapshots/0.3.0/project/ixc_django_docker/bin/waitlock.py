#!/usr/bin/env python3
"""Run a command while holding a lock, so that only one process, or one node, runs it at a time.

    waitlock.py [--local | --strict] NAME -- COMMAND [ARG]...

The lock is in Redis when REDIS_ADDRESS (HOST:PORT, with REDIS_PASSWORD if set) answers: it then holds for
all nodes. Otherwise, and with --local, it is a lock on a file in VAR_DIR, which holds for this machine.
With WAITLOCK_SHARED=1 a lock for all nodes is waited for until Redis answers: nodes may start before it does.
Both end with the process that holds them, the one in Redis at the latest LEASE seconds after a kill. A lock
that Redis forgot is taken again; when another node has it by then, --strict ends the command with SIGTERM.

The exit code is the command's; 75 when the lock was not free within WAITLOCK_TIMEOUT seconds (900), or was lost.
Only the standard library is used: this must work before anything is installed. And it is written for Python 2.7 as
well as for any 3: an older project runs it with its own.
"""

from __future__ import print_function

import errno
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

# Python 2 has no clock that people cannot set.
clock = getattr(time, "monotonic", time.time)

# Act only on a lock that is still ours: it may have expired and belong to someone else by now.
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
EXTEND = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"
)


def say(message):
    print("waitlock.py: {}".format(message), file=sys.stderr)
    sys.stderr.flush()


class TimedOut(Exception):
    """The lock was not free in time."""


def wait_until(attempt, name, holder, timeout):
    """Calls `attempt` until it returns true; says once that, and for whom, it waits."""
    deadline = clock() + timeout
    announced = False
    while not attempt():
        if clock() > deadline:
            raise TimedOut("`{}` was not free within {:g} s ({})".format(name, timeout, holder()))
        if not announced:
            say("waiting for `{}` ({})".format(name, holder()))
            announced = True
        time.sleep(0.2)


class FileLock(object):
    """An advisory lock on a file. The kernel frees it when the process ends, however it ends."""

    def __init__(self, name, folder):
        self.name = name
        self.path = os.path.join(folder, re.sub(r"[^A-Za-z0-9.-]", "_", name) + ".lock")

    def acquire(self, timeout):
        try:
            os.makedirs(os.path.dirname(self.path))
        except OSError as error:
            if error.errno != errno.EEXIST:
                raise
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        wait_until(self.attempt, self.name, lambda: "locked in " + self.path, timeout)

    def attempt(self):
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError) as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            return False
        return True

    def renew(self):
        return True

    def release(self):
        os.close(self.file)


def text(answer):
    """What Redis answered, as the kind of text that `print` takes."""
    return answer if str is bytes else answer.decode("utf-8", "replace")


def head(kind, number):
    """Such as ``*3`` with the end of a line; Python 3.4 has no `%` for bytes."""
    return kind + str(number).encode() + b"\r\n"


class Redis(object):
    """As much of the Redis protocol as the lock needs."""

    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=5)
        self.stream = self.socket.makefile("rb")

    def call(self, *words):
        encoded = [str(word).encode() for word in words]
        self.socket.sendall(
            b"".join(
                [head(b"*", len(encoded))] + [head(b"$", len(word)) + word + b"\r\n" for word in encoded]
            )
        )
        line = self.stream.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise OSError("Redis says " + text(rest))
        if kind == b"$":
            size = int(rest)
            return None if size < 0 else text(self.stream.read(size + 2)[:-2])
        return int(rest) if kind == b":" else text(rest)


class RedisLock(object):
    """A key that only its holder may extend or delete, and that expires when the holder is gone."""

    def __init__(self, name, address):
        host, _, port = address.rpartition(":")
        self.server = (host.strip("[]") or port, int(port) if host else 6379)
        scope = [os.environ.get("PROJECT_NAME", "project"), os.environ.get("DOTENV", "")]
        self.name = name
        self.key = ":".join(["waitlock"] + [part for part in scope if part] + [name])
        self.token = "{}:{}:{}".format(socket.gethostname(), os.getpid(), uuid.uuid4().hex)
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
        return "held by {} in Redis".format(holder.rpartition(":")[0] or holder)

    def renew(self):
        """Tells whether the lock is ours still, as far as we know: Redis may be away for a while."""
        try:
            if self.redis.call("EVAL", EXTEND, 1, self.key, self.token, LEASE * 1000):
                return True
            if self.attempt():
                say("took `{}` again: Redis had forgotten it".format(self.name))
                return True
            say("lost `{}` ({})".format(self.name, self.holder()))
            return False
        except (IOError, OSError) as error:
            say("could not extend `{}`: {}".format(self.name, error))
            try:
                self.redis = self.connect()
            except (IOError, OSError):
                pass
            return True

    def release(self):
        # A lock that cannot be released now expires by itself.
        try:
            self.redis.call("EVAL", RELEASE, 1, self.key, self.token)
        except (IOError, OSError):
            pass


def make_lock(name, local, timeout):
    address = os.environ.get("REDIS_ADDRESS", "")
    shared = os.environ.get("WAITLOCK_SHARED", "").lower() in ("1", "true", "yes", "on")
    deadline = clock() + timeout
    announced = False
    if shared and not address and not local:
        raise TimedOut(
            "WAITLOCK_SHARED is set and REDIS_ADDRESS is not, so `{}` cannot be locked for all nodes".format(name)
        )
    while address and not local:
        try:
            return RedisLock(name, address)
        except (IOError, OSError, ValueError) as error:
            problem = "REDIS_ADDRESS={} does not answer ({})".format(address, error)
        if not shared:
            say("{}: `{}` is locked on this machine only".format(problem, name))
            break
        if clock() > deadline:
            raise TimedOut("{}, and `{}` needs a lock that holds for all nodes".format(problem, name))
        if not announced:
            say("{}: waiting for it, to lock `{}` for all nodes".format(problem, name))
            announced = True
        time.sleep(0.5)
    project = os.environ.get("PROJECT_DIR") or os.path.abspath(os.path.join(__file__, "..", "..", ".."))
    return FileLock(name, os.path.join(project, os.environ.get("VAR_DIR") or "var", "lock"))


def wait(child, seconds):
    """Waits for the end of a process, at most so long; returns its exit code, or None."""
    if sys.version_info >= (3, 3):
        try:
            return child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
    deadline = clock() + seconds
    while child.poll() is None and clock() < deadline:
        time.sleep(0.05)
    return child.returncode


def run(command, lock, strict):
    """Runs the command, passes signals on to it and keeps the lock alive meanwhile."""
    # Else the child would hold the lock as well, in Python 2.
    child = subprocess.Popen(command, close_fds=True)
    lost = False

    def forward(number, _frame):
        try:
            child.send_signal(number)
        except OSError as error:
            if error.errno != errno.ESRCH:
                raise

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, forward)
    # The terminal sends Ctrl-C to the child as well: it decides, we wait for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        code = wait(child, RENEW)
        if code is not None:
            return EX_TEMPFAIL if lost else code if code >= 0 else 128 - code
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
        # `inf` waits for ever; `nan` would too, by accident.
        if not timeout >= 0:
            raise ValueError
    except ValueError:
        say("error: WAITLOCK_TIMEOUT must be a number of seconds")
        return 64
    try:
        lock = make_lock(name, local, timeout)
        lock.acquire(timeout)
    except TimedOut as error:
        say("error: {}".format(error))
        return EX_TEMPFAIL
    except (IOError, OSError) as error:
        say("error: cannot lock `{}`: {}".format(name, error))
        return 1
    except KeyboardInterrupt:
        return 130
    try:
        return run(command, lock, strict)
    except OSError as error:
        say("error: cannot run `{}`: {}".format(command[0], error.strerror))
        return 127
    finally:
        lock.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
