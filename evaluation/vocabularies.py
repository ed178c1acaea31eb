"""The texts behind idf: references and prompts of the bank, registered by its app."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from evaluation.local.evaluator import own_vocabulary
from evaluation.local.vocabulary import Vocabulary
from evaluation.types import Rubric

Texts = Callable[[], Iterable[str]]

KEPT_SECONDS = 600
FEWEST_TEXTS = 6

_source: Texts | None = None
_kept: tuple[float, Vocabulary] | None = None


def register_texts(texts: Texts) -> None:
    """`texts()` yields every prompt and sample answer of the bank. Called from AppConfig.ready."""
    global _source
    _source = texts
    forget()


def forget() -> None:
    """Read the bank anew at the next evaluation."""
    global _kept
    _kept = None


def vocabulary_for(rubric: Rubric) -> Vocabulary:
    """The bank's vocabulary, kept for ten minutes; the rubric's own while the bank is tiny."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        _kept = (time.monotonic(), Vocabulary.of(_source()) if _source else Vocabulary())
    bank = _kept[1]
    return bank if bank.documents >= FEWEST_TEXTS else own_vocabulary(rubric)
