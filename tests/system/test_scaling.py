"""Horizontal scaling: two nodes with a disk each, one PostgreSQL, one Redis, one S3 server, and the load balancer in front.

A node is a copy of the built project, run as the image runs it: by entrypoint.sh, with packages that were installed before and a
folder of its own to write to.
"""

import hashlib
import json
import os
import signal
import subprocess
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from support import front
from support.load import load
from support.process import (
    Failed,
    answers,
    end,
    free_port,
    run,
    tail,
    wait_until,
)
from support.web import Site, links

DOMAIN = "shop.example.test"
DATABASE = "scaled_shop"
# Part of the project, as a team's own pages would be.
PROBE = '''
import os
import time

from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def files(request):
    storage = storages[request.GET.get("storage", "default")]
    if request.method == "POST":
        return JsonResponse({"name": storage.save("probe/picture.png", request.FILES["file"])})
    return HttpResponse(storage.open(request.GET["name"]).read(), content_type="application/octet-stream")


def who(request):
    return JsonResponse({"node": os.environ["NODE"], "groups": Group.objects.count()})
'''

TASKS = '''
from celery import shared_task
from django.contrib.auth.models import Group


@shared_task(bind=True)
def tick(self):
    Group.objects.create(name=self.request.id)
'''


@dataclass
class Node:
    """One machine: its own code, its own disk, its own port."""

    name: str
    path: object
    env: dict
    port: int
    processes: list = field(default_factory=list)

    @property
    def site(self):
        return Site(f"http://127.0.0.1:{self.port}", DOMAIN, self.log("gunicorn.sh"))

    def log(self, script):
        return self.path.parent / f"{self.name}-{script}.log"

    def run(self, *argv, **options):
        entrypoint = "ixc_django_docker/bin/entrypoint.sh"
        return run([entrypoint, *argv], cwd=self.path, env=self.env, timeout=180, **options)

    def start(self, script="gunicorn.sh"):
        with open(self.log(script), "ab") as stream:
            process = subprocess.Popen(
                ["ixc_django_docker/bin/entrypoint.sh", script],
                cwd=self.path,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def wait(self, process):
        try:
            wait_until(lambda: answers(f"{self.site.url}/readyz"), 90, f"node {self.name} serves", process)
        except Failed as error:
            raise Failed(f"{error}\n{tail(self.site.log.read_text())}") from None

    def end(self):
        end(*self.processes)


@dataclass
class Cluster:
    nodes: list
    balancer: front.Balancer
    servers: dict

    @property
    def site(self):
        return Site(self.balancer.url, DOMAIN, None)


@pytest.fixture(scope="module")
def cluster(default, postgres, redis, s3, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scaling")
    bucket = f"b{uuid.uuid4().hex}"
    s3.client().create_bucket(Bucket=bucket)
    venv = default.path / "var/go.sh-venv"
    nodes = []
    for name in ("A", "B"):
        copy = default.copy(folder / f"node-{name}" / "app")
        with open(copy.path / "ixcproject/urls.py", "a") as urls:
            urls.write('\nfrom ixcproject import probe\n\nurlpatterns += [path("probe/files", probe.files), path("probe/who", probe.who)]\n')
        (copy.path / "ixcproject/probe.py").write_text(PROBE)
        (copy.path / "ixcproject/tasks.py").write_text(TASKS)
        (copy.path / ".env.local").unlink(missing_ok=True)
        # What the Dockerfile leaves in the image.
        (copy.path / ".production-image").touch()
        port = free_port()
        env = copy.env | postgres.env(DATABASE) | s3.env(bucket) | {
            "VIRTUAL_ENV": str(venv),
            "PATH": f"{venv}/bin:{copy.env['PATH']}",
            "DOTENV": "production",
            "SITE_DOMAIN": DOMAIN,
            "SECRET_KEY": "one-for-all-" + "s" * 50,
            "REDIS_ADDRESS": redis,
            "WAITLOCK_SHARED": "1",
            "VAR_DIR": str(copy.path.parent / "var"),
            "PORT": str(port),
            "GUNICORN_WORKERS": "2",
            "NODE": name,
        }  # fmt: skip
        nodes.append(Node(name, copy.path, env, port))
    for node in nodes:
        node.run("build-static.sh")
    with ExitStack() as stack:
        for node in nodes:
            stack.callback(node.end)
        # Both at the same moment, on a server without the database.
        servers = {node.name: node.start() for node in nodes}
        for node in nodes:
            node.wait(servers[node.name])
        ports = [node.port for node in nodes]
        balancer = stack.enter_context(front.haproxy(default.path, folder, django=ports, flower=free_port()))
        balancer.wait_for(django=2)
        yield Cluster(nodes, balancer, servers)
    for node in nodes:
        assert "Traceback" not in node.site.log.read_text(errors="replace")


def test_migrations_run_once_though_both_start_together(cluster, postgres):
    said = "".join(node.site.log.read_text() for node in cluster.nodes)
    assert said.count("creating database") == 1, said
    assert said.count("applying migrations") == 1, said
    twice = postgres.query(DATABASE, "SELECT app, name FROM django_migrations GROUP BY app, name HAVING count(*) > 1")
    assert twice == ""


def test_assets_are_the_same_on_both_nodes(cluster):
    """Each node built its own: names and contents agree, so any of them can answer for the other's pages."""

    def tree(node):
        root = node.path / "static_root"
        files = (path for path in sorted(root.rglob("*")) if path.is_file())
        return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    first, second = map(tree, cluster.nodes)
    assert first == second
    assert any(name.startswith("CACHE/css/output.") for name in first)
    pages = [node.site.get("/").text for node in cluster.nodes]
    addresses = [[a for a in links(page) if a.startswith("/static/")] for page in pages]
    assert addresses[0] == addresses[1] != []
    for address in addresses[0]:
        bodies = []
        for node in cluster.nodes:
            file = node.site.get(address)
            assert file.status == 200 and "immutable" in file.headers["Cache-Control"], address
            bodies.append(file.body)
        assert bodies[0] == bodies[1]


@pytest.mark.parametrize("storage", ["default", "private"])
def test_media_uploaded_through_one_node_is_read_through_the_other(cluster, storage):
    first, second = cluster.nodes
    content = os.urandom(70_000)
    mark = uuid.uuid4().hex
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="p.png"\r\n\r\n'.encode()
        + content
        + f"\r\n--{mark}--\r\n".encode()
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    reply = first.site.request("POST", f"/probe/files?storage={storage}", body=body, headers=headers)
    assert reply.status == 200, reply.text
    name = json.loads(reply.text)["name"]
    assert second.site.get(f"/probe/files?storage={storage}&name={quote(name)}").body == content
    for node in cluster.nodes:
        assert not [p for p in (node.path.parent / "var").rglob("*.png")], "it is on the disk of one node"


def test_who_logged_in_on_one_node_is_known_on_the_other(cluster):
    first, second = cluster.nodes
    first.env["DJANGO_SUPERUSER_PASSWORD"] = "correct-horse-battery"
    first.run("manage.py", "createsuperuser", "--noinput", "--username", "boss", "--email", "boss@example.test")
    site = first.site
    site.login("boss", "correct-horse-battery")
    other = second.site
    other.cookies = site.cookies
    assert other.get("/admin/").status == 200


def is_used(cluster, node):
    """Wait until the load balancer sends requests to a node."""
    server = f"web{cluster.nodes.index(node) + 1}"
    before = cluster.balancer.served(server)
    wait_until(lambda: cluster.balancer.served(server) >= before + 5, 40, f"node {node.name} gets requests")


def test_a_killed_node_costs_no_request_but_those_it_had(cluster):
    node = cluster.nodes[0]
    with load(cluster.balancer.url, DOMAIN, "/probe/who") as requests:
        is_used(cluster, node)
        killed = time.monotonic()
        os.killpg(cluster.servers["A"].pid, signal.SIGKILL)
        cluster.servers["A"].wait(20)
        dead = time.monotonic()
        cluster.balancer.wait_for(django=1)
        assert json.loads(cluster.site.get("/probe/who").text)["node"] == "B"
        cluster.servers["A"] = node.start()
        node.wait(cluster.servers["A"])
        cluster.balancer.wait_for(django=2)
        is_used(cluster, node)
    lost = [r for r in requests if r.problem]
    excused = [r for r in requests if r.begun <= dead and r.ended >= killed]
    unexcused = [r for r in lost if r not in excused]
    print(f"{len(requests)} requests, {len(excused)} under way at the kill, {len(lost)} lost")
    assert not unexcused, unexcused
    assert len(lost) <= 4, f"more than the visitors that there are: {lost}"
    assert sum(r.begun > dead for r in requests) > 100
    assert node.site.log.read_text().count("applying migrations") <= 1


def test_a_rolling_restart_loses_no_request(cluster):
    with load(cluster.balancer.url, DOMAIN, "/probe/who") as requests:
        for node in cluster.nodes:
            process = cluster.servers[node.name]
            process.terminate()
            process.wait(40)
            cluster.servers[node.name] = node.start()
            node.wait(cluster.servers[node.name])
            cluster.balancer.wait_for(django=2)
            is_used(cluster, node)
    lost = [r for r in requests if r.problem]
    print(f"{len(requests)} requests, {len(lost)} lost")
    assert not lost, lost
    assert len(requests) > 200


SCHEDULE = """
from django_celery_beat.models import IntervalSchedule, PeriodicTask
every, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
PeriodicTask.objects.create(name="tick", task="ixcproject.tasks.tick", interval=every, one_off=True)
"""


def test_a_scheduled_task_runs_once(cluster, postgres):
    """Each node runs a worker and a beat: one beat works, and one worker gets what it sends."""
    for node in cluster.nodes:
        node.start("celery.sh")
        node.start("celerybeat.sh")

    def logs(script):
        return [node.log(script).read_text(errors="replace") for node in cluster.nodes]

    wait_until(lambda: sum("waiting for `celerybeat`" in log for log in logs("celerybeat.sh")) == 1, 90, "one beat waits")
    wait_until(lambda: sum("sending the scheduled" in log for log in logs("celerybeat.sh")) == 1, 60, "one beat works")
    wait_until(lambda: all(" ready." in log for log in logs("celery.sh")), 90, "both workers are ready")
    cluster.nodes[0].run("manage.py", "shell", "--no-imports", "-c", SCHEDULE)

    def ran():
        return int(postgres.query(DATABASE, "SELECT count(*) FROM auth_group"))

    wait_until(lambda: ran() > 0, 90, "the task ran")
    time.sleep(4)
    assert ran() == 1
