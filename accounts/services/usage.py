"""Daily limits: reserved at start, used at completion, released when unused or spoiled by us.

`UsageReservation` is the truth; `DailyUsage.taken` changes only together with it, by conditional
UPDATE, so nothing is taken or released twice. All functions join the caller's transaction.
Source: DESIGN §3 (accounts), CONTRACT "Limits", practice-diagnostics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from accounts.errors import DailyLimitReached
from accounts.models import DailyUsage, UsageReservation, User
from accounts.selectors.plans import limit_for
from common import clock

RESERVED_FOR = timedelta(hours=2)


@transaction.atomic
def reserve(
    *, user: User, kind: str, subject_kind: str, subject_id: str | int, now: datetime
) -> UsageReservation:
    """Take one of today's uses for a subject; the same subject never takes two.

    Raises DailyLimitReached (429) when the limit of the user's plan is used up.
    """
    reservation, created = UsageReservation.objects.get_or_create(
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        defaults={
            "user": user,
            "day": clock.utc_day(now),
            "kind": kind,
            "expires_at": now + RESERVED_FOR,
            "created_at": now,
            "updated_at": now,
        },
    )
    if created:
        _take(user=user, day=reservation.day, kind=kind, now=now)
    elif reservation.state == UsageReservation.State.RELEASED:
        _reserve_again(reservation, user=user, now=now)
    return reservation


def mark_used(*, subject_kind: str, subject_id: str | int, now: datetime) -> bool:
    """The subject was completed: its reservation becomes final. Costs nothing more."""
    return bool(
        _of(subject_kind, subject_id)
        .filter(state=UsageReservation.State.RESERVED)
        .update(state=UsageReservation.State.USED, expires_at=None, updated_at=now)
    )


@transaction.atomic
def keep_reserved(*, subject_kind: str, subject_id: str | int, user: User, now: datetime) -> None:
    """A first word was saved: the reservation no longer expires; a released one is taken again.

    Never refuses: a session that exists may always be written in, even over the limit.
    """
    held = _of(subject_kind, subject_id)
    if held.filter(state=UsageReservation.State.RESERVED, expires_at__isnull=False).update(
        expires_at=None, updated_at=now
    ):
        return
    reservation = held.filter(state=UsageReservation.State.RELEASED).first()
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
    return UsageReservation.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id))


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
    """One conditional UPDATE decides; the row is made first if the day has none yet."""
    limit = limit_for(user=user, kind=kind, now=now)
    DailyUsage.objects.bulk_create(
        [DailyUsage(user=user, day=day, kind=kind, taken=0)], ignore_conflicts=True
    )
    free = Q() if limit is None or not within_limit else Q(taken__lt=limit)
    row = DailyUsage.objects.filter(user=user, day=day, kind=kind)
    if not row.filter(free).update(taken=F("taken") + 1):
        used = row.values_list("taken", flat=True).first() or 0
        raise DailyLimitReached.of(user=user, kind=kind, limit=limit or 0, used=used, now=now)
