"""How many cases of each subject there are."""

from __future__ import annotations

from collections.abc import Collection

from dashboard.intake.demo.calibration import Calibration

CASES = 300_000
"""Cases of the demo unless more or fewer are asked for."""
ORDER = ("premiums", "registrations", "disputes", "procedures", "service_requests", "benefits")
"""The subjects in the order in which they are made: the register first, for the match needs it."""
STANDING = ("staffing", "readiness")
"""What there is besides cases, few rows whatever their number."""


def shares(calibration: Calibration) -> dict[str, float]:
    """The share of each subject in the cases. What the mix leaves is for benefits; the register comes on top."""
    return {
        "premiums": 0.0,
        **dict.fromkeys(STANDING, 0.0),
        **calibration.mix,
        "benefits": max(1.0 - sum(calibration.mix.values()), 0.0),
    }


def volumes(calibration: Calibration, cases: int, subjects: Collection[str]) -> dict[str, int]:
    """Cases of the subjects that arrive by themselves, for ``cases`` cases spread over ``subjects``.

    Registrations are counted also where only benefits or the register, which follow from them, are asked for.
    ValueError for fewer than no cases or an unknown subject.
    """
    unknown = sorted(set(subjects) - {*ORDER, *STANDING})
    if unknown or cases < 0:
        raise ValueError(f"no demo data of {', '.join(unknown)}" if unknown else f"cases is {cases}")
    share = shares(calibration)
    asked = sum(share[subject] for subject in subjects) or share["registrations"]
    arriving = [subject for subject in calibration.mix if subject in subjects or subject == "registrations"]
    return {subject: round(cases * share[subject] / asked) for subject in arriving}
