"""Mail in the background, kept in the database, or both: over SMTP, with a worker and a mail server that are real."""

import pytest
from support.jobs import Jobs
from support.mailbox import mailbox
from support.process import free_port, wait_until

PLAIN = "base.py celery.py celery_email.py"
KEPT = f"{PLAIN} post_office.py"
SEND = """
    import json
    from django.core.mail import EmailMultiAlternatives
    message = EmailMultiAlternatives(
        {subject!r}, "Plain: Grüße", to=["Ada <ada@example.com>"], cc=["cc@example.com"], bcc=["hidden@example.com"],
        reply_to=["reply@example.com"], headers={{"X-Order": "7"}},
    )
    message.attach_alternative("<p>Grüße</p>", "text/html")
    message.attach("Rechnung ä.bin", bytes(range(256)), "application/octet-stream")
    message.attach("note.txt", "für später", "text/plain")
    try:
        result = message.send()
    except Exception as error:
        result = f"{{type(error).__name__}}: {{error}}"
    print()
    print(json.dumps(result))
"""


@pytest.fixture(scope="module")
def box():
    with mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def jobs(maximal, redis, box, tmp_path_factory):
    """The project in production on SQLite."""
    env = {
        "REDIS_ADDRESS": redis,
        "DOTENV": "production",
        "SECRET_KEY": "m@il-" + "x" * 60,
        "SITE_DOMAIN": "shop.example.test",
        "LOG_FORMAT": "json",
    }
    jobs = Jobs(maximal, tmp_path_factory.mktemp("mail"), **env | box.env())
    maximal.go("migrate.sh", **jobs.env)
    return jobs


@pytest.fixture(scope="module")
def worker(jobs):
    with jobs.worker() as (_, log):
        yield log


def send(jobs, subject, **env):
    return jobs.python(SEND.format(subject=subject), **env)


@pytest.mark.parametrize("settings", [PLAIN, KEPT], ids=["celery_email", "both"])
def test_a_worker_sends_all_of_a_message(jobs, worker, box, settings):
    subject = f"Order of {settings.split()[-1]}"
    assert send(jobs, subject, BASE_SETTINGS=settings) == 1
    message = box.wait_for(subject)
    assert sorted(message.recipients) == ["ada@example.com", "cc@example.com", "hidden@example.com"]
    assert "hidden" not in message.as_string()
    assert message["to"] == "Ada <ada@example.com>"
    assert (message["reply-to"], message["x-order"]) == ("reply@example.com", "7")
    assert message.get_body(["plain"]).get_content().strip() == "Plain: Grüße"
    assert message.get_body(["html"]).get_content().strip() == "<p>Grüße</p>"
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert files["Rechnung ä.bin"] == bytes(range(256))
    assert files["note.txt"].strip() == "für später"


def test_a_message_is_in_no_log_and_no_result(jobs, worker, box):
    send(jobs, "Confidential", BASE_SETTINGS=PLAIN)
    box.wait_for("Confidential")
    code = """
        import json
        from django_celery_results.models import TaskResult
        print(json.dumps([[r.status, str(r.task_args) + str(r.task_kwargs)] for r in TaskResult.objects.all()]))
    """
    wait_until(lambda: "Confidential" in str(jobs.python(code)), 60, "the result is stored")
    assert "Plain:" not in str(jobs.python(code))
    assert "Plain:" not in worker.read_text() and "ada@" not in worker.read_text()


def test_what_post_office_keeps_is_private(jobs, worker, box):
    send(jobs, "Kept", BASE_SETTINGS=KEPT)
    box.wait_for("Kept")
    code = """
        import json
        from post_office.models import Email
        mail = Email.objects.get(subject="Kept")
        print(json.dumps([mail.status, [a.file.url for a in mail.attachments.all()]]))
    """
    status, files = jobs.python(code)
    assert status == 0, "sent"
    assert len(files) == 2 and all(file.startswith("/media-private/") for file in files)


def test_a_message_waits_while_the_mail_server_is_busy(jobs, worker, box):
    box.answers.append("451 too much to do")
    send(jobs, "Patience", BASE_SETTINGS=PLAIN)
    box.wait_for("Patience", 90)
    assert "mail is tried again in 10 s" in worker.read_text()
    assert box.answers == []


def test_a_refused_message_is_reported_and_not_sent_again(jobs, worker, box):
    box.answers.append("554 never")
    send(jobs, "Refused", BASE_SETTINGS=PLAIN)
    wait_until(lambda: "mail is given up after 1 attempts" in worker.read_text(), 60, "the refusal is logged")
    assert not box.find("Refused")


def test_without_the_broker_nothing_is_lost_in_silence(jobs, box):
    """The sender gets an error; or, with post_office, the message is kept as failed."""
    away = {"REDIS_ADDRESS": f"127.0.0.1:{free_port()}"}
    result = send(jobs, "Lost?", BASE_SETTINGS=PLAIN, **away)
    assert result.startswith("MailNotQueued: The mail was not queued, because the broker does not answer")
    assert "Nothing was sent" in result

    send(jobs, "Stored", BASE_SETTINGS=KEPT, **away)
    code = "import json; from post_office.models import Email; print(json.dumps([m.status for m in Email.objects.filter(subject='Stored')]))"
    assert jobs.python(code) == [1], "failed"
    assert not box.find("Lost?") and not box.find("Stored")


def test_without_a_broker_mail_goes_out_at_once(jobs, box):
    assert send(jobs, "At once", BASE_SETTINGS=KEPT, REDIS_ADDRESS="") == 1
    assert box.find("At once")


def test_staging_never_sends(jobs, box):
    """A rehearsal with real addresses in its database: the worker prints."""
    staging = {"DOTENV": "staging"}
    assert send(jobs, "Rehearsal", BASE_SETTINGS=KEPT, REDIS_ADDRESS="", **staging) == 1
    with jobs.worker(**staging) as (_, log):
        assert send(jobs, "Rehearsal", BASE_SETTINGS=KEPT, **staging) == 1
        wait_until(lambda: "Subject: Rehearsal" in log.read_text(), 60, "the worker prints it")
    assert box.stays_without("Rehearsal", 0)
    # Or one address gets it all, and sees whose it would have been.
    team = {"EMAIL_REDIRECT_TO": "team@example.com", "REDIS_ADDRESS": ""}
    assert send(jobs, "Rehearsal", BASE_SETTINGS=PLAIN, **staging, **team) == 1
    (message,) = box.find("Rehearsal")
    assert message.recipients == ["team@example.com"]
    everybody = "Ada <ada@example.com>, cc@example.com, hidden@example.com"
    assert (message["To"], message["Cc"], message["X-Original-To"]) == ("team@example.com", None, everybody)
