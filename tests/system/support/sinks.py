"""Servers that take what a project reports to services of others, and answer as those do.

No server of Rapid7, Sentry, New Relic or Elastic can be had here: these follow their protocols as far as clients use them.
"""

import gzip
import json
import re
import socketserver
import ssl
import threading
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import brotli

from support import process


@contextmanager
def lines(port=0):
    """A TCP server that keeps the lines it is sent; yields (port, lines)."""
    received = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            for line in self.rfile:
                received.append(line.decode())

    with _running(_Server(("127.0.0.1", port), Handler)) as port:
        yield port, received


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def _running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class _Http(BaseHTTPRequestHandler):
    """Reads a request in full and answers with what `self.server.answer(method, path, query, body)` returns."""

    protocol_version = "HTTP/1.1"

    def respond(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        encoding = self.headers.get("Content-Encoding")
        if encoding == "gzip":
            body = gzip.decompress(body)
        elif encoding == "deflate":
            body = zlib.decompress(body)
        elif encoding == "br":
            body = brotli.decompress(body)
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        status, answer, headers = self.server.answer(self.command, unquote(address.path), query, body, self.headers)
        data = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(data))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = respond  # noqa: N815

    def log_message(self, *arguments):
        pass


@contextmanager
def _http(answer, context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Http)
    server.daemon_threads = True
    server.answer = answer
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with _running(server) as port:
        yield port


@contextmanager
def sentry():
    """Yields (DSN, events): what came in envelopes to `/api/1/envelope/`, as (kind, content)."""
    events = []

    def answer(method, path, query, body, headers):
        if (method, path) != ("POST", "/api/1/envelope/") or "sentry_key=key" not in headers.get("X-Sentry-Auth", ""):
            return 404, {}, {}
        rest = body.split(b"\n", 1)[1]
        while rest.strip():
            line, rest = rest.split(b"\n", 1)
            header = json.loads(line)
            size = header.get("length", rest.find(b"\n"))
            events.append((header["type"], json.loads(rest[:size])))
            rest = rest[size + 1 :]
        return 200, {"id": "0" * 32}, {}

    with _http(answer) as port:
        yield f"http://key@127.0.0.1:{port}/1", events


@contextmanager
def newrelic(folder):
    """Yields (variables of the agent, calls): what it called at the collector, as (method, parameters)."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    process.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
        + ["-keyout", key, "-out", certificate],
        timeout=60,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    calls = []

    def answer(method, path, query, body, headers):
        name = query.get("method", "")
        calls.append((name, json.loads(body or b"[]")))
        values = {
            "preconnect": {"redirect_host": "localhost"},
            "connect": {"agent_run_id": "1", "data_report_period": 5, "collect_errors": True},
        }
        return 200, {"return_value": values.get(name)}, {}

    with _http(answer, context) as port:
        env = {
            "NEW_RELIC_LICENSE_KEY": "0" * 40,
            "NEW_RELIC_HOST": "localhost",
            "NEW_RELIC_PORT": str(port),
            "NEW_RELIC_CA_BUNDLE_PATH": str(certificate),
            "NEW_RELIC_STARTUP_TIMEOUT": "30",
        }
        yield env, calls


class Elasticsearch:
    """As much of version 8 as Haystack uses: one index, bulk requests, searches for words."""

    def __init__(self):
        self.documents = {}
        self.mapping = None
        self.requests = []

    def answer(self, method, path, query, body, headers):
        self.requests.append((method, path, headers.get("Accept", "")))
        product = {"X-elastic-product": "Elasticsearch", "Content-Type": headers.get("Accept") or "application/json"}
        if path == "/":
            return (
                200,
                {"version": {"number": "8.19.0", "build_flavor": "default"}, "tagline": "You Know, for Search"},
                product,
            )
        status, answer = self.handle(method, path.strip("/").split("/"), body)
        return status, answer, product

    def handle(self, method, path, body):
        missing = {"error": {"type": "index_not_found_exception", "reason": "no such index"}, "status": 404}
        match (method, path[1:] or [""]):
            case ("HEAD", [""]):
                return (200 if self.mapping is not None else 404), None
            case ("PUT", [""]):
                self.mapping = json.loads(body or b"{}")
                return 200, {"acknowledged": True, "index": path[0]}
            case ("DELETE", [""]):
                found, self.mapping, self.documents = self.mapping, None, {}
                return (200, {"acknowledged": True}) if found is not None else (404, missing)
            case ("GET" | "PUT" | "POST", ["_mapping", *_]):
                if method != "GET":
                    self.mapping = (self.mapping or {}) | {"mappings": json.loads(body)}
                    return 200, {"acknowledged": True}
                return (200, {path[0]: self.mapping}) if self.mapping else (404, missing)
            case (_, ["_refresh"]):
                return 200, {"_shards": {}}
            case (_, ["_bulk"]):
                return 200, self.bulk([json.loads(line) for line in body.splitlines() if line])
            case (_, ["_search"]):
                return 200, self.search(path[0], json.loads(body or b"{}"))
        return (
            (200, self.bulk([json.loads(line) for line in body.splitlines() if line]))
            if path == ["_bulk"]
            else (
                400,
                {"error": {"type": "illegal_argument_exception", "reason": f"{method} {path}"}, "status": 400},
            )
        )

    def bulk(self, entries):
        items = []
        while entries:
            ((action, about),) = entries.pop(0).items()
            if action == "delete":
                self.documents.pop(about["_id"], None)
            else:
                assert action == "index" and "_type" not in about, about
                self.documents[about["_id"]] = entries.pop(0)
            items.append({action: {"_id": about["_id"], "status": 200}})
        return {"errors": False, "items": items}

    def search(self, index, body):
        words = re.findall(r"\w+", str(_find(body, "query_string") or "").partition("'query': ")[2].lower())
        hits = [
            {"_index": index, "_id": key, "_score": 1.0, "_source": source}
            for key, source in sorted(self.documents.items())
            if all(word in json.dumps(source).lower() for word in words[:1])
        ]
        return {"hits": {"total": {"value": len(hits), "relation": "eq"}, "hits": hits}}


def _find(value, name):
    """The first value under that key, however deep."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        value = list(value.values())
    if isinstance(value, list):
        return next((found for found in (_find(item, name) for item in value) if found is not None), None)
    return None


@contextmanager
def elasticsearch():
    """Yields (HOST:PORT, the server)."""
    server = Elasticsearch()
    with _http(server.answer) as port:
        yield f"127.0.0.1:{port}", server
