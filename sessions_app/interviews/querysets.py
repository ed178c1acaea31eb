"""Named filters of the interview tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from evaluation.models import Evaluation

FORGOTTEN_AFTER_DEADLINE = timedelta(minutes=30)
FORGOTTEN_WITHOUT_TIMER = timedelta(hours=24)
RESULT_HIDDEN = Q(session__mode="mock", session__ended_at__isnull=True)
RESULT_VISIBLE = ~RESULT_HIDDEN


class PracticeSessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """A learner's own. Staff read others' sessions in the admin, under its rights."""
        return self.filter(user_id=user.pk)

    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def ended(self) -> Self:
        return self.filter(ended_at__isnull=False)

    def locked(self) -> Self:
        """Until the transaction ends (SQLite has one writer at a time anyway)."""
        return self.select_for_update(no_key=True, of=("self",))

    def newest_first(self) -> Self:
        return self.order_by("-started_at", "-id")

    def forgotten_at(self, moment: datetime) -> Self:
        """Open, and silent for 30 minutes after the deadline (24 h without a timer)."""
        quiet = moment - FORGOTTEN_AFTER_DEADLINE
        timed = Q(deadline__lte=quiet, last_activity_at__lte=quiet)
        untimed = Q(deadline__isnull=True, last_activity_at__lte=moment - FORGOTTEN_WITHOUT_TIMER)
        return self.open().filter(timed | untimed)


class AttemptQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(session__user_id=user.pk)

    def scored(self) -> Self:
        return self.filter(overall_score__isnull=False)

    def with_visible_result(self) -> Self:
        """Attempts whose result the learner may see: a mock interview keeps it until its end."""
        return self.filter(RESULT_VISIBLE)

    def with_hidden_result(self) -> Self:
        """The others: answers of a mock interview that is still open."""
        return self.filter(RESULT_HIDDEN)

    def of_evaluation(self, evaluation: Evaluation) -> Self:
        """The answer that it judged, alone or with the replies to what was asked back."""
        return self.filter(
            Q(evaluation=evaluation)
            | Q(whole_evaluation=evaluation)
            | Q(first_evaluation=evaluation)
        )

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "id")
