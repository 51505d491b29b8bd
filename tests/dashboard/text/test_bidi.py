from __future__ import annotations

import pytest

from dashboard.text.bidi import END, LEFT_TO_RIGHT, RIGHT_TO_LEFT, is_rtl, isolate, plain


def test_letters_decide_the_direction_of_a_line() -> None:
    assert isolate("۲۱ آبان") == f"{RIGHT_TO_LEFT}۲۱ آبان{END}"
    assert isolate("+۱۲٫۵٪") == f"{LEFT_TO_RIGHT}+۱۲٫۵٪{END}"
    assert isolate("Fars") == f"{LEFT_TO_RIGHT}Fars{END}"


@pytest.mark.parametrize("between", ["<br>", "<br/>", "\n"])
def test_each_line_is_an_island_of_its_own(between: str) -> None:
    assert isolate(f"آبان{between}12") == f"{RIGHT_TO_LEFT}آبان{END}{between}{LEFT_TO_RIGHT}12{END}"


@pytest.mark.parametrize("content", ["آبان", "12", "آبان<br>12", "", "<br>"])
def test_isolating_twice_changes_nothing(content: str) -> None:
    assert isolate(isolate(content)) == isolate(content)


def test_two_islands_side_by_side_are_not_yet_one() -> None:
    both = isolate("آبان") + isolate("12")
    assert isolate(both) == f"{RIGHT_TO_LEFT}{both}{END}"


def test_only_what_runs_against_the_surroundings_is_marked_when_asked() -> None:
    assert isolate("Fars 12 %", always=False) == "Fars 12 %"
    assert isolate("فارس", always=False) == f"{RIGHT_TO_LEFT}فارس{END}"


def test_plain_takes_every_mark_away() -> None:
    assert plain(isolate("آبان<br>12") + "\u200e-\u200f") == "آبان<br>12-"


def test_persian_digits_are_no_letters() -> None:
    assert not is_rtl("۱۲٬۳۴۵٫۶٪")
    assert is_rtl("12 روز")
