"""A mail relay for tests: takes messages, or answers what the test says, on a thread of its own."""
import asyncio
import threading

from aiosmtpd.controller import Controller

from outbox import read
from ports import free_port


class Relay:
    """`answers` gives, by the beginning of the recipient's address, an answer in place of 250, or a function to
    wait in; `taken` holds what was taken: (from, to, bytes)."""

    def __init__(self, **options):
        self.answers = {}
        self.taken = []
        self.tried = []
        self.sessions = set()
        self.lock = threading.Lock()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    async def handle_DATA(self, server, session, envelope):
        recipient = envelope.rcpt_tos[0]
        with self.lock:
            self.tried.append(recipient)
            self.sessions.add(session.peer)
        answer = next((value for key, value in self.answers.items() if recipient.startswith(key)), None)
        if callable(answer):
            answer = await answer()
        if answer and not answer.startswith("250"):
            return answer
        with self.lock:
            self.taken.append((envelope.mail_from, recipient, envelope.original_content))
        return answer or "250 taken"

    def mails(self, to="", kind=None):
        with self.lock:
            every = [read(content) for _, recipient, content in self.taken if recipient.startswith(to)]
        return [mail for mail in every if kind is None or kind(mail)]

    def __enter__(self):
        self.controller.start()
        return self

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None

    def __exit__(self, *_):
        self.stop()


def hang(event):
    """An answer that does not come before the event."""
    async def wait():
        while not event.is_set():
            await asyncio.sleep(0.02)
        return "451 too late"
    return wait
