"""The columns that a live row and its history row share, so that a move is a plain copy.

Both sides also use the same related names (`practices`, `submissions`, `revisions`, `board`,
`board_revisions`): whoever reads a session need not know where it lies.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from practice.models.bank import Question, QuestionMain


class SessionStatus(models.TextChoices):
    PRACTICING = "practicing", "Practising"
    COMPLETED = "completed", "Completed"


class SessionBase(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="%(class)s_rows"
    )
    question_main = models.ForeignKey(
        QuestionMain, on_delete=models.PROTECT, related_name="%(class)s_rows"
    )
    status = models.CharField(
        max_length=12, choices=SessionStatus.choices, default=SessionStatus.PRACTICING
    )
    started_at = models.DateTimeField()
    last_saved_at = models.DateTimeField(null=True, blank=True)
    counted_until = models.DateTimeField(
        null=True, blank=True, help_text="Up to here active time is already attributed."
    )
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Session {self.pk}"

    @property
    def is_completed(self) -> bool:
        return self.status == SessionStatus.COMPLETED


class PracticeBase(models.Model):
    """One question inside one session: the wording that was shown, and the working draft."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="%(class)s_rows")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    prompt = models.TextField()
    answer_text = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0, help_text="0: nothing was ever saved.")
    saved_at = models.DateTimeField(null=True, blank=True)
    active_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"


class DraftRevisionBase(models.Model):
    """A saved text that a different one replaced. `late` ones arrived after completion."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer_text = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    conflict = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Version {self.version}"


class SubmissionBase(models.Model):
    """What was handed in for feedback, never changed afterwards.

    `board` holds the elements of the question's frame (null: nothing drawn), `diagram` what was
    read from them: `{"boxes", "arrows", "notes"}`.
    """

    number = models.PositiveIntegerField()
    answer_text = models.TextField()
    board = models.JSONField(null=True, blank=True)
    diagram = models.JSONField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    evaluation = models.OneToOneField(
        "evaluation.Evaluation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(class)s",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Try {self.number}"


class WhiteboardBase(models.Model):
    """One Excalidraw scene for the whole session, with one frame for each question."""

    scene = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Board, version {self.version}"


class WhiteboardRevisionBase(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.JSONField()
    version = models.PositiveIntegerField()
    conflict = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Board, version {self.version}"
