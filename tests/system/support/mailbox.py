"""A mail server that keeps what it is given."""

import email
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy

from aiosmtpd.controller import Controller

from support import process


@dataclass
class Mailbox:
    """`answers` holds what the server says to the next messages instead of taking them: `451 later`."""

    port: int
    messages: list = field(default_factory=list)
    answers: list = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (the library's name)
        if self.answers:
            return self.answers.pop(0)
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        message.recipients = envelope.rcpt_tos
        self.messages.append(message)
        return "250 taken"

    def find(self, subject):
        return [message for message in list(self.messages) if message["subject"] == subject]

    def wait_for(self, subject, seconds=60):
        process.wait_until(lambda: self.find(subject), seconds, f"a mail with the subject {subject!r}")
        return self.find(subject)[0]

    def stays_without(self, subject, seconds=2):
        time.sleep(seconds)
        return not self.find(subject)

    def env(self):
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.port)}


@contextmanager
def mailbox():
    box = Mailbox(process.free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=30)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
