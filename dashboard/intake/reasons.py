"""Why a record is not accepted: the one table of reason codes, and the error of an input that cannot be read on.

A record that fails goes to quarantine under one code. Its sentence is the text ``intake.reason.<code>``, in three
languages, with the places named here: ``{column}`` (ours), ``{value}`` (what stood there, masked) and ``{detail}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.text import Text


@dataclass(frozen=True)
class Reason:
    """A reason code and the places its sentence fills."""

    code: str
    places: tuple[str, ...] = ()


_VALUE: Final = ("column", "value")

REASONS: Final = {
    reason.code: reason
    for reason in (
        # The line cannot be taken apart.
        Reason("unclosed_quote"),
        Reason("stray_quote"),
        Reason("stray_line_break"),
        Reason("wrong_column_count", ("detail",)),
        Reason("nul_byte"),
        Reason("undecodable"),
        Reason("line_too_long", ("detail",)),
        Reason("bad_json", ("detail",)),
        Reason("not_an_object"),
        Reason("unknown_column", ("detail",)),
        Reason("nested_value", ("detail",)),
        # A value is not what its column holds.
        Reason("missing_value", ("column",)),
        Reason("too_long", ("column", "detail")),
        Reason("unknown_code", _VALUE),
        Reason("bad_moment", _VALUE),
        Reason("bad_day", _VALUE),
        Reason("bad_whole", _VALUE),
        Reason("bad_flag", _VALUE),
        Reason("bad_workshop", ("value",)),
        Reason("bad_national_code_length", ("column",)),
        Reason("bad_national_code_repeated", ("column",)),
        Reason("bad_national_code_check", ("column",)),
        Reason("synthetic_code", ("column",)),
        Reason("national_code_in_text", ("column",)),
        # The values contradict each other, the jurisdiction or the clock.
        Reason("unknown_province", _VALUE),
        Reason("province_not_on_day", ("column", "value", "detail")),
        Reason("office_not_in_province", ("value", "detail")),
        Reason("in_the_future", _VALUE),
        Reason("after_as_of", ("column", "value", "detail")),
        Reason("closed_before_opened", ("value", "detail")),
        Reason("milestone_before_opened", ("column", "value", "detail")),
        Reason("resubmitted_before_returned", ("value", "detail")),
        Reason("outcome_without_decision", ("value",)),
        Reason("decision_without_outcome", ("value",)),
        # The sender may not send it.
        Reason("province_not_allowed", ("value",)),
        Reason("case_not_allowed", ("value",)),
        # A step of a case.
        Reason("unknown_case", ("value",)),
    )
}


def sentence(words: Text, code: str, column: str, value: str, detail: str) -> str:
    """Why a record was rejected, in the language of ``words``."""
    return words(f"intake.reason.{code}", column=column, value=value, detail=detail)


class BrokenInput(Exception):
    """An input that cannot be read, or not any further. ``file`` and ``line`` (0: none) say where, ``sentence`` why."""

    def __init__(self, file: str, line: int, sentence: str) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {sentence}")
        self.file = file
        self.line = line
        self.sentence = sentence
