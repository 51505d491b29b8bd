"""Handing a message to a mail server, one address at a time, so that it is known of each whether the server has it."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

Outcome = Literal["handed", "later", "refused", "large", "unsure"]
"""What came of an address: the server has it, wants it later, never takes it, finds it too large; or nobody knows."""

_SECONDS: Final = 30
_PORTS: Final = {"smtp": 587, "smtps": 465}
_DEFINITE: Final = 500
_TOO_LARGE: Final = 552


class MailDown(RuntimeError):
    """The mail server does not answer, or not as it should; it may in a while."""


@dataclass(frozen=True)
class Server:
    """A mail server. ``tls``: from the first byte on; else the connection is raised to TLS before anything is said.

    ``bare`` lets it stay without where the server has none: on the way to the same machine alone.
    """

    host: str
    port: int
    tls: bool
    bare: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Server:
        """The server of an address like ``smtps://user:password@host:port``. ValueError where it is none."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("it must be an address like smtps://user:password@host:465 or smtp://host:587")
        host = parts.hostname
        port = parts.port or _PORTS[parts.scheme]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, port, parts.scheme == "smtps", _is_here(host), user, password)


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection that is safe to say things over, signed in where the server has a user. MailDown."""
    try:
        connection = _open(server)
    except (OSError, smtplib.SMTPException) as error:
        raise MailDown(f"the mail server does not answer: {type(error).__name__}") from error
    try:
        yield connection
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()


def hand(
    connection: smtplib.SMTP, sender: str, address: str, message: EmailMessage, handing: Callable[[], None]
) -> Outcome:
    """Hand a message over for one address, and say what came of it.

    ``handing`` is called when all of it is there but the mark that ends it: until then a server delivers nothing,
    afterwards nobody but the server can say whether it does. MailDown where the connection is lost before.
    """
    content = re.sub(rb"(?m)^\.", b"..", message.as_bytes(policy=SMTP))
    try:
        outcome = _addressed(connection, sender, address, len(content))
        if outcome != "handed":
            return outcome
        connection.send(content if content.endswith(b"\r\n") else content + b"\r\n")
    except (OSError, smtplib.SMTPException) as error:
        raise MailDown(f"the mail server has gone: {type(error).__name__}") from error
    try:
        handing()
    except BaseException:
        connection.close()  # what the server has of it has no end, and it delivers nothing
        raise
    try:
        connection.send(b".\r\n")
        code, _ = connection.getreply()
    except (OSError, smtplib.SMTPException):
        return "unsure"
    return "handed" if code == 250 else _turned_down(code)


def _open(server: Server) -> smtplib.SMTP:
    trusted, own = ssl.create_default_context(), socket.gethostname()
    if server.tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, own, timeout=_SECONDS, context=trusted)
    else:
        connection = smtplib.SMTP(server.host, server.port, own, timeout=_SECONDS)
    try:
        connection.ehlo_or_helo_if_needed()
        if not server.tls and (not server.bare or connection.has_extn("starttls")):
            connection.starttls(context=trusted)
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def _addressed(connection: smtplib.SMTP, sender: str, address: str, size: int) -> Outcome:
    """Bring the server to where it waits for the content."""
    sized = [f"SIZE={size}"] if connection.has_extn("size") else []
    code, _ = connection.mail(sender, sized)
    if code == 250:
        code, _ = connection.rcpt(address)
    if code in (250, 251):
        code, _ = connection.docmd("DATA")
        if code == 354:
            return "handed"
    with suppress(smtplib.SMTPServerDisconnected):
        connection.rset()
    return _turned_down(code)


def _turned_down(code: int) -> Outcome:
    if code == _TOO_LARGE:
        return "large"
    return "refused" if code >= _DEFINITE else "later"


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
