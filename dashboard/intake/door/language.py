"""The language of sentences in an answer."""

from __future__ import annotations

from flask import request

from dashboard.deployment import Deployment
from dashboard.text import LANGUAGES, Text, text


def words(deployment: Deployment) -> Text:
    """The texts of the language that ``Accept-Language`` asks for, else of the deployment's own."""
    own = deployment.settings.language or deployment.jurisdiction.languages[0]
    return text(request.accept_languages.best_match(LANGUAGES) or own)
