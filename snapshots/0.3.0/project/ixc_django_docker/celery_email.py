"""A mail backend that hands messages to a Celery worker, and the task in which the worker sends them."""

import logging
import smtplib
from base64 import b64decode, b64encode
from email import message_from_bytes, policy
from email.message import Message
from email.mime.base import MIMEBase

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

FIELDS = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "extra_headers")
# Of the instance, each by its own rule or not at all.
HANDLED = {*FIELDS, "attachments", "alternatives", "connection"}
FIRST_PAUSE, LONGEST_PAUSE = 10, 30 * 60


class MailNotQueued(OSError):
    """The broker did not take a message; nothing was sent."""


class EmailBackend(BaseEmailBackend):
    """Queues messages. Returns how many, as other backends do."""

    def __init__(self, fail_silently=False, **options):
        super().__init__(fail_silently=fail_silently)
        # Such as `username` and `password`, which `send_mail` may give for one message.
        self.options = {name: value for name, value in options.items() if value is not None}

    def send_messages(self, email_messages):
        messages = [message for message in email_messages or [] if message.recipients()]
        if settings.CELERY_TASK_ALWAYS_EAGER:
            return inner(self.fail_silently, self.options).send_messages(messages) or 0
        queued = 0
        for message in messages:
            try:
                # A message is private: logs, results and flower are shown this text instead of it.
                note = f"({message.subject!r} to {len(message.recipients())})"
                send.apply_async((pack(message), self.options), argsrepr=note, kwargsrepr="{}")
            except (OperationalError, OSError) as error:
                logger.error("mail was not queued and is not sent: %s: %s", note, error)
                if not self.fail_silently:
                    raise MailNotQueued(
                        f"The mail was not queued, because the broker does not answer: {error}. "
                        "Nothing was sent. REDIS_ADDRESS or CELERY_BROKER_URL says where it is."
                    ) from error
            else:
                queued += 1
        return queued


def inner(fail_silently=False, options=None):
    """Return a connection of the backend that was wrapped."""
    return get_connection(
        settings.IXC_CELERY_EMAIL_BACKEND, fail_silently=fail_silently, **options or {}
    )


@shared_task(
    bind=True,
    name="ixc_django_docker.celery_email.send",
    # A worker that is killed while it sends leaves the message in the queue: rather twice than never.
    acks_late=True,
    max_retries=None,
)
def send(self, packed, options):
    """Send one message. What may pass is tried again; a refusal is not."""
    message = unpack(packed)
    message.connection = inner(options=options)
    try:
        return message.send()
    except Exception as error:
        attempt = self.request.retries
        if is_refusal(error) or attempt >= settings.CELERY_EMAIL_MAX_RETRIES:
            logger.error("mail is given up after %d attempts: %s", attempt + 1, self.request.argsrepr)
            raise
        pause = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
        logger.warning("mail is tried again in %d s: %s: %s", pause, self.request.argsrepr, error)
        raise self.retry(exc=error, countdown=pause, argsrepr=self.request.argsrepr) from error


def is_refusal(error):
    """Tell whether the mail server said that it will never take the message (SMTP status 5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    # A wrong password is for the operator to correct: the message can wait.
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def pack(message):
    """Return a message as JSON has it."""
    packed = {name: plain(getattr(message, name)) for name in FIELDS}
    packed["attachments"] = [pack_attachment(part) for part in message.attachments]
    packed["alternatives"] = [
        [pack_content(content), mimetype] for content, mimetype in getattr(message, "alternatives", [])
    ]
    # Such as `encoding`, and what backends for mail services read from a message.
    packed["more"] = {
        name: plain(value) for name, value in vars(message).items() if name not in HANDLED
    }
    packed["subtype"] = message.content_subtype
    return packed


def unpack(packed):
    """Return the message that ``pack`` was given."""
    fields = dict(packed)
    attachments, alternatives = fields.pop("attachments"), fields.pop("alternatives")
    more, subtype, headers = fields.pop("more"), fields.pop("subtype"), fields.pop("extra_headers")
    message = EmailMultiAlternatives(**fields, headers=headers)
    vars(message).update(more)
    message.content_subtype = subtype
    for part in attachments:
        unpack_attachment(message, *part)
    for content, mimetype in alternatives:
        message.attach_alternative(unpack_content(content), mimetype)
    return message


def plain(value):
    """Return lazy texts, tuples and the like as JSON has them; raise TypeError for what it cannot hold."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, str) or hasattr(value, "_proxy____cast"):
        return str(value)
    raise TypeError(f"A mail with a {type(value).__name__} in one of its fields cannot be queued.")


def pack_content(content):
    """Return text or bytes as a pair (is it text, text)."""
    if isinstance(content, bytes | bytearray | memoryview):
        return [False, b64encode(content).decode()]
    return [True, str(content)]


def unpack_content(packed):
    is_text, content = packed
    return content if is_text else b64decode(content)


class Part(MIMEBase):
    """A ready-made part of a message, read back from its bytes."""

    def __init__(self, policy=policy.compat32):
        Message.__init__(self, policy)


def pack_attachment(part):
    """Return (file name, content, type); of a part that is ready-made only its bytes."""
    if isinstance(part, Message):
        return [None, pack_content(part.as_bytes()), None]
    filename, content, mimetype = part
    # An attached message, which Django takes as text too.
    if isinstance(content, EmailMessage):
        content = content.message()
    if isinstance(content, Message):
        content = content.as_string()
    return [filename and str(filename), pack_content(content), mimetype]


def unpack_attachment(message, filename, content, mimetype):
    if filename is None and mimetype is None:
        message.attach(message_from_bytes(unpack_content(content), _class=Part))
    else:
        message.attach(filename, unpack_content(content), mimetype)
