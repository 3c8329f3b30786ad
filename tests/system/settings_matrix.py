#!/usr/bin/env python3
"""Load the small subsets of the base settings modules with every override, and check what must hold.

    settings_matrix.py PROJECT [PYTHON]

PROJECT is a folder made by `ixd-template new`, PYTHON the interpreter with its requirements (default:
the one that runs this script). Nothing is written to the project: VAR_DIR is a temporary folder.

One process imports Django and the packages once and forks for each combination, so the whole matrix
(up to two modules, all of them, all but one; 4 overrides; all services configured but unreachable) takes
a minute. MATRIX=all tries all 2^n subsets with all overrides, which takes hours. For each combination:
  - the settings load, Django starts, its system checks pass and the URLs resolve;
  - nothing is printed on stdout, and no connection is attempted;
  - no application or middleware is listed twice; health comes first, WhiteNoise after security;
  - DEBUG, the toolbar, the cache and the storages are what the override promises;
  - `/healthz` answers a foreign host, and the start page renders where it needs no built files.
Exit code 0 when all pass; otherwise 1, with one line per failure.
"""

import itertools
import os
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

OVERRIDES = ("develop", "test", "staging", "production")
NOT_MODULES = {"__init__.py", "base.py", *(f"{name}.py" for name in OVERRIDES)}
# What BASE_SETTINGS may name although no feature of a project does.
ALWAYS = {"nose.py", "pytest.py"}
# Reserved for documentation (RFC 5737): a connection to it could only hang.
AWAY = "192.0.2.1"
SERVICES = {
    "PGHOST": AWAY,
    "REDIS_ADDRESS": f"{AWAY}:6379",
    "MEDIA_AWS_ACCESS_KEY_ID": "key",
    "MEDIA_AWS_SECRET_ACCESS_KEY": "secret",
    "MEDIA_AWS_S3_ENDPOINT_URL": f"http://{AWAY}",
    "EMAIL_HOST": AWAY,
    "ELASTICSEARCH_ADDRESS": f"{AWAY}:9200",
    "LOGENTRIES_TOKEN": "00000000-0000-0000-0000-000000000000",
    "LOGENTRIES_ADDRESS": f"{AWAY}:10000",
    "MASTER_PASSWORD": "in-clear",
    "SENTRY_DSN": f"http://key@{AWAY}/1",
}
# How many processes share the work.
SHARES = 2
# What makes a combination start slowly; imported before the fork.
PRELOAD = (
    "django.test.client",
    "django.contrib.admin",
    "django.contrib.staticfiles.storage",
    "django.template.backends.jinja2",
    "psycopg",
    "boto3",
    "redis_lock",
    "django_redis",
    "whitenoise.middleware",
    "celery",
    "celery.app.amqp",
    "django_celery_beat",
    "django_celery_results",
    "elasticsearch",
    "sentry_sdk.integrations.django",
    "whoosh.index",
    "nh3",
)


def main(arguments):
    """Run the matrix in a process of PYTHON with a bare environment."""
    if not 1 <= len(arguments) <= 2:
        sys.exit(__doc__)
    project = Path(arguments[0]).resolve()
    python = arguments[1] if len(arguments) == 2 else sys.executable
    with tempfile.TemporaryDirectory() as var:
        environ = {"PATH": os.environ["PATH"], "VAR_DIR": var, "PYTHONDONTWRITEBYTECODE": "1"}
        environ["MATRIX"] = os.environ.get("MATRIX", "")
        command = [python, __file__, "--worker", str(project)]
        return subprocess.run(command, env=environ, cwd=var).returncode


def worker(project):
    """Fork one child per combination; print the failures and a summary."""
    start = time.monotonic()
    sys.path[0] = str(project)
    for name in PRELOAD:
        try:
            __import__(name)
        except ImportError:
            pass
    modules = available(project)
    jobs = list(combinations(modules))
    shares = [os.fork() or share(project, jobs[start::SHARES]) for start in range(SHARES)]
    # A share that was killed counts as well.
    failures = sum(abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])) for child in shares)
    seconds = time.monotonic() - start
    print(
        f"{len(jobs) - failures} of {len(jobs)} combinations of {len(modules)} modules passed "
        f"in {seconds:.0f} s: {' '.join(modules)}"
    )
    return min(failures, 1)


def share(project, jobs):
    """Run some of the combinations, in a process of its own, and end it; its status is the number of failures."""
    failures = 0
    for base, override, services in jobs:
        problem = in_child(project, base, override, services)
        if problem:
            failures += 1
            where = "services away" if services else "no services"
            print(f"FAILED {override}, {where}, {' '.join(base)}\n{problem}", file=sys.stderr, flush=True)
    os._exit(min(failures, 100))


def available(project):
    """Return the modules that the project chose in .env.base, or all when it has no such file."""
    folder = project / "ixc_django_docker" / "settings"
    names = sorted(path.name for path in folder.glob("*.py") if path.name not in NOT_MODULES)
    dotenv = project / ".env.base"
    if dotenv.is_file():
        _, _, rest = dotenv.read_text().partition("BASE_SETTINGS=")
        chosen = rest.partition("}")[0].split()
        names = [name for name in names if name in chosen or name in ALWAYS]
    return names


def combinations(modules):
    """Yield (base modules, override, services configured)."""
    count, everywhere = len(modules), os.environ.get("MATRIX") == "all"
    turns = itertools.cycle(OVERRIDES)
    sizes = range(count + 1) if everywhere else sorted({0, 1, 2, max(count - 1, 0), count})
    for size in sizes:
        for subset in filter(fits, itertools.combinations(modules, size)):
            # Pairs are many: each with one override. Which one is another with each pair.
            several = everywhere or size in {0, 1, count}
            for override in OVERRIDES if several else [next(turns)]:
                yield ("base.py", *subset), override, False
    # The order of the list is the user's choice, but for one rule.
    backwards = sorted(reversed(modules), key=lambda name: name != "celery.py")
    for override in OVERRIDES:
        yield (*backwards, "base.py"), override, False
        # Services matter to single modules and to all of them together.
        yield ("base.py", *modules), override, True
    for module in filter(lambda module: fits([module]), modules):
        yield ("base.py", module), next(turns), True


def fits(subset):
    """Whether the modules may be used together: `celery_email.py` says what it needs."""
    return "celery_email.py" not in subset or "celery.py" in subset


def in_child(project, base, override, services):
    """Check one combination in a child process; return what is wrong, or an empty text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        status = 1
        try:
            with tempfile.TemporaryFile() as stdout:
                os.dup2(stdout.fileno(), 1)
                check(project, base, override, services)
                sys.stdout.flush()
                assert os.fstat(1).st_size == 0, "something was printed on stdout"
            status = 0
        except BaseException:
            os.write(writer, traceback.format_exc(limit=-4).encode()[-8000:])
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        problem = pipe.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    return problem or (f"the process ended with status {status}" if status else "")


def check(project, base, override, services):
    """Assert everything about one combination, in a process of its own."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="ixc_django_docker.settings",
        PROJECT_DIR=str(project),
        BASE_SETTINGS=" ".join(base),
        DOTENV=override,
        LOG_LEVEL="CRITICAL",
        **(SERVICES if services else {}),
    )
    attempts = forbid_connections()
    warnings.filterwarnings("ignore", message="BASE_SETTINGS: nose.py", category=FutureWarning)

    import django

    django.setup()

    from django.conf import settings
    from django.core.cache import caches
    from django.core.checks import run_checks
    from django.core.files.storage import storages
    from django.test.client import Client
    from django.urls import get_resolver, reverse

    problems = [str(message) for message in run_checks() if message.level >= 30]
    assert not problems, problems
    assert get_resolver().url_patterns
    assert reverse("admin:index")

    apps, middleware = list(settings.INSTALLED_APPS), list(settings.MIDDLEWARE)
    assert len(apps) == len(set(apps)), apps
    assert len(middleware) == len(set(middleware)), middleware
    assert middleware[0] == "ixc_django_docker.health.HealthMiddleware"
    whitenoise = "ixc_django_docker.whitenoise.WhiteNoiseMiddleware"
    toolbar = "debug_toolbar.middleware.DebugToolbarMiddleware"
    security = "django.middleware.security.SecurityMiddleware"
    assert (whitenoise in middleware) == ("whitenoise.py" in base)
    if whitenoise in middleware:
        before = middleware[: middleware.index(whitenoise)]
        assert security in before
        assert toolbar in before or toolbar not in middleware

    public = override in {"staging", "production"}
    assert settings.DEBUG == (not public)
    assert (toolbar in middleware) == (override == "develop" and "debug_toolbar.py" in base)
    assert settings.SESSION_COOKIE_SECURE == public
    mail = "smtp" if override == "production" else "console"
    assert mail in settings.IXC_EMAIL_BACKEND

    chain = {"celery_email.py": "celery_email", "post_office.py": "post_office"}
    wraps = [chain[name] for name in base if name in chain] or ["mail"]
    assert wraps[-1] in settings.EMAIL_BACKEND
    if "celery.py" in base:
        from ixc_django_docker.celery import app

        assert app.conf.task_always_eager == (override == "test" or not services)
        assert app.conf.timezone == settings.TIME_ZONE
    master = "ixc_django_docker.master_password.Backend" in settings.AUTHENTICATION_BACKENDS
    assert master == (services and "master_password.py" in base)
    drains = "logentries" in settings.LOGGING["handlers"]
    assert drains == (services and "logentries.py" in base and override != "test")
    if "haystack.py" in base:
        engine = settings.HAYSTACK_CONNECTIONS["default"]["ENGINE"]
        assert ("elasticsearch" in engine) == (services and override != "test")

    redis = services and "redis_cache.py" in base and override != "test"
    assert ("redis" in settings.CACHES["default"]["BACKEND"]) == redis
    for alias in settings.CACHES:
        caches[alias]
    s3 = services and "storages.py" in base and override != "test"
    assert settings.ENABLE_S3_STORAGE == s3
    for alias in ("default", "private"):
        assert type(storages[alias]).__name__.startswith("S3" if s3 else "Local")
    manifest = "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]
    assert manifest == (public or ("whitenoise.py" in base and override == "develop"))

    assert not attempts, attempts
    client = Client()
    assert client.get("/healthz", headers={"host": "other.example"}).status_code == 200
    if not public:
        response = client.get("/", headers={"host": "localhost"})
        assert response.status_code == 200, response.status_code
        assert b"css/site.css" in response.content


def forbid_connections():
    """Make every attempt to reach a server an error, not a wait. Returns the list of them."""
    import socket

    attempts = []

    def refuse(self, address):
        attempts.append(address)
        raise AssertionError(f"a connection was attempted: {address}")

    socket.socket.connect = socket.socket.connect_ex = refuse
    return attempts


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        sys.exit(worker(Path(sys.argv[2])))
    sys.exit(main(sys.argv[1:]))
