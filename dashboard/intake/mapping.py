"""Mapping files: someone else's columns and words turned into ours, said in a small TOML file.

    subject = "disputes"            # what a row is
    encoding = "cp1256"             # else UTF-8, UTF-16 or the jurisdiction's legacy encodings are recognised
    delimiter = ";"                 # else recognised from the header
    date_format = "%d/%m/%Y"        # else year first; ISO 8601 is always understood
    calendar = "jalali"             # else told by the year
    missing = ["NULL", "-"]         # what stands for nothing
    ignore = ["remarks"]            # columns that are not wanted; or ignore_others = true
    as_of = 2011-06-10              # the day the source was drawn: what is said to have happened later is a mistake

    [columns]                       # ours = theirs, or several of which the first that is not empty counts
    id = "case_number"
    closed_at = ["date_closed", "date_withdrawn"]

    [constants]                     # ours = the same for every row
    channel = "office"

    [values.category]               # theirs = ours, column by column
    AC = "certification"

A column of ours that is not named anywhere is taken from their column of the same name, where there is one.

A mapping with a table of milestones is for a source of another form: a row is not a case but one dated step of one. Its
columns are ``id``, ``step`` and ``at`` (see ``dashboard.intake.milestones``).

    [milestones]                    # ours = their word in step, or several of which the earliest date counts
    hearing_at = "Hearing opened"
    ruling_at = ["Decision issued", "Dismissal letter"]
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from dashboard.claims.subjects import SUBJECTS, Subject
from dashboard.intake.characters import normalised
from dashboard.intake.dates import CALENDARS, date_pattern
from dashboard.intake.steps import milestone_columns, steps_of

KEYS: Final = frozenset(
    {
        "subject",
        "jurisdiction",
        "encoding",
        "delimiter",
        "date_format",
        "calendar",
        "missing",
        "ignore",
        "ignore_others",
        "sheet",
        "columns",
        "constants",
        "values",
        "as_of",
        "milestones",
    }
)


class MappingError(Exception):
    """A mapping file that cannot be followed; the message names the file and the key."""

    def __init__(self, file: str, key: str, sentence: str) -> None:
        super().__init__(f"{file}: {key}: {sentence}" if key else f"{file}: {sentence}")
        self.file = file
        self.key = key


@dataclass(frozen=True)
class SourceMapping:
    """How a source is read: empty strings mean "recognise it". Their names and words are held normalised.

    ``milestones`` is empty but for a source of steps: then it gives our column for each of their words that is one, and
    ``subject`` is that of the steps.
    """

    subject: Subject
    file: str = ""
    jurisdiction: str = ""
    encoding: str = ""
    delimiter: str = ""
    date_format: str = ""
    calendar: str = "auto"
    sheet: str = ""
    missing: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    ignore_others: bool = False
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    as_of: date | None = None
    milestones: Mapping[str, str] = field(default_factory=dict)


def plain(subject: Subject) -> SourceMapping:
    """The mapping of a source whose columns are ours."""
    return SourceMapping(subject)


def load_mapping(path: Path, subject: Subject | None = None) -> SourceMapping:
    """The mapping of that file; MappingError names the file and the key that is wrong.

    ``subject`` is what the caller wants to load; a mapping for another one is an error.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(str(path), "", str(error)) from error
    return _Document(str(path), document).mapping(subject)


@dataclass(frozen=True)
class _Document:
    """A parsed mapping file on its way to be checked."""

    file: str
    content: Mapping[str, Any]

    def mapping(self, wanted: Subject | None) -> SourceMapping:
        for key in self.content:
            if key not in KEYS:
                raise self.wrong(key, f"unknown key; there are {', '.join(sorted(KEYS))}")
        subject = self.subject(wanted)
        milestones = self.milestones(subject)
        if milestones:
            subject = steps_of(subject)
        columns = {ours: self.several(f"columns.{ours}", theirs) for ours, theirs in self.table("columns").items()}
        constants = {ours: self.text(f"constants.{ours}", value) for ours, value in self.table("constants").items()}
        values = {
            ours: {
                normalised(old): self.text(f"values.{ours}.{old}", new)
                for old, new in self.table("values", ours).items()
            }
            for ours in self.table("values")
        }
        names = {one.name for one in subject.fields}
        for table, named in (("columns", columns), ("constants", constants), ("values", values)):
            for ours in named:
                if ours not in names:
                    raise self.wrong(f"{table}.{ours}", f"{subject.key} have no such column")
        for ours in constants.keys() & columns.keys():
            raise self.wrong(f"constants.{ours}", "stands under [columns] too")
        return SourceMapping(
            subject=subject,
            file=self.file,
            jurisdiction=self.text("jurisdiction", self.content.get("jurisdiction", "")),
            encoding=self.encoding(),
            delimiter=self.delimiter(),
            date_format=self.date_format(),
            calendar=self.calendar(),
            sheet=self.text("sheet", self.content.get("sheet", "")),
            missing=frozenset(self.several("missing", self.content.get("missing", []))),
            ignore=frozenset(self.several("ignore", self.content.get("ignore", []))),
            ignore_others=self.flag("ignore_others"),
            columns=columns,
            constants=constants,
            values=values,
            as_of=self.as_of(),
            milestones=milestones,
        )

    def subject(self, wanted: Subject | None) -> Subject:
        key = self.text("subject", self.content.get("subject", wanted.key if wanted else ""))
        if key not in SUBJECTS:
            raise self.wrong("subject", f"{key!r} is none of {', '.join(SUBJECTS)}")
        if wanted is not None and key != wanted.key:
            raise self.wrong("subject", f"the mapping is for {key}, asked for were {wanted.key}")
        return SUBJECTS[key]

    def milestones(self, subject: Subject) -> Mapping[str, str]:
        """Our column by their word."""
        known = milestone_columns(subject)
        found: dict[str, str] = {}
        for ours, theirs in self.table("milestones").items():
            key = f"milestones.{ours}"
            if ours not in known:
                raise self.wrong(key, f"{subject.key} take no such milestone; they take {', '.join(known) or 'none'}")
            for word in self.several(key, theirs):
                if found.setdefault(word, ours) != ours:
                    raise self.wrong(key, f"{word!r} stands under {found[word]} too")
        if "milestones" in self.content and not found:
            raise self.wrong("milestones", "names no milestone")
        return found

    def as_of(self) -> date | None:
        value = self.content.get("as_of")
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.wrong("as_of", f"{value!r} is not a day such as 2011-06-10, without quotes")
        return value

    def encoding(self) -> str:
        name = self.text("encoding", self.content.get("encoding", ""))
        if not name:
            return ""
        try:
            return codecs.lookup(name).name
        except LookupError:
            raise self.wrong("encoding", f"{name!r} is no known encoding") from None

    def delimiter(self) -> str:
        delimiter = self.text("delimiter", self.content.get("delimiter", ""))
        if delimiter and (len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0'):
            raise self.wrong("delimiter", f"{delimiter!r} is not one character such as , ; | or a tab")
        return delimiter

    def date_format(self) -> str:
        text = self.text("date_format", self.content.get("date_format", ""))
        if text in ("", "auto"):
            return ""
        try:
            date_pattern(text)
        except ValueError as error:
            raise self.wrong("date_format", str(error)) from error
        return text

    def calendar(self) -> str:
        name = self.text("calendar", self.content.get("calendar", "auto"))
        if name not in CALENDARS:
            raise self.wrong("calendar", f"{name!r} is none of {', '.join(CALENDARS)}")
        return name

    def table(self, *keys: str) -> Mapping[str, Any]:
        found: Any = self.content
        for key in keys:
            found = found.get(key, {})
        if not isinstance(found, dict):
            raise self.wrong(".".join(keys), "is not a table")
        return found

    def several(self, key: str, value: Any) -> tuple[str, ...]:
        return tuple(normalised(self.text(key, one)) for one in (value if isinstance(value, list) else [value]))

    def text(self, key: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self.wrong(key, f"{value!r} is not a text in quotes")
        return value

    def flag(self, key: str) -> bool:
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, f"{value!r} is neither true nor false")
        return value

    def wrong(self, key: str, sentence: str) -> MappingError:
        return MappingError(self.file, key, sentence)
