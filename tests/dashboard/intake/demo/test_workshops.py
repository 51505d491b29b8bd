"""Workshop codes fit the pattern they are made from."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dashboard.intake.demo.workshops import workshop_codes


@pytest.mark.parametrize(
    "pattern", [r"[0-9]{10}", r"^\d{3}-\d{4}$", r"[0-9A-Z]{5,12}", r"W[A-C]{2}\d{6,}", r"[0-9]{8}[xy]"]
)
def test_codes_fit_and_differ(pattern: str) -> None:
    codes = workshop_codes(pattern, np.arange(500))
    assert all(re.fullmatch(pattern, code) for code in codes)
    assert len(set(codes.tolist())) == 500


@pytest.mark.parametrize("pattern", ["(a|b)", r"\w+", "[^a]{3}", "[0-9]*"])
def test_what_is_not_understood_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot make workshop codes"):
        workshop_codes(pattern, np.arange(3))
