"""The columns that a live row and its history row share, so that a move is a plain copy.

Both sides also use the same related names (`practices`, `submissions`, `revisions`, `board`,
`board_revisions`), so that readers of a session need not know in which table it is.
"""

from __future__ import annotations

import zlib
from typing import Any

import orjson
from django.conf import settings
from django.db import models

from common.drafts import Draft, Revision, Stored
from practice.models.bank import Question, QuestionMain


class SessionStatus(models.TextChoices):
    PRACTICING = "practicing", "Practicing"
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


class PracticeBase(Draft):
    """One question inside one session: the wording that was shown, and the working draft."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="%(class)s_rows")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    prompt = models.TextField()
    answer_text = models.TextField(blank=True, default="")
    active_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"


class DraftRevisionBase(Revision):
    answer_text = models.TextField(blank=True)

    class Meta:
        abstract = True


class SubmissionBase(Stored):
    """What was handed in for feedback, never changed afterwards.

    `board` holds the elements of the question's frame (null: nothing drawn), `board_hash` their
    SHA-256, `diagram` what was read from them: `{"boxes", "arrows", "notes", "remarks"}`.
    """

    number = models.PositiveIntegerField()
    answer_text = models.TextField()
    board = models.JSONField(null=True, blank=True)
    board_hash = models.CharField(max_length=64, blank=True, default="")
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


class WhiteboardBase(Draft):
    """One Excalidraw scene for the whole session, with one frame for each question.

    The data of its pictures lies in `BoardPicture`: `pictures` is `{file id: digest}`.
    """

    content_fields = ("scene", "pictures")
    session: Any

    scene = models.JSONField(null=True, blank=True)
    pictures = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Board, version {self.version}"

    @property
    def revisions(self) -> Any:
        """They belong to the session, since a board row may never be made."""
        return self.session.board_revisions


class WhiteboardRevisionBase(Revision):
    """A replaced scene, compressed: an hour of drawing leaves some hundred that are nearly alike.
    `plain` holds those that were kept before 2026-11-30."""

    plain = models.JSONField(null=True, blank=True, db_column="scene", editable=False)
    packed = models.BinaryField(null=True, blank=True)
    pictures = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def scene(self) -> Any:
        return self.plain if self.packed is None else orjson.loads(zlib.decompress(self.packed))

    @scene.setter
    def scene(self, scene: Any) -> None:
        self.packed = zlib.compress(orjson.dumps(scene), 1)
        self.stored_bytes = len(self.packed)
