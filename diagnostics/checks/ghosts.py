"""Ghosts: empty sessions that a person never meant to start (CONTRACT "Diagnostics").

A ghost is a session, other than the newest of its user and set, older than 30 minutes, with no
attempt, submission, saved text, board or beat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import DailyUsage, UsageReservation
from accounts.services import usage
from diagnostics import graph
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope, problems_of
from practice.models import DraftRevision, Practice, PracticeMain, PracticeMainHistory, Submission
from sessions_app.interviews.models import Attempt, InterviewDraft, PracticeSession

OLD_ENOUGH = timedelta(minutes=30)
PRACTICE = PracticeMain._meta.label
INTERVIEW = PracticeSession._meta.label
SUBJECT_KINDS = {PRACTICE: "practice_main", INTERVIEW: "interview_session"}


def practice_ghosts(now: datetime) -> QuerySet[Any]:
    same = {"user_id": OuterRef("user_id"), "question_main_id": OuterRef("question_main_id")}
    newer = PracticeMain.objects.filter(_newer(), **same)
    newer_past = PracticeMainHistory.objects.filter(_newer(), **same)
    of_session = {"session_id": OuterRef("pk")}
    written = Practice.objects.filter(Q(version__gt=0) | ~Q(answer_text=""), **of_session)
    submitted = Submission.objects.filter(practice__session_id=OuterRef("pk"))
    revised = DraftRevision.objects.filter(practice__session_id=OuterRef("pk"))
    return PracticeMain.objects.filter(
        Exists(newer) | Exists(newer_past),
        ~Exists(written),
        ~Exists(submitted),
        ~Exists(revised),
        Q(board__isnull=True) | Q(board__version=0),
        started_at__lt=now - OLD_ENOUGH,
        last_saved_at__isnull=True,
    )


def interview_ghosts(now: datetime) -> QuerySet[Any]:
    """Of an interview the set is its category and mode; a page beat moves `last_activity_at`."""
    same_category = Q(category_filter=OuterRef("category_filter")) | Q(
        category_filter__isnull=True, pk__isnull=False
    )
    newer = PracticeSession.objects.filter(
        _newer(), same_category, user_id=OuterRef("user_id"), mode=OuterRef("mode")
    )
    written = InterviewDraft.objects.filter(
        Q(version__gt=0) | ~Q(answer_text=""), session_id=OuterRef("pk")
    )
    return PracticeSession.objects.filter(
        Exists(newer),
        ~Exists(Attempt.objects.filter(session_id=OuterRef("pk"))),
        ~Exists(written),
        started_at__lt=now - OLD_ENOUGH,
        last_activity_at__lte=F("started_at"),
    )


def _newer() -> Q:
    return Q(started_at__gt=OuterRef("started_at")) | Q(
        started_at=OuterRef("started_at"), pk__gt=OuterRef("pk")
    )


def find_practice(scope: Scope) -> Iterable[Problem]:
    note = "Set {row.question_main_id}, started {row.started_at:%Y-%m-%d %H:%M %Z}, empty."
    return problems_of(scope, practice_ghosts(scope.now), note)


def find_interviews(scope: Scope) -> Iterable[Problem]:
    for row in scope.of_user(interview_ghosts(scope.now)).order_by("started_at", "pk"):
        category = row.category_filter or "every category"
        note = f"{row.mode}, {category}, started {row.started_at:%Y-%m-%d %H:%M %Z}, empty."
        yield Problem(INTERVIEW, row.pk, note, user_id=row.user_id)


def ghost_rows(problems: Sequence[Problem]) -> list[list[RowRef]]:
    """The session with its descendants, its reservation, and the count that it changes."""
    reservations = UsageReservation.objects.filter(
        subject_kind__in={SUBJECT_KINDS[problem.model] for problem in problems},
        subject_id__in=[str(problem.pk) for problem in problems],
    )
    counts = usage_counts(reservations)
    held: dict[tuple[str, str], list[RowRef]] = {}
    for row in reservations:
        refs = held.setdefault((row.subject_kind, row.subject_id), [])
        refs.append((UsageReservation._meta.label, row.pk))
        refs.extend(counts.get((row.user_id, row.day, row.kind), []))
    return [
        [*tree, *held.get((SUBJECT_KINDS[problem.model], str(problem.pk)), [])]
        for problem, tree in zip(problems, graph.trees_of(problems), strict=True)
    ]


def usage_counts(reservations: Iterable[UsageReservation]) -> dict[Any, list[RowRef]]:
    """The counts that these reservations are part of, by user, day and kind."""
    users = {row.user_id for row in reservations}
    days = {row.day for row in reservations}
    counts = DailyUsage.objects.filter(user_id__in=users, day__in=days)
    return {
        (user, day, kind): [(DailyUsage._meta.label, pk)]
        for user, day, kind, pk in counts.values_list("user_id", "day", "kind", "pk")
    }


def remove_ghost(problem: Problem, now: datetime) -> list[RowRef]:
    usage.release(
        subject_kind=SUBJECT_KINDS[problem.model], subject_id=problem.pk, now=now, spoiled=True
    )
    graph.remove(problem.model, problem.pk)
    return []


REMOVE = Repair("Remove the empty session and give its start back", ghost_rows, remove_ghost)

CHECKS = [
    Check(
        name="ghost_sessions",
        title="Ghost practice sessions",
        reason="People see sessions that they never started, and lose starts of their day.",
        severity=Severity.CRITICAL,
        find=find_practice,
        repair=REMOVE,
    ),
    Check(
        name="ghost_interviews",
        title="Ghost interview sessions",
        reason="People see sessions that they never started, and lose starts of their day.",
        severity=Severity.CRITICAL,
        find=find_interviews,
        repair=REMOVE,
    ),
]
