"""Where things are: provinces, mergers, directorates and offices, with their references checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from dashboard.jurisdictions.entries import Entry, Folder
from dashboard.jurisdictions.model import Code, Directorate, Merge, Office, Province

PROVINCES, MERGES, DIRECTORATES, OFFICES = "provinces.csv", "merges.csv", "directorates.csv", "offices.csv"
PROVINCE = "province of provinces.csv"


def once(rows: Iterable[Entry], *keys: str) -> list[Entry]:
    """The rows, a problem for each whose ``keys`` together stood in an earlier row."""
    seen: dict[tuple[object, ...], str] = {}
    kept = []
    for row in rows:
        value = tuple(row.values.get(key) for key in keys)
        if value in seen:
            row.wrong(keys[-1], f"{row.values.get(keys[-1])!r} stands twice, first in {seen[value]}")
        else:
            seen[value] = row.place
            kept.append(row)
    return kept


def read_provinces(folder: Folder) -> tuple[Province, ...]:
    """``provinces.csv``: at least one province, each code once."""
    optional = ("population", "population_source", "valid_from", "valid_to", "former_code")
    provinces = []
    for row in once(folder.table(PROVINCES, ("code", "name"), optional), "code"):
        population = row.whole("population", required=False)
        source = row.text("population_source", required=population is not None)
        former = row.text("former_code", required=False)
        provinces.append(Province(row.text("code"), row.names(), population, source, *row.validity(), former))
    if not provinces and not folder.problems:
        folder.wrong(PROVINCES, "", "code", "has no province")
    return tuple(provinces)


def read_merges(folder: Folder, provinces: tuple[Province, ...]) -> Mapping[str, Merge]:
    """``merges.csv`` (may be absent): former units, each code once, each merged into a province or a further unit."""
    rows = once(folder.table(MERGES, ("old_code", "name", "new_code", "day"), required=False), "old_code")
    merges: dict[str, Merge] = {}
    for row in rows:
        day = row.day("day", required=True) or date.min
        merges[row.text("old_code")] = Merge(row.text("old_code"), row.names(), row.text("new_code"), day)
    begins = {province.code: province.valid_from for province in provinces}
    for row in rows:
        merge = merges[row.text("old_code")]
        further = merges.get(merge.new)
        later = further is not None and further.day > merge.day
        start = begins.get(merge.new)
        if not later:
            row.refers("new_code", begins, PROVINCE)
        if not later and start is not None and start > merge.day:
            row.wrong("day", f"{merge.day} is before {merge.new!r} begins, {start}")
    return merges


def read_directorates(folder: Folder, codes: Collection[str]) -> tuple[Directorate, ...]:
    """``directorates.csv``: one row for each directorate and province it answers for."""
    names: dict[str, dict[str, str]] = {}
    provinces: dict[str, list[str]] = {}
    for row in once(folder.table(DIRECTORATES, ("code", "name", "province")), "code", "province"):
        code = row.text("code")
        if names.setdefault(code, row.names()) != row.names():
            row.wrong("code", f"{code!r} has other names in an earlier row")
        provinces.setdefault(code, []).append(row.refers("province", codes, PROVINCE))
    return tuple(Directorate(code, names[code], tuple(provinces[code])) for code in names)


def read_offices(folder: Folder, codes: Collection[str], kinds: tuple[Code, ...]) -> tuple[Office, ...]:
    """``offices.csv``: each code once, each in a province, each of a kind of the code list ``offices.kind``."""
    known, kind = {kind.key for kind in kinds}, "key of the list offices.kind"
    return tuple(
        Office(row.text("code"), row.refers("province", codes, PROVINCE), row.refers("kind", known, kind), row.names())
        for row in once(folder.table(OFFICES, ("code", "province", "kind", "name")), "code")
    )
