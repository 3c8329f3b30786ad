"""The cache and the locks: with Redis, without it, and while it is down."""

import json
import textwrap
import threading
import time

import pytest
from support import process, services
from support.process import free_port


def run(project, code, **env):
    out = project.python(textwrap.dedent(code), **env)
    return json.loads(out.splitlines()[-1])


def test_values_are_shared_between_processes(default, redis):
    run(
        default,
        "from django.core.cache import cache; cache.set('shared', 'yes', 60); print('true')",
        REDIS_ADDRESS=redis,
    )
    code = "import json; from django.core.cache import cache; print(json.dumps(cache.get('shared')))"
    assert run(default, code, REDIS_ADDRESS=redis) == "yes"
    assert run(default, code) is None, "without an address the cache is in memory"


LOCK = """
    import json, sys, threading, time
    from django.conf import settings
    if not settings.REDIS_ADDRESS:
        sys.modules["redis_lock"] = None  # A project without the feature does not have it.
    from django.core.cache import cache
    if hasattr(cache, "client"):
        from ixc_django_docker import redis_cache
        redis_cache.LEASE = 1
    first, second, third = (cache.lock("job") for _ in range(3))
    first.acquire()
    threading.Timer(3, first.release).start()
    start = time.monotonic()
    with second:
        waited = time.monotonic() - start
        inside = [second.locked(), third.acquire(blocking=False), third.acquire(timeout=0.2)]
    after = [third.locked(), third.acquire(blocking=False)]
    third.extend(5)
    cache.reset_all()
    errors = []
    for name in ("release", "extend"):
        try:
            getattr(third, name)()
        except RuntimeError as error:
            errors.append(type(error).__name__)
    short = cache.lock("short", expire=1)
    short.acquire()
    with cache.lock("short", expire=10):
        pass
    print(json.dumps([2.5 < waited < 10, inside, after, third.locked(), errors, cache.locked_get_or_set("made", lambda: 5)]))
"""


@pytest.mark.parametrize("with_redis", [True, False])
def test_locks_have_one_interface(default, redis, with_redis):
    """Waiting ends when the lock is free, after however long: longer than a question to the cache, and than a lease."""
    env = {"REDIS_ADDRESS": redis} if with_redis else {}
    expected = [True, [True, False, False], [False, True], False, ["NotAcquired"] * 2, 5]
    assert run(default, LOCK, **env) == expected


def test_a_lock_ends_with_its_holder_and_is_its_projects_own(default, redis):
    code = """
        import json, os
        from django.core.cache import cache
        cache.lock("mine").acquire()
        client = cache.client.get_client()
        client.set("lock:another-project:1:mine", "x", ex=60)
        found = {name.decode(): 0 < client.ttl(name) for name in client.keys("lock:*mine")}
        cache.reset_all()
        print(json.dumps([found, [name.decode() for name in client.keys("lock:*mine")]]))
    """
    own, other = f"lock:{default.path.name}_develop:1:mine", "lock:another-project:1:mine"
    assert run(default, code, REDIS_ADDRESS=redis) == [{own: True, other: True}, [other]]


def test_locks_fail_loudly_while_redis_is_down(default):
    """To pretend to hold a lock is worse than to stop."""
    code = """
        import json
        from django.core.cache import cache
        try:
            with cache.lock("job", expire=10):
                result = "held"
        except Exception as error:
            result = "failed"
        print(json.dumps(result))
    """
    assert run(default, code, REDIS_ADDRESS=f"127.0.0.1:{free_port()}") == "failed"


def test_requests_are_served_while_redis_goes_and_comes(default, tmp_path):
    """A node starts without Redis, gets it, and loses it again. Logged-in users stay logged in."""
    port = free_port()
    env = {
        "REDIS_ADDRESS": f"127.0.0.1:{port}",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SUPERUSER_PASSWORD": "correct-horse",
        "CACHE_MIDDLEWARE_SECONDS": "60",
        "DOTENV": "production",
        "SECRET_KEY": "r" * 60,
        "SITE_DOMAIN": "localhost",
    }
    default.go("build-static.sh", **env)
    default.go("migrate.sh", **env)
    default.manage("createsuperuser", "--noinput", "--username", "boss", "--email", "b@example.test", **env)
    with default.serve(host="localhost", **env) as site:
        assert site.get("/").status == 200
        with services.redis(tmp_path, port):
            site.login("boss", "correct-horse")
            assert site.get("/admin/").status == 200
            assert site.get("/").status == 200
        assert site.get("/admin/").status == 200
        cookies, site.cookies = site.cookies, {}
        assert site.get("/").status == 200
        site.login("boss", "correct-horse")
        assert site.get("/admin/").status == 200
        assert cookies


def test_a_shared_lock_waits_for_redis(default, tmp_path):
    """A node that starts before Redis must not take a lock that only this node sees."""
    port = free_port()
    env = {"REDIS_ADDRESS": f"127.0.0.1:{port}", "WAITLOCK_SHARED": "1", "VAR_DIR": str(tmp_path / "var")}
    late = default.go("waitlock.py", "job", "--", "echo", "done", check=False, WAITLOCK_TIMEOUT="1", **env)
    assert late.returncode == 75 and "done" not in late.stdout, late
    for value in ("soon", "nan", "-1"):
        odd = default.go("waitlock.py", "job", "--", "echo", "done", check=False, WAITLOCK_TIMEOUT=value, **env)
        assert odd.returncode == 64 and "WAITLOCK_TIMEOUT must be" in odd.stderr
    nowhere = default.go("waitlock.py", "job", "--", "echo", "done", check=False, **env | {"REDIS_ADDRESS": ""})
    assert nowhere.returncode == 75 and "done" not in nowhere.stdout, nowhere
    own_key = default.go("manage.py", "check", check=False, **env)
    assert own_key.returncode and "SECRET_KEY is not set" in own_key.stderr, own_key
    results = []
    node = threading.Thread(
        target=lambda: results.append(default.go("waitlock.py", "job", "--", "echo", "done", check=False, **env))
    )
    node.start()
    time.sleep(1.5)
    assert not results, results
    with services.redis(tmp_path, port):
        node.join(60)
    assert results[0].returncode == 0 and results[0].stdout == "done\n", results
    assert "waiting for it" in results[0].stderr
    assert not (tmp_path / "var/lock").exists()


def test_a_command_that_must_be_alone_ends_when_another_node_has_its_lock(default, tmp_path):
    """Redis forgot the lock, as after a restart: it is taken again, or the command ends."""
    port = free_port()
    with services.redis(tmp_path, port) as address:
        env = {"REDIS_ADDRESS": address, "VAR_DIR": str(tmp_path / "var")}
        key = f"waitlock:{default.path.name}:develop:job"

        def redis(*words):
            return process.run(["redis-cli", "-p", port, *words], timeout=30).stdout.strip()

        with process.server(
            ["./go.sh", "waitlock.py", "--strict", "job", "--", "sleep", "300"],
            cwd=default.path,
            env=default.env | env,
            log=tmp_path / "strict.log",
            ready=lambda: redis("exists", key) == "1",
        ) as holder:
            redis("del", key)
            process.wait_until(lambda: redis("exists", key) == "1", 60, "the lock is taken again", holder)
            redis("set", key, "other-node:1:x")
            assert holder.wait(60) == 75
        log = (tmp_path / "strict.log").read_text()
        assert "took `job` again" in log and "lost `job` (held by other-node:1 in Redis)" in log
        assert redis("get", key) == "other-node:1:x"
