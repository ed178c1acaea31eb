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
from diagnostics.types import Check, Problem, Repair, RowRef, Scope

COUNT = DailyUsage._meta.label
RESERVATION = UsageReservation._meta.label
NEW_FOR = timedelta(days=1)

Drift = tuple[tuple[int, date, str], int, int, int | None]
"""(user, day, kind), counted, held, key of the count row or None."""


def _drifts(scope: Scope) -> list[Drift]:
    """Counts that differ from their reservations, and reservations of a day without a count."""
    same = {name: OuterRef(name) for name in ("user_id", "day", "kind")}
    taken = UsageReservation.objects.exclude(state=UsageReservation.State.RELEASED)
    held = taken.filter(**same).order_by().values("user_id").annotate(n=Count("pk")).values("n")
    counts = DailyUsage.objects.annotate(held=Coalesce(Subquery(held), 0)).exclude(taken=F("held"))
    uncounted = (
        scope.of_user(taken.filter(~Exists(DailyUsage.objects.filter(**same))))
        .order_by()
        .values_list("user_id", "day", "kind")
        .annotate(held=Count("pk"))
    )
    found = [
        ((user, day, kind), count, real, pk)
        for user, day, kind, count, real, pk in scope.of_user(counts).values_list(
            "user_id", "day", "kind", "taken", "held", "pk"
        )
    ]
    found += [((user, day, kind), 0, real, None) for user, day, kind, real in uncounted]
    return sorted(found, key=lambda drift: drift[0])


def _new_users(scope: Scope) -> set[int]:
    joined = User.objects.filter(date_joined__gte=scope.now - NEW_FOR)
    return set(scope.of_user(joined, "pk").values_list("pk", flat=True))


def find_drift(scope: Scope) -> Iterable[Problem]:
    new = _new_users(scope)
    return (_problem(row) for row in _drifts(scope) if not _is_new_without_use(row, new))


def find_new_user_limits(scope: Scope) -> Iterable[Problem]:
    """The document's case: somebody joined today, used nothing, and is refused."""
    new = _new_users(scope)
    return (_problem(row) for row in _drifts(scope) if _is_new_without_use(row, new))


def _is_new_without_use(row: Drift, new: set[int]) -> bool:
    (user_id, _, _), _, held, _ = row
    return user_id in new and held == 0


def _problem(row: Drift) -> Problem:
    (user_id, day, kind), taken, held, pk = row
    return Problem(
        COUNT,
        pk or f"{user_id}/{day}/{kind}",
        f"{day} {kind}: counted {taken}, reserved or used {held}.",
        user_id=user_id,
        details={"day": day.isoformat(), "kind": kind},
    )


def _count_rows(problems: Sequence[Problem]) -> list[list[RowRef]]:
    keys = [_key(problem) for problem in problems]
    rows = DailyUsage.objects.filter(
        user_id__in={key["user_id"] for key in keys}, day__in={key["day"] for key in keys}
    )
    found = {tuple(key): pk for *key, pk in rows.values_list("user_id", "day", "kind", "pk")}
    pks = (found.get((key["user_id"], key["day"], key["kind"])) for key in keys)
    return [[] if pk is None else [(COUNT, pk)] for pk in pks]


def recalculate(problem: Problem, now: datetime) -> list[RowRef]:
    existed = any(_count_rows([problem]))
    row = plan_repairs.recalculate(**_key(problem))
    return [] if existed else [(COUNT, row.pk)]


def _key(problem: Problem) -> dict[str, Any]:
    return {
        "user_id": problem.user_id,
        "day": date.fromisoformat(problem.details["day"]),
        "kind": problem.details["kind"],
    }


def find_stale_reservations(scope: Scope) -> Iterable[Problem]:
    """The beat releases these each minute; ten minutes late means nobody does."""
    rows = UsageReservation.objects.filter(
        state=UsageReservation.State.RESERVED, expires_at__lt=scope.now - timedelta(minutes=10)
    )
    for row in scope.of_user(rows).order_by("pk"):
        note = f"{row.kind} for {row.subject_kind} {row.subject_id} expired {row.expires_at:%H:%M}."
        yield Problem(RESERVATION, row.pk, note, user_id=row.user_id)


def _reservation_rows(problems: Sequence[Problem]) -> list[list[RowRef]]:
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
        repair=Repair("Release the reservation", _reservation_rows, release),
    ),
    Check(
        name="limit_drift",
        title="Daily counts that differ from their reservations",
        reason="A count too high refuses people their right, one too low gives it twice.",
        severity=Severity.CRITICAL,
        find=find_drift,
        repair=Repair("Recalculate the count from its reservations", _count_rows, recalculate),
    ),
    Check(
        name="new_user_limits",
        title="New people who are told their limit is reached",
        reason="Who joined today and used nothing must not be refused.",
        severity=Severity.CRITICAL,
        find=find_new_user_limits,
        repair=Repair("Reset the count of a new person", _count_rows, recalculate),
    ),
]
