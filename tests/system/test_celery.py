"""Background tasks: a worker, a scheduler and flower, through Redis and PostgreSQL."""

import base64
import json
import signal
import textwrap
import time

import pytest
from support import services
from support.jobs import Jobs
from support.process import answers, free_port, wait_until
from support.web import Site


@pytest.fixture(scope="module")
def jobs(maximal, redis, postgres, tmp_path_factory):
    env = postgres.env("celery") | {"REDIS_ADDRESS": redis}
    maximal.go("setup-postgres.sh", **env)
    maximal.go("migrate.sh", **env)
    return Jobs(maximal, tmp_path_factory.mktemp("celery"), **env)


@pytest.fixture(scope="module")
def worker(jobs):
    with jobs.worker() as (running, log):
        yield log
        assert running.poll() is None


def results(jobs, postgres, task):
    sql = f"SELECT count(*) FROM django_celery_results_taskresult WHERE task_name = '{task}' AND status = 'SUCCESS'"
    return int(postgres.query("celery", sql))


def test_a_worker_runs_a_task_and_its_result_is_in_the_database(jobs, worker, postgres):
    code = "import jobs; print(jobs.add.delay(2, 3).get(timeout=60))"
    assert jobs.python(code) == 5
    assert results(jobs, postgres, "jobs.add") == 1
    assert jobs.project.go("healthcheck.sh", "celery", **jobs.env).returncode == 0
    line = next(line for line in worker.read_text().splitlines() if "succeeded" in line)
    assert json.loads(line)["logger"] == "celery.app.trace", "workers log as the rest of the project does"


def test_a_task_that_fails_is_recorded_with_its_reason(jobs, worker, postgres):
    jobs.python(
        "import jobs\ntry: jobs.add.delay(2, 'x').get(timeout=60)\nexcept Exception as e: print(repr(str(type(e).__name__)).replace(chr(39), chr(34)))"
    )
    sql = "SELECT traceback FROM django_celery_results_taskresult WHERE status = 'FAILURE'"
    assert "TypeError" in postgres.query("celery", sql)


def test_beat_sends_what_the_database_schedules_from_one_place(jobs, worker, postgres):
    """Of two schedulers one works; the other takes over when that one is stopped."""
    jobs.python(
        """
        from django_celery_beat.models import IntervalSchedule, PeriodicTask
        every, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
        PeriodicTask.objects.create(name="count", task="jobs.slow", interval=every, args='["/dev/null", 0]')
        print("true")
        """
    )
    try:
        with jobs.run("celerybeat.sh", ready="beat: Starting") as (first, _):
            with jobs.run("celerybeat.sh", ready="waiting for `celerybeat`", name="2") as (second, log):
                wait_until(lambda: results(jobs, postgres, "jobs.slow") >= 2, 60, "two scheduled tasks", first)
                assert "beat: Starting" not in log.read_text()
                assert jobs.project.go("healthcheck.sh", "celerybeat", **jobs.env).returncode == 0
                first.terminate()
                assert first.wait(30) == 0
                wait_until(lambda: "beat: Starting" in log.read_text(), 60, "the other one takes over", second)
                before = results(jobs, postgres, "jobs.slow")
                wait_until(lambda: results(jobs, postgres, "jobs.slow") > before, 60, "it works", second)
    finally:
        jobs.python("from django_celery_beat.models import PeriodicTask as P; P.objects.all().delete(); print(1)")


def test_flower_lets_in_who_knows_the_password(jobs, worker):
    port = free_port()
    env = {"FLOWER_BASIC_AUTH": "ops:let-me-in-please", "FLOWER_PORT": str(port)}
    with jobs.run("celeryflower.sh", ready="celeryflower.sh: serving", **env) as (running, log):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{url}/healthcheck"), 60, "flower answers", running)
        site = Site(url, "127.0.0.1", log)
        assert site.get("/").status == 401

        def workers(password):
            login = base64.b64encode(f"ops:{password}".encode()).decode()
            return site.get("/api/workers?refresh=1", headers={"Authorization": f"Basic {login}"})

        assert workers("wrong").status == 401
        wait_until(lambda: "celery@" in workers("let-me-in-please").text, 60, "flower sees the worker", running)
        assert jobs.project.go("healthcheck.sh", "celeryflower", **jobs.env | env).returncode == 0
        assert "let-me-in-please" not in log.read_text()
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0


def test_flower_without_a_password_refuses_to_start(jobs):
    result = jobs.project.go("celeryflower.sh", check=False, **jobs.env)
    assert result.returncode == 1
    assert "FLOWER_BASIC_AUTH" in result.stderr and "hint:" in result.stderr


def test_a_worker_finishes_what_it_began(jobs, postgres, tmp_path):
    """SIGTERM, as `docker stop` sends it, while a task runs; which takes so long that the worker counts as stuck."""
    # A queue and a sign of life of its own, apart from the other worker's.
    queue = {"CELERY_BROKER_URL": f"redis://{jobs.env['REDIS_ADDRESS']}/5", "VAR_DIR": str(tmp_path)}
    started = tmp_path / "started"

    def healthy():
        return jobs.project.go("healthcheck.sh", "celery", check=False, **jobs.env | queue).returncode == 0

    with jobs.worker(CELERY_CONCURRENCY="1", CELERY_STUCK_AFTER="2", **queue) as (running, log):
        wait_until(healthy, 30, "the worker is well", running)
        jobs.python(f"import jobs; print(len(jobs.slow.delay({str(started)!r}, 10).id))", **queue)
        wait_until(started.exists, 60, "the task begins", running)
        wait_until(lambda: "stuck: all processes" in log.read_text(), 30, "it says so", running)
        assert not healthy()
        running.terminate()
        assert running.wait(60) == 0
        assert "finished" in log.read_text()
    result = jobs.project.go("healthcheck.sh", "celery", check=False, **jobs.env | queue)
    assert result.returncode == 1 and "no sign of life" in result.stderr


def test_one_of_a_task_runs_at_a_time(jobs, worker, tmp_path):
    code = f"""
        import json, jobs, time
        from pathlib import Path
        from ixc_django_docker import tasks
        first = Path({str(tmp_path / "first")!r})
        running = jobs.skipped.delay(str(first), 4)
        while not first.exists():
            time.sleep(0.1)
        others = [task.delay({str(tmp_path / "x")!r}, 0) for task in (jobs.skipped, jobs.failed, jobs.enqueued)]
        results = [result.get(timeout=60, propagate=False) for result in (running, *others)]
        print(json.dumps([results[0], results[1], type(results[2]).__name__, results[3]]))
    """
    assert jobs.python(code) == ["skip", None, "AlreadyRunning", "enqueue"]


def test_limits_arrive_and_a_late_task_is_told_of(jobs):
    code = """
        import json, jobs
        from celery import current_app
        for seconds in (50, 200):
            jobs.add.apply_async((1, 1), countdown=seconds, expires=1)
        names = ("task_time_limit", "task_soft_time_limit", "broker_transport_options")
        print(json.dumps([current_app.conf[name] for name in names]))
    """
    limits = {"CELERY_TASK_TIME_LIMIT": "30", "CELERY_TASK_SOFT_TIME_LIMIT": "20", "CELERY_VISIBILITY_TIMEOUT": "100"}
    broker = {"CELERY_BROKER_URL": f"redis://{jobs.env['REDIS_ADDRESS']}/6"}
    result = jobs.project.manage(
        "shell", "--no-imports", "-c", textwrap.dedent(code), **jobs.env | limits | broker
    )
    hard, soft, options = json.loads(result.stdout.splitlines()[-1])
    assert (hard, soft, options["visibility_timeout"]) == (30, 20, 100)
    assert result.stderr.count("jobs.add is due later than CELERY_VISIBILITY_TIMEOUT") == 1, result.stderr


def test_a_worker_survives_its_broker(jobs, tmp_path):
    """Redis is gone for a while; a task sent meanwhile is refused soon, one sent afterwards is done."""
    port = free_port()
    env = {"REDIS_ADDRESS": f"127.0.0.1:{port}"}
    code = """
        import json, time, jobs
        start = time.monotonic()
        try:
            result = jobs.add.delay(1, 1).get(timeout=60)
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
        print(json.dumps([result, time.monotonic() - start]))
    """
    with services.redis(tmp_path, port) as _:
        context = jobs.worker(**env)
        running, log = context.__enter__()
    try:
        refused, seconds = jobs.python(code, **env)
        assert "OperationalError" in refused, refused
        assert seconds < 20, "a request must not wait for ever"
        with services.redis(tmp_path, port):
            assert jobs.python(code, **env)[0] == 2
            assert running.poll() is None
    finally:
        context.__exit__(None, None, None)


def test_without_a_broker_tasks_run_at_once(jobs, tmp_path):
    """`--defaults` needs no service: the same code works, and the script says why it cannot."""
    env = {"REDIS_ADDRESS": "", "VAR_DIR": str(tmp_path)}
    start = time.monotonic()
    assert jobs.python("import jobs; print(jobs.add.delay(1, 2).get())", **env) == 3
    assert time.monotonic() - start < 60
    result = jobs.project.go("celery.sh", check=False, **jobs.env | env)
    assert result.returncode == 1
    assert "REDIS_ADDRESS" in result.stderr and "hint:" in result.stderr
