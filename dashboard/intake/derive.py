"""What follows from a record and the law: when it is due, when it closed, and whether that was in time.

A province's own value always stands; only what it left empty is filled in. ``timing`` is always the intake's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.flows import FLOWS
from dashboard.claims.localtime import local_days
from dashboard.claims.subjects import BENEFITS, REGISTRATIONS, Subject
from dashboard.intake.characters import absent
from dashboard.intake.eras import eras
from dashboard.intake.records import days_of, moments
from dashboard.jurisdictions import Jurisdiction
from dashboard.jurisdictions.workdays import FIRST, LAST

Columns = dict[str, pa.Array]
Days = npt.NDArray[np.datetime64]

EARLY, ON_TIME, LATE = "early", "on_time", "late"
_ENDING = ("not_eligible", "withdrawn")
"""Outcomes of a registration with which it is over; an eligible one is over when it is paid."""


def complete(subject: Subject, columns: Columns, jurisdiction: Jurisdiction) -> Columns:
    """The columns of sound records with those that are derived: ``closed_at``, ``due_on``, ``timing``, ``match``."""
    columns = dict(columns)
    if subject is BENEFITS:
        columns["due_on"] = ending(columns, jurisdiction)
    if subject is REGISTRATIONS:
        columns["closed_at"] = closing(columns)
    for field in subject.derived:
        columns.setdefault(field.name, absent(len(columns["id"])))
    if any(field.name == "timing" for field in subject.derived):
        opened = local_days(moments(columns["opened_at"]), jurisdiction.timezone)
        closed = local_days(moments(columns["closed_at"]), jurisdiction.timezone)
        due = days_of(columns["due_on"])
        due = np.where(np.isnat(due), _due(subject, columns, opened, closed, jurisdiction), due)
        due = np.where(np.isnat(due) & np.isnat(closed), _step_due(subject, columns, jurisdiction), due)
        columns["due_on"] = pa.array(due, pa.date32())
        columns["timing"] = pa.array(timing(closed, due).tolist(), pa.string())
    return columns


def closing(columns: Columns) -> pa.Array:
    """When a registration was over: as reported, else when paid, else when decided so that nothing more can follow."""
    ended = pc.fill_null(pc.is_in(columns["outcome"], pa.array(_ENDING)), False)
    nothing = pa.scalar(None, columns["decided_at"].type)
    return pc.coalesce(columns["closed_at"], columns["paid_at"], pc.if_else(ended, columns["decided_at"], nothing))


def ending(columns: Columns, jurisdiction: Jurisdiction) -> pa.Array:
    """The day a benefit's entitlement ends: as reported, else the months granted after the day it was established.

    Gregorian months; a day that the last month lacks becomes its last one. Time of suspension is not added: whether it
    prolongs the entitlement differs from law to law, so who knows it reports the day.
    """
    opened = local_days(moments(columns["opened_at"]), jurisdiction.timezone)
    months = pc.fill_null(columns["months_granted"], 0).to_numpy(zero_copy_only=False).astype(np.int64)
    last = opened.astype("datetime64[M]") + months
    day = (opened - opened.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    ends = np.minimum(last.astype("datetime64[D]") + day, (last + 1).astype("datetime64[D]") - 1)
    ends = np.where(
        columns["months_granted"].is_valid().to_numpy(zero_copy_only=False), ends, np.datetime64("NaT", "D")
    )
    return pc.coalesce(columns["due_on"], pa.array(ends, pa.date32()))


def timing(closed: Days, due: Days) -> npt.NDArray[np.str_]:
    """``early`` before the day it was due, ``on_time`` on it, ``late`` after it; empty if open or without a limit."""
    known = ~np.isnat(closed) & ~np.isnat(due)
    return np.select([known & (closed < due), known & (closed == due), known], [EARLY, ON_TIME, LATE], "")


def _due(subject: Subject, columns: Columns, opened: Days, closed: Days, jurisdiction: Jurisdiction) -> Days:
    """The day each case is due by its limit from filing to closing; NaT without one.

    The time a file lay with the claimant for completion does not count, once: it is added in the unit of the limit.
    While it still lies there the case has no day it is due, for nobody can tell how long that will be.
    """
    due = np.full(len(opened), np.datetime64("NaT", "D"))
    times = eras((limit.valid_from, limit.valid_to) for limit in jurisdiction.limits if limit.subject == subject.key)
    encoded = columns["category"].dictionary_encode()
    category = encoded.indices.to_numpy()
    era = times.of(opened)
    returned, waited_until = _wait(columns, closed, jurisdiction)
    waiting = ~np.isnat(returned) & np.isnat(waited_until)
    supplemented = ~np.isnat(returned) & ~np.isnat(waited_until)
    countable = (opened >= np.datetime64(FIRST, "D")) & ~waiting
    for place, key in enumerate(encoded.dictionary.to_pylist()):
        for number, day in enumerate(times.days):
            limit = jurisdiction.limit(subject.key, key, day)
            if limit is None:
                continue
            rows = np.flatnonzero(countable & (category == place) & (era == number))
            days = np.full(len(rows), limit.days, dtype=np.int64)
            extra = supplemented[rows]
            from_, to = returned[rows][extra], waited_until[rows][extra]
            if limit.unit == "working_day":
                days[extra] += jurisdiction.workdays.between_many(from_, to)
                due[rows] = jurisdiction.workdays.add_many(opened[rows], days)
            else:
                days[extra] += (to - from_).astype(np.int64)
                due[rows] = opened[rows] + days
    return due


def _step_due(subject: Subject, columns: Columns, jurisdiction: Jurisdiction) -> Days:
    """The day the step that each open case is in is due by the limit of that step; NaT without one."""
    due = np.full(len(columns["id"]), np.datetime64("NaT", "D"))
    for step in FLOWS[subject.key].steps:
        begun = local_days(moments(columns[step.after]), jurisdiction.timezone)
        over = columns[step.until].is_valid().to_numpy(zero_copy_only=False)
        due[~np.isnat(begun)] = np.datetime64("NaT", "D")  # what came before is done
        for limit in jurisdiction.limits:
            if (limit.subject, limit.step) == (subject.key, step.limit):
                first, last = (np.datetime64(day, "D") for day in (limit.valid_from or FIRST, limit.valid_to or LAST))
                rows = np.flatnonzero(~over & (begun >= first) & (begun <= last))
                if limit.unit == "working_day":
                    days = np.full(len(rows), limit.days, dtype=np.int64)
                    due[rows] = jurisdiction.workdays.add_many(begun[rows], days)
                else:
                    due[rows] = begun[rows] + limit.days
    return due


def _wait(columns: Columns, closed: Days, jurisdiction: Jurisdiction) -> tuple[Days, Days]:
    """The local days a file was returned to the claimant and came back; closing ends the wait as well."""
    if "returned_at" not in columns:
        nothing = np.full(len(closed), np.datetime64("NaT", "D"))
        return nothing, nothing
    returned = local_days(moments(columns["returned_at"]), jurisdiction.timezone)
    back = local_days(moments(columns["resubmitted_at"]), jurisdiction.timezone)
    return returned, np.where(np.isnat(back), closed, back)
