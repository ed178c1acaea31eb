from __future__ import annotations

from django.db import models
from django.db.models import Q

from sessions_app.assessments.models import Candidate
from sessions_app.assessments.rules import DEFAULT_MINUTES
from sessions_app.proctoring.querysets import BeatQuerySet, SessionQuerySet
from sessions_app.proctoring.states import Method, Status


class ProctoredSession(models.Model):
    """One candidate's test, in the document's table `test_session`.

    `status` changes only in `services.status`. While the test is active its stamps of beats live in
    `SessionBeat`; they are copied here when it ends. `deadline` decides about time;
    `test_duration_minutes` is the length that was agreed.
    """

    candidate = models.OneToOneField(
        Candidate, models.CASCADE, primary_key=True, related_name="session"
    )
    test_start_time = models.DateTimeField()
    test_duration_minutes = models.PositiveSmallIntegerField(default=DEFAULT_MINUTES)
    last_heartbeat = models.DateTimeField(null=True, blank=True)
    last_activity = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    completion_method = models.CharField(  # noqa: DJ001 -- the document's column is null until the end
        max_length=20, choices=Method, null=True, blank=True
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    sections_completed = models.JSONField(default=list, blank=True)
    pending_answers = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    deadline = models.DateTimeField()
    next_check_at = models.DateTimeField(
        null=True, blank=True, help_text="When time alone will close it; empty once it has ended."
    )
    left_at = models.DateTimeField(null=True, blank=True)
    left_tab = models.CharField(max_length=100, blank=True, default="")
    left_sequence = models.BigIntegerField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    # [{"key", "title", "question_ids": [uuid]}], fixed at the start: later edits change no test.
    plan = models.JSONField(default=list, blank=True)
    # {answer key: [tab, sequence, answers_version]} of the save that wrote it last.
    writers = models.JSONField(default=dict, blank=True)
    # Grows by one with each save; a page that sees it lower than before knows of a restored backup.
    answers_version = models.PositiveIntegerField(default=0, db_default=0)

    # Of the rows that say how its answers grew (`AnswerStep`), against their limit.
    step_bytes = models.PositiveIntegerField(default=0, db_default=0)

    # When the runs that score its answers were queued; empty again once it goes on.
    scoring_asked_at = models.DateTimeField(null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        db_table = "test_session"
        verbose_name = "test session"
        ordering = ("-test_start_time", "-candidate_id")
        indexes = [
            models.Index(fields=("-test_start_time", "-candidate"), name="test_session_newest"),
            # With the key, so that who is active can be read from the index alone.
            models.Index(
                fields=("deadline", "candidate"),
                name="test_session_due",
                condition=Q(status="active"),
            ),
            models.Index(
                fields=("-test_start_time",),
                name="test_session_abandoned",
                condition=Q(status="abandoned"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="test_session_status"
            ),
            models.CheckConstraint(
                condition=Q(completion_method__isnull=True)
                | Q(completion_method__in=Method.values),
                name="test_session_method",
            ),
            # completed_at belongs to completed only, a method to what has ended only.
            models.CheckConstraint(
                condition=Q(
                    status="completed",
                    completed_at__isnull=False,
                    completion_method__isnull=False,
                )
                | Q(
                    status="abandoned",
                    completed_at__isnull=True,
                    completion_method__isnull=False,
                )
                | Q(status="active", completed_at__isnull=True, completion_method__isnull=True),
                name="test_session_end_matches_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} ({self.status})"


class SessionBeat(models.Model):
    """The stamps of a live test, in a narrow row of its own that is rewritten at every beat.

    No index but the key: an index on a stamp would end PostgreSQL's in-page (HOT) updates. Exists
    exactly while the session is active. Lock order everywhere: session, then beat.
    """

    session = models.OneToOneField(
        ProctoredSession,
        models.CASCADE,
        primary_key=True,
        db_column="candidate_id",
        related_name="beat",
    )
    last_heartbeat = models.DateTimeField()
    last_activity = models.DateTimeField(null=True)
    tab = models.CharField(max_length=100, default="")
    sequence = models.BigIntegerField(null=True)
    deadline = models.DateTimeField()
    # The session's, here so that a beat tells it without reading the session.
    answers_version = models.PositiveIntegerField(default=0, db_default=0)

    objects = BeatQuerySet.as_manager()

    class Meta:
        db_table = "test_session_beat"

    def __str__(self) -> str:
        return f"{self.session_id} at {self.last_heartbeat:%H:%M:%S %Z}"
