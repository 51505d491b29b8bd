"""Province boundaries and island markers, projected once into a plane.

Equirectangular with true scale at the country's middle latitude: x = (lon - lon0) cos(lat0), y = lat - lat0. Within
the extent of a country that keeps shapes recognisable, and needs no library. Nothing is simplified.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from dashboard.jurisdictions.entries import Folder
from dashboard.jurisdictions.model import Island, Ring
from dashboard.jurisdictions.places import PROVINCE, once

BOUNDARIES, ISLANDS = "boundaries.geojson", "islands.csv"


@dataclass(frozen=True)
class Plane:
    """The projection of one country."""

    lon: float = 0.0
    lat: float = 0.0

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """A place in degrees as (x, y)."""
        return (lon - self.lon) * cos(radians(self.lat)), lat - self.lat


def read_boundaries(folder: Folder, codes: Collection[str]) -> tuple[Plane, Mapping[str, tuple[Ring, ...]]]:
    """``boundaries.geojson`` (may be absent): a feature for each province, its ``id`` the province code."""
    text = folder.text_of(BOUNDARIES, required=False)
    if text is None:
        return Plane(), {}
    try:
        shapes = {feature["id"]: list(_rings(feature["geometry"])) for feature in json.loads(text)["features"]}
    except (ValueError, KeyError, TypeError) as error:
        folder.wrong(BOUNDARIES, "", "features", f"is no GeoJSON of polygons with an id each: {error!r}")
        return Plane(), {}
    for code in shapes:
        if codes and code not in codes:
            folder.wrong(BOUNDARIES, "", "id", f"{code!r} is no {PROVINCE}")
    for code in codes:
        if code not in shapes:
            folder.wrong(BOUNDARIES, "", "id", f"the province {code!r} has no boundary")
    points = [point for rings in shapes.values() for _, ring in rings for point in ring]
    if not points:
        return Plane(), {}
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    plane = Plane((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
    return plane, {
        code: tuple(_turned(tuple(plane.at(x, y) for x, y, *_ in ring), outer) for outer, ring in rings)
        for code, rings in shapes.items()
    }


def read_islands(folder: Folder, codes: Collection[str], plane: Plane) -> tuple[Island, ...]:
    """``islands.csv`` (may be absent): markers; ``at_lon``, ``at_lat`` say where to draw one that lies too far out."""
    columns, optional = ("key", "province", "name", "lon", "lat"), ("at_lon", "at_lat", "note")
    islands = []
    for row in once(folder.table(ISLANDS, columns, optional, required=False), "key"):
        lon, lat = row.number("lon") or 0.0, row.number("lat") or 0.0
        at_lon, at_lat = row.number("at_lon", required=False), row.number("at_lat", required=False)
        x, y = plane.at(lon if at_lon is None else at_lon, lat if at_lat is None else at_lat)
        islands.append(Island(row.text("key"), row.refers("province", codes, PROVINCE), row.names(), lon, lat, x, y))
    return tuple(islands)


def _rings(geometry: Mapping[str, Any]) -> Iterator[tuple[bool, list[list[float]]]]:
    """The rings of a Polygon or MultiPolygon, with whether each is an outer one."""
    single = {"Polygon": True, "MultiPolygon": False}[geometry["type"]]
    for polygon in [geometry["coordinates"]] if single else geometry["coordinates"]:
        for position, ring in enumerate(polygon):
            yield position == 0, ring


def _turned(ring: Ring, outer: bool) -> Ring:
    """The ring counter-clockwise when ``outer``, else clockwise (signed area by the shoelace formula)."""
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))
    return ring if (area > 0) is outer else ring[::-1]
