"""Production settings behind gunicorn: pages, static files, media and probes, over HTTP."""

import gzip
import html
import http.client
import json
import re
import socket
import time
from urllib.parse import urlencode, urlsplit

import pytest
from support.web import links

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
DOMAIN = "shop.example.test"


@pytest.fixture(scope="module")
def served(project, tmp_path_factory):
    """The project in production, with its site and the folder that it writes to."""
    var = tmp_path_factory.mktemp(f"var-{project.kind}")
    env = {
        "DOTENV": "production",
        "SECRET_KEY": "s3rving-" + "k" * 60,
        "SITE_DOMAIN": DOMAIN,
        "VAR_DIR": str(var),
        "DJANGO_SUPERUSER_PASSWORD": "correct-horse-battery",
        "MAX_UPLOAD_SIZE": "2000000",
        "ALLOWED_HOSTS": ".other.example.test",
    }
    project.go("build-static.sh", **env)
    project.go("migrate.sh", **env)
    project.manage("createsuperuser", "--noinput", "--username", "boss", "--email", "boss@example.test", **env)
    with project.serve(host=DOMAIN, **env) as site:
        project.served_env = env
        yield project, site, var
    assert failures(site.log) == []


def failures(log):
    """Lines that tell of a bug: a server error, or a traceback that no logger took. A refused request is neither."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        record = json.loads(line) if line.startswith("{") else {}
        if line.startswith("Traceback") or record.get("status_code", 0) >= 500:
            found.append(line)
    return found


def test_home_page(served):
    project, site, _ = served
    page = site.get("/")
    assert page.status == 200
    # However it is escaped, a reader sees the title as it was given.
    assert project.title in html.unescape(page.text)
    assert "<b>%s</b>" not in page.text
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"


def test_admin_login(served):
    project, site, _ = served
    assert site.get("/admin/").status == 302
    site.login("boss", "correct-horse-battery")
    try:
        page = site.get("/admin/")
        assert page.status == 200
        assert project.title in html.unescape(page.text)
        assert site.get("/admin/auth/user/").status == 200
    finally:
        site.cookies.clear()


def test_pages_are_compressed_for_who_takes_it(served):
    _, site, _ = served
    page = site.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in page.headers["Vary"]
    plain = site.get("/")
    assert "Content-Encoding" not in plain.headers and b"<html" in plain.body
    assert "<html" in gzip.decompress(page.body).decode()


@pytest.mark.parametrize("host, status", [("a.other.example.test", 200), ("other.example.test", 200), ("evil.test", 403)])
def test_a_form_of_each_host_over_tls_is_ours(served, host, status):
    """Also where the proxy that ends TLS does not tell."""
    _, site, _ = served
    page = site.get("/admin/login/", host="a.other.example.test")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    reply = site.request(
        "POST",
        "/admin/login/",
        host="a.other.example.test",
        body=urlencode({"csrfmiddlewaretoken": token, "username": "x", "password": "y"}).encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"https://{host}",
            "Cookie": page.headers["Set-Cookie"].partition(";")[0],
        },
    )
    assert reply.status == status, reply.text[:500]


def test_too_large_a_form_is_refused_before_it_is_read(served):
    _, site, var = served
    page = site.get("/admin/login/")
    headers = {
        "Content-Type": "multipart/form-data; boundary=x",
        "Cookie": page.headers["Set-Cookie"].partition(";")[0],
        "Content-Length": "3000000",
    }
    address = ("127.0.0.1", urlsplit(site.url).port)
    with socket.create_connection(address, timeout=20) as connection:
        lines = [f"POST /admin/login/ HTTP/1.1\r\nHost: {DOMAIN}", *(f"{n}: {v}" for n, v in headers.items())]
        connection.sendall("\r\n".join([*lines, "", "--x"]).encode())
        status = connection.recv(100).split()[1]
    assert status in (b"400", b"413"), status


def test_where_login_is_required_there_is_a_login_page(served):
    _, site, _ = served
    reply = site.get("/accounts/login/?next=/a%20b/")
    assert (reply.status, reply.headers["Location"]) == (302, "/admin/login/?next=/a%20b/")


def test_an_idle_connection_is_kept_as_long_as_balancers_keep_it(served):
    _, site, _ = served
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(site.url).port, timeout=20)
    for pause in (4, 0):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
        time.sleep(pause)
    connection.close()


def test_cookies_are_for_https_only(served):
    _, site, _ = served
    cookie = site.get("/admin/login/").headers["Set-Cookie"]
    assert "Secure" in cookie and "SameSite" in cookie


def test_foreign_host_is_refused_but_probes_answer(served):
    _, site, _ = served
    assert site.get("/", host="evil.example").status == 400
    for path in ("/healthz", "/readyz"):
        probe = site.get(path, host="10.0.0.1")
        assert probe.status == 200
        assert "no-store" in probe.headers["Cache-Control"]


def test_unknown_page_is_our_404(served):
    project, site, _ = served
    page = site.get("/no-such-page/")
    assert page.status == 404
    assert "<html" in page.text and "DEBUG = True" not in page.text


def test_static_files_are_hashed_and_immutable(served):
    project, site, _ = served
    if "whitenoise" not in project.features:
        # Then a web server in front serves static_root/, and the names are unique for it as well.
        addresses = [a for a in links(site.get("/").text) if a.startswith("/static/")]
        assert addresses and all(re.search(r"\.[0-9a-f]{12}\.", a) for a in addresses), addresses
        return
    seen = []
    for path in ("/", "/admin/login/"):
        for address in links(site.get(path).text):
            address = urlsplit(address).path
            if not address.startswith("/static/"):
                continue
            seen.append(address)
            file = site.get(address, headers={"Accept-Encoding": "gzip"})
            assert file.status == 200, address
            assert re.search(r"\.[0-9a-f]{12}\.", address), address
            control = file.headers["Cache-Control"]
            assert "immutable" in control and "public" in control, (address, control)
            assert int(re.search(r"max-age=(\d+)", control)[1]) >= 31536000 - 86400 * 10
            if address.endswith((".css", ".js")) and len(file.body) > 1000:
                assert file.headers["Content-Encoding"] == "gzip", address
    assert any(a.endswith(".css") for a in seen), seen
    if "compressor" in project.features:
        assert any("/CACHE/" in a for a in seen), seen


def test_static_file_under_its_plain_name_is_not_immutable(served):
    project, site, _ = served
    if "whitenoise" not in project.features:
        return
    file = site.get("/static/admin/css/base.css")
    assert file.status == 200
    assert "immutable" not in (file.headers["Cache-Control"] or "")


def upload(project, name, content, storage="default"):
    """Save a file through a storage, while the server runs; returns its stored name and address."""
    code = (
        "from django.core.files.storage import storages; from django.core.files.base import ContentFile;"
        f"s = storages[{storage!r}]; n = s.save({name!r}, ContentFile({content!r})); print(n); print(s.url(n))"
    )
    return project.python(code, **project.served_env).splitlines()[-2:]


def test_media_uploaded_after_the_start(served):
    project, site, _ = served
    name, url = upload(project, "pictures/dot.png", PNG)
    assert url == f"/media/{name}"
    if "whitenoise" not in project.features:
        return
    file = site.get(url)
    assert (file.status, file.body) == (200, PNG)
    assert file.headers["Content-Type"] == "image/png"
    assert "immutable" not in (file.headers["Cache-Control"] or "")


def test_uploaded_markup_does_not_run_on_our_site(served):
    project, site, _ = served
    if "whitenoise" not in project.features:
        return
    for name in ("page.html", "drawing.svg", "script.xml"):
        _, url = upload(project, name, b"<script>alert(1)</script>")
        file = site.get(url)
        assert file.status == 200
        assert file.headers["Content-Disposition"].startswith("attachment"), name
        assert file.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/media/../secret_key",
        "/media/%2e%2e/secret_key",
        "/media/..%2fsecret_key",
        "/media//etc/passwd",
        "/media/%2fetc%2fpasswd",
        "/media/..%5csecret_key",
        "/media/x%00.png",
        "/media/",
        "/media/pictures/",
        "/static/../ixcproject/settings/base.py",
        "/static/%2e%2e/ixcproject/settings/base.py",
        "/media-private/../secret_key",
        "/media-private/%2e%2e/secret_key",
    ],
)
def test_nothing_outside_the_folders_is_served(served, path):
    project, site, var = served
    (var / "secret_key").touch()
    # The path goes on the wire as it is: a client library would have cleaned it.
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(site.url).port, timeout=20)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", DOMAIN)
    connection.endheaders()
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    assert reply.status in (400, 403, 404), reply.status
    assert b"root:" not in body


def test_private_media_needs_its_signed_address(served):
    project, site, _ = served
    name, url = upload(project, "contracts/secret.txt", b"private", "private")
    assert url.startswith("/media-private/") and "signature=" in url
    assert site.get(url).body == b"private"
    path = urlsplit(url).path
    assert site.get(path).status in (403, 404)
    assert site.get(f"/media/{name}").status == 404
    assert site.get(re.sub(r"signature=.{4}", "signature=AAAA", url)).status in (403, 404)
    assert site.get(re.sub(r"expires=\d", "expires=9", url)).status in (403, 404)
    assert site.get(url.replace("secret.txt", "other.txt")).status in (403, 404)


def test_unique_media_is_immutable(project, tmp_path):
    """With ENABLE_UNIQUE_STORAGE a name stands for one content for ever."""
    if "whitenoise" not in project.features:
        return
    env = {
        "DOTENV": "production",
        "SECRET_KEY": "u" * 60,
        "SITE_DOMAIN": DOMAIN,
        "VAR_DIR": str(tmp_path),
        "ENABLE_UNIQUE_STORAGE": "1",
    }
    project.go("migrate.sh", **env)
    project.served_env = env
    with project.serve(host=DOMAIN, **env) as site:
        name, url = upload(project, "pictures/dot.png", PNG)
        again, _ = upload(project, "pictures/dot.png", PNG)
        other, _ = upload(project, "pictures/dot.png", PNG + b"x")
        assert name == again != other
        file = site.get(url)
        assert file.body == PNG
        assert "immutable" in file.headers["Cache-Control"]
        plain = site.get("/media/pictures/dot.png")
        assert plain.status == 302 and plain.headers["Location"].endswith(other)
        assert "immutable" not in plain.headers["Cache-Control"]


def test_asgi_serves_as_well(default, tmp_path):
    """The ASGI application through Django's own test client: no ASGI server is among the requirements."""
    code = (
        "import asyncio; from django.test import AsyncClient; from ixc_django_docker.asgi import application;"
        "c = AsyncClient(headers={'host': 'localhost'});"
        "print([asyncio.run(c.get(p)).status_code for p in ('/', '/healthz', '/admin/login/')])"
    )
    assert default.python(code, VAR_DIR=str(tmp_path)).splitlines()[-1] == "[200, 200, 200]"


def test_one_json_object_per_log_line(default, tmp_path):
    """Production logs are for machines: each line that Django writes is one JSON object."""
    env = {"DOTENV": "production", "SECRET_KEY": "l" * 60, "SITE_DOMAIN": DOMAIN, "VAR_DIR": str(tmp_path)}
    default.go("build-static.sh", **env)
    with default.serve(host=DOMAIN, **env) as site:
        site.get("/no-such-page/")
        site.get("/", host="evil.example")
    lines = [line for line in site.log.read_text().splitlines() if line.startswith("{")]
    records = [json.loads(line) for line in lines]
    assert records
    assert any("evil.example" in json.dumps(record) for record in records)
