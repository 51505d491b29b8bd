"""The catalogues say the same things in all languages, and say them well."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from dashboard.measures import MEASURES
from dashboard.text import LANGUAGES
from dashboard.text.catalogue import CatalogueError, catalogue, files

KEYS = sorted(set().union(*(catalogue(language) for language in LANGUAGES)))

SAME = {
    "app.name": "the name of the product is Rasad in Latin letters",
    "language.en": "a language is named in itself",
    "language.fa": "a language is named in itself",
    "language.vi": "a language is named in itself",
    "unit.n": "n is what statistics calls it in Latin letters",
    "unit.range": "a dash says it in Latin letters",
    "figure.line": "a colon says it everywhere",
    "day.span": "a dash says it in Latin letters",
    "day.short": "the order of day and month is the same",
    "day.month": "the order of month and year is the same",
    "files.kilobytes": "the sign of the unit is the same in Latin letters",
    "files.megabytes": "the sign of the unit is the same in Latin letters",
    **{f"month.jalali.{n}": "the months are transliterated in Latin letters" for n in range(1, 13)},
    **{f"month.jalali.{n}.short": "the months are transliterated in Latin letters" for n in range(1, 13)},
}
"""Texts that may stand unchanged in two languages, with the reason."""

LATIN_TERMS = re.compile(r"\b(API|CSV|JSON|NDJSON|NUL|PDF|PNG|PPTX|SVG|XLSX)\b")
"""Terms of computing that Persian writes in Latin letters too."""


def places(content: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(content) if name is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_stands_in_every_language(language: str) -> None:
    texts = catalogue(language)
    assert [key for key in KEYS if not texts.get(key, "").strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_files(language: str) -> None:
    assert [path.name for path in files(language)] == [path.name for path in files("en")]


def test_places_for_values_are_the_same_in_all_languages() -> None:
    # How a day is written is each language's own choice out of the same values.
    keys = [key for key in KEYS if not re.fullmatch(r"day\.(short|medium|long|weekday)", key)]
    different = [key for key in keys if len({frozenset(places(catalogue(lang)[key])) for lang in LANGUAGES}) > 1]
    assert different == []
    assert [key for key in KEYS for lang in LANGUAGES if "" in places(catalogue(lang)[key])] == []


@pytest.mark.parametrize(("one", "other"), [("en", "fa"), ("en", "vi"), ("fa", "vi")])
def test_nothing_was_left_untranslated(one: str, other: str) -> None:
    copies = {key for key in KEYS if catalogue(one)[key] == catalogue(other)[key]}
    wordless = {
        key for key in copies if not any(letter.isalpha() for letter in re.sub(r"\{.*?\}", "", catalogue(one)[key]))
    }
    assert sorted(copies - wordless - SAME.keys()) == []


def test_the_reasons_for_copies_are_still_needed() -> None:
    copied = {key for key in KEYS if len({catalogue(language)[key] for language in LANGUAGES}) < len(LANGUAGES)}
    assert sorted(SAME.keys() - copied) == []


@pytest.mark.parametrize(
    "path", [path for language in LANGUAGES for path in files(language)], ids=lambda p: "/".join(p.parts[-3::2])
)
def test_a_file_holds_each_key_once_and_nothing_unfinished(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', written, re.MULTILINE)
    assert [key for key, n in Counter(keys).items() if n > 1] == []
    assert "fuzzy" not in written
    assert "#~" not in written


def test_the_same_key_in_two_files_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for name in ("one.po", "two.po"):
        (folder / name).write_text('msgid ""\nmsgstr ""\n\nmsgid "a"\nmsgstr "A"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"two\.po: a "):
        catalogue("en", tmp_path)


def test_a_language_without_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue"):
        catalogue("en", tmp_path)


def test_persian_is_written_with_persian_letters_and_digits() -> None:
    texts = {key: re.sub(r"\{.*?\}", "", content) for key, content in catalogue("fa").items()}
    foreign = re.compile(r"[0-9٠-٩يكى%]")
    assert [key for key, content in texts.items() if foreign.search(content)] == []
    latin = {key for key, content in texts.items() if re.search("[A-Za-z]", LATIN_TERMS.sub("", content))}
    assert sorted(latin - {"language.en", "language.vi"}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_clean(language: str) -> None:
    for key, content in catalogue(language).items():
        assert content == unicodedata.normalize("NFC", content), key
        assert "  " not in content, key


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_its_name_and_definition(measure: str) -> None:
    for language in LANGUAGES:
        assert f"measure.{measure}.label" in catalogue(language)
        assert catalogue(language)[f"measure.{measure}.definition"].endswith(".")
