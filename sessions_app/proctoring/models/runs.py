from __future__ import annotations

from django.db import models
from django.db.models import Q

from judge.models import CodeRun
from sessions_app.assessments.models import Candidate, CodingQuestion
from sessions_app.proctoring.models.sessions import ProctoredSession


class SessionRun(models.Model):
    """A run of a candidate's code: asked for by them, or to score an answer after the end.

    At most one scoring run of a question counts; those that it replaced stay to be read.
    """

    class Kind(models.TextChoices):
        SAMPLE = "sample"
        CUSTOM = "custom"
        SCORING = "scoring"

    session = models.ForeignKey(
        ProctoredSession, models.CASCADE, related_name="runs", db_index=False
    )
    question = models.ForeignKey(CodingQuestion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    run = models.OneToOneField(CodeRun, models.CASCADE, related_name="session_run")
    counts = models.BooleanField(default=False, help_text="The score is made of those that count.")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "test_session_run"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("session", "question"),
                condition=Q(counts=True),
                name="test_session_run_one_counts",
            ),
            models.CheckConstraint(
                condition=Q(counts=False) | Q(kind="scoring"),
                name="test_session_run_only_scoring_counts",
            ),
        ]
        indexes = [models.Index(fields=("session", "-id"), name="test_session_run_line")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.session_id}"


class TrialRun(models.Model):
    """A run in the practice room, before the test. It is the candidate's, not the test's."""

    class Kind(models.TextChoices):
        SAMPLE = "sample"
        CUSTOM = "custom"

    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="trial_runs", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    run = models.OneToOneField(CodeRun, models.CASCADE, related_name="trial_run")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "test_trial_run"
        ordering = ("-id",)
        indexes = [models.Index(fields=("candidate", "-id"), name="test_trial_run_line")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.candidate_id}"
