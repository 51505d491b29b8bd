"""The message that brings a briefing: what it says, in the language and direction of its readers."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from html import escape

from dashboard.exports.briefing import Whole
from dashboard.text import Text
from dashboard.text.bidi import plain


def letter(
    text: Text, whole: Whole, ready: str | None, person: str, due_at: datetime | None, public_url: str
) -> EmailMessage:
    """A message about a briefing, without its file, its sender and its readers.

    ``ready`` is the text of a ready briefing's name; ``None`` for one of the person's own, whose name stays out of the
    subject: nobody knows what somebody writes there. ``due_at`` is given where the message comes late.
    """
    day = text.day(whole.at.astimezone(whole.zone).date())
    told = text("schedules.mail.subject", name=text(ready) if ready else text("schedules.mail.own"), day=day)
    message = EmailMessage()
    message["Subject"] = plain(f"{text('demo.badge')}: {told}" if whole.demo else told)
    message["Auto-Submitted"] = "auto-generated"
    late = [text("schedules.mail.late", time=text.moment(due_at, whole.zone))] if due_at else []
    said = whole.summary or whole.contents
    end = [text("schedules.mail.why", person=person)]
    if public_url:
        end.append(text("schedules.mail.where", address=f"{public_url}/briefings"))
    lines = [whole.name, "", *late, *whole.front, "", *(f"- {each}" for each in said), "", *end]
    message.set_content("\n".join(map(plain, lines)) + "\n", cte="base64")
    message.add_alternative(_html(text, whole.name, [*late, *whole.front], said, end), subtype="html", cte="base64")
    return message


def _html(text: Text, name: str, front: list[str], said: list[str], end: list[str]) -> str:
    def paragraphs(lines: list[str], style: str) -> str:
        return "".join(f'<p style="margin:0 0 4px;{style}">{escape(line)}</p>' for line in lines)

    points = "".join(f"<li>{escape(each)}</li>" for each in said)
    return (
        f'<!DOCTYPE html><html lang="{text.language}" dir="{text.direction}"><head><meta charset="utf-8"></head>'
        f'<body dir="{text.direction}" style="font-family:Tahoma,Arial,sans-serif;line-height:1.6">'
        f'<h1 style="font-size:18px">{escape(name)}</h1>{paragraphs(front, "")}<ul>{points}</ul>'
        f"{paragraphs(end, 'color:#666')}</body></html>"
    )
