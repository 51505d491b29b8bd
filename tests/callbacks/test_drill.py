"""From a number to its cases, from a reason to its page: every link is an address that is wholly understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from callbacks.asking import read
from callbacks.cases import asked_for
from callbacks.index import Rasad
from dashboard.deployment import Deployment
from dashboard.filters import SUBJECTS, Filters
from dashboard.panel import Page, Panel
from dashboard.scope import NATION
from dashboard.text import LANGUAGES, text
from layouts.drill import of_reason, to_cases
from layouts.pages import page_at, page_of, panels
from queries import attention, cases, due
from queries.counts import pending
from queries.subjects import one_total
from tests.pages import TODAY, words

Make = Callable[[str], Rasad]


def deployment_of(rasad: Make, jurisdiction: str) -> Deployment:
    deployment: Deployment = rasad(jurisdiction).server.extensions["rasad"]
    return deployment


def read_as(address: str, deployment: Deployment) -> tuple[Page, Filters, dict[str, str]]:
    """The page of an address, its filters, and what it asks beside them; nothing in it may be left out."""
    parts = urlsplit(address)
    page = page_at(parts.path, deployment.jurisdiction)
    assert page is not None, address
    query = dict(parse_qsl(parts.query))
    own = {name: query.pop(name) for name in ("of", "state", "turn", "filed") if name in query and page.key == "cases"}
    filters, refused = read(query, deployment, deployment.jurisdiction.calendar, page, TODAY, NATION)
    assert refused == (), address
    return page, filters, own


def links(panel: Panel, filters: Filters, deployment: Deployment, language: str = "en") -> list[dict[str, Any]]:
    built = to_cases(panel, filters, text(language), deployment.jurisdiction, NATION)
    return [link.to_plotly_json()["props"] for link in built]


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize("panel", panels().values(), ids=lambda panel: panel.key)
def test_the_list_of_a_card_asks_for_what_the_card_heeds(rasad: Make, jurisdiction: str, panel: Panel) -> None:
    deployment = deployment_of(rasad, jurisdiction)
    province = deployment.jurisdiction.provinces[0].code
    query = {"period": "90d", "province": province, "channel": "online"}
    filters, _ = read(query, deployment, deployment.jurisdiction.calendar, page_of(panel), TODAY, NATION)
    for link in links(panel, filters, deployment):
        page, asked, own = read_as(link["href"], deployment)
        assert page.key == "cases"
        found, _ = asked_for({"subject": own.get("of") or asked.subject, **own}, asked)
        assert found.subject == (panel.subject if panel.subject in cases.LISTED else found.subject)
        heeded = panel.heeded(filters)
        assert (asked.provinces, asked.channels) == (heeded.provinces, heeded.channels)
        assert found.ever is (found.state not in ("all", "closed"))
        assert found.ever or asked.period in (heeded.period, "today")


def test_cards_that_are_not_about_cases_have_no_list(rasad: Make) -> None:
    deployment = deployment_of(rasad, "ir")
    filters = Filters(TODAY, "jalali")
    assert links(panels()["health-feeds"], filters, deployment) == []
    assert links(panels()["index-progress"], filters, deployment) != []
    assert len(links(panels()["due-late"], filters, deployment)) == 4
    assert len(links(panels()["due-boards"], filters, deployment)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_link_says_which_cases_of_which_card(rasad: Make, language: str) -> None:
    t = text(language)
    shown = links(panels()["overview-disputes-open"], Filters(TODAY, "jalali"), deployment_of(rasad, "ir"), language)
    assert [words(link["children"]) for link in shown] == [t("cases.link")]
    assert t("panel.overview-disputes-open.title") in shown[0]["aria-label"]


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize(
    ("key", "query", "names"), [("due-late", due.late, "late"), ("due-seven", due.late_in_seven, "in_seven")]
)
def test_lists_behind_a_number_hold_as_many_cases_as_it_says(
    rasad: Make, jurisdiction: str, key: str, query: Any, names: str
) -> None:
    deployment = deployment_of(rasad, jurisdiction)
    db, filters = deployment.database, Filters(TODAY, deployment.jurisdiction.calendar)
    listed = 0
    for link in links(panels()[key], filters, deployment):
        _, asked, own = read_as(link["href"], deployment)
        wanted, _ = asked_for({"subject": asked.subject, **own}, asked)
        assert wanted.state == names
        listed += sum(len(page.rows) for page in pages(deployment, asked, wanted))
    assert listed == int(query(db, filters, NATION)["value"].iloc[0]) > 0


def pages(deployment: Deployment, filters: Filters, wanted: cases.Asked) -> list[cases.ListPage]:
    found = []
    ask: cases.Asked | None = wanted
    while ask is not None:
        found.append(cases.page(deployment.database, filters, NATION, ask))
        ask = found[-1].next
    return found


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_every_reason_for_attention_leads_to_what_shows_it(rasad: Make, jurisdiction: str) -> None:
    deployment = deployment_of(rasad, jurisdiction)
    filters = Filters(TODAY, deployment.jurisdiction.calendar)
    for row in attention.attention(deployment.database, filters, NATION).to_dict("records"):
        for reason in row["reasons"]:
            _, asked, _ = read_as(of_reason(reason, row, deployment.jurisdiction), deployment)
            assert asked.provinces == (row["province"],)


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_late_cases_of_a_reason_are_those_it_counts(rasad: Make, jurisdiction: str, subject: str) -> None:
    deployment = deployment_of(rasad, jurisdiction)
    db, filters = deployment.database, Filters(TODAY, deployment.jurisdiction.calendar)
    found = pending(db, filters, NATION, subject, ("province",), one_total(db, subject))
    for row in found.sort_values("overdue", ascending=False).head(3).to_dict("records"):
        reason = {"code": "backlog_late", "values": {"subject": subject, "share": 0.5, "n": row["overdue"]}}
        _, asked, own = read_as(of_reason(reason, row, deployment.jurisdiction), deployment)
        wanted, _ = asked_for({"subject": asked.subject, **own}, asked)
        assert sum(len(page.rows) for page in pages(deployment, asked, wanted)) == row["overdue"]


def test_a_reason_of_no_place_leads_nowhere(rasad: Make) -> None:
    iran = deployment_of(rasad, "ir").jurisdiction
    reason = {"code": "backlog_late", "values": {"subject": "disputes", "share": 0.5, "n": 9}}
    assert of_reason(reason, {"province": None}, iran) == ""
    assert of_reason({"code": "intake.reason.bad_day", "values": {}}, {"province": "IR-07"}, iran) == ""
