"""Daily limits: reserved at start, used at completion, released when unused or spoiled by us.

`UsageReservation` is the truth; `DailyUsage.taken` changes only together with it, by conditional
UPDATE, so nothing is taken or released twice. All functions join the caller's transaction, without
a savepoint where a refusal ends it anyway.
Source: DESIGN §3 (accounts), CONTRACT "Limits", practice-diagnostics.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from accounts.errors import DailyLimitReached
from accounts.models import DailyUsage, UsageReservation, User
from accounts.selectors.plans import limit_for, usage_of
from common import clock
from common.db import compiled, insert_if_absent

State = UsageReservation.State
RESERVED_FOR = timedelta(hours=2)
NO_LIMIT = 2**31 - 1
# The ORM has no upsert that computes.
TAKE = """
    INSERT INTO accounts_dailyusage (user_id, day, kind, taken) VALUES (%s, %s, %s, 1)
    ON CONFLICT (user_id, day, kind) DO UPDATE SET taken = accounts_dailyusage.taken + 1
    WHERE accounts_dailyusage.taken < %s RETURNING taken
"""


@compiled
def state_of(subject_kind: str, subject_id: str) -> QuerySet[Any, Any]:
    return _of(subject_kind, subject_id).values_list("state", "expires_at")


@transaction.atomic(savepoint=False)
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
        _take(user=user, kind=kind, now=now)
        return reservation
    held = _of(subject_kind, subject_id).get()
    if held.state == State.RELEASED and _reserve_again(held, until=now + RESERVED_FOR, now=now):
        _take(user=user, kind=held.kind, now=now)
    return held


def consume(*, user: User, kind: str, now: datetime) -> UsageReservation:
    """Take one of today's uses for a subject that is used by being made; `attach` it right after.

    Raises DailyLimitReached (429) before anything is written: the caller's transaction may go on.
    """
    _take(user=user, kind=kind, now=now)
    return UsageReservation(
        user=user,
        day=clock.utc_day(now),
        kind=kind,
        state=State.USED,
        created_at=now,
        updated_at=now,
    )


def attach(used: UsageReservation, *, subject_kind: str, subject_id: str | int) -> None:
    """Say what a use went to, in the same transaction."""
    used.subject_kind, used.subject_id = subject_kind, str(subject_id)
    used.save(force_insert=True)


def consume_again(*, subject_kind: str, subject_id: str | int, now: datetime) -> bool:
    """Take the use of a subject again that was given back and is wanted after all, as one of
    today's. False when it was not given back, or is not counted.

    Raises DailyLimitReached (429); the caller's transaction then ends.
    """
    given_back = _of(subject_kind, subject_id).filter(state=State.RELEASED)
    held = given_back.select_related("user").first()
    # The state is repeated in the UPDATE: whoever changes the row first decides, once.
    changes = {"state": State.USED, "day": clock.utc_day(now), "updated_at": now}
    if held is None or not given_back.update(**changes):
        return False
    _take(user=held.user, kind=held.kind, now=now)
    return True


def mark_used(*, subject_kind: str, subject_id: str | int, now: datetime) -> bool:
    """The subject was completed: its reservation becomes final. Costs nothing more."""
    # The state is repeated in the UPDATE: whoever changes the row first decides, once.
    reserved = _of(subject_kind, subject_id).filter(state=State.RESERVED)
    return bool(reserved.update(state=State.USED, expires_at=None, updated_at=now))


@transaction.atomic(savepoint=False)
def keep_reserved(*, subject_kind: str, subject_id: str | int, user: User, now: datetime) -> None:
    """A first word was saved: the reservation no longer expires; a released one is taken again.

    Never refuses: a session that exists may always be written in, even over the limit.
    """
    known = state_of.first(**_subject(subject_kind, subject_id))
    # Neither of these expires: a kept reservation and a used one.
    if known in (None, (State.RESERVED, None), (State.USED, None)):
        return
    rows = _of(subject_kind, subject_id)
    if rows.filter(state=State.RESERVED).update(expires_at=None, updated_at=now):
        return
    # Lapsed, perhaps since the look above.
    released = rows.filter(state=State.RELEASED).first()
    if released is not None and _reserve_again(released, until=None, now=now):
        _take(user=user, kind=released.kind, now=now, within_limit=False)


@transaction.atomic
def release(
    *, subject_kind: str, subject_id: str | int, now: datetime, spoiled: bool = False
) -> bool:
    """Give a use back: unused, abandoned, or (`spoiled`) used but ruined by a failure of ours."""
    states = [State.RESERVED, State.USED] if spoiled else [State.RESERVED]
    held = _of(subject_kind, subject_id).filter(state__in=states)
    return any(_release(row, among=held, now=now) for row in held)


def release_stale(*, now: datetime, limit: int = 500) -> int:
    """Release reservations without a saved word after two hours. Safe to run twice at once."""
    stale = UsageReservation.objects.filter(state=State.RESERVED, expires_at__lt=now)
    released = 0
    for reservation in stale[:limit]:
        with transaction.atomic():
            released += _release(reservation, among=stale, now=now)
    return released


def _of(subject_kind: str, subject_id: str | int) -> QuerySet[UsageReservation]:
    return UsageReservation.objects.filter(**_subject(subject_kind, subject_id))


def _subject(kind: str, key: Any) -> dict[str, Any]:
    return {"subject_kind": kind, "subject_id": str(key) if isinstance(key, int) else key}


def _release(
    reservation: UsageReservation, *, among: QuerySet[UsageReservation], now: datetime
) -> bool:
    # The filter is repeated in the UPDATE: whoever changes the row first decides, once.
    row = among.filter(pk=reservation.pk)
    if not row.update(state=State.RELEASED, expires_at=None, updated_at=now):
        return False
    DailyUsage.objects.filter(
        user_id=reservation.user_id, day=reservation.day, kind=reservation.kind, taken__gt=0
    ).update(taken=F("taken") - 1)
    return True


def _reserve_again(reservation: UsageReservation, *, until: datetime | None, now: datetime) -> bool:
    changes = {"state": State.RESERVED, "day": clock.utc_day(now), "expires_at": until}
    released = UsageReservation.objects.filter(pk=reservation.pk, state=State.RELEASED)
    changed = released.update(**changes, updated_at=now)
    reservation.refresh_from_db()
    return bool(changed)


def _take(*, user: User, kind: str, now: datetime, within_limit: bool = True) -> None:
    """One statement makes the day's row or counts it up, and decides while it holds the row."""
    limit = limit_for(user=user, kind=kind, now=now) if within_limit else None
    most = NO_LIMIT if limit is None else limit
    if most > 0:
        day = connection.ops.adapt_datefield_value(clock.utc_day(now))
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [user.pk, day, kind, most])
            if cursor.fetchone():
                return
    used = usage_of(user, kind=kind, now=now).used
    raise DailyLimitReached.of(user=user, kind=kind, limit=most, used=used, now=now)
