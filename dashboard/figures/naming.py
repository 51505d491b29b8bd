"""What a figure calls the keys of its frame: by one of the jurisdiction's lists, or by texts of the catalogue."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.figures.look import Look


def namer(look: Look, codes: str = "", labels: str = "") -> Callable[[str], str]:
    """Key → name: out of the list ``codes`` ("provinces", "disputes.outcome"), else the text ``<labels>.<key>``.

    A key without a name stands for itself: data may hold what a list no longer does.
    """
    names = look.names(codes) if codes else {}

    def name(key: str) -> str:
        if labels and look.text.has(f"{labels}.{key}"):
            return look.text(f"{labels}.{key}")
        return names.get(key, key)

    return name
