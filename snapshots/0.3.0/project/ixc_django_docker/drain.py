"""A log handler that sends each line, with a token before it, to a server over TCP.

A thread of its own connects and sends, so that nobody waits for the network. What cannot be sent is kept, up to
``LIMIT`` lines, and sent later; beyond that the oldest lines are dropped, and their number is sent in their place.
"""

import atexit
import logging
import os
import socket
import ssl
import sys
import threading
import time
import weakref
from collections import deque

LIMIT = 10_000
LONGEST_PAUSE = 30
# For how long a process that ends waits until all is sent.
FAREWELL = 3


class Handler(logging.Handler):
    """Send records to ``address`` (``HOST:PORT``). Connects when the first record comes, not before."""

    def __init__(self, token, address, tls=True, level=logging.NOTSET):
        super().__init__(level)
        self.token = token
        host, _, port = address.rpartition(":")
        self.address = (host.strip("[]"), int(port))
        self.tls = ssl.create_default_context() if tls else None
        self.start_anew()
        me = weakref.ref(self)
        # Logging forgets to close the handlers of a configuration that another one was put on top of.
        atexit.register(lambda: me() and me().close())
        # A child of fork() has no threads, and the lines that were waiting are the parent's.
        os.register_at_fork(after_in_child=lambda: me() and me().start_anew())

    def start_anew(self):
        """Forget what waits and who sends it."""
        self.waiting = deque()
        self.dropped = 0
        self.changed = threading.Condition(threading.Lock())
        self.thread = None
        self.ends = False

    def emit(self, record):
        try:
            # One line each: U+2028 is how the service writes a line end within an entry.
            line = self.format(record).replace("\r", "").replace("\n", "\u2028")
        except Exception:
            self.handleError(record)
            return
        with self.changed:
            # Whoever configures logging once more closes all handlers, and then goes on using them.
            self.ends = False
            if len(self.waiting) >= LIMIT:
                self.waiting.popleft()
                self.dropped += 1
            self.waiting.append(line)
            if self.thread is None:
                self.thread = threading.Thread(target=self.send_all, name="log drain", daemon=True)
                try:
                    self.thread.start()
                except RuntimeError:  # The interpreter ends.
                    self.thread = None
            self.changed.notify_all()

    def close(self):
        """Wait a moment until all is sent."""
        with self.changed:
            self.ends = True
            self.changed.notify_all()
            deadline = time.monotonic() + FAREWELL
            while self.thread and (self.waiting or self.dropped):
                if not self.changed.wait(deadline - time.monotonic()):
                    break
        super().close()

    def send_all(self):
        """Send what waits until there is nothing more to come; the body of the thread."""
        connection, pause = None, 0
        while True:
            with self.changed:
                while not self.waiting:
                    if self.ends:
                        self.thread = None
                        return
                    self.changed.wait()
                line = self.waiting[0]
                dropped = self.dropped
            try:
                if connection is None:
                    connection = self.connect()
                elif closed(connection):
                    raise ConnectionError("the server closed the connection")
                if dropped:
                    self.send(connection, f"{dropped} log lines were dropped: the log server was away")
                self.send(connection, line)
            except OSError as error:
                if pause == 0:
                    # Not with logging: that would lead here again.
                    sys.stderr.write(f"log drain: {self.address[0]}: {error}; trying again\n")
                pause = min(max(1, pause * 2), LONGEST_PAUSE)
                if connection is not None:
                    connection.close()
                    connection, pause = None, 1
                with self.changed:
                    if not self.ends:
                        self.changed.wait_for(lambda: self.ends, pause)
                    elif pause > FAREWELL:
                        self.waiting.clear()
                        self.dropped, self.thread = 0, None
                        self.changed.notify_all()
                        return
                continue
            pause = 0
            with self.changed:
                self.dropped -= dropped
                # Meanwhile the oldest line may have been dropped, and may have been this one.
                if self.waiting and self.waiting[0] is line:
                    self.waiting.popleft()
                self.changed.notify_all()

    def connect(self):
        connection = socket.create_connection(self.address, timeout=10)
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_hostname=self.address[0])
        return connection

    def send(self, connection, line):
        connection.sendall(f"{self.token} {line}\n".encode())


def closed(connection):
    """Tell whether the server has hung up; it never sends anything. A line sent then would be lost."""
    timeout = connection.gettimeout()
    connection.settimeout(0)
    try:
        return connection.recv(1) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        connection.settimeout(timeout)
