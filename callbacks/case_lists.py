"""A whole list of cases taken away as CSV, streamed: however long it is, the process holds a piece of it at a time.

The audit has an entry before the first row is given and one when the file ends, with the number of its rows. The last
line of a whole file says so; one that breaks off ends with another, or with none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pyarrow as pa
from dash import Dash
from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, Forbidden, ServiceUnavailable

from callbacks.asking import current_person, current_scope, language_of, read
from callbacks.audited import address, audited, filtered
from callbacks.cases import SILENT, asked_for
from dashboard.access import audit
from dashboard.access.audit import Unwritten
from dashboard.deployment import Deployment
from dashboard.exports import csv
from dashboard.filters import NAMES, Filters
from dashboard.text import LANGUAGES, Text
from dashboard.text.bidi import plain
from layouts.case_file import CaseFile, about
from layouts.cases import CASES
from layouts.trail import scope_name
from queries import cases
from queries.cases import GAPS, LISTED, SORTS, STATES, TURNS, Asked

_OWN = {
    "of": LISTED,
    "state": STATES,
    "turn": ("anyone", *TURNS),
    "filed": ("period", "ever"),
    "sort": SORTS,
    "gap": ("any", *dict.fromkeys(gap for gaps in GAPS.values() for gap in gaps)),
}
"""What the address of the page says of a list beside the filters, and the values that it may have."""

_TURN: Final = threading.Lock()

log = logging.getLogger(__name__)


class BrokenOff(RuntimeError):
    """A file could not be given to its end."""


@dataclass(frozen=True)
class _List:
    """A list on its way out: what was asked in whose words, and its name in the audit with the ``detail`` there."""

    filters: Filters
    asked: Asked
    text: Text
    name: str
    detail: Mapping[str, Any]

    @property
    def file(self) -> str:
        """What the file is called."""
        window = self.filters.asked
        days = self.filters.today if self.asked.ever else f"{window.start}-{window.end}"
        return f"rasad-cases-{self.asked.subject}-{days}.csv"


def register(app: Dash, deployment: Deployment) -> None:
    """Serve ``/export/cases.csv``: the list that the page of cases shows at the same parameters."""
    server: Flask = app.server

    @server.get("/export/cases.csv")
    def cases_file() -> Response:
        of = _list(deployment)
        ended = partial(audit.record, deployment.database, current_person(), "export_ended", address(), of.name)
        notes = list(_notes(deployment, of))
        blocks = cases.every(deployment.database, of.filters, current_scope(), of.asked)
        try:
            audited(deployment, "export", of.name, of.detail)
            first = next(blocks, None)
        except (*SILENT, Unwritten) as error:
            log.warning("a list of cases could not be given out: %s", type(error).__name__)
            raise ServiceUnavailable("the cases cannot be given out at the moment; try again shortly") from error
        words = CaseFile(of.asked.subject, of.text, deployment.jurisdiction)
        content = _content(of, first, blocks, words, notes, lambda whole, n: ended({**of.detail, "whole": whole}, n))
        headers = {"Content-Disposition": f'attachment; filename="{of.file}"', "Cache-Control": "no-store"}
        return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _list(deployment: Deployment) -> _List:
    """The list that the present request asks for; Forbidden or BadRequest where it may not, or where there is none."""
    person, query = current_person(), request.args.to_dict()
    if not person.may("cases"):
        raise Forbidden("only counts are open to you, not single cases")
    language, own = query.pop("lang", ""), {name: query.pop(name) for name in _OWN if name in query}
    _check(language, own, query)
    text = language_of(language, deployment)
    filters, bad = read(query, deployment, text.calendar_name, CASES)
    if bad:
        raise BadRequest(bad[0].why)
    asked, _ = asked_for({**own, "subject": own.get("of", filters.subject)}, filters)
    if not person.scope.covers(asked.subject):
        raise Forbidden("cases of this kind are not open to you")
    detail = {"format": "csv", **own, **filtered(filters, person)}
    return _List(filters, asked, text, f"cases/{asked.subject}", detail)


def _notes(deployment: Deployment, of: _List) -> Iterator[list[str]]:
    whose, now = scope_name(current_scope(), of.text, deployment.jurisdiction), datetime.now(UTC)
    demo = deployment.settings.demo
    return csv.remarks(about(of.filters, of.asked, whose, now, of.text, deployment.jurisdiction, demo))


def _content(
    of: _List,
    first: pa.Table | None,
    rest: Generator[pa.Table, None, None],
    words: CaseFile,
    notes: list[list[str]],
    ended: Callable[[bool, int], None],
) -> Iterator[bytes]:
    """The file, piece by piece. ``ended`` is told whether it is whole, and its rows, before the file says so itself."""

    def last(how: str) -> bytes:
        return csv.lines(csv.remarks([[plain(of.text(f"cases.file.{how}")), str(rows)]]))

    rows, told = 0, False
    try:
        yield csv.BYTE_ORDER_MARK.encode() + csv.lines([words.heads()])
        for block in _all(first, rest):
            yield csv.block(words.rows(block))
            rows += len(block)
        yield csv.lines([[], *notes])
        told = True
        ended(True, rows)
        yield last("complete")
    except (*SILENT, Unwritten) as error:
        log.error("a list of cases broke off after %d rows: %s", rows, type(error).__name__)  # noqa: TRY400  no row
        yield csv.lines([[]]) + last("broken")
        raise BrokenOff(f"a list of cases broke off after {rows} rows") from None
    finally:
        rest.close()
        if not told:
            ended(False, rows)


def _all(first: pa.Table | None, rest: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The blocks of a list; files of one process take turns at them, so that many are no more to pages than one."""
    block = first
    while block is not None:
        yield block
        with _TURN:
            block = next(rest, None)


def _check(language: str, own: dict[str, str], query: dict[str, str]) -> None:
    """BadRequest where an address asks what there is not: a file is never of another list than was asked for."""
    if language and language not in LANGUAGES:
        raise BadRequest(f"lang: {language!r} is none of {', '.join(LANGUAGES)}")
    for name, value in own.items():
        if value not in _OWN[name]:
            raise BadRequest(f"{name}: {value!r} is none of {', '.join(_OWN[name])}")
    strange = sorted(set(query) - {"subject", "from", "to", *NAMES})
    if strange:
        raise BadRequest(f"{strange[0]}: no such parameter")
