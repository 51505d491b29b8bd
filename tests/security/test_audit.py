"""The audit: each act leaves one entry, none holds a national code, and what cannot be written does not happen."""

from __future__ import annotations

import ast
import csv as reader
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from callbacks.index import Rasad
from dashboard.access import audit, tokens
from dashboard.access.audit import Entry, Search
from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS
from tests.pages import SPAN_QUERY, application, body_of, client, signed_in
from tests.pair import WORKSHOP, code, load_pairs

ROOT = Path(__file__).resolve().parents[2]
LONG = {"period": "custom", "from": "2020-01-01", "to": "2026-11-22"}
SOMEBODY = Person(7, "sara", "Sara", ROLES["province"], ("IR-23",))
CODES = ("0012345679", "۰۰۱۲۳۴۵۶۷۹", "001-234567-9", "０012345679", "call 0012345679 back")
"""One national code as it may be written."""


@pytest.fixture
def made(claims: Database) -> Iterator[Rasad]:
    load_pairs(claims)
    with application(claims) as made:
        yield made


def written(claims: Database, *actions: str) -> list[Entry]:
    return audit.entries(claims, Search(actions=actions))


@contextmanager
def unwritable(claims: Database) -> Iterator[None]:
    """The audit as it is where it cannot be written."""
    with claims.write() as connection:
        connection.execute("REVOKE INSERT ON audit FROM rasad_gate")
        connection.commit()
    yield
    with claims.write() as connection:
        connection.execute("GRANT INSERT ON audit TO rasad_gate")
        connection.commit()


def sent(made: Rasad, output: str, cookie: str = "", **values: Any) -> TestResponse:
    browser = client(made, cookie) if cookie else made.server.test_client()
    return browser.post("/_dash-update-component", json=body_of(made, output, **values))


def asked(made: Rasad, key: str, wanted: dict[str, Any], held: Any = None) -> dict[str, Any]:
    name = f"panel_cases_{key}"
    ask = {"filters": wanted, "theme": "light", "version": 1, "serial": 1}
    values = {f"{name}_ask__data": ask, "shell_language__data": "en", f"{name}_held__data": held}
    answer = sent(made, f"panel-cases-{key}-body.className", **values)
    assert answer.status_code == 200, answer.text
    response: dict[str, Any] = answer.json["response"] if answer.json else {}
    return {f"{id_}.{prop}": value for id_, props in response.items() for prop, value in props.items()}


def one_case(claims: Database) -> tuple[str, str]:
    with claims.write() as connection:
        row = connection.execute("SELECT id, province FROM registrations ORDER BY id LIMIT 1").fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def test_a_case_in_view_is_one_entry_however_often_it_is_brought_up_to_date(made: Rasad, claims: Database) -> None:
    number, province = one_case(claims)
    wanted = {"case": {"subject": "registrations", "number": number}}
    for held in (None, {"digest": "x", "version": 1, "serial": 1}, {"digest": "", "version": 9}):
        assert asked(made, "case", wanted, held)["panel-cases-case-body.className"] == "panel-body"
    [entry] = written(claims, "case_view")
    assert (entry.object, entry.rows, entry.detail) == (f"registrations/{number}", 1, {"provinces": [province]})
    assert (entry.login, entry.role, entry.address) == ("test-hq", "hq", "127.0.0.1")
    with claims.write() as connection:  # half an hour later it is another view
        connection.execute("ALTER TABLE audit DISABLE TRIGGER USER")
        connection.execute(f"UPDATE audit SET at = at - interval '{audit.OPENING + 1} minutes'")
        connection.execute("ALTER TABLE audit ENABLE TRIGGER USER")
        connection.commit()
    asked(made, "case", wanted)
    assert len(written(claims, "case_view")) == 2


def test_another_person_or_address_is_another_view(claims: Database) -> None:
    other = Person(8, "ali", "Ali", ROLES["hq"])
    for person, address in ((SOMEBODY, "10.0.0.1"), (SOMEBODY, "10.0.0.2"), (other, "10.0.0.1")) * 2:
        audit.record(claims, person, "case_view", address, "disputes/1", {}, 1, once=True)
    assert len(written(claims, "case_view")) == 3


def test_a_list_is_an_entry_a_page_with_its_filters_and_rows(made: Rasad, claims: Database) -> None:
    wanted = {**LONG, "province": "IR-23", "list": {"subject": "registrations", "state": "all"}}
    for _ in range(3):
        shown = asked(made, "list", wanted)
    [entry] = written(claims, "case_list")
    assert (entry.object, entry.login) == ("registrations", "test-hq")
    assert entry.detail["filters"] == {**LONG, "province": "IR-23"}
    assert entry.detail["provinces"] == ["IR-23"]
    assert entry.rows == repr(shown["panel-cases-list-table.children"]).count("/cases/registrations/")
    cursor = {"after": ["2026-10-01T00:00:00+00:00", "x"]}  # whoever begins with a later page is seen as well
    asked(made, "list", {**wanted, "list": {**wanted["list"], "cursor": cursor}})
    assert written(claims, "case_list")[0].detail["after"] == "2026-10-01T00:00:00+00:00"


def test_a_look_up_is_written_without_the_code(made: Rasad, claims: Database) -> None:
    name = "panel_cases_find"
    values = {f"{name}_person__value": code(7), f"{name}_workshop__value": WORKSHOP, "shell_language__data": "en"}
    answer = sent(made, "panel-cases-find-found.children", **{f"{name}_by_pair__n_clicks": 1}, **values)
    assert answer.status_code == 200
    [entry] = written(claims, "look_up")
    assert entry.object.startswith("person/#")
    assert entry.rows is not None
    assert entry.rows > 0
    number, province = one_case(claims)
    values = {f"{name}_by_number__n_clicks": 1, f"{name}_number__value": number, "shell_language__data": "en"}
    sent(made, "panel-cases-find-found.children", **values)
    found = written(claims, "look_up")[0]
    assert (found.object, found.rows, found.detail) == (f"number/{number}", 1, {"provinces": [province]})
    values = {f"{name}_by_number__n_clicks": 1, f"{name}_number__value": code(7), "shell_language__data": "en"}
    sent(made, "panel-cases-find-found.children", **values)
    typed = written(claims, "look_up")[0]
    assert typed.object.removeprefix("number/") == entry.object.removeprefix("person/")  # the same person, by the hash
    assert code(7) not in repr(written(claims))
    assert WORKSHOP not in repr(written(claims))


@pytest.mark.parametrize("door", ["/export/overview-trend.csv", "/api/v1/panels/overview-trend"])
def test_what_is_taken_away_is_written(made: Rasad, claims: Database, door: str) -> None:
    answer = made.server.test_client().get(f"{door}?{SPAN_QUERY}&province=IR-23")
    assert answer.status_code == 200
    [entry] = written(claims, "export")
    assert entry.object == "panel/overview-trend"
    assert entry.detail["format"] == ("json" if door.startswith("/api") else "csv")
    assert entry.detail["filters"]["province"] == "IR-23"
    assert entry.detail["provinces"] == ["IR-23"]
    if answer.json:
        assert entry.rows == len(answer.json["rows"])
    made.server.test_client().get(f"{door}?{SPAN_QUERY}&province=nowhere")  # refused: nothing was taken away
    assert len(written(claims, "export")) == 1


def test_targets_and_annotations_are_written_with_what_they_change(made: Rasad, claims: Database) -> None:
    name = "panel_judgement_forms"
    values = {f"{name}_measure__value": "on_time_rate", f"{name}_target_province__value": "IR-23"}
    values |= {f"{name}_value__value": "80", "shell_language__data": "en"}
    sent(made, "panel-judgement-forms-target-said.children", **{f"{name}_save_target__n_clicks": 1}, **values)
    [entry] = written(claims, "target_set")
    assert (entry.object, entry.detail) == ("target/on_time_rate", {"value": 0.8, "provinces": ["IR-23"]})
    values[f"{name}_value__value"] = "no number"
    sent(made, "panel-judgement-forms-target-said.children", **{f"{name}_save_target__n_clicks": 2}, **values)
    assert len(written(claims, "target_set")) == 1  # what was not kept was not done
    with unwritable(claims):
        values[f"{name}_value__value"] = "10"
        sent(made, "panel-judgement-forms-target-said.children", **{f"{name}_save_target__n_clicks": 3}, **values)
    with claims.write() as connection:
        assert connection.execute("SELECT value FROM targets").fetchall() == [(0.8,)]


def test_a_report_and_its_answer_are_written(made: Rasad, claims: Database) -> None:
    province = signed_in(made, "province", ["IR-23"])
    fields = {"province": "IR-23", "subject": "disputes", "title": "No answers", "body": "", "urgent": True}
    values = {f"panel_problem_report_{name}__value": value for name, value in fields.items()}
    clicked = {"panel_problem_report_send__n_clicks": 1}
    answer = sent(made, "panel-problem-report-said.children", province, **clicked, **values)
    assert answer.status_code == 200, answer.text
    [entry] = written(claims, "problem_reported")
    number = entry.object.removeprefix("problem/")
    assert (entry.role, entry.detail["provinces"]) == ("province", ["IR-23"])
    values = {"panel_problem_answer_number__value": number, "panel_problem_answer_answer__value": "Mended"}
    clicked = {"panel_problem_answer_send__n_clicks": 1}
    sent(made, "panel-problem-answer-said.children", **clicked, **values)
    assert [entry.object for entry in written(claims, "problem_answered")] == [f"problem/{number}"]


def token_of(claims: Database) -> str:
    with claims.write() as connection:
        return tokens.issue(connection, "feed", tuple(SUBJECTS))


def test_systems_that_ask_and_send_are_written(made: Rasad, claims: Database) -> None:
    bearer = {"Authorization": f"Bearer {token_of(claims)}"}
    browser = client(made)
    question = {"national_code": code(7), "workshop_code": WORKSHOP}
    answer = browser.post("/api/v1/eligibility", json=question, headers=bearer)
    assert answer.status_code == 200, answer.text
    [entry] = written(claims, "eligibility")
    assert (entry.role, entry.login.split(" ")[-1], entry.person_id) == ("token", "feed", None)
    assert entry.object.startswith("person/#")
    answer = browser.post("/api/v1/records/staffing", json=[{"no": "such"}] * 3, headers=bearer)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    [begun], [ended] = written(claims, "load"), written(claims, "load_ended")
    assert begun.object == ended.object == f"batch/{answer.json['batch']}"
    assert (ended.rows, ended.detail["quarantined"]) == (3, 3)
    assert code(7) not in repr(written(claims))


def test_nothing_happens_that_cannot_be_written(made: Rasad, claims: Database) -> None:
    number, _ = one_case(claims)
    bearer = {"Authorization": f"Bearer {token_of(claims)}"}
    browser, anybody = made.server.test_client(), client(made)
    find = {"panel_cases_find_by_number__n_clicks": 1, "panel_cases_find_number__value": number}
    with claims.write() as connection:
        before = connection.execute("SELECT count(*) FROM batches").fetchone()
    with unwritable(claims):
        case = asked(made, "case", {"case": {"subject": "registrations", "number": number}})
        assert case["panel-cases-case-body.className"] == "panel-body is-error"
        listed = asked(made, "list", {**LONG, "list": {"subject": "registrations"}})
        assert listed["panel-cases-list-body.className"] == "panel-body is-error"
        assert number not in repr(case) + repr(listed)
        found = sent(made, "panel-cases-find-found.children", **find, shell_language__data="en")
        assert "audit cannot be written" in found.text
        assert f"/cases/registrations/{number}" not in found.text
        assert browser.get(f"/export/overview-trend.csv?{SPAN_QUERY}").status_code == 503
        assert browser.get(f"/api/v1/panels/overview-trend?{SPAN_QUERY}").status_code == 503
        question = {"national_code": code(7), "workshop_code": WORKSHOP}
        assert anybody.post("/api/v1/eligibility", json=question, headers=bearer).status_code == 503
        assert anybody.post("/api/v1/records/staffing", json=[{"a": 1}], headers=bearer).status_code == 503
    assert written(claims, "case_view", "case_list", "look_up", "export", "eligibility", "load") == []
    with claims.write() as connection:
        assert connection.execute("SELECT count(*) FROM batches").fetchone() == before


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_no_entry_takes_a_national_code(new_claims: Callable[..., Database], jurisdiction: str) -> None:
    claims = new_claims(jurisdiction)
    codes = CODES if jurisdiction == "ir" else ("001301000001", "۰۰۱۳۰۱۰۰۰۰۰۱", "so 001301000001!")
    for written_so in codes:
        for bad in ({"object": written_so}, {"detail": {"a": [{"b": written_so}]}}, {"detail": {written_so: 1}}):
            with pytest.raises(audit.Unfit):
                audit.record(claims, SOMEBODY, "export", "10.0.0.1", **bad)  # type: ignore[arg-type]
    with pytest.raises(audit.Unfit):
        audit.record(claims, SOMEBODY, "export", "", detail={"n": 1111111111 if jurisdiction == "ir" else 96301000001})
    with pytest.raises(audit.Unfit):
        audit.record(claims, SOMEBODY, "mischief", "")  # type: ignore[arg-type]
    audit.record(
        claims, SOMEBODY, "export", "", f"person/#{'0012345679' * 3}ab", {"from": "2026-10-24", "n": 99_999_999}
    )
    assert len(audit.entries(claims, Search())) == 1


def test_the_audit_is_searched_page_by_page_and_as_a_whole(claims: Database) -> None:
    for number in range(25):
        provinces = ["IR-23"] if number % 2 else ["IR-01", "IR-23"]
        audit.record(claims, SOMEBODY, "case_view", "10.0.0.1", f"disputes/{number}", {"provinces": provinces}, number)
    everything = list(audit.every(claims, Search()))
    assert [entry.rows for entry in everything] == list(range(24, -1, -1))
    assert audit.number(claims, Search()) == 25
    pages, after = [], None
    while page := audit.entries(claims, Search(), after, 10):
        pages += page
        after = (page[-1].at, page[-1].id)
    assert pages == everything
    for search, n in (
        (Search(province="IR-01"), 13),
        (Search(province="IR-23", actions=("case_view",)), 25),
        (Search(object="disputes/1"), 1),
        (Search(object="disputes/1*"), 11),
        (Search(object="disputes_1*"), 0),
        (Search(login="sar*"), 25),
        (Search(login="sar"), 0),
        (Search(start=everything[4].at), 5),
        (Search(end=everything[4].at), 20),
    ):
        assert (len(audit.entries(claims, search)), audit.number(claims, search)) == (n, n), search


def test_nobody_changes_or_removes_an_entry(claims: Database) -> None:
    audit.record(claims, SOMEBODY, "sign_out", "10.0.0.1")
    for statement in ("UPDATE audit SET login = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with claims.write() as connection, pytest.raises(Exception, match="only be added to"):
            connection.execute(statement)
        with claims.gate.connect() as gate, pytest.raises(Exception, match="permission denied"):
            gate.exec_driver_sql(statement)
    assert len(audit.entries(claims, Search())) == 1


def test_administrators_take_the_audit_away_and_nobody_else(made: Rasad, claims: Database) -> None:
    audit.record(claims, SOMEBODY, "case_view", "10.0.0.1", "disputes/=1+1", {"provinces": ["IR-23"]}, 1)
    admin, hq = client(made, signed_in(made, "admin")), made.server.test_client()
    assert hq.get("/audit.csv").status_code == 403
    assert client(made).get("/audit.csv").status_code in (302, 401)
    answer = admin.get("/audit.csv?lang=en&login=sar*")
    assert answer.status_code == 200
    rows = list(reader.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:2] == ["When", "Who"]
    assert [row[1] for row in rows[1:]] == ["sara"]
    [taken] = written(claims, "audit_export")
    assert (taken.role, taken.rows) == ("admin", 1)
    for bad in ("action=mischief", "province=nowhere", "from=yesterday", "x=1", f"login={'a' * 300}"):
        assert admin.get(f"/audit.csv?{bad}").status_code == 400, bad
    with unwritable(claims):
        assert admin.get("/audit.csv").status_code == 503


def test_the_command_line_is_written(claims: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": claims.url, "DEMO": "true", "DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 40}
    for name, value in settings.items():
        monkeypatch.setenv(f"RASAD_{name}", value)

    def run(*words: str) -> None:
        subprocess.run([sys.executable, "-m", "dashboard", *words], cwd=ROOT, capture_output=True, check=False)

    run("token", "new", "feed", "--provinces", "IR-23")
    run("token", "revoke", "1")
    run("reconcile")
    run("quarantine", "--download", str(tmp_path / "rejected.csv"))
    entries = audit.entries(claims, Search())
    done = [(entry.action, entry.object) for entry in reversed(entries)]
    made = [("token_made", "token/1"), ("token_revoked", "token/1")]
    assert done[:2] == made
    assert {action for action, _ in done} >= {"reconcile", "quarantine_download"}
    assert {entry.role for entry in entries} == {"command"}
    assert all(entry.address for entry in entries)


PLAIN = {
    *("/livez", "/readyz", "/metrics", "/theme.css", "/live"),
    *("/sign-in", "/sign-in/directory", "/account"),
    *("/files.json", "/api/v1/briefings", "/api/v1/briefings/cards"),
}
"""The addresses that hand out no data of cases and change nothing but what is the person's own list."""
GIVING = {
    *("list_shown", "case_shown", "cases.numbered", "cases.of_pair", "cases.coverage", "cases.page", "cases.case"),
    "cases.every",
    *("coverage", "audit.entries", "audit.every"),
}
"""What gives single cases, the answer to who is covered, or the audit itself."""
WRITING = ("audited", "record", "_list_seen", "_audit_ended", "let_in", "try_password", "change_password")
"""What writes: what is called so, or has one of these in its name."""
BENEATH = {"list_shown", "case_shown", "register", "_search", "_file"}
"""Functions that give to those that write, or hold them."""


def sources() -> dict[str, str]:
    files = [*ROOT.glob("callbacks/*.py"), *ROOT.glob("dashboard/intake/door/*.py")]
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


def calls(node: ast.AST) -> set[str]:
    return {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}


def writes(done: set[str]) -> bool:
    return any(part in name.rpartition(".")[2] for name in done for part in WRITING)


def addresses(node: ast.FunctionDef) -> set[str]:
    """The addresses that a function answers, as its decorators say."""
    found = set()
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).startswith("server."):
            found |= {each.value for each in decorator.args if isinstance(each, ast.Constant)}
    return {address for address in found if isinstance(address, str)}


def unwritten(sources: dict[str, str]) -> set[str]:
    """The functions of these files that hand out, or answer an address, and do not write."""
    bad = set()
    for name, source in sources.items():
        functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
        writing = {node.name for node in functions if writes(calls(node))}  # an address may leave it to one of these
        for node in functions:
            if node.name not in BENEATH:
                done = calls(node)
                if addresses(node) and done & writing:
                    continue
                if (done & GIVING or addresses(node) - PLAIN) and not writes(done):
                    bad.add(f"{name}: {node.name}")
    return bad


def test_whatever_hands_out_cases_or_files_writes_it() -> None:
    assert unwritten(sources()) == set()


@pytest.mark.parametrize(
    ("file", "call"),
    [
        ("callbacks/cases.py", "_list_seen(deployment"),
        ("callbacks/cases.py", 'audited(deployment, "case_view"'),
        ("callbacks/cases.py", 'audited(deployment, "look_up"'),
        ("callbacks/case_lists.py", "audited(deployment, "),
        ("callbacks/exports.py", "_audited(of, "),
        ("callbacks/audit.py", 'audited(deployment, "audit_'),
        ("callbacks/sign_in.py", "audit.record(deployment"),
        ("dashboard/intake/door/coverage.py", "record("),
    ],
)
def test_an_act_whose_entry_is_taken_away_is_found(file: str, call: str) -> None:
    whole = sources()
    assert call in whole[file]
    changed = whole[file].replace(call, f"print({call.partition('(')[2]}")
    assert {bad.partition(":")[0] for bad in unwritten({**whole, file: changed})} == {file}


def test_an_address_that_is_added_has_to_write() -> None:
    new = 'def register(app):\n    @server.get("/cases.zip")\n    def zipped():\n        return everything()\n'
    assert unwritten({**sources(), "callbacks/zip.py": new}) == {"callbacks/zip.py: zipped"}


def test_every_action_has_its_words() -> None:
    from dashboard.text import LANGUAGES, text

    for language in LANGUAGES:
        assert all(text(language).has(f"audit.action.{action}") for action in audit.ACTIONS)


def test_entries_are_plain_json(claims: Database) -> None:
    audit.record(claims, None, "sign_in_refused", "", detail={"why": "password"})
    [entry] = audit.entries(claims, Search())
    assert (entry.login, entry.person_id, entry.address) == ("", None, "")
    assert json.loads(json.dumps(entry.detail)) == {"why": "password"}
