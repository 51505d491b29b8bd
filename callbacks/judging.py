"""Answers with what stands beside them on a card: what headquarters hold them against, and what a click asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callbacks.asking import current_scope
from dashboard.answers import Answer, Unavailable
from dashboard.deployment import Deployment
from dashboard.filters import Filters
from dashboard.panel import Panel
from dashboard.picks import held, picks
from layouts.pages import page_of
from queries import judgement

_NONE: frozenset[str] = frozenset()
_TARGETS = Panel("targets", judgement.targets, (), (), kind="table", answers=_NONE)
_ANNOTATIONS = Panel("annotations", judgement.annotated, (), (), kind="table", answers=_NONE)
"""Questions on no page, answered and kept like a panel's."""


def judged(deployment: Deployment, panel: Panel, answer: Answer, filters: Filters) -> Answer:
    """The answer with more in its frame's ``attrs``, where there is any.

    ``targets`` (measure → value), ``notes`` (days and words), ``picks`` (`dashboard.picks`) and with those ``held``,
    the filters in force. The frame itself is shared by everyone who asked and stays as it is. While targets and
    annotations cannot be read nothing is judged.
    """
    beside = {name: value for name, value in _judgement(deployment, panel, answer, filters).items() if value}
    if asked := picks(panel, page_of(panel), answer.frame, filters, deployment.jurisdiction):
        beside |= {"picks": asked, "held": held(filters)}
    if not beside:
        return answer
    shown = answer.frame.copy(deep=False)
    shown.attrs = answer.frame.attrs | beside
    return replace(answer, frame=shown)


def _judgement(deployment: Deployment, panel: Panel, answer: Answer, filters: Filters) -> dict[str, Any]:
    ask, frame = deployment.answers.of, answer.frame
    try:
        set_targets = ask(_TARGETS, filters, current_scope()).frame
        annotations = ask(_ANNOTATIONS, filters, current_scope()).frame
    except Unavailable:
        return {}
    measures = {*panel.measures, *(frame["measure"] if panel.kind == "number" else ())}
    targets = {
        key: value
        for key in sorted(measures)
        if (value := judgement.target_of(set_targets, key, filters.provinces)) is not None
    }
    notes = judgement.noted(annotations, filters, panel.subject or filters.subject) if "bin" in frame else []
    return {"targets": targets, "notes": notes}
