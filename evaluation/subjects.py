"""Who is told about a verdict. Upper apps register themselves; evaluation imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.models import Evaluation

OnVerdict = Callable[["Evaluation"], None]

_registered: dict[str, OnVerdict] = {}


def register(kind: str, on_verdict: OnVerdict) -> None:
    """Call `on_verdict(evaluation)` when an evaluation of this kind comes to an end.

    It runs inside the transaction that stores the outcome (succeeded, withheld, refused or
    failed; scores are None unless succeeded), so it must only write rows, quickly. It may run
    again after a retry. Registering a kind twice replaces the function.
    """
    _registered[kind] = on_verdict


def kinds() -> frozenset[str]:
    return frozenset(_registered)


def tell(evaluation: Evaluation) -> None:
    """Call the one function registered for the evaluation's kind."""
    if on_verdict := _registered.get(evaluation.kind):
        on_verdict(evaluation)
