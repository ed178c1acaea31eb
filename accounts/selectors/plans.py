"""Which plan a person is on and what it allows today."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Sum

from accounts.models import DailyUsage, LimitGrant, Subscription, User
from accounts.models.usage import UsageKind
from common import clock


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


def plan_of(user: User, *, now: datetime) -> str:
    subscription = Subscription.objects.filter(user_id=user.pk).first()
    premium = subscription is not None and subscription.grants_premium_at(now)
    return Subscription.Plan.PREMIUM.value if premium else Subscription.Plan.FREE.value


def limit_for(*, user: User, kind: str, now: datetime) -> int | None:
    """Today's limit of a kind, grants of staff included; None is without limit."""
    limit = settings.DAILY_LIMITS[plan_of(user, now=now)][kind]
    if limit is None:
        return None
    today = clock.utc_day(now)
    extra = LimitGrant.objects.filter(user_id=user.pk, kind=kind, until__gte=today).aggregate(
        total=Sum("extra")
    )["total"]
    return limit + (extra or 0)


def usage_of(user: User, *, kind: str, now: datetime) -> UsageToday:
    """One kind's use of today."""
    rows = DailyUsage.objects.filter(user_id=user.pk, day=clock.utc_day(now), kind=kind)
    taken = rows.values_list("taken", flat=True).first()
    return _usage(user, kind=UsageKind(kind), taken=taken or 0, now=now)


def usage_today(user: User, *, now: datetime) -> list[UsageToday]:
    taken = dict(
        DailyUsage.objects.filter(user_id=user.pk, day=clock.utc_day(now)).values_list(
            "kind", "taken"
        )
    )
    return [_usage(user, kind=kind, taken=taken.get(kind.value, 0), now=now) for kind in UsageKind]


def _usage(user: User, *, kind: UsageKind, taken: int, now: datetime) -> UsageToday:
    return UsageToday(
        kind=kind.value,
        label=str(kind.label),
        limit=limit_for(user=user, kind=kind.value, now=now),
        used=taken,
        resets_at=clock.next_utc_midnight(now),
    )
