"""Callbacks for verdicts: upper apps register them, evaluation imports none of these apps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.models import Evaluation

OnVerdict = Callable[["Evaluation"], None]
IsSecret = Callable[["Evaluation"], bool]

_registered: dict[str, OnVerdict] = {}
_secret: dict[str, IsSecret] = {}


def register(kind: str, on_verdict: OnVerdict, is_secret: IsSecret | None = None) -> None:
    """Call `on_verdict(evaluation)` when an evaluation of this kind comes to an end.

    It runs inside the transaction that stores the outcome (succeeded, withheld, refused or
    failed; scores are None unless succeeded), so it must only write rows, quickly. It may run
    again after a retry. Registering a kind twice replaces the function.

    `is_secret(evaluation)` True keeps the outcome from its owner for now (a mock interview tells
    nothing before its end); the status stays visible.
    """
    _registered[kind] = on_verdict
    if is_secret is not None:
        _secret[kind] = is_secret


def kinds() -> frozenset[str]:
    return frozenset(_registered)


def is_secret(evaluation: Evaluation) -> bool:
    asked = _secret.get(evaluation.kind)
    return asked is not None and asked(evaluation)


def tell(evaluation: Evaluation) -> None:
    """Call the one function registered for the evaluation's kind."""
    if on_verdict := _registered.get(evaluation.kind):
        on_verdict(evaluation)
