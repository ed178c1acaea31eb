"""The questions that are asked of evaluations, in English."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, Sum

if TYPE_CHECKING:
    from accounts.models import User
    from evaluation.models import Evaluation


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: User) -> EvaluationQuerySet:
        """One's own. Staff look at others' in the admin, under its rights."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def unfinished(self) -> EvaluationQuerySet:
        return self.filter(status__in=("queued", "running"))

    def claimable_at(self, moment: datetime) -> EvaluationQuerySet:
        """Due in the queue, or held by a worker whose claim has run out."""
        due = Q(status="queued") & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=moment))
        silent = Q(status="running", claimed_until__lt=moment)
        return self.filter(due | silent)

    def tries_before(self, evaluation: Evaluation) -> EvaluationQuerySet:
        """Scored answers of the same learner to the same question, by the same provider."""
        return self.filter(
            owner_id=evaluation.owner_id,
            kind=evaluation.kind,
            question_key=evaluation.question_key,
            provider=evaluation.provider,
            status="succeeded",
            pk__lt=evaluation.pk,
        ).order_by("-pk")


class ModelCallQuerySet(models.QuerySet):
    def spent_since(self, moment: datetime) -> Decimal:
        """US dollars, open calls counted at their highest possible cost."""
        return self.filter(at__gte=moment).aggregate(sum=Sum("cost_usd"))["sum"] or Decimal(0)
