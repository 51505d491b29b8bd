"""Answers with what stands beside them on a card: what headquarters hold them against, and what a click asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from callbacks.asking import current_scope
from dashboard.answers import Answer, Unavailable, Withheld
from dashboard.deployment import Deployment
from dashboard.filters import Filters
from dashboard.panel import Panel
from dashboard.picks import held, picks
from dashboard.scope import Scope
from layouts.pages import page_of
from queries import judgement

_NONE: frozenset[str] = frozenset()
_TARGETS = Panel("targets", judgement.targets, (), (), kind="table", answers=_NONE)
_ANNOTATIONS = Panel("annotations", judgement.annotated, (), (), kind="table", answers=_NONE)
"""Questions on no page, answered and kept like a panel's."""


class Judging:
    """What holds for one request: targets and annotations, asked for once, however many cards it brings."""

    def __init__(self, deployment: Deployment, scope: Scope | None = None) -> None:
        """For who sees ``scope``: that of who asks, unless told."""
        self._deployment = deployment
        self._scope = current_scope() if scope is None else scope

    def of(self, panel: Panel, answer: Answer, filters: Filters) -> Answer:
        """The answer with more in its frame's ``attrs``, where there is any.

        ``targets`` (measure → value), ``notes`` (days and words), ``picks`` (`dashboard.picks`) and with those
        ``held``, the filters in force. The frame itself is shared by everyone who asked and stays as it is. While
        targets and annotations cannot be read, or are not published, nothing is judged.
        """
        beside = {name: value for name, value in self._judgement(panel, answer, filters).items() if value}
        if asked := picks(panel, page_of(panel), answer.frame, filters, self._deployment.jurisdiction):
            beside |= {"picks": asked, "held": held(filters)}
        if not beside:
            return answer
        shown = answer.frame.copy(deep=False)
        shown.attrs = answer.frame.attrs | beside
        return replace(answer, frame=shown)

    @cached_property
    def _set(self) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """Targets and annotations, both independent of any filter; ``None`` while they cannot be read."""
        ask, any_ = self._deployment.answers.of, Filters(today=date.min, calendar="gregorian")
        try:
            return ask(_TARGETS, any_, self._scope).frame, ask(_ANNOTATIONS, any_, self._scope).frame
        except (Unavailable, Withheld):
            return None

    def _judgement(self, panel: Panel, answer: Answer, filters: Filters) -> dict[str, Any]:
        if self._set is None:
            return {}
        set_targets, annotations = self._set
        measures = {*panel.measures, *(answer.frame["measure"] if panel.kind == "number" else ())}
        targets = {
            key: value
            for key in sorted(measures.intersection(set_targets["measure"]))
            if (value := judgement.target_of(set_targets, key, filters.provinces)) is not None
        }
        notes: list[tuple[str, str]] = []
        if len(annotations) and "bin" in answer.frame:
            notes = judgement.noted(annotations, filters, panel.subject or filters.subject)
        return {"targets": targets, "notes": notes}
