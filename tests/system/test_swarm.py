"""The stack on a Docker Swarm of one node: deployed, updated under load, and taken back when a release does not work.

The balancer's ports are others and a PostgreSQL server is added; all else is as the project ships it.
"""

import re
import shutil

import pytest
from support.containers import NAME
from support.load import connect, load
from support.machine import clean_environment
from support.process import Failed, free_port, run, wait_until
from support.project import new

STACK = f"{NAME}_staging"
DOMAIN = "staging.box-shop.localhost"
# A database server of one's own, as production has one. What it keeps is gone with the test.
EXTRA = """
version: "3.9"
services:
  postgres:
    image: {image}
    environment: {{POSTGRES_PASSWORD: pw}}
    deploy: {{endpoint_mode: dnsrr}}
"""


@pytest.fixture(scope="module")
def swarm(docker):
    state = docker("info", "-f", "{{.Swarm.LocalNodeState}}").stdout.strip()
    if state != "inactive":
        pytest.skip("this engine belongs to a swarm already, where a test has no business")
    docker("swarm", "init", "--advertise-addr", "127.0.0.1", "--default-addr-pool", "10.213.0.0/16")
    try:
        yield docker
    finally:
        docker("swarm", "leave", "--force", check=False)


class Stack:
    """The deployed project."""

    def __init__(self, docker, folder, ports):
        self.docker = docker
        self.folder = folder
        self.http, self.https = (f"{scheme}://127.0.0.1:{port}" for scheme, port in zip(("http", "https"), ports, strict=True))

    def deploy(self, image):
        files = [part for name in ("stack.yml", "stack.staging.yml", "stack.test.yml") for part in ("-c", name)]
        env = {"IMAGE": image, "PGHOST": "postgres", "PGUSER": "postgres"}
        done = self.docker("stack", "deploy", "--resolve-image", "never", *files, STACK, cwd=self.folder, env=env)
        assert "Ignoring" not in done.stdout + done.stderr, "the stack asks for what a swarm does not do"

    def services(self):
        """Name → (running, wanted)."""
        shown = self.docker("stack", "services", STACK, "--format", "{{.Name}} {{.Replicas}}").stdout
        rows = re.findall(rf"^{STACK}_(\S+) (\d+)/(\d+)", shown, re.M)
        return {name: (int(running), int(wanted)) for name, running, wanted in rows}

    def wait(self, seconds=400):
        def ready():
            return all(running >= wanted > 0 for running, wanted in self.services().values())

        try:
            wait_until(ready, seconds, "all services of the stack run")
        except Failed as error:
            tasks = self.docker("stack", "ps", STACK, "--no-trunc", check=False).stdout
            raise Failed(f"{error}\n{tasks}\n{self.logs('django')[-4000:]}") from None

    def logs(self, service):
        logs = self.docker("service", "logs", "--raw", f"{STACK}_{service}", check=False)
        return logs.stdout + logs.stderr

    def state(self, service):
        """How the last update of a service went."""
        show = "{{with .UpdateStatus}}{{.State}}{{end}}"
        return self.docker("service", "inspect", "-f", show, f"{STACK}_{service}").stdout.strip()

    def page(self, url, path="/", host=DOMAIN):
        connection = connect(url)
        try:
            connection.request("GET", path, headers={"Host": host})
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read().decode()
        finally:
            connection.close()

    def answers(self, url, path="/", host=DOMAIN):
        try:
            return self.page(url, path, host)[0]
        except OSError:
            return 0


@pytest.fixture(scope="module")
def release(docker, box, image, tmp_path_factory):
    """The project as a team has it: with its secrets in git, encrypted, and an image made from the last commit."""
    path = tmp_path_factory.mktemp("release") / NAME
    answers = re.search(r"^FROM python:(\S+?)-", (box / "Dockerfile").read_text(), re.M)
    postgres = re.search(r"postgres:(\d+)", (box / "compose.yaml").read_text())
    new(path, {"python_version": answers[1], "postgres_version": postgres[1], "nginx": True})
    values = {"SECRET_KEY": "s" * 60, "PGPASSWORD": "pw", "FLOWER_BASIC_AUTH": "ada:love-and-lace"}
    secrets = "".join(f'{name}="${{{name}:-{value}}}"\n' for name, value in values.items())
    (path / ".env.staging.secret").write_text(secrets)
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.test"]
    run([*git, "add", "-A"], cwd=path, env=clean_environment())
    run([*git, "commit", "-qm", "Secrets"], cwd=path, env=clean_environment())
    password = run(["git", "config", "transcrypt.password"], cwd=path).stdout.strip()
    argv = ["ixc_django_docker/bin/docker-build.sh", "--quiet", "-t", f"{NAME}:release"]
    run(argv, cwd=path, env=docker.env, timeout=900)
    assert password
    return path, f"{NAME}:release", password


@pytest.fixture(scope="module")
def stack(swarm, release, tmp_path_factory):
    docker, (path, image, password), folder = swarm, release, tmp_path_factory.mktemp("stack")
    for name in ("stack.yml", "stack.staging.yml"):
        shutil.copy(path / name, folder)
    shutil.copytree(path / "etc", folder / "etc")
    ports = free_port(), free_port()
    text = (folder / "stack.yml").read_text()
    for old, port in zip((80, 443), ports, strict=True):
        assert f"published: {old}," in text
        text = text.replace(f"published: {old},", f"published: {port},")
    (folder / "stack.yml").write_text(text)
    postgres = re.search(r"image: (postgres:\S+)", (path / "compose.yaml").read_text())[1]
    (folder / "stack.test.yml").write_text(EXTRA.format(image=postgres))
    pem = ["-keyout", folder / "key", "-out", folder / "certificate", "-subj", f"/CN={DOMAIN}", "-days", "2"]
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *pem])
    tls = (folder / "certificate").read_text() + (folder / "key").read_text()
    for name, value in (("transcrypt_password", password), ("tls", tls)):
        docker("secret", "create", f"{STACK}_{name}", "-", stdin=value)
    stack = Stack(docker, folder, ports)
    try:
        stack.deploy(image)
        stack.wait()
        wait_until(lambda: stack.answers(stack.https) == 200, 60, "the site answers")
        yield stack
    finally:
        docker("stack", "rm", STACK, check=False)


def test_the_stack_is_valid(docker, box):
    for environment in ("staging", "production"):
        files = ["-c", "stack.yml", "-c", f"stack.{environment}.yml"]
        env = {"IMAGE": "x:1", "PGHOST": "db"}
        shown = docker("stack", "config", *files, cwd=box, env=env).stdout
        assert f"DOTENV: {environment}" in shown
    refused = docker("stack", "config", *files, cwd=box, check=False, env={"IMAGE": "", "PGHOST": "db"})
    assert refused.returncode and "IMAGE" in refused.stderr


def test_the_stack_serves_over_tls(stack):
    status, headers, text = stack.page(stack.https)
    assert status == 200 and "Box Shop" in text
    assert re.search(r'(?:href|src)="/static/[^"]+\.[0-9a-f]{12}\.', text)
    status, headers, _ = stack.page(stack.http)
    assert (status, headers["Location"]) == (301, f"https://{DOMAIN}/")
    assert stack.answers(stack.https, host="evil.example") == 400


def test_the_copies_migrate_once_and_one_beat_runs(stack):
    names = list(stack.services())
    said = "".join(stack.logs(name) for name in names)
    assert said.count("applying migrations") == 1, said
    assert said.count("creating database") == 1, said
    assert stack.services()["django"] == (2, 2)
    if "celerybeat" in names:
        assert stack.services()["celerybeat"] == (1, 1)
        wait_until(lambda: stack.answers(stack.https, "/", f"flower.{DOMAIN}") == 401, 60, "flower asks for a login")


def test_secrets_are_opened_with_a_password_from_a_file(stack, release):
    _, image, password = release
    listed = stack.docker("ps", "-q", "-f", f"name={STACK}_django").stdout.split()
    shown = stack.docker("inspect", *listed).stdout + stack.docker("history", "--no-trunc", image).stdout
    assert "TRANSCRYPT_PASSWORD_FILE=/run/secrets/transcrypt_password" in shown
    assert password not in shown and "s" * 60 not in shown
    kept = stack.docker("exec", listed[0], "cat", ".env.staging.secret").stdout
    assert kept.startswith("U2FsdGVk")
    code = "from django.conf import settings as s; print(s.SECRET_KEY, s.DATABASES['default']['PASSWORD'])"
    result = stack.docker("exec", listed[0], "entrypoint.sh", "manage.py", "shell", "--no-imports", "-c", code)
    assert result.stdout.split() == ["s" * 60, "pw"]


def build(docker, image, tag, lines, folder):
    (folder / "Dockerfile").write_text(f"FROM {image}\n{lines}\n")
    docker("build", "--quiet", "-t", tag, folder, timeout=200)
    return tag


def test_an_update_under_load_loses_no_request(stack, release, tmp_path):
    image = release[1]
    mark = "RUN sed -i 's,</h1>,<!-- the next release --></h1>,' templates/home.html"
    following = build(stack.docker, image, f"{NAME}:next", mark, tmp_path)
    with load(stack.https, DOMAIN, "/", visitors=3) as requests:
        stack.deploy(following)
        wait_until(lambda: stack.state("django") == "completed", 240, "the update is complete")
        stack.wait()
        seen = {"the next release" in stack.page(stack.https)[2] for _ in range(6)}
    lost = [r for r in requests if r.problem]
    print(f"{len(requests)} requests during the update, {len(lost)} lost")
    assert seen == {True}
    assert not lost, lost
    assert len(requests) > 100


def test_a_release_that_does_not_start_is_taken_back(stack, release, tmp_path):
    image = release[1]
    broken = build(stack.docker, image, f"{NAME}:broken", 'CMD ["false"]', tmp_path)
    with load(stack.https, DOMAIN, "/", visitors=2) as requests:
        stack.docker("service", "update", "--detach", "--no-resolve-image", "--image", broken, f"{STACK}_django")
        wait_until(lambda: stack.state("django") == "rollback_completed", 240, "the update is taken back")
        assert stack.services()["django"] == (2, 2)
    assert not [r for r in requests if r.problem]
