"""What stands in front of the application server: nginx, supervisor, the load balancer."""

import base64
import os
import re
import shutil
import signal
import socket
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support import front
from support.machine import as_user
from support.process import answers, free_port, listens, run, server, wait_until
from support.web import Site


@contextmanager
def supervised(project, var, *, seconds=120, **env):
    """The project behind nginx, both run by supervisor.sh; yields the site and supervisord's process."""
    port = free_port()
    env = {
        "DOTENV": "production",
        "SECRET_KEY": "f" * 60,
        "SITE_DOMAIN": "localhost",
        "VAR_DIR": str(var),
        "PORT": str(port),
        "NGINX_PROXY_PORT": str(free_port()),
        "GUNICORN_WORKERS": "1",
    } | env
    log = var.parent / f"supervisor-{port}.log"
    with server(
        ["./go.sh", "supervisor.sh"],
        cwd=project.path,
        env=project.env | env,
        log=log,
        ready=lambda: answers(f"http://127.0.0.1:{port}/healthz"),
        seconds=seconds,
    ) as process:
        site = Site(f"http://127.0.0.1:{port}", "localhost", log)
        site.env = env
        yield site, process


@pytest.fixture(scope="module")
def built(maximal):
    maximal.go("build-static.sh", DOTENV="production", SECRET_KEY="f" * 60)
    return maximal


def test_supervisor_runs_nginx_and_gunicorn(built, tmp_path):
    """One command serves; what ends is started again; what is stopped finishes its work."""
    var = tmp_path / "var"
    with supervised(built, var, NGINX_BASIC_AUTH="ada:love:lace") as (site, process):
        assert site.get("/").status == 401
        assert site.get("/readyz").status == 200, "probes know no password"
        for password, status in (("love:lace", 200), ("love", 401), ("", 401)):
            token = base64.b64encode(f"ada:{password}".encode()).decode()
            reply = site.get("/", headers={"Authorization": f"Basic {token}"})
            assert reply.status == status, password
        assert reply.headers["Server"] == "nginx", "no version for the curious"
        assert (var / "run/nginx/htpasswd").stat().st_mode & 0o077 == 0
        assert "love" not in (var / "run/nginx/htpasswd").read_text()

        def status():
            shown = built.go("supervisor.sh", "status", check=False, **site.env).stdout
            return dict(re.findall(r"^(\S+)\s+RUNNING\s+pid (\d+)", shown, re.M))

        wait_until(lambda: set(status()) == {"nginx", "gunicorn"}, 60, "both programs run", process)
        before = status()["gunicorn"]
        os.kill(int(before), signal.SIGKILL)
        wait_until(lambda: status().get("gunicorn", before) != before, 60, "gunicorn is started again", process)
        wait_until(lambda: answers(f"{site.url}/readyz"), 60, "it serves again", process)
        started = time.monotonic()
        process.terminate()
        process.wait(45)
        assert time.monotonic() - started < 40
        assert not listens(int(site.env["PORT"])) and not listens(int(site.env["NGINX_PROXY_PORT"]))


def test_supervisor_runs_what_it_is_told(built, tmp_path):
    """Any script of the project, and sections of the project's own."""
    result = built.go("supervisor.sh", check=False, VAR_DIR=str(tmp_path / "a"), SUPERVISORD_PROGRAM="gunicorn celry")
    assert result.returncode and "celry.sh" in result.stderr
    copy = built.path
    own, script = copy / "etc/supervisor/own.conf", copy / "bin/ticker.sh"
    own.parent.mkdir(parents=True)
    own.write_text("[program:own]\ncommand=sleep 600\n")
    script.write_text("#!/bin/sh\n# Tick.\nexec sleep 601\n")
    script.chmod(0o755)
    env = {"VAR_DIR": str(tmp_path / "var"), "SUPERVISORD_PROGRAM": "ticker"}
    log = tmp_path / "log"

    def shown():
        return built.go("supervisor.sh", "status", check=False, **env).stdout

    try:
        argv, more = ["./go.sh", "supervisor.sh"], {"cwd": copy, "env": built.env | env}
        with server(argv, log=log, ready=lambda: shown().count("RUNNING") == 2, **more):
            assert "nginx" not in shown() and "ticker" in shown() and "own" in shown()
    finally:
        own.unlink()
        own.parent.rmdir()
        script.unlink()


@pytest.fixture
def shelf():
    """A folder that any user can enter, which those of a test run are not."""
    folder = Path(tempfile.mkdtemp(prefix="ixd-front-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_nginx_runs_as_any_user(maximal, shelf):
    """Also with a large upload, which it keeps on disk meanwhile, and with a slow answer from behind."""
    copy = maximal.copy(shelf / "shop")
    var, port, behind = shelf / "var", free_port(), free_port()
    var.mkdir()
    # It is its owner's alone.
    (copy.path / ".env.local").unlink()
    log = shelf / "log"
    log.touch()
    if not os.getuid():
        shutil.chown(var, "www-data")
        shutil.chown(log, "www-data")
    env = copy.env | {"VAR_DIR": str(var), "NGINX_PORT": str(port), "NGINX_PROXY_PORT": str(behind), "DOTENV": "production"}
    command = [*as_user("www-data"), "ixc_django_docker/bin/entrypoint.sh", "nginx.sh"]
    checked = run([*command, "-t"], cwd=copy.path, env=env)
    assert "syntax is ok" in checked.stderr, checked.stderr
    with (
        front.echo(behind) as seen,
        server(command, cwd=copy.path, env=env, log=log, ready=lambda: listens(port)) as process,
    ):
        site = Site(f"http://127.0.0.1:{port}", "shop.example.test", log)
        body = os.urandom(3 << 20)
        reply = site.request("POST", "/upload?a=b%20c", body=body, headers={"X-Forwarded-Proto": "https"})
        assert reply.status == 200 and int(reply.text) == len(body)
        request, headers = seen[-1]
        assert request == "POST /upload?a=b%20c"
        assert headers["Host"] == "shop.example.test"
        assert headers["X-Forwarded-For"] == "127.0.0.1"
        assert headers["X-Forwarded-Proto"] == "https"
        assert site.get("/").status == 200 and seen[-1][1]["X-Forwarded-Proto"] == "http"
        if not os.getuid():
            assert {path.owner() for path in var.rglob("*")} == {"www-data"}
        # It finishes what it has begun.
        slow = []
        request = threading.Thread(target=lambda: slow.append(site.get("/slow", timeout=30).status))
        request.start()
        wait_until(lambda: seen[-1][0] == "GET /slow", 20, "the slow request is behind nginx")
        process.send_signal(signal.SIGQUIT)
        request.join(30)
        assert slow == [200]
        process.wait(20)
    text = log.read_text()
    assert "denied" not in text and "[emerg]" not in text, text
    assert '"GET / HTTP' not in text, "the application server logs what it answers"


def test_nginx_tells_of_wrong_values(maximal):
    for env, text in (
        ({"NGINX_BASIC_AUTH": "ada"}, "NAME:PASSWORD"),
        ({"NGINX_PORT": "8080", "NGINX_PROXY_PORT": "8080"}, "two values"),
    ):
        result = maximal.go("nginx.sh", "-t", check=False, **env)
        assert result.returncode and text in result.stderr, result.stderr


CLAIMED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


def forwarded(requests):
    return tuple(requests[-1][1][name] for name in CLAIMED)


def test_flower_has_a_host_name_of_its_own(maximal, tmp_path):
    """The load balancer sends flower.<domain> to Celery's monitor, and to no copy of the site."""
    django, flower = free_port(), free_port()
    with (
        front.echo(django) as pages,
        front.echo(flower) as monitor,
        front.haproxy(maximal.path, tmp_path, django=[django], flower=flower) as balancer,
    ):
        balancer.wait_for(django=1, flower=1)
        pages.clear()
        monitor.clear()

        def seen(requests):
            return [headers["Host"] for request, headers in requests if request == "GET /x"]

        for host in ("flower.shop.example.test", "Flower.localhost:8000", "shop.example.test", "my-flower.test"):
            assert Site(balancer.url, host, None).get("/x", headers=CLAIMED).status == 200
        assert seen(monitor) == ["flower.shop.example.test", "Flower.localhost:8000"]
        assert seen(pages) == ["shop.example.test", "my-flower.test"]
        assert forwarded(pages) == ("127.0.0.1", "http"), "what a visitor claims is replaced"
    # What a balancer in front says is kept: that it has ended TLS, else the site would redirect for ever.
    with (
        front.echo(django) as pages,
        front.haproxy(maximal.path, tmp_path, django=[django], flower=flower, FRONT_BALANCER="10.0.0.0/8 127.0.0.1") as balancer,
    ):
        balancer.wait_for(django=1)
        Site(balancer.url, "shop.example.test", None).get("/y", headers=CLAIMED)
        assert forwarded(pages) == tuple(CLAIMED.values())
        Site(balancer.url, "shop.example.test", None).get("/y")
        assert forwarded(pages) == ("127.0.0.1", "http")


def test_flower_down_is_one_clear_answer(maximal, tmp_path):
    django = free_port()
    with front.echo(django), front.haproxy(maximal.path, tmp_path, django=[django], flower=free_port()) as balancer:
        balancer.wait_for(django=1, flower=0)
        assert Site(balancer.url, "flower.localhost", None).get("/").status == 503
        assert Site(balancer.url, "localhost", None).get("/").status == 200


def test_a_copy_that_fails_its_check_gets_no_requests(maximal, tmp_path):
    well, ill = free_port(), free_port()
    with (
        front.echo(well) as good,
        front.echo(ill) as bad,
        front.haproxy(maximal.path, tmp_path, django=[well, ill], flower=free_port()) as balancer,
    ):
        balancer.wait_for(django=2)
        site = Site(balancer.url, "localhost", None)
        for _ in range(10):
            assert site.get("/x").status == 200
        count = [sum(request == "GET /x" for request, _ in list(seen)) for seen in (good, bad)]
        assert sum(count) == 10 and min(count) >= 3, f"not shared out: {count}"
        bad.healthy = False
        balancer.wait_for(django=1)
        bad.clear()
        for _ in range(10):
            assert site.get("/y").status == 200
        assert not [request for request, _ in list(bad) if request == "GET /y"]
        bad.healthy = True
        balancer.wait_for(django=2)


def test_what_got_no_answer_is_asked_of_another_copy(maximal, tmp_path):
    """But never what could do something twice."""
    ports = [free_port(), free_port()]
    with (
        front.echo(ports[0]) as first,
        front.echo(ports[1]) as second,
        front.haproxy(maximal.path, tmp_path, django=ports, flower=free_port()) as balancer,
    ):
        balancer.wait_for(django=2)
        site = Site(balancer.url, "localhost", None)
        # Both checks pass while each request to the first copy is dropped.
        first.drop = True
        assert [site.get("/g").status for _ in range(10)] == [200] * 10
        assert [r for r, _ in list(first) if r == "GET /g"], "the first copy was never asked"
        first.clear()
        second.clear()
        statuses = [site.request("POST", "/p", body=b"x").status for _ in range(10)]
        assert 502 in statuses, statuses
        asked = sum(r == "POST /p" for r, _ in [*first, *second])
        assert asked == 10, f"{asked} requests for 10 posts"
        # During a release only one of them has the new files, and neither has what is not there.
        first.drop = False
        first.missing = second.missing = ("/static/none.css", "/page")
        first.missing += ("/static/new.css",)
        balancer.wait_for(static=2)
        first.clear()
        assert [site.get("/static/new.css").status for _ in range(20)] == [200] * 20
        assert [r for r, _ in list(first) if r == "GET /static/new.css"], "the first copy was never asked"
        for path, most in (("/static/none.css", 4), ("/page", 1)):
            first.clear()
            second.clear()
            assert site.get(path).status == 404
            assert len([*first, *second]) <= most, path


def test_slow_visitors_do_not_hold_the_site(maximal, tmp_path):
    """Small bodies reach a server when they are whole, large ones some at a time; pages are served meanwhile."""
    port = free_port()
    with (
        front.echo(port),
        front.haproxy(maximal.path, tmp_path, django=[port], flower=free_port()) as balancer,
    ):
        balancer.wait_for(django=1, uploads=1)
        sockets = []
        # One with a small body, one with large headers, one of unknown length, and eight with large bodies.
        kinds = ["Content-Length: 5000", f"X-Fill: {'x' * 7000}\r\nContent-Length: 7900", "Transfer-Encoding: chunked"]
        for number, headers in enumerate([*kinds, *["Content-Length: 100000"] * 8]):
            sockets.append(socket.create_connection(("127.0.0.1", urlsplit(balancer.url).port)))
            sockets[-1].sendall(f"POST /{number} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n".encode())
            sockets[-1].sendall(b"ffff\r\n" + b"x" * 20000 if number > 1 else b"x")
        wait_until(lambda: int(balancer.rows()["uploads", "web1"]["scur"]) == 3, 20, "some large bodies are passed on")
        site = Site(balancer.url, "localhost", None)
        assert [site.get("/x").status for _ in range(10)] == [200] * 10
        assert site.request("POST", "/small", body=b"x" * 5000).status == 200
        assert int(balancer.rows()["django", "web1"]["scur"]) == 0
        for slow in sockets[:2]:
            slow.settimeout(20)
            assert slow.recv(100).startswith(b"HTTP/1.1 408")
        assert int(balancer.rows()["uploads", "web1"]["scur"]) == 3
        for slow in sockets:
            slow.close()
        wait_until(lambda: int(balancer.rows()["uploads", "web1"]["scur"]) == 0, 20, "they are gone")
        assert site.request("POST", "/large", body=b"x" * 100_000).text == "100000"
