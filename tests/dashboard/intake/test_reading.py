"""Files in every format and encoding, and those that cannot be read."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.claims.subjects import SERVICE_REQUESTS as SUBJECT
from dashboard.intake.chunk import Chunk
from dashboard.intake.mapping import SourceMapping, plain
from dashboard.intake.reading import from_objects, read
from dashboard.intake.reasons import BrokenInput
from dashboard.jurisdictions import load

IR = load("ir")
NAMES = ("id", "province", "channel", "category", "opened_at", "updated_at")
ROWS = [
    ["a1", "IR-23", "online", "inspection", "2024-05-01 10:00:00", "2024-05-02 10:00:00"],
    ["a2", "IR-07", "office", "contracts", "2024-05-03 10:00:00", "2024-05-04 10:00:00"],
]
HEADER = ",".join(NAMES)
TEXT = "\n".join([HEADER, *(",".join(row) for row in ROWS)]) + "\n"


def naive(day: int) -> datetime:
    return datetime(2024, 5, day, 10, tzinfo=UTC).replace(tzinfo=None)


def table(chunks: list[Chunk]) -> list[list[str]]:
    return [
        list(row) for chunk in chunks for row in zip(*(chunk.columns[name].to_pylist() for name in NAMES), strict=True)
    ]


def lines(chunks: list[Chunk]) -> list[int]:
    return [line for chunk in chunks for line in chunk.lines.tolist()]


def chunks_of(path: Path, mapping: SourceMapping | None = None, rows: int = 50_000) -> list[Chunk]:
    return list(read(path, mapping or plain(SUBJECT), IR, rows))


def refusal(path: Path, mapping: SourceMapping | None = None) -> BrokenInput:
    with pytest.raises(BrokenInput) as found:
        chunks_of(path, mapping)
    assert str(path) in str(found.value)
    return found.value


@pytest.mark.parametrize(
    ("encoding", "prefix"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-16-le", ""), ("utf-16-be", ""), ("utf-16-be", "\ufeff")],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_in_every_encoding_and_with_every_line_end(tmp_path: Path, encoding: str, prefix: str, end: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes((prefix + TEXT.replace("\n", end)).encode(encoding))
    found = chunks_of(path)
    assert table(found) == ROWS
    assert lines(found) == [2, 3]


def test_a_legacy_encoding_of_the_jurisdiction_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    mapping = SourceMapping(SUBJECT, columns={"id": ("شماره",)}, values={"channel": {"غیرحضوری": "online"}})
    text = TEXT.replace("id,", "شماره,").replace("online", "غيرحضوري")  # cp1256 has the Arabic ye only
    path.write_bytes(text.encode("cp1256"))
    assert table(chunks_of(path, mapping)) == ROWS


def test_a_header_alone_gives_a_legacy_encoding_away(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes((TEXT.replace("id,", "شماره,") + TEXT.split("\n", 1)[1] * 5).encode("cp1256"))
    assert len(table(chunks_of(path, SourceMapping(SUBJECT, columns={"id": ("شماره",)})))) == 12


def test_a_few_undecodable_lines_are_broken_not_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(TEXT.encode() * 1 + (TEXT.split("\n", 1)[1] * 5).encode() + b"a9,IR\xff,online\n")
    found = chunks_of(path)
    assert len(table(found)) == 12
    assert [(one.line, one.code, one.raw) for one in found[0].broken] == [(14, "undecodable", r"a9,IR\xff,online")]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_recognised(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("sep=;\n" * (delimiter == ";") + TEXT.replace(",", delimiter))
    assert table(chunks_of(path)) == ROWS


def test_gzip_in_several_members_is_read_through(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(TEXT[:40].encode()) + gzip.compress(TEXT[40:].encode()) + b"\0" * 20)
    found = chunks_of(path)
    assert table(found) == ROWS
    assert found[-1].bytes_read == path.stat().st_size


def test_a_truncated_gzip_gives_its_whole_rows_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    rows = [[f"id{number * 7919 % 100_003}", *ROWS[0][1:]] for number in range(60_000)]
    whole = gzip.compress("\n".join([HEADER, *(",".join(row) for row in rows)]).encode())
    path.write_bytes(whole[: len(whole) // 2])
    found: list[Chunk] = []
    with pytest.raises(BrokenInput, match="breaks off") as error:
        found.extend(read(path, plain(SUBJECT), IR, 10_000))
    got = table(found)
    assert 10_000 < len(got) < 60_000
    assert got == rows[: len(got)]
    assert not any(chunk.broken for chunk in found)
    assert error.value.line == len(got) + 2


def test_garbage_in_a_gzip_is_a_damaged_stream(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    whole = bytearray(gzip.compress(TEXT.encode()))
    whole[30] ^= 0xFF
    path.write_bytes(bytes(whole))
    assert "gzip" in refusal(path).sentence


def test_ndjson_with_numbers_lists_and_bad_lines(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    good = dict(zip(NAMES, ROWS[0], strict=True))
    objects = [
        json.dumps(good),
        "",
        json.dumps({**good, "id": 12}),
        "[1, 2]",
        '{"id": ',
        json.dumps({**good, "colour": "red"}),
        json.dumps({**good, "id": {"a": 1}}),
        '{"id": 123456789012345678901234567890}',
    ]
    path.write_text("\n".join(objects) + "\n")
    (chunk,) = chunks_of(path)
    assert table([chunk]) == [ROWS[0], ["12", *ROWS[0][1:]]]
    assert lines([chunk]) == [1, 3]
    assert json.loads(chunk.raw[1]) == {**good, "id": 12}
    assert [(one.line, one.code) for one in chunk.broken] == [
        (4, "not_an_object"),
        (5, "bad_json"),
        (6, "unknown_column"),
        (7, "nested_value"),
        (8, "bad_json"),
    ]


def test_parquet_with_types(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    moments = pa.array([naive(1), naive(3)], pa.timestamp("ms"))
    aware = pa.array([datetime(2024, 5, 2, 10, tzinfo=UTC), None], pa.timestamp("us", "Asia/Tehran"))
    words = [pa.array([row[place] for row in ROWS]) for place in (1, 2, 3)]
    columns = [pa.array([1.0, 2.0]), words[0].dictionary_encode(), *words[1:], moments, aware]
    pq.write_table(pa.table(columns, names=list(NAMES)), path)
    found = chunks_of(path, rows=1)
    assert table(found) == [
        ["1", "IR-23", "online", "inspection", "2024-05-01 10:00:00.000000", "2024-05-02 10:00:00.000000Z"],
        ["2", "IR-07", "office", "contracts", "2024-05-03 10:00:00.000000", None],
    ]
    assert lines(found) == [1, 2]
    assert json.loads(found[0].raw[0])["province"] == "IR-23"


def test_xlsx_counts_rows_as_the_sheet_does(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([])
    sheet.append(list(NAMES))
    sheet.append([17, "IR-23", "online", "inspection", naive(1), date(2024, 5, 2)])
    sheet.append([])
    sheet.append(["a2", "IR-07", "office", "contracts", 45415.5, "2024-05-04"])
    book.save(path)
    found = chunks_of(path)
    assert table(found) == [
        ["17", "IR-23", "online", "inspection", "2024-05-01 10:00:00", "2024-05-02"],
        ["a2", "IR-07", "office", "contracts", "45415.5", "2024-05-04"],
    ]
    assert lines(found) == [3, 5]
    assert found[0].layout.serials


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_tables_are_read_out_of_gzip(tmp_path: Path, kind: str) -> None:
    plain_path, path = tmp_path / f"rows.{kind}", tmp_path / f"rows.{kind}.gz"
    if kind == "parquet":
        pq.write_table(pa.table(dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))), plain_path)
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in [NAMES, *ROWS]:
            book.active.append(row)
        book.save(plain_path)
    path.write_bytes(gzip.compress(plain_path.read_bytes()))
    assert table(chunks_of(path)) == ROWS
    path.write_bytes(path.read_bytes()[:-30])
    assert "breaks off" in refusal(path).sentence


def test_chunks_hold_no_more_rows_than_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        writer.writerows([f"{number}", *ROWS[0][1:]] for number in range(2_500))
    found = chunks_of(path, rows=1_000)
    assert [len(chunk.lines) for chunk in found] == [999, 1_000, 501]
    assert lines(found) == list(range(2, 2_502))


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 0, "empty"),
        (b"\n\n\r\n", 0, "empty lines"),
        (b"a1,IR-23,online\n", 1, "no header"),
        (TEXT.replace("province", "provinse").encode(), 1, "did you mean 'province'"),
        (TEXT.replace(",updated_at", "").encode(), 1, "updated_at"),
        (TEXT.replace("province", "id").encode(), 1, "2 columns named 'id'"),
        (f'"{TEXT}'.encode(), 1, "quotes"),
        (b"[" + json.dumps(dict(zip(NAMES, ROWS[0], strict=True))).encode() + b"]", 1, "NDJSON"),
        (b'{"identity": 1}\n', 1, "unknown columns: 'identity'"),
        (b'{"id": "1"}\n', 1, "province"),
        (b"PAR1 and nothing else", 0, "Parquet"),
        (b"PK\x03\x04 and nothing else", 0, "XLSX"),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    path = tmp_path / "rows"
    path.write_bytes(content)
    error = refusal(path)
    assert error.line == line
    assert words in error.sentence


def test_an_encoding_nobody_named_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(TEXT.encode().replace(b"online", b"onl\x81\x8d\xffne").replace(b"office", b"\x81\xff"))
    with pytest.raises(BrokenInput, match="UTF-8") as error:
        list(read(path, plain(SUBJECT), load("vn"), 100))
    assert error.value.line == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nowhere.csv").sentence


def test_columns_can_be_ignored_by_name_or_altogether(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(TEXT.replace("\n", ",x\n").replace("at,x\n", "at,remarks\n", 1))
    assert "'remarks'" in refusal(path).sentence
    assert table(chunks_of(path, SourceMapping(SUBJECT, ignore=frozenset({"remarks"})))) == ROWS
    assert table(chunks_of(path, SourceMapping(SUBJECT, ignore_others=True))) == ROWS


def test_several_columns_constants_and_words_of_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "no,province,kind,opened_at,updated_at,seen\n"
        "7,IR-23,Insp.,2024-05-01,,2024-05-02\n"
        "8,IR-23,-,2024-05-01,2024-05-09,2024-05-02\n"
    )
    mapping = SourceMapping(
        SUBJECT,
        columns={"id": ("no",), "category": ("kind",), "updated_at": ("updated_at", "seen")},
        constants={"channel": "office"},
        values={"category": {"Insp.": "inspection"}},
        missing=frozenset({"-"}),
    )
    assert table(chunks_of(path, mapping)) == [
        ["7", "IR-23", "office", "inspection", "2024-05-01", "2024-05-02"],
        ["8", "IR-23", "office", None, "2024-05-01", "2024-05-09"],
    ]


def test_objects_of_a_request_are_numbered_from_one() -> None:
    good = dict(zip(NAMES, ROWS[0], strict=True))
    chunk = from_objects([good, 5, {**good, "colour": 1}], plain(SUBJECT))
    assert table([chunk]) == [ROWS[0]]
    assert lines([chunk]) == [1]
    assert [(one.line, one.code) for one in chunk.broken] == [(2, "not_an_object"), (3, "unknown_column")]
    assert json.loads(chunk.raw[0]) == good


def test_an_object_nested_deeper_than_can_be_written_is_broken_like_any_other() -> None:
    deep: Any = 1
    for _ in range(500):
        deep = [{"a": deep}]
    chunk = from_objects([{"id": deep}], plain(SUBJECT))
    assert [(one.line, one.code) for one in chunk.broken] == [(1, "nested_value")]
    assert len(chunk.broken[0].raw) < 1000


def test_no_object_at_all_is_no_record() -> None:
    chunk = from_objects([], plain(SUBJECT))
    assert chunk.received == 0
    assert len(chunk.columns["id"]) == 0


def test_the_heading_and_raw_rows_make_a_file_again(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(TEXT)
    (chunk,) = chunks_of(path)
    again = tmp_path / "again.csv"
    again.write_text("\n".join([chunk.layout.heading, *chunk.raw]))
    assert table(chunks_of(again)) == ROWS
