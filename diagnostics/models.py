"""Diagnoses with their findings, repairs with the rows before and after, and reports of people."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from common.jobs import Job, JobQuerySet


class Severity(models.TextChoices):
    """The document's four, worst first."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Trigger(models.TextChoices):
    COMMAND = "command", "Command"
    API = "api", "API"
    ADMIN = "admin", "Admin"
    NIGHTLY = "nightly", "Nightly"


class DiagnosticRun(models.Model):
    """One diagnosis: with every check or the named ones, of everybody or of one user."""

    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    user_id_filter = models.BigIntegerField(null=True, blank=True)
    checks = models.JSONField(default=list)
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    critical = models.PositiveIntegerField(default=0)
    high = models.PositiveIntegerField(default=0)
    medium = models.PositiveIntegerField(default=0)
    low = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"Diagnosis {self.pk} of {self.started_at:%Y-%m-%d %H:%M %Z}"


class Finding(models.Model):
    """The result of one check in one run: how many, some of them, and whether a repair exists."""

    run = models.ForeignKey(DiagnosticRun, on_delete=models.CASCADE, related_name="findings")
    check_name = models.CharField(max_length=60)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    title = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    sample = models.JSONField(default=list)
    fixable = models.BooleanField()
    error = models.TextField(blank=True, default="", help_text="The check itself broke.")
    seconds = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["check_name", "run"], name="finding_trend")]

    def __str__(self) -> str:
        return f"{self.check_name}: {self.count}"


class RepairRun(Job):
    """A plan and its progress. A dry run stays planned until it is executed; then the process that
    applies it holds the claim."""

    OPEN = ("applying",)

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        APPLYING = "applying", "Applying"
        APPLIED = "applied", "Applied"
        UNDONE = "undone", "Undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    checks = models.JSONField(default=list)
    user_id_filter = models.BigIntegerField(null=True, blank=True)
    broken = models.JSONField(default=dict, blank=True, help_text="Checks that could not look.")
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    executed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    planned_at = models.DateTimeField(db_index=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet["RepairRun"].as_manager()

    class Meta:
        ordering = ["-planned_at"]

    def __str__(self) -> str:
        return f"Repair {self.pk} ({self.status})"


class RepairAction(models.Model):
    """One repaired row with its related rows: snapshots before and after it, for undo."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        APPLIED = "applied", "Applied"
        SKIPPED = "skipped", "Skipped: changed since the plan"
        FAILED = "failed", "Failed"
        UNDONE = "undone", "Undone"

    run = models.ForeignKey(RepairRun, on_delete=models.CASCADE, related_name="actions")
    check_name = models.CharField(max_length=60)
    action = models.CharField(max_length=200, help_text="What is done, in words.")
    model = models.CharField(max_length=80)
    row_pk = models.CharField(max_length=64)
    user_id_ref = models.BigIntegerField(null=True, blank=True, db_index=True)
    details = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    note = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["run", "state"], name="repair_action_state")]

    def __str__(self) -> str:
        return f"{self.action} {self.model} {self.row_pk}"


class UserErrorReport(models.Model):
    """“Report this” on an error page or failure toast."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    request_id = models.CharField(max_length=64, blank=True, default="")
    path = models.CharField(max_length=300, blank=True, default="")
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.path} {self.created_at:%Y-%m-%d %H:%M %Z}"
