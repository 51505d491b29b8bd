"""Whose turn it is in an open case, and since when, as SQL over its columns: what a flow declares, told case by case.

The cells of open cases count by the same declaration (`rollup`); a test holds the two together.
"""

from __future__ import annotations

from dashboard.claims.flows import CLOSED, OPENED, Flow, Turn


def actor(flow: Flow) -> str:
    """An expression for who must act next; NULL once a case is closed."""
    return _case(flow, [(turn, f"'{turn.actor}'") for turn in flow.turns])


def since(flow: Flow) -> str:
    """An expression for the moment since when it has been that actor's turn.

    A turn begins with the step it follows; one that follows none, with the filing or when an earlier turn ended.
    """
    opened = flow.milestone(OPENED).at
    ended = ", ".join([opened, *(turn.until for turn in flow.turns if turn.until)])
    return _case(flow, [(turn, turn.after or f"greatest({ended})") for turn in flow.turns])


def _case(flow: Flow, told: list[tuple[Turn, str]]) -> str:
    branches = [f"WHEN {flow.milestone(CLOSED).at} IS NOT NULL THEN NULL"]
    for turn, value in told:
        conditions = [f"{turn.after} IS NOT NULL"] if turn.after else []
        conditions += [f"{turn.until} IS NULL"] if turn.until else []
        branches.append(f"WHEN {' AND '.join(conditions) or 'true'} THEN {value}")
    return f"CASE {' '.join(branches)} END"
