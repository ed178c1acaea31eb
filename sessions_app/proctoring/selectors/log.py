"""The event log of a test as sentences, for staff."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from common.text import whole_number
from sessions_app.proctoring.models import SessionEvent


@dataclass(frozen=True)
class LogLine:
    event: SessionEvent
    what: str
    who: str
    detail: str


def log_of(events: list[SessionEvent]) -> list[LogLine]:
    """Staff by their present names; by id when the account is gone."""
    numbers = {event.who.partition(":")[2] for event in events}
    people = User.objects.filter(pk__in=filter(None, map(whole_number, numbers)))
    names = {str(user.pk): user.get_username() for user in people}
    lines = []
    for event in events:
        role, _, number = event.who.partition(":")
        who = f"{role} {names.get(number, number)}" if number else role
        detail = ", ".join(f"{name}: {value}" for name, value in event.detail.items())
        lines.append(LogLine(event, event.type.replace("_", " "), who, detail.replace("_", " ")))
    return lines
