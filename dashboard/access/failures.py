"""Slowing down who guesses passwords, without locking out who knows one.

A wait that anybody can bring about for an account is a weapon against its owner. So, after OWASP's "Slow Down Online
Guessing Attacks with Device Cookies": a browser in which the owner once signed in keeps a signed cookie, and is counted
by itself; an address from which the owner signed in lately is counted with the account alone, beside no other address.
Everybody else shares what is known of the account. Three counts of the last day, each with a wait that doubles and is
bounded:

- the account from this address (or in this browser): five tries, then up to fifteen minutes;
- the address over all accounts: thirty tries, as an office may share one, then up to five minutes;
- the account from all unknown addresses together: fifty tries, then up to one minute.

A known browser is held to the first alone, a known address to the first two.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

from dashboard.claims.database import Database

KEPT = timedelta(days=1)
"""How long a failure counts."""
KNOWN = timedelta(days=30)
"""How long an address stays known after a sign-in."""
_OWN = (5, 900)
_ADDRESS = (30, 300)
_ACCOUNT = (50, 60)
"""Tries that are free, and the longest wait after them in seconds."""


@dataclass(frozen=True)
class Attempt:
    """A try to sign in, as it is counted: what stands for the account, where it comes from, and how well that is known.

    ``account`` is a keyed hash: what was typed there may be a password by mistake.
    """

    account: bytes
    address: str
    known_browser: bool
    known_address: bool


def attempt(key: str, login: str, address: str, device: str, known_address: bool) -> Attempt:
    """The try of a login from an address. ``device`` is the browser's cookie, empty when it has none.

    A cookie that is not ours, or is that of another account, is as none.
    """
    network = _network(address)
    number = _device_number(key, login, device)
    if number:
        return Attempt(_keyed(key, "device failures", login, number), network, True, known_address)
    return Attempt(_keyed(key, "failures", login), network, False, known_address)


def wait(database: Database, tried: Attempt) -> float:
    """The seconds to wait before this try; 0 lets it pass, and counts it as failed until `forgive` says otherwise.

    Tries of one account, or from one address, pass one after the other: many at once cannot all be the first.
    """
    with database.gate.begin() as connection:
        for name in sorted((tried.account.hex(), tried.address)):
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
        left = max(_left(connection, tried))
        if left <= 0:
            connection.execute(
                text("INSERT INTO sign_in_failures (account, address) VALUES (:account, :address)"),
                {"account": tried.account, "address": tried.address},
            )
            connection.execute(
                text("DELETE FROM sign_in_failures WHERE account = :account AND at < now() - :kept"),
                {"account": tried.account, "kept": KEPT},
            )
    return max(left, 0.0)


def forgive(database: Database, tried: Attempt) -> None:
    """Forget the failures of an account from an address, after the right password came from there.

    The count of the address over other accounts stays: who guesses could otherwise begin anew by signing in as oneself.
    """
    with database.gate.begin() as connection:
        connection.execute(
            text("DELETE FROM sign_in_failures WHERE account = :account AND address = :address"),
            {"account": tried.account, "address": tried.address},
        )


def sweep(database: Database) -> None:
    """Forget failures that count no more."""
    with database.gate.begin() as connection:
        connection.execute(text("DELETE FROM sign_in_failures WHERE at < now() - :kept"), {"kept": KEPT})


def device_cookie(key: str, login: str, device: str) -> str:
    """What a browser keeps after a sign-in: the cookie it has, where that is of this account, or a new one."""
    number = _device_number(key, login, device) or secrets.token_urlsafe(16)
    return f"{number}.{_keyed(key, 'device', login, number).hex()}"


def _device_number(key: str, login: str, device: str) -> str:
    number, _, mark = device.partition(".")
    right = _keyed(key, "device", login, number).hex()
    return number if number and hmac.compare_digest(mark.encode(errors="replace"), right.encode()) else ""


def _keyed(key: str, *parts: str) -> bytes:
    return hmac.digest(key.encode(), "\0".join(parts).encode("utf-8", "replace"), "sha256")


def _network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _left(connection: Connection, tried: Attempt) -> list[float]:
    counted = "SELECT count(*), extract(epoch FROM now() - max(at)) FROM sign_in_failures WHERE at > now() - :kept AND "
    given = {"kept": KEPT, "account": tried.account, "address": tried.address}

    def of(which: str, allowed: tuple[int, int]) -> float:
        failures, ago = connection.execute(text(counted + which), given).one()
        return 0.0 if ago is None else _pause(failures, *allowed) - float(ago)

    found = [of("account = :account AND address = :address" if not tried.known_browser else "account = :account", _OWN)]
    if not tried.known_browser:
        found.append(of("address = :address", _ADDRESS))
        if not tried.known_address:
            found.append(of("account = :account", _ACCOUNT))
    return found


def _pause(failures: int, free: int, most: int) -> float:
    return 0.0 if failures < free else float(min(2 ** min(failures - free, 20), most))
