from __future__ import annotations

from accounts.models import User


def set_weekly_goal(*, user: User, minutes: int) -> None:
    """Minutes a week, 0 for none; the form has checked the limits."""
    User.objects.filter(pk=user.pk).update(weekly_goal_minutes=minutes)
