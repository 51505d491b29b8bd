"""Reading a folder's files: each row of a table and each table of a TOML file becomes an Entry with typed getters.

A getter that finds something wrong notes a Problem and answers with an empty value, so that one reading finds all
problems. Tables hold text only (``yes``/``no``, ``2025-07-01``, ``a|b``), TOML its own types.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dashboard.jurisdictions.problems import Problem

Values = Mapping[str, object]


@dataclass
class Folder:
    """The folder under reading: where it is, the languages names must come in, and the problems found so far."""

    path: Path
    languages: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, file: str, place: str, key: str, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(file, place, key, text))

    def text_of(self, file: str, *, required: bool = True) -> str | None:
        """The text of a file; ``None``, and a problem, when it is missing or no UTF-8."""
        try:
            return (self.path / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if required:
                self.wrong(file, "", "", "the file is missing")
        except UnicodeDecodeError as error:
            self.wrong(file, "", "", f"is not UTF-8: byte {error.start} cannot be read")
        return None

    def toml(self, file: str) -> Entry:
        """A TOML file as one entry, empty when it cannot be read."""
        text = self.text_of(file)
        try:
            values = tomllib.loads(text) if text is not None else None
        except tomllib.TOMLDecodeError as error:
            self.wrong(file, "", "", f"is not valid TOML: {error}")
            values = None
        return Entry(self, file, "", values or {}, readable=values is not None)

    def table(
        self, file: str, columns: Sequence[str], optional: Sequence[str] = (), *, required: bool = True
    ) -> Iterator[Entry]:
        """The rows of a CSV file. ``columns`` must be in its header, ``optional`` may; any other is a problem.

        The column ``name`` stands for one column a language, ``name_en`` and so on, of the folder's languages.
        """
        text = self.text_of(file, required=required)
        if text is None:
            return
        lines = self._lines(file, text)
        header = next(lines, ("", []))[1]
        if not self._has(file, header, columns, optional):
            return
        for place, cells in lines:
            if len(cells) == len(header):
                yield Entry(self, file, place, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
            elif cells:
                self.wrong(file, place, "", f"has {len(cells)} cells, the header has {len(header)}")

    def _lines(self, file: str, text: str) -> Iterator[tuple[str, list[str]]]:
        """The rows of a CSV text, each with the line it starts on."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        start = 1
        try:
            for cells in reader:
                yield f"line {start}", cells
                start = reader.line_num + 1
        except csv.Error as error:
            self.wrong(file, f"line {start}", "", f"is not valid CSV: {error}")

    def _has(self, file: str, header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> bool:
        """Whether a table has the columns it needs; what is wrong with its header is noted."""
        names = [f"name_{language}" for language in self.languages] if "name" in columns else []
        wanted = [*(column for column in columns if column != "name"), *names]
        missing = [column for column in wanted if column not in header]
        for column in missing:
            self.wrong(file, "line 1", column, "the column is missing")
        for column in dict.fromkeys(header):
            if header.count(column) > 1:
                self.wrong(file, "line 1", column, "the column stands twice")
            elif column not in wanted and column not in optional and not column.startswith("name_"):
                self.wrong(file, "line 1", column, "is no column of this table")
        return not missing


@dataclass(frozen=True)
class Entry:
    """One row or TOML table. ``readable`` is False for a file that could not be read: its keys are no problem then."""

    folder: Folder
    file: str
    place: str
    values: Values
    readable: bool = True

    def wrong(self, key: str, text: str) -> None:
        """Note a problem with a key of this entry."""
        if self.readable:
            self.folder.wrong(self.file, self.place, key, text)

    def _value(self, key: str, *, required: bool) -> object:
        value = self.values.get(key)
        if value is None or value == "":
            if required:
                self.wrong(key, "is missing" if value is None else "is empty")
            return None
        return value

    def text(self, key: str, *, required: bool = True, among: Sequence[str] = ()) -> str:
        """A text; one of ``among`` when that is given; empty when missing."""
        value = self._value(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(key, f"{value!r} is not a text")
            return ""
        if among and value not in among:
            self.wrong(key, f"{value!r} is none of {', '.join(among)}")
        return value

    def refers(self, key: str, known: Collection[str], what: str, *, required: bool = True) -> str:
        """A text that is one of ``known``; no problem when ``known`` is empty, for then its own file has one."""
        value = self.text(key, required=required)
        if value and known and value not in known:
            self.wrong(key, f"{value!r} is no {what}")
        return value

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Several texts: a TOML array, or cells separated by ``|``."""
        value = self._value(key, required=required)
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split("|"))
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.wrong(key, f"{value!r} is not a list of texts")
            return ()
        return tuple(value)

    def whole(self, key: str, *, required: bool = True, least: int = 0, most: int | None = None) -> int | None:
        """A whole number between ``least`` and ``most``."""
        value = self._value(key, required=required)
        if value is None:
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, f"{value!r} is not a whole number")
            return None
        if value < least or (most is not None and value > most):
            self.wrong(key, f"{value} is not between {least} and {most}" if most else f"{value} is less than {least}")
        return value

    def number(self, key: str, *, required: bool = True) -> float | None:
        """A decimal number."""
        value = self._value(key, required=required)
        if value is None:
            return None
        try:
            return float(value)  # type: ignore[arg-type]  # what is no number raises
        except (TypeError, ValueError):
            self.wrong(key, f"{value!r} is not a number")
            return None

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A day, ``2025-07-01``."""
        value = self._value(key, required=required)
        if value is None or type(value) is date:
            return value
        try:
            if isinstance(value, str):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.wrong(key, f"{value!r} is no day as YYYY-MM-DD")
        return None

    def validity(self) -> tuple[date | None, date | None]:
        """``valid_from`` and ``valid_to``, both days included, an open end ``None``."""
        start, end = self.day("valid_from"), self.day("valid_to")
        if start is not None and end is not None and start > end:
            self.wrong("valid_to", f"{end} is before valid_from, {start}")
        return start, end

    def flag(self, key: str) -> bool:
        """Yes or no."""
        value = self._value(key, required=True)
        if isinstance(value, bool) or value is None:
            return bool(value)
        if value not in ("yes", "no"):
            self.wrong(key, f"{value!r} is neither yes nor no")
        return value == "yes"

    def names(self, prefix: str = "name") -> dict[str, str]:
        """The names of a row, from its columns ``name_en`` …, in every language of the folder."""
        return {language: self.text(f"{prefix}_{language}") for language in self.folder.languages}

    def translations(self, key: str) -> dict[str, str]:
        """The texts of a TOML table ``{ en = "…", fa = "…" }``, in every language of the folder."""
        inner = self.part(key)
        return {language: inner.text(language) for language in self.folder.languages}

    def part(self, key: str) -> Entry:
        """A table within; empty, and a problem, when there is none."""
        value = self._value(key, required=True)
        place = f"{self.place} {key}".strip()
        if isinstance(value, dict):
            return Entry(self.folder, self.file, place, value)
        if value is not None:
            self.wrong(key, f"{value!r} is not a table")
        return Entry(self.folder, self.file, place, {}, readable=False)

    def parts(self, key: str, *, required: bool = True) -> list[Entry]:
        """The tables of an array of tables ``[[key]]``, numbered from 1."""
        value = self._value(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(key, f"is not an array of tables [[{key}]]")
            return []
        place = f"{self.place} [[{key}]]".strip()
        return [Entry(self.folder, self.file, f"{place} {n}", each) for n, each in enumerate(value, 1)]

    def only(self, *keys: str) -> Entry:
        """This entry; any key that is not in ``keys`` is a problem, for a misspelt one would be overlooked."""
        for key in self.values:
            if key not in keys:
                self.wrong(key, f"is not known here; known are {', '.join(keys)}")
        return self
