"""Lists of sessions for the start page and the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from sessions_app.interviews import labels
from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.querysets import PracticeSessionQuerySet
from sessions_app.interviews.selectors.room import Timer, timer_of

SHOWN_OPEN = 20
SHOWN_RECENT = 3


@dataclass(frozen=True)
class Line:
    """One session in a list; `unscored` answers are those without a number."""

    session: PracticeSession
    title: str
    unscored: int
    timer: Timer | None = None


def open_sessions(user: User, *, now: datetime) -> list[Line]:
    rows = _newest(PracticeSession.objects.visible_to(user).open())
    return [line_of(session, now=now) for session in rows[:SHOWN_OPEN]]


def recent(user: User) -> list[Line]:
    return [line_of(session) for session in ended_sessions(user)[:SHOWN_RECENT]]


def ended_sessions(user: User, *, category: str = "") -> QuerySet[PracticeSession]:
    """Newest first; `category` narrows to sessions of one category."""
    rows = _newest(PracticeSession.objects.visible_to(user).ended())
    return rows.filter(category_filter=category) if category else rows


def line_of(session: PracticeSession, *, now: datetime | None = None) -> Line:
    """Expects a session of `open_sessions` or `ended_sessions`, which count its scores."""
    return Line(
        session=session,
        title=labels.session_title(session),
        unscored=session.questions_count - getattr(session, "scored_count", 0),
        timer=timer_of(session, now=now) if now else None,
    )


def _newest(rows: PracticeSessionQuerySet) -> QuerySet[PracticeSession]:
    """Newest first, each with `scored_count`."""
    scored = Count("attempts", filter=Q(attempts__overall_score__isnull=False))
    return rows.newest_first().annotate(scored_count=scored)
