"""The text of rejected lines of CSV: the same fields, nobody named."""

from __future__ import annotations

from pathlib import Path

from dashboard.claims.subjects import PREMIUMS
from dashboard.intake.dialect import Dialect
from dashboard.intake.mapping import SourceMapping
from dashboard.intake.person import person_hash
from dashboard.intake.reading import read
from dashboard.intake.validate import Rejected, validate
from tests.dashboard.intake.records import KEY, NOW, PERSON, jurisdiction

HEADER = "code;code2;workshop_code;months;premium_paid;insurance;standing;updated_at;phone"
MAPPING = SourceMapping(PREMIUMS, columns={"national_code": ("code", "code2")}, ignore=frozenset({"phone"}))
HASH = f"#{person_hash(PERSON, KEY).hex()}"


def rejected(tmp_path: Path, *rows: str) -> list[Rejected]:
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    (chunk,) = read(path, MAPPING, jurisdiction("ir"))
    return list(validate(chunk, PREMIUMS, jurisdiction("ir"), False, KEY, NOW).rejected)


def test_the_code_becomes_its_hash_and_all_else_stays(tmp_path: Path) -> None:
    (one,) = rejected(tmp_path, f"{PERSON};;0183630045;x;yes;compulsory;active;2024-05-01 10:00:00;-")
    assert one.raw == f"{HASH};;0183630045;x;yes;compulsory;active;2024-05-01 10:00:00;-"


def test_quoted_fields_stay_fields(tmp_path: Path) -> None:
    (one,) = rejected(tmp_path, f'"{PERSON}";;0183630045;"a;""b";yes;compulsory;active;20240501;')
    fields = [HASH, "", "0183630045", 'a;"b', "yes", "compulsory", "active", "20240501", ""]
    assert Dialect(";").fields(one.raw) == fields


def test_columns_nobody_asked_for_are_blotted_out(tmp_path: Path) -> None:
    (one,) = rejected(tmp_path, f"{PERSON};;0183630045;x;yes;compulsory;active;2024-05-01;09123456789 {PERSON}")
    assert one.raw.endswith(";2024-05-01;••••••••••• ••••••••••")


def test_the_second_column_of_a_person_is_hidden_too(tmp_path: Path) -> None:
    (one,) = rejected(tmp_path, f";۰۹۳۲۸۳۳۸۱۰;0183630045;x;yes;compulsory;active;2024-05-01;{PERSON}")
    assert one.raw == f";{HASH};0183630045;x;yes;compulsory;active;2024-05-01;••••••••••"


def test_a_row_that_slipped_sideways_names_nobody(tmp_path: Path) -> None:
    (one,) = rejected(tmp_path, f";;{PERSON};0183630045;5;yes;compulsory;active;2024-05-01")
    assert one.code == "missing_value"
    assert one.raw == ";;••••••••••;••••••••••;5;yes;compulsory;active;2024-05-01"


def test_a_broken_line_names_nobody(tmp_path: Path) -> None:
    (one,) = rejected(tmp_path, f'{PERSON};;0183630045;"5')
    assert (one.code, one.raw) == ("unclosed_quote", '••••••••••;;••••••••••;"5')
