"""The one table of legal moves of an evaluation, and the one function that makes them."""

from __future__ import annotations

from typing import Any

from common.errors import Conflict
from evaluation.models import Evaluation

Status = Evaluation.Status

MOVES: dict[str, set[str]] = {
    Status.QUEUED: {Status.RUNNING, Status.FAILED, Status.CANCELLED},
    # Back to queued: a try that failed and will be repeated, or a claim that ran out.
    Status.RUNNING: {
        Status.QUEUED,
        Status.SUCCEEDED,
        Status.WITHHELD,
        Status.REFUSED,
        Status.FAILED,
        Status.CANCELLED,
    },
    Status.FAILED: {Status.QUEUED},
    Status.CANCELLED: {Status.QUEUED},
    Status.SUCCEEDED: set(),
    Status.WITHHELD: set(),
    Status.REFUSED: set(),
}
STAFF_MOVES: dict[str, set[str]] = {
    status: {Status.QUEUED} for status in (Status.SUCCEEDED, Status.WITHHELD, Status.REFUSED)
}


class IllegalMove(Conflict):
    code = "illegal_move"
    message = "The feedback is not in a state that allows this."


def may_move(source: str, target: str, *, by_staff: bool = False) -> bool:
    """Whether the table allows it; staff may also send a finished evaluation back to the queue."""
    allowed = MOVES[source] | (STAFF_MOVES.get(source, set()) if by_staff else set())
    return target in allowed


def move(
    pk: int,
    *,
    source: str,
    target: str,
    by_staff: bool = False,
    held_by: Any = None,
    **changes: Any,
) -> bool:
    """Move one row by a conditional UPDATE that repeats the source state (and the claim).

    True when this call made the move; False when another one did. Raises IllegalMove for a pair
    that the table does not hold.
    """
    if not may_move(source, target, by_staff=by_staff):
        raise IllegalMove(f"{source} does not become {target}.")
    row = Evaluation.objects.filter(pk=pk, status=source)
    if held_by is not None:
        row = row.filter(claim=held_by)
    return row.update(status=target, **changes) == 1
