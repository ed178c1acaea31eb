"""Sessions that should have ended, and numbers that should follow from their rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Max, Q

from diagnostics.checks.ghosts import practice_ghosts
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope, own_row, problems_of
from practice.models import PracticeMain, SessionStatus
from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.services.sessions import end_if_forgotten
from sessions_app.interviews.services.stats import recalculate_session_stats

INTERVIEW = PracticeSession._meta.label
PRACTICE = PracticeMain._meta.label
SWEEP_IS_LATE = timedelta(minutes=10)
# Averages are kept with two decimals.
ROUNDED = 0.006
BURST_SIZE, BURST_WITHIN = 5, timedelta(seconds=60)


def find_abandoned(scope: Scope) -> Iterable[Problem]:
    """The sweep ends these within a minute; ten minutes late means that it does not run."""
    rows = PracticeSession.objects.forgotten_at(scope.now - SWEEP_IS_LATE)
    note = "Open, last touched {row.last_activity_at:%Y-%m-%d %H:%M %Z}."
    return problems_of(scope, rows, note, order=("started_at", "pk"))


def end_abandoned(problem: Problem, now: datetime) -> list[RowRef]:
    end_if_forgotten(session_id=problem.pk, now=now)
    return []


def find_drifted(scope: Scope) -> Iterable[Problem]:
    """`questions_count` and `avg_score` against the attempts they are derived from."""
    rows = scope.of_user(PracticeSession.objects.all()).annotate(
        counted=Count("attempts"), mean=Avg("attempts__overall_score")
    )
    differs = (
        ~Q(counted=F("questions_count"))
        | Q(mean__isnull=True, avg_score__isnull=False)
        | Q(mean__isnull=False, avg_score__isnull=True)
        | Q(mean__gt=F("avg_score") + ROUNDED)
        | Q(mean__lt=F("avg_score") - ROUNDED)
    )
    for row in rows.filter(differs).order_by("started_at", "pk"):
        mean = None if row.mean is None else round(row.mean, 2)
        says = f"Says {row.questions_count} and {row.avg_score}"
        note = f"{says}, attempts say {row.counted} and {mean}."
        yield Problem(INTERVIEW, row.pk, note, user_id=row.user_id)


def recalculate(problem: Problem, now: datetime) -> list[RowRef]:
    recalculate_session_stats(problem.pk)
    return []


def find_wrong_status(scope: Scope) -> Iterable[Problem]:
    """Live sessions whose status and end contradict each other; completed ones lie in history."""
    wrong = PracticeMain.objects.filter(
        ~Q(status=SessionStatus.PRACTICING) | Q(completed_at__isnull=False)
    )
    return problems_of(scope, wrong, "Live, but {row.status}, completed {row.completed_at}.")


def reopen(problem: Problem, now: datetime) -> list[RowRef]:
    """Back to practicing: the learner completes it, and every text is there."""
    PracticeMain.objects.filter(pk=problem.pk).update(
        status=SessionStatus.PRACTICING, completed_at=None
    )
    return []


def find_bursts(scope: Scope) -> Iterable[Problem]:
    """Five or more sessions of one user within a minute: a client that repeats itself."""
    for model in (PracticeMain, PracticeSession):
        rows = scope.of_user(model._base_manager.all()).order_by("user_id", "started_at")
        window: list[datetime] = []
        last_user, said_for = None, None
        for pk, user_id, at in rows.values_list("pk", "user_id", "started_at").iterator():
            if user_id != last_user:
                window, last_user = [], user_id
            window = [moment for moment in window if at - moment <= BURST_WITHIN] + [at]
            if len(window) >= BURST_SIZE and said_for != user_id:
                said_for = user_id
                note = f"{len(window)} sessions within a minute, until {at:%Y-%m-%d %H:%M:%S %Z}."
                yield Problem(model._meta.label, pk, note, user_id=user_id)


def find_twice_practicing(scope: Scope) -> Iterable[Problem]:
    """More than one practicing session with text in it, of one user and set."""
    ghosts = practice_ghosts(scope.now).values("pk")
    real = PracticeMain.objects.filter(status=SessionStatus.PRACTICING).exclude(pk__in=ghosts)
    groups = (
        scope.of_user(real)
        .order_by()
        .values("user_id", "question_main_id")
        .annotate(how_many=Count("pk"), newest=Max("pk"))
        .filter(how_many__gt=1)
    )
    for group in groups:
        note = f"{group['how_many']} sessions of set {group['question_main_id']}, all with words."
        yield Problem(PRACTICE, group["newest"], note, user_id=group["user_id"])


CHECKS = [
    Check(
        name="wrong_status",
        title="Live practice sessions with the status of completed ones",
        reason="They can neither be practiced nor reviewed.",
        severity=Severity.HIGH,
        find=find_wrong_status,
        repair=Repair("Set it back to practicing", own_row, reopen),
        forbidden=True,
    ),
    Check(
        name="abandoned_interviews",
        title="Interview sessions left open for too long",
        reason="The sweep ends forgotten sessions; these it has missed.",
        severity=Severity.MEDIUM,
        find=find_abandoned,
        repair=Repair("End it at its deadline or last touch", own_row, end_abandoned),
    ),
    Check(
        name="interview_numbers",
        title="Interview sessions whose count or average differs from their attempts",
        reason="People compare these numbers with each other.",
        severity=Severity.HIGH,
        find=find_drifted,
        repair=Repair("Derive them from the attempts again", own_row, recalculate),
    ),
    Check(
        name="twice_practicing",
        title="Several practicing sessions of one set, each with words",
        reason="The learner sees one of them and misses what was written in the others.",
        severity=Severity.CRITICAL,
        find=find_twice_practicing,
        by_hand="both hold somebody's words; ask the learner which to complete first",
    ),
    Check(
        name="creation_bursts",
        title="Bursts of session creation",
        reason="One person does not start five sessions in a minute; a client repeats itself.",
        severity=Severity.LOW,
        find=find_bursts,
        by_hand="the sessions may all be wanted; look at the client and at ghost sessions",
    ),
]
