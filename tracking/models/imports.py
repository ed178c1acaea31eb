from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.jobs import Job, JobQuerySet


class ImportPlan(Job):
    """The effect of a file, row by row; applied at most once, undone as a whole.

    `planning` and `applying` plans are picked up by the worker. `upload` holds a large file until
    it is read; `error` is shown to the learner.
    """

    OPEN = ("planning", "applying")

    class Status(models.TextChoices):
        PLANNING = "planning", "Reading"
        PLANNED = "planned", "Ready to apply"
        APPLYING = "applying", "Applying"
        APPLIED = "applied", "Applied"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="import_plans"
    )
    status = models.CharField(max_length=10, choices=Status.choices)
    filename = models.CharField(max_length=255, blank=True, default="")
    upload = models.BinaryField(null=True, blank=True)
    # What the learner said about the file: `tracking.sheets.answers.Answers`.
    answers = models.JSONField(default=dict, blank=True)
    encoding = models.CharField(max_length=20, blank=True, default="")
    create_skills = models.BooleanField(default=True)
    skip_errors = models.BooleanField(default=False)
    apply_when_planned = models.BooleanField(default=False)
    # The tracker whose export it is, and which title of the header is which column of ours.
    preset = models.CharField(max_length=20, blank=True, default="")
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    ignored_columns = models.JSONField(default=list)
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    create_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    # Skills that applying made; undo deletes those of them that are empty then.
    created_skills = models.JSONField(default=list)
    # Names of skills that applying makes: the first thousand.
    creates_skills = models.JSONField(default=list)
    # Questions of `tracking.sheets.answers` that the file leaves open.
    asks = models.JSONField(default=list)
    # Sessions of less than a minute in an export that has many in a row.
    left_out = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet["ImportPlan"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=["planning", "applying"]),
                name="import_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename or 'import'} ({self.status})"


class ImportRow(models.Model):
    """One data row of a file; `number` 1 is the first below the header."""

    class Action(models.TextChoices):
        CREATE = "create", "Create"
        SAME = "same", "Already there"
        ERROR = "error", "Cannot be read"

    plan = models.ForeignKey(
        ImportPlan, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=6, choices=Action.choices)
    skill_name = models.TextField(blank=True, default="")
    skill_key = models.TextField(blank=True, default="")
    date_practiced = models.DateField(null=True)
    duration_minutes = models.PositiveSmallIntegerField(null=True)
    description = models.TextField(blank=True, default="")
    difficulty_rating = models.PositiveSmallIntegerField(null=True)
    confidence_rating = models.PositiveSmallIntegerField(null=True)
    # The only problem is that there is no such skill yet.
    lacks_skill = models.BooleanField(default=False)
    errors = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_row_per_number")
        ]
        indexes = [models.Index(fields=["plan", "action", "number"], name="import_row_action")]

    def __str__(self) -> str:
        return f"row {self.number}: {self.action}"
