"""Commands under a debugger: PyCharm's, which the process looks for, and an editor's, which looks for the process."""

import json
import socket
import threading
from contextlib import suppress

import pytest
from support import process
from support.process import free_port, wait_until


@pytest.fixture
def pycharm():
    """A debug server that lets the program run once it has attached; yields (port, what it was sent)."""
    received = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            # Command 101 is "run".
            connection.sendall(b"101\t1\t\n")
            with connection, connection.makefile("rb") as lines, suppress(OSError):
                received.extend(line.decode() for line in lines)

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1], received
    server.close()


def test_pydevd_attaches_one_process_to_a_debug_server(maximal, pycharm):
    """The package is installed on demand, because its version is that of the editor."""
    port, received = pycharm
    code = "import sys; print('pydevd_pycharm' in sys.modules)"
    command = ["pydevd.sh", "setup-django.sh", "manage.py", "shell", "--no-imports", "-c", code]
    # Without a compiler its slower variant is installed, within seconds.
    env = {"PYDEVD_HOST": "127.0.0.1", "PYDEVD_PORT": str(port), "CC": "false"}
    result = maximal.go(*command, timeout=500, **env)
    assert result.stdout.splitlines()[-1] == "True"
    assert f"attaching to 127.0.0.1:{port}" in result.stderr
    wait_until(lambda: received, 30, "the debugger introduces itself")


def test_pydevd_says_when_nothing_listens(maximal):
    result = maximal.go("pydevd.sh", "manage.py", "check", check=False, PYDEVD_PORT=str(free_port()), timeout=500)
    assert result.returncode == 1
    assert "no debug server listens on localhost:" in result.stderr and "hint:" in result.stderr


@pytest.mark.parametrize("script", ["pydevd.sh", "debugpy.sh"])
def test_a_port_that_is_none_is_refused(maximal, script):
    result = maximal.go(script, "manage.py", "check", check=False, PYDEVD_PORT="56x", timeout=500)
    assert result.returncode == 1 and "PYDEVD_PORT must be the number of a port" in result.stderr


class Editor:
    """The side of an editor in the Debug Adapter Protocol."""

    def __init__(self, connection):
        self.connection, self.stream, self.count = connection, connection.makefile("rb"), 0

    def ask(self, command, **arguments):
        self.count += 1
        body = json.dumps({"seq": self.count, "type": "request", "command": command, "arguments": arguments}).encode()
        self.connection.sendall(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def wait_for(self, kind, name):
        while True:
            size = 0
            while (line := self.stream.readline()) not in (b"\r\n", b""):
                size = int(line.split(b":")[1])
            message = json.loads(self.stream.read(size))
            if message["type"] == kind and message.get("event" if kind == "event" else "command") == name:
                assert message.get("success", True), message
                return message

    def attach(self):
        self.ask("initialize", adapterID="test", pathFormat="path")
        self.wait_for("response", "initialize")
        self.ask("attach", justMyCode=True)
        self.wait_for("event", "initialized")
        self.ask("configurationDone")
        self.wait_for("response", "attach")


def connect(port):
    """A connection to the debugger, once it listens. It is for one editor, so nobody may knock first."""
    made = []

    def attempt():
        with suppress(OSError):
            made.append(socket.create_connection(("127.0.0.1", port), timeout=60))
        return made

    wait_until(attempt, 60, "the debugger listens")
    return made[0]


def test_an_editor_attaches_to_debugpy(maximal, tmp_path):
    port, done = free_port(), tmp_path / "done"
    code = f"import pathlib; pathlib.Path({str(done)!r}).touch()"
    with process.server(
        ["./go.sh", "debugpy.sh", "manage.py", "shell", "--no-imports", "-c", code],
        cwd=maximal.path,
        env=maximal.env | {"DEBUGPY_PORT": str(port)},
        log=tmp_path / "debugpy.log",
        ready=lambda: "waiting for an editor" in (tmp_path / "debugpy.log").read_text(),
    ) as running:
        with connect(port) as connection:
            assert not done.exists(), "the program waits for the editor"
            Editor(connection).attach()
            wait_until(done.exists, 60, "the program goes on", running)


def test_the_server_under_a_debugger_is_the_one_that_reloads(maximal, tmp_path):
    """`runserver` has two processes: the debugger attaches to that which answers requests."""
    port, debug = free_port(), free_port()
    with process.server(
        ["./go.sh", "debugpy.sh", "runserver.sh"],
        cwd=maximal.path,
        env=maximal.env | {"PORT": str(port), "DEBUGPY_PORT": str(debug), "DEBUGPY_WAIT": "0", "QUICK": "1"},
        log=tmp_path / "runserver.log",
        ready=lambda: process.answers(f"http://127.0.0.1:{port}/healthz"),
    ):
        with connect(debug) as connection:
            Editor(connection).attach()
        assert process.answers(f"http://127.0.0.1:{port}/healthz")
