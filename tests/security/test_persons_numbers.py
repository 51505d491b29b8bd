"""A person's number leaves no trace: not in logs, keys, addresses or texts of the database, after it was looked up."""

from __future__ import annotations

import io
import logging
import pickle
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser

from callbacks.index import Rasad
from dashboard.access import tokens
from dashboard.claims.database import Database
from dashboard.logs import Masking
from layouts.cases import FIND
from tests.browser.conftest import browser  # noqa: F401  a fixture
from tests.pages import application, body_of, cookies, served
from tests.pair import WORKSHOP, code, load_pairs

PROBE = code(7)
WRITTEN = (PROBE, PROBE.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), f"{PROBE[:3]}-{PROBE[3:9]}-{PROBE[9]}")


@pytest.fixture
def rasad(claims: Database) -> Iterator[Rasad]:
    with application(load_pairs(claims)) as made:
        yield made


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged, as it is written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Masking("%(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


def texts(claims: Database) -> str:
    """Every value of every table, as text."""
    found = []
    with psycopg.connect(claims.url) as connection:
        tables = connection.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind IN ('r', 'm') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
        ).fetchall()
        for (table,) in tables:
            found += [row[0] for row in connection.execute(f"SELECT t::text FROM {table} t").fetchall()]
    return "\n".join(found)


def look_up(made: Rasad, person: str) -> str:
    key = ids_of(FIND)
    body = body_of(
        made,
        f"panel-{FIND}-found.children",
        **{f"{key}_by_pair__n_clicks": 1, f"{key}_person__value": person},
        **{f"{key}_workshop__value": WORKSHOP},
        shell_language__data="en",
    )
    answer = made.server.test_client().post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    return answer.text


def ids_of(key: str) -> str:
    return f"panel_{key.replace('-', '_')}"


@pytest.mark.parametrize("person", WRITTEN)
def test_a_look_up_leaves_nothing_of_the_number(rasad: Rasad, logged: io.StringIO, person: str) -> None:
    deployment = rasad.server.extensions["rasad"]
    answer = look_up(rasad, person)
    assert "mine" in answer  # it was found
    assert not any(each in answer for each in WRITTEN)
    with deployment.database.write() as connection:
        token = tokens.issue(connection, "a system", ("registrations",))
    client = rasad.server.test_client()
    for asked in (
        {"national_code": person, "workshop_code": WORKSHOP},
        {"national_code": person, "workshop_code": "x"},
    ):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": person}
        assert person not in client.post("/api/v1/eligibility", json=asked, headers=headers).text
    client.get(f"/?province={person}")
    client.get(f"/export/overview-map.csv?province={person}")
    client.get(f"/cases/registrations/{person}")
    client.post("/sign-in", data={"login": person, "password": person})
    assert texts(deployment.database).count(WORKSHOP) > 0  # it is all read
    for place, kept in (
        ("log", logged.getvalue()),
        ("database", texts(deployment.database)),
        ("cache", kept_of(rasad)),
    ):
        assert [each for each in WRITTEN if each in kept] == [], place


def kept_of(made: Rasad) -> str:
    """Keys and values of the cache of this process."""
    cache: Any = made.server.extensions["rasad"].answers.cache
    kept = cache.cache._cache
    return "".join(f"{key} {_opened(value)}" for key, value in kept.items())


def _opened(value: Any) -> str:
    _, content = value
    return repr(pickle.loads(content)) if isinstance(content, bytes) else repr(content)  # noqa: S301  our own


def test_a_browser_keeps_nothing_of_the_number(rasad: Rasad, browser: Browser) -> None:  # noqa: F811
    addresses: list[str] = []
    with served(rasad) as base:
        context = browser.new_context()
        context.add_cookies(cookies(base))
        page = context.new_page()
        page.on("request", lambda asked: addresses.append(asked.url))
        page.goto(f"{base}/cases")
        page.fill(f"#panel-{FIND}-person", PROBE)
        page.fill(f"#panel-{FIND}-workshop", WORKSHOP)
        page.click(f"#panel-{FIND}-by-pair")
        page.wait_for_function(f"() => document.querySelector('#panel-{FIND}-found').textContent.includes('mine')")
        kept = page.evaluate(
            "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href,"
            " history.state, document.body.outerHTML, Array.from(document.querySelectorAll('input'), (e) => e.value)])"
        )
        context.close()
    assert PROBE not in kept
    assert [address for address in addresses if PROBE in address] == []
