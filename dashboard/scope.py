"""What a person may see. A Scope comes from the server's own session or token, never from a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The provinces, the subjects and the depth a person is entitled to.

    ``provinces`` and ``subjects`` are ``None`` for all there are; empty tuples see nothing. ``cases`` opens single
    cases, without it only counts are answered. ``published`` answers only what is fit for publication: the snapshot of
    the day, its small numbers suppressed.
    """

    provinces: tuple[str, ...] | None
    subjects: tuple[str, ...] | None = None
    cases: bool = False
    published: bool = False

    def narrow(self, asked: tuple[str, ...]) -> tuple[str, ...] | None:
        """The provinces to read when ``asked`` are wanted (empty: all); ``None`` means no restriction."""
        if self.provinces is None:
            return asked or None
        if not asked:
            return self.provinces
        return tuple(code for code in asked if code in self.provinces)

    def covers(self, subject: str) -> bool:
        """Whether anything of a subject may be seen."""
        return self.subjects is None or subject in self.subjects


NATION = Scope(provinces=None, cases=True)
"""Everything: the scope of the command line, of upkeep and of benchmarks. No request has it without a person."""

NOTHING = Scope(provinces=(), subjects=())
"""What nobody in particular may see."""
