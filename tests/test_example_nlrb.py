"""The example of real records: files of the same shape, with every kind of error those have, loaded and recounted."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from dashboard.claims.database import Database
from dashboard.claims.reconcile import reconcile
from dashboard.claims.subjects import DISPUTES
from dashboard.filters import Filters
from dashboard.intake.load import Loaded, Loader
from dashboard.intake.mapping import load_mapping
from dashboard.jurisdictions import Jurisdiction, load
from dashboard.scope import NATION
from dashboard.settings import ROOT
from docs.examples.nlrb import check
from queries import disputes
from tests.conftest import KEY

FOLDER = ROOT / "docs" / "examples" / "nlrb"
PETITIONS = [
    *("case_number", "case_type", "office", "status", "date_filed", "hearing_target_date", "date_closed"),
    *("closing_stage", "closing_method", "naics", "employees"),
]
ACTIONS = ["case_number", "action", "action_date", "date_entered", "action_control"]
OTHERS = ("RCASE.Filed", "RCLOS.Close", "RELEC.Elect", "RTALL.Tally", "RREOP.Reopn", "RBLCK.Block")
Row = Sequence[str]


@pytest.fixture(scope="module")
def nlrb() -> Jurisdiction:
    return load(str(FOLDER))


def made(seed: int) -> tuple[list[Row], list[Row]]:
    """Petitions and actions as the Board exports them, 200 sound ones, then one for each kind of error."""
    dice = random.Random(seed)
    offices = [f"{n:02}" for n in (*range(1, 23), *range(24, 35), 36, 37)]
    petitions: list[Row] = []
    actions: list[Row] = []

    def act(case: str, action: str, day: date) -> None:
        actions.append((case, action, day.isoformat(), f"{day}T{dice.randint(8, 17):02}:12:00", str(len(actions))))

    for number in range(200):
        office, kind = dice.choice(offices), dice.choice(["RC"] * 6 + ["RD", "RD", "RM", "UC", "UD", "AC", "WH"])
        case = f"{office}-{kind}-{number:05}"
        filed = date(2008, 10, 1) + timedelta(days=dice.randrange(600))
        closed = filed + timedelta(days=dice.choice([3, 30, 90, 91, 99, 100, 101, 250])) if number % 8 else None
        status = "Close" if closed and number % 5 else ""  # blank though closed
        method = dice.choice(list(check.OUTCOMES)) if closed else ""  # blank though closed, now and then
        target = (filed + timedelta(days=14)).isoformat() if number % 7 else ""
        petitions.append(
            (
                case,
                kind,
                office,
                status,
                str(filed),
                target,
                str(closed or ""),
                "ANBHC" * bool(closed),
                method,
                "62",
                "9",
            )
        )
        for _ in range(dice.randrange(9)):
            act(case, dice.choice([*check.MILESTONES, *OTHERS]), filed + timedelta(days=dice.randrange(120)))
        if number % 20 == 0 and closed:  # reopened and closed once more; some rows stand twice
            act(case, "RCLOS.Close", filed)
            act(case, "RREOP.Reopn", filed + timedelta(days=1))
            actions.append(actions[-1])
            actions.append(actions[0])

    sound = petitions[0][0], date.fromisoformat(petitions[0][4])
    petitions.append(("29-UD-00303", "UD", "29", "", "2010-10-25", "", "2010-10-22", "BfrNH", "Trans", "561612", "300"))
    act("29-UD-00303", "RPRHR.Open", date(2010, 10, 26))  # of a case that is not there
    petitions.append(("26-RD-01173", "RD", "26", "", "2010-07-27", "", "2020-10-20", "BfrNH", "With", "327331", "5"))
    act(sound[0], "RCERT.Rep", date(2019, 3, 17))
    act(sound[0], "RDISM.Lettr", sound[1] - timedelta(days=1))
    act(sound[0], "RBLCK.Block", sound[1] - timedelta(days=1))  # no milestone, so it does not matter
    return petitions, actions


def write(path: Path, header: Sequence[str], rows: Sequence[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def brought_in(database: Database, path: Path, mapping: str) -> Loaded:
    loader = Loader(database, DISPUTES, KEY)
    loaded = loader.file(path, load_mapping(FOLDER / mapping, DISPUTES))
    account = loaded.account
    assert loaded.status == "complete"
    assert account.received == account.accepted + account.unchanged + account.quarantined
    return loaded


@pytest.fixture
def example(
    new_claims: Callable[..., Database], nlrb: Jurisdiction, tmp_path: Path
) -> tuple[Database, Path, Path, list[Loaded]]:
    database = new_claims(nlrb, demo=False)
    petitions, actions = made(1)
    files = write(tmp_path / "petitions.csv", PETITIONS, petitions), write(tmp_path / "actions.csv", ACTIONS, actions)
    loaded = [brought_in(database, files[0], "petitions.toml"), brought_in(database, files[1], "actions.toml")]
    assert [one.account.received for one in loaded] == [len(petitions), len(actions)]
    return database, *files, loaded


def test_every_count_is_that_of_the_files(
    example: tuple[Database, Path, Path, list[Loaded]], capsys: pytest.CaptureFixture[str]
) -> None:
    database, petitions, actions, loaded = example
    codes = [(one.code, one.column) for each in loaded for one in each.rejected]
    assert codes == [
        ("closed_before_opened", "closed_at"),
        ("after_as_of", "closed_at"),
        ("unknown_case", "id"),
        ("after_as_of", "at"),
        ("milestone_before_opened", "ruling_at"),
    ]
    with psycopg.connect(database.url) as connection:
        assert check.compare(petitions, actions, connection) == 0, capsys.readouterr().out
        shown = capsys.readouterr().out
        assert "5 rows are left out" in shown
        counted = check.found(connection)
        assert all(counted[question] for question in check.QUESTIONS)
    with database.write() as owner:
        assert reconcile(owner, database.setting(owner)) == []


def test_loading_again_and_in_another_order_gives_the_same(
    example: tuple[Database, Path, Path, list[Loaded]], new_claims: Callable[..., Database], nlrb: Jurisdiction
) -> None:
    database, petitions, actions, loaded = example
    for path, mapping, first in ((petitions, "petitions.toml", loaded[0]), (actions, "actions.toml", loaded[1])):
        again = brought_in(database, path, mapping).account
        assert (again.accepted, again.quarantined) == (0, first.account.quarantined)
    turned = new_claims(nlrb, demo=False)
    rows_of = made(1)
    for path, header, rows, mapping in (
        (petitions, PETITIONS, rows_of[0], "petitions.toml"),
        (actions, ACTIONS, rows_of[1], "actions.toml"),
    ):
        brought_in(turned, write(path, header, rows[::-1]), mapping)
    with psycopg.connect(database.url) as one, psycopg.connect(turned.url) as other:
        assert check.found(one) == check.found(other)


def test_the_check_sees_a_single_wrong_count(
    example: tuple[Database, Path, Path, list[Loaded]], capsys: pytest.CaptureFixture[str]
) -> None:
    database, petitions, actions, _ = example
    with psycopg.connect(database.url) as connection:
        one_cell = "SELECT ctid FROM office_month_cells WHERE milestone = 'closed' LIMIT 1"
        connection.execute(f"UPDATE office_month_cells SET n = n + 1 WHERE ctid = ({one_cell})".encode())
        assert check.compare(petitions, actions, connection) == 1
        connection.execute("DELETE FROM quarantine WHERE code = 'unknown_case'")
        assert check.compare(petitions, actions, connection) == 2
    assert "database" in capsys.readouterr().out


def test_the_check_knows_the_same_words_as_the_mappings() -> None:
    petitions, actions = (tomllib.loads((FOLDER / f"{name}.toml").read_text()) for name in ("petitions", "actions"))
    assert petitions["values"]["outcome"] | {"": ""} == check.OUTCOMES
    assert petitions["as_of"] == actions["as_of"] == check.AS_OF
    words = {
        word: column.removesuffix("_at")
        for column, several in actions["milestones"].items()
        for word in ([several] if isinstance(several, str) else several)
    }
    assert words == check.MILESTONES


def test_the_folder_has_what_the_mappings_say(nlrb: Jurisdiction) -> None:
    petitions = tomllib.loads((FOLDER / "petitions.toml").read_text())
    assert len(nlrb.provinces) == len(nlrb.offices) == 35
    assert not nlrb.boundaries
    assert petitions["constants"]["channel"] in nlrb.names_of("channels", "en")
    assert set(petitions["values"]["outcome"].values()) == set(nlrb.names_of("disputes.outcome", "en"))
    assert set(petitions["values"]["filer"]) == set(nlrb.names_of("disputes.category", "fa"))


def test_what_the_records_do_not_tell_is_not_shown_as_none(example: tuple[Database, Path, Path, list[Loaded]]) -> None:
    """No claims and no settlements are in these records: a share of 0 % would be taken for a finding."""
    database = example[0]
    years = Filters(date(2011, 6, 11), "gregorian", "custom", date(2009, 1, 1), date(2011, 6, 10), compare="none")
    asked = replace(years, subject="disputes", usual="disputes")
    assert disputes.opened(database, asked, NATION)["value"].item() > 0
    assert disputes.claims(database, asked, NATION).empty
    for question in (disputes.agreed, disputes.settled_unruled):
        shown = question(database, asked, NATION)
        assert shown["n"].item() > 0
        assert shown["value"].isna().all()
