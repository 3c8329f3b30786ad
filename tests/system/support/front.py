"""The load balancer with the configuration that a project ships, and small servers to stand behind it."""

import csv
import io
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support import process
from support.machine import clean_environment, tool
from support.web import Site


class Requests(list):
    """What a server was asked, as pairs of "METHOD PATH" and headers. The rest says how it goes on answering."""

    healthy = True
    drop = False
    missing = ()


@contextmanager
def echo(port):
    """A server that answers every request with 200 and the size of its body; yields what it was asked."""
    seen = Requests()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            size = len(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            probe = self.path in ("/healthz", "/healthcheck")
            if not probe:
                seen.append((f"{self.command} {self.path}", self.headers))
            if seen.drop and not probe:
                self.close_connection = True
                return
            if self.path == "/slow":
                time.sleep(3)
            body = str(size).encode()
            self.send_response(404 if self.path in seen.missing else 503 if probe and not seen.healthy else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 (http.server's names)

        def log_message(self, *arguments):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join(10)


@dataclass
class Balancer:
    url: str
    stats: str

    def rows(self):
        """The servers as the page of statistics has them: (backend, server) → row."""
        text = Site(self.stats, "localhost", None).get("/;csv").text.removeprefix("# ")
        return {(row["pxname"], row["svname"]): row for row in csv.DictReader(io.StringIO(text))}

    def up(self, backend):
        """The servers of a backend that get requests."""
        return [
            server
            for (name, server), row in self.rows().items()
            if name == backend and server != "BACKEND" and row["status"].startswith("UP")
        ]

    def served(self, server):
        """How many requests a copy of the site got so far."""
        return int(self.rows()["django", server]["stot"])

    def wait_for(self, seconds=40, **numbers):
        """Wait until each backend has that number of servers that are well."""

        def reached():
            try:
                return all(len(self.up(backend)) == number for backend, number in numbers.items())
            except OSError:
                return False

        process.wait_until(reached, seconds, f"the load balancer sees {numbers}")


@contextmanager
def haproxy(project, folder, *, django, flower, **env):
    """The load balancer of a project: its own configuration, with ports of this machine instead of Docker's names."""
    text = (project / "etc/haproxy/haproxy.cfg").read_text()
    port, stats = process.free_port(), process.free_port()
    servers = "\n".join(f"    server web{n} 127.0.0.1:{behind}" for n, behind in enumerate(django, 1))
    for old, new in (
        (r"^    server-template web 10 django:8000$", servers),
        (r"^    server-template flower 1 celeryflower:5555$", f"    server flower1 127.0.0.1:{flower}"),
        (r"^    bind :8000$", f"    bind 127.0.0.1:{port}"),
        (r"^    bind :1936$", f"    bind 127.0.0.1:{stats}"),
        (r" resolvers docker init-addr none$", ""),
    ):
        text, count = re.subn(old, new, text, flags=re.M)
        assert count, f"haproxy.cfg has no {old}"
    file = folder / "haproxy.cfg"
    file.write_text(text)
    with process.server(
        [tool("haproxy"), "-W", "-db", "-f", file],
        env=clean_environment(**env),
        log=folder / "haproxy.log",
        ready=lambda: process.answers(f"http://127.0.0.1:{stats}/alive"),
    ):
        yield Balancer(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{stats}")
