"""Setting targets and annotations through the page's own callbacks."""

from __future__ import annotations

from typing import Any

import pytest

from callbacks.index import Rasad
from callbacks.judgement import number
from dashboard.claims.judgement import BadJudgement
from dashboard.filters import Filters
from dashboard.scope import NATION
from dashboard.text import LANGUAGES, text
from layouts.judgement import part
from queries.judgement import annotated, targets
from tests.conftest import NewClaims
from tests.pages import TODAY, application, body_of, words

FILTERS = Filters(today=TODAY, calendar="gregorian")
FORMS = "panel_judgement_forms_"


@pytest.mark.parametrize(
    ("written", "read"), [("85", 85.0), ("۸۵٫۵", 85.5), (" 90,5 % ", 90.5), ("۷٪", 7.0), ("٪", None), ("", None)]
)
def test_numbers_as_people_type_them(written: str, read: float | None) -> None:
    if read is None:
        with pytest.raises(BadJudgement):
            number(written)
    else:
        assert number(written) == read


def sent(made: Rasad, output: str, **values: Any) -> dict[str, Any]:
    given = {f"{FORMS}{name}": value for name, value in values.items()}
    body = body_of(made, f"panel-judgement-forms-{output}", **given, shell_language__data="en")
    answer = made.server.test_client().post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json["response"]
    return found


def said(answer: dict[str, Any], form: str) -> str:
    return str(answer[f"panel-judgement-forms-{form}-said"]["children"])


def test_a_target_is_set_listed_and_taken_away(new_claims: NewClaims) -> None:
    claims, english = new_claims("vn"), text("en")
    province = claims.jurisdiction.provinces[0].code
    with application(claims) as made:
        values = {
            "save_target__n_clicks": 1,
            "measure__value": "on_time_rate",
            "target_province__value": province,
            "value__value": "87,5",
        }
        assert said(sent(made, "target-said.children", **values), "target") == english("judgement.saved")
        kept = targets(claims, FILTERS, NATION)
        assert kept[["measure", "province", "value"]].values.tolist() == [["on_time_rate", province, 0.875]]
        for wrong, reason in (
            ({"value__value": "much"}, "value"),
            ({"value__value": "101"}, "value"),
            ({"measure__value": "registered"}, "measure"),
            ({"target_province__value": "nowhere"}, "province"),
        ):
            answer = said(sent(made, "target-said.children", **{**values, **wrong}), "target")
            assert answer == english(f"judgement.bad.{reason}")
        assert len(targets(claims, FILTERS, NATION)) == 1
        for language in LANGUAGES:
            t = text(language)
            asked = {"data_version__data": 1, "shell_language__data": language}
            body = body_of(made, "panel-judgement-forms-target-list.children", **asked)
            listed = made.server.test_client().post("/_dash-update-component", json=body).json["response"]
            shown = words(_plain(listed["panel-judgement-forms-target-list"]["children"]))
            assert t("measure.on_time_rate.label") in shown
            assert claims.jurisdiction.names_of("provinces", language)[province] in shown
            (button,) = _buttons(listed["panel-judgement-forms-target-list"]["children"])
            assert (button["data-drop"], button["data-key"]) == (part("drop-target"), f"on_time_rate|{province}")
        dropped = sent(made, "target-said.children", drop_target__data={"key": f"on_time_rate|{province}", "at": 1})
        assert said(dropped, "target") == english("judgement.dropped")
        assert "panel-judgement-forms-value" not in dropped  # what is being typed stays
        assert targets(claims, FILTERS, NATION).empty


def test_a_day_is_annotated_in_the_readers_calendar(new_claims: NewClaims) -> None:
    claims = new_claims("ir")
    with application(claims) as made:
        values = {
            f"{FORMS}save_annotation__n_clicks": 1,
            f"{FORMS}words__value": "<b>new rule</b>",
            f"{FORMS}subject__value": "",
            f"{FORMS}annotation_province__value": "",
            "filter_annotated_day__value": "1",
            "filter_annotated_month__value": "1",
            "filter_annotated_year__value": "1405",
            "shell_language__data": "fa",
        }
        body = body_of(made, "panel-judgement-forms-annotation-said.children", **values)
        assert made.server.test_client().post("/_dash-update-component", json=body).status_code == 200
        kept = annotated(claims, FILTERS, NATION)
        assert kept["day"].iloc[0].isoformat() == "2026-03-21"
        assert kept["words"].tolist() == ["<b>new rule</b>"]
        for key in ("", "x", str(kept["id"].iloc[0] + 1)):
            sent(made, "annotation-said.children", drop_annotation__data={"key": key, "at": 1})
            assert len(annotated(claims, FILTERS, NATION)) == 1
        sent(made, "annotation-said.children", drop_annotation__data={"key": str(kept["id"].iloc[0]), "at": 2})
        assert annotated(claims, FILTERS, NATION).empty


def _plain(component: Any) -> Any:
    """The texts in a component as it was sent."""
    if isinstance(component, dict):
        return _plain(component.get("props", {}).get("children"))
    return [_plain(child) for child in component] if isinstance(component, list) else component


def _buttons(component: Any) -> list[dict[str, Any]]:
    """The properties of the buttons in a component as it was sent."""
    if isinstance(component, list):
        return [found for child in component for found in _buttons(child)]
    if not isinstance(component, dict):
        return []
    own = [component["props"]] if component.get("type") == "Button" else []
    return own + _buttons(component.get("props", {}).get("children"))
