"""Values of the interview room's page at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from practice.models import Question
from sessions_app.interviews import labels, rules
from sessions_app.interviews.models import (
    Attempt,
    FollowUp,
    FollowUpRevision,
    InterviewDraftRevision,
    PracticeSession,
)
from sessions_app.interviews.policies import BIGGEST_ID
from sessions_app.interviews.selectors.attempts import attempts_of
from sessions_app.interviews.selectors.questions import next_question

SHOWN_EARLIER = 20


@dataclass(frozen=True)
class Timer:
    """Deadline and the server's time, so that a page counts down without trusting its own clock."""

    deadline: datetime
    now: datetime

    @property
    def left_ms(self) -> int:
        """Negative when time is up."""
        return int((self.deadline - self.now).total_seconds() * 1000)

    @property
    def label(self) -> str:
        """The text without scripts: "12:41 left", "1:02:03 left", or "2:10 over"."""
        left = self.left_ms
        seconds = -(-left // 1000) if left > 0 else -left // 1000
        hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
        shown = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
        return f"{shown} left" if left > 0 else f"{shown} over"

    @property
    def state(self) -> str:
        """ "" | soon (5 minutes and less) | last (1 minute and less) | over."""
        soon, last = (minutes * 60_000 for minutes in rules.WARN_AT_MINUTES)
        if self.left_ms <= 0:
            return "over"
        return "last" if self.left_ms <= last else "soon" if self.left_ms <= soon else ""


@dataclass(frozen=True)
class Answered:
    attempt: Attempt
    number: int
    title: str
    outcome: str


@dataclass(frozen=True)
class Room:
    """`question` is None when nothing is left to ask; `total` is set for a mock interview.
    `scored_from`: how many words an answer to this question needs to be scored at all.

    `earlier`: texts of this question's draft that were replaced, newest first, 20 at most (the API
    has them all).
    """

    session: PracticeSession
    title: str
    question: Question | None
    category: str
    reason: str
    code: str
    number: int
    total: int | None
    draft_text: str
    draft_version: int
    earlier: list[InterviewDraftRevision]
    scored_from: int
    timer: Timer | None
    answered: list[Answered]


def room_of(
    session: PracticeSession,
    *,
    now: datetime,
    question: Question | None = None,
    again: bool = False,
) -> Room:
    """The room with its next question, or with the `question` that was asked for."""
    answered = answered_in(session)
    reason, code = "You chose this question.", "chosen"
    if question is None:
        found = next_question(session, again=again)
        question, reason, code = found.question, found.reason, found.code
    draft = session.drafts.filter(question=question).first() if question else None
    return Room(
        session=session,
        title=labels.session_title(session),
        question=question,
        category=labels.category_label(question.question_main.category) if question else "",
        reason=reason,
        code=code,
        number=len(answered) + 1,
        total=len(session.plan) or None,
        draft_text=draft.answer_text if draft else "",
        draft_version=draft.version if draft else 0,
        earlier=list(draft.revisions.order_by("-saved_at", "-version")[:SHOWN_EARLIER])
        if draft
        else [],
        scored_from=question.min_words if question else 0,
        timer=timer_of(session, now=now),
        answered=answered,
    )


def draft_version_of(session: PracticeSession, question_id: int) -> int:
    """0 for a question of which nothing was saved."""
    if not 0 < question_id <= BIGGEST_ID:
        return 0
    rows = session.drafts.filter(question_id=question_id)
    return rows.values_list("version", flat=True).first() or 0


def asked_back(session: PracticeSession) -> int | None:
    """The id of the answer about which a question waits for its reply."""
    if not session.asks_back:
        return None
    waiting = session.attempts.filter(
        dialogue_ended_at=None, follow_ups__isnull=False, follow_ups__answered_at=None
    )
    return waiting.oldest_first().values_list("pk", flat=True).first()


def reply_version_of(session: PracticeSession, attempt_id: int, number: int) -> int:
    """Of the reply to a question that was asked back; 0 for one of which nothing was saved."""
    if not 0 < attempt_id <= BIGGEST_ID or not 0 < number <= rules.MOST_FOLLOW_UPS:
        return 0
    rows = FollowUp.objects.filter(attempt_id=attempt_id, attempt__session=session, number=number)
    return rows.values_list("version", flat=True).first() or 0


@dataclass(frozen=True)
class AnswerRoom:
    """The frame around the page of one answer. `number` counts the session's answers from 1;
    `replies` are what was asked back, `asks` the one of them that waits for its reply."""

    session: PracticeSession
    title: str
    category: str
    number: int
    total: int | None
    said: str
    timer: Timer | None
    answered: list[Answered]
    replies: list[FollowUp]

    is_over: bool

    @property
    def asks(self) -> FollowUp | None:
        open_ones = (one for one in self.replies if one.answered_at is None)
        return None if self.is_over else next(open_ones, None)

    @property
    def replied(self) -> list[FollowUp]:
        return [one for one in self.replies if one.answered_at is not None]

    @property
    def earlier(self) -> list[FollowUpRevision]:
        """Texts of the reply being written that were replaced, newest first, 20 at most."""
        if self.asks is None:
            return []
        rows: Any = self.asks.revisions
        return list(rows.order_by("-saved_at", "-version")[:SHOWN_EARLIER])


def answer_room(attempt: Attempt, *, now: datetime) -> AnswerRoom:
    session = attempt.session
    answered = answered_in(session)
    score = None if session.hides_scores else attempt.overall_score
    return AnswerRoom(
        session=session,
        title=labels.session_title(session),
        category=labels.category_label(attempt.question.question_main.category),
        number=next(item.number for item in answered if item.attempt.pk == attempt.pk),
        total=len(session.plan) or None,
        said=labels.said_against_result(attempt.self_rating, score),
        timer=timer_of(session, now=now),
        answered=answered,
        replies=list(attempt.follow_ups.order_by("number")),
        is_over=attempt.dialogue_ended_at is not None,
    )


def answered_in(session: PracticeSession) -> list[Answered]:
    return [
        Answered(attempt, number, attempt.question_title, labels.outcome(attempt))
        for number, attempt in enumerate(attempts_of(session), start=1)
    ]


def timer_of(session: PracticeSession, *, now: datetime) -> Timer | None:
    return Timer(session.deadline, now) if session.deadline and session.is_open else None
