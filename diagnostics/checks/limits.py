"""Daily limits: the counts agree with the reservations, and each reservation with its subject."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from accounts.models import DailyUsage, UsageReservation, User
from accounts.services import plan_repairs, usage
from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Repair, RowRef, Scope

COUNT = DailyUsage._meta.label
RESERVATION = UsageReservation._meta.label
NEW_FOR = timedelta(days=1)

Key = tuple[int, date, str]


def _drifts(scope: Scope) -> list[tuple[Key, int, int, int | None]]:
    """(user, day, kind), counted, held, key of the count row or None."""
    held = _held(scope)
    counted: dict[Key, tuple[int, int]] = {
        (user, day, kind): (taken, pk)
        for pk, user, day, kind, taken in scope.of_user(DailyUsage.objects.all()).values_list(
            "pk", "user_id", "day", "kind", "taken"
        )
    }
    keys = sorted(set(held) | {key for key, (taken, _) in counted.items() if taken})
    rows = ((key, *counted.get(key, (0, None)), held.get(key, 0)) for key in keys)
    return [(key, taken, real, pk) for key, taken, pk, real in rows if taken != real]


def _held(scope: Scope) -> dict[Key, int]:
    rows = (
        scope.of_user(UsageReservation.objects.exclude(state=UsageReservation.State.RELEASED))
        .order_by()
        .values("user_id", "day", "kind")
        .annotate(held=Count("pk"))
    )
    return {(r["user_id"], r["day"], r["kind"]): r["held"] for r in rows}


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


def _is_new_without_use(row: tuple[Key, int, int, int | None], new: set[int]) -> bool:
    (user_id, _, _), _, held, _ = row
    return user_id in new and held == 0


def _problem(row: tuple[Key, int, int, int | None]) -> Problem:
    (user_id, day, kind), taken, held, pk = row
    return Problem(
        COUNT,
        pk or f"{user_id}/{day}/{kind}",
        f"{day} {kind}: counted {taken}, reserved or used {held}.",
        user_id=user_id,
        details={"day": day.isoformat(), "kind": kind},
    )


def _count_rows(problem: Problem) -> list[RowRef]:
    row = DailyUsage.objects.filter(**_key(problem)).values_list("pk", flat=True).first()
    return [] if row is None else [(COUNT, row)]


def recalculate(problem: Problem, now: datetime) -> list[RowRef]:
    existed = bool(_count_rows(problem))
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


def _reservation_rows(problem: Problem) -> list[RowRef]:
    row = UsageReservation.objects.get(pk=problem.pk)
    counts = DailyUsage.objects.filter(user_id=row.user_id, day=row.day, kind=row.kind)
    return [(RESERVATION, row.pk), *((COUNT, pk) for pk in counts.values_list("pk", flat=True))]


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
