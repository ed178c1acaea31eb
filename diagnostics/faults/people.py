"""Subscriptions and daily limits that are not right."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import DailyUsage, Subscription, UsageReservation, User
from common import clock
from diagnostics.faults.sower import HOUR, NOWHERE, Sower


def subscription_missing(sow: Sower, count: int) -> None:
    Subscription.objects.filter(user__in=sow.people(count)).delete()


def subscription_expired(sow: Sower, count: int) -> None:
    Subscription.objects.filter(user__in=sow.people(count)).update(
        plan="premium", valid_until=sow.now - HOUR
    )


def subscription_inconsistent(sow: Sower, count: int) -> None:
    Subscription.objects.filter(user__in=sow.people(count)).update(status="expired")


def stale_reservations(sow: Sower, count: int) -> None:
    day = clock.utc_day(sow.now)
    users = sow.people(count)
    UsageReservation.objects.bulk_create(
        UsageReservation(
            user=user,
            day=day,
            kind="practice_start",
            subject_kind="practice_main",
            subject_id=f"{NOWHERE + user.pk}",
            expires_at=sow.now - HOUR,
            created_at=sow.now - 3 * HOUR,
            updated_at=sow.now - 3 * HOUR,
        )
        for user in users
    )
    _count(users, day, 1)


def limit_drift(sow: Sower, count: int) -> None:
    users = sow.people(count)
    User.objects.filter(pk__in=[u.pk for u in users]).update(
        date_joined=sow.now - timedelta(days=30)
    )
    _count(users, clock.utc_day(sow.now), 2)


def new_user_limits(sow: Sower, count: int) -> None:
    users = sow.people(count)
    User.objects.filter(pk__in=[u.pk for u in users]).update(date_joined=sow.now - HOUR)
    _count(users, clock.utc_day(sow.now), 3)


def _count(users: list[User], day: date, taken: int) -> None:
    DailyUsage.objects.bulk_create(
        DailyUsage(user=user, day=day, kind="practice_start", taken=taken) for user in users
    )
