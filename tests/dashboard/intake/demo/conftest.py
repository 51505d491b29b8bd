"""The jurisdictions the demo must work for: both shipped ones and one it knows nothing of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.intake.demo.arrays import Columns
from dashboard.intake.demo.generate import generate
from dashboard.jurisdictions import Code, Jurisdiction, Procedure, load
from tests.demo import UNTIL, joined


def _unknown() -> Jurisdiction:
    """A country without calibration, populations, offices, rules of eligibility, limits or procedures it shares."""
    iran = load("ir")
    names = {"en": "x", "fa": "x", "vi": "x"}
    procedure = Procedure(
        "pension_check", names, 1, (), ex_officio=False, kept_apart=False, outcomes=("ok", "no"), deadlines=()
    )
    return replace(
        iran,
        key="xx",
        calendar="gregorian",
        person_code="none",
        workshop_pattern=r"^[A-F]{2}-\d{5,8}$",
        provinces=tuple(replace(province, population=None) for province in iran.provinces[:5]),
        offices=(),
        eligibility=(),
        limits=(),
        procedures=(procedure,),
        codes={
            **iran.codes,
            "channels": (Code("web", names), Code("desk", names)),
            "procedures.category": (Code("pension_check", names),),
            "procedures.outcome": (Code("ok", names), Code("no", names)),
            "registrations.category": (Code("basic", names),),
            "benefits.category": (Code("basic_benefit", names),),
        },
    )


@pytest.fixture(scope="session", params=["ir", "vn", "xx"])
def jurisdiction(request: pytest.FixtureRequest) -> Jurisdiction:
    return _unknown() if request.param == "xx" else load(request.param)


@pytest.fixture(scope="session")
def iran() -> Jurisdiction:
    return load("ir")


@pytest.fixture(scope="session")
def vietnam() -> Jurisdiction:
    return load("vn")


@pytest.fixture(scope="session")
def demo(jurisdiction: Jurisdiction) -> dict[str, Columns]:
    return joined(generate(jurisdiction, cases=24_000, until=UNTIL))


@pytest.fixture(scope="session")
def demo_of_iran(iran: Jurisdiction) -> dict[str, Columns]:
    return joined(generate(iran, cases=24_000, until=UNTIL))


@pytest.fixture(scope="session")
def demo_of_vietnam(vietnam: Jurisdiction) -> dict[str, Columns]:
    return joined(generate(vietnam, cases=24_000, until=UNTIL))
