"""CSV taken apart exactly: what the csv module writes is read back, and one bad line costs one line."""

from __future__ import annotations

import csv
import io
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.intake.delimited import Records, all_records
from dashboard.intake.dialect import Dialect, sniffed
from dashboard.intake.lines import Block

WIDTH = 4
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12)
SMALL = st.text('ab,"\n\r ۱', max_size=8)


def blocks(data: bytes, cuts: list[int]) -> list[Block]:
    """``data`` as blocks that end after so many lines each."""
    lines = data.splitlines(keepends=True) if b"\r" not in data else data.split(b"\n")
    if b"\r" in data:
        lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    found: list[Block] = []
    at = 0
    for cut in [*cuts, len(lines)]:
        part = lines[at : at + cut]
        found.append(Block(b"".join(part), at + 1, {}, last=False))
        at += len(part)
    return [*found, Block(b"", at + 1, {}, last=True)]


def read(data: bytes, cuts: list[int] | None = None, width: int = WIDTH) -> tuple[dict[int, list[str]], list[Records]]:
    """The rows of ``data`` by the line they start on, and the records of every block."""
    rows: dict[int, list[str]] = {}
    parts: list[Records] = []
    dialect = Dialect(",", width, tuple(range(width)))
    for block, records in all_records(iter(blocks(data, cuts or [])), dialect):
        parts.append(records)
        for number, line in enumerate(records.lines.tolist()):
            rows[line] = [records.columns[place][number].as_py() for place in range(width)]
            raw = block.data[records.starts[number] : records.ends[number]].decode()
            assert Dialect(",").fields(raw) == rows[line]
    return rows, parts


def broken(parts: list[Records]) -> list[tuple[int, str]]:
    return [(one.line, one.code) for part in parts for one in part.broken]


def swallows_a_record(rows: list[list[str]]) -> bool:
    """Whether a line inside a quoted field would by itself be a record, the one case in which reading is cautious."""
    for row in rows:
        text = write([row], csv.QUOTE_MINIMAL).decode()
        for line in text.split("\n")[1:]:
            fields = Dialect(",").fields(line.rstrip("\r"))
            if fields is not None and len(fields) == WIDTH:
                return True
    return False


def write(rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


@given(
    rows=st.lists(st.lists(st.one_of(TEXT, SMALL), min_size=WIDTH, max_size=WIDTH), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    cuts=st.lists(st.integers(1, 5), max_size=6),
)
@example(
    rows=[*[[""] * WIDTH] * 3, ["", "", "", "\n\r0\n"], *[[""] * WIDTH] * 5], quoting=0, end="\r\n", cuts=[1, 1, 3]
)
def test_what_the_csv_module_writes_is_read_back(
    rows: list[list[str]], quoting: int, end: str, cuts: list[int]
) -> None:
    if end == "\n":  # the module leaves a carriage return unquoted where lines do not end with one
        rows = [[field.replace("\r", "") for field in row] for row in rows]
    rows = [row for row in rows if not swallows_a_record([row])]
    texts = [write([row], quoting, end) for row in rows]
    found, parts = read(b"".join(texts), cuts)
    starts = [1, *accumulate((text.count(b"\n") for text in texts), initial=1)][1:]
    assert found == dict(zip(starts, rows, strict=False))
    assert broken(parts) == []


@given(
    good=st.lists(st.lists(st.text("ab1", min_size=1, max_size=3), min_size=WIDTH, max_size=WIDTH), min_size=1),
    bad=st.lists(
        st.tuples(st.integers(0, 100), st.sampled_from(['a,"b,c,d', '"a,b,c,d', "a,b,c", "a,b,c,d,e", 'a,"b"c,d,e'])),
        max_size=6,
    ),
    cuts=st.lists(st.integers(1, 4), max_size=6),
)
def test_a_bad_line_costs_that_line_only(good: list[list[str]], bad: list[tuple[int, str]], cuts: list[int]) -> None:
    lines = [",".join(row) for row in good]
    for place, text in bad:
        lines.insert(place % (len(lines) + 1), text)
    wrong = {text for _, text in bad}
    found, parts = read(("\n".join(lines) + "\n").encode(), cuts)
    assert [number for number, _ in broken(parts)] == [n for n, line in enumerate(lines, 1) if line in wrong]
    assert [",".join(found[number]) for number in sorted(found)] == [line for line in lines if line not in wrong]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('1,2,3,4\n5,"6,7,8\n9,10,11,12\n', [(2, "unclosed_quote")]),
        ('1,2,3,4\n5,"6"x,7,8\n', [(2, "stray_quote")]),
        ("1,2,3\n1,2,3,4,5\n", [(1, "wrong_column_count"), (2, "wrong_column_count")]),
        ("1,2,3,4\n1,2\x00,3,4\n", [(2, "nul_byte")]),
        ("1,2,3,4\n1,2\r,3,4\n", [(2, "stray_line_break")]),
        ("1,2,3,4\n1,2," + "x" * 70_000 + ",4\n", [(2, "line_too_long")]),
        ('1,2,3,4\n5,"6,7,8', [(2, "unclosed_quote")]),
        ('1,"2\n3",4\n', [(1, "unclosed_quote"), (2, "wrong_column_count")]),
    ],
)
def test_each_way_a_line_can_be_broken(text: str, codes: list[tuple[int, str]]) -> None:
    _, parts = read(text.encode())
    assert broken(parts) == codes


def test_two_stray_quotes_do_not_swallow_the_rows_between() -> None:
    found, parts = read(b'a,"b,c,d\n1,2,3,4\n5,6",7,8\n9,10,11,12\n')
    assert sorted(found) == [2, 3, 4]
    assert found[3] == ["5", '6"', "7", "8"]
    assert broken(parts) == [(1, "unclosed_quote")]


def test_a_field_over_several_lines_starts_on_its_first() -> None:
    found, parts = read(b'1,2,3,4\n5,"six\nand\n\nmore",7,8\n9,10,11,12\n', cuts=[2, 1])
    assert found == {1: ["1", "2", "3", "4"], 2: ["5", "six\nand\n\nmore", "7", "8"], 6: ["9", "10", "11", "12"]}
    assert broken(parts) == []


def test_a_line_that_could_not_be_decoded_keeps_its_place_behind_lines_carried_over() -> None:
    first = Block(b'1,2,3,4\n5,"six\n', 1, {}, last=False)
    second = Block(b'and more",7,8\n\n9,10,11,12\n', 3, {1: "\\xff"}, last=True)
    parts = [records for _, records in all_records(iter([first, second]), Dialect(",", WIDTH, (0,)))]
    assert [line for part in parts for line in part.lines.tolist()] == [1, 2, 5]
    assert broken(parts) == [(4, "undecodable")]


def test_the_kept_text_of_a_broken_line_names_nobody() -> None:
    _, parts = read("1,۰۰۱۲۳۴۵۶۷۸,x\n1,2,3,4\n".encode())
    assert [one.raw for one in parts[0].broken] == ["1,••••••••••,x"]


def test_a_quoted_field_does_not_run_on_for_ever() -> None:
    filler = "\n".join(["word"] * 150)
    found, parts = read(f'1,"{filler}",3,4\n5,6,7,8\n'.encode())
    assert broken(parts)[0] == (1, "unclosed_quote")
    assert sorted(found) == [151]


@pytest.mark.parametrize(("header", "delimiter"), [("id,a", ","), ("id;a", ";"), ("id\ta", "\t"), ("id|a", "|")])
def test_the_delimiter_is_the_one_that_makes_known_names(header: str, delimiter: str) -> None:
    assert sniffed(header, ["id", "a"]) == delimiter
