from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import ApiToken, User


def usable_tokens(user: User, *, now: datetime) -> Iterable[ApiToken]:
    """What opens the API for this person now, newest first."""
    return ApiToken.objects.filter(user=user, expiry__gt=now).order_by("-created")
