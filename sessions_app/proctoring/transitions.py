"""The legal transitions of a proctored test and who may make them; one test walks every pair.

`services.status` is the only code that changes `status`, and checks here first.
"""

from __future__ import annotations

from sessions_app.proctoring.states import Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.ACTIVE: frozenset({Status.COMPLETED, Status.ABANDONED}),
    Status.ABANDONED: frozenset({Status.ACTIVE}),
    Status.COMPLETED: frozenset(),
}

# Named staff actions only (reopen, end, abandon), each with a reason in the event log.
STAFF_MOVES: dict[Status, frozenset[Status]] = {
    Status.ACTIVE: frozenset({Status.COMPLETED, Status.ABANDONED}),
    Status.ABANDONED: frozenset({Status.ACTIVE, Status.COMPLETED}),
    Status.COMPLETED: frozenset({Status.ACTIVE}),
}


def may_move(source: str, target: str, *, by_staff: bool = False) -> bool:
    table = STAFF_MOVES if by_staff else MOVES
    return Status(target) in table[Status(source)]
