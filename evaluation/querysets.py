"""Named filters of the evaluation tables."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q, Sum

from common.jobs import JobQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from evaluation.models import Evaluation  # noqa: F401 - named by the class below


MARKABLE = ("succeeded", "withheld")


class EvaluationQuerySet(JobQuerySet["Evaluation"]):
    def visible_to(self, user: User) -> EvaluationQuerySet:
        """One's own. Staff read others' in the admin, under its rights."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def of_question(self, *, owner_id: Any, kind: Any, question_key: Any) -> EvaluationQuerySet:
        """Scored answers of one learner to one question, by whatever provider."""
        return self.filter(
            owner_id=owner_id, kind=kind, question_key=question_key, status="succeeded"
        )

    def sharing_use_of(self, evaluation: Evaluation) -> EvaluationQuerySet:
        """It and the other one of its dialogue, of which one use of the day's feedback pays."""
        payer = evaluation.payer_id
        return self.filter(Q(pk=payer) | Q(paid_by=payer))

    def to_be_marked_by(self, marker: User) -> EvaluationQuerySet:
        """Answers of others with an outcome that this person has not marked."""
        rows = self.filter(status__in=MARKABLE)
        return rows.exclude(owner=marker).exclude(marks__marker=marker)


class ModelCallQuerySet(models.QuerySet):
    def spent_since(self, moment: datetime) -> Decimal:
        """US dollars, open calls counted at their highest possible cost."""
        return self.filter(at__gte=moment).aggregate(sum=Sum("cost_usd"))["sum"] or Decimal(0)
