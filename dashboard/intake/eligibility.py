"""Eligibility answered at once: registrations held against the premium register by the jurisdiction's rules.

The first rule that fails gives the reason; who passes all is covered. The months of a person count over all workshops
for which the premium was paid, for the law asks for the history of a person, not of a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.claims.localtime import local_days
from dashboard.intake import derive
from dashboard.jurisdictions import EligibilityRule, Jurisdiction

Mask = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

COVERED: Final = "covered"
ELIGIBLE, NOT_ELIGIBLE = "eligible", "not_eligible"
_GRANTED: Final = ("referred_at", "established_at", "account_at", "paid_at")


def decide(registrations: pd.DataFrame, register: pd.DataFrame, jurisdiction: Jurisdiction) -> pd.DataFrame:
    """What the register says of each registration.

    A frame with the same index and the columns

    - ``match``: ``covered``, or the reason of the first rule that fails; missing where there is nothing to match (no
      person, no workshop, or no rule in force on the day of filing),
    - ``rule``: the key of that rule,
    - ``final``: false where an expert may still find otherwise: filed late, but within the days an excuse may cover.

    ``registrations`` needs ``person_hash``, ``workshop_code``, ``opened_at`` and ``job_lost_on`` as `validate` gives
    them. ``register`` holds all rows of these persons, of other workshops too: ``person_hash`` (written alike),
    ``workshop_code``, ``months``, ``premium_paid``, ``insurance``, ``standing``.
    """
    known = _Known.of(registrations, register, jurisdiction)
    length = len(registrations)
    match = np.full(length, None, dtype=object)
    rule_keys = np.full(length, None, dtype=object)
    final = np.ones(length, dtype=np.bool_)
    passing = known.matchable.copy()
    asked = np.zeros(length, dtype=np.bool_)
    for rule in jurisdiction.eligibility:
        in_force = passing & _in_force(rule, known.filed)
        asked |= in_force
        fails = in_force & known.fails(rule)
        match[fails], rule_keys[fails] = rule.reason, rule.key
        excused = rule.parameters.get("excused_days")
        if isinstance(excused, int):
            final[fails] = known.lag[fails] > excused
        passing &= ~fails
    match[passing & asked] = COVERED
    return pd.DataFrame(
        {
            "match": pd.Series(match, index=registrations.index, dtype="str"),
            "rule": pd.Series(rule_keys, index=registrations.index, dtype="str"),
            "final": pd.Series(final, index=registrations.index),
        }
    )


def apply(registrations: pd.DataFrame, decided: pd.DataFrame, jurisdiction: Jurisdiction) -> pd.DataFrame:
    """The registrations (as `validate` gives them) with the match noted and, where it answers them, the answer.

    It answers those that are open and not with an expert: decided at the moment of filing. What a province decided
    itself stands. Those of the scheme for the uninsured fail the match as a rule, and are counted apart for that.
    """
    found = registrations.copy()
    found["match"] = decided["match"]
    answered = decided["match"].notna() & decided["final"]
    for column in ("outcome", "review_at", "decided_at"):
        answered &= found[column].isna()
    eligible = decided["match"] == COVERED
    # Who was referred or paid was found eligible by somebody: the register may confirm that, but not refuse it now.
    granted = found[list(_GRANTED)].notna().any(axis=1)
    answered &= np.where(granted, eligible, found["closed_at"].isna())
    refused = answered & ~eligible
    found.loc[answered, "outcome"] = np.where(eligible[answered], ELIGIBLE, NOT_ELIGIBLE)
    found.loc[refused, "reason"] = decided.loc[refused, "match"]
    found.loc[answered, "decided_at"] = found.loc[answered, "opened_at"]
    found.loc[refused, "closed_at"] = found.loc[refused, "opened_at"]
    found["timing"] = pd.Series(
        derive.timing(_local_days(found["closed_at"], jurisdiction), _days(found["due_on"])),
        index=found.index,
        dtype="str",
    )
    return found


class _Known:
    """What is known of each registration, row by row; what the register lacks is missing."""

    def __init__(
        self, filed: Days, lag: npt.NDArray[np.float64], matchable: Mask, person_listed: Mask, row: pd.DataFrame
    ) -> None:
        self.filed, self.lag, self.matchable, self.person_listed, self.row = filed, lag, matchable, person_listed, row

    @classmethod
    def of(cls, registrations: pd.DataFrame, register: pd.DataFrame, jurisdiction: Jurisdiction) -> _Known:
        filed = _local_days(registrations["opened_at"], jurisdiction)
        lost = _days(registrations["job_lost_on"])
        lag = np.where(np.isnat(lost), np.nan, (filed - lost) / np.timedelta64(1, "D"))
        asked, listed = _numbered(registrations, register)
        paid = listed[listed["premium_paid"].astype("bool")]
        months = paid.groupby("person")["months"].sum()
        keys = ["person", "workshop"]
        row = asked.merge(listed.drop_duplicates(keys), on=keys, how="left")
        row["all_months"] = row["person"].map(months).astype("float64").fillna(0)
        return cls(
            filed,
            lag,
            matchable=(asked >= 0).all(axis=1).to_numpy(dtype=np.bool_),
            person_listed=asked["person"].isin(listed["person"]).to_numpy(dtype=np.bool_),
            row=row,
        )

    def fails(self, rule: EligibilityRule) -> Mask:
        """Where a rule fails. A date that is missing fails nothing; a row of the register that is missing fails all."""
        match rule.check:
            case "registered":
                return ~self.person_listed
            case "workshop_matches":
                return self.row["standing"].isna().to_numpy(dtype=np.bool_)
            case "premium_paid":
                return ~self.row["premium_paid"].astype("boolean").fillna(False).to_numpy(dtype=np.bool_)
            case "insurance_is":
                return ~self.row["insurance"].isin(_keys(rule, "allowed")).to_numpy(dtype=np.bool_)
            case "standing_not":
                return self.row["standing"].isin(_keys(rule, "excluded")).to_numpy(dtype=np.bool_)
            case "min_months":
                return np.asarray(self.row["all_months"].to_numpy() < _number(rule, "months"), dtype=np.bool_)
            case "filed_within":
                return np.asarray(self.lag > _number(rule, "days"), dtype=np.bool_)
        raise ValueError(f"the eligibility rule {rule.key} has the unknown check {rule.check!r}")


def _numbered(registrations: pd.DataFrame, register: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames with persons and workshops as numbers (-1: none), which compare much faster than their texts."""
    numbers = {}
    for name, column in (("person", "person_hash"), ("workshop", "workshop_code")):
        texts = np.concatenate([frame[column].to_numpy(dtype=object) for frame in (registrations, register)])
        numbers[name] = pd.factorize(texts)[0]
    n = len(registrations)
    asked = pd.DataFrame({name: codes[:n] for name, codes in numbers.items()})
    listed = register.drop(columns=["person_hash", "workshop_code"]).reset_index(drop=True)
    return asked, listed.assign(**{name: codes[n:] for name, codes in numbers.items()})


def _in_force(rule: EligibilityRule, filed: Days) -> Mask:
    found = ~np.isnat(filed)
    if rule.valid_from is not None:
        found &= filed >= np.datetime64(rule.valid_from, "D")
    if rule.valid_to is not None:
        found &= filed <= np.datetime64(rule.valid_to, "D")
    return np.asarray(found, dtype=np.bool_)


def _keys(rule: EligibilityRule, name: str) -> Sequence[str]:
    keys = rule.parameters[name]
    assert isinstance(keys, tuple)  # the loader of jurisdictions sees to it
    return keys


def _number(rule: EligibilityRule, name: str) -> int:
    number = rule.parameters[name]
    assert isinstance(number, int)  # likewise
    return number


def _local_days(moments: pd.Series[pd.Timestamp], jurisdiction: Jurisdiction) -> Days:
    return local_days(moments.dt.tz_localize(None).to_numpy(dtype="datetime64[us]"), jurisdiction.timezone)


def _days(days: pd.Series[pd.Timestamp]) -> Days:
    return days.to_numpy(dtype="datetime64[s]").astype("datetime64[D]")
