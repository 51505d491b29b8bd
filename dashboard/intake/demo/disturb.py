"""What goes wrong and is put right: corrections of cases already sent, and rows no intake may accept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import numpy as np

from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.demo.pool import Record
from dashboard.intake.demo.world import World

_CORRECTED: Mapping[str, tuple[str, ...]] = {
    "registrations": ("cause", "sector", "skill", "age"),
    "disputes": ("claim_types", "sector", "filer"),
    "procedures": ("sector", "skill", "age"),
    "service_requests": ("sector",),
    "benefits": ("sector", "skill", "age"),
}


def correct(world: World, subject: str, record: Record, now: str, rng: np.random.Generator) -> Record:
    """The record with one field changed to another valid value, changed ``now``."""
    name = str(rng.choice(_CORRECTED[subject]))
    field = SUBJECTS[subject].field(name)
    values = (
        [code.key for code in world.jurisdiction.codes[field.codes]] if field.codes else [str(n) for n in range(20, 60)]
    )
    others = [value for value in values if value != record[name]]
    return {**record, name: str(rng.choice(others)) if others else record[name], "updated_at": now}


def _nowhere(record: Record, _now: datetime) -> Record:
    return {"province": record["province"] + "-99", "office": ""}


def _closed_before_opened(record: Record, _now: datetime) -> Record:
    opened = datetime.fromisoformat(record["opened_at"])
    return {"closed_at": (opened - timedelta(days=3)).isoformat()}


def _impossible_day(record: Record, _now: datetime) -> Record:
    return {"opened_at": record["opened_at"][:5] + "13-45"}


def _from_tomorrow(_record: Record, now: datetime) -> Record:
    return {"opened_at": (now + timedelta(days=1)).isoformat()}


def _unheard_of(_record: Record, _now: datetime) -> Record:
    return {"category": "category?"}


def _nothing_known(_record: Record, _now: datetime) -> Record:
    return {"category": ""}


_BREAKS: tuple[Callable[[Record, datetime], Record], ...] = (
    _nowhere,
    _closed_before_opened,
    _impossible_day,
    _from_tomorrow,
    _unheard_of,
    _nothing_known,
)


def spoil(record: Record, now: datetime, rng: np.random.Generator) -> Record:
    """The record with something in it that must lead to quarantine. ``now`` is local."""
    broken = _BREAKS[int(rng.integers(len(_BREAKS)))](record, now)
    return {**record, **broken}
