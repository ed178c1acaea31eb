from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from sessions_app.proctoring.rules import HEARTBEAT_TIMEOUT
from sessions_app.proctoring.rules_sql import is_alive, is_past_deadline, is_silent
from sessions_app.proctoring.states import Status


class SessionQuerySet(models.QuerySet):
    def active(self) -> SessionQuerySet:
        return self.filter(status=Status.ACTIVE)

    def with_beats(self) -> SessionQuerySet:
        return self.select_related("beat", "candidate")

    def past_deadline_at(self, moment: datetime) -> SessionQuerySet:
        """Active ones whose deadline and its 30 s of grace are over."""
        return self.active().filter(is_past_deadline(moment))

    def without_beat_row(self) -> SessionQuerySet:
        """Active ones without a beat row, which only a deletion by hand can cause."""
        return self.active().filter(beat__isnull=True)

    def silent_at(self, moment: datetime) -> SessionQuerySet:
        """Silent for 5 minutes by the session's own stamps."""
        cutoff = moment - HEARTBEAT_TIMEOUT
        return self.filter(
            Q(last_heartbeat__lt=cutoff)
            | Q(last_heartbeat__isnull=True, test_start_time__lt=cutoff)
        )

    def ended_before(self, moment: datetime) -> SessionQuerySet:
        """Over for good since then: an active test never is, one that was left could be resumed
        until its deadline."""
        ended = self.exclude(status=Status.ACTIVE).filter(deadline__lt=moment)
        return ended.exclude(completed_at__gte=moment).exclude(left_at__gte=moment)

    def abandoned_or_overdue_at(self, moment: datetime) -> SessionQuerySet:
        """The document's list for clean-up: abandoned, and active without a beat for 5 minutes."""
        overdue = Q(status=Status.ACTIVE, beat__last_heartbeat__lt=moment - HEARTBEAT_TIMEOUT)
        return self.filter(Q(status=Status.ABANDONED) | overdue)


class BeatQuerySet(models.QuerySet):
    def silent_at(self, moment: datetime) -> BeatQuerySet:
        """No beat for 5 minutes, and the silence began before the deadline."""
        return self.filter(is_silent(moment))

    def alive_at(self, moment: datetime) -> BeatQuerySet:
        """Nothing is due for them: a beat may be stored without reading the session."""
        return self.filter(is_alive(moment))
