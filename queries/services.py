"""The other services of the labour-relations system: received, closed, electronic, waiting, and each one's own steps.

Which of the steps a service has is its own matter: contracts are registered, confirmed by both sides and followed up;
identities are verified at counter offices, in industrial towns and at the workplace. Whether a verified person goes on
to file a petition is told by the record of the verification: the system that has both writes the moment of the first
petition into it. A service request names no person, so the two are not matched here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries import caseload
from queries.ages import banded
from queries.bins import axis_of, by_bin, not_over, over_time
from queries.cohorts import cohort, within
from queries.counts import counts, pending, total
from queries.durations import percentile
from queries.glance import glance
from queries.headlines import share
from queries.online import ONLINE, shares
from queries.traits import by_trait

SUBJECT = "service_requests"
CONTRACTS, IDENTITY = "contracts", "identity_verification"
STEPS = ("confirmed", "followed_up")
"""What follows the registration of a contract."""
VERIFIED = ("approved", "done")
"""The outcomes of a verification that succeeded."""
PETITION_DAYS = (90, 30, 7)
"""Days from the request for verification within which a first petition is looked for, the longest first."""


def received(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Service requests opened in the period."""
    return caseload.received(db, filters, scope, SUBJECT)


def closed_per_day(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Service requests closed per working day of the period; ``n`` is how many were closed."""
    return caseload.closed_per_day(db, filters, scope, SUBJECT)


def waiting(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Service requests open at the end of the period, with median age and overdue ones of those open now."""
    return caseload.waiting(db, filters, scope, SUBJECT)


def services(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The services of the jurisdiction at a glance; one of which nothing came, was closed or is open is left out.

    Columns as of `queries.glance`, and ``online_share`` (None of nothing).
    """
    frame = glance(db, filters, scope, SUBJECT, _chosen(db, filters))
    found = counts(db, filters, scope, SUBJECT, (OPENED,), filters.window, ("category", "channel"))
    frame["online_share"] = frame["category"].map(shares(found, "category")["online_share"])
    frame = frame[frame[["received", "finished", "backlog"]].any(axis=1)].reset_index(drop=True)
    frame.attrs |= {"codes": f"{SUBJECT}.category", "kept_apart": []}
    return frame


def trend(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Requests of each service over time. Columns: ``category``, ``bin``, ``value``, ``provisional``."""
    found = over_time(db, filters, scope, SUBJECT, (OPENED,), filters.window, ("category",))
    return _courses(db, filters, {key: _course(db, filters, found, key) for key in _met(db, filters, found)})


def online_by_service(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The online share of each service over time.

    Columns: ``category``, ``bin``, ``value`` (None where nothing was opened), ``n`` (opened), ``provisional``.
    """
    found = over_time(db, filters, scope, SUBJECT, (OPENED,), filters.window, ("category", "channel"))
    keys = _met(db, filters, found)
    whole = {key: _course(db, filters, found, key) for key in keys}
    online = {key: _course(db, filters, found[found["channel"] == ONLINE], key) for key in keys}
    frame = _courses(db, filters, {key: online[key] / whole[key].where(whole[key] > 0) for key in keys})
    frame["n"] = [int(n) for course in whole.values() for n in course]
    return frame


def backlog_by_age(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Requests open now by service and age. Columns: ``category``, ``part`` (band of `queries.ages`), ``n``."""
    now = pending(db, filters, scope, SUBJECT, ("category", "opened_day"))
    frame = banded(now, filters.today, ("category",))
    order = {key: place for place, key in enumerate(_chosen(db, filters))}
    frame = frame.sort_values("category", key=lambda keys: keys.map(order), kind="stable", ignore_index=True)
    frame.attrs |= {"key": "category", "codes": f"{SUBJECT}.category", "parts": "stock.age", "graded": True}
    return frame[["category", "part", "n"]]


def outcomes(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How the requests closed in the period ended, by service.

    Columns: ``category``, ``part`` (the outcome), ``n``, ``share`` (of the service's closed).
    """
    found = counts(db, filters, scope, SUBJECT, (CLOSED,), filters.window, ("category", "outcome"))
    cells = found.set_index(["category", "outcome"])["n"]
    known = [code.key for code in db.jurisdiction.codes[f"{SUBJECT}.outcome"]]
    rows = [(key, outcome, int(cells.get((key, outcome), 0))) for key in _met(db, filters, found) for outcome in known]
    frame = pd.DataFrame(rows, columns=["category", "part", "n"])
    whole = frame.groupby("category")["n"].transform("sum")
    frame["share"] = frame["n"] / whole.where(whole > 0)
    frame.attrs |= {"key": "category", "codes": f"{SUBJECT}.category", "part_codes": f"{SUBJECT}.outcome"}
    return frame


def contracts(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What became of the contracts registered in the period: confirmed by both sides, then followed up.

    Columns: ``step`` (``registered``, then `STEPS`), ``n``, ``share`` (of those registered), ``lost`` (fewer than at
    the step before), ``median`` and ``p90`` (days since registration of those that got there). Nothing where contracts
    are no service (``attrs["observed"]`` then says that this is no lack of data). ``attrs["n"]`` is how many were
    registered.
    """
    only = {"category": (CONTRACTS,)}
    registered = total(counts(db, filters, scope, SUBJECT, (OPENED,), filters.window, (), only), OPENED)
    nothing: tuple[float | None, float | None] = (None, None)
    rows: list[tuple[str, int, float | None, int | None, float | None, float | None]] = []
    if registered:
        rows.append(("registered", registered, 1.0, None, *nothing))
    for step in STEPS if registered else ():
        ages = cohort(db, filters, scope, SUBJECT, step, filters.window, ("age",), only)
        n = int(ages["n"].sum())
        days = (percentile(ages, 0.5), percentile(ages, 0.9)) if n else nothing
        rows.append((step, n, share(n, registered), rows[-1][1] - n, *days))
    frame = pd.DataFrame(rows, columns=["step", "n", "share", "lost", "median", "p90"])
    frame.attrs |= {"labels": "services.step", "n": registered}
    frame.attrs["observed"] = not _offers(db, CONTRACTS)
    return frame


def places(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Where identities were verified, in the months that the period touches, the most first.

    Columns: ``place``, ``places_verified``, ``share``. Nothing where that is no service (``attrs["observed"]`` then
    says that this is no lack of data).
    """
    only = {"category": (IDENTITY,)}
    frame = by_trait(db, filters, scope, SUBJECT, OPENED, "place", filters.window, only)
    frame = frame.rename(columns={"n": "places_verified"}).sort_values("places_verified", ascending=False)
    frame = frame.reset_index(drop=True)
    frame["share"] = frame["places_verified"] / frame["places_verified"].sum()
    frame.attrs |= {"key": "place", "codes": "places"}
    frame.attrs["observed"] = not _offers(db, IDENTITY)
    return frame


def verified(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Who was verified, and where, in the months that the period touches; the place with most first.

    Columns: ``place``, ``part`` (worker, employer and so on), ``n``, ``share`` (of all). Nothing
    where that is no service (``attrs["observed"]`` then says that this is no lack of data).
    """
    only = {"category": (IDENTITY,)}
    frame = by_trait(db, filters, scope, SUBJECT, OPENED, "filer+place", filters.window, only)
    frame = frame.rename(columns={"filer": "part"})
    of_place = frame.groupby("place")["n"].transform("sum")
    order = [code.key for code in db.jurisdiction.codes["filers"]]
    frame["share"] = frame["n"] / frame["n"].sum()
    frame = frame.assign(most=-of_place, part_at=frame["part"].map({key: n for n, key in enumerate(order)}))
    frame = frame.sort_values(["most", "place", "part_at"], ignore_index=True)
    frame = frame[["place", "part", "n", "share"]]
    frame.attrs |= {"key": "place", "codes": "places", "part_codes": "filers"}
    frame.attrs["observed"] = not _offers(db, IDENTITY)
    return frame


def petitioned(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Of the identities that were to be verified in the period: how many were, and how soon a first petition followed.

    By cohort of the request, whenever it happened. Columns: ``step`` (``asked``, ``verified``, then ``within_<days>``
    for each of `PETITION_DAYS`), ``n``, ``share`` (of those verified; None before), ``lost`` (fewer than at the step
    before). Nothing where that is no service (``attrs["observed"]`` then says that this is no lack of data).
    """
    only = {"category": (IDENTITY,)}
    asked = total(counts(db, filters, scope, SUBJECT, (OPENED,), filters.window, (), only), OPENED)
    done = {**only, "outcome": VERIFIED}
    passed = int(cohort(db, filters, scope, SUBJECT, CLOSED, filters.window, (), done)["n"].sum())
    followed = cohort(db, filters, scope, SUBJECT, "petitioned", filters.window, ("age",), only)
    steps = {"asked": asked, "verified": passed}
    steps |= {f"within_{days}": within(followed, days) for days in PETITION_DAYS}
    rows: list[tuple[str, int, float | None, int | None]] = []
    for step, n in steps.items() if asked else ():
        part = None if step == "asked" else share(n, passed)
        rows.append((step, n, part, rows[-1][1] - n if rows else None))
    frame = pd.DataFrame(rows, columns=["step", "n", "share", "lost"])
    frame.attrs |= {"labels": "services.verification", "n": asked}
    frame.attrs["observed"] = not _offers(db, IDENTITY)
    return frame


def _offers(db: Database, service: str) -> bool:
    return any(code.key == service for code in db.jurisdiction.codes[f"{SUBJECT}.category"])


def _chosen(db: Database, filters: Filters) -> list[str]:
    """The services asked for, in the order of the jurisdiction's list."""
    keys = [code.key for code in db.jurisdiction.codes[f"{SUBJECT}.category"]]
    return [key for key in keys if not filters.categories or key in filters.categories]


def _met(db: Database, filters: Filters, found: pd.DataFrame) -> list[str]:
    """Those of the services asked for of which anything was found."""
    return [key for key in _chosen(db, filters) if (found["category"] == key).any()]


def _course(db: Database, filters: Filters, found: pd.DataFrame, key: str) -> pd.Series[int]:
    by_day = found[found["category"] == key].groupby("day")["n"].sum()
    return by_bin(by_day, filters.window, filters, db)


def _courses(db: Database, filters: Filters, courses: Mapping[str, pd.Series[Any]]) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"category": key, "bin": course.index, "value": course.to_numpy(dtype=float)})
        for key, course in courses.items()
    ]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["category", "bin", "value"])
    frame["provisional"] = not_over(frame["bin"], filters, db)
    frame.attrs |= {"key": "category", "codes": f"{SUBJECT}.category", **axis_of(filters)}
    return frame
