"""Detects that the web server itself was away, and gives the time back, once.

Candidates are served by the web and the heartbeats service, so their web heartbeat decides: one row
that every process of either writes each 20 s. When it stood still for over a minute and no beat of
anybody came in either, no answer could have been taken: the silence does not count, and the
deadlines of open tests move by that gap, up to what one test may be given
(`rules.time_to_give_back`). One candidate's own outage changes no web heartbeat and is given
nothing.

Sweeps still run while the web is away, so they close nothing (`web_away_since`) until it has
returned and given the time back. Their own row counts only where no web process ever wrote one.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max

from sessions_app.proctoring.models import (
    Outage,
    ProctoredSession,
    ServerHeartbeat,
    SessionBeat,
    SessionEvent,
)
from sessions_app.proctoring.rules import (
    DEADLINE_GRACE,
    HOLD_AFTER,
    OUTAGE_GAP,
    time_to_give_back,
)
from sessions_app.proctoring.states import Status, Who

Source = ServerHeartbeat.Source
GIVEN = {"kind": SessionEvent.Kind.CLOCK, "type": "time_given_back"}
BATCH = 500


@transaction.atomic
def record_web_heartbeat(*, now: datetime) -> Outage | None:
    """Record that a web process runs; returns the outage that this ended, if any.

    The row is locked, so of many processes that return together one gives back.
    """
    last = _stamp(Source.WEB, now=now) or _last(Source.SWEEP)
    return _give_back(last, now=now)


@transaction.atomic
def record_sweep(*, now: datetime) -> Outage | None:
    """Record that a sweep runs; gives back itself only where no web process records one."""
    last = _stamp(Source.SWEEP, now=now)
    return None if _last(Source.WEB) else _give_back(last, now=now)


def give_back_lost_time(*, now: datetime) -> None:
    """Called before a first request after an outage closes a test."""
    last = _last(Source.WEB)
    if last and now - last > OUTAGE_GAP:
        record_web_heartbeat(now=now)


def web_away_since(*, now: datetime) -> datetime | None:
    """Since when no web process recorded a heartbeat; None when all is well or none ever did.

    From 30 s on, the grace of a deadline: so a test that a sweep does close had its deadline while
    the web was there.
    """
    last = _last(Source.WEB)
    if last is None or now - last <= HOLD_AFTER:
        return None
    seen = _last_sign(last, now=now)
    return seen if now - seen > HOLD_AFTER else None


def _stamp(source: Source, *, now: datetime) -> datetime | None:
    """Set the stamp, never back; returns the previous one."""
    row = ServerHeartbeat.objects.select_for_update().filter(pk=source).first()
    if row is None:
        ServerHeartbeat.objects.get_or_create(pk=source, defaults={"at": now})
        return None
    last, row.at = row.at, max(row.at, now)
    row.save(update_fields=["at"])
    return last


def _last(source: Source) -> datetime | None:
    return ServerHeartbeat.objects.filter(pk=source).values_list("at", flat=True).first()


def _last_sign(recorded: datetime, *, now: datetime) -> datetime:
    """A stored beat of a candidate proves a running web process as well."""
    taken = SessionBeat.objects.filter(last_heartbeat__lte=now).aggregate(at=Max("last_heartbeat"))
    return max(recorded, taken["at"] or recorded)


def _give_back(last: datetime | None, *, now: datetime) -> Outage | None:
    """Move the deadlines of the tests that were open when the server went away, if it did."""
    if last is None or now - last <= OUTAGE_GAP:
        return None
    started_at = _last_sign(last, now=now)
    gap = now - started_at
    if gap <= OUTAGE_GAP:
        return None
    outage = Outage.objects.create(started_at=started_at, ended_at=now)
    # A test that had ended before gets nothing.
    sessions = (
        ProctoredSession.objects.select_for_update()
        .exclude(status=Status.COMPLETED)
        .filter(deadline__gt=started_at - DEADLINE_GRACE, test_start_time__lt=now)
    )
    ids = list(sessions.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        _give(ids[start : start + BATCH], gap=gap, now=now)
    outage.sessions = len(ids)
    outage.save(update_fields=["sessions"])
    return outage


def _give(ids: list[UUID], *, gap: timedelta, now: datetime) -> None:
    """Move each deadline by the test's share; the silence does not count for any of them."""
    beats = SessionBeat.objects.filter(pk__in=ids)
    # Locked in the order of ids, as by every writer of beats, so that no two can deadlock.
    list(beats.select_for_update().order_by("pk").values_list("pk"))
    beats.update(last_heartbeat=now)
    shares = _shares(ids, gap=gap)
    for share in set(shares.values()) - {timedelta()}:
        some = [pk for pk in ids if shares[pk] == share]
        chosen = ProctoredSession.objects.filter(pk__in=some)
        chosen.update(deadline=F("deadline") + share, updated_at=now)
        chosen.active().update(next_check_at=F("next_check_at") + share)
        beats.filter(pk__in=some).update(deadline=F("deadline") + share)
    why = {"who": Who.SYSTEM, "why": "The server was away", "at": now}
    SessionEvent.objects.bulk_create(
        SessionEvent(**GIVEN, session_id=pk, detail=_in_seconds(share, gap), **why)
        for pk, share in shares.items()
    )


def _shares(ids: list[UUID], *, gap: timedelta) -> dict[UUID, timedelta]:
    """What each test gets; its log says what it was given before."""
    given: defaultdict[UUID, float] = defaultdict(float)
    events = SessionEvent.objects.filter(**GIVEN, session__in=ids)
    for pk, detail in events.values_list("session", "detail"):
        given[pk] += detail["seconds"]
    most = timedelta(minutes=settings.OUTAGE_MINUTES_PER_TEST)
    return {pk: time_to_give_back(gap, given=timedelta(seconds=given[pk]), most=most) for pk in ids}


def _in_seconds(share: timedelta, gap: timedelta) -> dict[str, float]:
    """`short_seconds`, where the test lost more than it was given: staff look for that."""
    detail = {"seconds": round(share.total_seconds(), 3)}
    if share < gap:
        detail["short_seconds"] = round((gap - share).total_seconds(), 3)
    return detail
