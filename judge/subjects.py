"""Callbacks of runs: upper apps register them, judge imports none of these apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from judge.errors import NotRepeatable

if TYPE_CHECKING:
    from judge.models import CodeRun

OnVerdict = Callable[["CodeRun"], None]


class Rerun(Protocol):
    def __call__(self, run: CodeRun, *, staff_id: int, now: datetime) -> object: ...


@dataclass(frozen=True)
class Subject:
    on_verdict: OnVerdict
    rerun: Rerun | None = None


_registered: dict[str, Subject] = {}


def register(kind: str, on_verdict: OnVerdict, rerun: Rerun | None = None) -> None:
    """Call `on_verdict(run)` when a run of this kind is done or has failed.

    It runs inside the transaction that stores the verdict, so it must only write rows, quickly.
    `rerun` queues another run for the same subject, for staff. Registering a kind twice replaces
    the functions.
    """
    _registered[kind] = Subject(on_verdict, rerun)


def tell(run: CodeRun) -> None:
    """Call the one function registered for the run's kind."""
    if subject := _registered.get(run.kind):
        subject.on_verdict(run)


def rerun(run: CodeRun, *, staff_id: int, now: datetime) -> None:
    """Have its subject run it again; raises NotRepeatable (409)."""
    subject = _registered.get(run.kind)
    if subject is None or subject.rerun is None:
        raise NotRepeatable
    subject.rerun(run, staff_id=staff_id, now=now)
