"""Sessions that are being practiced. Completion moves every row to `history`."""

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


class PracticeMain(SessionBase):
    """A session of one user over one set; at most one is practicing at a time."""

    objects = PracticeMainQuerySet.as_manager()

    class Meta:
        verbose_name = "practice session"
        ordering = ("-started_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "question_main"],
                condition=Q(status=SessionStatus.PRACTICING),
                name="uniq_practising_session",
            ),
            models.CheckConstraint(
                condition=Q(status=SessionStatus.PRACTICING, completed_at__isnull=True),
                name="live_session_is_practising",
            ),
        ]


class Practice(PracticeBase):
    session = models.ForeignKey(PracticeMain, on_delete=models.CASCADE, related_name="practices")

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = "question in practice"
        verbose_name_plural = "questions in practice"
        ordering = ("session", "order")
        constraints = [
            models.UniqueConstraint(fields=["session", "question"], name="uniq_practice_question"),
        ]


class DraftRevision(DraftRevisionBase):
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="revisions")

    class Meta:
        ordering = ("-saved_at", "-version")
        indexes = [
            models.Index(fields=["practice", "-saved_at", "-id"], name="idx_revision_newest"),
        ]


class Submission(SubmissionBase):
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="submissions")

    class Meta:
        ordering = ("practice", "-number")
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="uniq_submission_number"),
        ]


class Whiteboard(WhiteboardBase):
    session = models.OneToOneField(PracticeMain, on_delete=models.CASCADE, related_name="board")


class WhiteboardRevision(WhiteboardRevisionBase):
    session = models.ForeignKey(
        PracticeMain, on_delete=models.CASCADE, related_name="board_revisions"
    )

    class Meta:
        ordering = ("-saved_at", "-version")
        indexes = [models.Index(fields=["session", "-saved_at"], name="idx_board_rev_newest")]
