"""Practice logs: made by hand, by one click or by another app; edited; deleted with evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.services import storage
from common.db import compiled, insert_if_absent
from common.errors import Invalid
from tracking import rules
from tracking.models import Evidence, PracticeLog, Skill, Trash
from tracking.models.logs import FACTS
from tracking.services.row_limits import refuse_full_day, refuse_too_many
from tracking.services.skills import ensure_skill, find_skill
from tracking.services.trash import locked, move_to_trash
from tracking.streaks import calendar_date, practice_date


@compiled
def log_of_source(source_kind: str, source_id: str) -> QuerySet[PracticeLog]:
    return PracticeLog.objects.filter(source_kind=source_kind, source_id=source_id)


@transaction.atomic
def add_log(
    *,
    skill: Skill,
    user: User,
    description: str,
    now: datetime,
    **facts: Any,
) -> PracticeLog:
    """Log a session on one of the user's own skills; `facts` are the others of FACTS. The
    description is trimmed, then counted. Raises TooMany (413)."""
    log = PracticeLog(
        user=user,
        skill=skill,
        zone=user.timezone,
        description=description.strip(),
        **facts,
        created_at=now,
        updated_at=now,
    )
    _check(log, user=user, now=now)
    refuse_too_many(user_id=user.pk, adding=[log])
    log.save(force_insert=True)
    return log


@transaction.atomic
def log_session(
    *, user: User, now: datetime, skill: Skill | None = None, skill_name: str = "", **facts: Any
) -> PracticeLog:
    """`add_log` on a skill, or on the one of that name, made now if there is none."""
    chosen = skill or ensure_skill(user=user, name=skill_name, now=now)
    return add_log(skill=chosen, user=user, now=now, **facts)


@transaction.atomic
def quick_log(
    *, skill: Skill, user: User, duration_minutes: int, now: datetime, description: str = ""
) -> PracticeLog:
    """One click: today by the learner's own day, "Quick log: 30 minutes" unless given otherwise."""
    return add_log(
        skill=skill,
        user=user,
        date_practiced=practice_date(now, user.timezone, user.day_start_hour),
        duration_minutes=duration_minutes,
        description=description.strip() or f"Quick log: {minutes_in_words(duration_minutes)}",
        now=now,
    )


@transaction.atomic(durable=True)
def edit_log(*, log: PracticeLog, user: User, now: datetime, **changes: Any) -> PracticeLog:
    """Change date, minutes, description or ratings; skill, user and creation never change (§6).
    Raises TooMany (413) for a day that is full."""
    if "date_practiced" in changes:
        storage.lock(user_id=user.pk)  # before the log, as where rows are added
    row = locked(PracticeLog.objects.filter(pk=log.pk))
    old_day = row.date_practiced
    for name in FACTS:
        if name in changes:
            setattr(row, name, changes[name])
    row.description = row.description.strip()
    row.updated_at = now
    _check(row, user=user, now=now, only=set(changes))
    if row.date_practiced != old_day:
        refuse_full_day(user_id=row.user_id, day=row.date_practiced)
    row.save(update_fields=[*FACTS, "updated_at"])
    return row


@transaction.atomic(durable=True)
def delete_log(*, log: PracticeLog, now: datetime) -> Trash:
    """Delete a log and its evidence; both come back together for a while."""
    storage.lock(user_id=log.user_id)  # before the log, as where rows are added
    row = locked(PracticeLog.objects.filter(pk=log.pk))
    return move_to_trash(row, Evidence.objects.filter(log=row), now=now)


def record_practice(  # noqa: PLR0913 - the facts of a session and where they come from
    *,
    user: User,
    skill_name: str,
    minutes: int,
    description: str,
    source_kind: str,
    source_id: str | int,
    now: datetime,
    local_date: date | None = None,
    create_skill: bool = False,
) -> PracticeLog | None:
    """Log a session that another app recorded; once per source, however often it is called.

    `minutes` is bounded to 1-1440, `local_date` None is the learner's today. None comes back when
    the learner has no such skill and `create_skill` is False. Joins the caller's transaction.
    """
    source = {"source_kind": source_kind, "source_id": str(source_id)}
    existing = log_of_source.first(**source)
    if existing is not None:
        return existing
    skill = find_skill(user=user, name=skill_name)
    if skill is None and not create_skill:
        return None
    log = PracticeLog(
        user=user,
        skill=skill or ensure_skill(user=user, name=skill_name, now=now),
        zone=user.timezone,
        date_practiced=local_date or practice_date(now, user.timezone, user.day_start_hour),
        duration_minutes=min(max(minutes, rules.LEAST_MINUTES), rules.MOST_MINUTES),
        description=_fitting(description),
        created_at=now,
        updated_at=now,
        **source,
    )
    # A concurrent duplicate of the same completion was inserted first.
    return log if insert_if_absent(log) else PracticeLog.objects.get(**source)


def minutes_in_words(minutes: int) -> str:
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _fitting(description: str) -> str:
    """Another app's text within the limits of a description."""
    text = description.strip()[: rules.LONGEST_DESCRIPTION].strip()
    if len(text) < rules.SHORTEST_DESCRIPTION:
        text = f"Practiced: {text}".strip()
    return text


def _check(log: PracticeLog, *, user: User, now: datetime, only: set[str] | None = None) -> None:
    """`only` names the fields sent: a date that was allowed when it was made stays allowed."""
    today = calendar_date(now, user.timezone)
    wrong = {
        "date_practiced": rules.wrong_date(log.date_practiced, today=today),
        "duration_minutes": rules.wrong_minutes(log.duration_minutes),
        "description": rules.wrong_description(log.description),
        "difficulty_rating": rules.wrong_rating(log.difficulty_rating),
        "confidence_rating": rules.wrong_rating(log.confidence_rating),
    }
    fields = {
        name: [sentence]
        for name, sentence in wrong.items()
        if sentence and (only is None or name in only)
    }
    if fields:
        raise Invalid(f"Please correct: {', '.join(fields)}.", fields=fields)
