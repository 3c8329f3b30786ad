"""The files for Docker Swarm and Kubernetes: valid, and with the promises that the README makes of them.

test_swarm.py deploys the stack for real. There is no cluster of Kubernetes here: its manifests are built by kustomize, checked
against the schemas of its release, and read.
"""

import re

import pytest
import yaml
from support.machine import TOOLS, clean_environment, tool
from support.process import run
from support.project import new

ENVIRONMENTS = ("staging", "production")
FULL = ["compressor", "storages", "whitenoise", "redis_cache", "celery", "sentry"]
ANSWERS = {
    "plain": {"features": ["whitenoise"], "secrets": "none", "nginx": True},
    "full": {"features": FULL, "secrets": "none"},
    "transcrypt": {"features": FULL, "secrets": "transcrypt"},
    "git-secret": {"features": FULL, "secrets": "git-secret"},
}
SECRETS = {
    "plain": {"SECRET_KEY", "PGPASSWORD"},
    "full": {
        "SECRET_KEY",
        "PGPASSWORD",
        "MEDIA_AWS_ACCESS_KEY_ID",
        "MEDIA_AWS_SECRET_ACCESS_KEY",
        "FLOWER_BASIC_AUTH",
    },
    "transcrypt": {"TRANSCRYPT_PASSWORD"},
    "git-secret": {"GPG_PASSPHRASE"},
}


@pytest.fixture(scope="module", params=ANSWERS)
def project(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "my_shop"
    both = {"deployment": ["swarm", "kubernetes"], "site_domain": "shop.example.com"}
    new(path, ANSWERS[request.param] | both, "--no-git")
    return path, request.param


@pytest.fixture(scope="module")
def kubectl():
    return run([TOOLS / "kubectl.sh"], timeout=300).stdout.strip()


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def kubernetes(request, project, kubectl, tmp_path_factory):
    """What would be applied: (environment, kind → name → object)."""
    path, kind = project
    text = run([kubectl, "kustomize", path / "kubernetes/overlays" / request.param], timeout=60).stdout
    file = tmp_path_factory.mktemp("manifests") / "all.yaml"
    file.write_text(text)
    objects = {}
    for thing in yaml.safe_load_all(text):
        objects.setdefault(thing["kind"], {})[thing["metadata"]["name"]] = thing
    return request.param, kind, objects, file


def pods(objects):
    return {name: thing["spec"]["template"]["spec"] for name, thing in objects["Deployment"].items()}


def test_manifests_are_valid(kubernetes):
    *_, file = kubernetes
    run([tool("kubernetes-validate"), "--strict", "--quiet", file], env=clean_environment(), timeout=60)


def test_everything_is_in_the_namespace_of_its_environment(kubernetes):
    environment, _, objects, _ = kubernetes
    for things in objects.values():
        for thing in things.values():
            assert thing["metadata"]["namespace"] == f"my-shop-{environment}"
    for name, pod in pods(objects).items():
        image = pod["containers"][0]["image"]
        assert image == ("redis:8-alpine" if name == "redis" else "registry.example.com/my_shop:1.0")


def test_the_site_is_updated_without_downtime(kubernetes):
    """A new pod is ready before an old one ends, and an old one serves until nobody sends it requests."""
    _, _, objects, _ = kubernetes
    django = objects["Deployment"]["django"]["spec"]
    assert django["replicas"] >= 2
    assert django["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    pod = django["template"]["spec"]
    container = pod["containers"][0]
    assert container["startupProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    wait = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    # gunicorn.sh gives requests 30 seconds to end.
    assert wait >= 5 and pod["terminationGracePeriodSeconds"] > wait + 30
    assert objects["PodDisruptionBudget"]["django"]["spec"]["maxUnavailable"] == 1


def test_every_pod_has_a_probe_and_no_privileges(kubernetes):
    _, _, objects, _ = kubernetes
    for name, pod in pods(objects).items():
        (container,) = pod["containers"]
        assert {"livenessProbe", "readinessProbe"} & set(container), name
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0
        assert pod["automountServiceAccountToken"] is False and pod["enableServiceLinks"] is False
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"] and not security["allowPrivilegeEscalation"]
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= set(container["resources"]), name


def test_there_is_one_beat(kubernetes):
    _, kind, objects, _ = kubernetes
    names = {name for name in objects["Deployment"] if "celery" in name}
    if kind == "plain":
        assert not names
        return
    assert names == {"celery", "celerybeat", "celeryflower"}
    beat = objects["Deployment"]["celerybeat"]["spec"]
    assert beat["replicas"] == 1 and beat["strategy"] == {"type": "Recreate"}
    for name in names:
        assert pods(objects)[name]["containers"][0]["args"] == [f"{name}.sh"]


def test_secrets_are_files_and_nothing_secret_is_written_down(kubernetes):
    _, kind, objects, _ = kubernetes
    assert "Secret" not in objects, "the cluster's own, made by hand"
    (environment,) = objects["ConfigMap"].values()
    named = {name.removesuffix("_FILE"): value for name, value in environment["data"].items() if name.endswith("_FILE")}
    assert set(named) == SECRETS[kind]
    assert not set(named) & set(environment["data"])
    for name, path in named.items():
        assert path == f"/run/secrets/{name}"
    for name, pod in pods(objects).items():
        if name == "redis":
            continue
        container = pod["containers"][0]
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounts == {"secrets": "/run/secrets", "var": "/opt/var", "tmp": "/tmp"}
        (volume,) = (volume for volume in pod["volumes"] if volume["name"] == "secrets")
        assert volume["secret"]["defaultMode"] == 0o440 and pod["securityContext"]["fsGroup"] == 1000
        assert container["envFrom"] == [{"configMapRef": {"name": environment["metadata"]["name"]}}]
        assert "env" not in container


def test_pods_that_start_together_migrate_once(kubernetes):
    """By a lock that all of them share: see test_scaling.py for two nodes that do."""
    _, _, objects, _ = kubernetes
    (environment,) = objects["ConfigMap"].values()
    assert environment["data"]["WAITLOCK_SHARED"] == "1"
    host, port = environment["data"]["REDIS_ADDRESS"].split(":")
    (service,) = (s for s in objects["Service"].values() if s["metadata"]["name"] == host)
    assert service["spec"]["ports"][0]["port"] == int(port)


def test_names_lead_to_what_exists(kubernetes):
    """Selectors, ports and services fit together, and the domain is the one that Django allows."""
    environment, kind, objects, _ = kubernetes
    (config,) = objects["ConfigMap"].values()
    domain = config["data"]["SITE_DOMAIN"]
    assert domain == ("shop.example.com" if environment == "production" else "staging.shop.example.com")
    assert config["data"]["DOTENV"] == environment
    labels = {name: d["spec"]["template"]["metadata"]["labels"] for name, d in objects["Deployment"].items()}
    for name, service in objects["Service"].items():
        chosen = [n for n, own in labels.items() if service["spec"]["selector"].items() <= own.items()]
        assert chosen == [name]
        ports = {port["name"] for port in pods(objects)[name]["containers"][0]["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    (ingress,) = objects["Ingress"].values()
    hosts = {rule["host"]: rule["http"]["paths"][0]["backend"]["service"]["name"] for rule in ingress["spec"]["rules"]}
    flower = {f"flower.{domain}": "celeryflower"} if kind != "plain" else {}
    assert hosts == {domain: "django"} | flower
    assert set(ingress["spec"]["tls"][0]["hosts"]) == set(hosts)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_stack_keeps_its_promises(project, environment):
    path, kind = project
    stack = yaml.safe_load((path / "stack.yml").read_text())
    special = yaml.safe_load((path / f"stack.{environment}.yml").read_text())
    services = stack["services"]
    update = services["django"]["deploy"]["update_config"]
    assert (update["order"], update["failure_action"]) == ("start-first", "rollback")
    assert special["services"]["django"]["deploy"]["replicas"] >= 2
    assert special["services"]["django"]["environment"]["DOTENV"] == environment
    grace = int(services["django"]["stop_grace_period"].removesuffix("s"))
    assert grace > 30, "gunicorn.sh gives requests 30 seconds to end"
    assert ("celerybeat" in services) == (kind != "plain")
    if kind != "plain":
        assert services["celerybeat"]["deploy"]["replicas"] == 1
        assert services["celerybeat"]["deploy"]["update_config"]["order"] == "stop-first"
    given = set()
    for name, service in services.items():
        assert "healthcheck" in service, name
        for variable, value in service.get("environment", {}).items():
            if variable.endswith("_FILE"):
                given.add(variable.removesuffix("_FILE"))
                assert value == f"/run/secrets/{variable.removesuffix('_FILE').lower()}"
                assert variable.removesuffix("_FILE").lower() in service["secrets"], (name, variable)
    assert given == SECRETS[kind]
    assert {s for s in special["secrets"] if s != "tls"} == {name.lower() for name in given}
    for name, secret in special["secrets"].items():
        assert secret == {"external": True, "name": f"my_shop_{environment}_{name}"}
    assert set(special["services"]) == {n for n, s in services.items() if s["image"].startswith("${IMAGE")}


def test_only_what_was_asked_for_is_written(tmp_path):
    for answer, expected in (("none", set()), ("swarm", {"stack"}), ("kubernetes", {"kubernetes"})):
        path = tmp_path / answer / "shop"
        path.parent.mkdir()
        new(path, {"deployment": [] if answer == "none" else [answer]}, "--no-git")
        found = {re.split(r"[./]", p.name)[0] for p in path.iterdir()} & {"stack", "kubernetes"}
        assert found == expected
        assert (path / "etc/haproxy/tls.cfg").exists() == (answer == "swarm")
    path = tmp_path / "bare"
    new(path, {"docker": False}, "--no-git")
    assert not list(path.glob("stack*")) and not (path / "kubernetes").exists()
