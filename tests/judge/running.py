"""Programs run by the real runner, as the local engine starts it."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import pytest

from judge.engines.local import LocalEngine
from judge.types import CaseResult, Limits, Probe, RunAnswer, RunJob


@cache
def here() -> Probe:
    """What this machine can run, asked once."""
    return LocalEngine().probe()


def needs(language: str) -> None:
    """Skip the test where the language's tools are missing; in CI they must be there."""
    probe = here()
    status = probe.status_of(language)
    if not status.available:
        if os.environ.get("CI"):
            pytest.fail(f"{language}: {status.reason}")
        pytest.skip(f"{language}: {status.reason}")


def run(language: str, source: str, *inputs: str, **limits: Any) -> RunAnswer:
    needs(language)
    job = RunJob(language, source, inputs or ("1 2 3\n",), Limits(**{"cpu_seconds": 1.0, **limits}))
    return LocalEngine().run(job)


def run_once(language: str, source: str, text: str = "1 2 3\n", **limits: Any) -> CaseResult:
    answer = run(language, source, text, **limits)
    assert answer.outcome == "ran", answer
    return answer.cases[0]
