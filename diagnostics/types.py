"""The types of diagnosis and repair: a check, the problems that it finds, and their repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from diagnostics.models import Severity

RowRef = tuple[str, Any]
"""(model label, primary key)"""


@dataclass(frozen=True)
class Scope:
    """The moment of a diagnosis, and the one user it is limited to, if any."""

    now: datetime
    user_id: int | None = None

    def of_user(self, rows: Any, path: str = "user_id") -> Any:
        """Narrow a queryset to the scope's user, when it has one."""
        return rows if self.user_id is None else rows.filter(**{path: self.user_id})


@dataclass(frozen=True)
class Problem:
    """One faulty row, and a sentence that says what is wrong with it."""

    model: str
    pk: Any
    note: str
    user_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "id": str(self.pk),
            "user_id": self.user_id,
            "note": self.note,
            **({"details": self.details} if self.details else {}),
        }


def problems_of(
    scope: Scope, rows: Any, note: str, *, user: str = "user_id", order: Sequence[str] = ("pk",)
) -> Iterator[Problem]:
    """One for each row within the scope; the note may name columns: “due {row.end:%H:%M %Z}”."""
    for row in scope.of_user(rows, user).order_by(*order):
        yield Problem(row._meta.label, row.pk, note.format(row=row), user_id=getattr(row, user))


def own_row(problems: Sequence[Problem]) -> list[list[RowRef]]:
    """For repairs that change the faulty row and nothing else."""
    return [[(problem.model, problem.pk)] for problem in problems]


@dataclass(frozen=True)
class Repair:
    """How a problem is repaired.

    `rows(problems)` names, for each problem, every row that `apply` may change or delete, parents
    first: their snapshots are what undo writes back. It is called with hundreds of problems at once
    and must not query for each. `apply(problem, now)` calls the owning app's service and returns
    the rows it created. It runs inside the caller's transaction.
    """

    action: str
    rows: Callable[[Sequence[Problem]], list[list[RowRef]]]
    apply: Callable[[Problem, datetime], list[RowRef]]


@dataclass(frozen=True)
class Check:
    """One query for problems. Without a `repair`, `by_hand` says why and what to do.

    `forbidden`: such rows break a constraint of ours. Where that constraint exists they can neither
    come in nor be written back by undo; on SQLite undo switches the constraint off.
    """

    name: str
    title: str
    reason: str
    severity: Severity
    find: Callable[[Scope], Iterable[Problem]]
    repair: Repair | None = None
    by_hand: str = ""
    forbidden: bool = False

    def __post_init__(self) -> None:
        if (self.repair is None) == (not self.by_hand):
            raise ValueError(f"{self.name}: a repair or a reason why it is mended by hand")

    @property
    def fixable(self) -> bool:
        return self.repair is not None


@dataclass(frozen=True)
class CheckResult:
    """`error` is set when the check itself failed; it then has no problems."""

    check: Check
    problems: list[Problem]
    seconds: float
    error: str = ""

    @property
    def count(self) -> int:
        return len(self.problems)
