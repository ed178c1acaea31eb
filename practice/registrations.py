"""What practice tells the apps below it, once at start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import personal_data
from evaluation import subjects
from practice.services.submissions import EVALUATION_KIND

if TYPE_CHECKING:
    from evaluation.models import Evaluation


def register_practice() -> None:
    from practice.services.own_data import erase_practice, export_practice

    subjects.register(EVALUATION_KIND, note_verdict)
    personal_data.register("practice", export=export_practice, erase=erase_practice)


def note_verdict(evaluation: Evaluation) -> None:
    """Nothing is copied: a submission reads its scores from its evaluation, wherever it lies."""
