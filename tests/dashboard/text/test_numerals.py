from __future__ import annotations

import pytest

from dashboard.text.bidi import END, LEFT_TO_RIGHT
from dashboard.text.numerals import Numerals

EN, FA, VI = Numerals("en"), Numerals("fa"), Numerals("vi")


def island(content: str) -> str:
    return f"{LEFT_TO_RIGHT}{content}{END}"


def test_thousands_and_decimals() -> None:
    assert [n.number(1234567.5, 1) for n in (EN, FA, VI)] == ["1,234,567.5", "۱٬۲۳۴٬۵۶۷٫۵", "1.234.567,5"]


def test_shares_are_written_in_percent() -> None:
    assert [n.share(0.838) for n in (EN, FA, VI)] == ["83.8\u00a0%", island("۸۳٫۸٪"), "83,8%"]
    assert EN.share(1, 0) == "100\u00a0%"


def test_changes_carry_their_sign_on_the_left_also_in_persian() -> None:
    assert [n.change(0.041) for n in (EN, FA, VI)] == ["+4.1\u00a0%", island("+۴٫۱٪"), "+4,1%"]
    assert [n.change(-0.041) for n in (EN, FA, VI)] == ["\u22124.1\u00a0%", island("\u2212۴٫۱٪"), "\u22124,1%"]


@pytest.mark.parametrize("value", [0.0, -0.0, 0.0004, -0.0004])
def test_what_rounds_to_nought_has_no_sign(value: float) -> None:
    assert EN.change(value) == "0.0\u00a0%"
    assert EN.number(value, 1) == "0.0"


def test_negative_numbers() -> None:
    assert EN.number(-3) == "\u22123"
    assert FA.number(-3) == island("\u2212۳")
    assert EN.signed(3) == "+3"


@pytest.mark.parametrize(("value", "digits", "written"), [(0.125, 2, "0.13"), (0.135, 2, "0.14"), (2.5, 0, "3")])
def test_halves_round_up(value: float, digits: int, written: str) -> None:
    assert EN.number(value, digits) == written


@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_missing_number_is_a_dash(value: float | None) -> None:
    assert {EN.number(value), FA.share(value), VI.change(value), EN.signed(value)} == {"–"}


def test_digits_change_nothing_else() -> None:
    assert FA.digits("14:05") == "۱۴:۰۵"
    assert EN.digits("14:05") == "14:05"


def test_amounts_are_told_in_words_for_their_size() -> None:
    assert EN.money(1_234_000_000, "IRR") == "1.2 billion\u00a0IRR"
    assert FA.money(1_234_000_000, "IRR") == "۱٫۲ میلیارد\u00a0ریال"
    assert VI.money(2_340_000_000_000, "VND") == "2,3 nghìn tỷ\u00a0₫"
    assert EN.money(0) == "0"
    assert EN.money(None, "IRR") == "–"
