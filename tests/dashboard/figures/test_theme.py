"""The colours can be read, also by those who confuse some of them."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import combinations, pairwise

import pytest

from dashboard.figures.theme import FONTS, THEMES, Theme, css
from dashboard.text import LANGUAGES

VISION = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""Linear RGB as seen: Machado, Oliveira and Fernandes (2009), severity 1."""


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    low, high = sorted(
        sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def oklab(rgb: list[float]) -> tuple[float, ...]:
    """Ottosson's Oklab, in which distances are about those the eye sees."""
    to_cone = (
        (0.41222147, 0.53633254, 0.05144599),
        (0.2119035, 0.68069955, 0.10739696),
        (0.08830246, 0.28171884, 0.6299787),
    )
    to_lab = (
        (0.21045426, 0.79361779, -0.00407205),
        (1.9779985, -2.42859221, 0.45059371),
        (0.02590404, 0.78277177, -0.80867577),
    )
    cone = [sum(w * max(p, 0.0) for w, p in zip(row, rgb, strict=True)) ** (1 / 3) for row in to_cone]
    return tuple(sum(w * p for w, p in zip(row, cone, strict=True)) for row in to_lab)


@pytest.fixture(params=THEMES.values(), ids=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    found: Theme = request.param
    return found


def test_words_can_be_read(theme: Theme) -> None:
    for name in ("ink", "muted", "accent", "good", "attention", "bad"):
        assert contrast(getattr(theme, name), theme.surface) >= 4.5, name
    for name in ("ink", "muted"):
        assert contrast(getattr(theme, name), theme.background) >= 4.5, name
    assert contrast(theme.surface, theme.accent) >= 4.5
    assert contrast(theme.accent, theme.accent_weak) >= 4.5


def test_data_stand_out_from_their_ground(theme: Theme) -> None:
    assert all(contrast(colour, theme.surface) >= 3 for colour in theme.series)
    assert contrast(theme.accent, theme.pale) >= 2.5


@pytest.mark.parametrize("vision", VISION)
def test_series_are_told_apart_by_every_eye(theme: Theme, vision: str) -> None:
    def seen(colour: str) -> list[float]:
        return [sum(w * p for w, p in zip(row, linear(colour), strict=True)) for row in VISION[vision]]

    for one, other in combinations(theme.series, 2):
        distance = sum((a - b) ** 2 for a, b in zip(oklab(seen(one)), oklab(seen(other)), strict=True)) ** 0.5
        assert distance >= 0.08, (one, other)


def test_the_scale_runs_one_way(theme: Theme) -> None:
    steps = [contrast(colour, theme.surface) for colour in theme.sequential]
    assert steps == sorted(steps)
    assert all(high / low > 1.2 for low, high in pairwise(steps))


def test_every_token_is_in_the_style_sheet_of_both_appearances() -> None:
    light, dark = re.findall(r"^(?::root|\[data-bs-theme=\"dark\"\]).*?^}", css(), re.MULTILINE | re.DOTALL)
    for theme, block in ((THEMES["light"], light), (THEMES["dark"], dark)):
        for field in fields(Theme):
            value = getattr(theme, field.name)
            name = "--" + field.name.replace("_", "-")
            if isinstance(value, str):
                assert f"  {name}: {value};\n" in block
            else:
                assert all(f"  {name}-{n}: {colour};\n" in block for n, colour in enumerate(value, 1))


def test_figures_are_laid_out_left_to_right_on_every_page() -> None:
    """Else the hidden picture plotly measures with inherits the page's direction, and Persian labels are cut."""
    rule = css().partition(".js-plotly-plot,\n#js-plotly-tester {")[2].partition("}")[0]
    assert "direction: ltr;" in rule


def test_each_language_has_its_font_first() -> None:
    assert set(FONTS) == set(LANGUAGES)
    assert FONTS["fa"].startswith("Vazirmatn")
    assert FONTS["en"].startswith("Inter")
