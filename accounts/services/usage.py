"""Daily limits: reserved at start, used at completion, released when unused or spoiled by us.

`UsageReservation` is the truth; `DailyUsage.taken` changes only together with it, by conditional
UPDATE, so nothing is taken or released twice. All functions join the caller's transaction.
Source: DESIGN §3 (accounts), CONTRACT "Limits", practice-diagnostics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from accounts.errors import DailyLimitReached
from accounts.models import DailyUsage, UsageReservation, User
from accounts.selectors.plans import limit_for, usage_of
from common import clock
from common.db import compiled, insert_if_absent
from common.transactions import whole

RESERVED_FOR = timedelta(hours=2)
NO_LIMIT = 2**31 - 1
# The ORM has no upsert that computes.
TAKE = """
    INSERT INTO accounts_dailyusage (user_id, day, kind, taken) VALUES (%s, %s, %s, 1)
    ON CONFLICT (user_id, day, kind) DO UPDATE SET taken = accounts_dailyusage.taken + 1
    WHERE accounts_dailyusage.taken < %s RETURNING taken
"""
# Neither of these expires: a kept reservation and a used one.
SETTLED = [(UsageReservation.State.RESERVED.value, None), (UsageReservation.State.USED.value, None)]


@compiled
def state_of(subject_kind: str, subject_id: str) -> QuerySet[Any, Any]:
    return _of(subject_kind, subject_id).values_list("state", "expires_at")


@whole
def reserve(
    *, user: User, kind: str, subject_kind: str, subject_id: str | int, now: datetime
) -> UsageReservation:
    """Take one of today's uses for a subject; the same subject never takes two.

    Raises DailyLimitReached (429) when the limit of the user's plan is used up.
    """
    reservation = UsageReservation(
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        user=user,
        day=clock.utc_day(now),
        kind=kind,
        expires_at=now + RESERVED_FOR,
        created_at=now,
        updated_at=now,
    )
    if insert_if_absent(reservation):
        _take(user=user, day=reservation.day, kind=kind, now=now)
        return reservation
    held = _of(subject_kind, subject_id).get()
    if held.state == UsageReservation.State.RELEASED:
        _reserve_again(held, user=user, now=now)
    return held


def spend(*, user: User, kind: str, now: datetime) -> UsageReservation:
    """Take one of today's uses for a subject that is used by being made; `book` it right after.

    Raises DailyLimitReached (429) before anything is written: the caller's transaction may go on.
    """
    day = clock.utc_day(now)
    _take(user=user, day=day, kind=kind, now=now)
    used = UsageReservation.State.USED
    return UsageReservation(
        user=user, day=day, kind=kind, state=used, created_at=now, updated_at=now
    )


def book(spent: UsageReservation, *, subject_kind: str, subject_id: str | int) -> None:
    """Say what a use was spent on, in the same transaction."""
    spent.subject_kind, spent.subject_id = subject_kind, str(subject_id)
    spent.save(force_insert=True)


def mark_used(*, subject_kind: str, subject_id: str | int, now: datetime) -> bool:
    """The subject was completed: its reservation becomes final. Costs nothing more."""
    changes = {"state": UsageReservation.State.USED, "expires_at": None, "updated_at": now}
    # The state is repeated in the UPDATE: whoever changes the row first decides, once.
    reserved = _of(subject_kind, subject_id).filter(state=UsageReservation.State.RESERVED)
    return bool(reserved.update(**changes))


@whole
def keep_reserved(*, subject_kind: str, subject_id: str | int, user: User, now: datetime) -> None:
    """A first word was saved: the reservation no longer expires; a released one is taken again.

    Never refuses: a session that exists may always be written in, even over the limit.
    """
    known = state_of.first(**_subject(subject_kind, subject_id))
    if known is None or known in SETTLED:
        return
    kept = {"state": UsageReservation.State.RESERVED, "expires_at": None, "updated_at": now}
    if _of(subject_kind, subject_id).filter(state=kept["state"]).update(**kept):
        return
    # Lapsed, perhaps since the look above.
    released = _of(subject_kind, subject_id).filter(state=UsageReservation.State.RELEASED)
    reservation = released.first()
    if reservation is not None:
        _reserve_again(reservation, user=user, now=now, within_limit=False, expires_at=None)


def release(
    *, subject_kind: str, subject_id: str | int, now: datetime, spoiled: bool = False
) -> bool:
    """Give a use back: unused, abandoned, or (`spoiled`) used but ruined by a failure of ours."""
    states = [UsageReservation.State.RESERVED]
    if spoiled:
        states.append(UsageReservation.State.USED)
    with transaction.atomic():
        reservation = _of(subject_kind, subject_id).filter(state__in=states).first()
        return reservation is not None and _release_row(reservation, states=states, now=now)


def release_stale(*, now: datetime, limit: int = 500) -> int:
    """Release reservations without a saved word after two hours. Safe to run twice at once."""
    stale = UsageReservation.objects.filter(
        state=UsageReservation.State.RESERVED, expires_at__lt=now
    )[:limit]
    released = 0
    for reservation in stale:
        with transaction.atomic():
            released += _release_row(
                reservation, states=[UsageReservation.State.RESERVED], now=now, only_expired=True
            )
    return released


def _of(subject_kind: str, subject_id: str | int):  # type: ignore[no-untyped-def]
    return UsageReservation.objects.filter(**_subject(subject_kind, subject_id))


def _subject(kind: str, key: Any) -> dict[str, Any]:
    return {"subject_kind": kind, "subject_id": str(key) if isinstance(key, int) else key}


def _release_row(
    reservation: UsageReservation,
    *,
    states: Sequence[str],
    now: datetime,
    only_expired: bool = False,
) -> bool:
    rows = UsageReservation.objects.filter(pk=reservation.pk, state__in=states)
    if only_expired:
        rows = rows.filter(expires_at__lt=now)
    # The state is repeated in the UPDATE: whoever changes the row first decides, once.
    if not rows.update(state=UsageReservation.State.RELEASED, expires_at=None, updated_at=now):
        return False
    DailyUsage.objects.filter(
        user_id=reservation.user_id, day=reservation.day, kind=reservation.kind, taken__gt=0
    ).update(taken=F("taken") - 1)
    return True


def _reserve_again(
    reservation: UsageReservation,
    *,
    user: User,
    now: datetime,
    within_limit: bool = True,
    expires_at: datetime | None = None,
) -> None:
    day = clock.utc_day(now)
    changed = UsageReservation.objects.filter(
        pk=reservation.pk, state=UsageReservation.State.RELEASED
    ).update(
        state=UsageReservation.State.RESERVED,
        day=day,
        expires_at=expires_at if not within_limit else now + RESERVED_FOR,
        updated_at=now,
    )
    if changed:
        _take(user=user, day=day, kind=reservation.kind, now=now, within_limit=within_limit)
        reservation.refresh_from_db()


def _take(*, user: User, day: date, kind: str, now: datetime, within_limit: bool = True) -> None:
    """One statement makes the day's row or counts it up, and decides while it holds the row."""
    limit = limit_for(user=user, kind=kind, now=now) if within_limit else None
    if limit is not None and not (limit > 0 and _count_up(user, day, kind, limit=limit)):
        used = usage_of(user, kind=kind, now=now).used
        raise DailyLimitReached.of(user=user, kind=kind, limit=limit, used=used, now=now)
    if limit is None:
        _count_up(user, day, kind, limit=NO_LIMIT)


def _count_up(user: User, day: date, kind: str, *, limit: int) -> bool:
    values = [user.pk, connection.ops.adapt_datefield_value(day), kind, limit]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return cursor.fetchone() is not None
