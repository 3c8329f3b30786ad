"""Run programs with a time limit, and servers that are gone afterwards."""

import os
import random
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager


class Failed(AssertionError):
    """A program that did not do what a test needs; the message holds what it wrote."""


def run(argv, *, env=None, cwd=None, timeout=300, check=True, stdin=None):
    """Run a program and return the result, with stdout and stderr as text.

    The program gets a process group of its own, so that what it started ends with it at the limit.
    """
    argv = [str(part) for part in argv]
    process = subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        out, err = process.communicate(stdin, timeout=timeout)
    except BaseException as error:
        kill_group(process)
        out, err = process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise Failed(f"{shlex.join(argv)} took more than {timeout} s\n{tail(out)}\n{tail(err)}") from None
        raise
    result = subprocess.CompletedProcess(argv, process.returncode, out, err)
    if check and result.returncode:
        raise Failed(f"{shlex.join(argv)} ended with status {result.returncode}\n{tail(out)}\n{tail(err)}")
    return result


def tail(text, lines=40):
    return "\n".join((text or "").splitlines()[-lines:])


def kill_group(process, sig=signal.SIGKILL):
    try:
        os.killpg(process.pid, sig)
    except ProcessLookupError:
        pass


def end(*processes):
    """Ask the processes and their children to end, all at once; those that do not within 20 seconds each are killed."""
    for process in processes:
        kill_group(process, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        kill_group(process)
        process.wait(20)


# Each worker of a parallel run has ports of its own, below those that the system gives to whoever connects.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def free_port():
    """A port nobody listens on now. Servers bind it within moments, so a clash is unlikely."""
    while True:
        port = random.randrange(20000 + _WORKER, 32000, _WORKERS)
        with socket.socket() as probe:
            # As servers do, so that a port of a connection that was closed just now counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_until(condition, seconds, what, process=None):
    """Wait until `condition()` is true; fail after `seconds`, or at once when `process` has ended."""
    deadline = time.monotonic() + seconds
    while True:
        if condition():
            return
        if process is not None and process.poll() is not None:
            raise Failed(f"{what}: the program ended with status {process.returncode}")
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url, status=200):
    """Whether a GET of `url` has that status now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == status
    except urllib.error.HTTPError as error:
        return error.code == status
    except OSError:
        return False


@contextmanager
def server(argv, *, log, ready, env=None, cwd=None, seconds=90):
    """Run a server until the block ends; `ready()` tells when it can be used.

    Yields the process. Its output is in the file `log`, whose end is shown when it does not start.
    """
    with open(log, "ab") as stream:
        process = subprocess.Popen(
            [str(part) for part in argv],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        try:
            wait_until(ready, seconds, shlex.join(map(str, argv)), process)
        except Failed as error:
            with open(log, errors="replace") as stream:
                raise Failed(f"{error}\n{tail(stream.read())}") from None
        yield process
    finally:
        end(process)
