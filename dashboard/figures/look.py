"""How a figure is to look: for which reader, in which appearance, of which country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.figures.theme import FONTS, THEMES, Name, Theme
from dashboard.text import Text

if TYPE_CHECKING:
    from dashboard.jurisdictions import Jurisdiction


@dataclass(frozen=True)
class Look:
    """Language, appearance and jurisdiction: all that a figure depends on beside its frame."""

    text: Text
    theme: Name
    jurisdiction: Jurisdiction

    @property
    def colours(self) -> Theme:
        """The colours of the appearance."""
        return THEMES[self.theme]

    @property
    def font(self) -> str:
        """The font families of the language."""
        return FONTS[self.text.language]

    @property
    def rtl(self) -> bool:
        """Whether the figure is mirrored."""
        return self.text.rtl

    def names(self, codes: str) -> Mapping[str, str]:
        """Key → name of one of the jurisdiction's lists, in the language of the reader."""
        return self.jurisdiction.names_of(codes, self.text.language)
