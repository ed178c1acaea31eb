"""How long tests and candidates are kept (`common.retention`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from common.retention import Kind, register
from judge.models import CodeRun
from sessions_app.assessments.models import Candidate
from sessions_app.proctoring.models import Outage, ProctoredSession, SessionEvent
from sessions_app.proctoring.services.erasing import erase_candidates


def register_expiring() -> None:
    register(
        Kind(
            "sittings",
            "Tests that ended, with their candidates",
            lambda before: ProctoredSession.objects.ended_before(before),
            days="sittings",
            remove=_remove_candidates,
            batch=20,
        )
    )
    register(Kind("runs", "Runs of code that make no score", old_runs, days="runs"))
    register(
        Kind(
            "candidates",
            "Candidates who never started",
            never_started,
            days="sittings",
            remove=lambda rows: erase_candidates(row.pk for row in rows),
            batch=50,
        )
    )
    register(
        Kind("events", "Events of tests that are kept longer", old_events, days="events", batch=500)
    )
    register(
        Kind(
            "outages",
            "Outages of the server",
            lambda before: Outage.objects.filter(ended_at__lt=before),
            days="events",
        )
    )


def old_runs(before: datetime) -> QuerySet[Any]:
    """Samples, own inputs, those of practice rooms, and scores that were replaced; a score that
    counts stays with its test."""
    ended = CodeRun.objects.exclude(status__in=CodeRun.OPEN).filter(finished_at__lt=before)
    return ended.filter(Q(session_run__counts=False) | Q(trial_run__isnull=False))


def never_started(before: datetime) -> QuerySet[Any]:
    """Invited, and the invitation can no longer be opened either."""
    invitation = timedelta(days=settings.CANDIDATE_TOKEN_DAYS)
    rows = Candidate.objects.filter(session__isnull=True, created_at__lt=before - invitation)
    return rows.exclude(invited_at__gte=before)


def old_events(before: datetime) -> QuerySet[Any]:
    ended = ProctoredSession.objects.ended_before(before)
    return SessionEvent.objects.filter(recorded_at__lt=before, session__in=ended)


def _remove_candidates(sessions: list[Any]) -> None:
    """Answers, events and revisions go with them."""
    erase_candidates(session.pk for session in sessions)
