"""The gates of security: each a module with ``run(tries) -> Findings``, called with few tries by the tests and with all
of them by ``make security``.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Findings:
    """What a gate found.

    ``gate`` is its name, ``tries`` how often it tried, ``target`` what it is held to, as read in the table; ``found``
    are the failures, a sentence each: none means that the gate is held. ``figures`` are measured beside, name to value
    with its unit.
    """

    gate: str
    tries: int
    target: str
    found: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """Whether nothing was found."""
        return not self.found
