"""The providers behind one function: `judge(evaluation)` returns a Verdict or raises
ProviderError."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings

from evaluation.local.evaluator import evaluate
from evaluation.models import Evaluation
from evaluation.naming import is_own_model
from evaluation.types import Answer, Rubric, Verdict

OnStage = Callable[[str], object]
Provider = Evaluation.Provider


def chosen_provider() -> str:
    """`EVALUATION_PROVIDER`: local, claude, or auto (Claude when there is a key). A model of one's
    own takes Claude's place, and needs no key."""
    choice = settings.EVALUATION_PROVIDER
    if choice == "auto":
        choice = "claude" if settings.ANTHROPIC_API_KEY or is_own_model() else "local"
    if choice == "claude" and is_own_model():
        choice = "own_model"
    return Provider(choice).value


def judge(evaluation: Evaluation, *, on_stage: OnStage) -> Verdict:
    """Judge the snapshot of the row by the row's provider. No transaction may be open.

    The local check takes milliseconds and never fails for a text, however strange.
    """
    return judge_answer(
        Rubric.from_json(evaluation.input["rubric"]),
        Answer.from_json(evaluation.input),
        provider=evaluation.provider,
        evaluation=evaluation,
        on_stage=on_stage,
    )


def judge_answer(
    rubric: Rubric,
    answer: Answer,
    *,
    provider: str,
    evaluation: Evaluation | None = None,
    on_stage: OnStage = str,
) -> Verdict:
    """The same for any answer; without an evaluation it is nobody's, as a canary."""
    if provider != Provider.LOCAL:
        from evaluation.providers import claude

        return claude.judge(rubric, answer, evaluation=evaluation, on_stage=on_stage)
    start = time.perf_counter()
    on_stage("scoring")
    verdict = evaluate(rubric, answer.text, diagram=answer.diagram)
    spent = round(1000 * (time.perf_counter() - start))
    return replace(verdict, usage={"latency_ms": spent, "model": "local rubric check 2"})
