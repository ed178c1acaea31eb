"""What every page may show about the site and, in its app bar, about the learner."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common import clock
from tracking.selectors.days import current_streak
from tracking.selectors.progress import today_of


def site(request: HttpRequest) -> dict[str, Any]:
    """`nav_streak` queries the database only when a template uses it, which the app bar does."""
    return {
        "DEBUG_SITE": settings.DEBUG,
        "VERSION": settings.VERSION,
        "nav_streak": partial(_streak, request),
    }


def _streak(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return current_streak(user, today_of(user, clock.now()))
