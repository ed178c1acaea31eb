"""Who may reach an evaluation. Not yours is not there: 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import NotFound
from evaluation.models import Evaluation

if TYPE_CHECKING:
    from accounts.models import User


def get_evaluation_for(user: User, pk: int) -> Evaluation:
    evaluation = Evaluation.objects.visible_to(user).filter(pk=pk).first()
    if evaluation is None:
        raise NotFound("There is no such feedback.")
    return evaluation
