"""Mending of subscriptions and counts; called by diagnostics inside its own transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import DailyUsage, Subscription, UsageReservation


def create_free(*, user_id: int) -> Subscription:
    return Subscription.objects.get_or_create(user_id=user_id)[0]


def mark_expired(*, subscription_id: int, now: datetime) -> None:
    Subscription.objects.filter(
        pk=subscription_id, plan=Subscription.Plan.PREMIUM, valid_until__lte=now
    ).update(status=Subscription.Status.EXPIRED, updated_at=now)


def straighten(*, subscription_id: int, now: datetime) -> None:
    """Free plans are active and without end; paid ones whose time goes on are active."""
    row = Subscription.objects.get(pk=subscription_id)
    if row.plan == Subscription.Plan.FREE:
        row.valid_until = None
    row.status = Subscription.Status.ACTIVE
    row.save(update_fields=["status", "valid_until", "updated_at"])


def recalculate(*, user_id: int, day: date, kind: str) -> DailyUsage:
    """Set a day's count to what its reservations, the truth, say was taken."""
    of_day: dict[str, Any] = {"user_id": user_id, "day": day, "kind": kind}
    held = UsageReservation.objects.filter(**of_day).exclude(state=UsageReservation.State.RELEASED)
    return DailyUsage.objects.update_or_create(**of_day, defaults={"taken": held.count()})[0]
