"""What is wrong with a jurisdiction's folder: found all at once, each with file, place and key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong. ``place`` is ``line 4`` of a table, ``[[rule]] 2`` of a TOML file, or empty for a whole file."""

    file: str
    place: str
    key: str
    text: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        return f"{where}: {self.key}: {self.text}" if self.key else f"{where}: {self.text}"


class JurisdictionError(ValueError):
    """A folder that cannot be used; ``problems`` has everything found, the message one line for each."""

    def __init__(self, folder: str, problems: tuple[Problem, ...]) -> None:
        lines = "\n".join(f"- {problem}" for problem in problems)
        super().__init__(f"jurisdiction {folder}: {len(problems)} problem(s)\n{lines}")
        self.folder = folder
        self.problems = problems
