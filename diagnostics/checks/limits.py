"""Daily limits: the counts agree with the reservations, and each reservation with its subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import DailyUsage, UsageReservation, User
from accounts.services import plan_repairs, usage
from diagnostics.checks.ghosts import usage_counts
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope, problems_of

COUNT = DailyUsage._meta.label
RESERVATION = UsageReservation._meta.label
NEW_FOR = timedelta(days=1)


def _drifted(scope: Scope, *, is_new: bool) -> Iterable[Problem]:
    """Counts that differ from their reservations, and reservations of a day without a count; those
    of people who joined today and hold nothing, or (not `is_new`) all the others."""
    joined = scope.of_user(User.objects.filter(date_joined__gte=scope.now - NEW_FOR), "pk")
    new = set(joined.values_list("pk", flat=True))
    same = {name: OuterRef(name) for name in ("user_id", "day", "kind")}
    taken = UsageReservation.objects.exclude(state=UsageReservation.State.RELEASED)
    held = taken.filter(**same).order_by().values("user_id").annotate(n=Count("pk")).values("n")
    counts = DailyUsage.objects.annotate(held=Coalesce(Subquery(held), 0)).exclude(taken=F("held"))
    uncounted = scope.of_user(taken.filter(~Exists(DailyUsage.objects.filter(**same)))).order_by()
    of_day = uncounted.values_list("user_id", "day", "kind").annotate(held=Count("pk"))
    found = [
        *scope.of_user(counts).values_list("user_id", "day", "kind", "taken", "held", "pk"),
        *((user_id, day, kind, 0, many, None) for user_id, day, kind, many in of_day),
    ]
    for user_id, day, kind, counted, many, pk in sorted(found, key=lambda row: row[:3]):
        if (user_id in new and many == 0) is is_new:
            yield Problem(
                COUNT,
                pk or f"{user_id}/{day}/{kind}",
                f"{day} {kind}: counted {counted}, reserved or used {many}.",
                user_id=user_id,
                details={"day": day.isoformat(), "kind": kind},
            )


def find_drift(scope: Scope) -> Iterable[Problem]:
    return _drifted(scope, is_new=False)


def find_new_user_limits(scope: Scope) -> Iterable[Problem]:
    """The document's case: a person joined today, used nothing, and is refused."""
    return _drifted(scope, is_new=True)


def count_rows(problems: Sequence[Problem]) -> list[list[RowRef]]:
    keys = [_key(problem) for problem in problems]
    rows = DailyUsage.objects.filter(
        user_id__in={key["user_id"] for key in keys}, day__in={key["day"] for key in keys}
    )
    found = {tuple(key): pk for *key, pk in rows.values_list("user_id", "day", "kind", "pk")}
    pks = (found.get((key["user_id"], key["day"], key["kind"])) for key in keys)
    return [[] if pk is None else [(COUNT, pk)] for pk in pks]


def recalculate(problem: Problem, now: datetime) -> list[RowRef]:
    existed = any(count_rows([problem]))
    row = plan_repairs.recalculate(**_key(problem))
    return [] if existed else [(COUNT, row.pk)]


def _key(problem: Problem) -> dict[str, Any]:
    return {
        "user_id": problem.user_id,
        "day": date.fromisoformat(problem.details["day"]),
        "kind": problem.details["kind"],
    }


def find_stale_reservations(scope: Scope) -> Iterable[Problem]:
    """The beat releases these each minute; ten minutes late means that it does not run."""
    rows = UsageReservation.objects.filter(
        state=UsageReservation.State.RESERVED, expires_at__lt=scope.now - timedelta(minutes=10)
    )
    subject = "{row.kind} for {row.subject_kind} {row.subject_id}"
    return problems_of(scope, rows, f"{subject} expired {{row.expires_at:%H:%M %Z}}.")


def reservation_rows(problems: Sequence[Problem]) -> list[list[RowRef]]:
    rows = UsageReservation.objects.in_bulk([int(problem.pk) for problem in problems])
    counts = usage_counts(rows.values())
    return [
        [(RESERVATION, pk), *counts.get((rows[pk].user_id, rows[pk].day, rows[pk].kind), [])]
        for pk in (int(problem.pk) for problem in problems)
    ]


def release(problem: Problem, now: datetime) -> list[RowRef]:
    row = UsageReservation.objects.get(pk=problem.pk)
    usage.release(subject_kind=row.subject_kind, subject_id=row.subject_id, now=now)
    return []


CHECKS = [
    Check(
        name="stale_reservations",
        title="Reservations that should have been released",
        reason="A use without a saved word is given back after two hours; these were not.",
        severity=Severity.MEDIUM,
        find=find_stale_reservations,
        repair=Repair("Release the reservation", reservation_rows, release),
    ),
    Check(
        name="limit_drift",
        title="Daily counts that differ from their reservations",
        reason="A count too high refuses people their right, one too low gives it twice.",
        severity=Severity.CRITICAL,
        find=find_drift,
        repair=Repair("Recalculate the count from its reservations", count_rows, recalculate),
    ),
    Check(
        name="new_user_limits",
        title="New people who are told their limit is reached",
        reason="Who joined today and used nothing must not be refused.",
        severity=Severity.CRITICAL,
        find=find_new_user_limits,
        repair=Repair("Reset the count of a new person", count_rows, recalculate),
    ),
]
