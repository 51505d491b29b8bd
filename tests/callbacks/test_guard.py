"""Bodies that no page of ours sends."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbacks.index import Rasad
from tests.pages import SPAN, body_of

Make = Callable[[str], Rasad]
ADDRESS = "/_dash-update-component"
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["output", "outputs", "inputs", "state", "changedPropIds"]


def panel_body(made: Rasad) -> dict[str, Any]:
    ask = {"panels": {"overview-registered": ""}, "filters": SPAN, "theme": "light", "serial": 1}
    return body_of(made, "lane-0-answer.data", lane_0_ask__data=ask, shell_language__data="en")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}"])
def test_no_body_is_400(rasad: Make, data: bytes) -> None:
    answer = rasad("ir").server.test_client().post(ADDRESS, data=data, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["detail"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(NAMES), value=ANY)
def test_a_part_of_another_shape_is_never_a_fault_of_the_server(rasad: Make, name: str, value: Any) -> None:
    body = panel_body(rasad("ir"))
    body[name] = value
    assert rasad("ir").server.test_client().post(ADDRESS, json=body).status_code in (200, 204, 400)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(["inputs", "state", "outputs"]), place=st.integers(0, 2), value=ANY, whole=st.booleans())
def test_any_value_of_any_store_is_borne(rasad: Make, part: str, place: int, value: Any, whole: bool) -> None:
    body = copy.deepcopy(panel_body(rasad("ir")))
    if isinstance(body[part], dict):  # a single output
        body[part] = [body[part]]
    entries = body[part]
    if whole:
        entries[place % len(entries)] = value
    else:
        entries[place % len(entries)]["value"] = value
    assert rasad("ir").server.test_client().post(ADDRESS, json=body).status_code in (200, 204, 400)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 20), value=ANY)
def test_any_value_of_any_control_is_borne(rasad: Make, place: int, value: Any) -> None:
    values: dict[str, Any] = {"address__data": {"path": "/", "query": "?period=7d"}, "shell_language__data": "en"}
    body = body_of(rasad("ir"), "filters.data", **values)
    entries = [*body["inputs"], *body["state"]]
    entry = entries[place % len(entries)]
    entry["value"] = value
    body["changedPropIds"] = [f"{entry['id']}.{entry['property']}"]
    assert rasad("ir").server.test_client().post(ADDRESS, json=body).status_code in (200, 204, 400)
