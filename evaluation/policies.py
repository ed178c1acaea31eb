"""Access to evaluations. What belongs to somebody else is 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import Conflict, NotFound
from evaluation import subjects
from evaluation.models import Evaluation

if TYPE_CHECKING:
    from accounts.models import User


def get_evaluation_for(user: User, pk: int) -> Evaluation:
    evaluation = Evaluation.objects.visible_to(user).filter(pk=pk).first()
    if evaluation is None:
        raise NotFound("There is no such feedback.")
    return hide_secret_outcome(evaluation)


def hide_secret_outcome(evaluation: Evaluation) -> Evaluation:
    """Blank, in memory only, an outcome that its subject keeps secret for now; the status stays."""
    if subjects.is_secret(evaluation):
        for name, value in Evaluation.without_verdict().items():
            setattr(evaluation, name, value)
    return evaluation


def get_visible_evaluation_for(user: User, pk: int) -> Evaluation:
    """For pages: a secret outcome has none yet (409)."""
    evaluation = get_evaluation_for(user, pk)
    if subjects.is_secret(evaluation):
        raise Conflict("This feedback waits for the end of its interview.", code="not_told_yet")
    return evaluation
