"""A real SMTP server for tests: it keeps what it takes, and misbehaves as it is told."""

from __future__ import annotations

import email
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Sink:
    """What arrived, in order. ``answers`` replaces the reply to a command: ``{"RCPT": "550 no"}``.

    A value may be a function of the address (or of the bytes, for DATA) that returns the reply or
    ``None`` for the usual one.
    """

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.answers: dict[str, str | Callable[[Any], str | None]] = {}
        self.connections = 0
        self.port = 0

    @property
    def url(self) -> str:
        """MAIL_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages taken, parsed."""
        return [email.message_from_bytes(raw, policy=default) for raw in self.raw]  # type: ignore[misc]

    @property
    def raw(self) -> list[bytes]:
        """The bytes of the messages taken."""
        return [envelope.content for envelope in self.envelopes]

    @property
    def recipients(self) -> list[str]:
        """The addresses the messages were for."""
        return [envelope.rcpt_tos[0] for envelope in self.envelopes]

    def wait_for(self, number: int, seconds: float = 20) -> None:
        """Wait until so many messages have arrived."""
        end = time.monotonic() + seconds
        while len(self.envelopes) < number:
            assert time.monotonic() < end, f"{len(self.envelopes)} of {number} mails arrived"
            time.sleep(0.02)

    def _answer(self, command: str, value: Any) -> str | None:
        answer = self.answers.get(command)
        return answer(value) if callable(answer) else answer

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  (aiosmtpd's names)
        if refusal := self._answer("MAIL", address):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  (aiosmtpd's names)
        if refusal := self._answer("RCPT", address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (aiosmtpd's names)
        if refusal := self._answer("DATA", envelope.content):
            if refusal == "hang up after taking it":
                self.envelopes.append(envelope)
                server.transport.close()
                return "250 OK"
            return refusal
        self.envelopes.append(envelope)
        return "250 OK"


class _Controller(Controller):
    def factory(self):
        self.handler.connections += 1
        return SMTP(self.handler, enable_SMTPUTF8=True, hostname="sink.example.org")


@contextmanager
def sink(port: int = 0) -> Iterator[Sink]:
    """Run a mail server on a free port of this machine."""
    taken = Sink()
    controller = _Controller(taken, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    taken.port = controller.port
    taken.connections = 0  # the controller called itself to see whether it runs
    try:
        yield taken
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word; yields its MAIL_URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    kept.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        try:
            yield f"smtp://127.0.0.1:{listener.getsockname()[1]}?tls=none"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for each in kept:
                each.close()
