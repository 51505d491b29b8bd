"""Where: the provinces as filled areas, in five classes from little to much, every one of them a thing to click.

Frame: ``province`` (code) and one column a measure, named by the measure's key. The column ``frame.attrs["measure"]``
(default: the first that is a measure) is coloured, all of them are told when a province is pointed at. A null is shown
as "no data", a province without a row as out of view. ``frame.attrs["chosen"]``: codes to be outlined.

A province is one trace with ``hoveron="fills"``: pointing at or clicking anywhere inside it counts. The point of such a
click has no place and the ``customdata`` of the whole trace, which are those of the province. plotly takes the hover
text of fills from ``text`` with ``hoverinfo="text"`` alone; ``hovertemplate`` and ``hovertext`` do nothing there.

The country is never mirrored; its legend is. Without boundaries the provinces are ranked bars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base, ranked
from dashboard.figures.classes import class_limits, class_of
from dashboard.figures.clicks import Clicks, clicks
from dashboard.figures.country import Country, Line, country
from dashboard.figures.look import Look
from dashboard.figures.rows import described, digits_of, measure_of, nothing, numbers
from dashboard.figures.scale import HEIGHT, scale
from dashboard.measures import Measure

_NOTICE_LINE: Final = 14
_LONGEST: Final = 60
"""Letters on a line of a notice, on a telephone."""
_PER_HEAD: Final = ("registered_per_100k", "opened_per_100k")


def draw(frame: pd.DataFrame, look: Look, measure: str = "") -> go.Figure:
    """The map as a figure; ranked bars where the jurisdiction has no boundaries, an empty figure for an empty frame.

    ``measure``, the key of the measure to colour by, goes before the frame's own.
    """
    if frame.empty:
        return base.figure(look)
    if not look.jurisdiction.boundaries:
        return ranked.draw(frame, look, measure)
    counted = measure_of(frame, measure)
    values = dict(zip(map(str, frame["province"]), numbers(frame, counted.key), strict=True))
    limits = class_limits([value for value in values.values() if value is not None])
    fills = {code: None if value is None else _colour(value, limits, look) for code, value in values.items()}
    asked = clicks(frame, look)
    words = _words(frame, asked, look)
    chosen = frozenset(frame.attrs.get("chosen", ()))
    # An outline drawn early would lie under the neighbours'.
    order = sorted(look.jurisdiction.boundaries, key=lambda code: code in chosen)
    shape = country(look.jurisdiction)
    annotations, shapes = _legend(values, limits, counted, nothing(frame, look), look)
    notices = _notices(frame, look)
    return base.figure(
        look,
        [
            *(_area(code, shape.outlines[code], fills, words, asked, code in chosen, look) for code in order),
            *_islands(shape, fills, words, asked, look),
        ],
        hovermode="closest",
        xaxis=base.HIDDEN | {"range": list(shape.x)},
        yaxis=base.HIDDEN | {"range": list(shape.y), "scaleanchor": "x", "scaleratio": 1},
        annotations=[*annotations, _notice(notices, look), *_island_labels(shape, look)],
        shapes=shapes,
        margin={"l": 2, "r": 2, "t": 2, "b": HEIGHT + _NOTICE_LINE * len(notices) + 2},
    )


def _words(frame: pd.DataFrame, asked: Clicks, look: Look) -> Mapping[str, str]:
    """Province → what is told when it is pointed at."""
    told = described(frame, "province", look)
    unseen = (look.text("figure.areas.not_in_view"),)
    return {
        code: base.headed(look, name, *told.get(code, unseen), *asked.said(province=code))
        for code, name in look.names("provinces").items()
    }


def _area(
    code: str,
    outline: Line,
    fills: Mapping[str, str | None],
    words: Mapping[str, str],
    asked: Clicks,
    chosen: bool,
    look: Look,
) -> go.Scatter:
    colours = look.colours
    fill = fills.get(code)
    hatched = {"shape": "/", "fgcolor": colours.muted, "bgcolor": colours.band, "size": 5, "solidity": 0.16}
    return go.Scatter(
        x=outline[0],
        y=outline[1],
        mode="lines",
        fill="toself",
        fillcolor=fill or colours.band,
        fillpattern=hatched if code in fills and fill is None else {"shape": ""},
        line={"width": 2.5, "color": colours.ink} if chosen else {"width": 0.8, "color": colours.surface},
        hoveron="fills",
        text=words[code],
        hoverinfo="text",
        customdata=asked.data(code, province=code),
    )


def _colour(value: float, limits: Sequence[float], look: Look) -> str:
    """The colour of a value; fewer classes than colours are spread over the whole scale."""
    return _spread(len(limits) + 1, look)[class_of(value, limits)]


def _spread(classes: int, look: Look) -> list[str]:
    colours = look.colours.sequential
    if classes == 1:
        return [colours[2]]
    return [colours[round(index * (len(colours) - 1) / (classes - 1))] for index in range(classes)]


def _legend(
    values: Mapping[str, float | None], limits: Sequence[float], measure: Measure, unknown: str, look: Look
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    known = [value for value in values.values() if value is not None]
    digits = digits_of(measure, known)
    if measure.format == "share" and all(abs(limit * 100 - round(limit * 100)) < 1e-9 for limit in limits):
        digits = 0
    ends = [min(known), *limits, max(known)] if limits else known[:1]
    more = []
    if len(known) < len(values):
        more.append(base.Entry("▨", look.colours.muted, unknown))
    if any(code not in values for code in look.jurisdiction.boundaries):
        more.append(base.Entry(base.BLOCK, look.colours.band, look.text("figure.areas.not_in_view")))
    return scale(
        look,
        look.text(f"measure.{measure.key}.label"),
        _spread(len(limits) + 1, look) if known else [],
        [look.text.written(end, measure.format, digits) for end in ends],
        more,
    )


def _notices(frame: pd.DataFrame, look: Look) -> list[str]:
    """Whose boundaries these are, which the licence asks for on every rendered map; and whose count of inhabitants, of
    when, where anything is divided by it.
    """
    lines = base.wrapped(look.jurisdiction.boundary_notice, _LONGEST)
    if any(name in frame and frame[name].notna().any() for name in _PER_HEAD):
        lines += base.wrapped(look.jurisdiction.population_notice.get(look.text.language, ""), _LONGEST)
    return lines


def _notice(lines: Sequence[str], look: Look) -> dict[str, Any]:
    side = "right" if look.rtl else "left"
    return {
        "text": base.words(look, *lines),
        "xref": "paper",
        "yref": "paper",
        "x": 1 if look.rtl else 0,
        "y": 0,
        "xanchor": side,
        "yanchor": "top",
        "align": side,
        "yshift": -HEIGHT,
        "borderpad": 0,
        "showarrow": False,
        "font": {"size": 10, "color": look.colours.muted},
    }


def _islands(
    shape: Country, fills: Mapping[str, str | None], words: Mapping[str, str], asked: Clicks, look: Look
) -> list[go.Scatter]:
    """Islands as markers, in the colour of their province."""
    markers = [marker for group in shape.islands for marker in group]
    if not markers:
        return []
    provinces = [marker.island.province for marker in markers]
    return [
        go.Scatter(
            x=[marker.x for marker in markers],
            y=[marker.y for marker in markers],
            mode="markers",
            marker={
                "size": 7,
                "color": [fills.get(province) or look.colours.band for province in provinces],
                "line": {"width": 1, "color": look.colours.muted},
            },
            text=[words[province] for province in provinces],
            hoverinfo="text",
            customdata=[asked.data(province, province=province) for province in provinces],
        )
    ]


def _island_labels(shape: Country, look: Look) -> list[dict[str, Any]]:
    """The names of islands below them, those of neighbours one below the other."""
    return [
        {
            "text": base.words(look, *(marker.island.names[look.text.language] for marker in group)),
            "x": group[0].x,
            "y": min(marker.y for marker in group),
            "xanchor": "center",
            "yanchor": "top",
            "yshift": -4,
            "borderpad": 0,
            "showarrow": False,
            "font": {"size": 10, "color": look.colours.muted},
        }
        for group in shape.islands
    ]
