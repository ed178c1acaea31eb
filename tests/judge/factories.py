from __future__ import annotations

from typing import Any

from common import clock
from judge.models import CodeRun
from judge.services.requests import RunRequest, request_runs
from judge.specs import Case, CaseSpec, RunLimits

Priority = CodeRun.Priority


def spec_of(*cases: Case, **limits: Any) -> CaseSpec:
    """By default two hidden cases that an echo passes, worth 1 and 3."""
    echo = (Case("a\n", "a", weight=1, hidden=True), Case("b\n", "b", weight=3, hidden=True))
    return CaseSpec(cases or echo, RunLimits(**limits))


def ask(
    source: str = "print(input())",
    *,
    spec: CaseSpec | None = None,
    language: str = "python",
    kind: str = "nobody",
    priority: Priority = Priority.SCORING,
) -> CodeRun:
    """A queued run."""
    wanted = RunRequest(kind, priority, language, source, spec or spec_of())
    return request_runs([wanted], now=clock.now())[0]
