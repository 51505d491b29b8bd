"""What a person may see. A Scope comes from the server's own session or token, never from a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The provinces and the depth a person is entitled to.

    ``provinces`` is ``None`` for the whole nation; an empty tuple sees nothing. ``cases`` opens single cases, without
    it only counts are answered.
    """

    provinces: tuple[str, ...] | None
    cases: bool = False

    def narrow(self, asked: tuple[str, ...]) -> tuple[str, ...] | None:
        """The provinces to read when ``asked`` are wanted (empty: all); ``None`` means no restriction."""
        if self.provinces is None:
            return asked or None
        if not asked:
            return self.provinces
        return tuple(code for code in asked if code in self.provinces)


NATION = Scope(provinces=None, cases=True)
"""Everything: the scope of headquarters, of the command line and of the demo."""
