"""A national code is known while a request lasts; it is in no answer, in no record of the log, in no column."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.dashboard.intake.door.doors import PREMIUM, Doors, case, code, opened

CODES = [code(n) for n in range(1, 20)]


def wrong(n: int) -> str:
    """A code with a wrong digit: a person is still easily found by it."""
    return CODES[n][:-1] + str((int(CODES[n][-1]) + 1) % 10)


def requests(doors: Doors) -> list[Any]:
    """Good and bad requests, with codes where they belong and where nobody would put them."""
    token = doors.token()
    registrations = [
        case(1, national_code=CODES[1], workshop_code="0183630045"),
        case(2, national_code=wrong(2)),
        case(3, national_code=int(CODES[3])),
        case(4, national_code=CODES[4], id=CODES[4]),
        case(5, national_code=CODES[5], office=CODES[5]),
        case(6, national_code=CODES[6], channel=CODES[6], cause=f"{CODES[6][:3]}-{CODES[6][3:9]}-{CODES[6][9]}"),
        case(7, province=CODES[7]),
        case(8, opened_at=CODES[8]),
        {**case(9), CODES[9]: "x"},
        {**case(10), "national_code": [int(CODES[10])]},
        {**case(11), "national_code": float(CODES[11])},
        CODES[12],
        int(CODES[13]),
        [CODES[14]],
        {"national_code": CODES[15]},
        case(16, national_code="".join(chr(0x06F0 + int(digit)) for digit in wrong(16))),
    ]
    lines = [json.dumps(case(17, national_code=CODES[17])), f'{{"national_code": "{CODES[18]}"', CODES[18]]
    register = [{**PREMIUM, "national_code": one} for one in (CODES[1], wrong(2))]
    name = {"Idempotency_Key": f"case of {CODES[1]}"}
    path = "/api/v1/records/registrations"
    return [
        doors.send("premiums", register, token, **name),
        doors.send("registrations", registrations, token, **name),
        doors.send("registrations", registrations, token, Idempotency_Key=CODES[1]),
        doors.send("registrations", registrations, token, Idempotency_Key=CODES[1]),
        doors.send("registrations", registrations, doors.token(provinces=("IR-07",))),
        doors.ask(path, "\n".join(lines).encode(), token, Content_Type="application/x-ndjson"),
        doors.ask(path, f'["{CODES[1]}" {CODES[2]}'.encode(), token),
        doors.ask(path, json.dumps(CODES[1]).encode(), token),
        doors.ask(f"/api/v1/records/{CODES[1]}", b"[]", token),
        doors.ask(path, b"[]", token, Content_Encoding=CODES[1]),
        doors.ask(path, b"[]", CODES[1]),
        *(
            doors.covered(token, **{"national_code": one, "workshop_code": place, **more})
            for one, place, more in (
                (CODES[1], "0183630045", {}),
                (CODES[2], "0183630045", {}),
                (wrong(3), "0183630045", {}),
                (CODES[4], CODES[4] + "1", {}),
                (CODES[5], "0183630045", {"opened_on": CODES[5]}),
                (CODES[6], "0183630045", {CODES[6]: CODES[6]}),
                ([int(CODES[7])], "0183630045", {}),
            )
        ),
        doors.ask("/api/v1/eligibility", f'{{"national_code": {CODES[8]} 1'.encode(), token),
    ]


@pytest.mark.parametrize("demo", [True, False])
def test_no_code_is_left_anywhere(new_claims: Any, caplog: pytest.LogCaptureFixture, demo: bool) -> None:
    doors = opened(new_claims("ir", demo=demo))
    with caplog.at_level(logging.DEBUG):
        answers = requests(doors)
    tables = doors.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    kept = {name: "\n".join(row[0] for row in doors.rows(f"SELECT t::text FROM {name} t")) for (name,) in tables}
    assert kept["registrations"].count("\n") >= 1
    assert kept["quarantine"].count("\n") >= 30
    assert kept["batches"]
    kept["log"] = caplog.text + "\n".join(str(record.__dict__) for record in caplog.records)
    kept["answers"] = "\n".join(answer.get_data(as_text=True) + str(answer.headers) for answer in answers)
    secrets = {form for n in range(1, 19) for one in (CODES[n], wrong(n)) for form in forms(one)}
    found = {place: [secret for secret in secrets if secret in text] for place, text in kept.items()}
    assert {place: secrets for place, secrets in found.items() if secrets} == {}


def forms(one: str) -> set[str]:
    """Ways to write a code: as it is, as a number, with hyphens, in Persian digits, in hexadecimal."""
    persian = "".join(chr(0x06F0 + int(digit)) for digit in one)
    return {one, one.lstrip("0"), f"{one[:3]}-{one[3:9]}-{one[9]}", persian, one.encode().hex()}
