"""What the API of accounts answers: each class is the JSON and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from accounts.models import User
from accounts.selectors.plans import plan_of, usage_today


@dataclass(frozen=True)
class TokenOutput:
    """`token` is shown this once."""

    token: str
    token_type: str
    expires_at: datetime


@dataclass(frozen=True)
class MeOutput:
    """`usage` by kind: `limit` (null: none), `used`, `left`, `resets_at`."""

    user_id: int
    id: int
    username: str
    email: str
    is_staff: bool
    plan: str
    timezone: str
    usage: dict[str, Any]

    @classmethod
    def of(cls, user: User, *, now: datetime) -> Self:
        return cls(
            user_id=user.pk,
            id=user.pk,
            username=user.username,
            email=user.email,
            is_staff=user.is_staff,
            plan=plan_of(user, now=now),
            timezone=user.timezone,
            usage={u.kind: u.as_json() for u in usage_today(user, now=now)},
        )
