"""Judging one answer: claim, judge outside any transaction, store once."""

from __future__ import annotations

import logging

from common.clock import now as clock_now
from evaluation.models import Evaluation
from evaluation.providers import judge
from evaluation.providers.errors import Held, ProviderError
from evaluation.services.queue import claim
from evaluation.services.storing import store_failure, store_verdict

logger = logging.getLogger(__name__)


def run_evaluation(*, evaluation_id: int) -> str:
    """Judge the answer if it is due and free; returns the status that the row then has.

    Never raises for anything a provider does: each fault ends in the row, with its next try.
    """
    evaluation = claim(evaluation_id=evaluation_id, now=clock_now())
    if evaluation is None:
        return "not_due"
    held = Evaluation.objects.held_by(evaluation)
    try:
        # The stage is what the page shows while it waits: reading, then scoring.
        verdict = judge(evaluation, on_stage=lambda stage: held.update(stage=stage))
        return store_verdict(evaluation=evaluation, verdict=verdict, now=clock_now())
    except ProviderError as error:
        # Never the answer, never the key: what is needed to find the fault.
        level = logging.INFO if isinstance(error, Held) else logging.WARNING
        logger.log(level, "evaluation %s: %s (%s)", evaluation.pk, error.code, error.detail)
        return store_failure(evaluation=evaluation, error=error, now=clock_now())
    except Exception:
        logger.exception("evaluation %s broke", evaluation.pk)
        return store_failure(evaluation=evaluation, error=ProviderError(), now=clock_now())
