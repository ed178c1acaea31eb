"""Mail by the learner's own clock: a reminder after days without practice, a weekly summary.

`MailSent` is unique, and inserted in the transaction that decides to send: only the insert that
succeeds sends, so a beat that runs twice, or two workers at once, send one mail. When the mail
server refuses, the row is deleted, and the next hour tries again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from common import clock
from tracking.models import MailSent, PracticeLog
from tracking.selectors.analytics import Goal, analytics
from tracking.selectors.days import pauses_of
from tracking.selectors.progress import monday_of, today_of
from tracking.streaks import Pause

logger = logging.getLogger(__name__)

REMINDER_HOUR = 17  # by the learner's clock: late enough to have practiced, early enough to start
SUMMARY_HOUR = 8  # on Monday morning
LATEST_HOURS = 4  # a late beat still sends within these hours, never at night
FORGET_AFTER_DAYS = 60  # no reminders after a longer absence
SALT = "tracking.mail"


@dataclass(frozen=True, slots=True)
class MailReport:
    sent: int
    failed: int


def send_due_mails(*, now: datetime) -> MailReport:
    """Send what is due to everybody whose clock shows such an hour, and who ever practiced. One bad
    mailbox never stops the rest."""
    sent = failed = 0
    hours = (REMINDER_HOUR, SUMMARY_HOUR)
    names = User.objects.order_by().values_list("timezone", flat=True).distinct()
    zones = [name for name in names if any(_is_hour(now, name, hour) for hour in hours)]
    logs = PracticeLog.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(logs), is_active=True, timezone__in=zones)
    for user in people.exclude(email="").order_by("pk").iterator(chunk_size=500):
        for send in (send_reminder, send_summary):
            try:
                sent += send(user=user, now=now)
            except (SMTPException, OSError):
                logger.exception("mail to user %s failed", user.pk)
                failed += 1
    return MailReport(sent, failed)


def _is_hour(now: datetime, zone: str, hour: int) -> bool:
    return hour <= now.astimezone(clock.zone(zone)).hour < hour + LATEST_HOURS


def send_reminder(*, user: User, now: datetime) -> bool:
    """After `reminder_after_days` days without practice; once for each last practiced day."""
    if not user.reminder_after_days or not _is_hour(now, user.timezone, REMINDER_HOUR):
        return False
    today = today_of(user, now)
    last = PracticeLog.objects.filter(user=user).aggregate(Max("date_practiced"))
    last_day: date | None = last["date_practiced__max"]
    if last_day is None or not _is_away(user, last_day, today):
        return False
    context = {"last_day": last_day, "days": (today - last_day).days}
    return _send_once(user, MailSent.Kind.REMINDER, last_day, context, now=now)


def _is_away(user: User, last_day: date, today: date) -> bool:
    """Days off do not count: a pause is not an absence."""
    if not user.reminder_after_days <= (today - last_day).days <= FORGET_AFTER_DAYS:
        return False
    pauses = pauses_of(user)
    days = (last_day + timedelta(days=n) for n in range(1, (today - last_day).days + 1))
    away = sum(1 for day in days if not _in(pauses, day))
    return away >= user.reminder_after_days and not _in(pauses, today)


def _in(pauses: list[Pause], day: date) -> bool:
    return any(p.start <= day and (p.end is None or day <= p.end) for p in pauses)


def send_summary(*, user: User, now: datetime) -> bool:
    """On Monday morning, about the week before; only when there was practice in it."""
    local = now.astimezone(clock.zone(user.timezone))
    is_time = local.weekday() == 0 and _is_hour(now, user.timezone, SUMMARY_HOUR)
    if not user.weekly_summary or not is_time:
        return False
    monday = monday_of(today_of(user, now)) - timedelta(weeks=1)
    sunday = monday + timedelta(days=6)
    totals = analytics(user, now=now, first=monday, last=sunday)
    if not totals.total_sessions:
        return False
    week = {
        "monday": monday,
        "sunday": sunday,
        "minutes": totals.total_minutes,
        "sessions": totals.total_sessions,
        "days": totals.active_days,
        "skills": [total for total in totals.by_skill if total.minutes],
        "streak": totals.streak,
        "goal": Goal(user.weekly_goal_minutes, totals.total_minutes),
    }
    return _send_once(user, MailSent.Kind.SUMMARY, monday, {"week": week}, now=now)


def _send_once(
    user: User, kind: str, about: date, context: dict[str, Any], *, now: datetime
) -> bool:
    """Claim, send, and take the claim back if sending fails."""
    with transaction.atomic(durable=True):
        claim, is_mine = MailSent.objects.get_or_create(
            user=user, kind=kind, about=about, defaults={"created_at": now}
        )
    if not is_mine:
        return False
    try:
        _message(user, kind, context).send()
    except Exception:
        claim.delete()
        raise
    return True


def _message(user: User, kind: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    unsubscribe = settings.SITE_URL + reverse("tracking:unsubscribe", args=[token_for(user, kind)])
    context = {**context, "user": user, "site": settings.SITE_URL, "unsubscribe": unsubscribe}
    subject = render_to_string(f"tracking/mail/{kind}_subject.txt", context).strip()
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string(f"tracking/mail/{kind}.txt", context),
        to=[user.email],
        headers={
            # RFC 8058: the mail program posts here itself, without opening a page.
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string(f"tracking/mail/{kind}.html", context), "text/html")
    return message


def token_for(user: User, kind: str) -> str:
    """A signed token without expiry for one kind of mail to one person; valid for nothing else."""
    return signing.dumps([user.pk, kind], salt=SALT)


def read_token(token: str) -> tuple[User, str] | None:
    try:
        pk, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=pk).first()
    return (user, kind) if user is not None and kind in MailSent.Kind.values else None


def unsubscribe(*, user: User, kind: str) -> None:
    """Turn one kind of mail off; doing it again changes nothing."""
    off = (
        {"reminder_after_days": 0} if kind == MailSent.Kind.REMINDER else {"weekly_summary": False}
    )
    User.objects.filter(pk=user.pk).update(**off)
