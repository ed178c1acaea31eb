"""The event log of a test in words, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from sessions_app.proctoring.models import SessionEvent


@dataclass(frozen=True)
class LogLine:
    event: SessionEvent
    what: str
    who: str
    detail: str


def log_of(events: list[SessionEvent]) -> list[LogLine]:
    """Staff by their names of today; the id stands for an account that is gone."""
    ids = {int(number) for event in events if (number := _number(event.who))}
    names = {str(u.pk): u.get_username() for u in User.objects.filter(pk__in=ids)}
    return [
        LogLine(event, _plain(event.type), _who(event.who, names), _detail(event.detail))
        for event in events
    ]


def _number(who: str) -> str:
    _, _, number = who.partition(":")
    return number if number.isdigit() else ""


def _who(who: str, names: dict[str, str]) -> str:
    number = _number(who)
    return f"{who.partition(':')[0]} {names.get(number, number)}" if number else who


def _detail(detail: dict[str, Any]) -> str:
    return ", ".join(f"{_plain(name)}: {_plain(str(value))}" for name, value in detail.items())


def _plain(words: str) -> str:
    return words.replace("_", " ")
