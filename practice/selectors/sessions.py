"""Finds sessions. The only module that knows of the two tables, live and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from common.db import compiled
from practice.models import (
    Practice,
    PracticeHistory,
    PracticeMain,
    PracticeMainHistory,
    SessionStatus,
    Whiteboard,
    WhiteboardHistory,
)
from practice.models.bases import SubmissionBase, WhiteboardRevisionBase

if TYPE_CHECKING:
    from accounts.models import User

AnySession = PracticeMain | PracticeMainHistory
AnyPractice = Practice | PracticeHistory
AnySubmission = SubmissionBase
"""Submission or SubmissionHistory: both have exactly the base's columns."""
AnyBoardRevision = WhiteboardRevisionBase


def find_session(*, user: User, session_id: int) -> AnySession | None:
    """The user's session in either table; history second, since sessions only move there."""
    asked = {"user_id": user.pk, "pk": session_id}
    return live_session.first(**asked) or past_session.first(**asked)


def _session_of(model: type[AnySession], user_id: Any, pk: Any) -> QuerySet[Any, Any]:
    rows = model.objects.of_learner(user_id).filter(pk=pk).select_related("question_main")
    return rows.defer("question_main__sample_writeup")  # long, and only the review shows it


@compiled
def live_session(user_id: int, pk: int) -> QuerySet[Any, AnySession]:
    return _session_of(PracticeMain, user_id, pk)


@compiled
def past_session(user_id: int, pk: int) -> QuerySet[Any, AnySession]:
    return _session_of(PracticeMainHistory, user_id, pk)


def find_active(*, user: User, question_main_id: int) -> PracticeMain | None:
    return PracticeMain.objects.visible_to(user).of_set(question_main_id).first()


def find_latest_completed(*, user: User, question_main_id: int) -> PracticeMainHistory | None:
    rows = PracticeMainHistory.objects.visible_to(user).of_set(question_main_id)
    return rows.order_by("-completed_at", "-id").first()


def find_by_status(*, user: User, question_main_id: int, status: str) -> AnySession | None:
    if status == SessionStatus.PRACTICING:
        return find_active(user=user, question_main_id=question_main_id)
    return find_latest_completed(user=user, question_main_id=question_main_id)


def has_completed(*, user: User, question_main_id: int) -> bool:
    """Whether sample answers of the set may be shown to this learner."""
    return PracticeMainHistory.objects.visible_to(user).of_set(question_main_id).exists()


def draft_versions_of(session: AnySession) -> dict[int, int]:
    """The version of each question's draft, without its text."""
    return dict(session.practices.order_by().values_list("question_id", "version"))


def board_version_of(session: AnySession) -> int:
    """The version of the session's board without its drawing, 0 when there is none."""
    boards = Whiteboard if isinstance(session, PracticeMain) else WhiteboardHistory
    return boards.objects.filter(session=session.pk).values_list("version", flat=True).first() or 0


def find_practice(*, session: AnySession, question_id: int) -> AnyPractice | None:
    return session.practices.select_related("question").filter(question_id=question_id).first()
