from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan


class OwnedQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Only the owner: staff read practice in the admin, never through these pages."""
        return self.filter(user_id=user.pk)


class PracticeLogQuerySet(OwnedQuerySet):
    def newest_first(self) -> PracticeLogQuerySet:
        return self.order_by("-date_practiced", "-id")

    def between(self, first: date | None, last: date | None) -> PracticeLogQuerySet:
        """Both ends included; None is no bound."""
        logs = self
        if first is not None:
            logs = logs.filter(date_practiced__gte=first)
        if last is not None:
            logs = logs.filter(date_practiced__lte=last)
        return logs

    def older_than(self, day: date, pk: int) -> PracticeLogQuerySet:
        """What follows a row in `newest_first`: one row comparison, from which the index goes on.

        Django writes it out with OR for SQLite, which then starts at the top of the index unless
        it is told the date as well.
        """
        place = TupleLessThan(Tuple(F("date_practiced"), F("id")), (day, pk))
        return self.filter(place, date_practiced__lte=day)


class EvidenceQuerySet(OwnedQuerySet):
    def oldest_first(self) -> EvidenceQuerySet:
        return self.order_by("id")
