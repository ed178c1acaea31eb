"""Code runs, each a row with its place in the queue, and what came of every case.

The table is the queue (`common.jobs`): messages only wake workers.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from common.jobs import Job
from judge.querysets import CodeRunQuerySet


class Verdict(models.TextChoices):
    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    RUNTIME_ERROR = "runtime_error"
    COMPILE_ERROR = "compile_error"
    INTERNAL_ERROR = "internal_error"


class CaseSet(models.Model):
    """Cases and limits as they were when a run was asked for, stored once however many runs use
    them.

    `cases` are those of `judge.specs.CaseSpec` as JSON; large ones are recipes that
    `judge.generating` turns into texts. `digest` is the SHA-256 of both columns.
    """

    digest = models.CharField(max_length=64, unique=True)
    cases = models.JSONField()
    limits = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{len(self.cases)} cases {self.digest[:8]}"


class CodeRun(Job):
    """One program against one set of cases.

    `kind` names whom to tell (`judge.subjects`). `earned` of `weight` is what its passed cases
    weigh. `verdict` is the first that is not accepted; empty while it waits, and for a run without
    expected outputs that ended by itself.
    """

    OPEN = ("queued", "running")

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Priority(models.IntegerChoices):
        """Somebody waits for the first before the screen."""

        INTERACTIVE = 0
        SCORING = 1

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.SCORING)
    language = models.CharField(max_length=20)
    source = models.TextField()
    case_set = models.ForeignKey(CaseSet, models.PROTECT, related_name="runs")
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    verdict = models.CharField(max_length=20, choices=Verdict, blank=True, default="")
    compile_output = models.TextField(blank=True, default="")
    cases = models.PositiveIntegerField(default=0, help_text="How many it is run against.")
    passed = models.PositiveIntegerField(default=0, help_text="Cases with the verdict accepted.")
    earned = models.PositiveIntegerField(default=0)
    weight = models.PositiveIntegerField(default=0)
    engine = models.CharField(max_length=80, blank=True, default="")
    versions = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CodeRunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                name="coderun_verdict_only_at_the_end",
                condition=Q(verdict="") | Q(status__in=["done", "failed"]),
            ),
            models.CheckConstraint(
                name="coderun_failed_is_internal",
                condition=Q(status="failed", verdict="internal_error")
                | (~Q(status="failed") & ~Q(verdict="internal_error")),
            ),
            models.CheckConstraint(
                name="coderun_running_is_claimed",
                condition=~Q(status="running")
                | Q(claim__isnull=False, claimed_until__isnull=False),
            ),
            models.CheckConstraint(
                name="coderun_earned_within_weight", condition=Q(earned__lte=models.F("weight"))
            ),
        ]
        indexes = [
            # Workers look only at open rows, in this order, however long history grows.
            models.Index(
                fields=["priority", "id"],
                name="coderun_open",
                condition=Q(status__in=["queued", "running"]),
            ),
            models.Index(fields=["-finished_at"], name="coderun_finished"),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk} ({self.verdict or self.status})"


class CaseResult(models.Model):
    """What one case of a run came to. `output` of hidden cases is for staff only, and short."""

    run = models.ForeignKey(CodeRun, models.CASCADE, related_name="results")
    number = models.PositiveIntegerField(help_text="In the order of the cases, from 1.")
    verdict = models.CharField(max_length=20, choices=Verdict, blank=True, default="")
    cpu_ms = models.PositiveIntegerField(default=0)
    wall_ms = models.PositiveIntegerField(default=0)
    memory_kb = models.PositiveIntegerField(default=0)
    exit_code = models.IntegerField(null=True, blank=True)
    signal = models.PositiveSmallIntegerField(null=True, blank=True)
    weight = models.PositiveIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)
    output = models.TextField(blank=True, default="")
    output_cut = models.BooleanField(default=False)
    error = models.TextField(blank=True, default="", help_text="Standard error.")

    class Meta:
        ordering = ("run", "number")
        constraints = [
            models.UniqueConstraint(fields=("run", "number"), name="caseresult_once_a_case"),
            models.CheckConstraint(
                name="caseresult_points_only_when_accepted",
                condition=Q(points=0) | Q(verdict="accepted", points=models.F("weight")),
            ),
        ]

    def __str__(self) -> str:
        return f"Case {self.number}: {self.verdict or 'ran'}"


class EngineReport(models.Model):
    """What the last probe of one worker's engine said; without a fresh one nothing can be run."""

    host = models.CharField(max_length=200, unique=True)
    engine = models.CharField(max_length=80)
    ok = models.BooleanField(default=False)
    why = models.TextField(blank=True, default="")
    languages = models.JSONField(default=dict, blank=True, help_text="{language: version}")
    at = models.DateTimeField()

    class Meta:
        ordering = ("host",)

    def __str__(self) -> str:
        return f"{self.engine} on {self.host}: {'ok' if self.ok else 'not ok'}"
