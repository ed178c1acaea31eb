"""Sessions that were completed: the same columns, names and ids as the live tables.

Ids of sessions, questions in practice, submissions and boards come from the live tables and are
only copied here. Revisions have UUIDs, since a late text may still be added after the move.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from practice.models.bases import (
    DraftRevisionBase,
    PracticeBase,
    SessionBase,
    SessionStatus,
    SubmissionBase,
    WhiteboardBase,
    WhiteboardRevisionBase,
)
from practice.querysets import PracticeMainQuerySet, PracticeQuerySet


class PracticeMainHistory(SessionBase):
    id = models.BigIntegerField(primary_key=True)

    objects = PracticeMainQuerySet.as_manager()

    class Meta:
        verbose_name = "completed session"
        ordering = ("-completed_at", "-id")
        indexes = [
            models.Index(fields=["user", "-completed_at", "-id"], name="idx_history_newest"),
            models.Index(
                fields=["user", "question_main", "-completed_at"], name="idx_history_of_set"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=SessionStatus.COMPLETED, completed_at__isnull=False),
                name="history_session_is_completed",
            ),
        ]


class PracticeHistory(PracticeBase):
    """`answer_text` is the draft as it stood; it may never have been submitted."""

    id = models.BigIntegerField(primary_key=True)
    session = models.ForeignKey(
        PracticeMainHistory, on_delete=models.CASCADE, related_name="practices"
    )

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = "question in a completed session"
        verbose_name_plural = "questions in completed sessions"
        ordering = ("session", "order")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "question"], name="uniq_practice_question_history"
            ),
        ]


class DraftRevisionHistory(DraftRevisionBase):
    practice = models.ForeignKey(
        PracticeHistory, on_delete=models.CASCADE, related_name="revisions"
    )

    class Meta:
        verbose_name_plural = "draft revision history"
        ordering = ("-saved_at", "-version")
        indexes = [
            models.Index(fields=["practice", "-saved_at", "-id"], name="idx_revision_hist_newest"),
        ]


class SubmissionHistory(SubmissionBase):
    id = models.BigIntegerField(primary_key=True)
    practice = models.ForeignKey(
        PracticeHistory, on_delete=models.CASCADE, related_name="submissions"
    )

    class Meta:
        verbose_name_plural = "submission history"
        ordering = ("practice", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "number"], name="uniq_submission_number_history"
            ),
        ]


class WhiteboardHistory(WhiteboardBase):
    id = models.BigIntegerField(primary_key=True)
    session = models.OneToOneField(
        PracticeMainHistory, on_delete=models.CASCADE, related_name="board"
    )

    class Meta:
        verbose_name_plural = "whiteboard history"


class WhiteboardRevisionHistory(WhiteboardRevisionBase):
    session = models.ForeignKey(
        PracticeMainHistory, on_delete=models.CASCADE, related_name="board_revisions"
    )

    class Meta:
        verbose_name_plural = "whiteboard revision history"
        ordering = ("-saved_at", "-version")
