"""Which plan a person is on and what it allows today."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, Sum

from accounts.models import DailyUsage, LimitGrant, Subscription, User
from accounts.models.usage import UsageKind
from common import clock
from common.db import compiled


@dataclass(frozen=True)
class UsageToday:
    """`limit` None is without limit; `resets_at` is the next UTC midnight."""

    kind: str
    label: str
    limit: int | None
    used: int
    resets_at: datetime

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "left": self.left, "resets_at": clock.iso(self.resets_at)}


TERMS = ("plan", "status", "valid_until")


@compiled
def terms_of(user_id: int, kind: str, today: date) -> QuerySet[Any, Any]:
    """A person's subscription, if any, and what staff have granted on top of a kind."""
    grants = LimitGrant.objects.filter(user_id=OuterRef("pk"), kind=kind, until__gte=today)
    granted = grants.values("user_id").annotate(total=Sum("extra")).values("total")
    rows = User.objects.filter(pk=user_id).annotate(granted=Subquery(granted))
    return rows.values_list(*(f"subscription__{name}" for name in TERMS), "granted")


def plan_of(user: User, *, now: datetime) -> str:
    return _plan(Subscription.objects.filter(user_id=user.pk).first(), now=now)


def limit_for(*, user: User, kind: str, now: datetime) -> int | None:
    """Today's limit of a kind, grants of staff included; None is without limit. One statement."""
    found = terms_of.first(user_id=user.pk, kind=kind, today=clock.utc_day(now))
    *terms, granted = found or (None, None, None, 0)
    subscription = Subscription(**dict(zip(TERMS, terms, strict=True))) if terms[0] else None
    limit = settings.DAILY_LIMITS[_plan(subscription, now=now)][kind]
    return None if limit is None else limit + (granted or 0)


def _plan(subscription: Subscription | None, *, now: datetime) -> str:
    premium = subscription is not None and subscription.grants_premium_at(now)
    return Subscription.Plan.PREMIUM.value if premium else Subscription.Plan.FREE.value


def usage_of(user: User, *, kind: str, now: datetime) -> UsageToday:
    """One kind's use of today."""
    rows = DailyUsage.objects.filter(user_id=user.pk, day=clock.utc_day(now), kind=kind)
    taken = rows.values_list("taken", flat=True).first()
    return _usage(user, kind=UsageKind(kind), taken=taken or 0, now=now)


def usage_today(user: User, *, now: datetime) -> list[UsageToday]:
    rows = DailyUsage.objects.filter(user_id=user.pk, day=clock.utc_day(now))
    taken = dict(rows.values_list("kind", "taken"))
    return [_usage(user, kind=kind, taken=taken.get(kind.value, 0), now=now) for kind in UsageKind]


def _usage(user: User, *, kind: UsageKind, taken: int, now: datetime) -> UsageToday:
    return UsageToday(
        kind=kind.value,
        label=str(kind.label),
        limit=limit_for(user=user, kind=kind.value, now=now),
        used=taken,
        resets_at=clock.next_utc_midnight(now),
    )
