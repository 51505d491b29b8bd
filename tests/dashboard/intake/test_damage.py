"""Every kind of damage among good rows: nothing crashes, nothing is lost, nothing bad gets in, nobody is named."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.claims.subjects import REGISTRATIONS
from dashboard.intake.mapping import plain
from dashboard.intake.reading import read
from dashboard.intake.validate import Rejected, validate
from dashboard.jurisdictions import load
from tests import damage

KEY = b"k" * 32
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


@pytest.mark.parametrize("chunk_rows", [97, 50_000])
@pytest.mark.parametrize("key", ["ir", "vn"])
def test_every_damaged_row_is_rejected_and_every_good_one_accepted(tmp_path: Path, key: str, chunk_rows: int) -> None:
    jurisdiction = load(key)
    written = damage.write(tmp_path / "rows.csv", good=1500, damaged=4 * len(damage.KINDS), jurisdiction=jurisdiction)
    accepted: list[str] = []
    rejected: list[Rejected] = []
    received = 0
    for chunk in read(tmp_path / "rows.csv", plain(REGISTRATIONS), jurisdiction, chunk_rows):
        found = validate(chunk, REGISTRATIONS, jurisdiction, True, KEY, datetime.now(UTC))
        received += chunk.received
        assert chunk.received == len(found.frame) + len(found.rejected)
        accepted += found.frame["id"].tolist()
        rejected += found.rejected
    assert sorted(accepted) == sorted(written.good)
    assert received == len(written.good) + len(written.damaged)
    assert [(one.line, one.code) for one in rejected] == [(label.line, label.code) for label in written.damaged]


def test_no_national_code_stands_in_what_is_kept(tmp_path: Path) -> None:
    jurisdiction = load("ir")
    written = damage.write(tmp_path / "rows.csv", good=50, damaged=6 * len(damage.KINDS))
    for chunk in read(tmp_path / "rows.csv", plain(REGISTRATIONS), jurisdiction):
        found = validate(chunk, REGISTRATIONS, jurisdiction, True, KEY, datetime.now(UTC))
        kept = "\n".join(f"{one.raw} {one.value} {one.detail}" for one in found.rejected).translate(_DIGITS)
        runs = set(re.findall(r"\d{8,}", kept))
        named = {code for code in written.persons for run in runs if code.lstrip("0") in run}
        assert not named


def test_the_same_seed_writes_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        damage.write(tmp_path / name, good=20, damaged=40, seed=7)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
