"""Inconsistent subscriptions and daily limits."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import DailyUsage, Subscription, UsageReservation, User
from common import clock
from diagnostics.faults.seeder import HOUR, NOWHERE, FaultSeeder


def subscription_missing(seeder: FaultSeeder, count: int) -> None:
    Subscription.objects.filter(user__in=seeder.people(count)).delete()


def subscription_expired(seeder: FaultSeeder, count: int) -> None:
    Subscription.objects.filter(user__in=seeder.people(count)).update(
        plan="premium", valid_until=seeder.now - HOUR
    )


def subscription_inconsistent(seeder: FaultSeeder, count: int) -> None:
    Subscription.objects.filter(user__in=seeder.people(count)).update(status="expired")


def stale_reservations(seeder: FaultSeeder, count: int) -> None:
    day = clock.utc_day(seeder.now)
    users = seeder.people(count)
    UsageReservation.objects.bulk_create(
        UsageReservation(
            user=user,
            day=day,
            kind="practice_start",
            subject_kind="practice_main",
            subject_id=f"{NOWHERE + user.pk}",
            expires_at=seeder.now - HOUR,
            created_at=seeder.now - 3 * HOUR,
            updated_at=seeder.now - 3 * HOUR,
        )
        for user in users
    )
    _count(users, day, 1)


def limit_drift(seeder: FaultSeeder, count: int) -> None:
    users = seeder.people(count)
    User.objects.filter(pk__in=[u.pk for u in users]).update(
        date_joined=seeder.now - timedelta(days=30)
    )
    _count(users, clock.utc_day(seeder.now), 2)


def new_user_limits(seeder: FaultSeeder, count: int) -> None:
    users = seeder.people(count)
    User.objects.filter(pk__in=[u.pk for u in users]).update(date_joined=seeder.now - HOUR)
    _count(users, clock.utc_day(seeder.now), 3)


def _count(users: list[User], day: date, taken: int) -> None:
    DailyUsage.objects.bulk_create(
        DailyUsage(user=user, day=day, kind="practice_start", taken=taken) for user in users
    )
