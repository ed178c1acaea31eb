from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from judge.models import CodeRun
from sessions_app.assessments.models import CodingQuestion
from sessions_app.proctoring.models.sessions import ProctoredSession


class AnswerPrint(models.Model):
    """The fingerprints of a scored answer (`judge.similarity`): one a question of a test."""

    session = models.ForeignKey(
        ProctoredSession, models.CASCADE, related_name="prints", db_index=False
    )
    question = models.ForeignKey(CodingQuestion, models.CASCADE, related_name="+", db_index=False)
    run = models.OneToOneField(
        CodeRun,
        models.CASCADE,
        related_name="answer_print",
        help_text="The scoring run whose source it is of.",
    )
    language = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the source and the method.")
    hashes = models.JSONField(default=list, help_text="Sorted.")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "test_session_print"
        constraints = [
            models.UniqueConstraint(fields=("session", "question"), name="test_session_print_once")
        ]
        indexes = [
            models.Index(fields=("question", "language", "-id"), name="test_session_print_line")
        ]

    def __str__(self) -> str:
        return f"{len(self.hashes)} fingerprints of {self.session_id}"


class SimilarPair(models.Model):
    """Two answers to one question that share much: a reason to look at both, never a verdict."""

    first = models.ForeignKey(AnswerPrint, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(AnswerPrint, models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField(
        "in common", help_text="Of the shorter one's fingerprints, those that the other has too."
    )
    created_at = models.DateTimeField()

    class Meta:
        db_table = "test_session_similar"
        ordering = ("-percent", "-id")
        verbose_name = "similar answers"
        verbose_name_plural = "similar answers"
        constraints = [
            models.UniqueConstraint(fields=("first", "second"), name="test_session_similar_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="test_session_similar_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % in common"
