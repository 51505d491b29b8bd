"""What cases are worked off with: staff and boards of every office, and how ready each province is to work online."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from dashboard.intake.demo.arrays import DAY, Columns
from dashboard.jurisdictions import Jurisdiction

if TYPE_CHECKING:
    from dashboard.intake.demo.world import World

_PER_EXPERT = 1_400
"""Registrations a year that an expert of the demo works off, beside all else that the office does."""
_BOARDS = 160
"""Boards of the nation, in offices by the population of their province, at least one each."""
_MONTH = 30
_MONTHS = 18
"""Months ago that provinces began to report how ready they are."""


def boards_of(jurisdiction: Jurisdiction) -> Mapping[str, int]:
    """Office → its boards."""
    people = {p.code: p.population or 1 for p in jurisdiction.provinces}
    nation, offices = sum(people.values()), Counter(office.province for office in jurisdiction.offices)
    return {
        office.code: max(round(_BOARDS * people[office.province] / nation / offices[office.province]), 1)
        for office in jurisdiction.offices
    }


def staffing(world: World) -> Columns:
    """Experts and boards of each office from the first day on, and anew a year ago where they have changed."""
    offices = world.jurisdiction.offices
    people = {p.code: p.population or 1 for p in world.jurisdiction.provinces}
    nation, in_province = sum(people.values()), [office.province for office in offices]
    index = np.arange(len(offices), dtype=np.int64)
    luck, moved = world.chance.uniform("experts", index), world.chance.uniform("staff changes", index)
    cases = np.array([world.per_year * people[code] / nation / in_province.count(code) for code in in_province])
    experts = np.maximum(np.round(cases / _PER_EXPERT * (0.6 + luck)), 1).astype(np.int64)
    boards = np.array(list(boards_of(world.jurisdiction).values()), np.int64)
    changed = np.flatnonzero(moved < 0.3)
    later = np.maximum(experts[changed] + np.where(moved[changed] < 0.12, -1, 2), 1)
    last_year = max(world.until // DAY - 365, 0)
    since = np.concatenate([np.zeros(len(offices), np.int64), np.full(len(changed), last_year)])
    rows = np.concatenate([index, changed])
    return {
        "province": np.array(in_province)[rows],
        "office": np.array([office.code for office in offices])[rows],
        "since": world.time.dates(since),
        "experts": np.concatenate([experts, later]).astype(np.str_),
        "boards": boards[rows].astype(np.str_),
        "updated_at": world.time.moments(since * DAY),
    }


def readiness(world: World) -> Columns:
    """Once a month: how many of a province's staff, accounts and systems are ready, from few to nearly all."""
    provinces = [province.code for province in world.jurisdiction.provinces]
    days = np.arange(world.until // DAY - _MONTHS * _MONTH, world.until // DAY, _MONTH, dtype=np.int64)
    days = days[days >= 0]
    place, month = (
        axis.ravel() for axis in np.meshgrid(np.arange(len(provinces)), np.arange(len(days)), indexing="ij")
    )
    columns: Columns = {"province": np.array(provinces)[place], "day": world.time.dates(days[month])}
    pairs = (
        ("staff", "staff_trained", 60),
        ("accounts", "accounts_delegated", 45),
        ("systems", "systems_integrated", 6),
    )
    for whole, part, usual in pairs:
        there = np.maximum(np.round(world.chance.lognormal(whole, place, usual, 0.5)), 1).astype(np.int64)
        begins = world.chance.uniform(f"{part} begins", place) * 10
        share = 1 / (1 + np.exp(-(month - begins - 3) / 2.2))
        columns[whole] = there.astype(np.str_)
        columns[part] = np.minimum((there * share).astype(np.int64), there).astype(np.str_)
    columns["updated_at"] = world.time.moments(days[month] * DAY)
    return columns
