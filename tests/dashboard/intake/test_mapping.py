"""Mapping files: what they say, and what is wrong with them, by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.claims.subjects import DISPUTES, REGISTRATIONS
from dashboard.intake.mapping import MappingError, load_mapping

GOOD = """
subject = "disputes"
encoding = "windows-1256"
delimiter = ";"
date_format = "%m/%d/%Y"
calendar = "gregorian"
missing = ["NULL", "-"]
ignore = ["ملاحظات"]

[columns]
id = "شماره پرونده"
closed_at = ["date_closed", "date_withdrawn"]

[constants]
channel = "office"

[values.category]
"فردي" = "individual"
"""


def mapping_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_mapping_says_how_to_read(tmp_path: Path) -> None:
    found = load_mapping(mapping_file(tmp_path, GOOD))
    assert found.subject is DISPUTES
    assert (found.encoding, found.delimiter, found.date_format) == ("cp1256", ";", "%m/%d/%Y")
    assert found.columns == {"id": ("شماره پرونده",), "closed_at": ("date_closed", "date_withdrawn")}
    assert found.constants == {"channel": "office"}
    assert found.values == {"category": {"فردی": "individual"}}  # spelled with the Persian ye, like all that is read
    assert found.missing == {"NULL", "-"}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("subject = ", "sujet = "), "sujet"),
        (('"disputes"', '"dispute"'), "subject"),
        (('"disputes"', "7"), "subject"),
        (('"windows-1256"', '"cp9999"'), "encoding"),
        (('";"', '";;"'), "delimiter"),
        (('"%m/%d/%Y"', '"%m/%d"'), "date_format"),
        (('"gregorian"', '"lunar"'), "calendar"),
        (('id = "شماره پرونده"', "id = 5"), "columns.id"),
        (('id = "شماره پرونده"', 'number = "x"'), "columns.number"),
        (("channel = ", "chanel = "), "constants.chanel"),
        (("channel = ", "id = "), "constants.id"),
        (("[values.category]", "[values.kind]"), "values.kind"),
        (('"individual"', "1"), "values.category.فردي"),
        (("[values.category]", "[values]"), "values.فردي"),
        (('["ملاحظات"]', "[1]"), "ignore"),
        (("missing =", 'ignore_others = "yes"\nmissing ='), "ignore_others"),
        (("[columns]", "[columns"), ""),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    path = mapping_file(tmp_path, GOOD.replace(*change))
    with pytest.raises(MappingError) as found:
        load_mapping(path)
    assert found.value.key == key
    assert str(found.value).startswith(f"{path}: {key}")


def test_a_mapping_for_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="subject: the mapping is for disputes"):
        load_mapping(mapping_file(tmp_path, GOOD), REGISTRATIONS)


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"nowhere\.toml"):
        load_mapping(tmp_path / "nowhere.toml")
