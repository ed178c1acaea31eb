"""Proctored tests that should have been closed by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from diagnostics.checks.code_runs import scoring_rows
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionEvent
from sessions_app.proctoring.services.scoring import queue_scoring, unscored_at
from sessions_app.proctoring.services.status import apply_due_transitions
from sessions_app.proctoring.services.sweeping import due_ids

SESSION = ProctoredSession._meta.label
BEAT = SessionBeat._meta.label
SWEEP_IS_LATE = timedelta(minutes=5)


def find_overdue(scope: Scope) -> Iterable[Problem]:
    """Candidates are no users: a diagnosis of one user finds none."""
    if scope.user_id is not None:
        return
    overdue = due_ids(now=scope.now - SWEEP_IS_LATE)
    for row in ProctoredSession.objects.filter(pk__in=overdue).order_by("pk"):
        yield Problem(SESSION, row.pk, f"Active, deadline {row.deadline:%Y-%m-%d %H:%M %Z}.")


def rows_of_tests(problems: Sequence[Problem]) -> list[list[RowRef]]:
    """The test, and its beat while it has one: they share their key."""
    pks = [problem.pk for problem in problems]
    beats = {str(pk) for pk in SessionBeat.objects.filter(pk__in=pks).values_list("pk", flat=True)}
    return [[(SESSION, pk), *([(BEAT, pk)] if str(pk) in beats else [])] for pk in pks]


def close(problem: Problem, now: datetime) -> list[RowRef]:
    events = SessionEvent.objects.filter(session_id=problem.pk).order_by("pk")
    known = set(events.values_list("pk", flat=True))
    apply_due_transitions(candidate_id=problem.pk, now=now)
    if unscored_at(now).filter(pk=problem.pk).exists():  # left long ago, its time is over too
        queue_scoring([problem.pk], now=now)
    after = events.values_list("pk", flat=True)
    made = [(SessionEvent._meta.label, pk) for pk in after if pk not in known]
    # A completed test is handed over to be scored.
    return made + scoring_rows(problem.pk)


CHECKS = [
    Check(
        name="overdue_tests",
        title="Proctored tests past their end, still active",
        reason="The sweep closes these within seconds; these it has missed.",
        severity=Severity.CRITICAL,
        find=find_overdue,
        repair=Repair("Close it as the sweep would have", rows_of_tests, close),
    )
]
