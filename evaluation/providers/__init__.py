"""The two judges behind one door: `judge(evaluation)` returns a Verdict or raises ProviderError."""

from __future__ import annotations

from collections.abc import Callable

from evaluation.models import Evaluation
from evaluation.types import Diagram, Rubric, Verdict

OnStage = Callable[[str], None]


def judge(evaluation: Evaluation, *, on_stage: OnStage) -> Verdict:
    """Judge the snapshot of the row by the row's provider. No transaction may be open."""
    if evaluation.provider == Evaluation.Provider.CLAUDE:
        from evaluation.providers import claude as provider
    else:
        from evaluation.providers import local as provider  # type: ignore[no-redef]
    rubric = Rubric.from_json(evaluation.input["rubric"])
    board = evaluation.input.get("diagram")
    diagram = Diagram.from_json(board) if board else None
    return provider.judge(evaluation, rubric=rubric, diagram=diagram, on_stage=on_stage)
