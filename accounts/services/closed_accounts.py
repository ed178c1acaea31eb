"""What is remembered of a deleted account until midnight UTC: how much it used today.

Otherwise deleting an account and making it anew would start the day's limits afresh; so would
removing its address first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.crypto import salted_hmac

from accounts.models import ClosedAccountUsage, DailyUsage, UsageReservation, User
from accounts.names import key_of
from common import clock

SUBJECT = "closed_account"


def remember_usage(*, user: User, now: datetime) -> None:
    """Called in the transaction that deletes the account, while its rows are there."""
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    for address in {user.email, *addresses}:
        remember_address(address, user=user, now=now)


def remember_address(address: str, *, user: User, now: datetime) -> None:
    """What the account used today, for an address that leaves it; never less than before."""
    if not address:
        return
    for use in DailyUsage.objects.filter(user=user, day=clock.utc_day(now), taken__gt=0):
        place = {"address_hash": _hash(address), "day": use.day, "kind": use.kind}
        ClosedAccountUsage.objects.get_or_create(**place, defaults={"taken": use.taken})
        less = ClosedAccountUsage.objects.filter(**place, taken__lt=use.taken)
        less.update(taken=use.taken)


def remember_removed(*, user: User, email_address: EmailAddress, **_more: Any) -> None:
    """Heard from allauth (`apps.ready`)."""
    remember_address(email_address.email, user=user, now=clock.now())


def carry_over_usage(*, user: User, now: datetime) -> None:
    """A new account whose address was used today goes on from there; safe to call again.

    Each use is a reservation, as everywhere: `UsageReservation` stays the truth.
    """
    day = clock.utc_day(now)
    if not user.email or DailyUsage.objects.filter(user=user, day=day).exists():
        return
    for use in ClosedAccountUsage.objects.filter(address_hash=_hash(user.email), day=day):
        DailyUsage.objects.create(user=user, day=day, kind=use.kind, taken=use.taken)
        UsageReservation.objects.bulk_create(
            UsageReservation(
                user=user,
                day=day,
                kind=use.kind,
                subject_kind=SUBJECT,
                subject_id=f"{user.pk}-{use.kind}-{number}",
                state=UsageReservation.State.USED,
                created_at=now,
                updated_at=now,
            )
            for number in range(use.taken)
        )


def forget_closed_accounts(*, now: datetime) -> int:
    """Remove what days before today left. Returns how many rows."""
    return ClosedAccountUsage.objects.filter(day__lt=clock.utc_day(now)).delete()[0]


def _hash(address: str) -> str:
    return salted_hmac("accounts.closed_accounts", key_of(address), algorithm="sha256").hexdigest()
