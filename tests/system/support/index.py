"""A package index of our own, as it may look in a year: the pinned files, and a higher version of every one of them.

The raised version is empty but for its metadata, which is that of the pinned one, extras included: whatever resolves
takes it, and is found out.
"""

import hashlib
import re
import sys
import tarfile
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from support.machine import CACHE, clean_environment
from support.process import run


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def raised(version):
    """The next version that every range admits which admits this one: `7.17.3` → `7.17.3.1`."""
    plain = re.match(r"[0-9.]+", version)[0].rstrip(".")
    return f"{plain}.1" if plain == version else f"{plain}.1.post1"


def fetch(locks):
    """The files that those locks name, for this Python, fetched once and kept."""
    text = "\n".join(lock.read_text(encoding="utf-8") for lock in locks)
    key = hashlib.sha256(f"{sys.version_info[:2]}{text}".encode()).hexdigest()[:12]
    folder = CACHE / f"wheels-{key}"
    if not (folder / ".complete").exists():
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps", "--require-hashes"]
        for lock in locks:
            run([*pip, "-d", folder, "-r", lock], env=clean_environment(), timeout=600)
        (folder / ".complete").touch()
    return folder


def fetch_tool(name, version):
    """The wheel of one tool, in a folder of its own."""
    folder = CACHE / f"wheel-{name}-{version}"
    if not list(folder.glob("*.whl")):
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps"]
        run([*pip, "--only-binary=:all:", "-d", folder, f"{name}=={version}"], env=clean_environment(), timeout=300)
    return next(folder.glob("*.whl"))


def _metadata(file):
    """Name, version and METADATA of a wheel or an sdist."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            member = next(name for name in wheel.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
            text = wheel.read(member).decode()
    else:
        with tarfile.open(file) as source:
            member = min((name for name in source.getnames() if name.endswith("/PKG-INFO")), key=len)
            text = source.extractfile(member).read().decode()
    return re.search(r"^Name: (.+)$", text, re.M)[1].strip(), re.search(r"^Version: (.+)$", text, re.M)[1].strip(), text


def raise_all(files, folder):
    """Writes a raised wheel for each of the files; returns their versions by name."""
    folder.mkdir()
    versions = {}
    for file in files:
        name, version, text = _metadata(file)
        higher = raised(version)
        stem = f"{re.sub(r'[-_.]+', '_', name)}-{higher}"
        text = re.sub(r"^Version: .+$", f"Version: {higher}", text, count=1, flags=re.M)
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            info = f"{stem}.dist-info"
            wheel.writestr(f"{info}/METADATA", text)
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "".join(f"{info}/{part},,\n" for part in ("METADATA", "WHEEL", "RECORD")))
        versions[normalised(name)] = version
    return versions


class Index:
    """A simple index (PEP 503) on this machine; `asked` holds the paths that were asked for."""

    def __init__(self, url):
        self.url = url
        self.asked = []


@contextmanager
def serve(*folders):
    files = {}
    for folder in folders:
        for file in sorted(Path(folder).iterdir()):
            if file.suffix in (".whl", ".gz"):
                name = normalised(file.name.split("-")[0] if file.suffix == ".whl" else _metadata(file)[0])
                files.setdefault(name, {})[file.name] = file

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            index.asked.append(self.path)
            # As a proxy it is asked for a whole address.
            parts = urlsplit(self.path).path.strip("/").split("/")
            if parts[0] == "closed":
                return self.send_error(401)
            found = files.get(parts[1]) if len(parts) > 1 else None
            if found and len(parts) == 2:
                links = "".join(f'<a href="/simple/{parts[1]}/{name}">{name}</a><br>\n' for name in found)
                return self.answer("text/html", f"<!DOCTYPE html><html><body>{links}</body></html>".encode())
            if found and parts[-1] in found:
                return self.answer("application/octet-stream", found[parts[-1]].read_bytes())
            return self.send_error(404)

        do_HEAD = do_GET

        def answer(self, kind, body):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index = Index(f"http://127.0.0.1:{server.server_port}/simple/")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
