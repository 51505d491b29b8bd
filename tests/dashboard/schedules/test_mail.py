"""Handing a message over to a real mail server: safe, whole, and known of each address whether it was taken."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.schedules import mail
from dashboard.schedules.mail import MailDown, Server, connected, hand
from tests.mail import PASSWORD, USER, Mailbox, free_port, mail_server

SENDER, READER = "rasad@ministry.example", "director@ministry.example"
WHO = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for ``localhost`` and the server's side of it."""
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "certificate.pem"
    name = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    new = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", made)
    subprocess.run([*new, *name], check=True, capture_output=True)
    side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    side.load_cert_chain(made, key)
    return made, side


def letter(body: str = "سلام\n.\n..two\n.end") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "گزارش", SENDER, READER
    message.set_content(body, cte="8bit")
    return message


def sent(server: Server, address: str = READER, handing: Callable[[], None] = lambda: None) -> mail.Outcome:
    with connected(server) as connection:
        return hand(connection, SENDER, address, letter(), handing)


def test_what_is_handed_over_arrives_as_it_is() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert sent(Server.of(f"smtp://127.0.0.1:{port}")) == "handed"
    [(address, message)] = mailbox.got
    assert address == READER
    assert message["Subject"] == "گزارش"
    assert message.get_content().splitlines() == ["سلام", ".", "..two", ".end"]


def test_over_tls_and_signed_in(certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, side = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    mailbox = Mailbox()
    with mail_server(mailbox, tls=side) as port:
        assert sent(Server.of(f"smtps://{WHO}@localhost:{port}")) == "handed"
        with pytest.raises(MailDown):
            sent(Server.of(f"smtps://{USER}:wrong@localhost:{port}"))
    with mail_server(mailbox, starttls=side) as port:
        assert sent(Server.of(f"smtp://{WHO}@localhost:{port}")) == "handed"
    assert len(mailbox.got) == 2


def test_a_server_that_nobody_vouches_for_is_told_nothing(certificate: tuple[Path, ssl.SSLContext]) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, tls=certificate[1]) as port, pytest.raises(MailDown):
        sent(Server.of(f"smtps://{WHO}@localhost:{port}"))
    assert mailbox.got == []


def test_without_tls_nothing_goes_to_another_machine() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(MailDown):
        sent(Server("127.0.0.1", port, tls=False, bare=False))
    assert mailbox.got == []
    assert not Server.of("smtp://mail.example").bare
    assert Server.of("smtp://[::1]:25").bare


@pytest.mark.parametrize(
    ("answer", "outcome"), [("550 no such user", "refused"), ("450 later", "later"), ("552 too much", "large")]
)
def test_an_address_that_is_not_taken_is_told_apart(answer: str, outcome: str) -> None:
    mailbox, marked = Mailbox(), []
    mailbox.answers[READER] = answer
    with mail_server(mailbox) as port, connected(Server.of(f"smtp://127.0.0.1:{port}")) as connection:
        assert hand(connection, SENDER, READER, letter(), lambda: marked.append(1)) == outcome
        assert hand(connection, SENDER, "other@ministry.example", letter(), lambda: marked.append(2)) == "handed"
    assert [address for address, _ in mailbox.got] == ["other@ministry.example"]
    assert marked == [2]


@pytest.mark.parametrize(
    ("answer", "outcome"), [("554 no", "refused"), ("451 later", "later"), ("552 too much", "large")]
)
def test_a_message_that_is_not_taken_is_told_apart(answer: str, outcome: str) -> None:
    mailbox = Mailbox()
    mailbox.at_end = answer
    with mail_server(mailbox) as port:
        assert sent(Server.of(f"smtp://127.0.0.1:{port}")) == outcome


def test_a_server_that_hangs_up_after_the_end_leaves_nobody_sure() -> None:
    mailbox, marked = Mailbox(), []
    mailbox.drops = True
    with mail_server(mailbox) as port:
        assert sent(Server.of(f"smtp://127.0.0.1:{port}"), handing=lambda: marked.append(1)) == "unsure"
    assert marked == [1]


def test_a_message_without_its_end_is_not_delivered() -> None:
    class Killed(BaseException):
        pass

    def killed() -> None:
        raise Killed

    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        with pytest.raises(Killed):
            sent(Server.of(f"smtp://127.0.0.1:{port}"), handing=killed)
        assert sent(Server.of(f"smtp://127.0.0.1:{port}"), "next@ministry.example") == "handed"
    assert [address for address, _ in mailbox.got] == ["next@ministry.example"]


def test_no_server_is_down() -> None:
    with pytest.raises(MailDown):
        sent(Server.of(f"smtp://127.0.0.1:{free_port()}"))


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtps://h/x", "smtp://h:port"])
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Server.of(url)


def test_the_parts_of_an_address() -> None:
    assert Server.of("smtps://a%40b:c%2Fd@mail.example") == Server("mail.example", 465, True, False, "a@b", "c/d")
    assert "c/d" not in repr(Server.of("smtps://a%40b:c%2Fd@mail.example"))
