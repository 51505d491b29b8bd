"""What the demo is calibrated to: shares, durations and rhythms of a country, and a plain one for any other.

Tables of shares name keys of the jurisdiction's code lists. A list may lack some of them or have others: see
:func:`dashboard.intake.demo.chance.weights`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Shares = Mapping[str, float]
Hours = tuple[float, ...]
"""24 relative weights, one for each hour of the day."""


@dataclass(frozen=True)
class LongHoliday:
    """The longest run of free days of a year and what is filed around it, as factors on the usual volume.

    It begins in one of ``months`` (Gregorian) on ``from_day`` or later: Nowruz in March, Tết in January or February.
    """

    months: tuple[int, ...]
    days_before: int
    before: float
    days_during: int
    during: float
    days_after: int
    after: float
    from_day: int = 1


@dataclass(frozen=True)
class Calibration:
    """``mix`` shares the cases among subjects; benefits follow from the registrations that are established.

    ``province_shares`` fixes the national share of some provinces by subject (English name, "" for every subject);
    the others share the rest by population. ``online`` is the online share at the beginning and the end of the
    period, ``online_of`` that of single provinces, ``online_free_day`` what a free day brings online of a worked one.
    ``at_once``: most registrations are answered by the match; ``late`` is the share decided after a limit. Of the
    reviewed, ``withdrawn`` are taken back, ``overridden`` granted although the register says no, ``excused`` filed late
    with an excuse. ``leaves`` is the share of recipients who leave in a month before their entitlement ends.
    ``procedures`` holds the shares of the procedures ("volume") and of the outcomes of each, ``grounds`` the reasons
    some of them have; a ground in ``outcome_of_ground`` settles the outcome. ``…_days`` are median working days.
    ``monthly_benefit`` is its median, in the currency of the country, and its spread.
    """

    mix: Shares
    province_shares: Mapping[str, Shares] = field(default_factory=dict)
    months: Hours = (1.0,) * 12
    long_holiday: LongHoliday = LongHoliday(tuple(range(1, 13)), 7, 0.8, 7, 0.5, 14, 1.2)
    online_hours: Hours = (
        3,
        1.5,
        0.8,
        0.5,
        0.5,
        1,
        3,
        8,
        18,
        24,
        25,
        22,
        18,
        16,
        15,
        14,
        13,
        12,
        12,
        13,
        14,
        13,
        10,
        6,
    )
    desk_hours: Hours = (0, 0, 0, 0, 0, 0, 0, 2, 20, 28, 30, 22, 12, 14, 16, 14, 5, 0, 0, 0, 0, 0, 0, 0)
    opens: float = 8.0
    office_hours: float = 7.5
    online: tuple[float, float] = (0.5, 0.7)
    online_of: Shares = field(default_factory=dict)
    online_free_day: float = 0.35
    eligible: float = 0.835
    at_once: bool = True
    reviewed: float = 0.22
    returned: float = 0.08
    withdrawn: float = 0.011
    overridden: float = 0.02
    excused: float = 0.1
    late: float = 0.09
    special_share: float = 0.09
    men: float = 0.5
    leaves: float = 0.03
    age: tuple[float, float] = (36.0, 9.5)
    faults: Shares = field(default_factory=dict)
    shares: Mapping[str, Shares] = field(default_factory=dict)
    claim_types: Shares = field(default_factory=dict)
    dispute_days: Mapping[str, float] = field(default_factory=dict)
    months_granted: str = "contribution"
    monthly_benefit: tuple[float, float] = (5_000_000.0, 0.35)
    procedures: Mapping[str, Shares] = field(default_factory=dict)
    procedure_days: Shares = field(default_factory=dict)
    grounds: Mapping[str, Shares] = field(default_factory=dict)
    outcome_of_ground: Mapping[str, str] = field(default_factory=dict)
    service_days: Shares = field(default_factory=dict)


FAULTS: Shares = {
    "registered": 0.30,
    "premium_paid": 0.19,
    "min_months": 0.20,
    "filed_within": 0.13,
    "insurance_is": 0.07,
    "standing_not": 0.07,
    "workshop_matches": 0.04,
}
"""How often each check of the rules of eligibility is the one that fails."""

OUTCOMES: Shares = {
    "settled": 0.10,
    "withdrawn": 0.045,
    "for_petitioner": 0.41,
    "partly": 0.235,
    "against_petitioner": 0.135,
    "inadmissible": 0.06,
    "joined": 0.015,
}
"""How disputes end; no shares are published, these are plausible."""

DEFAULT = Calibration(
    mix={"registrations": 0.28, "procedures": 0.27, "disputes": 0.14, "service_requests": 0.11},
    faults=FAULTS,
    shares={"disputes.outcome": OUTCOMES, "disputes.category": {"individual": 0.97, "collective": 0.03}},
)
