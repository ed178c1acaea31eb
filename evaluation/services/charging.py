"""What an evaluation takes of the day's feedback.

The two evaluations of a dialogue, of the first answer and of the whole, share one use. It is given
back when both have ended and neither delivered a verdict, and taken again when one is wanted after
all: what is delivered is charged once, whatever is cancelled in between.
"""

from __future__ import annotations

from datetime import datetime

from accounts.services import usage
from evaluation.models import Evaluation

USE = "evaluation"


def hold_use(evaluation: Evaluation) -> None:
    """Whoever begins or ends one of those that share a use waits here for the others."""
    Evaluation.objects.select_for_update(of=("self",)).filter(pk=evaluation.payer_id).first()


def give_back(evaluation: Evaluation, *, now: datetime) -> None:
    """It ended without a verdict. The caller holds the use (`hold_use`)."""
    sharing = Evaluation.objects.sharing_use_of(evaluation)
    if not any(one.is_open or one.has_delivered for one in sharing):
        usage.release(subject_kind=USE, subject_id=evaluation.payer_id, now=now, spoiled=True)


def take_again(evaluation: Evaluation, *, now: datetime) -> None:
    """Raises LimitReached when the use was given back and today's feedback is used up."""
    usage.consume_again(subject_kind=USE, subject_id=evaluation.payer_id, now=now)
