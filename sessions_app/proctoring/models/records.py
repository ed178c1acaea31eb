from __future__ import annotations

import json
from typing import Any

from django.db import models

from sessions_app.proctoring.models.sessions import ProctoredSession
from sessions_app.proctoring.states import Status


class SessionEvent(models.Model):
    """Append-only: every move of a test, every staff action, and what the page reported."""

    class Kind(models.TextChoices):
        MOVE = "move"
        STAFF = "staff"
        CLOCK = "clock"
        INTEGRITY = "integrity"

    session = models.ForeignKey(ProctoredSession, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    type = models.CharField(max_length=40)
    from_status = models.CharField(max_length=12, choices=Status, blank=True, default="")
    to_status = models.CharField(max_length=12, choices=Status, blank=True, default="")
    who = models.CharField(max_length=40)
    why = models.CharField(max_length=300, blank=True, default="")
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(help_text="When it took effect, by the server's clock.")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "test_session_event"
        # By id: moves are written under the session's lock, so this is the order of what happened.
        ordering = ("id",)
        indexes = [models.Index(fields=("session", "id"), name="test_session_event_line")]

    def __str__(self) -> str:
        return f"{self.type} at {self.at:%H:%M:%S %Z}"


class SessionDevice(models.Model):
    """A device that sent requests of a candidate: its address and browser. Two that were seen at
    the same time are for people to judge; nothing ends a test."""

    session = models.ForeignKey(
        ProctoredSession, models.CASCADE, related_name="devices", db_index=False
    )
    digest = models.CharField(max_length=32, help_text="Of address and browser.")
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=300, blank=True, default="")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        db_table = "test_session_device"
        ordering = ("first_seen_at", "id")
        constraints = [
            models.UniqueConstraint(fields=("session", "digest"), name="test_session_device_once")
        ]

    def __str__(self) -> str:
        return f"{self.address} · {self.agent[:60]}"


class AnswerRevision(models.Model):
    """A value that a save replaced or removed, or that came too late to count: nothing is lost."""

    class Reason(models.TextChoices):
        OTHER_TAB = "other_tab", "Replaced from another tab"
        OUT_OF_SEQUENCE = "out_of_sequence", "Replaced by an older save"
        UNNAMED = "unnamed", "Replaced by a save that names no tab"
        REMOVED = "removed", "Removed"
        LATE = "late", "Sent after the end"

    session = models.ForeignKey(ProctoredSession, models.CASCADE, related_name="revisions")
    key = models.CharField(max_length=100)
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=20, choices=Reason)
    tab = models.CharField(max_length=100, blank=True, default="")
    sequence = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0, help_text="Bytes of the value as JSON.")
    digest = models.CharField(
        max_length=64, blank=True, default="", help_text="The same value is kept once."
    )

    class Meta:
        db_table = "test_session_answer_revision"
        ordering = ("at", "id")
        indexes = [models.Index(fields=("session", "key", "at"), name="answer_revision_line")]

    def __str__(self) -> str:
        return f"{self.key} ({self.reason})"

    @property
    def text(self) -> str:
        return text_of(self.value)


def text_of(value: Any) -> str:
    """An answer as text: plain text, or the code of `{code, language}`."""
    if isinstance(value, dict):
        code = value.get("code")
        return code if isinstance(code, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return "" if value is None else str(value)


class ServerHeartbeat(models.Model):
    """One row a source: when a sweep, and when any web process, last recorded that it runs."""

    class Source(models.IntegerChoices):
        SWEEP = 1
        WEB = 2

    id = models.PositiveSmallIntegerField(primary_key=True, choices=Source)
    at = models.DateTimeField()

    class Meta:
        db_table = "test_server_pulse"

    def __str__(self) -> str:
        return f"{self.get_id_display()} {self.at:%Y-%m-%d %H:%M:%S %Z}"


class Outage(models.Model):
    """A time in which the server was unreachable, given back to the tests that were open."""

    started_at = models.DateTimeField(unique=True)
    ended_at = models.DateTimeField()
    sessions = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "test_server_outage"
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M %Z} for {self.ended_at - self.started_at}"
