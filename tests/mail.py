"""A real mail server on this machine, which keeps what it is given and can be told to behave badly."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "rasad", "p@ss word/1"


class Mailbox:
    """What a server was given, as (address, message), and how it answers.

    ``answers`` maps an address to the answer to its RCPT; ``at_end`` is the answer to the end of a message. With
    ``held`` set it takes a message and says so only once ``released``; with ``drops`` it takes it and hangs up
    without a word.
    """

    def __init__(self) -> None:
        self.got: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.at_end = "250 OK"
        self.drops = False
        self.held = False
        self.reached, self.released = threading.Event(), threading.Event()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_end.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.got += [(address, message) for address in envelope.rcpt_tos]
        self.reached.set()
        if self.held:
            await asyncio.to_thread(self.released.wait, 60)
        if self.drops and server.transport is not None:
            server.transport.abort()
        return self.at_end

    def to(self, address: str) -> list[EmailMessage]:
        return [message for given, message in self.got if given == address]

    def awaited(self, number: int, seconds: float = 90) -> list[tuple[str, EmailMessage]]:
        """What it was given, once it is so much."""
        deadline = time.monotonic() + seconds
        while len(self.got) < number:
            assert time.monotonic() < deadline, f"{len(self.got)} of {number} messages came"
            time.sleep(0.1)
        return self.got


@contextmanager
def mail_server(
    mailbox: Mailbox, port: int = 0, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """A server as long as the block lasts; its port."""
    options: dict[str, Any] = {"tls_context": starttls, "require_starttls": True} if starttls else {}
    if tls or starttls:
        options |= {"authenticator": _known, "auth_require_tls": starttls is not None}
    serving = Controller(
        mailbox, "127.0.0.1", port or free_port(), server_hostname="localhost", ssl_context=tls, **options
    )
    serving.start()
    try:
        yield serving.port
    finally:
        with suppress(ConnectionError):
            serving.stop()


def _known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def free_port() -> int:

    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
