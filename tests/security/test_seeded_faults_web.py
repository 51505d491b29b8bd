"""Faults switched on one by one: each turns a gate of the web red."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.security import anonymous, fuzz, xss
from callbacks import bounds, guard, headers, panels, refusals
from dashboard.claims.database import Database
from dashboard.intake.demo.loading import load_demo
from layouts import markup
from tests.conftest import KEY, UNTIL

DemoClaims = Callable[[str], Database]
Switch = pytest.MonkeyPatch


def guard_removed(switch: Switch) -> None:
    switch.setattr(guard, "closed", lambda: None)


def everybody_is_somebody(switch: Switch) -> None:
    switch.setattr(guard, "session_of_request", lambda: type("Session", (), {"must_change": False}))


def open_too_wide(switch: Switch) -> None:
    switch.setitem(guard.OPEN, "/api/v1", "programs")


def open_to_a_page(switch: Switch) -> None:
    switch.setitem(guard.OPEN, "/cases", "convenient")


def too_many_open(switch: Switch) -> None:
    for name in "abc":
        switch.setitem(guard.OPEN, f"/{name}", "one more")


def beginnings_are_not_whole_names(switch: Switch) -> None:
    switch.setattr(guard, "is_under", lambda path, prefixes: any(prefix.strip("/") in path for prefix in prefixes))


def forgotten_callbacks_are_open(switch: Switch) -> None:
    switch.setattr(guard, "_entitled", lambda _right: None)


def a_fault_of_dash_is_ours(switch: Switch) -> None:
    switch.setattr(refusals, "DependencyException", ZeroDivisionError)


@pytest.mark.parametrize(
    "fault",
    [
        guard_removed,
        everybody_is_somebody,
        open_too_wide,
        open_to_a_page,
        too_many_open,
        beginnings_are_not_whole_names,
        forgotten_callbacks_are_open,
        a_fault_of_dash_is_ours,
    ],
)
def test_the_gate_of_the_anonymous_turns_red(
    fault: Callable[[Switch], None], demo_claims: DemoClaims, monkeypatch: Switch
) -> None:
    fault(monkeypatch)
    assert not anonymous.run(6_000, demo_claims("ir"), most_found=1).held


def bodies_are_not_checked(switch: Switch) -> None:
    switch.setattr(guard, "_fault", lambda _body, _app: None)


def json_without_end(switch: Switch) -> None:
    switch.setattr(bounds._Strict, "loads", lambda _self, s, **how: json.loads(s, **how))


def stores_are_trusted(switch: Switch) -> None:
    switch.setattr(panels, "strings", lambda given: given)


@pytest.mark.parametrize("fault", [bodies_are_not_checked, json_without_end, stores_are_trusted])
def test_the_gate_of_fuzzed_requests_turns_red(
    fault: Callable[[Switch], None], claims: Database, monkeypatch: Switch
) -> None:
    load_demo(claims, KEY, cases=300, until=UNTIL)
    fault(monkeypatch)
    assert not fuzz.run(1_000, claims, most_found=1).held


def text_is_not_escaped(switch: Switch) -> None:
    switch.setattr(markup, "escape", str)


def any_script_may_run(switch: Switch) -> None:
    policy: Any = headers.content_security
    loose = "script-src 'unsafe-inline'"
    switch.setattr(headers, "content_security", lambda app: policy(app).replace("script-src", loose))


def no_policy_at_all(switch: Switch) -> None:
    switch.setattr(headers, "content_security", lambda _app: "frame-ancestors 'none'")


@pytest.mark.parametrize("fault", [text_is_not_escaped, any_script_may_run, no_policy_at_all])
def test_the_gate_of_scripts_turns_red(fault: Callable[[Switch], None], claims: Database, monkeypatch: Switch) -> None:
    load_demo(claims, KEY, cases=300, until=UNTIL)
    fault(monkeypatch)
    assert not xss.run(3, claims, paths=["/health"]).held


def test_without_a_fault_the_same_gate_is_green(claims: Database) -> None:
    load_demo(claims, KEY, cases=300, until=UNTIL)
    assert xss.run(3, claims, paths=["/health"]).found == []
