"""The one table of legal moves of a run, and the one function that makes them.

An ended run never changes: staff's re-run is another row.
"""

from __future__ import annotations

from typing import Any

from common.errors import Conflict
from judge.models import CodeRun

Status = CodeRun.Status

MOVES: dict[str, set[str]] = {
    Status.QUEUED: {Status.RUNNING, Status.FAILED, Status.CANCELLED},
    # Back to queued: a try that failed through our fault and will be repeated.
    Status.RUNNING: {Status.QUEUED, Status.DONE, Status.FAILED, Status.CANCELLED},
    Status.DONE: set(),
    Status.FAILED: set(),
    Status.CANCELLED: set(),
}


class IllegalMove(Conflict):
    code = "illegal_move"
    message = "The run is not in a state that allows this."


def may_move(source: str, target: str) -> bool:
    return target in MOVES[source]


def move(pk: int, *, source: str, target: str, held_by: Any = None, **changes: Any) -> bool:
    """Move one row by a conditional UPDATE that repeats the source state (and the claim).

    True when this call made the move; False when another one did. Raises IllegalMove for a pair
    that the table does not hold.
    """
    if not may_move(source, target):
        raise IllegalMove(f"{source} does not become {target}.")
    row = CodeRun.objects.filter(pk=pk, status=source)
    if held_by is not None:
        row = row.filter(claim=held_by)
    return row.update(status=target, **changes) == 1
