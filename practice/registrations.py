"""What practice registers with the apps below it, once at start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from accounts import personal_data
from evaluation import subjects, vocabularies
from practice.services.submissions import EVALUATION_KIND

if TYPE_CHECKING:
    from evaluation.models import Evaluation


def register_practice() -> None:
    from practice.services.own_data import erase_practice, export_practice

    subjects.register(EVALUATION_KIND, note_verdict)
    vocabularies.register_texts(bank_texts)
    personal_data.register("practice", export=export_practice, erase=erase_practice)


def bank_texts() -> Iterator[str]:
    """Every prompt and sample answer in use: from them evaluation computes the weights of words."""
    from practice.models import Question

    rows = Question.objects.filter(retired_at__isnull=True)
    for prompt, sample in rows.values_list("prompt", "sample_answer").iterator():
        yield prompt
        yield sample


def note_verdict(evaluation: Evaluation) -> None:
    """Nothing is copied: a submission reads its scores from its evaluation, in both tables."""
