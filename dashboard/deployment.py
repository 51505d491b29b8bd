"""One running deployment: its settings, jurisdiction, database, live feed and answers, handed to whoever needs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dashboard.answers import Answers
from dashboard.claims.database import Database
from dashboard.claims.feed import Feed
from dashboard.exports.pictures import Renderer
from dashboard.jurisdictions import Jurisdiction
from dashboard.settings import Settings


@dataclass(frozen=True)
class Deployment:
    """Everything a page or an interface needs; made once in ``app.create_app``."""

    settings: Settings
    jurisdiction: Jurisdiction
    database: Database
    feed: Feed
    answers: Answers

    @cached_property
    def renderer(self) -> Renderer:
        """What draws pictures; nothing of it runs before the first."""
        return Renderer(self.settings.chromium)
