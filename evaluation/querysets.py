"""The questions that are asked of evaluations, in English."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q, Sum

if TYPE_CHECKING:
    from accounts.models import User
    from evaluation.models import Evaluation  # noqa: F401 - named by the class below


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

    def of_question(self, *, owner_id: Any, kind: Any, question_key: Any) -> EvaluationQuerySet:
        """Scored answers of one learner to one question, by whatever provider."""
        return self.filter(
            owner_id=owner_id, kind=kind, question_key=question_key, status="succeeded"
        )


class ModelCallQuerySet(models.QuerySet):
    def spent_since(self, moment: datetime) -> Decimal:
        """US dollars, open calls counted at their highest possible cost."""
        return self.filter(at__gte=moment).aggregate(sum=Sum("cost_usd"))["sum"] or Decimal(0)
