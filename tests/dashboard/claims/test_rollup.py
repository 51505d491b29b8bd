"""Every cube against plain SQL over the facts, written without a word of the declarations it is filled by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.claims.cubes import AGE_EDGES
from dashboard.claims.database import Database
from dashboard.text.calendars import calendar_named

DAY = "AT TIME ZONE 'Asia/Tehran')::date"
AGE = f"(ARRAY[{','.join(map(str, AGE_EDGES))}])[width_bucket(%s, ARRAY[{','.join(map(str, AGE_EDGES))}])]"


def age(later: str, earlier: str = "opened_at") -> str:
    return AGE.replace("%s", f"{later} {DAY} - ({earlier} {DAY}")


CASES: dict[str, tuple[str, str]] = {
    "registrations by day and province": (
        (
            "SELECT day, province, sum(n) FROM day_cells WHERE subject = 'registrations' AND milestone = 'opened' "
            "GROUP BY 1, 2"
        ),
        f"SELECT (opened_at {DAY}, province, count(*) FROM registrations GROUP BY 1, 2",
    ),
    "decisions by day, outcome and reason": (
        (
            "SELECT day, outcome, reason, sum(n) FROM day_cells WHERE subject = 'registrations' "
            "AND milestone = 'decided' "
            "GROUP BY 1, 2, 3"
        ),
        (
            f"SELECT (decided_at {DAY}, coalesce(outcome, ''), coalesce(reason, ''), count(*) FROM registrations "
            "WHERE decided_at IS NOT NULL GROUP BY 1, 2, 3"
        ),
    ),
    "procedures closed by day, kind, channel and timing": (
        (
            "SELECT day, category, channel, timing, sum(n) FROM day_full_cells WHERE subject = 'procedures' "
            "AND milestone = 'closed' GROUP BY 1, 2, 3, 4"
        ),
        (
            f"SELECT (closed_at {DAY}, category, coalesce(channel, ''), coalesce(timing, ''), count(*) FROM procedures "
            "WHERE closed_at IS NOT NULL GROUP BY 1, 2, 3, 4"
        ),
    ),
    "petitions opened by claim type, each counted under every one of its types": (
        (
            "SELECT category, sum(n) FROM day_full_cells WHERE subject = 'dispute_claims' AND milestone = 'opened' "
            "GROUP BY 1"
        ),
        "SELECT claim_type, count(*) FROM dispute_claims GROUP BY 1",
    ),
    "petitions open by claim type, each counted under every one of its types": (
        "SELECT category, sum(n) FROM pending_cells WHERE subject = 'dispute_claims' GROUP BY 1 HAVING sum(n) > 0",
        (
            "SELECT c.claim_type, count(*) FROM dispute_claims c JOIN disputes d ON d.id = c.dispute_id "
            "WHERE d.closed_at IS NULL GROUP BY 1"
        ),
    ),
    "registrations by hour of the last days, hours being those of the wall clock": (
        (
            "SELECT hour, province, sum(n) FROM hour_cells WHERE subject = 'registrations' AND milestone = 'opened' "
            "GROUP BY 1, 2"
        ),
        (
            "SELECT date_trunc('hour', opened_at AT TIME ZONE 'Asia/Tehran') AT TIME ZONE 'Asia/Tehran', province, "
            f"count(*) FROM registrations WHERE (opened_at {DAY} >= "
            "(SELECT day FROM cube_horizons WHERE cube = 'hour_cells') "
            "GROUP BY 1, 2"
        ),
    ),
    "service requests by office of the last days": (
        (
            "SELECT day, office, category, sum(n) FROM office_cells WHERE subject = 'service_requests' "
            "AND milestone = 'opened' GROUP BY 1, 2, 3"
        ),
        (
            f"SELECT (opened_at {DAY}, coalesce(office, ''), category, count(*) FROM service_requests "
            f"WHERE (opened_at {DAY} >= (SELECT day FROM cube_horizons WHERE cube = 'office_cells') GROUP BY 1, 2, 3"
        ),
    ),
    "registrations by sector and sex, one at a time": (
        (
            "SELECT trait, sum(n) FROM month_trait_cells WHERE subject = 'registrations' AND milestone = 'opened' "
            "AND (trait LIKE 'sector:%' OR trait LIKE 'sex:%') GROUP BY 1"
        ),
        (
            "SELECT 'sector:' || sector, count(*) FROM registrations WHERE sector IS NOT NULL GROUP BY 1 "
            "UNION ALL SELECT 'sex:' || sex, count(*) FROM registrations WHERE sex IS NOT NULL GROUP BY 1"
        ),
    ),
    "registrations by age": (
        (
            "SELECT trait, sum(n) FROM month_trait_cells WHERE subject = 'registrations' AND milestone = 'opened' "
            "AND trait LIKE 'age:%' GROUP BY 1"
        ),
        (
            "SELECT CASE WHEN age < 25 THEN 'age:15-24' WHEN age < 35 THEN 'age:25-34' WHEN age < 45 THEN 'age:35-44' "
            "WHEN age < 55 THEN 'age:45-54' ELSE 'age:55+' END, count(*) FROM registrations WHERE age IS NOT NULL "
            "GROUP BY 1"
        ),
    ),
    "payments by filing day and age": (
        (
            "SELECT opened_day, province, age, sum(n) FROM cohort_cells WHERE subject = 'registrations' "
            "AND milestone = 'paid' GROUP BY 1, 2, 3"
        ),
        (
            f"SELECT (opened_at {DAY}, province, {age('(paid_at')}, count(*) FROM registrations "
            "WHERE paid_at IS NOT NULL GROUP BY 1, 2, 3"
        ),
    ),
    "days to the ruling": (
        (
            "SELECT province, age, sum(n) FROM duration_cells WHERE subject = 'disputes' AND milestone = 'ruling' "
            "GROUP BY 1, 2"
        ),
        f"SELECT province, {age('(ruling_at')}, count(*) FROM disputes WHERE ruling_at IS NOT NULL GROUP BY 1, 2",
    ),
    "disputes opened and closed by board": (
        (
            "SELECT milestone, province, board, outcome, sum(n) FROM board_cells WHERE subject = 'disputes' "
            "GROUP BY 1, 2, 3, 4"
        ),
        (
            "SELECT 'opened', province, coalesce(board, ''), '', count(*) FROM disputes GROUP BY 2, 3 "
            "UNION ALL SELECT 'closed', province, coalesce(board, ''), coalesce(outcome, ''), count(*) FROM disputes "
            "WHERE closed_at IS NOT NULL GROUP BY 2, 3, 4"
        ),
    ),
    "registrations found eligible and not paid, by filing day": (
        (
            "SELECT day, province, sum(n) FROM day_cells WHERE subject = 'registrations' AND milestone = 'unpaid' "
            "GROUP BY 1, 2"
        ),
        (
            f"SELECT (opened_at {DAY}, province, count(*) FROM registrations "
            "WHERE outcome = 'eligible' AND paid_at IS NULL GROUP BY 1, 2"
        ),
    ),
    "procedures closed by category, channels and reasons aside": (
        (
            "SELECT province, category, outcome, timing, sum(n) FROM month_category_cells "
            "WHERE subject = 'procedures' AND milestone = 'closed' GROUP BY 1, 2, 3, 4"
        ),
        (
            "SELECT province, category, coalesce(outcome, ''), coalesce(timing, ''), count(*) FROM procedures "
            "WHERE closed_at IS NOT NULL GROUP BY 1, 2, 3, 4"
        ),
    ),
    "contracts confirmed by month of filing and age": (
        (
            "SELECT opened_month, age, sum(n) FROM nation_cohort_month_cells WHERE subject = 'service_requests' "
            "AND milestone = 'confirmed' GROUP BY 1, 2"
        ),
        (
            f"SELECT (SELECT max(month) FROM month_cells WHERE month <= (opened_at {DAY}), {age('(confirmed_at')}, "
            "count(*) FROM service_requests WHERE confirmed_at IS NOT NULL GROUP BY 1, 2"
        ),
    ),
    "petitions closed before any ruling, by outcome": (
        "SELECT day, outcome, sum(n) FROM day_cells WHERE subject = 'disputes' AND milestone = 'unruled' GROUP BY 1, 2",
        (
            f"SELECT (closed_at {DAY}, coalesce(outcome, ''), count(*) FROM disputes "
            "WHERE closed_at IS NOT NULL AND ruling_at IS NULL GROUP BY 1, 2"
        ),
    ),
    "conciliations by what the petition ended in": (
        (
            "SELECT day, outcome, sum(n) FROM day_cells WHERE subject = 'disputes' AND milestone = 'conciliation' "
            "GROUP BY 1, 2"
        ),
        (
            f"SELECT (conciliation_at {DAY}, coalesce(outcome, ''), count(*) FROM disputes "
            "WHERE conciliation_at IS NOT NULL GROUP BY 1, 2"
        ),
    ),
    "days from the end to judicial review": (
        (
            "SELECT province, age, sum(n) FROM duration_cells WHERE subject = 'disputes' "
            "AND milestone = 'review_after_end' GROUP BY 1, 2"
        ),
        (
            f"SELECT province, {age('(judicial_review_at', 'closed_at')}, count(*) FROM disputes "
            "WHERE judicial_review_at IS NOT NULL AND closed_at IS NOT NULL GROUP BY 1, 2"
        ),
    ),
    "first petitions by the day of the verification before them": (
        (
            "SELECT opened_day, province, age, sum(n) FROM cohort_cells WHERE subject = 'service_requests' "
            "AND milestone = 'petitioned' GROUP BY 1, 2, 3"
        ),
        (
            f"SELECT (opened_at {DAY}, province, {age('(petitioned_at')}, count(*) FROM service_requests "
            "WHERE petitioned_at IS NOT NULL GROUP BY 1, 2, 3"
        ),
    ),
    "days from the hearing to the ruling, by the month of the ruling": (
        (
            "SELECT province, age, sum(n) FROM duration_cells WHERE subject = 'disputes' "
            "AND milestone = 'ruling_after_hearing' GROUP BY 1, 2"
        ),
        (
            f"SELECT province, {age('(ruling_at', 'hearing_at')}, count(*) FROM disputes "
            "WHERE ruling_at IS NOT NULL AND hearing_at IS NOT NULL GROUP BY 1, 2"
        ),
    ),
    "days from the loss of the job to filing, none less than nothing": (
        (
            "SELECT province, age, sum(n) FROM duration_cells WHERE subject = 'registrations' "
            "AND milestone = 'filing' GROUP BY 1, 2"
        ),
        (
            "WITH late AS (SELECT province, greatest("
            f"(opened_at {DAY} - job_lost_on, 0) AS days FROM registrations WHERE job_lost_on IS NOT NULL) "
            f"SELECT province, {AGE.replace('%s', 'days')}, count(*) FROM late GROUP BY 1, 2"
        ),
    ),
    "money granted and paid, by the kind of benefit": (
        "SELECT milestone, province, category, sum(n) FROM amount_cells WHERE subject = 'benefits' GROUP BY 1, 2, 3",
        (
            "SELECT 'amount_granted', province, category, sum(amount_granted) FROM benefits GROUP BY 2, 3 "
            "HAVING sum(amount_granted) > 0 "
            "UNION ALL SELECT 'amount_paid', province, category, sum(amount_paid) FROM benefits GROUP BY 2, 3 "
            "HAVING sum(amount_paid) > 0"
        ),
    ),
    "transfers by the province they go to and the one they come from": (
        (
            "SELECT day, province, category, sum(n) FROM day_full_cells WHERE subject = 'transfers' "
            "AND milestone = 'closed' GROUP BY 1, 2, 3"
        ),
        (
            f"SELECT (closed_at {DAY}, to_province, province, count(*) FROM procedures "
            "WHERE closed_at IS NOT NULL AND to_province IS NOT NULL GROUP BY 1, 2, 3"
        ),
    ),
    "procedures by skill and channel together, where both are known": (
        (
            "SELECT category, trait, sum(n) FROM month_trait_cells WHERE subject = 'procedures' "
            "AND trait LIKE 'skill+channel:%' GROUP BY 1, 2"
        ),
        (
            "SELECT category, 'skill+channel:' || skill || '+' || channel, count(*) FROM procedures "
            "WHERE skill IS NOT NULL AND channel IS NOT NULL GROUP BY 1, 2"
        ),
    ),
    "who stands between ministry and social security, since when and where": (
        (
            "SELECT milestone, day, province, office, channel, category, sum(n) FROM waiting_cells "
            "GROUP BY 1, 2, 3, 4, 5, 6"
        ),
        " UNION ALL ".join(
            f"SELECT '{gap}', ({since} {DAY}, province, coalesce(office, ''), channel, category, count(*) "
            f"FROM registrations WHERE outcome = 'eligible' AND {since} IS NOT NULL AND {waits} GROUP BY 2, 3, 4, 5, 6"
            for gap, since, waits in (
                ("to_establish", "referred_at", "coalesce(established_at, account_at, paid_at) IS NULL"),
                ("to_pay", "established_at", "paid_at IS NULL"),
                ("to_announce", "established_at", "coalesce(account_at, paid_at) IS NULL"),
            )
        ),
    ),
    "what benefits that run are paid a month, by the day their entitlement ends": (
        "SELECT due_on, province, category, actor, sum(n) FROM running_amount_cells GROUP BY 1, 2, 3, 4",
        (
            "SELECT coalesce(due_on, DATE '0001-01-01'), province, category, CASE WHEN suspended_at IS NOT NULL "
            "AND resumed_at IS NULL THEN 'claimant' ELSE 'social_security' END, sum(amount_granted / months_granted) "
            "FROM benefits WHERE closed_at IS NULL AND amount_granted IS NOT NULL AND months_granted > 0 "
            "GROUP BY 1, 2, 3, 4 HAVING sum(amount_granted / months_granted) > 0"
        ),
    ),
    "cases open now by the day they are due": (
        "SELECT due_on, province, category, sum(n) FROM due_cells WHERE subject = 'disputes' GROUP BY 1, 2, 3",
        (
            "SELECT coalesce(due_on, DATE '0001-01-01'), province, category, count(*) FROM disputes "
            "WHERE closed_at IS NULL GROUP BY 1, 2, 3"
        ),
    ),
    "cases open now by whose turn it is": (
        "SELECT opened_day, actor, sum(n) FROM pending_cells WHERE subject = 'registrations' GROUP BY 1, 2",
        (
            f"SELECT (opened_at {DAY}, CASE WHEN returned_at IS NOT NULL AND resubmitted_at IS NULL THEN 'claimant' "
            "WHEN referred_at IS NOT NULL THEN 'social_security' ELSE 'office' END, count(*) FROM registrations "
            "WHERE closed_at IS NULL GROUP BY 1, 2"
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_cube_counts_what_the_facts_hold(demo_claims: Callable[[str], Database], name: str) -> None:
    counted, expected = (_rows(demo_claims("ir"), statement) for statement in CASES[name])
    assert expected
    assert counted == expected


@pytest.mark.parametrize(("fine", "coarse"), [("day_cells", "month_cells"), ("day_full_cells", "month_full_cells")])
def test_months_are_those_of_the_official_calendar(
    demo_claims: Callable[[str], Database], fine: str, coarse: str
) -> None:
    database = demo_claims("ir")
    calendar = calendar_named("jalali")
    days = _rows(database, f"SELECT day, sum(n) FROM {fine} WHERE milestone = 'opened' GROUP BY 1")
    months: dict[Any, int] = {}
    for day, n in days:
        start = calendar.month_start(day)
        months[start] = months.get(start, 0) + int(n)
    assert _rows(database, f"SELECT month, sum(n) FROM {coarse} WHERE milestone = 'opened' GROUP BY 1") == sorted(
        months.items()
    )


def test_money_lies_in_the_month_the_benefit_was_established(demo_claims: Callable[[str], Database]) -> None:
    database = demo_claims("ir")
    calendar = calendar_named("jalali")
    months: dict[Any, int] = {}
    for day, amount in _rows(database, f"SELECT (opened_at {DAY}, coalesce(amount_granted, 0) FROM benefits"):
        start = calendar.month_start(day)
        months[start] = months.get(start, 0) + amount
    counted = "SELECT month, sum(n) FROM amount_cells WHERE milestone = 'amount_granted' GROUP BY 1"
    assert _rows(database, counted) == sorted(months.items())


@pytest.mark.parametrize("table", ["registrations", "disputes", "procedures", "service_requests", "benefits"])
@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_backlog_is_yesterdays_and_what_was_opened_less_what_was_closed(
    demo_claims: Callable[[str], Database], table: str, jurisdiction: str
) -> None:
    database = demo_claims(jurisdiction)
    zone = database.jurisdiction.timezone
    by_cells = _rows(
        database,
        f"SELECT day, province, sum(sum(CASE milestone WHEN 'opened' THEN n ELSE -n END)) "
        f"OVER (PARTITION BY province ORDER BY day) FROM day_cells WHERE subject = '{table}' "
        "AND milestone IN ('opened', 'closed') GROUP BY 1, 2",
    )
    changed = f"SELECT DISTINCT ({{}} AT TIME ZONE '{zone}')::date AS day, province FROM {table} WHERE {{}} IS NOT NULL"
    days = " UNION ".join(changed.format(column, column) for column in ("opened_at", "closed_at"))
    by_facts = _rows(
        database,
        f"SELECT d.day, d.province, count(*) FILTER (WHERE (f.opened_at AT TIME ZONE '{zone}')::date <= d.day "
        f"AND (f.closed_at IS NULL OR (f.closed_at AT TIME ZONE '{zone}')::date > d.day)) "
        f"FROM ({days}) d JOIN {table} f USING (province) GROUP BY 1, 2",
    )
    assert by_cells == by_facts
    assert by_facts


def _rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    with database.write() as connection:
        return sorted(connection.execute(statement).fetchall())
