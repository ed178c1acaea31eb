"""Pauses of a streak: illness, holiday. They bridge days and never shorten anything."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from common.errors import Invalid
from common.row_limits import refuse_above
from tracking import rules
from tracking.models import StreakPause


@transaction.atomic
def add_pause(
    *,
    user: User,
    start_date: date,
    now: datetime,
    end_date: date | None = None,
    reason: str = StreakPause.Reason.OTHER,
) -> StreakPause:
    """A pause may lie ahead or be added afterwards; no end means until it is ended."""
    if start_date < rules.FIRST_DATE:
        sentence = f"Must be {rules.FIRST_DATE.isoformat()} or later."
        raise Invalid(sentence, fields={"start_date": [sentence]})
    if end_date is not None and end_date < start_date:
        sentence = "Must not be before the start."
        raise Invalid(sentence, fields={"end_date": [sentence]})
    there = StreakPause.objects.filter(user=user).count()
    refuse_above("pauses", what="pauses", used=there)
    return StreakPause.objects.create(
        user=user, start_date=start_date, end_date=end_date, reason=reason, created_at=now
    )


@transaction.atomic
def end_pause(*, pause: StreakPause, today: date) -> None:
    """From today on practice counts again; a pause that has not begun is taken back."""
    last = today - timedelta(days=1)
    if pause.start_date > last:
        pause.delete()
        return
    pause.end_date = last if pause.end_date is None else min(pause.end_date, last)
    pause.save(update_fields=["end_date"])


@transaction.atomic
def delete_pause(*, pause: StreakPause) -> None:
    pause.delete()
