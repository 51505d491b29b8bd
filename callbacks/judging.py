"""Answers with what headquarters hold them against: targets of their measures, and annotations of their days."""

from __future__ import annotations

from dataclasses import replace

from callbacks.asking import current_scope
from dashboard.answers import Answer, Unavailable
from dashboard.deployment import Deployment
from dashboard.filters import Filters
from dashboard.panel import Panel
from queries import judgement

_NONE: frozenset[str] = frozenset()
_TARGETS = Panel("targets", judgement.targets, (), (), kind="table", answers=_NONE)
_ANNOTATIONS = Panel("annotations", judgement.annotated, (), (), kind="table", answers=_NONE)
"""Questions on no page, answered and kept like a panel's."""


def judged(deployment: Deployment, panel: Panel, answer: Answer, filters: Filters) -> Answer:
    """The answer with ``attrs["targets"]`` (measure → value) and ``attrs["notes"]`` (days and words) in its frame.

    The frame itself is shared by everyone who asked and stays as it is. While neither can be read nothing is judged.
    """
    ask = deployment.answers.of
    try:
        set_targets = ask(_TARGETS, filters, current_scope()).frame
        annotations = ask(_ANNOTATIONS, filters, current_scope()).frame
    except Unavailable:
        return answer
    frame = answer.frame
    measures = {*panel.measures, *(frame["measure"] if panel.kind == "number" else ())}
    targets = {
        key: value
        for key in sorted(measures)
        if (value := judgement.target_of(set_targets, key, filters.provinces)) is not None
    }
    notes = judgement.noted(annotations, filters, panel.subject or filters.subject) if "bin" in frame else []
    if not targets and not notes:
        return answer
    shown = frame.copy(deep=False)
    shown.attrs = {**frame.attrs, "targets": targets, "notes": notes}
    return replace(answer, frame=shown)
