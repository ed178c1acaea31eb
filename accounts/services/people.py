"""What is done to people's accounts: settings, plans, grants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Subscription, User
from accounts.services import closed_accounts
from accounts.services.audit import record
from common import clock


def ensure_subscription(*, user: User) -> Subscription:
    """Everyone has one; the plan it starts with is free."""
    return Subscription.objects.get_or_create(user=user)[0]


@transaction.atomic
def welcome(*, user: User, now: datetime) -> None:
    """What each new account starts with: the free plan, and what its address used today."""
    ensure_subscription(user=user)
    closed_accounts.carry_over_usage(user=user, now=now)


@transaction.atomic(durable=True)
def remove_second_factors(*, user: User) -> int:
    """The password alone signs in then; staff are asked to set a factor up again."""
    removed = int(user.authenticator_set.all().delete()[0])
    record("mfa.removed", subject=user, factors=removed)
    return removed


@transaction.atomic
def grant_plan(*, user: User, plan: str, valid_until: datetime | None = None) -> Subscription:
    """Set the plan from now on; `valid_until` None is without end, and free has none."""
    subscription = ensure_subscription(user=user)
    subscription.plan = plan
    subscription.status = Subscription.Status.ACTIVE
    subscription.valid_until = None if plan == Subscription.Plan.FREE else valid_until
    subscription.save()
    record("plan.changed", subject=user, plan=plan, until=clock.iso(subscription.valid_until))
    return subscription


def change_profile(*, user: User, **changes: Any) -> None:
    """Write what a validated profile form holds, and no other column."""
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))


def set_theme(*, user: User, theme: str) -> None:
    User.objects.filter(pk=user.pk).update(theme=theme)
