"""What readers read: translations, calendars, numerals and the direction of text."""

from dashboard.text.text import LANGUAGES, Text, text

__all__ = ["LANGUAGES", "Text", "text"]
