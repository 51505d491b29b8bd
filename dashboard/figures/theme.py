"""The colours and sizes of the product: one table, for figures, pictures and the style sheet alike."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Literal

Name = Literal["light", "dark"]


@dataclass(frozen=True)
class Theme:
    """The colours of one appearance, as ``#rrggbb``.

    ``good``, ``attention`` and ``bad`` are readable as text on ``surface``; a word or an icon always stands with them.
    ``sequential`` runs from little to much. ``series`` tells categories apart, in this order, also for readers who
    confuse colours; ``pale`` and ``band`` are the quiet fills behind lines.
    """

    background: str
    surface: str
    hairline: str
    ink: str
    muted: str
    accent: str
    accent_weak: str
    good: str
    attention: str
    bad: str
    pale: str
    band: str
    sequential: tuple[str, str, str, str, str]
    series: tuple[str, ...]


LIGHT: Final = Theme(
    background="#f5f6f8",
    surface="#ffffff",
    hairline="#e4e8ec",
    ink="#17212b",
    muted="#5a6775",
    accent="#0b6e6e",
    accent_weak="#dcefee",
    good="#1b7f4b",
    attention="#9a6700",
    bad="#b3261e",
    pale="#9ccac6",
    band="#eaedf1",
    sequential=("#e2f1ef", "#b5dcd8", "#7fc0ba", "#3d9893", "#0b6e6e"),
    series=("#0b6e6e", "#cd7e2c", "#1f388c", "#5f1f3f", "#8a949f"),
)
DARK: Final = Theme(
    background="#0f151b",
    surface="#171f28",
    hairline="#273341",
    ink="#e7ecf1",
    muted="#9aa8b6",
    accent="#4fc1b8",
    accent_weak="#143a3a",
    good="#57c785",
    attention="#e0a83a",
    bad="#ff8a80",
    pale="#2f6d6a",
    band="#232e3a",
    sequential=("#173b3b", "#1f5857", "#2f7f7b", "#45a49d", "#7cd6cb"),
    series=("#4fc1b8", "#f1a558", "#5b8def", "#c2688b", "#d4d9dd"),
)
THEMES: Final[dict[Name, Theme]] = {"light": LIGHT, "dark": DARK}

SIZES: Final = {
    "radius": "12px",
    "gap": "14px",
    "navigation": "208px",
    "text": "14px",
    "title": "14.5px",
    "caption": "12px",
    "number": "30px",
}
"""What does not change with the appearance."""

FONTS: Final = {
    "en": "Inter, Vazirmatn, system-ui, sans-serif",
    "fa": "Vazirmatn, Inter, system-ui, sans-serif",
    "vi": "Inter, Vazirmatn, system-ui, sans-serif",
}
"""The font families of a language; both fonts are shipped."""


def css() -> str:
    """The tokens as custom properties (``--surface``, ``--sequential-1`` …) and what figures need of the page.

    Light by default, dark under ``data-bs-theme="dark"``. Figures stay left-to-right inside a right-to-left page, and
    so does the hidden picture in which plotly measures its text: an inherited direction turns the anchors of text
    round, margins come out too narrow and labels are cut. The text itself is isolated.
    """
    sizes = "".join(f"  --{name}: {size};\n" for name, size in SIZES.items())
    return (
        f':root,\n[data-bs-theme="light"] {{\n  color-scheme: light;\n{sizes}{_properties(LIGHT)}}}\n'
        f'[data-bs-theme="dark"] {{\n  color-scheme: dark;\n{_properties(DARK)}}}\n'
        ".js-plotly-plot,\n#js-plotly-tester {\n  direction: ltr;\n  font-variant-numeric: tabular-nums;\n}\n"
    )


def _properties(theme: Theme) -> str:
    lines = []
    for field in fields(theme):
        value = getattr(theme, field.name)
        name = field.name.replace("_", "-")
        if isinstance(value, str):
            lines.append(f"  --{name}: {value};\n")
        else:
            lines += [f"  --{name}-{number}: {colour};\n" for number, colour in enumerate(value, 1)]
    return "".join(lines)
