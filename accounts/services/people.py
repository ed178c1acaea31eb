"""What is done to people's accounts: settings, plans, grants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Subscription, User
from accounts.names import key_of
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
def main_address_changed(*, user: User, old: str, now: datetime) -> None:
    """After staff wrote another `user.email`: it is unconfirmed, unless it was the person's own
    already, and the one before leads to no new password any more."""
    mine = EmailAddress.objects.filter(user=user)
    mine.filter(email__iexact=old).delete()
    mine.filter(primary=True).update(primary=False)
    if user.email:
        mine.update_or_create(user=user, email=user.email.lower(), defaults={"primary": True})
    closed_accounts.remember_address(old, user=user, now=now)
    record("email.changed", subject=user, old=old, new=user.email)


@transaction.atomic
def address_changed(*, address: EmailAddress, old: str, now: datetime) -> None:
    """After staff wrote another `address.email`, which nobody has confirmed yet."""
    user = address.user
    if key_of(user.email) == key_of(old):
        user.email, user.email_key = address.email, None
        user.save(update_fields=["email"])
    EmailAddress.objects.filter(pk=address.pk).update(verified=False)
    closed_accounts.remember_address(old, user=user, now=now)
    record("email.changed", subject=user, old=old, new=address.email)


@transaction.atomic
def remove_address(*, address: EmailAddress, now: datetime) -> None:
    """By staff."""
    address.delete()
    closed_accounts.remember_address(address.email, user=address.user, now=now)
    record("email.removed", subject=address.user, email=address.email)


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
